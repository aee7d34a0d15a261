import { formatError, toOperatorError } from '../errors.ts';
import { linkSignals } from '../signals.ts';
import type { Clock, LeaseRecord, LeaseStore, Logger, StoredLease } from './ports.ts';

export interface LeaseTiming {
  /** Others take over when they have seen no sign of life for so long. */
  readonly durationMs: number;
  /** The holder stops writing when its last sign of life that got through began so long ago. */
  readonly renewDeadlineMs: number;
  /** Between two signs of life of the holder. */
  readonly renewEveryMs: number;
  /** Between two looks of those who wait, and after a failure. */
  readonly retryMs: number;
}

/** The times of Kubernetes controllers; a sign of life every five seconds leaves two more tries until the deadline. */
export const LEASE_TIMING: LeaseTiming = {
  durationMs: 15_000,
  renewDeadlineMs: 10_000,
  renewEveryMs: 5_000,
  retryMs: 2_000,
};

export interface LeasePorts {
  readonly store: LeaseStore;
  /** Of time that passes evenly: a clock that somebody sets would make two holders. */
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when the lease was gained or lost. */
  readonly onChange: () => void;
}

export interface Lease {
  /** Whether this process may write at this moment. Ask right before every write. */
  readonly holds: () => boolean;
  /** Competes for the lease until the signal aborts. */
  readonly compete: (signal: AbortSignal) => Promise<void>;
  /** Gives the lease back, so that the next one need not wait; call it when nothing is written any more. */
  readonly release: () => Promise<void>;
}

/** How somebody else's lease was last seen, and when it was first seen like that. */
interface Sight {
  readonly version: string;
  readonly since: number;
}

/**
 * Times are taken so that no two processes hold the lease at once, as long as their clocks run about equally fast:
 * the holder counts from before its write was sent, those who wait from after they saw it.
 */
export function createLease(
  identity: string,
  { store, clock, logger, onChange }: LeasePorts,
  timing: LeaseTiming = LEASE_TIMING,
): Lease {
  let heldFrom = -Infinity;
  let heldUntil = -Infinity;
  /** The lease as it is stored, while that is known to be ours. */
  let own: StoredLease | undefined;
  let sight: Sight | undefined;
  let told = false;
  /** The last failure that goes on until somebody does something. */
  let failure = '';

  const holds = (): boolean => {
    const now = clock.now();
    return heldFrom <= now && now < heldUntil;
  };

  const tell = (): void => {
    const now = holds();
    if (now === told) return;
    told = now;
    const where = { lease: store.uri, identity, ...(own && { epoch: own.record.epoch }) };
    if (now) logger.info('Lease gained: this controller writes to AWS now', where);
    else
      logger.warn(
        'Lease lost: this controller no longer writes to AWS, and goes on feeding its Prometheus',
        where,
      );
    onChange();
  };

  /** Times without an answer pass; what passes by nobody's help is told once. */
  const tellFailure = (thrown: unknown): void => {
    const error = toOperatorError(thrown);
    const text = formatError(error);
    const level = error.family === 'terminal' && text !== failure ? 'warn' : 'debug';
    if (error.family === 'terminal') failure = text;
    logger[level]('Lease not reached', { lease: store.uri, error: text });
  };

  const place = async (
    record: LeaseRecord,
    replaced: string | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    const startedAt = clock.now();
    own = undefined;
    const version = await inTime((limited) => store.write(record, replaced, limited), signal);
    if (version === undefined) return;
    own = { record, version };
    heldUntil = startedAt + timing.renewDeadlineMs;
    failure = '';
    tell();
  };

  /** A lease that is not there may have been deleted under a holder who does not know yet. */
  const create = (signal: AbortSignal): Promise<void> => {
    heldFrom = clock.now() + timing.durationMs;
    return place({ holder: identity, epoch: 1, renewals: 0 }, undefined, signal);
  };

  const renew = ({ record, version }: StoredLease, signal: AbortSignal): Promise<void> =>
    place({ ...record, renewals: record.renewals + 1 }, version, signal);

  /** Looks whose lease it is, and takes it when it is nobody's. */
  const lookAndTake = async (signal: AbortSignal): Promise<void> => {
    const found = await inTime((limited) => store.read(limited), signal);
    if (found === undefined) return create(signal);
    const { record, version } = found;
    // Of a write that went through, only the answer may have been lost.
    if (record.holder === identity) return renew(found, signal);
    heldUntil = -Infinity;
    const now = clock.now();
    if (sight?.version !== version) sight = { version, since: now };
    if (record.holder !== '' && now - sight.since < timing.durationMs) return;
    heldFrom = -Infinity;
    await place({ holder: identity, epoch: record.epoch + 1, renewals: 0 }, version, signal);
  };

  const inTime = <T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> =>
    withTimeout(call, timing.retryMs, clock, signal);

  return {
    holds,
    async compete(signal) {
      while (!signal.aborted) {
        try {
          await (own === undefined ? lookAndTake(signal) : renew(own, signal));
        } catch (thrown) {
          if (!signal.aborted) tellFailure(thrown);
        }
        tell();
        await clock.sleep(own === undefined ? timing.retryMs : timing.renewEveryMs, signal);
        tell();
      }
    },
    async release() {
      const last = own;
      heldUntil = -Infinity;
      own = undefined;
      if (last === undefined) return;
      try {
        const record = { ...last.record, holder: '' };
        await inTime((signal) => store.write(record, last.version, signal), new AbortController().signal);
      } catch (thrown) {
        logger.debug('Lease not given back: it ends by itself', { lease: store.uri, error: String(thrown) });
      }
    },
  };
}

/** Waits no longer than `ms`, also for a call that does not heed its signal. */
async function withTimeout<T>(
  call: (signal: AbortSignal) => Promise<T>,
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const late = new AbortController();
  const limited = linkSignals(signal, late.signal);
  const ended = new Promise<never>((_, reject) => {
    limited.signal.addEventListener('abort', () => reject(limited.signal.reason), { once: true });
  });
  void clock.sleep(ms, over.signal).then(() => late.abort(new Error(`No answer within ${ms} ms.`)));
  try {
    return await Promise.race([call(limited.signal), ended]);
  } finally {
    over.abort();
    limited.release();
  }
}
