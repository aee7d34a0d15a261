import { arnOf, ecsInput, invalidParameter, lastSegment, missing, requireCluster, seconds } from './world.ts';
import { ecsPage } from './pages.ts';
import { readTags, tagList } from './tags.ts';
import { isPending } from './tasks.ts';
import type { Cluster, ContainerInstance } from './model.ts';
import type { Members } from '../members.ts';
import type { EcsWorld } from './world.ts';

const CLUSTER_NAME = /^[a-zA-Z0-9_-]{1,255}$/;
const MAX_DESCRIBED = 100;

function createCluster(world: EcsWorld, input: Members): Cluster {
  const name = input.text('clusterName') ?? 'default';
  if (!CLUSTER_NAME.test(name)) throw invalidParameter('Identifier contains invalid characters.');
  const existing = world.clusters.get(name);
  if (existing !== undefined) return existing;
  const cluster: Cluster = {
    order: world.nextOrder(),
    name,
    arn: arnOf(world, `cluster/${name}`),
    tags: readTags(input),
    services: new Map(),
    containerInstances: new Map(),
    tasks: new Map(),
  };
  world.clusters.set(name, cluster);
  return cluster;
}

function clusterView(cluster: Cluster, include: readonly string[]) {
  const tasks = [...cluster.tasks.values()];
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: cluster.containerInstances.size,
    runningTasksCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(isPending).length,
    activeServicesCount: [...cluster.services.values()].filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: include.includes('TAGS') ? tagList(cluster.tags) : [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}

function containerInstanceView(instance: ContainerInstance, cluster: Cluster, tags: boolean) {
  const tasks = [...cluster.tasks.values()].filter((task) => task.containerInstance === instance);
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2InstanceId,
    version: 1,
    status: instance.status,
    agentConnected: true,
    runningTasksCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(isPending).length,
    attributes: [{ name: 'ecs.availability-zone', value: instance.availabilityZone }],
    registeredAt: seconds(instance.registeredAt),
    attachments: [],
    tags: tags ? tagList(instance.tags) : [],
  };
}

export function requireIds(input: Members, member: string, most: number): readonly string[] {
  const ids = input.texts(member) ?? [];
  if (ids.length === 0) throw invalidParameter(`${member} can not be empty.`);
  if (ids.length > most) throw invalidParameter(`${member} can have at most ${most} items.`);
  return ids;
}

/** Found items and what is missing, as the Describe calls answer: an unknown id is no error. */
export function describeEach<T, V>(
  references: readonly string[],
  find: (reference: string) => T | undefined,
  view: (item: T) => V,
  arn: (reference: string) => string,
) {
  const found: V[] = [];
  const failures: { arn: string; reason: 'MISSING' }[] = [];
  for (const reference of references) {
    const item = find(reference);
    if (item === undefined) failures.push(missing(reference.startsWith('arn:') ? reference : arn(reference)));
    else found.push(view(item));
  }
  return { found, failures };
}

export function clusterOperations(world: EcsWorld) {
  return {
    CreateCluster(raw: Record<string, unknown>) {
      return { cluster: clusterView(createCluster(world, ecsInput(raw)), ['TAGS']) };
    },
    ListClusters(raw: Record<string, unknown>) {
      const { items, ...next } = ecsPage(world.clusters.values(), ecsInput(raw), 100);
      return { clusterArns: items.map(({ arn }) => arn), ...next };
    },
    DescribeClusters(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const references = input.has('clusters') ? requireIds(input, 'clusters', MAX_DESCRIBED) : ['default'];
      const include = input.texts('include') ?? [];
      const { found, failures } = describeEach(
        references,
        (reference) => world.clusters.get(lastSegment(reference)),
        (cluster) => clusterView(cluster, include),
        (reference) => arnOf(world, `cluster/${reference}`),
      );
      return { clusters: found, failures };
    },
    ListContainerInstances(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const cluster = requireCluster(world, input.text('cluster'));
      const status = input.text('status');
      const instances = [...cluster.containerInstances.values()].filter(
        (instance) => status === undefined || instance.status === status,
      );
      const { items, ...next } = ecsPage(instances, input, 100);
      return { containerInstanceArns: items.map(({ arn }) => arn), ...next };
    },
    DescribeContainerInstances(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const cluster = requireCluster(world, input.text('cluster'));
      const tags = (input.texts('include') ?? []).includes('TAGS');
      const { found, failures } = describeEach(
        requireIds(input, 'containerInstances', MAX_DESCRIBED),
        (reference) => cluster.containerInstances.get(lastSegment(reference)),
        (instance) => containerInstanceView(instance, cluster, tags),
        (reference) => arnOf(world, `container-instance/${cluster.name}/${reference}`),
      );
      return { containerInstances: found, failures };
    },
  };
}
