import { arnOf, digits, hex } from './world.ts';
import type { Deployment, Service, ServiceDeployment, ServiceRevision } from './model.ts';
import type { EcsWorld } from './world.ts';

const MAX_EVENTS = 100;
const MAX_HISTORY = 100;

export function addEvent(world: EcsWorld, service: Service, message: string): void {
  const id = `${hex(world, 8)}-${hex(world, 4)}-${hex(world, 4)}-${hex(world, 4)}-${hex(world, 12)}`;
  service.events.unshift({
    id,
    createdAt: world.context.clock.now(),
    message: `(service ${service.name}) ${message}`,
  });
  service.events.length = Math.min(service.events.length, MAX_EVENTS);
}

export const primaryOf = (service: Service): Deployment | undefined =>
  service.deployments.find((deployment) => deployment.status === 'PRIMARY');

/** Fixes the service's present configuration as a revision that a deployment rolls out. */
function newRevision(world: EcsWorld, service: Service): ServiceRevision {
  const revision: ServiceRevision = {
    arn: arnOf(world, `service-revision/${service.cluster.name}/${service.name}/${digits(world, 19)}`),
    taskDefinition: service.taskDefinition,
    serviceRegistries: service.serviceRegistries,
    awsvpc: service.awsvpc,
    createdAt: world.context.clock.now(),
  };
  service.revisions.push(revision);
  if (service.revisions.length > MAX_HISTORY) service.revisions.shift();
  return revision;
}

function newRecord(world: EcsWorld, service: Service, target: ServiceRevision): ServiceDeployment {
  const now = world.context.clock.now();
  const record: ServiceDeployment = {
    order: world.nextOrder(),
    arn: arnOf(world, `service-deployment/${service.cluster.name}/${service.name}/${hex(world, 21)}`),
    createdAt: now,
    target,
    source: primaryOf(service)?.revision,
    status: 'IN_PROGRESS',
    statusReason: undefined,
    updatedAt: now,
    finishedAt: undefined,
    failureCount: 0,
    rollback: undefined,
  };
  service.history.push(record);
  if (service.history.length > MAX_HISTORY) service.history.shift();
  return record;
}

export function finishRecord(
  world: EcsWorld,
  record: ServiceDeployment,
  status: ServiceDeployment['status'],
  reason?: string,
): void {
  if (record.finishedAt !== undefined) return;
  const now = world.context.clock.now();
  record.status = status;
  record.statusReason = reason ?? record.statusReason;
  record.updatedAt = now;
  record.finishedAt = now;
}

/** Makes a deployment the PRIMARY one; the former becomes ACTIVE until its tasks are gone. */
function promote(world: EcsWorld, service: Service, revision: ServiceRevision, record: ServiceDeployment) {
  const now = world.context.clock.now();
  const id = `ecs-svc/${digits(world, 19)}`;
  for (const older of service.deployments) {
    older.status = 'ACTIVE';
    older.updatedAt = now;
  }
  const deployment: Deployment = {
    id,
    revision,
    record,
    createdAt: now,
    updatedAt: now,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    retryAt: 0,
  };
  service.deployments.unshift(deployment);
  service.deploymentsStarted += 1;
  return deployment;
}

/** Starts a deployment of what the service is configured to be now. */
export function beginDeployment(world: EcsWorld, service: Service): Deployment {
  const superseded = primaryOf(service);
  const revision = newRevision(world, service);
  const record = newRecord(world, service, revision);
  if (superseded !== undefined)
    finishRecord(world, superseded.record, 'STOPPED', 'Superseded by a newer service deployment.');
  return promote(world, service, revision, record);
}

export function completeDeployment(world: EcsWorld, service: Service, deployment: Deployment): void {
  const { record } = deployment;
  deployment.rolloutState = 'COMPLETED';
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
  deployment.updatedAt = world.context.clock.now();
  service.lastCompleted = deployment.revision;
  finishRecord(world, record, record.rollback === undefined ? 'SUCCESSFUL' : 'ROLLBACK_SUCCESSFUL');
  addEvent(world, service, `(deployment ${deployment.id}) deployment completed.`);
  addEvent(world, service, 'has reached a steady state.');
}

