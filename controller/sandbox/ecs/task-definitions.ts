import { arnOf, clientException, ecsInput, findTaskDefinition, invalidParameter, seconds } from './world.ts';
import { ecsPage } from './pages.ts';
import { readTags, tagList } from './tags.ts';
import type { Members } from '../members.ts';
import type { ContainerDefinition, NetworkMode, PortMapping, TaskDefinition } from './model.ts';
import type { EcsWorld } from './world.ts';

const NETWORK_MODES: readonly NetworkMode[] = ['awsvpc', 'bridge', 'host', 'none'];
const FAMILY = /^[a-zA-Z0-9_-]{1,255}$/;

const given = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> => {
  const entry: Partial<Record<K, V>> = {};
  if (value !== undefined) entry[key] = value;
  return entry;
};

function hostPort(mapping: Members, mode: NetworkMode): number | undefined {
  const containerPort = mapping.integer('containerPort', { min: 0, max: 65_535 });
  const declared = mapping.integer('hostPort', { min: 0, max: 65_535 });
  if (mode === 'bridge') return declared ?? 0;
  if (declared !== undefined && declared !== 0 && declared !== containerPort)
    throw clientException(
      `When networkMode=${mode}, the host ports and container ports in port mappings must match.`,
    );
  return containerPort;
}

function readPortMapping(mapping: Members, mode: NetworkMode): PortMapping {
  const range = mapping.text('containerPortRange');
  const protocol = mapping.text('protocol', { oneOf: ['tcp', 'udp'] }) === 'udp' ? 'udp' : 'tcp';
  const common = {
    protocol,
    ...given('name', mapping.text('name')),
    ...given('appProtocol', mapping.text('appProtocol')),
  } as const;
  if (range !== undefined) return { ...common, containerPortRange: range };
  return {
    ...common,
    ...given('containerPort', mapping.integer('containerPort')),
    ...given('hostPort', hostPort(mapping, mode)),
  };
}

function readContainer(raw: Record<string, unknown>, mode: NetworkMode): ContainerDefinition {
  const container = ecsInput(raw);
  const name = container.text('name');
  if (name === undefined) throw clientException('Container.name should not be null or empty.');
  const labels = container.textMap('dockerLabels');
  return {
    ...raw,
    name,
    image: container.text('image') ?? '',
    essential: raw['essential'] === undefined ? true : container.flag('essential'),
    portMappings: (container.objects('portMappings') ?? []).map((mapping) => readPortMapping(mapping, mode)),
    ...given('dockerLabels', labels === undefined ? undefined : Object.fromEntries(labels)),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readContainers(raw: Record<string, unknown>, mode: NetworkMode): ContainerDefinition[] {
  const list: unknown = raw['containerDefinitions'];
  const entries = Array.isArray(list) ? list.filter(isRecord) : [];
  if (entries.length === 0) throw clientException('Container list cannot be empty.');
  return entries.map((entry) => readContainer(entry, mode));
}

function readNetworkMode(input: Members): NetworkMode | undefined {
  const text = input.text('networkMode', { oneOf: NETWORK_MODES });
  return NETWORK_MODES.find((mode) => mode === text);
}

function checkFargate(input: Members, mode: NetworkMode): void {
  if ((input.texts('requiresCompatibilities') ?? []).includes('FARGATE') && mode !== 'awsvpc')
    throw clientException("Fargate only supports network mode 'awsvpc'.");
}

function registerTaskDefinition(world: EcsWorld, raw: Record<string, unknown>): TaskDefinition {
  const input = ecsInput(raw);
  const family = input.text('family') ?? '';
  if (!FAMILY.test(family)) throw clientException('Family contains invalid characters.');
  const declared = readNetworkMode(input);
  const networkMode = declared ?? 'bridge';
  checkFargate(input, networkMode);
  const revisions = world.families.get(family) ?? [];
  const revision = revisions.length + 1;
  const definition: TaskDefinition = {
    arn: arnOf(world, `task-definition/${family}:${revision}`),
    family,
    revision,
    declaredNetworkMode: declared,
    networkMode,
    containers: readContainers(raw, networkMode),
    compatibilities: networkMode === 'awsvpc' ? ['EC2', 'FARGATE'] : ['EXTERNAL', 'EC2'],
    requiresCompatibilities: input.texts('requiresCompatibilities'),
    cpu: input.text('cpu'),
    memory: input.text('memory'),
    registeredAt: world.context.clock.now(),
    tags: readTags(input),
  };
  world.families.set(family, [...revisions, definition]);
  return definition;
}

const taskDefinitionView = (definition: TaskDefinition) => ({
  taskDefinitionArn: definition.arn,
  family: definition.family,
  revision: definition.revision,
  status: 'ACTIVE',
  networkMode: definition.declaredNetworkMode,
  containerDefinitions: definition.containers,
  volumes: [],
  placementConstraints: [],
  compatibilities: definition.compatibilities,
  requiresCompatibilities: definition.requiresCompatibilities,
  cpu: definition.cpu,
  memory: definition.memory,
  registeredAt: seconds(definition.registeredAt),
});

const withTags = (definition: TaskDefinition, wanted: boolean) => ({
  taskDefinition: taskDefinitionView(definition),
  ...(wanted && { tags: tagList(definition.tags) }),
});

function listArns(world: EcsWorld, input: Members) {
  const family = input.text('familyPrefix');
  if (family === '') throw invalidParameter('familyPrefix must not be empty.');
  const families = [...world.families.keys()]
    .sort()
    .filter((name) => family === undefined || name === family);
  return families
    .flatMap((name) => world.families.get(name) ?? [])
    .map(({ arn, family, revision }) => ({ arn, order: `${family}:${String(revision).padStart(9, '0')}` }));
}

export function taskDefinitionOperations(world: EcsWorld) {
  return {
    RegisterTaskDefinition(raw: Record<string, unknown>) {
      const definition = registerTaskDefinition(world, raw);
      return withTags(definition, definition.tags.size > 0);
    },
    DescribeTaskDefinition(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const definition = findTaskDefinition(world, input.requiredText('taskDefinition'));
      if (definition === undefined) throw clientException('Unable to describe task definition.');
      return withTags(definition, (input.texts('include') ?? []).includes('TAGS'));
    },
    ListTaskDefinitions(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const { items, ...next } = ecsPage(listArns(world, input), input, 100);
      return { taskDefinitionArns: items.map(({ arn }) => arn), ...next };
    },
  };
}
