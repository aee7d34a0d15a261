import { isDeepStrictEqual } from 'node:util';
import type { ScrapeTarget } from '../api/types.ts';
import { discoverTargets } from '../scrape/discover.ts';
import { serviceKey } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import type { Discovery } from '../state/targets.ts';

/** A discovery and everything that it was made of. */
export interface RememberedDiscovery {
  readonly ingredients: readonly unknown[];
  readonly discovery: Discovery;
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
  return { ingredients, discovery: discoverTargets(target, observed) };
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
