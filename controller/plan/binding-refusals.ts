import type { DesiredTarget } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import { block, serviceSubject } from './blocked.ts';
import type { Blocked } from './types.ts';

const reference = (target: DesiredTarget) =>
  ({ subject: serviceSubject(target), condition: 'ReferencesResolved' }) as const;

const binding = (target: DesiredTarget) =>
  ({ subject: serviceSubject(target), condition: 'ServiceBound' }) as const;

export function serviceNotFound(target: DesiredTarget): Blocked {
  return block(target, reference(target), {
    reason: 'ServiceNotFound',
    message: `ECS has no service ${serviceKey(target.binding.service)} in this account and region.`,
    remedy: 'Correct spec.serviceRef, or create the service.',
  });
}

export function serviceNotActive(target: DesiredTarget, status: string): Blocked {
  return block(target, reference(target), {
    reason: 'ServiceNotActive',
    message: `ECS service ${serviceKey(target.binding.service)} is ${status}: it has been deleted.`,
    remedy: 'Create the service anew, or remove the document.',
  });
}

export function alreadyBoundElsewhere(target: DesiredTarget, registryArn: string): Blocked {
  return block(target, binding(target), {
    reason: 'AlreadyBoundElsewhere',
    message: `The service is bound to another registry, ${registryArn}; ECS allows one, and a binding of somebody else is never replaced.`,
    remedy: `Name that registry in spec.registry, write "bindingPolicy: Observe", or remove the binding yourself: aws ecs update-service --cluster ${target.binding.service.cluster} --service ${target.binding.service.service} --service-registries '[]' (this replaces its tasks).`,
  });
}

export function deploymentInProgress(target: DesiredTarget): Blocked {
  return block(target, binding(target), {
    family: 'waiting',
    reason: 'DeploymentInProgress',
    message: `The service runs another deployment; it is bound to ${registryKey(target.registry)} when that has ended.`,
    remedy: 'Nothing to do: it is looked at again in the next pass.',
  });
}

export function rollbackDetected(target: DesiredTarget, evidence: string): Blocked {
  return block(target, binding(target), {
    reason: 'RollbackDetected',
    message: `The last deployment of the service failed or was rolled back (${evidence}), and the binding is gone; it is not sent again.`,
    remedy: `Find out why the new tasks failed, then change the document: any change of it makes the controller try once more.`,
  });
}
