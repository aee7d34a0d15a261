import type { Clock } from '../reconcile/ports.ts';
import { createCache } from './cache.ts';

/**
 * What costs one call each, because AWS has no list of it. It is believed for a while, and then still until it is its
 * turn to be read again.
 */
export interface AgingCache<V> {
  get(arn: string): V | undefined;
  /** Of these, those that are due to be read again; the longest due first, and no more than `most`. */
  due(arns: readonly string[], most: number): ReadonlySet<string>;
  set(arn: string, value: V, believedMs?: number): void;
  delete(arn: string): void;
}

export interface AgingCacheOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly believedMs: number;
  readonly maxEntries: number;
}

export function createAgingCache<V>({ clock, maxEntries, ...defaults }: AgingCacheOptions): AgingCache<V> {
  const entries = createCache<{ readonly value: V; readonly readAgainAt: number }>({ clock, maxEntries });
  return {
    get: (arn) => entries.get(arn)?.value,
    due(arns, most) {
      const now = clock.now();
      const overdue = arns
        .map((arn) => ({ arn, at: entries.get(arn)?.readAgainAt ?? Number.POSITIVE_INFINITY }))
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at);
      return new Set(overdue.slice(0, most).map(({ arn }) => arn));
    },
    set(arn, value, believedMs = defaults.believedMs) {
      entries.set(arn, { value, readAgainAt: clock.now() + believedMs });
    },
    delete: (arn) => entries.delete(arn),
  };
}
