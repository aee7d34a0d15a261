import { AwsFault } from '../service.ts';
import { members } from '../members.ts';
import type { InstanceRegistry, SandboxContext } from '../service.ts';
import type { Json, Members } from '../members.ts';
import type { AddressPool } from './addresses.ts';
import type { Cluster, Service, Task, TaskDefinition } from './model.ts';
import type { EcsTiming } from './timing.ts';

/** Everything one region of one account holds of ECS. */
export interface EcsWorld {
  readonly context: SandboxContext;
  readonly cloudMap: InstanceRegistry;
  readonly timing: EcsTiming;
  readonly addresses: AddressPool;
  readonly clusters: Map<string, Cluster>;
  /** Revisions of each family, the first at index 0. */
  readonly families: Map<string, TaskDefinition[]>;
  /** Told after each change of a task. */
  readonly watchers: Set<(task: Task) => void>;
  /** Asked for each task that is about to run: true makes its container exit instead. */
  crashes(task: Task): boolean;
  nextOrder(): string;
}

/** The parsed input of an ECS call. */
export const ecsInput = (input: Json): Members => members(input, 'InvalidParameterException');

export const invalidParameter = (message: string): AwsFault =>
  new AwsFault('InvalidParameterException', message);

export const clientException = (message: string): AwsFault => new AwsFault('ClientException', message);

export const arnOf = (world: EcsWorld, resource: string): string =>
  `arn:aws:ecs:${world.context.region}:${world.context.account}:${resource}`;

export const lastSegment = (arnOrName: string): string => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);

/** ECS timestamps are epoch seconds. */
export const seconds = (milliseconds: number): number => milliseconds / 1000;

/** Eight digits from each random number: ids of thousands of tasks are made at once. */
export function hex(world: EcsWorld, length: number): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(world.context.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}

export function digits(world: EcsWorld, length: number): string {
  return Array.from({ length }, (_, index) =>
    String(
      index === 0 ? 1 + Math.floor(world.context.random() * 9) : Math.floor(world.context.random() * 10),
    ),
  ).join('');
}

/** The cluster that a call names; `default` when it names none. */
export function requireCluster(world: EcsWorld, reference: string | undefined): Cluster {
  const cluster = world.clusters.get(lastSegment(reference ?? 'default'));
  if (cluster === undefined) throw new AwsFault('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

/** A service by name, by its short ARN, or by its long ARN when that names the same cluster. */
export function findService(cluster: Cluster, reference: string): Service | undefined {
  const service = cluster.services.get(lastSegment(reference));
  if (service === undefined || !reference.startsWith('arn:')) return service;
  const isShort = reference.endsWith(`:service/${service.name}`);
  return isShort || reference === service.arn ? service : undefined;
}

export function requireService(cluster: Cluster, reference: string): Service {
  const service = findService(cluster, reference);
  if (service === undefined) throw new AwsFault('ServiceNotFoundException', 'Service not found.');
  return service;
}

/** A task definition by ARN, `family:revision` or family (its newest revision). */
export function findTaskDefinition(world: EcsWorld, reference: string): TaskDefinition | undefined {
  const [family = '', revision] = lastSegment(reference).split(':');
  const revisions = world.families.get(family);
  return revision === undefined ? revisions?.at(-1) : revisions?.[Number(revision) - 1];
}

export const missing = (arn: string): { arn: string; reason: 'MISSING' } => ({ arn, reason: 'MISSING' });
