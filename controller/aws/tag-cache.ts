import type { Clock } from '../reconcile/ports.ts';
import { createCache } from './cache.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * All tags of registries by ARN. Nobody but us should change them, and each read costs one call, because AWS has no
 * list of them. So they are believed for a while, and then still until it is their turn to be read again.
 */
export interface TagCache {
  get(arn: string): Tags | undefined;
  /** Of these registries, those that are due to be read again; the longest due first, and no more than `most`. */
  due(arns: readonly string[], most: number): ReadonlySet<string>;
  set(arn: string, tags: Tags, believedMs?: number): void;
  delete(arn: string): void;
}

interface Entry {
  readonly tags: Tags;
  readonly readAgainAt: number;
}

const BELIEVED_MS = 600_000;
const MAX_REGISTRIES = 20_000;

export function createTagCache(clock: Pick<Clock, 'now'>): TagCache {
  const entries = createCache<Entry>({ clock, maxEntries: MAX_REGISTRIES });
  return {
    get: (arn) => entries.get(arn)?.tags,
    due(arns, most) {
      const now = clock.now();
      const overdue = arns
        .map((arn) => ({ arn, at: entries.get(arn)?.readAgainAt ?? Number.POSITIVE_INFINITY }))
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at);
      return new Set(overdue.slice(0, most).map(({ arn }) => arn));
    },
    set(arn, tags, believedMs = BELIEVED_MS) {
      entries.set(arn, { tags, readAgainAt: clock.now() + believedMs });
    },
    delete: (arn) => entries.delete(arn),
  };
}
