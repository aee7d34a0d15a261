import type { ScrapeTarget } from '../api/types.ts';
import { isEnding } from '../scrape/discover.ts';
import { serviceKey } from '../state/keys.ts';
import type { ObservedState, ObservedTask } from '../state/observed.ts';
import type { Discovery, TargetGroup } from '../state/targets.ts';

/** Targets that an earlier process left on disk, by endpoint name. */
export type Leftovers = ReadonlyMap<string, readonly TargetGroup[]>;

export interface Completed {
  readonly discovery: Discovery;
  /** Those that are of use still; absent when there are none. */
  readonly leftovers?: Leftovers;
}

/**
 * A process that has just begun knows no task from an earlier answer. Where an answer names a task and does not tell
 * where it is, what Prometheus has on disk of this task stays until an answer tells it, or that the task is gone.
 */
export function withLeftovers(
  discovery: Discovery,
  target: ScrapeTarget,
  observed: ObservedState,
  leftovers: Leftovers,
): Completed {
  // What is unknown as a whole stays on disk as a whole.
  if (discovery.kind === 'unknown') return { discovery, leftovers };
  const stays = isUntold(target, observed);
  const useful = new Map(
    [...discovery.endpoints].map(([name, found]) => [
      name,
      without(found, leftovers.get(name) ?? []).filter((group) => stays(name, group)),
    ]),
  );
  const kept = new Set([...useful.values()].flat().map(taskOf));
  if (kept.size === 0) return { discovery };
  return {
    leftovers: useful,
    discovery: {
      kind: 'discovered',
      endpoints: new Map(
        [...discovery.endpoints].map(([name, groups]) => [name, [...groups, ...(useful.get(name) ?? [])]]),
      ),
      skipped: discovery.skipped.map(({ taskId, reason }) => ({
        taskId,
        reason: kept.has(taskId) ? `${reason}; its target on disk stays` : reason,
      })),
    },
  };
}

const taskOf = ({ labels }: TargetGroup): string => labels['taskid'] ?? '';

/** Not of a task that is found all the same, and not at an address that another task has by now. */
function without(found: readonly TargetGroup[], leftovers: readonly TargetGroup[]): readonly TargetGroup[] {
  const tasks = new Set(found.map(taskOf));
  const taken = new Set(found.flatMap(({ targets }) => targets));
  return leftovers.filter(
    (group) => !tasks.has(taskOf(group)) && !group.targets.some((address) => taken.has(address)),
  );
}

/**
 * Whether ECS wants the task of a target to run while the answers do not tell where. A revision of a task definition
 * never changes: when it lacks the name of a port that was found by it, the answer is not whole.
 */
function isUntold(
  { spec }: ScrapeTarget,
  { tasks, taskDefinitions }: ObservedState,
): (endpoint: string, group: TargetGroup) => boolean {
  const read = tasks.get(serviceKey(spec.serviceRef));
  if (read?.kind !== 'complete') return () => false;
  const skipped = new Set(read.value.skipped.map(({ taskId }) => taskId));
  const byId = new Map(read.value.tasks.map((task) => [task.id, task]));
  const named = new Set(spec.endpoints.flatMap(({ name, port }) => (port.kind === 'name' ? [name] : [])));
  return (endpoint, group) => {
    const task = byId.get(taskOf(group));
    if (task === undefined) return skipped.has(taskOf(group));
    if (isEnding(task)) return false;
    const { taskDefinitionArn } = task;
    const definition = taskDefinitions.get(taskDefinitionArn ?? '');
    const mode = definition?.kind === 'complete' ? definition.value.networkMode : undefined;
    const sameRevision = group.labels['__meta_ecs_task_definition'] === taskDefinitionArn;
    return !isTold(task, mode) || (named.has(endpoint) && sameRevision);
  };
}

function isTold({ ipv4, ipv6, instance, networkBindings }: ObservedTask, mode: string | undefined): boolean {
  if ((ipv4 ?? ipv6) !== undefined) return true;
  const hasHost = (instance?.ipv4 ?? instance?.ipv6) !== undefined;
  return hasHost && (mode === 'host' || (mode === 'bridge' && networkBindings.length > 0));
}
