import { randomName } from '../identifiers.ts';
import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { changeOf } from './service-change.ts';
import { filteredPage, filtersOf, ID_OR_ARN, nextToken, ownerMatches, type Filter } from './lists.ts';
import type { DnsConfig, HealthCheck, Namespace, Service } from './model.ts';
import { submit } from './operations.ts';
import { serviceConfigOf, SERVICE_NAME } from './service-config.ts';
import {
  epochSeconds,
  getNamespace,
  getService,
  invalidInput,
  isArn,
  isShared,
  namespaceOf,
  servicesOf,
  sortedById,
  type Store,
} from './store.ts';
import { newTagsOf, sharedTags } from './tags.ts';

const dnsView = (dns: DnsConfig, namespaceId: string) => ({
  NamespaceId: namespaceId,
  RoutingPolicy: dns.routingPolicy,
  DnsRecords: dns.records.map(({ type, ttl }) => ({ Type: type, TTL: ttl })),
});

const healthView = (check: HealthCheck) => ({
  Type: check.type,
  ResourcePath: check.resourcePath,
  FailureThreshold: check.failureThreshold,
});

/** Members with the value undefined do not travel: JSON leaves them out. */
const summaryOf = (store: Store, service: Service) => ({
  Id: service.id,
  Arn: service.arn,
  ResourceOwner: namespaceOf(store, service).owner,
  CreatedByAccount: service.createdBy,
  Name: service.name,
  Type: service.type,
  Description: service.description,
  InstanceCount: service.instances.listed.size,
  DnsConfig: service.dns && dnsView(service.dns, service.namespaceId),
  HealthCheckConfig: service.healthCheck && healthView(service.healthCheck),
  HealthCheckCustomConfig: service.customHealth ? { FailureThreshold: 1 } : undefined,
  CreateDate: epochSeconds(service.createdAt),
});

const viewOf = (store: Store, service: Service) => ({
  ...summaryOf(store, service),
  NamespaceId: service.namespaceId,
  CreatorRequestId: service.creatorRequestId,
});

/** Names in a DNS namespace are DNS names, which do not know case; those of API-only services do. */
function collision(store: Store, namespace: Namespace, name: string): Service | undefined {
  const spelled = (text: string): string => (namespace.type === 'HTTP' ? text : text.toLowerCase());
  return servicesOf(store.services.current, namespace.id).find(
    (service) => spelled(service.name) === spelled(name),
  );
}

const alreadyExists = (service: Service): AwsFault =>
  new AwsFault('ServiceAlreadyExists', 'Service already exists.', {
    fields: {
      CreatorRequestId: service.creatorRequestId,
      ServiceId: service.id,
      ServiceArn: service.arn,
    },
  });

function createService(store: Store, input: Members): Service {
  const { context } = store;
  const name = input.requiredText('Name', SERVICE_NAME);
  const creatorRequestId = input.text('CreatorRequestId', { max: 64 });
  const description = input.text('Description', { max: 1024 });
  const namespaceId =
    input.text('NamespaceId', ID_OR_ARN) ?? input.object('DnsConfig')?.text('NamespaceId', ID_OR_ARN);
  if (namespaceId === undefined) throw invalidInput('NamespaceId is required.');
  const namespace = getNamespace(store, namespaceId);
  const config = serviceConfigOf(input, namespace);
  const tags = newTagsOf(input, name);
  if (tags.size > 0 && isShared(store, namespace)) throw sharedTags('TagResource', namespace.arn);
  const existing = collision(store, namespace, name);
  if (existing !== undefined) throw alreadyExists(existing);
  const id = `srv-${randomName(context, 16)}`;
  return {
    id,
    arn: `arn:aws:servicediscovery:${context.region}:${namespace.owner}:service/${id}`,
    name,
    namespaceId: namespace.id,
    description,
    creatorRequestId,
    createdBy: context.account,
    createdAt: context.clock.now(),
    ...config,
    tags: store.newTags(tags),
    attributes: new Map(),
    instances: store.newInstances(),
    revision: { value: 1 },
  };
}

function serviceMatches(store: Store, filter: Filter, service: Service): boolean {
  const namespace = namespaceOf(store, service);
  if (filter.name === 'RESOURCE_OWNER') return ownerMatches(filter, namespace.owner, store.context.account);
  const [wanted = ''] = filter.values;
  return isArn(wanted) ? namespace.arn === wanted : namespace.id === wanted && !isShared(store, namespace);
}

function deleteService(store: Store, service: Service): void {
  const working = [...store.busy.keys()].some((key) => key.startsWith(`instance/${service.id}/`));
  if (service.instances.current.size > 0 || working)
    throw new AwsFault(
      'ResourceInUse',
      'Service contains registered instances; delete the instances before deleting the service',
    );
  store.services.delete(service.id);
}

export function serviceOperations(store: Store) {
  return {
    CreateService(json: Json) {
      const service = createService(store, members(json, 'InvalidInput'));
      store.services.set(service.id, service);
      return { Service: viewOf(store, service) };
    },

    GetService(json: Json) {
      const input = members(json, 'InvalidInput');
      return { Service: viewOf(store, getService(store, input.requiredText('Id', ID_OR_ARN))) };
    },

    ListServices(json: Json) {
      const input = members(json, 'InvalidInput');
      const filters = filtersOf(input, { NAMESPACE_ID: ['EQ'], RESOURCE_OWNER: ['EQ'] });
      const page = filteredPage(input, sortedById(store.services.listed), (service) =>
        filters.every((filter) => serviceMatches(store, filter, service)),
      );
      return { Services: page.items.map((service) => summaryOf(store, service)), ...nextToken(page) };
    },

    UpdateService(json: Json) {
      const input = members(json, 'InvalidInput');
      const service = getService(store, input.requiredText('Id', ID_OR_ARN));
      const namespace = namespaceOf(store, service);
      const change = changeOf(store, service, namespace, input.requiredObject('Service'));
      const OperationId = submit(store, {
        type: 'UPDATE_SERVICE',
        targets: { SERVICE: service.id },
        namespace,
        key: `service/${service.id}`,
        apply: () => store.services.set(service.id, { ...getService(store, service.arn), ...change }),
      });
      return { OperationId };
    },

    DeleteService(json: Json) {
      const input = members(json, 'InvalidInput');
      deleteService(store, getService(store, input.requiredText('Id', ID_OR_ARN)));
      return {};
    },
  };
}
