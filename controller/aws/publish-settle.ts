import { terminal, toOperatorError } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { StoredDocument } from '../plan/publish-plan.ts';
import type { Clock } from '../reconcile/ports.ts';
import { isAmbiguous } from './errors.ts';
import type { SourceAccess } from './source-access.ts';

/** What documents are published with. */
export interface PublishAccess extends SourceAccess {
  readonly clock: Clock;
}

/** What a refusal of a conditional write means. */
export type Setback = 'conflict' | 'race' | 'final';

export interface ConditionalWrite {
  readonly where: string;
  /** Sends the write with its condition; returns the version that it made, where there is one. */
  readonly send: () => Promise<string | undefined>;
  /** Whether the destination is as this write wants it; `lost` when an answer was, so that it may be our own doing. */
  readonly landed: (lost: boolean) => Promise<boolean>;
  readonly setback: (error: OperatorError) => Setback;
}

const MAX_ATTEMPTS = 5;
const RACE_BACKOFF_MS = 200;

/**
 * A condition that fails need not be a conflict: the answer to our own first attempt may have been lost, or another
 * pipeline may have published the same. So the destination is read back before anybody is blamed.
 */
export async function settle(
  write: ConditionalWrite,
  clock: Clock,
  signal: AbortSignal,
): Promise<StoredDocument> {
  let ambiguous = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const version = await write.send();
      return { kind: 'written', ...(version !== undefined && { version }) };
    } catch (thrown) {
      const error = toOperatorError(thrown);
      const lost = isAmbiguous(error) && error.reason !== 'Interrupted';
      const setback = lost ? 'race' : write.setback(error);
      ambiguous ||= lost;
      if (setback === 'final') throw error;
      if (await write.landed(ambiguous)) return { kind: ambiguous ? 'written' : 'unchanged' };
      if (setback === 'conflict') throw conflict(write.where, error);
      if (attempt >= MAX_ATTEMPTS) throw error;
      await clock.sleep(RACE_BACKOFF_MS * 2 ** attempt, signal);
    }
  }
}

export function conflict(where: string, cause?: OperatorError): OperatorError {
  return terminal({
    reason: 'PublishConflict',
    where,
    message: 'Somebody else changed it since it was read, so it was left as it is.',
    remedy: 'Publish again: the difference is then shown against what is there now.',
    ...(cause !== undefined && { cause }),
  });
}
