import { addEvent, completeDeployment, finishRecord, noteFailure, primaryOf } from './deployments.ts';
import { fits, instancesFor, isFargate, leastLoaded } from './placement.ts';
import { isReady, startTask, stopTask } from './tasks.ts';
import type { Deployment, Service, Task } from './model.ts';
import type { TaskEvents, TaskPlace } from './tasks.ts';
import type { EcsWorld } from './world.ts';

/**
 * The service scheduler: looks at what a service should run and what it runs, and starts and stops tasks to bring
 * the two together. It is level-triggered: every change of a service or a task asks it to look again.
 */

const alive = (service: Service): Task[] =>
  [...service.tasks].filter((task) => task.desiredStatus === 'RUNNING');

/** How many tasks the service should run now. */
export function desiredCountOf(service: Service): number {
  if (service.status !== 'ACTIVE') return 0;
  return service.schedulingStrategy === 'DAEMON' ? instancesFor(service).length : service.desiredCount;
}

/** How many tasks of one deployment are wanted: an older one wants only those it still has. */
export function desiredOfDeployment(service: Service, deployment: Deployment): number {
  if (deployment.status === 'PRIMARY') return desiredCountOf(service);
  return alive(service).filter((task) => task.deployment === deployment).length;
}

/** Asks for a look at the service; several asks in the same moment make one. */
export function requestSettle(
  world: EcsWorld,
  service: Service,
  delay: number = world.timing.scheduler,
): void {
  const at = world.context.clock.now() + delay;
  if (service.settleAt !== undefined && service.settleAt <= at) return;
  service.settleAt = at;
  world.context.clock.schedule(delay, () => {
    if (service.settleAt !== at) return;
    service.settleAt = undefined;
    settle(world, service);
  });
}

export const taskEvents =
  (world: EcsWorld): TaskEvents =>
  (task, event) => {
    const { service } = task;
    if (event === 'failed') noteFailure(world, service, task.deployment, desiredCountOf(service));
    requestSettle(world, service, event === 'failed' ? world.timing.retry : 0);
  };

function stop(world: EcsWorld, task: Task, reason: string): void {
  stopTask(world, task, { code: 'ServiceSchedulerInitiated', reason }, taskEvents(world));
}

const scalingReason = (task: Task): string =>
  `Scaling activity initiated by (deployment ${task.deployment.id})`;

function place(service: Service, deployment: Deployment): TaskPlace | undefined {
  if (isFargate(service)) return { containerInstance: undefined };
  const containerInstance = leastLoaded(instancesFor(service), deployment.revision.taskDefinition);
  return containerInstance === undefined ? undefined : { containerInstance };
}

function startReplicas(world: EcsWorld, service: Service, deployment: Deployment, count: number): void {
  const started: Task[] = [];
  let where: TaskPlace | undefined;
  while (started.length < count && (where = place(service, deployment)) !== undefined)
    started.push(startTask(world, service, deployment, where, taskEvents(world)));
  if (started.length > 0) {
    const names = started.map((task) => `(task ${task.id})`).join(' ');
    addEvent(world, service, `has started ${started.length} tasks: ${names}.`);
  }
  if (started.length < count) {
    addEvent(
      world,
      service,
      'was unable to place a task because no container instance met all of its requirements.',
    );
    lookAgain(world, service);
  }
}

/** Something outside the service may make room: another service's task that frees a host port. */
function lookAgain(world: EcsWorld, service: Service): void {
  requestSettle(world, service, Math.max(1000, world.timing.retry));
}

/** Tasks that must go, those that serve nobody first, the oldest of the others next. */
function stopOrder(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => Number(isReady(a)) - Number(isReady(b)));
}

/** Stops tasks for as long as `minimum` ready ones remain. */
function stopWhileHealthy(world: EcsWorld, service: Service, tasks: readonly Task[], minimum: number): void {
  let ready = alive(service).filter(isReady).length;
  for (const task of stopOrder(tasks)) {
    const counts = isReady(task);
    if (counts && ready <= minimum) return;
    if (counts) ready -= 1;
    stop(world, task, scalingReason(task));
  }
}

const mayStart = (world: EcsWorld, service: Service, deployment: Deployment): boolean =>
  service.status === 'ACTIVE' &&
  deployment.rolloutState !== 'FAILED' &&
  world.context.clock.now() >= deployment.retryAt;

function stopSurplus(world: EcsWorld, service: Service, primary: Deployment, desired: number): void {
  const current = alive(service).filter((task) => task.deployment === primary);
  for (const task of stopOrder(current).slice(0, Math.max(0, current.length - desired)))
    stop(world, task, scalingReason(task));
}

