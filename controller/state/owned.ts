import type { ServiceRef } from '../api/types.ts';
import type { Attempts } from './attempts.ts';
import { compareText, registryKey, serviceKey } from './keys.ts';

/**
 * A registry with our owner tag, and the ECS service that a document wants in it. What the inventory does not hold is
 * never deleted, and a document that names another registry or service leaves its former entry behind.
 */
export interface OwnedRegistry {
  /** metadata.name of the ScrapeTarget that named it last. */
  readonly target: string;
  readonly registry: {
    readonly namespace: string;
    readonly name: string;
    readonly id: string;
    readonly arn: string;
  };
  readonly service: ServiceRef;
  /** `found`: it carried our tag before the inventory knew of it. */
  readonly origin: 'created' | 'adopted' | 'found';
  /** As the document said when it was last seen. */
  readonly deletionPolicy: 'Retain' | 'Delete';
  readonly bindingPolicy: 'Ensure' | 'Observe';
  /**
   * `retained`: the document is gone and said to leave everything. `deleting`: the document and its job in Prometheus
   * are gone, and what remains in AWS is being taken away.
   */
  readonly state: 'active' | 'retained' | 'deleting';
  /**
   * The service was told to leave the registry; this was its primary deployment then. When it names the registry all
   * the same, another deployment means that ECS rolled that back. Empty once the service was seen to have left it.
   */
  readonly unbindSent?: string;
}

export type Owned = readonly OwnedRegistry[];

/** What the controllers of one owner know together, whoever of them writes to AWS and whatever is left of its disk. */
export interface Holdings {
  readonly owned: Owned;
  /** So that none of them fights a rollback. */
  readonly attempts: Attempts;
}

export const NO_HOLDINGS: Holdings = { owned: [], attempts: new Map() };

type Place = Pick<OwnedRegistry, 'registry' | 'service'>;

export const ownedKey = ({ registry, service }: Place): string => `${registry.arn} ${serviceKey(service)}`;

/** What a document claims of it, by name. */
export const claimKey = ({
  registry,
  service,
}: {
  readonly registry: { readonly namespace: string; readonly name: string };
  readonly service: ServiceRef;
}): string => `${registryKey(registry)} ${serviceKey(service)}`;

export function sortOwned(entries: Iterable<OwnedRegistry>): Owned {
  return [...entries].sort(
    (a, b) => compareText(a.target, b.target) || compareText(ownedKey(a), ownedKey(b)),
  );
}

/** Those of which a document has said that they are to stay, whatever is stored of them. */
export function withSpared(owned: Owned, spared: ReadonlySet<string>): Owned {
  return owned.map((entry) =>
    entry.state !== 'retained' && spared.has(claimKey(entry))
      ? { ...entry, deletionPolicy: 'Retain', state: 'active' }
      : entry,
  );
}
