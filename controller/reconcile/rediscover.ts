import { isDeepStrictEqual } from 'node:util';
import type { ScrapeTarget } from '../api/types.ts';
import { discoverTargets } from '../scrape/discover.ts';
import { serviceKey } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import { targetFilePath } from '../state/targets.ts';
import { withLeftovers, type Completed, type Leftovers } from './leftovers.ts';
import type { PublishedTargets } from './ports.ts';

/** A discovery and everything that it was made of. */
export interface RememberedDiscovery extends Completed {
  readonly ingredients: readonly unknown[];
}

/**
 * Most ScrapeTargets are from pass to pass what they were, and ten thousand targets take long to put together: what
 * would come out the same is not made again. The same discovery is the same object, so that nothing has to be rendered
 * again either.
 */
export function rediscover(
  target: ScrapeTarget,
  observed: ObservedState,
  remembered: RememberedDiscovery | undefined,
): RememberedDiscovery {
  const ingredients = ingredientsOf(target, observed);
  if (remembered !== undefined && isDeepStrictEqual(ingredients, remembered.ingredients)) return remembered;
  const discovery = discoverTargets(target, observed);
  if (remembered?.leftovers === undefined) return { ingredients, discovery };
  return { ingredients, ...withLeftovers(discovery, target, observed, remembered.leftovers) };
}

/** For the first discoveries of a process. */
export async function rediscoverFromDisk(
  targets: readonly ScrapeTarget[],
  observed: ObservedState,
  first: ReadonlyMap<string, RememberedDiscovery>,
  published: PublishedTargets,
): Promise<ReadonlyMap<string, RememberedDiscovery>> {
  const all = targets.map(async (target) => {
    const found = first.get(target.metadata.name);
    if (found === undefined) return [];
    const { ingredients, discovery } = found;
    const isWhole = discovery.kind === 'discovered' && discovery.skipped.length === 0;
    const completed = isWhole
      ? { discovery }
      : withLeftovers(discovery, target, observed, await readLeftovers(target, published));
    return [[target.metadata.name, { ingredients, ...completed }] as const];
  });
  return new Map((await Promise.all(all)).flat());
}

async function readLeftovers(
  { metadata, spec }: ScrapeTarget,
  published: PublishedTargets,
): Promise<Leftovers> {
  const files = spec.endpoints.map(async ({ name }) => {
    const groups = await published.readGroups?.(targetFilePath(metadata.name, name));
    return [name, groups ?? []] as const;
  });
  return new Map(await Promise.all(files));
}

/** All that {@link discoverTargets} reads. What did not change is mostly the same object, which makes it quick to compare. */
function ingredientsOf(target: ScrapeTarget, observed: ObservedState): readonly unknown[] {
  const { serviceRef, registry } = target.spec;
  const key = serviceKey(serviceRef);
  const tasks = observed.tasks.get(key);
  const definitions = new Set(
    tasks?.kind === 'complete' ? tasks.value.tasks.map(({ taskDefinitionArn }) => taskDefinitionArn) : [],
  );
  const namespace = observed.namespaces.get(registry.namespace);
  return [
    target,
    observed.services.get(key),
    tasks,
    namespace?.kind === 'complete' ? namespace.value?.registries.get(registry.name) : namespace,
    ...[...definitions].map((arn) => arn && observed.taskDefinitions.get(arn)),
  ];
}
