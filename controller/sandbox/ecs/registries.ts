import { clientException, invalidParameter } from './world.ts';
import type { InstanceRegistry } from '../service.ts';
import type { Members } from '../members.ts';
import type { ServiceRegistry, TaskDefinition } from './model.ts';
import type { EcsWorld } from './world.ts';

type Registry = NonNullable<ReturnType<InstanceRegistry['registry']>>;

const REGISTRY_ARN = /^arn:aws[\w-]*:servicediscovery:[a-z0-9-]+:\d{12}:service\/srv-[a-z0-9]+$/;

const isPresent = <T>(value: T | undefined): value is T => value !== undefined;

/** Keeps only the members that were given: an absent one and an undefined one differ in the answer. */
function readRegistry(entry: Members): ServiceRegistry {
  const containerName = entry.text('containerName');
  const containerPort = entry.integer('containerPort', { min: 0, max: 65_535 });
  const port = entry.integer('port', { min: 0, max: 65_535 });
  return {
    registryArn: entry.text('registryArn') ?? '',
    ...(isPresent(containerName) && { containerName }),
    ...(isPresent(containerPort) && { containerPort }),
    ...(isPresent(port) && { port }),
  };
}

/** The member of a call: undefined leaves the service as it is, an empty list removes the registry. */
export function readServiceRegistries(input: Members): readonly ServiceRegistry[] | undefined {
  const entries = input.objects('serviceRegistries')?.map(readRegistry);
  if (entries !== undefined && entries.length > 1)
    throw invalidParameter('service registries can have at most 1 items');
  return entries;
}

function checkContainerPort(binding: ServiceRegistry, definition: TaskDefinition): void {
  const { containerName, containerPort } = binding;
  if (containerName === undefined && containerPort === undefined) return;
  const container = definition.containers.find(({ name }) => name === containerName);
  if (container === undefined)
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  if (!container.portMappings.some((mapping) => mapping.containerPort === containerPort))
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort} defined.`,
    );
}

/** bridge and host: the address is the host's, so only a record with a port can name the task. */
function checkHostPorts(binding: ServiceRegistry, registry: Registry): void {
  const address = registry.recordTypes.find((type) => type !== 'SRV');
  if (address !== undefined)
    throw invalidParameter(
      `serviceRegistries value is configured to use a type '${address}' DNS record, which is not supported when specifying 'host' or 'bridge' for networkMode.`,
    );
  if (binding.containerName === undefined || binding.containerPort === undefined)
    throw invalidParameter(
      `When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified from the task definition. Registry: ${registry.arn}`,
    );
}

function checkNoPort(binding: ServiceRegistry, registry: Registry): void {
  const given =
    binding.containerPort !== undefined || binding.containerName !== undefined
      ? 'containerPort'
      : binding.port === undefined
        ? undefined
        : 'port';
  if (given !== undefined)
    throw invalidParameter(
      `The values specified for serviceRegistries do not require a value for '${given}'. Remove the value and retry. Registry: ${registry.arn}`,
    );
}

function checkServicePort(binding: ServiceRegistry, registry: Registry): void {
  const named = binding.containerName !== undefined && binding.containerPort !== undefined;
  if (named && binding.port !== undefined)
    throw invalidParameter(
      `Specify either 'containerName' and 'containerPort' or 'port', not both. Registry: ${registry.arn}`,
    );
  if (!named && binding.port === undefined)
    throw invalidParameter(
      `The registry uses a type 'SRV' DNS record: specify 'containerName' and 'containerPort', or 'port'. Registry: ${registry.arn}`,
    );
}

/**
 * An API-only registry takes a plain awsvpc binding as one with A records does: whether it takes a port is not
 * documented, so the sandbox is strict.
 */
function checkPorts(binding: ServiceRegistry, registry: Registry, definition: TaskDefinition): void {
  if (definition.networkMode === 'host' || definition.networkMode === 'bridge')
    checkHostPorts(binding, registry);
  else if (registry.recordTypes.includes('SRV')) checkServicePort(binding, registry);
  else checkNoPort(binding, registry);
  checkContainerPort(binding, definition);
}

function requireRegistry(world: EcsWorld, arn: string): Registry {
  if (!REGISTRY_ARN.test(arn))
    throw invalidParameter(`The format of the supplied service registry ARN is invalid: ${arn}`);
  const registry = world.cloudMap.registry(arn);
  if (registry === undefined)
    throw clientException('The service registry could not be validated. Route 53 error: "ServiceNotFound."');
  if (registry.shared)
    throw invalidParameter(
      `The service registry is in a namespace shared from another account, which Amazon ECS does not support. Registry: ${arn}`,
    );
  return registry;
}

/** What a service is, as far as it decides whether its registries are allowed. */
export interface RegistryHost {
  readonly taskDefinition: TaskDefinition;
  readonly external: boolean;
  readonly classicLoadBalancer: boolean;
}

/** Refuses what ECS refuses of a service's registries, in its words where they are known. */
export function checkServiceRegistries(
  world: EcsWorld,
  registries: readonly ServiceRegistry[],
  host: RegistryHost,
): void {
  for (const binding of registries) {
    const registry = requireRegistry(world, binding.registryArn);
    if (host.external)
      throw invalidParameter(
        'Service discovery is not supported for services with the EXTERNAL launch type.',
      );
    if (host.classicLoadBalancer)
      throw invalidParameter('Service discovery cannot be used together with a Classic Load Balancer.');
    if (host.taskDefinition.networkMode === 'none')
      throw invalidParameter("Service discovery is not supported when specifying 'none' for networkMode.");
    checkPorts(binding, registry, host.taskDefinition);
  }
}
