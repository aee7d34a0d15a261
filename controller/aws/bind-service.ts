import { terminal, waiting } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { isDeploymentInProgress, primaryDeployment } from '../plan/deployments.ts';
import type { BindService } from '../plan/types.ts';
import type { ChangeResult } from '../reconcile/ports.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedService, ServiceRegistryBinding } from '../state/observed.ts';
import type { Writing } from './writing.ts';
import type { CallContext } from './budget.ts';
import { createServiceMemory, readServices } from './observe-services.ts';
import { equalBindings } from './recent-writes.ts';
import { sendWrite } from './send-write.ts';

/** A call may have to wait for its turn, or be throttled: then somebody may have deployed the service meanwhile. */
const FRESH_MS = 1000;

/**
 * The one disruptive change: ECS starts a new deployment for it, even for an equal value, and has no
 * compare-and-set. So the service is read once more right before, and the call is sent only when the
 * service is still as the plan saw it and no other deployment runs.
 */
export async function bindService(
  writing: Writing,
  change: BindService,
  registryArns: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const wanted = [wantedBinding(change, registryArns)];
  const { arn, name, clusterArn, clusterName } = change.service;
  const where = `ECS service ${clusterName}/${name}`;
  const current = await readService(writing, change, signal);
  if (equalBindings(current.serviceRegistries, wanted)) return { kind: 'unchanged' };
  requireAsPlanned(change, current, where);
  let readAt = writing.clock.now();
  const context: CallContext = {
    where,
    signal,
    async beforeSending() {
      if (writing.clock.now() - readAt < FRESH_MS) return;
      requireAsPlanned(change, await readService(writing, change, signal), where);
      readAt = writing.clock.now();
    },
  };
  await sendWrite<unknown>(
    () =>
      writing.ecs.updateService({ cluster: clusterArn, service: name, serviceRegistries: wanted }, context),
    async () => {
      const now = await readService(writing, change, signal);
      return equalBindings(now.serviceRegistries, wanted) ? now : undefined;
    },
  );
  writing.writes.bound.set(arn, wanted);
  return { kind: 'applied' };
}

function requireAsPlanned(change: BindService, current: ObservedService, where: string): void {
  const refusal = refuse(change, current, where);
  if (refusal !== undefined) throw refusal;
}

function wantedBinding(
  { registry, after, service }: BindService,
  registryArns: ReadonlyMap<string, string>,
): ServiceRegistryBinding {
  const { registryArn = registryArns.get(registryKey(registry)), ...port } = after;
  if (registryArn !== undefined) return { registryArn, ...port };
  throw waiting({
    reason: 'RegistryNotReady',
    where: `ECS service ${service.clusterName}/${service.name}`,
    message: `The registry ${registryKey(registry)} does not exist yet.`,
    remedy: 'Nothing to do: the service is bound in the pass after it was made.',
  });
}

export async function readService(
  writing: Writing,
  { service: { name, clusterArn } }: Pick<BindService, 'service'>,
  signal: AbortSignal,
): Promise<ObservedService> {
  const ref = { cluster: clusterArn, service: name };
  const reading = { ...writing, ...createServiceMemory(writing.clock) };
  const read = (await readServices(reading, [ref], signal)).get(serviceKey(ref));
  if (read?.kind === 'failed') throw read.error;
  if (read?.value !== undefined) return read.value;
  throw changedSincePlan(`ECS service ${serviceKey(ref)}`, 'The service is gone.');
}

function refuse(change: BindService, current: ObservedService, where: string): OperatorError | undefined {
  if (current.arn !== change.service.arn || current.status !== 'ACTIVE')
    return changedSincePlan(where, `The service is ${current.status}.`);
  if (current.deploymentController !== 'ECS')
    return terminal({
      reason: 'UnsupportedDeploymentController',
      where,
      message: `A service with deployment controller ${current.deploymentController} cannot change its registries.`,
      remedy: 'Bind the service when it is created, or set `bindingPolicy: Observe`.',
    });
  if (!equalBindings(current.serviceRegistries, change.before)) return slotChanged(current, where);
  const inProgress = rolloutInProgress(current, where);
  if (inProgress !== undefined) return inProgress;
  return primaryDeployment(current)?.id === change.deployment
    ? undefined
    : changedSincePlan(where, 'Somebody deployed the service.');
}

function slotChanged({ serviceRegistries: [taken] }: ObservedService, where: string): OperatorError {
  if (taken === undefined) return changedSincePlan(where, 'Its registry was removed.');
  return terminal({
    reason: 'RegistrySlotTaken',
    where,
    message: `The service has been bound to registry ${taken.registryArn} since the plan was made; ECS allows one.`,
    remedy: 'Make a new plan and decide which registry the service should have.',
  });
}

/** ECS replaces a running deployment by the new one; two at a time are how outages begin. */
export function rolloutInProgress(service: ObservedService, where: string): OperatorError | undefined {
  if (!isDeploymentInProgress(service)) return undefined;
  const { deployments } = service;
  const running = deployments.find((each) => each.rolloutState === 'IN_PROGRESS');
  return waiting({
    reason: 'RolloutInProgress',
    where,
    message: `Deployment ${(running ?? deployments[0])?.id ?? ''} of this service is still in progress.`,
    remedy: 'Nothing to do: it is tried again when that has ended.',
  });
}

export function changedSincePlan(where: string, what: string): OperatorError {
  return waiting({
    reason: 'ChangedSincePlan',
    where,
    message: `${what} It changed after the plan was made, so nothing was sent.`,
    remedy: 'Nothing to do: the next pass plans anew.',
  });
}
