import type { DnsRecordType } from '../api/types.ts';
import type { DesiredBinding } from '../state/desired.ts';
import type { ObservedService, ObservedTaskDefinition } from '../state/observed.ts';
import { taskDefinitionName } from './task-definition.ts';
import type { Blocked } from './types.ts';

/** Why ECS would refuse a binding. */
export type Refusal = Pick<Blocked, 'reason' | 'message' | 'remedy'>;

export type RecordType = DnsRecordType | 'none';

/** How a binding names the registry: by ARN alone, or with the container and port that ECS registers. */
export type BindingShape = 'arnOnly' | 'containerPort' | 'refused';

/**
 * | network mode | A, AAAA  | SRV           | none (HTTP namespace) |
 * | ------------ | -------- | ------------- | --------------------- |
 * | awsvpc       | ARN only | containerPort | ARN only (safe form)  |
 * | bridge, host | refused  | containerPort | containerPort         |
 * | none, others | refused  | refused       | refused               |
 */
export function bindingShape(networkMode: string, recordType: RecordType): BindingShape {
  if (networkMode === 'awsvpc') return recordType === 'SRV' ? 'containerPort' : 'arnOnly';
  if (networkMode !== 'bridge' && networkMode !== 'host') return 'refused';
  return recordType === 'A' || recordType === 'AAAA' ? 'refused' : 'containerPort';
}

/** Refusals that hang on the service alone, each with the AWS setting that causes it. */
const SERVICE_CHECKS: readonly ((service: ObservedService) => Refusal | undefined)[] = [
  (service) =>
    service.resourceManagementType === 'ECS'
      ? refusal('ExpressManaged', 'It is an Express service, which ECS manages itself.')
      : undefined,
  (service) =>
    service.deploymentController === 'ECS'
      ? undefined
      : refusal(
          'UnsupportedDeploymentController',
          `Its deployment controller is ${service.deploymentController}; ECS lets only services with the controller ECS change their registry.`,
        ),
  (service) =>
    service.deploymentStrategy === 'ROLLING'
      ? undefined
      : refusal(
          'UnsupportedDeploymentStrategy',
          `Its deployment strategy is ${service.deploymentStrategy}; a change of registry is documented for ROLLING only.`,
        ),
  (service) =>
    service.launchType === 'EXTERNAL'
      ? refusal(
          'UnsupportedLaunchType',
          'It runs on external instances, which do not support service discovery.',
        )
      : undefined,
  (service) =>
    service.classicLoadBalancer
      ? refusal('ClassicLoadBalancer', 'It has a Classic Load Balancer, which excludes service discovery.')
      : undefined,
  (service) =>
    service.desiredCount * 2 > MAX_INSTANCES
      ? refusal(
          'TooManyInstances',
          `It wants ${service.desiredCount} tasks; during a rollout twice as many may be registered, and a registry holds ${MAX_INSTANCES}.`,
          'Split the service into several, or write "bindingPolicy: Observe".',
        )
      : undefined,
];

/** Cloud Map's limit of instances in one registry; it cannot be raised. */
const MAX_INSTANCES = 1000;

const OBSERVE =
  'Create the service anew without this, or write "bindingPolicy: Observe" to have differences reported only.';

const refusal = (reason: string, message: string, remedy = OBSERVE): Refusal => ({ reason, message, remedy });

export function findServiceRefusal(service: ObservedService): Refusal | undefined {
  for (const check of SERVICE_CHECKS) {
    const found = check(service);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Refusals of ECS's port rules, judged against the task definition that runs. */
export function findPortRefusal(
  binding: DesiredBinding,
  recordType: RecordType,
  taskDefinition: ObservedTaskDefinition,
): Refusal | undefined {
  const { networkMode } = taskDefinition;
  const shape = bindingShape(networkMode, recordType);
  if (shape === 'refused') return unsupportedMode(networkMode, recordType);
  if (shape === 'containerPort') return findContainerRefusal(binding, recordType, taskDefinition);
  return recordType !== 'none' && namesPort(binding) ? portNotAllowed(recordType) : undefined;
}

const namesPort = (binding: DesiredBinding): boolean =>
  binding.containerName !== undefined || binding.containerPort !== undefined;

function unsupportedMode(networkMode: string, recordType: RecordType): Refusal {
  if (networkMode === 'bridge' || networkMode === 'host') {
    return refusal(
      'UnsupportedRecordType',
      `Its tasks use network mode ${networkMode}, for which ECS accepts SRV records only, not ${recordType}.`,
      'Write "type: SRV" in spec.registry.dnsRecord, with containerName and containerPort in spec.registry.',
    );
  }
  return refusal(
    'UnsupportedNetworkMode',
    `Its tasks use network mode ${networkMode}, which does not support service discovery.`,
    'Use network mode awsvpc, bridge or host in the task definition.',
  );
}

const portNotAllowed = (recordType: RecordType): Refusal =>
  refusal(
    'PortNotAllowed',
    `With network mode awsvpc and ${recordType} records ECS accepts no container port in a binding.`,
    'Remove containerName and containerPort from spec.registry, or write "type: SRV" in spec.registry.dnsRecord.',
  );

function findContainerRefusal(
  binding: DesiredBinding,
  recordType: RecordType,
  taskDefinition: ObservedTaskDefinition,
): Refusal | undefined {
  const { containerName, containerPort } = binding;
  const name = taskDefinitionName(taskDefinition);
  if (containerName === undefined || containerPort === undefined) {
    return refusal(
      'ContainerPortRequired',
      `With network mode ${taskDefinition.networkMode} and ${recordType === 'none' ? 'an HTTP namespace' : `${recordType} records`} ECS wants the container and port to register.`,
      'Write containerName and containerPort in spec.registry, as they stand in the task definition.',
    );
  }
  const container = taskDefinition.containers.find((candidate) => candidate.name === containerName);
  if (container === undefined) {
    return refusal(
      'ContainerNotFound',
      `Task definition ${name} has no container ${containerName}.`,
      `Write one of these in spec.registry.containerName: ${taskDefinition.containers.map((one) => one.name).join(', ')}.`,
    );
  }
  // Whether ECS takes a port out of a range is not documented, so AWS has the last word on those.
  const known = container.portMappings.some(
    (mapping) => mapping.containerPort === containerPort || mapping.containerPortRange !== undefined,
  );
  if (known) return undefined;
  const ports = container.portMappings.flatMap((mapping) => mapping.containerPort ?? []).join(', ');
  return refusal(
    'ContainerPortNotFound',
    `Container ${containerName} of task definition ${name} has no port mapping for container port ${containerPort}.`,
    `Write a mapped port in spec.registry.containerPort (mapped: ${ports || 'none'}), or add the mapping to the task definition.`,
  );
}
