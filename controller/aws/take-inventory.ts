import type { ServiceRef } from '../api/types.ts';
import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { Inventory, InventoryScope } from '../state/inventory.ts';
import { isOwnTagKey } from '../state/desired.ts';
import { compareText, lastSegment, serviceKey } from '../state/keys.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedState,
  ObservedTaskDefinition,
  Read,
} from '../state/observed.ts';
import type { CloudMapReadApi } from './api-cloudmap.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { createCache } from './cache.ts';
import { decodeNamespace } from './decode-cloudmap.ts';
import type { NamespaceSummary } from './decode-cloudmap.ts';
import { awsErrorName } from './errors.ts';
import { listClusters, listServices } from './list-ecs-services.ts';
import { listInstances } from './list-instances.ts';
import { createMembership } from './list-registries.ts';
import { NAMESPACE_CACHE_MS, observeNamespaces } from './observe-cloudmap.ts';
import { createServiceMemory, readServices } from './observe-services.ts';
import type { ServiceReads } from './observe-services.ts';
import { observeTaskDefinitions, taskDefinitionArns } from './observe-task-definitions.ts';
import { readTagsNow } from './ownership.ts';
import { readAllPages } from './paginate.ts';
import { startPatience } from './patience.ts';
import { asRead, complete } from './read.ts';
import type { RecentWrites } from './recent-writes.ts';
import { fields, present, text } from './values.ts';

export interface InventoryOptions {
  readonly ecs: Pick<
    EcsReadApi,
    'listClusters' | 'listServices' | 'describeServices' | 'describeTaskDefinition'
  >;
  readonly cloudMap: CloudMapReadApi;
  readonly clock: Clock;
  readonly writes: RecentWrites;
  readonly progress: (message: string) => void;
  /** Our own account, to tell shared namespaces; undefined when it cannot be told. */
  account(signal: AbortSignal): Promise<string | undefined>;
}

type NamespaceReads = ReadonlyMap<string, Read<ObservedNamespace | undefined>>;
type Registrants = ReadonlyMap<string, readonly ServiceRef[]>;

const MAX_TASK_DEFINITIONS = 20_000;

/** Everything is read anew; nothing is remembered from one inventory to the next. */
function openReading(options: InventoryOptions, signal: AbortSignal) {
  const { clock } = options;
  const unread = new Set<OperatorError>();
  return {
    ...options,
    ...createServiceMemory(clock),
    membership: createMembership(options),
    namespaces: createCache<readonly NamespaceSummary[]>({ clock, ttlMs: NAMESPACE_CACHE_MS, maxEntries: 1 }),
    taskDefinitions: createCache<ObservedTaskDefinition>({ clock, maxEntries: MAX_TASK_DEFINITIONS }),
    patience: startPatience(clock, undefined, signal),
    signal,
    unread,
    /** The value of a read, or undefined and the error kept. */
    async told<T>(answer: Promise<T>): Promise<T | undefined> {
      const read = await asRead(answer);
      if (read.kind === 'complete') return read.value;
      unread.add(read.error);
      return undefined;
    },
  };
}

type Reading = ReturnType<typeof openReading>;

/** Reads by lists and batches; only tags, task definitions and instances cost one call each. */
export async function takeInventory(
  options: InventoryOptions,
  scope: InventoryScope,
  signal: AbortSignal,
): Promise<Inventory> {
  const reading = openReading(options, signal);
  const found =
    scope.kind === 'namespaces'
      ? await inNamespaces(reading, scope.names)
      : await inClusters(reading, scope.names, scope.service);
  const arns = taskDefinitionArns(concerned(found), new Map());
  reading.progress(`reading ${arns.size} task definitions`);
  const taskDefinitions = await observeTaskDefinitions(reading, arns);
  const { namespaces, services, registrants } = found;
  const observed = { namespaces, services, taskDefinitions, tasks: new Map() };
  for (const error of failures(observed)) reading.unread.add(error);
  return { scope, observed, registrants, unread: [...reading.unread, ...missing(scope, observed)] };
}

function failures({ namespaces, services, taskDefinitions }: ObservedState): readonly OperatorError[] {
  const tags = registriesOf(namespaces).flatMap((registry) => registry.tags ?? []);
  const reads = [...namespaces.values(), ...services.values(), ...taskDefinitions.values(), ...tags];
  const partial = [...namespaces.values()].flatMap((read) =>
    read.kind === 'complete' ? (read.value?.unread ?? []) : [],
  );
  return [...reads.flatMap((read) => (read.kind === 'failed' ? [read.error] : [])), ...partial];
}

