import type { FieldError, ScrapeTarget } from '../api/types.ts';
import { maskUrls } from '../plan/mask.ts';
import { compareText, serviceKey } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import { targetFilePath, type Discovery } from '../state/targets.ts';
import type {
  ScrapedTask,
  StoredRegistry,
  StoredService,
  StoredSource,
  StoredTarget,
  StoredTargets,
  StoredVersion,
} from './stored-status.ts';
import type { TargetStatus } from './types.ts';

/** What a pass knows beyond the conditions. */
export interface PassDetails {
  readonly targets: readonly ScrapeTarget[];
  readonly errors: readonly FieldError[];
  readonly observed: ObservedState;
  readonly discoveries: ReadonlyMap<string, Discovery>;
  /** Addresses that Prometheus has, by path of the target file. */
  readonly published: ReadonlyMap<string, ReadonlySet<string>>;
  /** By name; missing where the newest version is in force. */
  readonly inForce: ReadonlyMap<string, StoredVersion>;
}

/** The status of every ScrapeTarget with all that a reader may ask for. What could not be read stays as it was told before. */
export function describeTargets(
  statuses: readonly TargetStatus[],
  details: PassDetails,
  previous: readonly StoredTarget[],
  now: string,
): readonly StoredTarget[] {
  const before = new Map(previous.map((stored) => [stored.name, stored]));
  const targets = new Map(details.targets.map((target) => [target.metadata.name, target]));
  return statuses.map((status) =>
    describeTarget(status, targets.get(status.name), details, before.get(status.name), now),
  );
}

function describeTarget(
  status: TargetStatus,
  target: ScrapeTarget | undefined,
  details: PassDetails,
  before: StoredTarget | undefined,
  now: string,
): StoredTarget {
  const { name, observedGeneration, specHash, conditions, result } = status;
  return {
    name,
    observedGeneration,
    specHash,
    firstSeen: before?.firstSeen ?? now,
    source: describeSource(name, target, details.errors),
    inForce: describeVersion(target, details.inForce.get(name)),
    service:
      target === undefined ? null : describeService(target, details.observed, before?.service ?? undefined),
    registry:
      target === undefined ? null : describeRegistry(target, details.observed, before?.registry ?? undefined),
    targets: target === undefined ? NO_TARGETS : describeTaskTargets(target, status, details, before),
    conditions: conditions.map((condition) => ({ ...condition, message: maskUrls(condition.message) })),
    result,
  };
}

/** A version that was never accepted has no origin; its faults name the file. */
function describeSource(
  name: string,
  target: ScrapeTarget | undefined,
  errors: readonly FieldError[],
): StoredSource | null {
  if (target !== undefined) {
    const { file, revision, gitRevision } = target.origin;
    return {
      file,
      ...(revision !== undefined && { revision }),
      ...(gitRevision !== undefined && { gitRevision }),
    };
  }
  const file = errors.find((error) => error.name === name)?.file;
  return file === undefined ? null : { file };
}

function describeVersion(
  target: ScrapeTarget | undefined,
  inForce: StoredVersion | undefined,
): StoredVersion {
  if (target === undefined) return { version: 'none' };
  if (inForce === undefined) return { version: 'newest' };
  const { message, ...version } = inForce;
  return message === undefined ? version : { ...version, message: maskUrls(message) };
}

function describeService(
  { spec }: ScrapeTarget,
  observed: ObservedState,
  before: StoredService | undefined,
): StoredService {
  const { cluster, service: name } = spec.serviceRef;
  const read = observed.services.get(serviceKey(spec.serviceRef));
  if (read?.kind !== 'complete') return known({ cluster, name, arn: null, bound: null }, before);
  const registryArn = registryArnOf(spec.registry, observed);
  const bindings = read.value?.serviceRegistries ?? [];
  const bound = registryArn.known && bindings.some((binding) => binding.registryArn === registryArn.arn);
  return {
    cluster,
    name,
    arn: read.value?.arn ?? null,
    bound: registryArn.known ? bound : (before?.bound ?? null),
  };
}

function describeRegistry(
  { spec }: ScrapeTarget,
  observed: ObservedState,
  before: StoredRegistry | undefined,
): StoredRegistry {
  const { namespace, name } = spec.registry;
  const registry = registryArnOf(spec.registry, observed);
  return registry.known
    ? { namespace, name, arn: registry.arn }
    : known({ namespace, name, arn: null }, before);
}

/** What was told before, as long as it is about the same thing. */
function known<T extends { readonly name: string }>(unknown: T, before: T | undefined): T {
  return before?.name === unknown.name ? before : unknown;
}

function registryArnOf(
  ref: { readonly namespace: string; readonly name: string },
  observed: ObservedState,
): { readonly known: true; readonly arn: string | null } | { readonly known: false } {
  const read = observed.namespaces.get(ref.namespace);
  if (read?.kind !== 'complete') return { known: false };
  return { known: true, arn: read.value?.registries.get(ref.name)?.arn ?? null };
}

const NO_TARGETS: StoredTargets = { count: 0, held: false, scraped: [], skipped: [] };

function describeTaskTargets(
  target: ScrapeTarget,
  { lastCompleteRead }: TargetStatus,
  details: PassDetails,
  before: StoredTarget | undefined,
): StoredTargets {
  const discovery = details.discoveries.get(target.metadata.name);
  if (discovery?.kind === 'discovered') return discoveredTargets(discovery);
  const scraped = heldTargets(target, details.published, before?.targets.scraped ?? []);
  return {
    count: scraped.length,
    held: true,
    ...(lastCompleteRead === undefined ? {} : { lastCompleteRead }),
    scraped,
    skipped: [],
  };
}

function discoveredTargets(discovery: Extract<Discovery, { kind: 'discovered' }>): StoredTargets {
  const scraped = [...discovery.endpoints].flatMap(([endpoint, groups]) =>
    groups.flatMap(({ targets, labels }) =>
      targets.map((address) => ({ endpoint, address, taskId: labels['taskid'] ?? null })),
    ),
  );
  const skipped = discovery.skipped.map(({ taskId, reason }) => ({ taskId, reason }));
  return {
    count: scraped.length,
    held: false,
    scraped: scraped.toSorted(byPlace),
    skipped: skipped.toSorted((a, b) => compareText(a.taskId, b.taskId) || compareText(a.reason, b.reason)),
  };
}

/** What Prometheus has is on disk without the ids of tasks; those are told as long as they are remembered. */
function heldTargets(
  { metadata: { name }, spec }: ScrapeTarget,
  published: PassDetails['published'],
  before: readonly ScrapedTask[],
): readonly ScrapedTask[] {
  const tasks = new Map(before.map(({ endpoint, address, taskId }) => [`${endpoint} ${address}`, taskId]));
  return spec.endpoints
    .flatMap(({ name: endpoint }) =>
      [...(published.get(targetFilePath(name, endpoint)) ?? [])].map((address) => ({
        endpoint,
        address,
        taskId: tasks.get(`${endpoint} ${address}`) ?? null,
      })),
    )
    .toSorted(byPlace);
}

const byPlace = (a: ScrapedTask, b: ScrapedTask): number =>
  compareText(a.endpoint, b.endpoint) || compareText(a.address, b.address);
