import type { Clock, CloudReader } from '../reconcile/ports.ts';
import type { CloudMapReadApi } from './api-cloudmap.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { createCache } from './cache.ts';
import { createInstanceCache } from './instance-cache.ts';
import { createMembership } from './list-registries.ts';
import type { NamespaceSummary } from './decode-cloudmap.ts';
import { startWholeLists } from './list-tasks.ts';
import { NAMESPACE_CACHE_MS, observeNamespaces } from './observe-cloudmap.ts';
import { createServiceMemory, readServices } from './observe-services.ts';
import {
  createTaskDefinitionMemory,
  observeTaskDefinitions,
  taskDefinitionArns,
} from './observe-task-definitions.ts';
import { observeTasks } from './observe-tasks.ts';
import { startPatience } from './patience.ts';
import type { RecentWrites } from './recent-writes.ts';
import { createShortLists } from './short-lists.ts';
import { createTaskCache } from './task-cache.ts';

export interface ReaderOptions {
  readonly ecs: EcsReadApi;
  readonly cloudMap: CloudMapReadApi;
  readonly clock: Clock;
  /** Shared with the writer, where there is one. */
  readonly writes: RecentWrites;
  /** How long an observation may wait for what AWS only tells one by one. Default: until it is all there. */
  readonly patienceMs?: number;
  /** Our own account, to tell shared namespaces; undefined when it cannot be told. */
  account(signal: AbortSignal): Promise<string | undefined>;
}

/**
 * Observes by lists and batches, so that calls grow with pages and not with targets. AWS has no list for
 * two things: tags of registries and task definitions; those cost one call each and are cached.
 */
export function createReader(options: ReaderOptions): CloudReader {
  const { clock } = options;
  const reading = {
    ...options,
    tasks: createTaskCache(clock),
    membership: createMembership(options),
    namespaces: createCache<readonly NamespaceSummary[]>({ clock, ttlMs: NAMESPACE_CACHE_MS, maxEntries: 1 }),
    ...createServiceMemory(clock),
    taskDefinitions: createTaskDefinitionMemory(clock),
    instances: createInstanceCache(clock),
    shortLists: createShortLists(clock),
    listedWhole: new Set<string>(),
  };
  return {
    async observe(scope, signal) {
      const patience = startPatience(clock, options.patienceMs, signal);
      const patient = { ...reading, patience };
      const registries = observeNamespaces(patient, scope.registries, signal);
      const started = startWholeLists(reading, signal);
      const services = await readServices(reading, scope.services, signal);
      const tasks = await observeTasks({ ...reading, started }, services, signal);
      const arns = taskDefinitionArns(services, tasks);
      const taskDefinitions = await observeTaskDefinitions(patient, arns);
      const namespaces = await registries;
      patience.end();
      return { namespaces, services, tasks, taskDefinitions };
    },
    observeServices: (services, signal) => readServices(reading, services, signal),
  };
}
