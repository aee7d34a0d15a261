import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../reconcile/ports.ts';

/** Wall-clock time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  },
};

/** Time that nobody can set, from an arbitrary beginning. */
export const steadyClock: Clock = { ...systemClock, now: () => performance.now() };
