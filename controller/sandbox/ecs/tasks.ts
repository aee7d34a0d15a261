import { bindPorts, releasePorts } from './placement.ts';
import { deregister, register, reportHealthy } from './registration.ts';
import { arnOf, hex } from './world.ts';
import type {
  ContainerInstance,
  Deployment,
  NetworkInterface,
  Service,
  Tags,
  Task,
  TaskStatus,
} from './model.ts';
import type { EcsTiming } from './timing.ts';
import type { EcsWorld } from './world.ts';

/** Told of what the scheduler has to answer: a task that runs, is well, has stopped or failed. */
export type TaskEvents = (task: Task, event: 'running' | 'stopped' | 'failed') => void;

/** Where a task goes by itself, and which duration it spends before. */
const STEPS: Readonly<Partial<Record<TaskStatus, { next: TaskStatus; takes: keyof EcsTiming }>>> = {
  PROVISIONING: { next: 'PENDING', takes: 'provisioning' },
  PENDING: { next: 'ACTIVATING', takes: 'pending' },
  ACTIVATING: { next: 'RUNNING', takes: 'activating' },
  DEACTIVATING: { next: 'STOPPING', takes: 'deactivating' },
  STOPPING: { next: 'DEPROVISIONING', takes: 'stopping' },
  DEPROVISIONING: { next: 'STOPPED', takes: 'deprovisioning' },
};

export const isPending = (task: Task): boolean =>
  task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING' || task.lastStatus === 'ACTIVATING';

const hasHealthCheck = (task: Task): boolean =>
  task.definition.containers.some((container) => container.essential && container.healthCheck !== undefined);

/** Running, and healthy where the containers say how that is checked. */
export const isReady = (task: Task): boolean =>
  task.desiredStatus === 'RUNNING' &&
  task.lastStatus === 'RUNNING' &&
  (!hasHealthCheck(task) || task.health === 'HEALTHY');

function changed(world: EcsWorld, task: Task): void {
  task.version += 1;
  for (const watcher of world.watchers) watcher(task);
}

function becomeHealthy(world: EcsWorld, task: Task): void {
  if (hasHealthCheck(task)) {
    task.health = 'HEALTHY';
    changed(world, task);
  }
  reportHealthy(world, task);
}

function enterRunning(world: EcsWorld, task: Task, tell: TaskEvents): void {
  task.startedAt = world.context.clock.now();
  if (!hasHealthCheck(task)) {
    becomeHealthy(world, task);
    tell(task, 'running');
    return;
  }
  world.context.clock.schedule(world.timing.healthCheck, () => {
    if (task.desiredStatus !== 'RUNNING' || task.health === 'UNHEALTHY') return;
    becomeHealthy(world, task);
    tell(task, 'running');
  });
}

function enterStopped(world: EcsWorld, task: Task, tell: TaskEvents): void {
  const { containerInstance, networkInterface } = task;
  task.stoppedAt = world.context.clock.now();
  if (networkInterface !== undefined) world.addresses.release(networkInterface.privateIp);
  if (containerInstance !== undefined) {
    releasePorts(task.bindings, containerInstance);
    containerInstance.taskCount -= 1;
  }
  task.service.tasks.delete(task);
  world.context.clock.schedule(world.timing.retention, () => task.cluster.tasks.delete(task.id));
  tell(task, 'stopped');
}

/** Now when there is no lag, so that callers see the effect in the same instant. */
function after(world: EcsWorld, delay: number, action: () => void): void {
  if (delay === 0) action();
  else world.context.clock.schedule(delay, action);
}

function onEntering(world: EcsWorld, task: Task, tell: TaskEvents): void {
  switch (task.lastStatus) {
    case 'ACTIVATING':
      after(world, world.timing.registration, () => {
        if (task.desiredStatus !== 'RUNNING') return;
        register(world, task);
        if (isReady(task)) reportHealthy(world, task);
      });
      return;
    case 'RUNNING':
      enterRunning(world, task, tell);
      return;
    case 'DEACTIVATING':
      after(world, world.timing.deregistration, () => deregister(world, task));
      return;
    case 'STOPPED':
      enterStopped(world, task, tell);
      return;
    case 'PROVISIONING':
    case 'PENDING':
    case 'STOPPING':
    case 'DEPROVISIONING':
      return;
  }
}

function enter(world: EcsWorld, task: Task, status: TaskStatus, tell: TaskEvents): void {
  task.lastStatus = status;
  changed(world, task);
  onEntering(world, task, tell);
  const step = STEPS[status];
  if (step === undefined) return;
  world.context.clock.schedule(world.timing[step.takes], () => {
    if (task.lastStatus === status) proceed(world, task, step.next, tell);
  });
}

