import { invalidParameter } from './ecs/world.ts';
import { containerInput, registryInput, serviceInput } from './scenarios/inputs.ts';
import { AwsFault } from './service.ts';
import type { CloudMap } from './cloudmap/cloudmap.ts';
import type { Service as CloudMapService } from './cloudmap/model.ts';
import type { Ecs } from './ecs/ecs.ts';
import type { Service } from './ecs/model.ts';
import type { ScenarioContainer, ScenarioRegistry, ScenarioService } from './scenarios/scenario.ts';
import type { JsonService } from './service.ts';

export interface ServiceRef {
  readonly cluster: string;
  readonly service: string;
}

export interface RegistryRef {
  readonly namespace: string;
  readonly name: string;
}

/**
 * What people and other programs do to the account while a client works with it. No call of these is recorded,
 * throttled or hit by a fault. What AWS would refuse is thrown as the `AwsFault` that it would be.
 */
export interface SandboxActions {
  scale(service: ServiceRef, desiredCount: number): void;
  /** Registers a new revision of the task definition, changed where containers are given, and deploys it. */
  deploy(service: ServiceRef, containers?: readonly ScenarioContainer[]): string;
  /** Replaces all tasks by equal ones. */
  redeploy(service: ServiceRef): void;
  /**
   * Gives the service a circuit breaker with rollback, and lets the tasks of everything that is deployed from now on
   * crash. Tasks of what was deployed before go on, so that a rollback succeeds. Returns how to stop that.
   */
  failDeployments(service: ServiceRef): () => void;
  /** Rolls the running deployment back, registries included. */
  rollBack(service: ServiceRef): void;
  stopTask(taskId: string): void;
  failHealthCheck(taskId: string): void;
  /** Returns the id of the instance. */
  addContainerInstance(cluster: string): string;
  /** Takes the instance away under its tasks. */
  deregisterContainerInstance(cluster: string, instanceId: string): void;
  addService(cluster: string, service: ScenarioService): void;
  /** Deletes a service that may still run tasks. */
  deleteService(service: ServiceRef): void;
  bind(
    service: ServiceRef,
    registry: RegistryRef,
    container?: { readonly containerName: string; readonly containerPort: number },
  ): void;
  unbind(service: ServiceRef): void;
  addRegistry(registry: ScenarioRegistry): void;
  tagRegistry(registry: RegistryRef, tags: Readonly<Record<string, string>>): void;
  untagRegistry(registry: RegistryRef, keys: readonly string[]): void;
  /** Deletes a registry, after deregistering the instances that it still has. */
  deleteRegistry(registry: RegistryRef): void;
}

type Input = Record<string, unknown>;

function perform(service: JsonService, operation: string, input: Input): void {
  const run = service.operations[operation];
  if (run === undefined) throw new AwsFault('UnknownOperationException', `${service.name}:${operation}`);
  run(input);
}

function requireService(ecs: Ecs, { cluster, service: name }: ServiceRef): Service {
  const service = ecs
    .services()
    .find((each) => each.cluster.name === cluster && each.name === name && each.status !== 'INACTIVE');
  if (service === undefined) throw new AwsFault('ServiceNotFoundException', `No service ${cluster}/${name}.`);
  return service;
}

function requireRegistry(cloudMap: CloudMap, { namespace, name }: RegistryRef): CloudMapService {
  const found = cloudMap
    .registries()
    .find((each) => each.namespace.name === namespace && each.service.name === name);
  if (found === undefined) throw new AwsFault('ServiceNotFound', `No registry ${namespace}/${name}.`);
  return found.service;
}

function requireTask(ecs: Ecs, taskId: string) {
  const task = ecs.tasks().find(({ id, arn }) => id === taskId || arn === taskId);
  if (task === undefined) throw invalidParameter(`No task ${taskId}.`);
  return task;
}

