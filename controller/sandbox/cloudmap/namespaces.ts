import { randomName } from '../identifiers.ts';
import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import {
  filteredPage,
  filtersOf,
  ID_OR_ARN,
  nextToken,
  ownerMatches,
  textMatches,
  type Filter,
} from './lists.ts';
import type { Namespace, NamespaceType } from './model.ts';
import { submit } from './operations.ts';
import {
  epochSeconds,
  getNamespace,
  invalidInput,
  isShared,
  namespaceNotFound,
  servicesOf,
  sortedById,
  type Store,
} from './store.ts';
import { newTagsOf } from './tags.ts';

export interface NewNamespace {
  readonly name: string;
  readonly type: NamespaceType;
  /** Default: the name, or the name and a hash where another namespace has taken it. */
  readonly httpName?: string;
  readonly owner?: string;
  readonly description?: string | undefined;
  readonly creatorRequestId?: string | undefined;
  readonly vpc?: string;
  readonly soaTtl?: number;
  readonly tags?: ReadonlyMap<string, string>;
}

const SOA_TTL = { DNS_PRIVATE: 15, DNS_PUBLIC: 15 };

function freeHttpName(store: Store, name: string, owner: string): string {
  const taken = [...store.namespaces.current.values()].some(
    (namespace) => namespace.httpName === name && namespace.owner === owner,
  );
  return taken ? `${name}-${randomName(store.context, 8)}` : name;
}

/** A namespace as it will be; it exists once it is put into the store. */
export function buildNamespace(store: Store, wanted: NewNamespace): Namespace {
  const { context } = store;
  const owner = wanted.owner ?? context.account;
  const id = `ns-${randomName(context, 16)}`;
  const hostedZone = wanted.type !== 'HTTP' && {
    id: `Z${randomName(context, 20).toUpperCase()}`,
    soaTtl: wanted.soaTtl ?? SOA_TTL[wanted.type],
    ...(wanted.vpc !== undefined && { vpc: wanted.vpc }),
  };
  return {
    id,
    arn: `arn:aws:servicediscovery:${context.region}:${owner}:namespace/${id}`,
    name: wanted.name,
    httpName: wanted.httpName ?? freeHttpName(store, wanted.name, owner),
    type: wanted.type,
    owner,
    description: wanted.description,
    creatorRequestId: wanted.creatorRequestId,
    createdAt: context.clock.now(),
    hostedZone: hostedZone === false ? undefined : hostedZone,
    tags: store.newTags(wanted.tags ?? new Map()),
  };
}

const summaryOf = (store: Store, namespace: Namespace) => ({
  Id: namespace.id,
  Arn: namespace.arn,
  ResourceOwner: namespace.owner,
  Name: namespace.name,
  Type: namespace.type,
  Description: namespace.description,
  ServiceCount: servicesOf(store.services.listed, namespace.id).length,
  Properties: {
    DnsProperties: namespace.hostedZone && {
      HostedZoneId: namespace.hostedZone.id,
      SOA: { TTL: namespace.hostedZone.soaTtl },
    },
    HttpProperties: { HttpName: namespace.httpName },
  },
  CreateDate: epochSeconds(namespace.createdAt),
});

/** One hosted zone per name and VPC, one per public name, one HTTP namespace per name. */
function checkFree(store: Store, wanted: NewNamespace): void {
  const existing = [...store.namespaces.current.values()].find(
    (namespace) =>
      !isShared(store, namespace) &&
      namespace.type === wanted.type &&
      namespace.name === wanted.name &&
      namespace.hostedZone?.vpc === wanted.vpc,
  );
  if (existing !== undefined)
    throw new AwsFault(
      'NamespaceAlreadyExists',
      "The namespace that you're trying to create already exists.",
      { fields: { CreatorRequestId: existing.creatorRequestId, NamespaceId: existing.id } },
    );
  const own = [...store.namespaces.current.values()].filter((namespace) => !isShared(store, namespace));
  if (own.length >= store.quotas.namespaces)
    throw new AwsFault('ResourceLimitExceeded', `The quota is ${store.quotas.namespaces} namespaces.`);
}

function submitCreation(store: Store, wanted: NewNamespace): { OperationId: string } {
  checkFree(store, wanted);
  const namespace = buildNamespace(store, wanted);
  const OperationId = submit(store, {
    type: 'CREATE_NAMESPACE',
    targets: { NAMESPACE: namespace.id },
    namespace,
    key: `namespace/${wanted.type}/${wanted.name}/${wanted.vpc ?? ''}`,
    apply: () => {
      checkFree(store, wanted);
      store.namespaces.set(namespace.id, namespace);
    },
  });
  return { OperationId };
}

const PRINTABLE = /^(?!arn:)[!-~]+$/;
const DOMAIN =
  /^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.?$/;

const NAME_RULES = {
  HTTP: { min: 1, max: 1024, pattern: PRINTABLE },
  DNS_PRIVATE: { min: 1, max: 253, pattern: PRINTABLE },
  DNS_PUBLIC: { min: 1, max: 253, pattern: DOMAIN },
};