function proceed(world: EcsWorld, task: Task, status: TaskStatus, tell: TaskEvents): void {
  if (status !== 'RUNNING' || !world.crashes(task)) {
    enter(world, task, status, tell);
    return;
  }
  stopTask(
    world,
    task,
    { code: 'EssentialContainerExited', reason: 'Essential container in task exited' },
    tell,
  );
  tell(task, 'failed');
}

/** Asks a task to stop; it leaves Cloud Map and its addresses on the way. */
export function stopTask(
  world: EcsWorld,
  task: Task,
  stop: { readonly code: string; readonly reason: string },
  tell: TaskEvents,
): void {
  if (task.desiredStatus === 'STOPPED') return;
  task.desiredStatus = 'STOPPED';
  task.stoppingAt = world.context.clock.now();
  task.stopCode = stop.code;
  task.stoppedReason = stop.reason;
  enter(world, task, 'DEACTIVATING', tell);
}

function networkInterface(world: EcsWorld, service: Service, index: number): NetworkInterface {
  const subnets = service.awsvpc?.subnets ?? [];
  return {
    attachmentId: `${hex(world, 8)}-${hex(world, 4)}-${hex(world, 4)}-${hex(world, 4)}-${hex(world, 12)}`,
    interfaceId: `eni-${hex(world, 17)}`,
    subnet: subnets[index % Math.max(1, subnets.length)] ?? 'subnet-00000000000000001',
    mac: `0a:${Array.from({ length: 5 }, () => hex(world, 2)).join(':')}`,
    privateIp: world.addresses.take(),
  };
}

function taskTags(service: Service, deployment: Deployment): Tags {
  const source =
    service.propagateTags === 'SERVICE'
      ? service.tags
      : service.propagateTags === 'TASK_DEFINITION'
        ? deployment.revision.taskDefinition.tags
        : [];
  const managed: [string, string][] = service.managedTags
    ? [
        ['aws:ecs:clusterName', service.cluster.name],
        ['aws:ecs:serviceName', service.name],
      ]
    : [];
  return new Map([...source, ...managed]);
}

export interface TaskPlace {
  readonly containerInstance: ContainerInstance | undefined;
}

function newTask(world: EcsWorld, service: Service, deployment: Deployment, place: TaskPlace): Task {
  const { containerInstance } = place;
  const definition = deployment.revision.taskDefinition;
  const id = hex(world, 32);
  const index = service.tasks.size;
  return {
    order: world.nextOrder(),
    id,
    arn: arnOf(world, `task/${service.cluster.name}/${id}`),
    cluster: service.cluster,
    service,
    deployment,
    definition,
    containerInstance,
    networkInterface:
      definition.networkMode === 'awsvpc' ? networkInterface(world, service, index) : undefined,
    availabilityZone:
      containerInstance?.availabilityZone ?? `${world.context.region}${index % 2 === 0 ? 'a' : 'b'}`,
    bindings: containerInstance === undefined ? [] : bindPorts(definition, containerInstance),
    createdAt: world.context.clock.now(),
    tags: taskTags(service, deployment),
    version: 0,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    health: 'UNKNOWN',
    startedAt: undefined,
    stoppingAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    registeredIn: undefined,
  };
}

/** Starts a task of a deployment; `running` skips the way there, for a world that begins in a steady state. */
export function startTask(
  world: EcsWorld,
  service: Service,
  deployment: Deployment,
  place: TaskPlace & { readonly running?: boolean },
  tell: TaskEvents,
): Task {
  const task = newTask(world, service, deployment, place);
  service.tasks.add(task);
  service.cluster.tasks.set(task.id, task);
  if (place.containerInstance !== undefined) place.containerInstance.taskCount += 1;
  if (place.running !== true) {
    enter(world, task, 'PROVISIONING', tell);
    return task;
  }
  register(world, task);
  task.lastStatus = 'RUNNING';
  task.startedAt = world.context.clock.now();
  if (hasHealthCheck(task)) task.health = 'HEALTHY';
  reportHealthy(world, task);
  changed(world, task);
  return task;
}

/** A container health check that fails: ECS replaces the task. */
export function failHealthCheck(world: EcsWorld, task: Task, tell: TaskEvents): void {
  task.health = 'UNHEALTHY';
  const reason = 'Task failed container health checks';
  stopTask(world, task, { code: 'ServiceSchedulerInitiated', reason }, tell);
  tell(task, 'failed');
}
