import type { Clock } from '../reconcile/ports.ts';
import type { ObservedInstance } from '../state/observed.ts';
import { createCache } from './cache.ts';

/** An instance does not change while its task lives, so it is read again only once in a while. */
export interface InstanceCache {
  /** Undefined when the registry must be read. */
  fresh(key: string): ObservedInstance | undefined;
  /** Also when it is due to be read again: for when that fails. */
  known(key: string): ObservedInstance | undefined;
  /** What is known after a read: an address that the answer lacks is the one that was known. */
  remember(key: string, instance: ObservedInstance): ObservedInstance;
}

interface Entry {
  readonly instance: ObservedInstance;
  readonly readAgainAt: number;
}

const READ_AGAIN_MS = 900_000;
/** An instance is dropped long after its task is gone. */
const FORGET_MS = 2 * READ_AGAIN_MS;
const MAX_INSTANCES = 50_000;

export function createInstanceCache(clock: Pick<Clock, 'now'>): InstanceCache {
  const entries = createCache<Entry>({ clock, ttlMs: FORGET_MS, maxEntries: MAX_INSTANCES });
  return {
    fresh(key) {
      const entry = entries.get(key);
      return entry === undefined || entry.readAgainAt <= clock.now() ? undefined : entry.instance;
    },
    known(key) {
      const entry = entries.get(key);
      if (entry !== undefined) entries.set(key, entry);
      return entry?.instance;
    },
    remember(key, told) {
      const instance = withKnown(told, entries.get(key)?.instance);
      // Without an address it is of no use, so the next pass asks again.
      const known = instance.ipv4 !== undefined || instance.ipv6 !== undefined;
      if (known) entries.set(key, { instance, readAgainAt: clock.now() + READ_AGAIN_MS });
      return instance;
    },
  };
}

function withKnown(told: ObservedInstance, known: ObservedInstance | undefined): ObservedInstance {
  if (known === undefined) return told;
  return {
    id: told.id,
    ipv4: told.ipv4 ?? known.ipv4,
    ipv6: told.ipv6 ?? known.ipv6,
    port: told.port ?? known.port,
    ec2InstanceId: told.ec2InstanceId ?? known.ec2InstanceId,
  };
}
