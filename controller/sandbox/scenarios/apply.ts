import { METRICS_LABELS } from '../metrics-labels.ts';
import { AwsFault } from '../service.ts';
import { invalidScenario } from './invalid.ts';
import type { CloudMap } from '../cloudmap/cloudmap.ts';
import type { Ecs } from '../ecs/ecs.ts';
import type { JsonService } from '../service.ts';
import type {
  Scenario,
  ScenarioCluster,
  ScenarioContainer,
  ScenarioRegistry,
  ScenarioService,
  ScenarioTaskDefinition,
} from './scenario.ts';

export interface ScenarioWorld {
  readonly ecs: Ecs;
  readonly cloudMap: CloudMap;
}

/** ARNs of what the scenario's names stand for. */
interface Names {
  readonly namespaces: Map<string, string>;
  readonly registries: Map<string, string>;
}

function perform(service: JsonService, operation: string, input: Record<string, unknown>): unknown {
  const run = service.operations[operation];
  if (run === undefined) throw invalidScenario(`The sandbox has no operation ${service.name}:${operation}.`);
  return run(input);
}

const pairs = (tags: Readonly<Record<string, string>> = {}): [string, string][] => Object.entries(tags);
const ecsTags = (tags?: Readonly<Record<string, string>>) =>
  pairs(tags).map(([key, value]) => ({ key, value }));
const cloudMapTags = (tags: Readonly<Record<string, string>>) =>
  pairs(tags).map(([Key, Value]) => ({ Key, Value }));

/** What ECS would refuse is a fault of the scenario, told with the name of what it is about. */
function refusedAs(subject: string, action: () => unknown): void {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof AwsFault) throw invalidScenario(`${subject}: ${thrown.code}: ${thrown.message}`);
    throw thrown;
  }
}

function createNamespaces(world: ScenarioWorld, scenario: Scenario, names: Names): void {
  for (const { name, type = 'DNS_PRIVATE', shared = false } of scenario.namespaces ?? [])
    names.namespaces.set(name, world.cloudMap.createNamespace({ name, type, shared }).arn);
}

function registryInput(registry: ScenarioRegistry, namespaceArn: string): Record<string, unknown> {
  const { name, recordType = 'A', ttl = 10, customHealth = false, tags } = registry;
  return {
    Name: name,
    NamespaceId: namespaceArn,
    ...(recordType !== 'NONE' && {
      DnsConfig: {
        RoutingPolicy: recordType === 'SRV' ? 'MULTIVALUE' : 'WEIGHTED',
        DnsRecords: [{ Type: recordType, TTL: ttl }],
      },
    }),
    ...(customHealth && { HealthCheckCustomConfig: {} }),
    ...(tags !== undefined && { Tags: cloudMapTags(tags) }),
  };
}

function arnOfCreated(output: unknown): string {
  if (typeof output === 'object' && output !== null && 'Service' in output) {
    const { Service: service } = output;
    if (typeof service === 'object' && service !== null && 'Arn' in service) return String(service.Arn);
  }
  throw invalidScenario('Cloud Map answered CreateService without an ARN.');
}

function createRegistries(world: ScenarioWorld, scenario: Scenario, names: Names): void {
  for (const registry of scenario.registries ?? []) {
    const namespaceArn = names.namespaces.get(registry.namespace);
    if (namespaceArn === undefined)
      throw invalidScenario(
        `Registry ${registry.name}: the scenario has no namespace ${registry.namespace}. Add it to namespaces.`,
      );
    const input = registryInput(registry, namespaceArn);
    refusedAs(`Registry ${registry.name}`, () => {
      const output = perform(world.cloudMap.service, 'CreateService', input);
      names.registries.set(`${registry.namespace}/${registry.name}`, arnOfCreated(output));
    });
  }
}

function metricsLabels(container: ScenarioContainer): Record<string, string> {
  const { metrics } = container;
  if (metrics === undefined) return {};
  return {
    [METRICS_LABELS.profile]: metrics.profile,
    [METRICS_LABELS.port]: String(metrics.port),
    [METRICS_LABELS.path]: metrics.path ?? '/metrics',
  };
}

