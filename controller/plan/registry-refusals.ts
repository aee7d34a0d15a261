import type { DesiredTarget } from '../state/desired.ts';
import { block, blockUnobserved, blockUnread, registrySubject } from './blocked.ts';
import { taskDefinitionName, type TaskDefinitionLookup } from './task-definition.ts';
import type { Blocked } from './types.ts';

const registry = (target: DesiredTarget) =>
  ({ subject: registrySubject(target), condition: 'RegistrySynced' }) as const;

export function namespaceNotFound(target: DesiredTarget): Blocked {
  const { namespace } = target.registry;
  const about = { subject: `namespace ${namespace}`, condition: 'ReferencesResolved' } as const;
  return block(target, about, {
    reason: 'NamespaceNotFound',
    message: `Cloud Map has no namespace ${namespace} in this account and region; namespaces are never created implicitly.`,
    remedy: `Correct spec.registry.namespace, or create it: aws servicediscovery create-private-dns-namespace --name ${namespace} --vpc VPC_ID`,
  });
}

export function sharedNamespace(target: DesiredTarget): Blocked {
  const { namespace } = target.registry;
  const about = { subject: `namespace ${namespace}`, condition: 'ReferencesResolved' } as const;
  return block(target, about, {
    reason: 'SharedNamespace',
    message: `Namespace ${namespace} belongs to another account and is shared with this one: ECS does not register tasks there, and its registries cannot be tagged.`,
    remedy: 'Name a namespace of this account in spec.registry.namespace.',
  });
}

export function conflictingOwner(target: DesiredTarget, found: string, owner: string): Blocked {
  return block(target, registry(target), {
    reason: 'ConflictingOwner',
    message: `The registry belongs to owner "${found}", and this controller is "${owner}", so it is left as it is. Tasks are scraped all the same.`,
    remedy: `When both are one installation, correct --owner. Else name another registry in spec.registry.name, or, when "${found}" has given it up, remove its tag ecs-prometheus-operator/owner and write "adopt: true" under spec.registry.`,
  });
}

export function adoptionRequired(target: DesiredTarget): Blocked {
  return block(target, registry(target), {
    reason: 'AdoptionRequired',
    message: 'The registry exists, and no controller owns it.',
    remedy:
      'To take it over, write "adopt: true" under spec.registry; else name another in spec.registry.name.',
  });
}

export function managedByEcs(target: DesiredTarget): Blocked {
  return block(target, registry(target), {
    reason: 'ManagedByEcs',
    message: 'ECS Service Connect created this registry and manages it; it is never adopted or tagged.',
    remedy: 'Name another registry in spec.registry.name.',
  });
}

export function nameDiffersOnlyByCase(target: DesiredTarget, twin: string): Blocked {
  return block(target, registry(target), {
    reason: 'NameDiffersOnlyByCase',
    message: `The namespace has a registry ${twin}; Cloud Map allows no second name in a DNS namespace that differs only by case.`,
    remedy: `Write "${twin}" or another name in spec.registry.name.`,
  });
}

export function invalidTags(target: DesiredTarget, fault: string): Blocked {
  return block(target, registry(target), {
    reason: 'InvalidTags',
    message: fault,
    remedy: 'Shorten or remove endpoints in spec.endpoints, or remove other tags from the registry.',
  });
}

/** An endpoint names its port, and the number that its tag must carry cannot be known. */
export function portUnresolved(
  target: DesiredTarget,
  portName: string,
  lookup: TaskDefinitionLookup,
): Blocked {
  if (lookup.kind === 'unread') {
    return lookup.error === undefined
      ? blockUnobserved(target, registry(target), `The port "${portName}": ${lookup.what}`)
      : blockUnread(target, registry(target), lookup.error);
  }
  const where =
    lookup.kind === 'absent'
      ? lookup.what
      : `task definition ${taskDefinitionName(lookup.taskDefinition)} has no such port mapping with a single container port`;
  const about = { subject: registrySubject(target), condition: 'ReferencesResolved' } as const;
  return block(target, about, {
    reason: 'PortNotFound',
    message: `Port "${portName}" cannot be resolved: ${where}.`,
    remedy: 'Name a port mapping of the task definition, or give the number in portNumber.',
  });
}
