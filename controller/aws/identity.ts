import type { Budget } from './budget.ts';
import type { AwsClients } from './clients.ts';
import { asRead } from './read.ts';

export interface Identity {
  readonly account: string;
  readonly region: string;
}

/**
 * Whose account and region this is; asked once. Undefined where the endpoint has no STS or credentials
 * are refused: nothing depends on it but messages and the recognition of shared namespaces, and the
 * calls that matter tell the reason themselves.
 */
export function identityReader(
  clients: AwsClients,
  budget: Budget,
): (signal: AbortSignal) => Promise<Identity | undefined> {
  let known: Identity | undefined;
  return async (signal) => {
    const read = known === undefined ? await asRead(readIdentity(clients, budget, signal)) : undefined;
    if (read?.kind === 'complete') known = read.value;
    return known;
  };
}

async function readIdentity(
  clients: AwsClients,
  budget: Budget,
  signal: AbortSignal,
): Promise<Identity | undefined> {
  const client = await clients.sts();
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const context = { where: 'the AWS account', signal };
  const { Account } = await budget.call('sts:GetCallerIdentity', context, (options) =>
    client.send(new GetCallerIdentityCommand({}), options),
  );
  return Account === undefined ? undefined : { account: Account, region: await clients.region() };
}
