import type { ScrapeTarget } from '../api/types.ts';
import { sentence, terminal, toOperatorError, waiting, type OperatorError } from '../errors.ts';
import { calculatePlan } from '../plan/calculate-plan.ts';
import { findLeaving, planDepartures } from '../plan/departures.ts';
import type { PruneLimits } from '../plan/prune-limits.ts';
import { restrictPlan, type Restriction } from '../plan/restrict-plan.ts';
import type { Plan } from '../plan/types.ts';
import { parseBaseConfig } from '../scrape/base-config.ts';
import type { Addresses, MassLossPolicy } from '../scrape/mass-loss.ts';
import { DEFAULT_BASE_CONFIG, type BaseConfig } from '../scrape/render.ts';
import { checkTaggedJob } from '../scrape/tagged-job.ts';
import {
  attributeEntries,
  discoverTagged,
  taggedGroups,
  type TaggedDiscovery,
  type TaggedRules,
} from '../scrape/tagged-registries.ts';
import { expandVariables } from '../scrape/variables.ts';
import { mergeAttempts } from '../state/attempts.ts';
import { buildDesiredState } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import { withSpared, type Owned } from '../state/owned.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import type { Discovery } from '../state/targets.ts';
import {
  findUncertainty,
  ownedIn,
  restrictDepartures,
  withDepartures,
  withLeaving,
  type Ownership,
} from './departures.ts';
import { decideInForce, versionInForce, type Findings, type InForce } from './in-force.ts';
import type { InventoryKeeper } from './inventory-keeper.ts';
import type { Memory } from './memory.ts';
import type {
  Clock,
  CloudReader,
  DocumentSource,
  ObserveScope,
  PublishedTargets,
  TaggedReader,
  TextReader,
} from './ports.ts';
import { readDocuments, type Documents } from './read-documents.ts';
import { rediscover, rediscoverFromDisk } from './rediscover.ts';
import { findUnseenFiles } from './unseen-files.ts';

/** Everything a look at the world needs; nothing here can change it. */
export interface LookPorts {
  readonly sources: readonly DocumentSource[];
  readonly baseConfig: TextReader | undefined;
  readonly reader: CloudReader;
  /** Version of the Prometheus that the bundle is for, where it is known. */
  readonly prometheusVersion: (signal: AbortSignal) => Promise<string | undefined>;
  /** The targets on disk; undefined when no bundle directory was named. */
  readonly published: PublishedTargets | undefined;
  /** Absent: registries without a document are not scraped. */
  readonly tagged?: TaggedReader | undefined;
  /** What this installation owns; absent: nothing is ever deleted. */
  readonly inventory?: InventoryKeeper | undefined;
  /** Whether a file that a document names is there for this process; absent: nobody looks. */
  readonly fileExists?: ((path: string) => Promise<boolean>) | undefined;
  readonly clock: Clock;
  readonly progress: (message: string) => void;
}

export interface LookOptions {
  readonly owner: string;
  readonly fileAccessDirectory?: string;
  /** Values that may replace `${NAME}` in the base configuration. */
  readonly variables: ReadonlyMap<string, string>;
  readonly massLoss: MassLossPolicy;
  /** Targets that only tags ask for get the labels of the AWS sample and no others. */
  readonly sampleLabelsOnly?: boolean;
  /** What may be changed in AWS; absent means everything. */
  readonly restriction?: Restriction;
  /** How much may be deleted at once because its documents are gone. */
  readonly prune?: PruneLimits;
}

const PRUNE: PruneLimits = { maxPercent: 20, allowEmpty: false };

/** What documents and AWS say at one moment, and what follows from it. */
export interface View {
  readonly documents: Documents;
  readonly plan: Plan;
  readonly ownership: Ownership;
  readonly findings: Findings;
  readonly inForce: InForce;
  /** Why the base configuration in use is an earlier one. */
  readonly baseConfigError: OperatorError | undefined;
  /** Targets that only tags ask for; undefined where nobody looks for them. */
  readonly tagged: TaggedDiscovery | undefined;
  /** What is known after this look, before anything was changed. */
  readonly memory: Memory;
}

