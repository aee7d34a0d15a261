import { transient } from '../errors.ts';
import type { ObservedTaskDefinition, Read } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import type { Cache } from './cache.ts';
import { decodeTaskDefinition } from './decode-task-definition.ts';
import type { ServiceReads } from './observe-services.ts';
import type { TaskReads } from './observe-tasks.ts';
import type { Patience } from './patience.ts';
import { asRead } from './read.ts';
import { fields, items } from './values.ts';

export interface TaskDefinitionReading {
  readonly ecs: Pick<EcsReadApi, 'describeTaskDefinition'>;
  /** By ARN, for ever: a revision never changes. AWS has no call for several of them. */
  readonly taskDefinitions: Cache<ObservedTaskDefinition>;
  readonly patience: Patience;
}

export async function observeTaskDefinitions(
  reading: TaskDefinitionReading,
  arns: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Read<ObservedTaskDefinition>>> {
  const reads = [...arns].map(
    async (arn) =>
      [
        arn,
        reading.patience.judge(await asRead(readTaskDefinition(reading, arn)), `task definition ${arn}`),
      ] as const,
  );
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
): Promise<ObservedTaskDefinition> {
  const known = taskDefinitions.get(arn);
  if (known !== undefined) return known;
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
  // It is remembered for ever, so it must be whole.
  if (!hasEveryContainer(decoded, taskDefinition))
    throw transient({
      reason: 'IncompleteAnswer',
      where,
      message: 'ECS DescribeTaskDefinition returned a task definition without all of its containers.',
    });
  taskDefinitions.set(arn, decoded);
  return decoded;
}

function hasEveryContainer({ containers }: ObservedTaskDefinition, raw: unknown): boolean {
  const told = items(fields(raw)['containerDefinitions']).length;
  return told > 0 && containers.length === told;
}
