import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import type { Health, Instance, Namespace, Service } from './model.ts';
import { namespaceNotFound, serviceNotFound, servicesOf, sortedById, type Store } from './store.ts';

interface Found {
  readonly namespace: Namespace;
  readonly service: Service;
}

/** Discovery goes by the HttpName of the namespace, and names the owner of a shared one. */
function find(store: Store, input: Members): Found {
  const httpName = input.requiredText('NamespaceName', { max: 1024 });
  const serviceName = input.requiredText('ServiceName', { max: 127 });
  const owner = input.text('OwnerAccount', { pattern: /^\d{12}$/ }) ?? store.context.account;
  const namespace = [...store.namespaces.current.values()].find(
    (candidate) => candidate.httpName === httpName && candidate.owner === owner,
  );
  if (namespace === undefined) throw namespaceNotFound();
  const service = servicesOf(store.services.current, namespace.id).find(({ name }) => name === serviceName);
  if (service === undefined) throw serviceNotFound();
  return { namespace, service };
}

const matches = (wanted: ReadonlyMap<string, string> | undefined) => (instance: Instance) =>
  [...(wanted ?? [])].every(([key, value]) => instance.attributes[key] === value);

type HealthFilter = 'HEALTHY' | 'UNHEALTHY' | 'ALL' | 'HEALTHY_OR_ELSE_ALL';

const withHealth = (instances: readonly Instance[], health: Health): readonly Instance[] =>
  instances.filter((instance) => instance.health === health);

/** Services without a health check know no health: the filter is ignored. */
function byHealth(service: Service, instances: readonly Instance[], filter: string): readonly Instance[] {
  if (!service.customHealth && service.healthCheck === undefined) return instances;
  if (filter === 'HEALTHY' || filter === 'UNHEALTHY') return withHealth(instances, filter);
  if (filter === 'ALL') return instances;
  const healthy = withHealth(instances, 'HEALTHY');
  return healthy.length > 0 ? healthy : instances;
}

function shuffled<T>(store: Store, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, order: store.context.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

const HEALTH_FILTERS: readonly HealthFilter[] = ['HEALTHY', 'UNHEALTHY', 'ALL', 'HEALTHY_OR_ELSE_ALL'];

export function discoveryOperations(store: Store) {
  return {
    DiscoverInstances(json: Json) {
      const input = members(json, 'InvalidInput');
      const { namespace, service } = find(store, input);
      const maxResults = input.integer('MaxResults', { min: 1, max: 1000 }) ?? 100;
      const health = input.text('HealthStatus', { oneOf: HEALTH_FILTERS }) ?? 'HEALTHY';
      const asked = sortedById(service.instances.current).filter(matches(input.textMap('QueryParameters')));
      const preferred = asked.filter(matches(input.textMap('OptionalParameters')));
      const found = byHealth(service, preferred.length > 0 ? preferred : asked, health);
      return {
        Instances: shuffled(store, found)
          .slice(0, maxResults)
          .map((instance) => ({
            InstanceId: instance.id,
            NamespaceName: namespace.httpName,
            ServiceName: service.name,
            HealthStatus: instance.health,
            Attributes: instance.attributes,
          })),
        InstancesRevision: service.revision.value,
      };
    },

    DiscoverInstancesRevision(json: Json) {
      const { service } = find(store, members(json, 'InvalidInput'));
      return { InstancesRevision: service.revision.value };
    },
  };
}