/** Stopping comes first: what has been asked to stop no longer counts towards the maximum. */
function settleReplicas(world: EcsWorld, service: Service, primary: Deployment): void {
  const desired = desiredCountOf(service);
  const { minimumHealthyPercent, maximumPercent } = service.deploymentConfiguration;
  const outdated = alive(service).filter((task) => task.deployment !== primary);
  if (primary.rolloutState !== 'FAILED' || desired === 0)
    stopWhileHealthy(world, service, outdated, Math.ceil((desired * minimumHealthyPercent) / 100));
  stopSurplus(world, service, primary, desired);
  if (!mayStart(world, service, primary)) return;
  const tasks = alive(service);
  const current = tasks.filter((task) => task.deployment === primary).length;
  const room = Math.floor((desired * maximumPercent) / 100) - tasks.length;
  startReplicas(world, service, primary, Math.min(desired - current, room));
}

/** A daemon's task is stopped before its successor starts: the two would fight for the host port. */
function settleDaemon(world: EcsWorld, service: Service, primary: Deployment): void {
  const instances = service.status === 'ACTIVE' ? instancesFor(service) : [];
  const minimum = Math.ceil((instances.length * service.deploymentConfiguration.minimumHealthyPercent) / 100);
  const outdated = alive(service).filter((task) => task.deployment !== primary);
  const stranded = alive(service).filter(
    (task) => task.containerInstance === undefined || !instances.includes(task.containerInstance),
  );
  for (const task of stranded) stop(world, task, scalingReason(task));
  if (primary.rolloutState !== 'FAILED') stopWhileHealthy(world, service, outdated, minimum);
  if (!mayStart(world, service, primary)) return;
  const occupied = new Set([...service.tasks].map((task) => task.containerInstance));
  for (const containerInstance of instances) {
    if (occupied.has(containerInstance)) continue;
    if (fits(containerInstance, primary.revision.taskDefinition))
      startTask(world, service, primary, { containerInstance }, taskEvents(world));
    else lookAgain(world, service);
  }
}

function retireDrained(service: Service): void {
  const inUse = new Set([...service.tasks].map((task) => task.deployment));
  const kept = service.deployments.filter(
    (deployment) => deployment.status === 'PRIMARY' || inUse.has(deployment),
  );
  service.deployments.splice(0, Infinity, ...kept);
}

function completeIfSteady(world: EcsWorld, service: Service, primary: Deployment): void {
  if (primary.rolloutState !== 'IN_PROGRESS' || service.deployments.length > 1) return;
  const ready = alive(service).filter(isReady).length;
  if (ready === desiredCountOf(service) && ready === service.tasks.size)
    completeDeployment(world, service, primary);
}

/** A deleted service is INACTIVE once its last task has stopped, and is forgotten some time later. */
function finishDraining(world: EcsWorld, service: Service): void {
  if (service.tasks.size > 0) return;
  service.status = 'INACTIVE';
  for (const deployment of service.deployments) finishRecord(world, deployment.record, 'STOPPED');
  service.deployments.length = 0;
  const { services } = service.cluster;
  world.context.clock.schedule(world.timing.retention, () => {
    if (services.get(service.name) === service) services.delete(service.name);
  });
}

function settle(world: EcsWorld, service: Service): void {
  const primary = primaryOf(service);
  if (service.status === 'INACTIVE' || primary === undefined) return;
  if (service.schedulingStrategy === 'DAEMON') settleDaemon(world, service, primary);
  else settleReplicas(world, service, primary);
  retireDrained(service);
  if (service.status === 'DRAINING') finishDraining(world, service);
  else completeIfSteady(world, service, primary);
  const wait = primary.retryAt - world.context.clock.now();
  if (wait > 0) requestSettle(world, service, wait);
}

/** Gives a new service all its tasks at once, running, as if it had been there for long. */
export function materialize(world: EcsWorld, service: Service): void {
  const primary = primaryOf(service);
  if (primary === undefined) return;
  const instances = service.schedulingStrategy === 'DAEMON' ? instancesFor(service) : undefined;
  const count = desiredCountOf(service);
  for (let index = 0; index < count; index += 1) {
    const instance = instances?.[index];
    const where = instance === undefined ? place(service, primary) : { containerInstance: instance };
    if (where !== undefined)
      startTask(world, service, primary, { ...where, running: true }, taskEvents(world));
  }
  completeIfSteady(world, service, primary);
  // Tasks that found no place are looked after as those of any service.
  if (primary.rolloutState !== 'COMPLETED') requestSettle(world, service);
}
