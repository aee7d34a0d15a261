import { transient } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { createCache } from './cache.ts';

/**
 * AWS counts in one answer what it lists in another, so that a list that lost its next page can be told from one that
 * is short. Counts lag behind by some seconds: a list that stays short for longer is believed.
 */
export interface ShortLists {
  /** Throws while a list may lack something. */
  requireWhole(where: string, listed: number, counted: number): void;
}

const BELIEVED_AFTER_MS = 60_000;
/** Longer than any two reads are apart. */
const FORGET_MS = 3_600_000;
const MAX_LISTS = 10_000;

export function createShortLists(clock: Pick<Clock, 'now'>): ShortLists {
  const shortSince = createCache<number>({ clock, ttlMs: FORGET_MS, maxEntries: MAX_LISTS });
  return {
    requireWhole(where, listed, counted) {
      if (listed >= counted) {
        shortSince.delete(where);
        return;
      }
      const since = shortSince.get(where) ?? clock.now();
      shortSince.set(where, since);
      if (clock.now() - since < BELIEVED_AFTER_MS) throw tooShort(where, listed, counted);
    },
  };
}

function tooShort(where: string, listed: number, counted: number) {
  return transient({
    reason: 'ShortList',
    where,
    message: `AWS listed ${listed} of them but counts ${counted}, so that some may be missing from the list.`,
    remedy: `It is read again in the next pass, and believed when it stays so for ${BELIEVED_AFTER_MS / 1000} s.`,
  });
}