/** What was asked for by name and does not exist. */
function missing(scope: InventoryScope, { namespaces, services }: ObservedState): readonly OperatorError[] {
  if (scope.kind === 'namespaces')
    return scope.names.filter((name) => isAbsent(namespaces.get(name))).map(namespaceNotFound);
  if (scope.service === undefined) return [];
  return [...services].filter(([, read]) => isAbsent(read)).map(([key]) => serviceNotFound(key));
}

const isAbsent = (read: Read<unknown> | undefined): boolean =>
  read?.kind === 'complete' && read.value === undefined;

const namespaceNotFound = (name: string): OperatorError =>
  terminal({
    reason: 'NamespaceNotFound',
    where: `namespace ${name}`,
    message: 'Cloud Map has no namespace of this name in this account and region.',
    remedy: 'Look at the list: aws servicediscovery list-namespaces',
  });

const serviceNotFound = (key: string): OperatorError =>
  terminal({
    reason: 'ServiceNotFound',
    where: `service ${key}`,
    message: 'ECS has no service of this name in this cluster, account and region.',
    remedy: 'Correct --cluster or --service.',
  });

interface Found {
  readonly namespaces: NamespaceReads;
  readonly services: ServiceReads;
  readonly registrants: Registrants;
  /** Of the registries in scope. */
  readonly arns: ReadonlySet<string>;
}

async function inNamespaces(reading: Reading, names: readonly string[]): Promise<Found> {
  const [listed, clusters] = await Promise.all([
    observeNamespaces(reading, names.map(listOnly), reading.signal),
    reading.told(listClusters(reading.ecs, reading.signal)),
  ]);
  const refs = await servicesOf(reading, clusters ?? []);
  reading.progress(`reading ${refs.length} ECS services and ${registriesOf(listed).length} registries`);
  const [known, namespaces] = await Promise.all([
    readServices(reading, refs, reading.signal),
    withTags(reading, listed, () => true),
  ]);
  const registrants = await readRegistrants(reading, namespaces, boundArns(known));
  const strangers = [...registrants.values()].flat().filter((ref) => !known.has(serviceKey(ref)));
  const services = new Map([...known, ...(await readServices(reading, strangers, reading.signal))]);
  return { namespaces, services, registrants, arns: new Set(registriesOf(namespaces).map(({ arn }) => arn)) };
}

async function inClusters(
  reading: Reading,
  names: readonly string[],
  service: string | undefined,
): Promise<Found> {
  const refs =
    service === undefined
      ? await servicesOf(reading, names)
      : names.map((cluster) => ({ cluster: lastSegment(cluster), service }));
  reading.progress(`reading ${refs.length} ECS services`);
  const services = await readServices(reading, refs, reading.signal);
  const arns = boundArns(services);
  reading.progress(`reading ${arns.size} registries`);
  const listed = await namespacesOf(reading, [...arns].sort(compareText));
  const namespaces = await withTags(reading, listed, ({ arn }) => arns.has(arn));
  return { namespaces, services, registrants: new Map(), arns };
}

/** A name that no registry has: the namespace is listed, and no tags are read yet. */
const listOnly = (namespace: string) => ({ namespace, name: '' });

async function servicesOf(reading: Reading, clusters: readonly string[]): Promise<readonly ServiceRef[]> {
  const lists = clusters.map((cluster) => reading.told(listServices(reading.ecs, cluster, reading.signal)));
  return present(await Promise.all(lists)).flat();
}

function boundArns(services: ServiceReads): ReadonlySet<string> {
  const bindings = [...services.values()].flatMap((read) =>
    read.kind === 'complete' ? (read.value?.serviceRegistries ?? []) : [],
  );
  return new Set(bindings.map(({ registryArn }) => registryArn));
}

const registriesOf = (namespaces: NamespaceReads): readonly ObservedRegistry[] =>
  [...namespaces.values()].flatMap((read) =>
    read.kind === 'complete' ? [...(read.value?.registries.values() ?? [])] : [],
  );

/**
 * A binding names its registry by ARN, which does not tell the namespace. One registry is asked for it,
 * and the list of that namespace settles all others that are in it.
 */
async function namespacesOf(reading: Reading, arns: readonly string[]): Promise<NamespaceReads> {
  const found = new Map<string, Read<ObservedNamespace | undefined>>();
  const names = arns.length === 0 ? undefined : await reading.told(namespaceNames(reading));
  let open = names === undefined ? [] : arns;
  while (open[0] !== undefined) {
    const [arn, ...rest] = open;
    const name = names?.get((await namespaceIdOf(reading, arn)) ?? '');
    open = rest;
    if (name === undefined || found.has(name)) continue;
    const listed = await observeNamespaces(reading, [listOnly(name)], reading.signal);
    for (const [key, read] of listed) found.set(key, read);
    const settled = new Set(registriesOf(listed).map((registry) => registry.arn));
    open = rest.filter((other) => !settled.has(other));
  }
  return found;
}

