import { createHash } from 'node:crypto';

import type { DesiredTarget } from '../state/desired.ts';
import type { ObservedNamespace, ObservedRegistry } from '../state/observed.ts';
import { block, registrySubject } from './blocked.ts';
import type { Blocked, Change, CreateRegistry, Drift, RegistryRef } from './types.ts';

export function registryRef(target: DesiredTarget, registry: ObservedRegistry): RegistryRef {
  const { id, arn, name } = registry;
  return { id, arn, name, namespace: target.registry.namespace };
}

export function createRegistry(
  target: DesiredTarget,
  namespace: ObservedNamespace,
  tags: ReadonlyMap<string, string>,
  owner: string,
): CreateRegistry {
  const { registry } = target;
  return {
    kind: 'createRegistry',
    target: target.name,
    namespace: { id: namespace.id, arn: namespace.arn, name: namespace.name },
    name: registry.name,
    description: registry.description ?? `Scrape target ${target.name} of ecs-prometheus-operator`,
    dns: namespace.type === 'HTTP' ? undefined : registry.dns,
    tags: Object.fromEntries(tags),
    creatorRequestId: creatorRequestId(owner, registry.namespace, registry.name),
  };
}

/** At most 64 characters; the separator cannot occur in a name, so no two triples share a text. */
function creatorRequestId(owner: string, namespace: string, name: string): string {
  const hash = createHash('sha256').update([owner, namespace, name].join('\0')).digest('hex');
  return `ecs-prometheus-operator-${hash.slice(0, 40)}`;
}

/**
 * What Cloud Map can never change. A missing routing policy means MULTIVALUE; the order of records
 * says nothing; health check settings are not compared, because AWS fills them in by itself.
 */
export function findImmutableDifference(
  target: DesiredTarget,
  namespace: ObservedNamespace,
  registry: ObservedRegistry,
): Blocked | undefined {
  if (namespace.type === 'HTTP') return undefined;
  const wanted = target.registry.dns;
  const types = registry.dnsRecords.map(({ type }) => type).sort();
  const differences: string[] = [];
  if (types.join() !== wanted.recordType) {
    differences.push(`DNS record type is ${types.join(' and ') || 'none'}, not ${wanted.recordType}`);
  }
  const routing = registry.routingPolicy ?? 'MULTIVALUE';
  if (types.length > 0 && routing !== wanted.routingPolicy) {
    differences.push(`routing policy is ${routing}, not ${wanted.routingPolicy}`);
  }
  return differences.length === 0 ? undefined : immutableFieldChanged(target, differences);
}

function immutableFieldChanged(target: DesiredTarget, differences: readonly string[]): Blocked {
  const about = { subject: registrySubject(target), condition: 'RegistrySynced' } as const;
  return block(target, about, {
    reason: 'ImmutableFieldChanged',
    message: `Replacement needed: ${differences.join('; ')}. Cloud Map cannot change this, and a registry is never recreated silently.`,
    remedy:
      'Write what the registry has in spec.registry (dnsRecord.type, routingPolicy), or name a new one in spec.registry.name; a new registry means that the ECS service is bound again, which replaces its tasks.',
  });
}

interface Fields {
  readonly ttl: number | undefined;
  readonly description: string;
}

/** TTL and description: all that Cloud Map lets anyone change, and in an HTTP namespace not even those. */
export function planFields(
  target: DesiredTarget,
  namespace: ObservedNamespace,
  registry: ObservedRegistry,
): { readonly changes: readonly Change[]; readonly drift: readonly Drift[] } {
  const before = { ttl: registry.dnsRecords[0]?.ttl, description: registry.description };
  const after = {
    ttl: namespace.type === 'HTTP' ? before.ttl : target.registry.dns.ttl,
    description: target.registry.description ?? before.description,
  };
  if (before.ttl === after.ttl && before.description === after.description) return { changes: [], drift: [] };
  if (namespace.type === 'HTTP') return { changes: [], drift: [descriptionDrift(target, before, after)] };
  const change = { target: target.name, registry: registryRef(target, registry), before, after };
  return { changes: [{ kind: 'updateRegistry', ...change }], drift: [] };
}

/** Cosmetic, so it is told and does not keep the target from being ready. */
function descriptionDrift(target: DesiredTarget, before: Fields, after: Fields): Drift {
  return {
    target: target.name,
    subject: registrySubject(target),
    field: 'description',
    before: before.description,
    after: after.description,
    why: 'Cloud Map cannot update a registry in an HTTP namespace.',
  };
}
