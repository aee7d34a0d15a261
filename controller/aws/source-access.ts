import type { Budget } from './budget.ts';
import type { AwsClients } from './clients.ts';

/** What a source reads with. */
export interface SourceAccess {
  readonly clients: Pick<AwsClients, 's3' | 'ssm'>;
  readonly budget: Budget;
}
