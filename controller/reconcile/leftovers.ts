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
  const tasks = untold(target, observed);
  const useful = new Map(
    [...discovery.endpoints].map(([name, groups]) => [
      name,
      ofTasks(leftovers.get(name) ?? [], tasks, groups),
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
function ofTasks(
  leftovers: readonly TargetGroup[],
  tasks: ReadonlySet<string>,
  found: readonly TargetGroup[],
): readonly TargetGroup[] {
  const foundTasks = new Set(found.map(taskOf));
  const taken = new Set(found.flatMap(({ targets }) => targets));
  return leftovers.filter(
    (group) =>
      tasks.has(taskOf(group)) &&
      !foundTasks.has(taskOf(group)) &&
      !group.targets.some((address) => taken.has(address)),
  );
}

/** Ids of the tasks that ECS wants to run and of which the answers do not tell where. */
function untold(target: ScrapeTarget, { tasks, taskDefinitions }: ObservedState): ReadonlySet<string> {
  const read = tasks.get(serviceKey(target.spec.serviceRef));
  if (read?.kind !== 'complete') return new Set();
  const modeOf = ({ taskDefinitionArn }: ObservedTask): string | undefined => {
    const definition = taskDefinitions.get(taskDefinitionArn ?? '');
    return definition?.kind === 'complete' ? definition.value.networkMode : undefined;
  };
  const isUntold = (task: ObservedTask): boolean => !isEnding(task) && !isTold(task, modeOf(task));
  const vague = read.value.tasks.filter(isUntold);
  return new Set([...read.value.skipped.map(({ taskId }) => taskId), ...vague.map(({ id }) => id)]);
}

function isTold({ ipv4, ipv6, instance, networkBindings }: ObservedTask, mode: string | undefined): boolean {
  if ((ipv4 ?? ipv6) !== undefined) return true;
  const hasHost = (instance?.ipv4 ?? instance?.ipv6) !== undefined;
  return hasHost && (mode === 'host' || (mode === 'bridge' && networkBindings.length > 0));
}