/** The way of the data up to the point where something would be changed. */
export async function look(
  ports: LookPorts,
  options: LookOptions,
  memory: Memory,
  signal: AbortSignal,
): Promise<View> {
  ports.progress('reading documents');
  const documents = await readDocuments(ports.sources, memory.documents, options, signal);
  const [base, version, published, inventory] = await Promise.all([
    readBaseConfig(ports, options.variables, memory, signal),
    ports.prometheusVersion(signal),
    memory.published ?? ports.published?.read(signal) ?? NOTHING_PUBLISHED,
    ports.inventory?.read(signal),
  ]);
  const { targets } = documents;
  const now = ports.clock.now();
  const desired = buildDesiredState(targets, options.owner);
  const owned = withSpared(ownedIn({ inventory }), memory.spared);
  ports.progress(`observing AWS for ${targets.length} ScrapeTargets`);
  const unread = unreadVersions(documents, memory);
  const inUse = targets.flatMap((target) => [target, ...versionInForce(target, memory, now)]);
  const [observed, tagged] = await Promise.all([
    ports.reader.observe(withLeaving(scopeOf(inUse), findLeaving(owned, desired.targets)), signal),
    lookForTagged(
      ports,
      {
        claimed: claimedBy(
          [...targets.flatMap((target) => versionInForce(target, memory, now)), ...unread],
          owned,
        ),
        sampleLabelsOnly: options.sampleLabelsOnly === true,
      },
      memory,
      signal,
    ),
  ]);
  requireNames(options.restriction, documents, owned);
  const attempts =
    inventory?.kind === 'complete'
      ? mergeAttempts(memory.attempts, inventory.value.attempts)
      : memory.attempts;
  const settings = { owner: options.owner, attempts, now };
  const departures = planDepartures({
    owned,
    targets: desired.targets,
    uncertainty: findUncertainty(documents),
    observed,
    owner: options.owner,
    limits: options.prune ?? PRUNE,
  });
  const wanted = withDepartures(calculatePlan(desired, observed, settings), departures);
  const { restriction } = options;
  const plan = restriction === undefined ? wanted : restrictPlan(wanted, restriction);
  const rediscovered = rediscoverAll(targets, observed, memory.discoveries);
  const isFirstLook = memory.published === undefined && ports.published !== undefined;
  const remembered = isFirstLook
    ? await rediscoverFromDisk(targets, observed, rediscovered, ports.published)
    : rediscovered;
  const findings: Findings = {
    targets,
    unread: new Set(unread.map(({ metadata }) => metadata.name)),
    discoveries: new Map(targets.map((target) => [target.metadata.name, discovery(target, remembered)])),
    observed,
    baseConfig: base.inForce,
    prometheusVersion: version ?? memory.prometheusVersion,
    tagged: tagged && { kind: 'discovered', groups: taggedGroups(tagged.entries) },
    published,
  };
  const inForce = await withUnseenFiles(decideInForce(findings, memory, options.massLoss, now), ports);
  return {
    documents,
    plan,
    ownership: {
      inventory,
      departures: restriction === undefined ? departures : restrictDepartures(departures, restriction),
    },
    findings,
    inForce,
    baseConfigError: base.error,
    tagged,
    memory: {
      ...memory,
      attempts,
      documents: documents.memory,
      baseConfig: base.read,
      prometheusVersion: findings.prometheusVersion,
      lastCompleteRead: lastCompleteReads(findings.discoveries, memory, now),
      published,
      lost: inForce.massLoss.lost,
      tagged: tagged === undefined || inForce.massLoss.held.has(TAGGED_FILE) ? memory.tagged : tagged.entries,
      discoveries: remembered,
    },
  };
}

async function withUnseenFiles(inForce: InForce, { fileExists }: LookPorts): Promise<InForce> {
  if (fileExists === undefined) return inForce;
  const { input, output } = inForce;
  const unseen = await findUnseenFiles(input.targets, fileExists);
  return { ...inForce, output: { ...output, problems: [...output.problems, ...unseen] } };
}

/** Loaded versions without a document, while a source that has never been read whole may hold it. */
function unreadVersions({ whole, targets }: Documents, { confirmed }: Memory): readonly ScrapeTarget[] {
  if (whole) return [];
  const known = new Set(targets.map(({ metadata }) => metadata.name));
  return [...confirmed].flatMap(([name, { target }]) => (known.has(name) ? [] : [target]));
}

/** What is on disk is where a new process begins, whatever the memory of the one before it says. */
async function lookForTagged(
  { tagged, published }: LookPorts,
  rules: TaggedRules,
  memory: Memory,
  signal: AbortSignal,
): Promise<TaggedDiscovery | undefined> {
  if (tagged === undefined) return undefined;
  const onDisk = memory.published === undefined ? await published?.readGroups?.(TAGGED_FILE) : undefined;
  const before = onDisk === undefined ? memory.tagged : attributeEntries(onDisk, memory.tagged);
  return discoverTagged(await tagged.read(rules.claimed, signal), before, rules);
}

