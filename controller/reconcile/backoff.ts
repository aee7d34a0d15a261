import { waiting, type OperatorError } from '../errors.ts';
import type { ChangeOutcome } from '../status/types.ts';

/** Why the changes of one ScrapeTarget are not tried again yet. */
export interface Backoff {
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Another version of the document is tried at once. */
  readonly specHash: string;
  readonly error: OperatorError;
}

const FIRST_MS = 1000;
const LONGEST_MS = 15 * 60_000;

/**
 * After the outcomes of one ScrapeTarget: the next step of its backoff, or undefined when it has none any more.
 * A call that failed in passing waits about 1 s, 2 s, 4 s … 15 min; what only a person can mend waits 15 min at once.
 * Waits are spread by a quarter, so that what failed together is not tried together.
 */
export function nextBackoff(
  previous: Backoff | undefined,
  outcomes: readonly ChangeOutcome[],
  specHash: string,
  now: number,
  random: number,
): Backoff | undefined {
  const failed = outcomes.flatMap(({ result }) =>
    result.kind === 'failed' && result.error.family !== 'waiting' ? [result.error] : [],
  );
  const error = failed.find(({ family }) => family === 'terminal') ?? failed[0];
  if (error === undefined) {
    const tried = outcomes.some(({ result }) => result.kind === 'applied' || result.kind === 'unchanged');
    return tried || previous?.specHash !== specHash ? undefined : previous;
  }
  const failures = previous?.specHash === specHash ? previous.failures + 1 : 1;
  const wait =
    error.family === 'terminal' ? LONGEST_MS : Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return { failures, until: now + wait * (0.75 + 0.25 * random), specHash, error };
}

/** Whether the changes of this version of the document have to wait still. */
export function isBackingOff(
  backoff: Backoff | undefined,
  specHash: string,
  now: number,
): backoff is Backoff {
  return backoff !== undefined && backoff.specHash === specHash && now < backoff.until;
}

/** The error of a change that is held back: the first cause, and when it is tried again. */
export function heldBack({ failures, until, error }: Backoff): OperatorError {
  const times = failures === 1 ? 'once' : `${failures} times`;
  return waiting({
    reason: error.reason,
    message: `${error.message} It failed ${times} and is tried again at ${new Date(until).toISOString()}.`,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.where === undefined ? {} : { where: error.where }),
    cause: error,
  });
}
