import { AwsFault } from '../service.ts';
import { containerInput, ecsTags, registryInput, serviceInput } from './inputs.ts';
import { invalidScenario } from './invalid.ts';
import type { CloudMap } from '../cloudmap/cloudmap.ts';
import type { Ecs } from '../ecs/ecs.ts';
import type { JsonService } from '../service.ts';
import type { Scenario, ScenarioCluster, ScenarioService, ScenarioTaskDefinition } from './scenario.ts';

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

/** The ARN of the registry that a service names. */
const registryArn =
  (service: ScenarioService, { registries }: Names) =>
  ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => {
    const arn = registries.get(`${namespace}/${name}`);
    if (arn !== undefined) return arn;
    throw invalidScenario(
      `Service ${service.name}: the scenario has no registry ${namespace}/${name}. Add it to registries.`,
    );
  };

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
      const input = serviceInput(cluster.name, service, awsvpc.has(family), registryArn(service, names));
      const { resourceManagementType } = service;
      const managed = resourceManagementType === undefined ? {} : { resourceManagementType };
      refusedAs(`Service ${service.name}`, () => world.ecs.createSteadyService(input, managed));
    }
  }
}
