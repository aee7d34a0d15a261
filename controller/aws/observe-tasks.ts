import { transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { serviceKey } from '../state/keys.ts';
import type { ObservedService, ObservedTask, ObservedTasks, Read, SkippedTask } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { describeTasks } from './describe-tasks.ts';
import type { DescribedTask } from './describe-tasks.ts';
import { joinInstances } from './join-instances.ts';
import type { InstanceReading } from './join-instances.ts';
import { countTasks, isCountWorthACall, listTasks } from './list-tasks.ts';
import type { ListReading, TaskListing, WantedTasks } from './list-tasks.ts';
import type { ServiceReads } from './observe-services.ts';
import { asRead, complete, failed } from './read.ts';
import type { ShortLists } from './short-lists.ts';
import type { TaskCache } from './task-cache.ts';

export interface TaskReading extends InstanceReading, ListReading {
  readonly ecs: Pick<EcsReadApi, 'describeClusters' | 'listTasks' | 'describeTasks'>;
  readonly tasks: TaskCache;
  readonly shortLists: ShortLists;
}

export type TaskReads = ReadonlyMap<string, Read<ObservedTasks>>;

const NO_TASKS: ObservedTasks = { tasks: [], skipped: [] };

/** The tasks of all services that could be read; a service that is gone has none, one that could not be read is unknown. */
export async function observeTasks(
  reading: TaskReading,
  services: ServiceReads,
  signal: AbortSignal,
): Promise<TaskReads> {
  const reads = new Map<string, Read<ObservedTasks>>();
  const wanted = new Map<string, WantedTasks[]>();
  for (const [key, read] of services) {
    if (read.kind === 'failed') reads.set(key, read);
    else if (read.value === undefined) reads.set(key, complete(NO_TASKS));
    else {
      const cluster = read.value.clusterArn;
      wanted.set(cluster, [...(wanted.get(cluster) ?? []), { key, service: read.value }]);
    }
  }
  for (const [key, read] of await readClusters(reading, wanted, signal)) reads.set(key, read);
  return reads;
}

type Entry = readonly [string, Read<ObservedTasks>];

async function readClusters(
  reading: TaskReading,
  wanted: ReadonlyMap<string, readonly WantedTasks[]>,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const worth = [...wanted].filter(([, ofCluster]) => isCountWorthACall(ofCluster)).map(([arn]) => arn);
  const counts = await countTasks(reading.ecs, worth, signal);
  const clusters = [...wanted].map(([cluster, ofCluster]) =>
    readCluster(reading, cluster, ofCluster, counts.get(cluster), signal),
  );
  return (await Promise.all(clusters)).flat();
}

async function readCluster(
  reading: TaskReading,
  cluster: string,
  wanted: readonly WantedTasks[],
  tasksInCluster: number | undefined,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const listings = await listTasks(reading, cluster, wanted, tasksInCluster, signal);
  const arns = listings.flatMap(({ arns: read }) => (read.kind === 'complete' ? read.value : []));
  const described = await describeTasks(reading, cluster, arns, signal);
  const entries = listings.flatMap((listing) => {
    const sorted = sortByService(listing, described);
    return listing.services.map(async ({ key, service }): Promise<Entry> => {
      if (sorted.kind === 'failed') return [key, sorted];
      const found = sorted.value.get(groupOf(service.name)) ?? NO_TASKS;
      return [key, await asRead(completeTasks(reading, service, found, signal))];
    });
  });
  return Promise.all(entries);
}

/** ECS lists what is to run, also before it runs, so that fewer than both counts say is too few. */
async function completeTasks(
  reading: TaskReading,
  service: ObservedService,
  { tasks, skipped }: ObservedTasks,
  signal: AbortSignal,
): Promise<ObservedTasks> {
  const { clusterName, name, desiredCount, runningCount } = service;
  const where = `tasks of ${serviceKey({ cluster: clusterName, service: name })}`;
  const listed = tasks.length + skipped.length;
  reading.shortLists.requireWhole(where, listed, Math.min(desiredCount, runningCount));
  return { tasks: await joinInstances(reading, service, tasks, signal), skipped };
}

/** How ECS marks the tasks of a service. */
const groupOf = (serviceName: string): string => `service:${serviceName}`;

interface MutableTasks {
  readonly tasks: ObservedTask[];
  readonly skipped: SkippedTask[];
}

/**
 * The tasks of a listing by group. One task that could not be described, or whose group is not told, makes it fail: in
 * a listing of a whole cluster nothing says whose it is. A task without a group belongs to the service it was listed for.
 */
function sortByService(
  { arns, services, wholeCluster }: TaskListing,
  described: ReadonlyMap<string, DescribedTask>,
): Read<ReadonlyMap<string, ObservedTasks>> {
  if (arns.kind === 'failed') return arns;
  const listedFor = wholeCluster ? undefined : services[0]?.service.name;
  const wanted = new Map<string, MutableTasks>(
    services.map(({ service }) => [groupOf(service.name), { tasks: [], skipped: [] }]),
  );
  for (const arn of new Set(arns.value)) {
    const found = described.get(arn);
    if (found?.kind === 'failed') return failed(found.error);
    if (wholeCluster && found?.kind === 'task' && found.task.group === undefined)
      return failed(withoutGroup(found.task));
    const group = found?.kind === 'task' ? found.task.group : found?.group;
    const home = wanted.get(group ?? (listedFor === undefined ? '' : groupOf(listedFor)));
    if (found?.kind === 'task') home?.tasks.push(found.task);
    if (found?.kind === 'skipped') home?.skipped.push(found.skipped);
  }
  return complete(wanted);
}

function withoutGroup({ id }: ObservedTask): OperatorError {
  return transient({
    reason: 'IncompleteAnswer',
    where: `task ${id}`,
    message: 'ECS DescribeTasks did not tell the group of this task, which says whose it is.',
  });
}
