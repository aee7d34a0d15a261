import type { DesiredBinding, DesiredTarget } from '../state/desired.ts';
import { lastSegment, registryKey, serviceKey } from '../state/keys.ts';
import type {
  ObservedService,
  ObservedState,
  ObservedTaskDefinition,
  Read,
  ServiceRegistryBinding,
} from '../state/observed.ts';
import {
  alreadyBoundElsewhere,
  deploymentInProgress,
  rollbackDetected,
  serviceNotActive,
  serviceNotFound,
} from './binding-refusals.ts';
import { UNSEEN_ROLLOUT_MS } from './attempts.ts';
import type { Attempt, Attempts } from '../state/attempts.ts';
import { block, blockUnobserved, blockUnread, serviceSubject } from './blocked.ts';
import {
  describeDeployment,
  findRolledBack,
  isDeploymentInProgress,
  primaryDeployment,
} from './deployments.ts';
import { bindingShape, findPortRefusal, findServiceRefusal } from './preflight.ts';
import type { RegistryHandle } from './registry.ts';
import { findTaskDefinition } from './task-definition.ts';
import type { BindService, Blocked, Drift, Rollout } from './types.ts';

/** At most one of these is anything but empty, save that a service may also be rolling out. */
export interface BindingPlan {
  readonly change?: BindService;
  readonly blocked?: Blocked;
  readonly drift?: Drift;
  readonly bound: boolean;
  readonly rollout?: Rollout;
}

/**
 * | service            | slot                    | policy  | result                                       |
 * | ------------------ | ----------------------- | ------- | -------------------------------------------- |
 * | read failed        |                         |         | blocked, family of the error                 |
 * | absent, not ACTIVE |                         |         | blocked ServiceNotFound, ServiceNotActive    |
 * | ACTIVE             | as desired              |         | nothing is sent; a rollout is followed       |
 * | ACTIVE             | differs in any way      | Observe | drift                                        |
 * | ACTIVE             | another registry        | Ensure  | blocked AlreadyBoundElsewhere, never replaced |
 * | ACTIVE             | empty, or other port    | Ensure  | nothing while the registry is not usable     |
 * | ACTIVE             | empty, or other port    | Ensure  | bind, unless AWS would refuse, a rollout runs or one was rolled back |
 */
export function planBinding(
  target: DesiredTarget,
  registry: RegistryHandle,
  observed: ObservedState,
  options: BindingOptions,
): BindingPlan {
  const plan = planObserved(target, registry, observed, options.attempts?.get(target.name));
  const rollout = plan.rollout ?? findUnfinished(target, observed, options);
  return rollout === undefined ? plan : { ...plan, rollout };
}

/** The rollout of a binding that we sent and that has not been seen to end. */
export function findUnfinished(
  target: DesiredTarget,
  observed: ObservedState,
  { attempts, now }: BindingOptions,
): Rollout | undefined {
  const attempt = attempts?.get(target.name);
  const read = observed.services.get(serviceKey(target.binding.service));
  return attempt !== undefined && mayStillRoll(read, attempt, now) ? unfinishedRollout(target) : undefined;
}

export interface BindingOptions {
  readonly attempts?: Attempts;
  readonly now: number;
}

/** The deployment of a binding that we sent goes on, whether or not everything about it can be read just now. */
function mayStillRoll(
  read: Read<ObservedService | undefined> | undefined,
  { sentAt }: Attempt,
  now: number,
): boolean {
  if (read === undefined) return false;
  if (read.kind === 'failed') return read.error.family !== 'terminal' || now < sentAt + UNSEEN_ROLLOUT_MS;
  return read.value !== undefined && isDeploymentInProgress(read.value);
}

function unfinishedRollout({ name, binding }: DesiredTarget): Rollout {
  const { cluster, service } = binding.service;
  return {
    target: name,
    service: lastSegment(service),
    clusterName: lastSegment(cluster),
    message: `The deployment of the binding of service ${lastSegment(service)} has not been seen to end yet.`,
  };
}

function planObserved(
  target: DesiredTarget,
  registry: RegistryHandle,
  observed: ObservedState,
  attempt: Attempt | undefined,
): BindingPlan {
  const about = { subject: serviceSubject(target), condition: 'ReferencesResolved' } as const;
  const read = observed.services.get(serviceKey(target.binding.service));
  if (read === undefined) return refuse(blockUnobserved(target, about, about.subject));
  if (read.kind === 'failed') return refuse(blockUnread(target, about, read.error));
  if (read.value === undefined) return refuse(serviceNotFound(target));
  if (read.value.status !== 'ACTIVE') return refuse(serviceNotActive(target, read.value.status));
  return planActive({ target, registry, observed, attempt, service: read.value });
}

const refuse = (blocked: Blocked): BindingPlan => ({ blocked, bound: false });

interface Context {
  readonly target: DesiredTarget;
  readonly registry: RegistryHandle;
  readonly observed: ObservedState;
  readonly attempt: Attempt | undefined;
  readonly service: ObservedService;
}

