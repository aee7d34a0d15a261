import { transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { lastSegment } from '../state/keys.ts';
import type { ObservedTask, SkippedTask } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { decodeTask } from './decode-task.ts';
import { batches } from './paginate.ts';
import { asRead } from './read.ts';
import { TASKS_IN_A_CALL } from './task-cache.ts';
import type { TaskCache } from './task-cache.ts';
import { fields, items, text } from './values.ts';
import type { Fields } from './values.ts';

/** What is known of one listed task after describing. */
export type DescribedTask =
  | { readonly kind: 'task'; readonly task: ObservedTask }
  | { readonly kind: 'skipped'; readonly skipped: SkippedTask; readonly group: string | undefined }
  | { readonly kind: 'failed'; readonly error: OperatorError };

/** Describes the tasks of one cluster that are not known as settled, in hundreds. The result has every ARN. */
export async function describeTasks(
  reading: { readonly ecs: Pick<EcsReadApi, 'describeTasks'>; readonly tasks: TaskCache },
  cluster: string,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DescribedTask>> {
  const described = new Map<string, DescribedTask>();
  const unique = [...new Set(arns)];
  const due = reading.tasks.due(unique);
  const asked = new Set(due);
  for (const arn of unique) {
    const task = asked.has(arn) ? undefined : reading.tasks.get(arn);
    if (task !== undefined) described.set(arn, { kind: 'task', task });
  }
  const answers = await Promise.all(
    batches(due, TASKS_IN_A_CALL).map((batch) => describeBatch(reading, cluster, batch, signal)),
  );
  for (const [arn, task] of answers.flat()) described.set(arn, task);
  return described;
}

type Entry = readonly [string, DescribedTask];

async function describeBatch(
  { ecs, tasks }: { readonly ecs: Pick<EcsReadApi, 'describeTasks'>; readonly tasks: TaskCache },
  cluster: string,
  batch: readonly string[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const where = `${batch.length} tasks of cluster ${lastSegment(cluster)}`;
  const read = await asRead(ecs.describeTasks({ cluster, tasks: [...batch] }, { where, signal }));
  if (read.kind === 'failed')
    return batch.map((arn) => [arn, lastKnown(tasks, arn) ?? { kind: 'failed', error: read.error }]);
  const answered = new Map<string, DescribedTask>();
  for (const raw of items(read.value.tasks)) {
    const decoded = decodeTask(raw);
    if (decoded.kind === 'task') {
      const task = tasks.remember(withKnown(decoded.task, tasks.get(decoded.task.arn)));
      answered.set(task.arn, { kind: 'task', task });
    } else if (decoded.arn !== undefined) answered.set(decoded.arn, lastKnown(tasks, decoded.arn) ?? decoded);
  }
  const failures = items(read.value.failures).map(fields);
  return batch.map((arn) => [arn, answered.get(arn) ?? lastKnown(tasks, arn) ?? undescribed(arn, failures)]);
}

/** A listed task is wanted by ECS, so what was known of it still holds when it cannot be described right now. */
function lastKnown(tasks: TaskCache, arn: string): DescribedTask | undefined {
  const task = tasks.keep(arn);
  return task === undefined ? undefined : { kind: 'task', task };
}

/** What a task has it has for life: an answer that lacks it is incomplete, and takes nothing away. */
function withKnown(task: ObservedTask, known: ObservedTask | undefined): ObservedTask {
  if (known === undefined) return task;
  return {
    ...task,
    group: task.group ?? known.group,
    taskDefinitionArn: task.taskDefinitionArn ?? known.taskDefinitionArn,
    containerInstanceArn: task.containerInstanceArn ?? known.containerInstanceArn,
    ipv4: task.ipv4 ?? known.ipv4,
    ipv6: task.ipv6 ?? known.ipv6,
    networkBindings: task.networkBindings.length > 0 ? task.networkBindings : known.networkBindings,
  };
}

function undescribed(arn: string, failures: readonly Fields[]): DescribedTask {
  const id = lastSegment(arn);
  const failure = failures.find((each) => lastSegment(text(each['arn']) ?? '') === id);
  if (failure?.['reason'] === 'MISSING') {
    const reason = 'ECS listed the task but no longer knows it: it has just stopped, or just started.';
    return { kind: 'skipped', skipped: { taskId: id, reason }, group: undefined };
  }
  return {
    kind: 'failed',
    error: transient({
      reason: 'IncompleteAnswer',
      where: `task ${id}`,
      message: `ECS DescribeTasks did not describe this task: ${text(failure?.['reason']) ?? 'it is missing from the answer'}.`,
    }),
  };
}