/** How many tasks may fail before the circuit breaker acts. */
export const failureThreshold = (desiredCount: number): number =>
  Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));

/** The deployment that a rollback returns to: the old one where it still has tasks, else a new one like it. */
function restore(world: EcsWorld, service: Service, target: ServiceRevision, record: ServiceDeployment) {
  const kept = service.deployments.find((deployment) => deployment.revision === target);
  if (kept === undefined) return promote(world, service, target, record);
  for (const other of service.deployments) other.status = 'ACTIVE';
  service.deployments.splice(service.deployments.indexOf(kept), 1);
  service.deployments.unshift(kept);
  return Object.assign(kept, {
    record,
    status: 'PRIMARY' as const,
    rolloutState: 'IN_PROGRESS' as const,
    updatedAt: world.context.clock.now(),
    failedTasks: 0,
  });
}

/** Who rolls back, as ECS words it. */
type RollbackCause = 'circuit breaker' | 'stop service deployment request';

/** Puts the last completed revision back in force: its task definition and its service registries. */
function rollBack(
  world: EcsWorld,
  service: Service,
  failed: Deployment,
  target: ServiceRevision,
  cause: RollbackCause,
): void {
  const { record } = failed;
  service.taskDefinition = target.taskDefinition;
  service.serviceRegistries = target.serviceRegistries;
  service.awsvpc = target.awsvpc;
  const deployment = restore(world, service, target, record);
  const reason = `ECS deployment ${cause}: rolling back to deploymentId ${deployment.id}.`;
  deployment.rolloutStateReason = reason;
  record.status = 'ROLLBACK_IN_PROGRESS';
  record.updatedAt = world.context.clock.now();
  record.statusReason = `Service deployment rolled back because of ${cause}.`;
  record.rollback = { reason, startedAt: world.context.clock.now(), revision: target };
  addEvent(world, service, `rolling back to deployment ${deployment.id}.`);
}

/** Rolls the running deployment back because somebody asks for it; false when there is nothing to roll back. */
export function rollBackOnRequest(world: EcsWorld, service: Service): boolean {
  const running = primaryOf(service);
  const target = service.lastCompleted;
  if (running?.rolloutState !== 'IN_PROGRESS' || running.revision === target || target === undefined)
    return false;
  running.rolloutState = 'FAILED';
  running.rolloutStateReason = 'ECS deployment stopped by a stop service deployment request.';
  rollBack(world, service, running, target, 'stop service deployment request');
  return true;
}

/** Counts a task that did not start, and opens the circuit breaker when there are too many. */
export function noteFailure(
  world: EcsWorld,
  service: Service,
  deployment: Deployment,
  desired: number,
): void {
  deployment.failedTasks += 1;
  deployment.record.failureCount += 1;
  deployment.retryAt = world.context.clock.now() + world.timing.retry;
  const { circuitBreaker } = service.deploymentConfiguration;
  const trips =
    circuitBreaker.enable &&
    deployment.status === 'PRIMARY' &&
    deployment.rolloutState === 'IN_PROGRESS' &&
    deployment.failedTasks >= failureThreshold(desired);
  if (!trips) return;
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  deployment.updatedAt = world.context.clock.now();
  addEvent(world, service, `(deployment ${deployment.id}) deployment failed: tasks failed to start.`);
  const isRollback = deployment.record.rollback !== undefined;
  if (circuitBreaker.rollback && !isRollback && service.lastCompleted !== undefined)
    rollBack(world, service, deployment, service.lastCompleted, 'circuit breaker');
  else
    finishRecord(
      world,
      deployment.record,
      isRollback ? 'ROLLBACK_FAILED' : 'STOPPED',
      deployment.rolloutStateReason,
    );
}