function wantedOf(input: Members, type: NamespaceType): NewNamespace {
  const name = input.requiredText('Name', NAME_RULES[type]);
  const soaTtl = soaOf(input.object('Properties'));
  return {
    name,
    type,
    description: input.text('Description', { max: 1024 }),
    creatorRequestId: input.text('CreatorRequestId', { max: 64 }),
    tags: newTagsOf(input, name),
    ...(type === 'DNS_PRIVATE' && { vpc: input.requiredText('Vpc', { max: 64 }) }),
    ...(soaTtl !== undefined && { soaTtl }),
  };
}

const soaOf = (properties: Members | undefined): number | undefined =>
  properties
    ?.requiredObject('DnsProperties')
    .requiredObject('SOA')
    .requiredInteger('TTL', { min: 0, max: 2_147_483_647 });

const create = (store: Store, type: NamespaceType) => (json: Json) =>
  submitCreation(store, wantedOf(members(json, 'InvalidInput'), type));

function own(store: Store, idOrArn: string): Namespace {
  const namespace = getNamespace(store, idOrArn);
  if (isShared(store, namespace)) throw namespaceNotFound();
  return namespace;
}

const update = (store: Store, type: NamespaceType) => (json: Json) => {
  const input = members(json, 'InvalidInput');
  const namespace = own(store, input.requiredText('Id', ID_OR_ARN));
  if (namespace.type !== type) throw invalidInput(`The namespace ${namespace.id} isn't of the type ${type}.`);
  const change = input.requiredObject('Namespace');
  const description = change.text('Description', { max: 1024 }) ?? namespace.description;
  const soaTtl = soaOf(change.object('Properties'));
  const hostedZone = namespace.hostedZone && {
    ...namespace.hostedZone,
    soaTtl: soaTtl ?? namespace.hostedZone.soaTtl,
  };
  const OperationId = submit(store, {
    type: 'UPDATE_NAMESPACE',
    targets: { NAMESPACE: namespace.id },
    namespace,
    key: `namespace/${namespace.id}`,
    apply: () => store.namespaces.set(namespace.id, { ...own(store, namespace.id), description, hostedZone }),
  });
  return { OperationId };
};

function checkEmpty(store: Store, namespace: Namespace): void {
  if (servicesOf(store.services.current, namespace.id).length > 0)
    throw new AwsFault(
      'ResourceInUse',
      'Namespace has associated services; delete the services before deleting the namespace',
    );
}

const FILTERS = {
  TYPE: ['EQ', 'BEGINS_WITH'],
  NAME: ['EQ', 'BEGINS_WITH'],
  HTTP_NAME: ['EQ', 'BEGINS_WITH'],
  RESOURCE_OWNER: ['EQ'],
};

function namespaceMatches(store: Store, filter: Filter, namespace: Namespace): boolean {
  switch (filter.name) {
    case 'TYPE':
      return textMatches(filter, namespace.type);
    case 'NAME':
      return textMatches(filter, namespace.name);
    case 'HTTP_NAME':
      return textMatches(filter, namespace.httpName);
    default:
      return ownerMatches(filter, namespace.owner, store.context.account);
  }
}

export function namespaceOperations(store: Store) {
  return {
    CreateHttpNamespace: create(store, 'HTTP'),
    CreatePrivateDnsNamespace: create(store, 'DNS_PRIVATE'),
    CreatePublicDnsNamespace: create(store, 'DNS_PUBLIC'),
    UpdateHttpNamespace: update(store, 'HTTP'),
    UpdatePrivateDnsNamespace: update(store, 'DNS_PRIVATE'),
    UpdatePublicDnsNamespace: update(store, 'DNS_PUBLIC'),

    GetNamespace(json: Json) {
      const input = members(json, 'InvalidInput');
      const namespace = getNamespace(store, input.requiredText('Id', ID_OR_ARN));
      return {
        Namespace: { ...summaryOf(store, namespace), CreatorRequestId: namespace.creatorRequestId },
      };
    },

    ListNamespaces(json: Json) {
      const input = members(json, 'InvalidInput');
      const filters = filtersOf(input, FILTERS);
      const page = filteredPage(input, sortedById(store.namespaces.listed), (namespace) =>
        filters.every((filter) => namespaceMatches(store, filter, namespace)),
      );
      return { Namespaces: page.items.map((namespace) => summaryOf(store, namespace)), ...nextToken(page) };
    },

    DeleteNamespace(json: Json) {
      const input = members(json, 'InvalidInput');
      const namespace = own(store, input.requiredText('Id', ID_OR_ARN));
      checkEmpty(store, namespace);
      const OperationId = submit(store, {
        type: 'DELETE_NAMESPACE',
        targets: { NAMESPACE: namespace.id },
        namespace,
        key: `namespace/${namespace.id}`,
        apply: () => {
          checkEmpty(store, namespace);
          store.namespaces.delete(namespace.id);
        },
      });
      return { OperationId };
    },
  };
}
