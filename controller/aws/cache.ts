import type { Clock } from '../reconcile/ports.ts';

/** A map whose entries expire, and which forgets the least recently written ones when it is full. */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, ttlMs?: number): void;
  delete(key: string): void;
  values(): readonly V[];
  readonly size: number;
}

export interface CacheOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Default: for ever. */
  readonly ttlMs?: number;
  readonly maxEntries: number;
}

export function createCache<V>({ clock, ttlMs, maxEntries }: CacheOptions): Cache<V> {
  const entries = new Map<string, { readonly value: V; readonly expiresAt: number }>();
  const dropExpired = (): void => {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= clock.now()) entries.delete(key);
  };
  /** Those written longest ago expire first, so that what nobody asks for any more does not stay until the cache is full. */
  const dropOldest = (): void => {
    for (const [key, { expiresAt }] of entries) {
      if (expiresAt > clock.now()) return;
      entries.delete(key);
    }
  };
  const makeRoom = (): void => {
    if (entries.size <= maxEntries) return;
    dropExpired();
    for (const key of entries.keys()) {
      if (entries.size <= maxEntries) return;
      entries.delete(key);
    }
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined || entry.expiresAt > clock.now()) return entry?.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value, ttl = ttlMs ?? Number.POSITIVE_INFINITY) {
      entries.delete(key);
      entries.set(key, { value, expiresAt: clock.now() + ttl });
      dropOldest();
      makeRoom();
    },
    delete: (key) => void entries.delete(key),
    values() {
      dropExpired();
      return [...entries.values()].map((entry) => entry.value);
    },
    get size() {
      return entries.size;
    },
  };
}
