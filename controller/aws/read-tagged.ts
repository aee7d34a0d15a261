import { terminal, transient } from '../errors.ts';
import type { TaggedReader } from '../reconcile/ports.ts';
import { registryKey } from '../state/keys.ts';
import type { ObservedNamespace, ObservedRegistry, Read } from '../state/observed.ts';
import {
  asksForScrape,
  type TaggedInstance,
  type TaggedInstances,
  type TaggedNamespace,
  type TaggedRegistry,
} from '../state/tagged.ts';
import { createCache } from './cache.ts';
import { decodeInstance } from './decode-cloudmap.ts';
import type { NamespaceSummary } from './decode-cloudmap.ts';
import { awsErrorName } from './errors.ts';
import { listInstances } from './list-instances.ts';
import { createMembership } from './list-registries.ts';
import { NAMESPACE_CACHE_MS, observeNamespaces, withTags } from './observe-cloudmap.ts';
import type { CloudMapReading } from './observe-cloudmap.ts';
import type { ReaderOptions } from './observe.ts';
import { startPatience } from './patience.ts';
import { asRead, complete } from './read.ts';
import { createShortLists } from './short-lists.ts';
import { fields, text } from './values.ts';

export type TaggedReaderOptions = Omit<ReaderOptions, 'ecs'> & {
  /** The namespaces to look in. */
  names(signal: AbortSignal): Promise<readonly string[]>;
};

/**
 * Registries by lists; AWS has no list over registries of their tags, which are cached, nor of their
 * instances: these cost one call for each tagged registry and hundred instances.
 */
export function createTaggedReader(options: TaggedReaderOptions): TaggedReader {
  const { clock, cloudMap } = options;
  const shortLists = createShortLists(clock);
  const reading = {
    ...options,
    membership: createMembership(options),
    namespaces: createCache<readonly NamespaceSummary[]>({ clock, ttlMs: NAMESPACE_CACHE_MS, maxEntries: 1 }),
  };
  return {
    async read(claimed, signal) {
      const names = await asRead(options.names(signal));
      if (names.kind === 'failed') return names;
      const patience = startPatience(clock, options.patienceMs, signal);
      const patient = { ...reading, patience };
      const listed = await observeNamespaces(patient, names.value.map(listOnly), signal);
      const found = await Promise.all(
        [...listed].map(async ([name, namespace]) => {
          const wanted = (registry: ObservedRegistry): boolean =>
            !claimed.has(registryKey({ namespace: name, name: registry.name }));
          return [name, await readNamespace(patient, namespace, wanted, signal)] as const;
        }),
      );
      patience.end();
      return complete(new Map(found));
    },
  };

  async function readNamespace(
    patient: CloudMapReading,
    read: Read<ObservedNamespace | undefined>,
    wanted: (registry: ObservedRegistry) => boolean,
    signal: AbortSignal,
  ): Promise<Read<TaggedNamespace>> {
    if (read.kind === 'failed') return read;
    if (read.value === undefined) return complete({ exists: false, registries: [] });
    const { registries, shared, unread } = read.value;
    const unclaimed = [...registries.values()].filter(wanted);
    const names = new Set(unclaimed.map(({ name }) => name));
    const tagged = await withTags(patient, unclaimed, names, shared);
    return complete({
      exists: true,
      registries: await Promise.all(tagged.map((registry) => readRegistry(registry, signal))),
      ...(unread !== undefined && { unread }),
    });
  }

  async function readRegistry(registry: ObservedRegistry, signal: AbortSignal): Promise<TaggedRegistry> {
    const { name, tags } = registry;
    if (tags?.kind === 'failed') return { name, read: tags };
    const own = tags?.value ?? {};
    if (!asksForScrape(own)) return { name, read: complete({ tags: own, instances: [] }) };
    return { name, read: await asRead(readInstances(registry, own, signal)) };
  }

  async function readInstances(
    { arn, name, instanceCount = 0 }: ObservedRegistry,
    tags: TaggedInstances['tags'],
    signal: AbortSignal,
  ): Promise<TaggedInstances> {
    const where = `instances of registry ${name} (${arn})`;
    const listed = await asRead(listInstances(cloudMap, arn, where, signal));
    if (listed.kind === 'complete') {
      shortLists.requireWhole(where, listed.value.length, instanceCount);
      return { tags, instances: listed.value.map((raw) => decodeTagged(raw, where)) };
    }
    // A registry that was deleted has no instances; that is an answer, not a failure.
    if (awsErrorName(listed.error) === 'ServiceNotFound') return { tags, instances: [] };
    throw listed.error;
  }
}

/** A name that no registry has: the namespace is listed, and no tags are read yet. */
const listOnly = (namespace: string) => ({ namespace, name: '' });

/** An instance that cannot be told from others, or that comes without what it is, makes the whole list doubtful. */
function decodeTagged(raw: unknown, where: string): TaggedInstance {
  const instance = decodeInstance(raw);
  if (instance === undefined || fields(raw)['Attributes'] === undefined)
    throw transient({
      reason: 'IncompleteAnswer',
      where,
      message: 'Cloud Map ListInstances returned an instance without its id or attributes.',
    });
  const attributes = fields(fields(raw)['Attributes']);
  return {
    id: instance.id,
    ip: instance.ipv4 ?? instance.ipv6,
    port: instance.port,
    cluster: text(attributes['ECS_CLUSTER_NAME']),
    service: text(attributes['ECS_SERVICE_NAME']),
    taskDefinitionFamily: text(attributes['ECS_TASK_DEFINITION_FAMILY']),
  };
}

/** Names that are separated by commas. None at all is more likely a slip than a wish to scrape nothing. */
export function parseNamespaceNames(list: string, where: string): readonly string[] {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0) return [...new Set(names)];
  throw terminal({
    reason: 'NoNamespaces',
    where,
    message: 'It names no Cloud Map namespace.',
    remedy: 'Write the names of namespaces, separated by commas.',
  });
}
