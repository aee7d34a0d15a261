import { lastSegment } from './world.ts';
import type { ServiceRegistry, Task } from './model.ts';
import type { EcsWorld } from './world.ts';

type Registry = NonNullable<ReturnType<EcsWorld['cloudMap']['registry']>>;

/** The address under which a task is reached: its own interface, or the instance it runs on. */
export function taskAddress(task: Task): string | undefined {
  return task.networkInterface?.privateIp ?? task.containerInstance?.privateIp;
}

function registeredPort(task: Task, binding: ServiceRegistry, registry: Registry): number | undefined {
  if (!registry.recordTypes.includes('SRV') && binding.containerPort === undefined) return undefined;
  if (binding.port !== undefined) return binding.port;
  if (task.networkInterface !== undefined) return binding.containerPort;
  return task.bindings.find(
    (bound) => bound.containerName === binding.containerName && bound.containerPort === binding.containerPort,
  )?.hostPort;
}

const present = (attributes: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** What ECS writes on the Cloud Map instance of a task. No tag of the service or the task is among it. */
function attributes(world: EcsWorld, task: Task, binding: ServiceRegistry, registry: Registry) {
  return present({
    AWS_INSTANCE_IPV4: taskAddress(task),
    AWS_INSTANCE_PORT: registeredPort(task, binding, registry)?.toString(),
    AVAILABILITY_ZONE: task.availabilityZone,
    REGION: world.context.region,
    ECS_CLUSTER_NAME: task.cluster.name,
    ECS_SERVICE_NAME: task.service.name,
    ECS_TASK_DEFINITION_FAMILY: task.definition.family,
    EC2_INSTANCE_ID: task.containerInstance?.ec2InstanceId,
    AWS_INIT_HEALTH_STATUS: registry.customHealth ? 'UNHEALTHY' : undefined,
  });
}

/** Registers a task where its deployment says; a registry that is gone by then is passed over. */
export function register(world: EcsWorld, task: Task): void {
  const [binding] = task.deployment.revision.serviceRegistries;
  const registry = binding === undefined ? undefined : world.cloudMap.registry(binding.registryArn);
  if (binding === undefined || registry === undefined) return;
  world.cloudMap.register(registry.id, task.id, attributes(world, task, binding, registry));
  task.registeredIn = registry.id;
  if (registry.customHealth) world.cloudMap.setHealth(registry.id, task.id, 'UNHEALTHY');
}

export function deregister(world: EcsWorld, task: Task): void {
  if (task.registeredIn === undefined) return;
  world.cloudMap.deregister(task.registeredIn, task.id);
  task.registeredIn = undefined;
}

/** A registry with a custom health check learns that the task is well. */
export function reportHealthy(world: EcsWorld, task: Task): void {
  const [binding] = task.deployment.revision.serviceRegistries;
  if (task.registeredIn === undefined || binding === undefined) return;
  if (world.cloudMap.registry(binding.registryArn)?.customHealth === true)
    world.cloudMap.setHealth(task.registeredIn, lastSegment(task.arn), 'HEALTHY');
}
