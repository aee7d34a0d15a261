import { transient } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { ObservedPortMapping, ObservedTaskDefinition, Read } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { createAgingCache } from './aging-cache.ts';
import type { AgingCache } from './aging-cache.ts';
import { decodeTaskDefinition } from './decode-task-definition.ts';
import type { ServiceReads } from './observe-services.ts';
import type { TaskReads } from './observe-tasks.ts';
import type { Patience } from './patience.ts';
import { asRead, complete } from './read.ts';
import { fields, items } from './values.ts';

export interface TaskDefinitionReading {
  readonly ecs: Pick<EcsReadApi, 'describeTaskDefinition'>;
  readonly taskDefinitions: TaskDefinitionMemory;
  readonly patience: Patience;
}

/** By ARN. A revision never changes; what can be wrong is the answer that told it. */
export type TaskDefinitionMemory = Pick<AgingCache<ObservedTaskDefinition>, 'get' | 'set'> &
  Partial<Pick<AgingCache<ObservedTaskDefinition>, 'due'>>;

const BELIEVED_MS = 3_600_000;
const MAX_TASK_DEFINITIONS = 20_000;
/** In one observation: AWS has no call for several of them. */
const READ_AGAIN = 5;

export const createTaskDefinitionMemory = (clock: Pick<Clock, 'now'>): TaskDefinitionMemory =>
  createAgingCache({ clock, believedMs: BELIEVED_MS, maxEntries: MAX_TASK_DEFINITIONS });

export async function observeTaskDefinitions(
  reading: TaskDefinitionReading,
  arns: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Read<ObservedTaskDefinition>>> {
  const due = reading.taskDefinitions.due?.([...arns], READ_AGAIN) ?? new Set();
  const reads = [...arns].map(async (arn) => {
    const known = reading.taskDefinitions.get(arn);
    if (known !== undefined && !due.has(arn)) return [arn, complete(known)] as const;
    const read = await asRead(readTaskDefinition(reading, arn, known));
    const kept = read.kind === 'failed' && known !== undefined ? complete(known) : read;
    return [arn, reading.patience.judge(kept, `task definition ${arn}`)] as const;
  });
  return new Map(await Promise.all(reads));
}

/** What services would start next, and what their tasks were started from: the two differ during a deployment. */
export function taskDefinitionArns(services: ServiceReads, tasks: TaskReads): ReadonlySet<string> {
  const arns = new Set<string | undefined>();
  for (const read of services.values()) if (read.kind === 'complete') arns.add(read.value?.taskDefinitionArn);
  for (const read of tasks.values())
    if (read.kind === 'complete') for (const task of read.value.tasks) arns.add(task.taskDefinitionArn);
  return new Set([...arns].filter((arn) => arn !== undefined));
}

async function readTaskDefinition(
  { ecs, taskDefinitions, patience }: TaskDefinitionReading,
  arn: string,
  known: ObservedTaskDefinition | undefined,
): Promise<ObservedTaskDefinition> {
  const where = `task definition ${arn}`;
  const { taskDefinition } = await ecs.describeTaskDefinition(
    { taskDefinition: arn },
    { where, signal: patience.signal },
  );
  if (taskDefinition === undefined)
    throw transient({
      reason: 'IncompleteAnswer',
      where,
      message: 'ECS DescribeTaskDefinition returned no task definition.',
    });
  const decoded = decodeTaskDefinition(arn, taskDefinition);
  if (!hasEveryContainer(decoded, taskDefinition))
    throw transient({
      reason: 'IncompleteAnswer',
      where,
      message: 'ECS DescribeTaskDefinition returned a task definition without all of its containers.',
    });
  const whole = withKnown(decoded, known);
  taskDefinitions.set(arn, whole);
  return whole;
}

/** What an answer leaves out is as it was told before: a revision never changes. */
function withKnown(
  told: ObservedTaskDefinition,
  known: ObservedTaskDefinition | undefined,
): ObservedTaskDefinition {
  const containers = told.containers.map((container) => {
    const before = known?.containers.find(({ name }) => name === container.name)?.portMappings ?? [];
    return { ...container, portMappings: portMappingsOf(container.portMappings, before) };
  });
  return { ...told, containers };
}

function portMappingsOf(
  told: readonly ObservedPortMapping[],
  known: readonly ObservedPortMapping[],
): readonly ObservedPortMapping[] {
  if (told.length < known.length) return known;
  return told.map((mapping, index) => ({
    ...mapping,
    name: mapping.name ?? known[index]?.name,
    containerPort: mapping.containerPort ?? known[index]?.containerPort,
    hostPort: mapping.hostPort ?? known[index]?.hostPort,
  }));
}

function hasEveryContainer({ containers }: ObservedTaskDefinition, raw: unknown): boolean {
  const told = items(fields(raw)['containerDefinitions']).length;
  return told > 0 && containers.length === told;
}
