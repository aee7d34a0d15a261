import { serviceKey } from '../state/keys.ts';
import type { ObservedService, Read } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { readAllPages } from './paginate.ts';
import { asRead } from './read.ts';
import { count, fields, items, text } from './values.ts';

/** An ECS service whose tasks are wanted. */
export interface WantedTasks {
  readonly key: string;
  readonly service: ObservedService;
}

/**
 * Task ARNs that one way of listing returned. A listing of a whole cluster does not say which task
 * belongs to which service; the task's group says so.
 */
export interface TaskListing {
  readonly services: readonly WantedTasks[];
  readonly wholeCluster: boolean;
  readonly arns: Read<readonly string[]>;
}

export interface ListReading {
  readonly ecs: Pick<EcsReadApi, 'listTasks'>;
  /** ARNs of the clusters that were listed whole the last time. */
  readonly listedWhole: Set<string>;
  readonly started: WholeLists;
}

/** Lists of whole clusters that are under way, by cluster ARN. */
type WholeLists = ReadonlyMap<string, Promise<TaskListing['arns']>>;

const PAGE = 100;

/** Which clusters are listed whole seldom changes, so that their lists need not wait for what the services say. */
export function startWholeLists(
  { ecs, listedWhole }: Omit<ListReading, 'started'>,
  signal: AbortSignal,
): WholeLists {
  const lists = [...listedWhole].map((cluster) => [cluster, listWhole(ecs, cluster, signal)] as const);
  listedWhole.clear();
  return new Map(lists);
}

const listWhole = (ecs: ListReading['ecs'], cluster: string, signal: AbortSignal) =>
  asRead(listPages(ecs, cluster, undefined, signal));

/** Lists the tasks of some services of one cluster with as few calls as possible. */
export async function listTasks(
  { ecs, listedWhole, started }: ListReading,
  cluster: string,
  wanted: readonly WantedTasks[],
  tasksInCluster: number | undefined,
  signal: AbortSignal,
): Promise<readonly TaskListing[]> {
  if (tasksInCluster !== undefined && isWholeClusterCheaper(tasksInCluster, wanted)) {
    listedWhole.add(cluster);
    const arns = await (started.get(cluster) ?? listWhole(ecs, cluster, signal));
    return [{ services: wanted, wholeCluster: true, arns }];
  }
  const listings = wanted.map(async (each) => ({
    services: [each],
    wholeCluster: false,
    arns: await asRead(listPages(ecs, cluster, each.service.name, signal)),
  }));
  return Promise.all(listings);
}

/** What a list of the whole cluster shows is described too, tasks of others included. */
function isWholeClusterCheaper(tasksInCluster: number, wanted: readonly WantedTasks[]): boolean {
  return 2 * pagesOf(tasksInCluster) < callsOneByOne(wanted) + pagesOf(runningOf(wanted));
}

/** Asking for the size of the cluster is a call too: it pays only where one list may replace several. */
export function isCountWorthACall(wanted: readonly WantedTasks[]): boolean {
  return 1 + pagesOf(runningOf(wanted)) < callsOneByOne(wanted);
}

function runningOf(wanted: readonly WantedTasks[]): number {
  return wanted.reduce((sum, { service }) => sum + service.runningCount, 0);
}

/** Tasks by cluster ARN and name; empty where the endpoint does not say. */
export async function countTasks(
  ecs: Pick<EcsReadApi, 'describeClusters'>,
  clusters: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (clusters.length === 0) return new Map();
  const where = `ECS clusters ${clusters.join(', ')}`;
  const read = await asRead(ecs.describeClusters({ clusters: [...clusters] }, { where, signal }));
  // Only the cost depends on the answer, so a refusal is no failure.
  if (read.kind === 'failed') return new Map();
  const counts = items(read.value.clusters).flatMap((raw) => {
    const cluster = fields(raw);
    const arn = text(cluster['clusterArn']);
    const running = count(cluster['runningTasksCount']);
    const pending = count(cluster['pendingTasksCount']) ?? 0;
    return arn === undefined || running === undefined ? [] : [[arn, running + pending] as const];
  });
  return new Map(counts);
}

function pagesOf(tasks: number): number {
  return Math.max(1, Math.ceil(tasks / PAGE));
}

function callsOneByOne(wanted: readonly WantedTasks[]): number {
  return wanted.reduce((sum, { service }) => sum + pagesOf(service.runningCount), 0);
}

function listPages(
  ecs: Pick<EcsReadApi, 'listTasks'>,
  cluster: string,
  serviceName: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const where =
    serviceName === undefined
      ? `tasks of cluster ${cluster}`
      : `tasks of ${serviceKey({ cluster, service: serviceName })}`;
  return readAllPages(where, async (nextToken) => {
    const page = await ecs.listTasks(
      {
        cluster,
        desiredStatus: 'RUNNING',
        maxResults: PAGE,
        ...(serviceName !== undefined && { serviceName }),
        ...(nextToken && { nextToken }),
      },
      { where, signal },
    );
    const arns = page.taskArns;
    return { items: arns?.every((arn) => text(arn) !== undefined) ? arns : undefined, token: page.nextToken };
  });
}