const containerInput = (container: ScenarioContainer): Record<string, unknown> => ({
  name: container.name,
  image: container.image ?? `${container.name}:latest`,
  essential: true,
  portMappings: container.ports ?? [],
  ...(container.healthCheck === true && { healthCheck: { command: ['CMD-SHELL', 'true'] } }),
  ...(container.metrics !== undefined && { dockerLabels: metricsLabels(container) }),
});

function registerTaskDefinition(world: ScenarioWorld, definition: ScenarioTaskDefinition): void {
  const input = {
    family: definition.family,
    ...(definition.networkMode !== undefined && { networkMode: definition.networkMode }),
    containerDefinitions: definition.containers.map(containerInput),
    tags: ecsTags(definition.tags),
  };
  refusedAs(`Task definition ${definition.family}`, () =>
    perform(world.ecs.service, 'RegisterTaskDefinition', input),
  );
}

const NETWORK = {
  awsvpcConfiguration: {
    subnets: ['subnet-0000000000000000a', 'subnet-0000000000000000b'],
    securityGroups: ['sg-00000000000000001'],
    assignPublicIp: 'DISABLED',
  },
};

function bindingOf(service: ScenarioService, names: Names): Record<string, unknown>[] {
  if (service.registry === undefined) return [];
  const { namespace, name, ...container } = service.registry;
  const registryArn = names.registries.get(`${namespace}/${name}`);
  if (registryArn === undefined)
    throw invalidScenario(
      `Service ${service.name}: the scenario has no registry ${namespace}/${name}. Add it to registries.`,
    );
  return [{ registryArn, ...container }];
}

function serviceInput(cluster: ScenarioCluster, service: ScenarioService, awsvpc: boolean, names: Names) {
  const {
    circuitBreaker,
    deploymentController,
    deploymentStrategy,
    schedulingStrategy = 'REPLICA',
  } = service;
  return {
    cluster: cluster.name,
    serviceName: service.name,
    taskDefinition: service.taskDefinition,
    launchType: service.launchType ?? 'EC2',
    schedulingStrategy,
    ...(schedulingStrategy === 'REPLICA' && { desiredCount: service.desiredCount ?? 1 }),
    ...(awsvpc && { networkConfiguration: NETWORK }),
    serviceRegistries: bindingOf(service, names),
    deploymentConfiguration: {
      ...(circuitBreaker !== undefined && { deploymentCircuitBreaker: circuitBreaker }),
      ...(deploymentStrategy !== undefined && { strategy: deploymentStrategy }),
    },
    ...(deploymentController !== undefined && { deploymentController: { type: deploymentController } }),
    tags: ecsTags(service.tags),
  };
}

function createCluster(world: ScenarioWorld, cluster: ScenarioCluster): void {
  perform(world.ecs.service, 'CreateCluster', { clusterName: cluster.name, tags: ecsTags(cluster.tags) });
  for (let added = 0; added < (cluster.containerInstances ?? 0); added += 1)
    world.ecs.addContainerInstance(cluster.name);
  for (let added = 0; added < (cluster.externalInstances ?? 0); added += 1)
    world.ecs.addContainerInstance(cluster.name, { external: true });
}

/** Brings an empty sandbox into the state that the scenario describes. */
export function applyScenario(world: ScenarioWorld, scenario: Scenario): void {
  const names: Names = { namespaces: new Map(), registries: new Map() };
  createNamespaces(world, scenario, names);
  createRegistries(world, scenario, names);
  for (const definition of scenario.taskDefinitions ?? []) registerTaskDefinition(world, definition);
  const awsvpc = new Set(
    (scenario.taskDefinitions ?? []).flatMap(({ family, networkMode }) =>
      networkMode === 'awsvpc' ? [family] : [],
    ),
  );
  for (const cluster of scenario.clusters ?? []) {
    createCluster(world, cluster);
    for (const service of cluster.services ?? []) {
      const [family = ''] = service.taskDefinition.split(':');
      const input = serviceInput(cluster, service, awsvpc.has(family), names);
      const { resourceManagementType } = service;
      const managed = resourceManagementType === undefined ? {} : { resourceManagementType };
      refusedAs(`Service ${service.name}`, () => world.ecs.createSteadyService(input, managed));
    }
  }
}
