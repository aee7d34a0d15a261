import { transient } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { linkSignals } from '../signals.ts';
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
  const either = linkSignals(signal, over.signal);
  void clock
    .sleep(ms, linkSignals(signal, ended.signal).signal)
    .then(() => (ended.signal.aborted ? undefined : over.abort()));
  return {
    signal: either.signal,
    judge: (read, what) =>
      read.kind === 'failed' && read.error.reason === 'Interrupted' && !signal.aborted
        ? failed(notReadYet(what))
        : read,
    end() {
      ended.abort();
      either.release();
    },
  };
}

function notReadYet(where: string) {
  return transient({
    reason: 'NotReadYet',
    where,
    message: 'AWS has no list of these, and the rate it allows was used up.',
    remedy: 'Nothing to do: the next pass reads on.',
  });
}