async function namespaceIdOf(reading: Reading, arn: string): Promise<string | undefined> {
  const where = `registry ${arn}`;
  const read = await asRead(
    reading.cloudMap.getService({ Id: lastSegment(arn) }, { where, signal: reading.signal }),
  );
  if (read.kind === 'complete') {
    const id = text(read.value.Service?.NamespaceId);
    if (id === undefined) reading.unread.add(withoutNamespace(where));
    return id;
  }
  // A registry that was deleted under its service is told as such by whoever reads the inventory.
  if (awsErrorName(read.error) !== 'ServiceNotFound') reading.unread.add(read.error);
  return undefined;
}

const withoutNamespace = (where: string): OperatorError =>
  transient({
    reason: 'IncompleteAnswer',
    where,
    message: 'Cloud Map GetService did not tell the namespace of this registry.',
  });

const PAGE = 100;

async function namespaceNames({ cloudMap, signal }: Reading): Promise<ReadonlyMap<string, string>> {
  const where = 'Cloud Map namespaces';
  const all = await readAllPages(where, async (NextToken) => {
    const page = await cloudMap.listNamespaces(
      { MaxResults: PAGE, ...(NextToken && { NextToken }) },
      { where, signal },
    );
    return { items: page.Namespaces, token: page.NextToken };
  });
  return new Map(present(all.map(decodeNamespace)).map(({ id, name }) => [id, name]));
}

/** Registries of a shared namespace have no tags that we may read. */
async function withTags(
  reading: Reading,
  namespaces: NamespaceReads,
  wanted: (registry: ObservedRegistry) => boolean,
): Promise<NamespaceReads> {
  const read = async (registry: ObservedRegistry): Promise<ObservedRegistry> =>
    wanted(registry)
      ? { ...registry, tags: await asRead(readTagsNow(reading.cloudMap, registry.arn, reading.signal)) }
      : registry;
  const all = [...namespaces].map(async ([name, namespace]) => {
    if (namespace.kind === 'failed' || namespace.value === undefined || namespace.value.shared)
      return [name, namespace] as const;
    const registries = await Promise.all([...namespace.value.registries.values()].map(read));
    const byName = new Map(registries.map((registry) => [registry.name, registry]));
    return [name, complete({ ...namespace.value, registries: byName })] as const;
  });
  return new Map(await Promise.all(all));
}

/** Who is registered in the registries that are tagged for scraping and that no ECS service names. */
async function readRegistrants(
  reading: Reading,
  namespaces: NamespaceReads,
  bound: ReadonlySet<string>,
): Promise<Registrants> {
  const orphans = registriesOf(namespaces).filter((each) => isTagged(each) && !bound.has(each.arn));
  const reads = orphans.map(async ({ arn, name }) => {
    const refs = await reading.told(listRegistrants(reading, arn, name));
    return [arn, refs ?? []] as const;
  });
  return new Map(await Promise.all(reads));
}

const isTagged = ({ tags }: ObservedRegistry): boolean =>
  tags?.kind === 'complete' && Object.keys(tags.value).some(isOwnTagKey);

async function listRegistrants(
  { cloudMap, signal }: Reading,
  arn: string,
  name: string,
): Promise<readonly ServiceRef[]> {
  const where = `instances of registry ${name} (${arn})`;
  const instances = await listInstances(cloudMap, arn, where, signal);
  const refs = present(instances.map(decodeRegistrant)).map((ref) => [serviceKey(ref), ref] as const);
  return [...new Map(refs)].sort(([a], [b]) => compareText(a, b)).map(([, ref]) => ref);
}

/** ECS writes the names of cluster and service to every instance that it registers. */
function decodeRegistrant(raw: unknown): ServiceRef | undefined {
  const attributes = fields(fields(raw)['Attributes']);
  const cluster = text(attributes['ECS_CLUSTER_NAME']);
  const service = text(attributes['ECS_SERVICE_NAME']);
  return cluster === undefined || service === undefined ? undefined : { cluster, service };
}

/** The services that have to do with registries in scope: task definitions of others are not worth a call. */
function concerned({ services, registrants, arns }: Found): ServiceReads {
  const registered = new Set([...registrants.values()].flat().map(serviceKey));
  return new Map(
    [...services].filter(
      ([key, read]) =>
        registered.has(key) ||
        (read.kind === 'complete' &&
          read.value?.serviceRegistries.some(({ registryArn }) => arns.has(registryArn)) === true),
    ),
  );
}
