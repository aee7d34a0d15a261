import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { ObserveScope } from '../reconcile/ports.ts';
import type { ObservedNamespace, ObservedRegistry, Read } from '../state/observed.ts';
import type { CloudMapReadApi } from './api-cloudmap.ts';
import type { Cache } from './cache.ts';
import { decodeNamespace } from './decode-cloudmap.ts';
import type { NamespaceSummary } from './decode-cloudmap.ts';
import { listRegistries } from './list-registries.ts';
import type { Membership } from './list-registries.ts';
import { wholeTags } from './ownership.ts';
import { readAllPages } from './paginate.ts';
import type { Patience } from './patience.ts';
import { asRead, complete } from './read.ts';
import { withRecentRegistries } from './recent-writes.ts';
import type { RecentWrites } from './recent-writes.ts';
import { present } from './values.ts';

export interface CloudMapReading {
  readonly cloudMap: Pick<CloudMapReadApi, 'listNamespaces' | 'listServices' | 'listTagsForResource'>;
  readonly membership: Membership;
  readonly writes: RecentWrites;
  /** The last list of all namespaces, under the key {@link ALL}. */
  readonly namespaces: Cache<readonly NamespaceSummary[]>;
  /** For the tags, which AWS does not list. */
  readonly patience: Patience;
  /** Our own account, to tell shared namespaces; undefined when it cannot be told. */
  account(signal: AbortSignal): Promise<string | undefined>;
}

const PAGE = 100;
/** In one observation: as many as the budget lets through at once, so that nobody waits for them. */
const TAGS_READ_AGAIN = 25;
const ALL = 'all';
const ALL_NAMESPACES = 'Cloud Map namespaces';

/**
 * Namespaces come and go seldom, and ListNamespaces is the scarcest read that AWS has: about one in two
 * seconds for the whole account. A name that the list lacks, or a namespace that is gone, asks again at once.
 */
export const NAMESPACE_CACHE_MS = 600_000;

