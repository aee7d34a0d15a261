import { copyForReading } from '../effects/copy.ts';
import { recordingOperations } from '../history.ts';
import type { Json } from '../members.ts';
import { AwsFault, type InstanceRegistry, type JsonService, type SandboxContext } from '../service.ts';
import { attributeOperations } from './attributes.ts';
import { discoveryOperations } from './discovery.ts';
import { instanceOperations, putInstance, removeInstance, setHealth } from './instances.ts';
import type { Namespace, NamespaceType, OperationFailure, OperationType, Service } from './model.ts';
import { buildNamespace, namespaceOperations } from './namespaces.ts';
import { operationOperations } from './operations.ts';
import { serviceOperations } from './services.ts';
import {
  createStore,
  findService,
  isArn,
  isShared,
  namespaceOf,
  serviceNotFound,
  type CloudMapOptions,
  type Store,
} from './store.ts';
import { tagOperations } from './tags.ts';

export type { CloudMapOptions } from './store.ts';

export interface CloudMap {
  readonly service: JsonService;
  readonly instances: InstanceRegistry;
  /** Makes a namespace at once, without an operation. */
  createNamespace(wanted: {
    readonly name: string;
    readonly type: NamespaceType;
    /** Belongs to another account, which shares it with this one. */
    readonly shared?: boolean;
    readonly httpName?: string;
    readonly description?: string;
    readonly vpc?: string;
  }): Pick<Namespace, 'id' | 'arn' | 'name' | 'httpName' | 'type' | 'owner'>;
  /** The instances of a service, by service id. */
  listInstances(
    serviceId: string,
  ): readonly { readonly id: string; readonly attributes: Readonly<Record<string, string>> }[];
  /** Registers an instance as the account that shares its namespaces would. */
  registerForeign(registryId: string, instanceId: string, attributes: Readonly<Record<string, string>>): void;
  /** The next operation of this type ends in FAIL. */
  failNextOperation(type: OperationType, failure: OperationFailure): void;
  /** Every registry of every namespace. */
  registries(): readonly { readonly namespace: Namespace; readonly service: Service }[];
  /** Ids of the namespaces and registries of this name; a registry may be named `namespace/registry`. */
  idsOf(name: string): readonly string[];
  /** The state as it is now, for reads that come later. */
  snapshot(): () => Operations;
}

/** The account that owns the namespaces made with `shared`. */
export const SHARING_ACCOUNT = '999999999999';

const DECLARED_STATUS: Readonly<Record<string, number>> = {
  NamespaceNotFound: 404,
  ServiceNotFound: 404,
  InstanceNotFound: 404,
  OperationNotFound: 404,
  ResourceNotFoundException: 404,
  CustomHealthNotFound: 404,
  DuplicateRequest: 409,
  ResourceInUse: 409,
};

type Operations = JsonService['operations'];

function withDeclaredStatuses(operations: Operations): Operations {
  const declared = (operation: (input: Json) => unknown) => (input: Json) => {
    try {
      return operation(input);
    } catch (thrown) {
      if (!(thrown instanceof AwsFault)) throw thrown;
      const status = DECLARED_STATUS[thrown.code] ?? thrown.status;
      throw new AwsFault(thrown.code, thrown.message, { status, fields: { ...thrown.fields } });
    }
  };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, declared(operation)]),
  );
}

function register(
  store: Store,
  wanted: {
    readonly registryId: string;
    readonly instanceId: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly registeredBy: string;
  },
): void {
  const service = store.services.current.get(wanted.registryId);
  if (service === undefined) throw serviceNotFound();
  putInstance(service, {
    id: wanted.instanceId,
    attributes: { ...wanted.attributes },
    registeredBy: wanted.registeredBy,
    creatorRequestId: undefined,
  });
}

function instanceRegistry(store: Store): InstanceRegistry {
  const byId = (id: string) => store.services.current.get(id);
  return {
    registry(arn) {
      const service = isArn(arn) ? findService(store, arn) : undefined;
      if (service === undefined) return undefined;
      const namespace = namespaceOf(store, service);
      return {
        id: service.id,
        arn: service.arn,
        namespaceType: namespace.type,
        shared: isShared(store, namespace),
        recordTypes: service.dns?.records.map(({ type }) => type) ?? [],
        customHealth: service.customHealth,
      };
    },
    register: (registryId, instanceId, attributes) =>
      register(store, { registryId, instanceId, attributes, registeredBy: store.context.account }),
    deregister(registryId, instanceId) {
      const service = byId(registryId);
      if (service !== undefined) removeInstance(service, instanceId);
    },
    setHealth(registryId, instanceId, health) {
      const service = byId(registryId);
      if (service !== undefined) setHealth(service, instanceId, health);
    },
  };
}

function operationsOf(store: Store, { declaredStatuses = false }: CloudMapOptions): Operations {
  const operations = recordingOperations(
    {
      ...namespaceOperations(store),
      ...serviceOperations(store),
      ...attributeOperations(store),
      ...tagOperations(store),
      ...instanceOperations(store),
      ...discoveryOperations(store),
      ...operationOperations(store),
    },
    () => store.context.changing(),
  );
  return declaredStatuses ? withDeclaredStatuses(operations) : operations;
}

/** The same data in another store, whose clock goes on. */
function frozen({ context, ...data }: Store): Store {
  return { context, ...copyForReading(data) };
}

function idsOf({ namespaces, services }: Store, name: string): string[] {
  const [first = '', second] = name.split('/');
  const ofName = [...namespaces.current.values()].filter((namespace) => namespace.name === first);
  const registries = [...services.current.values()].filter((service) =>
    second === undefined
      ? service.name === name
      : service.name === second && ofName.some(({ id }) => id === service.namespaceId),
  );
  return [...(second === undefined ? ofName : []), ...registries].map(({ id }) => id);
}

export function createCloudMap(context: SandboxContext, options: CloudMapOptions = {}): CloudMap {
  const store = createStore(context, options);
  return {
    service: {
      protocol: 'json',
      name: 'servicediscovery',
      targetPrefix: 'Route53AutoNaming_v20170314',
      operations: operationsOf(store, options),
    },
    instances: instanceRegistry(store),
    createNamespace({ shared = false, ...wanted }) {
      context.changing();
      const namespace = buildNamespace(store, { ...wanted, ...(shared && { owner: SHARING_ACCOUNT }) });
      store.namespaces.set(namespace.id, namespace);
      return namespace;
    },
    listInstances: (serviceId) => [
      ...(store.services.current.get(serviceId)?.instances.current.values() ?? []),
    ],
    registerForeign(registryId, instanceId, attributes) {
      context.changing();
      register(store, { registryId, instanceId, attributes, registeredBy: SHARING_ACCOUNT });
    },
    failNextOperation(type, failure) {
      store.failures.set(type, [...(store.failures.get(type) ?? []), failure]);
    },
    registries: () =>
      [...store.services.current.values()].map((service) => ({
        namespace: namespaceOf(store, service),
        service,
      })),
    idsOf: (name) => idsOf(store, name),
    snapshot() {
      const then = frozen(store);
      return () => operationsOf(then, options);
    },
  };
}
