import type { BindService, Change, CreateRegistry, Plan } from '../../controller/plan/types.ts';
import { serviceKey } from '../../controller/state/keys.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedState,
  Read,
  ServiceRegistryBinding,
} from '../../controller/state/observed.ts';

/** What AWS would hold after a plan was carried out and every rollout has ended. */
export function applyToObserved(plan: Plan, observed: ObservedState): ObservedState {
  return plan.changes.reduce(applyChange, observed);
}

function applyChange(state: ObservedState, change: Change): ObservedState {
  switch (change.kind) {
    case 'createRegistry':
      return editNamespace(state, change.namespace.name, (registries) =>
        registries.set(change.name, createdRegistry(change)),
      );
    case 'updateRegistry':
      return editRegistry(state, change.registry, (registry) => ({
        ...registry,
        description: change.after.description,
        dnsRecords: registry.dnsRecords.map((record) => ({ ...record, ttl: change.after.ttl ?? record.ttl })),
      }));
    case 'tagRegistry':
      return editTags(state, change.registry, (tags) => ({ ...tags, ...change.after }));
    case 'untagRegistry':
      return editTags(state, change.registry, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !(key in change.before))),
      );
    case 'bindService':
      return bind(state, change);
    case 'unbindService':
      return setBindings(state, change, change.after);
    case 'deleteRegistry':
      return editNamespace(
        state,
        change.registry.namespace,
        (registries) => new Map([...registries].filter(([name]) => name !== change.registry.name)),
      );
  }
}

function createdRegistry(change: CreateRegistry): ObservedRegistry {
  const id = `srv-${change.name}`;
  return {
    id,
    arn: `arn:aws:servicediscovery:eu-west-1:111122223333:service/${id}`,
    name: change.name,
    description: change.description,
    dnsRecords: change.dns === undefined ? [] : [{ type: change.dns.recordType, ttl: change.dns.ttl }],
    routingPolicy: change.dns?.routingPolicy,
    tags: { kind: 'complete', value: change.tags },
  };
}

function bind(state: ObservedState, change: BindService): ObservedState {
  const namespace = valueOf(state.namespaces.get(change.registry.namespace));
  const registryArn = change.after.registryArn ?? namespace?.registries.get(change.registry.name)?.arn;
  if (registryArn === undefined) throw new Error(`no registry ${change.registry.name}`);
  return setBindings(state, change, [{ ...change.after, registryArn }]);
}

function setBindings(
  state: ObservedState,
  { service: { clusterName, name } }: Pick<BindService, 'service'>,
  serviceRegistries: readonly ServiceRegistryBinding[],
): ObservedState {
  const key = serviceKey({ cluster: clusterName, service: name });
  const service = valueOf(state.services.get(key));
  if (service === undefined) throw new Error(`no service ${key}`);
  const value: ObservedService = { ...service, serviceRegistries };
  return { ...state, services: new Map([...state.services, [key, { kind: 'complete', value }]]) };
}

type RegistryAt = { readonly namespace: string; readonly name: string };
type Tags = Readonly<Record<string, string>>;

const editTags = (state: ObservedState, at: RegistryAt, edit: (tags: Tags) => Tags): ObservedState =>
  editRegistry(state, at, (registry) => {
    if (registry.tags?.kind !== 'complete') throw new Error('cannot change tags that were not read');
    return { ...registry, tags: { kind: 'complete', value: edit(registry.tags.value) } };
  });

function editRegistry(
  state: ObservedState,
  at: RegistryAt,
  edit: (registry: ObservedRegistry) => ObservedRegistry,
): ObservedState {
  return editNamespace(state, at.namespace, (registries) => {
    const registry = registries.get(at.name);
    if (registry === undefined) throw new Error(`no registry ${at.namespace}/${at.name}`);
    return registries.set(at.name, edit(registry));
  });
}

function editNamespace(
  state: ObservedState,
  name: string,
  edit: (registries: Map<string, ObservedRegistry>) => Map<string, ObservedRegistry>,
): ObservedState {
  const namespace = valueOf(state.namespaces.get(name));
  if (namespace === undefined) throw new Error(`no namespace ${name}`);
  const value: ObservedNamespace = { ...namespace, registries: edit(new Map(namespace.registries)) };
  return { ...state, namespaces: new Map([...state.namespaces, [name, { kind: 'complete', value }]]) };
}

const valueOf = <T>(read: Read<T> | undefined): T | undefined =>
  read?.kind === 'complete' ? read.value : undefined;