type EcsActions =
  | 'scale'
  | 'deploy'
  | 'redeploy'
  | 'failDeployments'
  | 'rollBack'
  | 'stopTask'
  | 'failHealthCheck'
  | 'addContainerInstance'
  | 'deregisterContainerInstance'
  | 'deleteService'
  | 'unbind';

function ecsActions(ecs: Ecs): Pick<SandboxActions, EcsActions> {
  const update = (ref: ServiceRef, change: Input): void =>
    perform(ecs.service, 'UpdateService', { ...ref, ...change });
  return {
    scale: (service, desiredCount) => update(service, { desiredCount }),
    deploy(ref, containers) {
      const {
        family,
        declaredNetworkMode: networkMode,
        containers: current,
      } = requireService(ecs, ref).taskDefinition;
      const containerDefinitions = containers?.map(containerInput) ?? current;
      perform(ecs.service, 'RegisterTaskDefinition', {
        family,
        containerDefinitions,
        ...(networkMode !== undefined && { networkMode }),
      });
      update(ref, { taskDefinition: family });
      return requireService(ecs, ref).taskDefinition.arn;
    },
    redeploy: (service) => update(service, { forceNewDeployment: true }),
    failDeployments(ref) {
      const service = requireService(ecs, ref);
      const known = new Set(service.revisions);
      update(ref, {
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      });
      return ecs.crashWhen((task) => task.service === service && !known.has(task.deployment.revision));
    },
    rollBack: (ref) => ecs.rollBack(requireService(ecs, ref)),
    stopTask(taskId) {
      const { arn, cluster } = requireTask(ecs, taskId);
      perform(ecs.service, 'StopTask', { cluster: cluster.name, task: arn });
    },
    failHealthCheck: (taskId) => ecs.failHealthCheck(requireTask(ecs, taskId).id),
    addContainerInstance: (cluster) => ecs.addContainerInstance(cluster).id,
    deregisterContainerInstance: (cluster, containerInstance) =>
      perform(ecs.service, 'DeregisterContainerInstance', { cluster, containerInstance, force: true }),
    deleteService: (service) => perform(ecs.service, 'DeleteService', { ...service, force: true }),
    unbind: (service) => update(service, { serviceRegistries: [] }),
  };
}

type RegistryActions = 'addRegistry' | 'tagRegistry' | 'untagRegistry' | 'deleteRegistry';

function registryActions(cloudMap: CloudMap): Pick<SandboxActions, RegistryActions> {
  const { service, instances } = cloudMap;
  const arnOf = (registry: RegistryRef): string => requireRegistry(cloudMap, registry).arn;
  return {
    addRegistry(registry) {
      const [namespaceId = registry.namespace] = cloudMap.idsOf(registry.namespace);
      perform(service, 'CreateService', registryInput(registry, namespaceId));
    },
    tagRegistry(registry, tags) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      perform(service, 'TagResource', { ResourceARN: arnOf(registry), Tags });
    },
    untagRegistry: (registry, keys) =>
      perform(service, 'UntagResource', { ResourceARN: arnOf(registry), TagKeys: keys }),
    deleteRegistry(registry) {
      const { id } = requireRegistry(cloudMap, registry);
      for (const instance of cloudMap.listInstances(id)) instances.deregister(id, instance.id);
      perform(service, 'DeleteService', { Id: id });
    },
  };
}

export function createActions(ecs: Ecs, cloudMap: CloudMap): SandboxActions {
  const registryArn = (registry: RegistryRef): string => requireRegistry(cloudMap, registry).arn;
  return {
    ...ecsActions(ecs),
    ...registryActions(cloudMap),
    addService: (cluster, service) =>
      perform(
        ecs.service,
        'CreateService',
        serviceInput(cluster, service, ecs.networkModeOf(service.taskDefinition) === 'awsvpc', registryArn),
      ),
    bind: (service, registry, container) =>
      perform(ecs.service, 'UpdateService', {
        ...service,
        serviceRegistries: [{ registryArn: registryArn(registry), ...container }],
      }),
  };
}
