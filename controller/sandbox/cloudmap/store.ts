import { laggingMap, type LaggingMap } from '../lagging.ts';
import { AwsFault, type SandboxContext } from '../service.ts';
import type {
  Health,
  Instance,
  Namespace,
  Operation,
  OperationFailure,
  OperationType,
  Service,
} from './model.ts';

export interface CloudMapOptions {
  /** Time an operation spends in SUBMITTED and then again in PENDING. */
  readonly operationStepMs?: number;
  /** Time until UpdateInstanceCustomHealthStatus takes effect. */
  readonly healthDelayMs?: number;
  /** Time until a write is seen by list calls; reads by id are never behind. */
  readonly listLagMs?: number;
  /** Answer 404 and 409 where the service model declares them, in place of 400 everywhere. */
  readonly declaredStatuses?: boolean;
  readonly quotas?: Partial<CloudMapQuotas>;
}

export interface CloudMapQuotas {
  readonly namespaces: number;
  readonly instancesPerNamespace: number;
  readonly instancesPerService: number;
}

export interface Store {
  readonly context: SandboxContext;
  readonly operationStepMs: number;
  readonly healthDelayMs: number;
  readonly quotas: CloudMapQuotas;
  readonly namespaces: LaggingMap<Namespace>;
  readonly services: LaggingMap<Service>;
  readonly operations: Map<string, Operation>;
  /** What is being worked on, such as `instance/srv-x/i-1`, and the operation that does it. */
  readonly busy: Map<string, string>;
  /** Health that was reported and has not taken effect, by the same keys. */
  readonly pendingHealth: Map<string, { readonly health: Health }>;
  /** Failures that wait for the next operation of their type. */
  readonly failures: Map<OperationType, OperationFailure[]>;
  newTags(tags: ReadonlyMap<string, string>): LaggingMap<string>;
  newInstances(): LaggingMap<Instance>;
}

const QUOTAS: CloudMapQuotas = { namespaces: 50, instancesPerNamespace: 2000, instancesPerService: 1000 };

export function createStore(context: SandboxContext, options: CloudMapOptions): Store {
  const lagging = <V>(): LaggingMap<V> => laggingMap<V>(context.clock, options.listLagMs ?? 0);
  return {
    context,
    operationStepMs: options.operationStepMs ?? 500,
    healthDelayMs: options.healthDelayMs ?? 30_000,
    quotas: { ...QUOTAS, ...options.quotas },
    namespaces: lagging(),
    services: lagging(),
    operations: new Map(),
    busy: new Map(),
    pendingHealth: new Map(),
    failures: new Map(),
    newTags(tags) {
      const map = lagging<string>();
      for (const [key, value] of tags) map.set(key, value);
      return map;
    },
    newInstances: lagging,
  };
}

export const invalidInput = (message: string): AwsFault => new AwsFault('InvalidInput', message);

export const namespaceNotFound = (): AwsFault =>
  new AwsFault('NamespaceNotFound', "The specified namespace doesn't exist.");

export const serviceNotFound = (): AwsFault =>
  new AwsFault('ServiceNotFound', "The specified service doesn't exist.");

export const instanceNotFound = (id: string): AwsFault =>
  new AwsFault('InstanceNotFound', `The instance ${id} doesn't exist.`);

export const isArn = (idOrArn: string): boolean => idOrArn.startsWith('arn:');

const idOf = (idOrArn: string): string => idOrArn.slice(idOrArn.lastIndexOf('/') + 1);

export const isShared = (store: Store, namespace: Pick<Namespace, 'owner'>): boolean =>
  namespace.owner !== store.context.account;

/** Resources of a namespace that another account shares are known by their ARN only. */
export function findNamespace(store: Store, idOrArn: string): Namespace | undefined {
  const namespace = store.namespaces.current.get(idOf(idOrArn));
  if (namespace === undefined) return undefined;
  const known = isArn(idOrArn) ? namespace.arn === idOrArn : !isShared(store, namespace);
  return known ? namespace : undefined;
}

export function getNamespace(store: Store, idOrArn: string): Namespace {
  const namespace = findNamespace(store, idOrArn);
  if (namespace === undefined) throw namespaceNotFound();
  return namespace;
}

/** A list that lags may still show a service whose namespace is gone already. */
export function namespaceOf({ namespaces }: Store, service: Service): Namespace {
  const id = service.namespaceId;
  const namespace = namespaces.current.get(id) ?? namespaces.listed.get(id);
  if (namespace === undefined) throw namespaceNotFound();
  return namespace;
}

export function findService(store: Store, idOrArn: string): Service | undefined {
  const service = store.services.current.get(idOf(idOrArn));
  if (service === undefined) return undefined;
  const known = isArn(idOrArn) ? service.arn === idOrArn : !isShared(store, namespaceOf(store, service));
  return known ? service : undefined;
}

export function getService(store: Store, idOrArn: string): Service {
  const service = findService(store, idOrArn);
  if (service === undefined) throw serviceNotFound();
  return service;
}

export const servicesOf = (services: ReadonlyMap<string, Service>, namespaceId: string): Service[] =>
  [...services.values()].filter((service) => service.namespaceId === namespaceId);

/** Sorted by id, so that pages of a list stay stable while things come and go. */
export const sortedById = <T extends { readonly id: string }>(map: ReadonlyMap<string, T>): T[] =>
  [...map.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

export const epochSeconds = (ms: number): number => ms / 1000;
