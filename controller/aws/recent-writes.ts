import type { Clock } from '../reconcile/ports.ts';
import type { ObservedRegistry, ObservedService, ServiceRegistryBinding } from '../state/observed.ts';
import { createCache } from './cache.ts';
import type { Cache } from './cache.ts';
import { createTagCache } from './tag-cache.ts';
import type { TagCache } from './tag-cache.ts';

/**
 * AWS is eventually consistent: what we wrote may be missing from a list for a while, and a plan made
 * from such a list would write it again; for a binding that is a second rollout. The rule: for
 * {@link WRITE_MEMORY_MS} after a write of ours, observations show what we wrote, until one read has
 * shown it by itself. From then on, reads are believed, also when they show that somebody undid it.
 */
export interface RecentWrites {
  /** Registries that we created, by ARN. */
  readonly created: Cache<{ readonly namespaceId: string; readonly registry: ObservedRegistry }>;
  /** TTL and description that we gave to registries, by ARN. */
  readonly updated: Cache<RegistryUpdate>;
  /** Bindings that we gave to ECS services, by service ARN. */
  readonly bound: Cache<readonly ServiceRegistryBinding[]>;
  /** Reads are believed longer, own writes for {@link WRITE_MEMORY_MS}. */
  readonly tags: TagCache;
}

export interface RegistryUpdate {
  readonly ttl: number | undefined;
  readonly description: string;
}

export const WRITE_MEMORY_MS = 60_000;

export function createRecentWrites(clock: Pick<Clock, 'now'>): RecentWrites {
  const memory = { clock, ttlMs: WRITE_MEMORY_MS, maxEntries: 5000 };
  return {
    created: createCache(memory),
    updated: createCache(memory),
    bound: createCache(memory),
    tags: createTagCache(clock),
  };
}

/** The registries of a namespace as listed, with our own recent writes where the list lags behind. */
export function withRecentRegistries(
  namespaceId: string,
  listed: readonly ObservedRegistry[],
  writes: RecentWrites,
): readonly ObservedRegistry[] {
  for (const { arn } of listed) writes.created.delete(arn);
  const unlisted = writes.created
    .values()
    .filter((write) => write.namespaceId === namespaceId)
    .map((write) => write.registry);
  return [...listed, ...unlisted].map((registry) => withRecentUpdate(registry, writes));
}

function withRecentUpdate(registry: ObservedRegistry, { updated }: RecentWrites): ObservedRegistry {
  const update = updated.get(registry.arn);
  if (update === undefined) return registry;
  const { ttl, description } = update;
  const dnsRecords = registry.dnsRecords.map((record) => ({ ...record, ttl: ttl ?? record.ttl }));
  const shown =
    registry.description === description &&
    registry.dnsRecords.every((record) => record.ttl === (ttl ?? record.ttl));
  if (shown) updated.delete(registry.arn);
  return { ...registry, description, dnsRecords };
}

/** While a read does not show our binding, it does not show the deployment that ECS started for it either. */
export function withRecentBinding(service: ObservedService, { bound }: RecentWrites): ObservedService {
  const bindings = bound.get(service.arn);
  if (bindings === undefined) return service;
  if (equalBindings(bindings, service.serviceRegistries)) {
    bound.delete(service.arn);
    return service;
  }
  const deployments = service.deployments.map((deployment) =>
    deployment.status === 'PRIMARY'
      ? {
          ...deployment,
          rolloutState: 'IN_PROGRESS',
          rolloutStateReason: 'ECS does not show the new binding yet.',
        }
      : deployment,
  );
  return { ...service, serviceRegistries: bindings, deployments };
}

export function equalBindings(
  left: readonly ServiceRegistryBinding[],
  right: readonly ServiceRegistryBinding[],
): boolean {
  return (
    left.length === right.length &&
    left.every((binding, index) => {
      const other = right[index];
      return (
        other !== undefined &&
        binding.registryArn === other.registryArn &&
        binding.containerName === other.containerName &&
        binding.containerPort === other.containerPort &&
        binding.port === other.port
      );
    })
  );
}
