import type { ObservedTask, ObservedTasks, Read, SkippedTask } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { describeTasks } from './describe-tasks.ts';
import type { DescribedTask } from './describe-tasks.ts';
import { joinInstances } from './join-instances.ts';
import type { InstanceReading } from './join-instances.ts';
import { countTasks, isCountWorthACall, listTasks } from './list-tasks.ts';
import type { TaskListing, WantedTasks } from './list-tasks.ts';
import type { ServiceReads } from './observe-services.ts';
import { asRead, complete, failed } from './read.ts';
import type { TaskCache } from './task-cache.ts';

export interface TaskReading extends InstanceReading {
  readonly ecs: Pick<EcsReadApi, 'describeClusters' | 'listTasks' | 'describeTasks'>;
  readonly tasks: TaskCache;
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
  const listings = await listTasks(reading.ecs, cluster, wanted, tasksInCluster, signal);
  const arns = listings.flatMap(({ arns: read }) => (read.kind === 'complete' ? read.value : []));
  const described = await describeTasks(reading, cluster, arns, signal);
  const entries = listings.flatMap((listing) =>
    listing.services.map(async ({ key, service }): Promise<Entry> => {
      const joined = tasksOf(listing, service.name, described);
      if (joined.kind === 'failed') return [key, joined];
      const tasks = await asRead(joinInstances(reading, service, joined.value.tasks, signal));
      return [key, tasks.kind === 'failed' ? tasks : complete({ ...joined.value, tasks: tasks.value })];
    }),
  );
  return Promise.all(entries);
}

/**
 * The tasks of one service out of a listing. One task that could not be described makes the read of its
 * service fail, and of every service of a whole-cluster listing, because nothing says whose it is.
 */
function tasksOf(
  { arns, wholeCluster }: TaskListing,
  serviceName: string,
  described: ReadonlyMap<string, DescribedTask>,
): Read<ObservedTasks> {
  if (arns.kind === 'failed') return arns;
  const group = `service:${serviceName}`;
  const belongs = (found: string | undefined): boolean =>
    found === group || (found === undefined && !wholeCluster);
  const tasks: ObservedTask[] = [];
  const skipped: SkippedTask[] = [];
  for (const arn of arns.value) {
    const found = described.get(arn);
    if (found?.kind === 'failed') return failed(found.error);
    if (found?.kind === 'task' && belongs(found.task.group)) tasks.push(found.task);
    if (found?.kind === 'skipped' && belongs(found.group)) skipped.push(found.skipped);
  }
  return complete({ tasks, skipped });
}