/** A document of which Prometheus has no version leaves its registry to the tags; what is being deleted is left to nobody. */
function claimedBy(targets: readonly ScrapeTarget[], owned: Owned): ReadonlySet<string> {
  const deleted = owned.filter(({ state }) => state === 'deleting');
  return new Set(
    [...targets.map(({ spec }) => spec), ...deleted].map(({ registry }) => registryKey(registry)),
  );
}

/** A misspelt name would make an empty plan, which reads like success. */
function requireNames(
  restriction: Restriction | undefined,
  { targets, errors }: Documents,
  owned: Owned,
): void {
  const known = new Set([
    ...targets.map(({ metadata }) => metadata.name),
    ...errors.map(({ name }) => name),
    ...owned.map(({ target }) => target),
  ]);
  const unknown = [...(restriction?.only ?? [])].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw terminal({
    reason: 'UnknownScrapeTarget',
    message: `--only names ${unknown.join(', ')}, but no document has that name.`,
    remedy: 'Names are those of metadata.name.',
  });
}

const NOTHING_PUBLISHED: Addresses = new Map();

function lastCompleteReads(
  discoveries: ReadonlyMap<string, Discovery>,
  { lastCompleteRead }: Memory,
  now: number,
): ReadonlyMap<string, number> {
  return new Map(
    [...discoveries].flatMap(([name, found]) => {
      const at = found.kind === 'discovered' ? now : lastCompleteRead.get(name);
      return at === undefined ? [] : [[name, at] as const];
    }),
  );
}

interface BaseInForce {
  readonly inForce: BaseConfig;
  readonly read: BaseConfig | undefined;
  readonly error: OperatorError | undefined;
}

/** A base configuration that cannot be read, is faulty, or was refused by Prometheus leaves the last good one in force. */
async function readBaseConfig(
  { baseConfig: reader, tagged }: Pick<LookPorts, 'baseConfig' | 'tagged'>,
  variables: ReadonlyMap<string, string>,
  memory: Memory,
  signal: AbortSignal,
): Promise<BaseInForce> {
  if (reader === undefined) return { inForce: DEFAULT_BASE_CONFIG, read: undefined, error: undefined };
  try {
    const text = expandVariables(await reader.read(signal), variables, reader.uri);
    const read = { uri: reader.uri, text };
    const parsed = parseBaseConfig(read);
    if (tagged !== undefined) checkTaggedJob(parsed);
    const refused = memory.refusedBase?.text === text ? memory.refusedBase : undefined;
    return refused === undefined || memory.confirmedBase === undefined
      ? { inForce: read, read, error: undefined }
      : { inForce: memory.confirmedBase, read, error: baseConfigRefused(read, refused.message) };
  } catch (thrown) {
    const inForce = memory.confirmedBase ?? memory.baseConfig;
    if (inForce === undefined) throw thrown;
    return { inForce, read: memory.baseConfig, error: toOperatorError(thrown, 'BaseConfigUnreadable') };
  }
}

export function baseConfigRefused({ uri }: BaseConfig, message: string): OperatorError {
  return terminal({
    reason: 'BaseConfigRefused',
    message: `Prometheus refuses the base configuration, so the last good one stays in force: ${sentence(message)}`,
    where: uri,
    remedy: 'Mend it there; it is tried again as soon as it changes.',
  });
}

function rediscoverAll(
  targets: readonly ScrapeTarget[],
  observed: ObservedState,
  remembered: Memory['discoveries'],
): Memory['discoveries'] {
  const active = targets.filter(({ spec }) => !spec.suspend);
  return new Map(
    active.map((target) => {
      const { name } = target.metadata;
      return [name, rediscover(target, observed, remembered.get(name))];
    }),
  );
}

/** A suspended ScrapeTarget keeps the targets that it has. */
function discovery(target: ScrapeTarget, remembered: Memory['discoveries']): Discovery {
  const { name } = target.metadata;
  return remembered.get(name)?.discovery ?? { kind: 'unknown', error: suspended(name) };
}

function suspended(name: string): OperatorError {
  return waiting({
    reason: 'Suspended',
    message: `ScrapeTarget ${name} is suspended: its targets stay as they are.`,
    remedy: 'Remove spec.suspend to go on.',
  });
}

/** The AWS names in the documents, each once. */
export function scopeOf(targets: readonly ScrapeTarget[]): ObserveScope {
  const services = new Map(targets.map(({ spec }) => [serviceKey(spec.serviceRef), spec.serviceRef]));
  const registries = new Map(
    targets.map(({ spec }) => [
      registryKey(spec.registry),
      { namespace: spec.registry.namespace, name: spec.registry.name },
    ]),
  );
  return { services: [...services.values()], registries: [...registries.values()] };
}
