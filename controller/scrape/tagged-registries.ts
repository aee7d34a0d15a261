import type { OperatorError } from '../errors.ts';
import { compareText, registryKey } from '../state/keys.ts';
import {
  METRICS_TAGS,
  type TaggedInstance,
  type TaggedInstances,
  type TaggedNamespace,
  type TaggedNamespaces,
} from '../state/tagged.ts';
import type { TargetGroup } from '../state/targets.ts';
import { joinHostPort } from './address.ts';

/** The entries of each registry, by registry key. */
export type TaggedEntries = ReadonlyMap<string, readonly TargetGroup[]>;

/** Key of entries on disk whose registry is not known: they stay until everything has been read once. */
const OF_UNKNOWN_REGISTRY = '';

export interface TaggedRules {
  /** Registry keys that documents name: these are scraped as their documents say. */
  readonly claimed: ReadonlySet<string>;
  /** Only the labels that the AWS sample writes. */
  readonly sampleLabelsOnly: boolean;
}

export interface TaggedDiscovery {
  readonly entries: TaggedEntries;
  /** Reads that failed: what they are about is as it was. */
  readonly failures: readonly OperatorError[];
  /** What has tags but no usable address, and why; namespaces that do not exist. */
  readonly skipped: readonly string[];
}

/** Entries leave only when the read that would have shown them was complete. */
export function discoverTagged(
  seen: TaggedNamespaces,
  before: TaggedEntries,
  rules: TaggedRules,
): TaggedDiscovery {
  const found = findEntries(seen, rules);
  const fresh = [...found.entries];
  const whole = found.failures.length === 0;
  const known = new Set(fresh.flatMap(([, groups]) => groups.map(identity)));
  const kept = [...before].flatMap(([key, groups]): [string, readonly TargetGroup[]][] => {
    if (key === OF_UNKNOWN_REGISTRY)
      return whole ? [] : [[key, groups.filter((group) => !known.has(identity(group)))]];
    return found.entries.has(key) || rules.claimed.has(key) || !found.mayExist(key) ? [] : [[key, groups]];
  });
  const entries = [...fresh, ...kept].filter(([, groups]) => groups.length > 0);
  return {
    entries: new Map(entries.sort(([a], [b]) => compareText(a, b))),
    failures: found.failures,
    skipped: found.skipped,
  };
}

interface Found {
  readonly entries: TaggedEntries;
  readonly failures: readonly OperatorError[];
  readonly skipped: readonly string[];
  /** Whether a registry that is not among the entries may be there, only unread. */
  mayExist(key: string): boolean;
}

function findEntries(seen: TaggedNamespaces, rules: TaggedRules): Found {
  if (seen.kind === 'failed')
    return { entries: new Map(), failures: [seen.error], skipped: [], mayExist: () => true };
  const entries = new Map<string, readonly TargetGroup[]>();
  const failures = new Set<OperatorError>();
  const skipped: string[] = [];
  const unread = new Set<string>();
  const addRegistries = (namespace: string, { registries }: TaggedNamespace): void => {
    for (const { name, read } of registries) {
      const key = registryKey({ namespace, name });
      if (rules.claimed.has(key)) continue;
      if (read.kind === 'failed') {
        failures.add(read.error);
        unread.add(key);
      } else {
        const { groups, reasons } = entriesOf(read.value, namespace, rules);
        entries.set(key, groups);
        skipped.push(...reasons.map((reason) => `registry ${key}: ${reason}`));
      }
    }
  };
  for (const [namespace, read] of seen.value) {
    const error = read.kind === 'failed' ? read.error : read.value.unread;
    if (error !== undefined) {
      failures.add(error);
      unread.add(namespace);
    }
    if (read.kind === 'failed') continue;
    addRegistries(namespace, read.value);
    if (!read.value.exists) skipped.push(`namespace ${namespace}: Cloud Map has none of this name`);
  }
  const mayExist = (key: string): boolean => unread.has(key) || unread.has(namespaceOf(key));
  return { entries, failures: [...failures], skipped, mayExist };
}

/** Names of registries hold no slash. */
const namespaceOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));

function entriesOf(
  { tags, instances }: TaggedInstances,
  namespace: string,
  { sampleLabelsOnly }: TaggedRules,
): { readonly groups: readonly TargetGroup[]; readonly reasons: readonly string[] } {
  const groups: TargetGroup[] = [];
  const reasons: string[] = [];
  for (const { path: pathTag, port: portTag, ownPort } of METRICS_TAGS) {
    const path = tags[pathTag];
    if (path === undefined) continue;
    for (const instance of instances) {
      const address = addressOf(instance, tags[portTag], portTag, ownPort);
      if ('fault' in address) reasons.push(`instance ${instance.id}: ${address.fault}`);
      else
        groups.push({
          targets: [address.hostPort],
          labels: labelsOf(instance, path, sampleLabelsOnly ? undefined : namespace),
        });
    }
  }
  return { groups, reasons };
}

function addressOf(
  { ip, port }: TaggedInstance,
  portTag: string | undefined,
  tagName: string,
  ownPort: boolean,
): { readonly hostPort: string } | { readonly fault: string } {
  if (ip === undefined) return { fault: 'it has no IP address' };
  if (portTag !== undefined) {
    const tagged = toPort(portTag);
    return tagged === undefined
      ? { fault: `the tag ${tagName} is not a port number` }
      : { hostPort: joinHostPort(ip, tagged) };
  }
  if (ownPort && port !== undefined) return { hostPort: joinHostPort(ip, port) };
  return { fault: `the registry has no tag ${tagName}${ownPort ? ', and the instance no port' : ''}` };
}

function toPort(text: string): number | undefined {
  const trimmed = text.trim();
  const port = /^\d{1,5}$/.test(trimmed) ? Number(trimmed) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** What ECS did not write on the instance is left out, as the sample does. */
function labelsOf(
  { id, cluster, service, taskDefinitionFamily }: TaggedInstance,
  path: string,
  namespace: string | undefined,
): Readonly<Record<string, string>> {
  const labels = {
    __metrics_path__: path,
    cluster,
    service,
    taskdefinition: taskDefinitionFamily,
    ...(namespace !== undefined && { namespace, taskid: id }),
  };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const identity = ({ targets, labels }: TargetGroup): string =>
  `${targets.join()} ${labels['__metrics_path__'] ?? ''}`;

/** The entries of all registries, each once: a task that is in two registries is one target. */
export function taggedGroups(entries: TaggedEntries): readonly TargetGroup[] {
  const groups = [...entries.values()].flat();
  return [...new Map(groups.map((group) => [identity(group), group])).values()];
}

/** What is on disk, with the registries that an earlier process knew for it. */
export function attributeEntries(onDisk: readonly TargetGroup[], remembered: TaggedEntries): TaggedEntries {
  const keys = new Map(
    [...remembered].flatMap(([key, groups]) => groups.map((group) => [identity(group), key] as const)),
  );
  const entries = new Map<string, TargetGroup[]>();
  for (const group of onDisk) {
    const key = keys.get(identity(group)) ?? OF_UNKNOWN_REGISTRY;
    entries.set(key, [...(entries.get(key) ?? []), group]);
  }
  return entries;
}
