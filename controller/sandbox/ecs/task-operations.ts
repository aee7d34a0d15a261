import { describeEach, requireIds } from './clusters.ts';
import { ecsPage } from './pages.ts';
import { isFargate } from './placement.ts';
import { taskEvents } from './scheduler.ts';
import { stopTask } from './tasks.ts';
import { taskView } from './views.ts';
import { arnOf, ecsInput, invalidParameter, lastSegment, requireCluster, requireService } from './world.ts';
import type { Cluster, Task } from './model.ts';
import type { Members } from '../members.ts';
import type { EcsWorld } from './world.ts';

const TASK_ID = /^(?:[0-9a-f]{32}|[0-9a-f-]{36})$/;
const OTHER_FILTERS = ['family', 'containerInstance', 'serviceName', 'launchType'];

/** A task of this cluster; the task of another cluster is not found, which is no error. */
function findTask(cluster: Cluster, reference: string): Task | undefined {
  const id = lastSegment(reference);
  if (!TASK_ID.test(id)) throw invalidParameter('taskId length should be one of [32,36]');
  const task = cluster.tasks.get(id);
  return reference.startsWith('arn:') && task?.arn !== reference ? undefined : task;
}

const launchTypeOf = (task: Task): string =>
  isFargate(task.service) ? 'FARGATE' : (task.service.launchType ?? 'EC2');

type TaskFilter = (task: Task) => boolean;

function filtersOf(cluster: Cluster, input: Members): TaskFilter[] {
  const family = input.text('family');
  const instance = input.text('containerInstance');
  const serviceName = input.text('serviceName');
  const launchType = input.text('launchType');
  const startedBy = input.text('startedBy');
  const service = serviceName === undefined ? undefined : requireService(cluster, serviceName);
  const desired = input.text('desiredStatus', { oneOf: ['RUNNING', 'PENDING', 'STOPPED'] }) ?? 'RUNNING';
  return [
    (task) => task.desiredStatus === desired,
    ...(family === undefined ? [] : [(task: Task) => task.definition.family === family]),
    ...(instance === undefined ? [] : [(task: Task) => task.containerInstance?.id === lastSegment(instance)]),
    ...(service === undefined ? [] : [(task: Task) => task.service === service]),
    ...(launchType === undefined ? [] : [(task: Task) => launchTypeOf(task) === launchType]),
    ...(startedBy === undefined ? [] : [(task: Task) => task.deployment.id === startedBy]),
  ];
}

/** The running tasks of one service need no walk through the whole cluster. */
function candidates(cluster: Cluster, input: Members): Iterable<Task> {
  const serviceName = input.text('serviceName');
  if (serviceName === undefined || input.text('desiredStatus') === 'STOPPED') return cluster.tasks.values();
  return requireService(cluster, serviceName).tasks;
}

function listTasks(world: EcsWorld, input: Members) {
  const cluster = requireCluster(world, input.text('cluster'));
  if (input.has('startedBy') && OTHER_FILTERS.some((filter) => input.has(filter)))
    throw invalidParameter('startedBy can not be combined with another filter.');
  const filters = filtersOf(cluster, input);
  const tasks = [...candidates(cluster, input)].filter((task) => filters.every((filter) => filter(task)));
  const { items, ...next } = ecsPage(tasks, input, 100);
  return { taskArns: items.map(({ arn }) => arn), ...next };
}

export function taskOperations(world: EcsWorld) {
  return {
    ListTasks: (raw: Record<string, unknown>) => listTasks(world, ecsInput(raw)),
    DescribeTasks(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const cluster = requireCluster(world, input.text('cluster'));
      const tags = (input.texts('include') ?? []).includes('TAGS');
      const { found, failures } = describeEach(
        requireIds(input, 'tasks', 100),
        (reference) => findTask(cluster, reference),
        (task) => taskView(task, { tags }),
        (reference) => arnOf(world, `task/${cluster.name}/${reference}`),
      );
      return { tasks: found, failures };
    },
    StopTask(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const cluster = requireCluster(world, input.text('cluster'));
      const task = findTask(cluster, input.requiredText('task'));
      if (task === undefined) throw invalidParameter('The referenced task was not found.');
      const reason = input.text('reason') ?? 'Task stopped by user';
      stopTask(world, task, { code: 'UserInitiated', reason }, taskEvents(world));
      return { task: taskView(task, { tags: false }) };
    },
  };
}
