import { copyForReading } from '../effects/copy.ts';
import { recordingOperations } from '../history.ts';
import { addressPool } from './addresses.ts';
import { clusterOperations } from './clusters.ts';
import { createService } from './create-service.ts';
import { rollBackOnRequest } from './deployments.ts';
import { instanceOperations } from './deregister-instance.ts';
import { requestSettle, taskEvents } from './scheduler.ts';
import { serviceDeploymentOperations } from './service-deployments.ts';
import { serviceOperations } from './service-operations.ts';
import { tagOperations } from './tags.ts';
import { taskDefinitionOperations } from './task-definitions.ts';
import { taskOperations } from './task-operations.ts';
import { failHealthCheck } from './tasks.ts';
import { realisticTiming } from './timing.ts';
import { arnOf, ecsInput, findTaskDefinition, hex, lastSegment, requireCluster } from './world.ts';
import { AwsFault } from '../service.ts';
import type { InstanceRegistry, JsonService, SandboxContext } from '../service.ts';
import type { AddressPool } from './addresses.ts';
import type { ContainerInstance, NetworkMode, ResourceManagementType, Service, Task } from './model.ts';
import type { EcsTiming } from './timing.ts';
import type { EcsWorld } from './world.ts';

export interface EcsOptions {
  readonly cloudMap: InstanceRegistry;
  readonly timing?: Partial<EcsTiming>;
  readonly addresses?: AddressPool;
}

/** ECS, with the handles that its API has no call for. */
export interface Ecs {
  readonly service: JsonService;
  /** A service whose tasks run already: what a scenario begins with. Takes the input of CreateService. */
  createSteadyService(
    input: Record<string, unknown>,
    options?: { readonly resourceManagementType?: ResourceManagementType },
  ): Service;
  /** Adds a container instance, as its agent would; daemon services put a task on it. */
  addContainerInstance(cluster: string, options?: ContainerInstanceOptions): ContainerInstance;
  /** Makes the containers of matching tasks exit when they should begin to run. Returns how to stop that. */
  crashWhen(matches: (task: Task) => boolean): () => void;
  /** Makes the container health check of a task fail. */
  failHealthCheck(taskId: string): void;
  /** Calls `watcher` after each change of a task. */
  watchTasks(watcher: (task: Task) => void): void;
  /** Rolls the running deployment of a service back, as StopServiceDeployment does. */
  rollBack(service: Service): void;
  /** All services that ECS still shows. */
  services(): Service[];
  /** Network mode of a task definition by ARN, `family:revision` or family. */
  networkModeOf(taskDefinition: string): NetworkMode | undefined;
  /** All tasks that ECS still shows. */
  tasks(): Task[];
  /** The state as it is now, for reads that come later. */
  snapshot(): () => JsonService['operations'];
}

export interface ContainerInstanceOptions {
  /** An instance of ECS Anywhere, which runs tasks of the launch type EXTERNAL only. */
  readonly external?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

function newWorld(
  context: SandboxContext,
  options: EcsOptions,
  crashes: Set<(task: Task) => boolean>,
): EcsWorld {
  let sequence = 0;
  return {
    context,
    cloudMap: options.cloudMap,
    timing: { ...realisticTiming, ...options.timing },
    addresses: options.addresses ?? addressPool({ first: '10.0.16.0', reuse: false }),
    clusters: new Map(),
    families: new Map(),
    watchers: new Set(),
    crashes: (task) => [...crashes].some((matches) => matches(task)),
    nextOrder: () => String(sequence++).padStart(9, '0'),
  };
}

function addContainerInstance(world: EcsWorld, clusterName: string, options: ContainerInstanceOptions) {
  const cluster = requireCluster(world, clusterName);
  const id = hex(world, 32);
  const zone = cluster.containerInstances.size % 2 === 0 ? 'a' : 'b';
  const instance: ContainerInstance = {
    order: world.nextOrder(),
    id,
    arn: arnOf(world, `container-instance/${cluster.name}/${id}`),
    ec2InstanceId: options.external === true ? `mi-0${hex(world, 16)}` : `i-0${hex(world, 16)}`,
    privateIp: world.addresses.take(),
    availabilityZone: `${world.context.region}${zone}`,
    registeredAt: world.context.clock.now(),
    tags: new Map(Object.entries(options.tags ?? {})),
    ports: new Set(),
    status: 'ACTIVE',
    taskCount: 0,
    nextPort: 32_768 + Math.floor(world.context.random() * 1000),
  };
  cluster.containerInstances.set(id, instance);
  for (const service of cluster.services.values()) requestSettle(world, service);
  return instance;
}

function findAnyTask(world: EcsWorld, taskId: string): Task | undefined {
  for (const cluster of world.clusters.values()) {
    const task = cluster.tasks.get(lastSegment(taskId));
    if (task !== undefined) return task;
  }
  return undefined;
}

const operationsOf = (world: EcsWorld): JsonService['operations'] =>
  recordingOperations(
    {
      ...clusterOperations(world),
      ...taskDefinitionOperations(world),
      ...serviceOperations(world),
      ...serviceDeploymentOperations(world),
      ...taskOperations(world),
      ...instanceOperations(world),
      ...tagOperations(world),
    },
    () => world.context.changing(),
  );

export function createEcs(context: SandboxContext, options: EcsOptions): Ecs {
  const crashes = new Set<(task: Task) => boolean>();
  const world = newWorld(context, options, crashes);
  return {
    service: {
      protocol: 'json',
      name: 'ecs',
      targetPrefix: 'AmazonEC2ContainerServiceV20141113',
      operations: operationsOf(world),
    },
    createSteadyService(input, given = {}) {
      context.changing();
      return createService(world, ecsInput(input), { ...given, start: 'steady' });
    },
    addContainerInstance(cluster, instance = {}) {
      context.changing();
      return addContainerInstance(world, cluster, instance);
    },
    crashWhen(matches) {
      crashes.add(matches);
      return () => crashes.delete(matches);
    },
    failHealthCheck(taskId) {
      context.changing();
      const task = findAnyTask(world, taskId);
      if (task !== undefined) failHealthCheck(world, task, taskEvents(world));
    },
    watchTasks: (watcher) => world.watchers.add(watcher),
    rollBack(service) {
      context.changing();
      if (!rollBackOnRequest(world, service))
        throw new AwsFault('ConflictException', 'The service has no deployment that can be rolled back.');
      requestSettle(world, service);
    },
    services: () => [...world.clusters.values()].flatMap((cluster) => [...cluster.services.values()]),
    networkModeOf: (reference) => findTaskDefinition(world, reference)?.networkMode,
    tasks: () => [...world.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]),
    snapshot() {
      const { clusters, families } = world;
      const then = { ...world, ...copyForReading({ clusters, families }) };
      return () => operationsOf(then);
    },
  };
}
