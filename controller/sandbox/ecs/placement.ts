import type { ContainerInstance, PortBinding, PortMapping, Service, TaskDefinition } from './model.ts';

/** Where Docker takes host ports from when a mapping leaves the choice to it. */
const EPHEMERAL = { first: 32_768, last: 60_999 };

export const isFargate = (service: Service): boolean =>
  service.launchType === 'FARGATE' ||
  service.capacityProviders.some((item) => item.capacityProvider.startsWith('FARGATE'));

const portKey = (protocol: string, port: number): string => `${protocol}/${port}`;

const mappings = (definition: TaskDefinition): { container: string; mapping: PortMapping }[] =>
  definition.containers.flatMap((container) =>
    container.portMappings.map((mapping) => ({ container: container.name, mapping })),
  );

function fixedHostPorts(definition: TaskDefinition): readonly string[] {
  if (definition.networkMode !== 'host' && definition.networkMode !== 'bridge') return [];
  return mappings(definition)
    .filter(({ mapping }) => (mapping.hostPort ?? 0) > 0)
    .map(({ mapping }) => portKey(mapping.protocol, mapping.hostPort ?? 0));
}

/** Whether an instance has the host ports free that the task definition fixes. */
export function fits(instance: ContainerInstance, definition: TaskDefinition): boolean {
  return fixedHostPorts(definition).every((port) => !instance.ports.has(port));
}

/** The instances on which a service may run: those of ECS Anywhere take only the launch type EXTERNAL. */
export function instancesFor(service: Service): ContainerInstance[] {
  const external = service.launchType === 'EXTERNAL';
  return [...service.cluster.containerInstances.values()].filter(
    (instance) => instance.status === 'ACTIVE' && instance.ec2InstanceId.startsWith('mi-') === external,
  );
}

/** The instance with the fewest tasks among those that can take one more. */
export function leastLoaded(
  instances: readonly ContainerInstance[],
  definition: TaskDefinition,
): ContainerInstance | undefined {
  let best: ContainerInstance | undefined;
  for (const instance of instances) {
    if (!fits(instance, definition)) continue;
    if (best === undefined || instance.taskCount < best.taskCount) best = instance;
  }
  return best;
}

function ephemeralPort(instance: ContainerInstance, protocol: string): number {
  for (;;) {
    const port = instance.nextPort;
    instance.nextPort = port === EPHEMERAL.last ? EPHEMERAL.first : port + 1;
    if (!instance.ports.has(portKey(protocol, port))) return port;
  }
}

/** Takes the host ports of a task on its instance. */
export function bindPorts(definition: TaskDefinition, instance: ContainerInstance): PortBinding[] {
  if (definition.networkMode !== 'host' && definition.networkMode !== 'bridge') return [];
  return mappings(definition).flatMap(({ container, mapping }) => {
    if (mapping.containerPort === undefined) return [];
    const fixed = mapping.hostPort ?? 0;
    const hostPort = fixed > 0 ? fixed : ephemeralPort(instance, mapping.protocol);
    instance.ports.add(portKey(mapping.protocol, hostPort));
    return [
      {
        containerName: container,
        containerPort: mapping.containerPort,
        hostPort,
        protocol: mapping.protocol,
      },
    ];
  });
}

export function releasePorts(bindings: readonly PortBinding[], instance: ContainerInstance): void {
  for (const binding of bindings) instance.ports.delete(portKey(binding.protocol, binding.hostPort));
}