function planActive(context: Context): BindingPlan {
  const { target, registry, service } = context;
  const lookup = findTaskDefinition(target, context.observed);
  const taskDefinition = lookup.kind === 'found' ? lookup.taskDefinition : undefined;
  if (isBound(service.serviceRegistries, target.binding, registry, taskDefinition)) return bound(context);
  // A registry that could not be seen may be the very one that is bound.
  if (registry.arn === undefined && !registry.usable) return { bound: false };
  if (target.binding.policy === 'Observe') return observe(context);
  const elsewhere = service.serviceRegistries.find(({ registryArn }) => registryArn !== registry.arn);
  if (elsewhere !== undefined) return refuse(alreadyBoundElsewhere(target, elsewhere.registryArn));
  if (!registry.usable) return { bound: false };

  const about = { subject: serviceSubject(target), condition: 'ServiceBound' } as const;
  const unbindable = findServiceRefusal(service);
  if (unbindable !== undefined) return refuse(block(target, about, unbindable));
  if (lookup.kind === 'unread') {
    return refuse(
      lookup.error === undefined
        ? blockUnobserved(target, about, lookup.what)
        : blockUnread(target, about, lookup.error),
    );
  }
  if (taskDefinition === undefined) return refuse(blockUnobserved(target, about, 'Its task definition'));
  const port = findPortRefusal(target.binding, registry.recordType, taskDefinition);
  if (port !== undefined) return refuse(block(target, about, port));
  return planBind(context, taskDefinition);
}

/** Everything but the moment is right; a running or undone deployment still says no. */
function planBind(context: Context, taskDefinition: ObservedTaskDefinition): BindingPlan {
  const { target, registry, service } = context;
  const undone = mayBeUndone(context) ? evidenceOfUndoing(context) : undefined;
  if (undone !== undefined) return refuse(rollbackDetected(target, undone));
  if (isDeploymentInProgress(service)) return refuse(deploymentInProgress(target));
  return { change: bindService(target, registry, service, taskDefinition), bound: false };
}

/**
 * Whether a failed deployment may have been our binding. ECS does not say which change a deployment
 * carried, so the rule is: it may have been, when the registry was ours before this pass (a binding
 * is only ever sent after that) and the document is not known to have changed since we last tried.
 */
function mayBeUndone({ target, registry, attempt }: Context): boolean {
  return registry.ours && (attempt === undefined || attempt.specHash === target.specHash);
}

/**
 * ECS forgets: when a rollback is complete, its deployment looks like any other. Then it is our own attempt that
 * tells, which is remembered until the binding was seen to last. It is remembered before it is sent, too, so the
 * deployment must show that it had an effect.
 */
function evidenceOfUndoing({ target, service, attempt }: Context): string | undefined {
  const rolledBack = findRolledBack(service);
  if (rolledBack !== undefined) return describeDeployment(rolledBack);
  if (attempt?.specHash !== target.specHash || isDeploymentInProgress(service)) return undefined;
  const primary = primaryDeployment(service)?.id;
  const without = primary !== undefined && primary === attempt.deployment;
  return without ? undefined : 'the binding that was sent for this version of the document did not last';
}

function bound({ target, service, registry }: Context): BindingPlan {
  if (!registry.ours || target.binding.policy === 'Observe' || !isDeploymentInProgress(service)) {
    return { bound: true };
  }
  const rollout = {
    target: target.name,
    service: service.name,
    clusterName: service.clusterName,
    message: `Service ${service.name} runs a deployment: ${service.runningCount} of ${service.desiredCount} tasks are running.`,
  };
  return { bound: true, rollout };
}

/**
 * ECS knows several ways to say the same thing, and a rewording would replace every task: the bare
 * ARN where no port is wanted, container and port, or (awsvpc only) the port alone.
 */
export function isBound(
  current: readonly ServiceRegistryBinding[],
  binding: Pick<DesiredBinding, 'containerName' | 'containerPort'>,
  registry: Pick<RegistryHandle, 'arn' | 'recordType'>,
  taskDefinition: ObservedTaskDefinition | undefined,
): boolean {
  const [only, ...others] = current;
  if (only === undefined || others.length > 0 || only.registryArn !== registry.arn) return false;
  const { containerName, containerPort } = binding;
  if (only.containerName === containerName && only.containerPort === containerPort && only.port === undefined)
    return true;
  if (taskDefinition?.networkMode !== 'awsvpc' || only.containerName !== undefined) return false;
  return bindingShape('awsvpc', registry.recordType) === 'arnOnly'
    ? only.port === undefined
    : only.port === containerPort;
}

function observe({ target, registry, service }: Context): BindingPlan {
  const { containerName, containerPort } = target.binding;
  const port = containerName === undefined ? '' : ` (${containerName}:${containerPort ?? ''})`;
  const current = service.serviceRegistries.map(({ registryArn }) => registryArn).sort();
  const drift = {
    target: target.name,
    subject: serviceSubject(target),
    field: 'serviceRegistries',
    before: current.join(', ') || 'none',
    after: (registry.arn ?? registryKey(target.registry)) + port,
    why: 'bindingPolicy is Observe: the ECS service is never touched.',
  };
  return { drift, bound: false };
}

function bindService(
  target: DesiredTarget,
  registry: RegistryHandle,
  service: ObservedService,
  taskDefinition: ObservedTaskDefinition,
): BindService {
  const { arn, name, clusterArn, clusterName, desiredCount } = service;
  const { containerName, containerPort } = target.binding;
  const withPort = bindingShape(taskDefinition.networkMode, registry.recordType) === 'containerPort';
  const deployment = primaryDeployment(service)?.id;
  return {
    kind: 'bindService',
    target: target.name,
    specHash: target.specHash,
    ...(deployment !== undefined && { deployment }),
    service: { arn, name, clusterArn, clusterName, desiredCount },
    registry: { namespace: target.registry.namespace, name: target.registry.name },
    before: service.serviceRegistries,
    after: {
      registryArn: registry.arn,
      ...(withPort && containerName !== undefined && containerPort !== undefined
        ? { containerName, containerPort }
        : {}),
    },
  };
}
