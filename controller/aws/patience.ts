import { transient } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { Read } from '../state/observed.ts';
import { failed } from './read.ts';

/**
 * Bounds reads that cost one call each and may take minutes on a cold start: what is not there in time is
 * a failed read now, and what is there is cached, so that every pass gets further.
 */
export interface Patience {
  readonly signal: AbortSignal;
  /** Tells a read that ran out of time from one that failed. */
  judge<T>(read: Read<T>, what: string): Read<T>;
  end(): void;
}

export function startPatience(clock: Clock, ms: number | undefined, signal: AbortSignal): Patience {
  if (ms === undefined) return { signal, judge: (read) => read, end: () => undefined };
  const over = new AbortController();
  const ended = new AbortController();
  void clock
    .sleep(ms, AbortSignal.any([signal, ended.signal]))
    .then(() => (ended.signal.aborted ? undefined : over.abort()));
  return {
    signal: AbortSignal.any([signal, over.signal]),
    judge: (read, what) =>
      read.kind === 'failed' && read.error.reason === 'Interrupted' && !signal.aborted
        ? failed(notReadYet(what))
        : read,
    end: () => ended.abort(),
  };
}

function notReadYet(where: string) {
  return transient({
    reason: 'NotReadYet',
    where,
    message: 'AWS has no list of these, and the rate it allows was used up; the next pass reads on.',
  });
}
