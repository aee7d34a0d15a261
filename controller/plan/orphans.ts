import type { Inventory } from '../state/inventory.ts';
import { compareText, registryKey } from '../state/keys.ts';
import type { ObservedRegistry } from '../state/observed.ts';
import type { Owned } from '../state/owned.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from './types.ts';

/** A registry of ours that no document names. */
export interface Orphan {
  readonly namespace: string;
  readonly name: string;
  readonly arn: string;
  /** The ScrapeTarget that named it last, as far as the inventory or its tag tells. */
  readonly scrapeTarget: string | null;
  /** `retained`: its document is gone and said Retain. `unknown`: it carries our owner tag, and that is all. */
  readonly state: 'retained' | 'unknown';
  /** ECS services that name it, as `cluster/service`. */
  readonly usedBy: readonly string[];
}

export interface OrphanQuestion {
  readonly owner: string;
  readonly owned: Owned;
  /** Registries that documents name. */
  readonly named: readonly { readonly namespace: string; readonly name: string }[];
  /** What exists where any of these are. */
  readonly inventory: Pick<Inventory, 'observed'>;
}

/** What exists, carries exactly our owner tag, and is named by no document. */
export function findOrphans({ owner, owned, named, inventory }: OrphanQuestion): readonly Orphan[] {
  const claimed = new Set([
    ...named.map(registryKey),
    ...owned.filter(({ state }) => state !== 'retained').map(({ registry }) => registryKey(registry)),
  ]);
  const known = new Map(owned.map((entry) => [entry.registry.arn, entry.target]));
  const users = usersByRegistry(inventory);
  return [...inventory.observed.namespaces]
    .flatMap(([namespace, read]) =>
      read.kind === 'complete'
        ? [...(read.value?.registries.values() ?? [])].map((registry) => ({ namespace, registry }))
        : [],
    )
    .filter(
      ({ namespace, registry }) =>
        tagOf(registry, OWNER_TAG) === owner && !claimed.has(registryKey({ namespace, name: registry.name })),
    )
    .map(({ namespace, registry }): Orphan => ({
      namespace,
      name: registry.name,
      arn: registry.arn,
      scrapeTarget: known.get(registry.arn) ?? tagOf(registry, SCRAPE_TARGET_TAG) ?? null,
      state: known.has(registry.arn) ? 'retained' : 'unknown',
      usedBy: users.get(registry.arn) ?? [],
    }))
    .sort((a, b) => compareText(registryKey(a), registryKey(b)));
}

const tagOf = ({ tags }: ObservedRegistry, key: string): string | undefined =>
  tags?.kind === 'complete' ? tags.value[key] : undefined;

function usersByRegistry({ observed }: OrphanQuestion['inventory']): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const [service, read] of observed.services)
    for (const { registryArn } of (read.kind === 'complete' && read.value?.serviceRegistries) || [])
      users.set(registryArn, [...(users.get(registryArn) ?? []), service].sort(compareText));
  return users;
}