/** All registries of the named namespaces by lists, and the tags of the registries that documents name. */
export async function observeNamespaces(
  reading: CloudMapReading,
  registries: ObserveScope['registries'],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Read<ObservedNamespace | undefined>>> {
  const named = namesByNamespace(registries);
  if (named.size === 0) return new Map();
  const all = await asRead(knownNamespaces(reading, [...named.keys()], signal));
  const reads = [...named].map(async ([name, registryNames]) => {
    if (all.kind === 'failed') return [name, all] as const;
    const read = await asRead(readNamespace(reading, all.value, { name, registryNames }, signal));
    if (mayBeGone(read)) reading.namespaces.delete(ALL);
    return [name, read] as const;
  });
  return new Map(await Promise.all(reads));
}

function namesByNamespace(registries: ObserveScope['registries']): ReadonlyMap<string, ReadonlySet<string>> {
  const named = new Map<string, Set<string>>();
  for (const { namespace, name } of registries) {
    const names = named.get(namespace) ?? new Set();
    named.set(namespace, names.add(name));
  }
  return named;
}

/** A deleted namespace lists no registries, or refuses to. */
const mayBeGone = (read: Read<ObservedNamespace | undefined>): boolean =>
  read.kind === 'failed' || read.value === undefined || read.value.registries.size === 0;

async function knownNamespaces(
  reading: CloudMapReading,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly NamespaceSummary[]> {
  const known = reading.namespaces.get(ALL);
  if (known !== undefined && names.every((name) => known.some((each) => each.name === name))) return known;
  const { namespaces, whole } = await listNamespaces(reading, signal);
  if (!whole && names.some((name) => !namespaces.some((each) => each.name === name))) throw unidentified();
  reading.namespaces.set(ALL, namespaces);
  return namespaces;
}

function unidentified(): OperatorError {
  return transient({
    reason: 'IncompleteAnswer',
    where: ALL_NAMESPACES,
    message:
      'Cloud Map listed a namespace without its name, id or type, and one that documents name was not found.',
  });
}

async function listNamespaces(
  { cloudMap }: CloudMapReading,
  signal: AbortSignal,
): Promise<{ readonly namespaces: readonly NamespaceSummary[]; readonly whole: boolean }> {
  const context = { where: ALL_NAMESPACES, signal };
  const pages = await readAllPages(context.where, async (NextToken) => {
    const page = await cloudMap.listNamespaces(
      { MaxResults: PAGE, ...(NextToken && { NextToken }) },
      context,
    );
    return { items: page.Namespaces, token: page.NextToken };
  });
  const decoded = present(pages.map(decodeNamespace));
  return { namespaces: decoded, whole: decoded.length === pages.length };
}

function unnamed(namespace: string): OperatorError {
  return transient({
    reason: 'IncompleteAnswer',
    where: `namespace ${namespace}`,
    message:
      'Cloud Map listed a registry without its name or id, so that a missing one may exist all the same.',
  });
}

async function readNamespace(
  reading: CloudMapReading,
  all: readonly NamespaceSummary[],
  wanted: { readonly name: string; readonly registryNames: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<ObservedNamespace | undefined> {
  const sameName = all.filter((each) => each.name === wanted.name);
  if (sameName.length === 0) return undefined;
  const account = sameName.some((each) => each.owner !== undefined)
    ? await reading.account(signal)
    : undefined;
  const { owner, ...namespace } = chooseNamespace(sameName, account);
  const shared = isForeign(owner, account);
  const others = all.filter((each) => each.id !== namespace.id && !isForeign(each.owner, account));
  const { registries: inNamespace, whole } = await listRegistries(reading, namespace, shared, signal);
  const listed = await reading.membership.restrict(namespace, inNamespace, others, signal);
  const known = withRecentRegistries(
    namespace.id,
    listed.map((each) => each.registry),
    reading.writes,
  );
  const registries = await withTags(reading, known, wanted.registryNames, shared);
  const byName = new Map(registries.map((each) => [each.name, each]));
  return { ...namespace, shared, registries: byName, ...(!whole && { unread: unnamed(namespace.name) }) };
}

/** The tags of the registries that documents name; those that are known already are read again a few at a time. */
export function withTags(
  reading: Pick<CloudMapReading, 'cloudMap' | 'writes' | 'patience'>,
  registries: readonly ObservedRegistry[],
  names: ReadonlySet<string>,
  shared: boolean,
): Promise<readonly ObservedRegistry[]> {
  const named = registries.filter(({ name }) => names.has(name)).map(({ arn }) => arn);
  const due = reading.writes.tags.due(named, TAGS_READ_AGAIN);
  return Promise.all(
    registries.map(async (registry) => {
      if (!names.has(registry.name)) return registry;
      const known = due.has(registry.arn) ? undefined : reading.writes.tags.get(registry.arn);
      return { ...registry, tags: known ? complete(known) : await readTags(reading, registry, shared) };
    }),
  );
}

/** Cloud Map lets namespaces share a name (private ones in different VPCs); our own goes before a shared one. */
function chooseNamespace(
  sameName: readonly NamespaceSummary[],
  account: string | undefined,
): NamespaceSummary {
  const own = sameName.filter((each) => !isForeign(each.owner, account));
  const candidates = own.length > 0 ? own : sameName;
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  throw terminal({
    reason: 'AmbiguousNamespace',
    where: `namespace ${sameName[0]?.name ?? ''}`,
    message: `Several Cloud Map namespaces have this name: ${candidates.map(({ id }) => id).join(', ')}.`,
    remedy: 'Give the namespace that Prometheus uses a name of its own.',
  });
}

function isForeign(owner: string | undefined, account: string | undefined): boolean {
  return owner !== undefined && account !== undefined && owner !== account;
}

async function readTags(
  { cloudMap, writes, patience }: Pick<CloudMapReading, 'cloudMap' | 'writes' | 'patience'>,
  { arn, name }: ObservedRegistry,
  shared: boolean,
): Promise<Read<Readonly<Record<string, string>>>> {
  if (shared) return complete({});
  const where = `tags of registry ${name} (${arn})`;
  const context = { where, signal: patience.signal };
  const answer = cloudMap.listTagsForResource({ ResourceARN: arn }, context);
  const read = patience.judge(await asRead(answer.then(({ Tags }) => wholeTags(Tags, where))), where);
  if (read.kind === 'complete') writes.tags.set(arn, read.value);
  return read;
}
