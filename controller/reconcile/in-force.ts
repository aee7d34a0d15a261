import type { ScrapeTarget } from '../api/types.ts';
import { waiting } from '../errors.ts';
import { discoverTargets } from '../scrape/discover.ts';
import { holdMassLoss, type Addresses, type MassLoss, type MassLossPolicy } from '../scrape/mass-loss.ts';
import { renderBundle, type BaseConfig, type RenderInput, type RenderOutput } from '../scrape/render.ts';
import type { ObservedState } from '../state/observed.ts';
import type { TaggedTargets } from '../scrape/tagged-job.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import { targetFilePath, type Discovery, type TargetGroup } from '../state/targets.ts';
import type { Memory } from './memory.ts';

/** What is to be in Prometheus after this pass, and why it is not simply what documents and AWS say. */
export interface InForce {
  readonly input: RenderInput;
  readonly output: RenderOutput;
  readonly massLoss: MassLoss;
}

export interface Findings {
  /** The newest valid versions. */
  readonly targets: readonly ScrapeTarget[];
  /** Names of loaded versions whose document may be in a source that has not been read whole even once. */
  readonly unread: ReadonlySet<string>;
  readonly discoveries: ReadonlyMap<string, Discovery>;
  readonly observed: ObservedState;
  readonly baseConfig: BaseConfig;
  readonly prometheusVersion: string | undefined;
  /** Targets that only tags ask for; absent where nobody looks for them. */
  readonly tagged: TaggedTargets | undefined;
  /** Addresses that Prometheus has on disk. */
  readonly published: Addresses;
}

/**
 * Two things come between the documents and Prometheus: a version that Prometheus refused gives way to the one that
 * it has loaded, and targets that would go in suspicious numbers stay until a second read says the same.
 */
export function decideInForce(
  findings: Findings,
  memory: Memory,
  policy: MassLossPolicy,
  now: number,
): InForce {
  const versions = new Map(
    findings.targets.flatMap((target) =>
      versionInForce(target, memory, now).map((v) => [v.metadata.name, v]),
    ),
  );
  const discoveries = new Map(
    [...versions].map(([name, version]) => [name, discoveryOf(version, findings)] as const),
  );
  for (const target of loadedVersions(memory)) {
    const { name } = target.metadata;
    if (!findings.unread.has(name)) continue;
    versions.set(name, target);
    discoveries.set(name, { kind: 'unknown', error: documentUnread(target) });
  }
  const massLoss = holdMassLoss(
    findings.published,
    addressesByPath([...versions.values()], discoveries, findings.tagged),
    memory.lost,
    policy,
  );
  for (const target of ownersOf(massLoss.held, [...versions.values(), ...loadedVersions(memory)])) {
    versions.set(target.metadata.name, target);
    discoveries.set(target.metadata.name, { kind: 'unknown', error: massLossHeld(target, massLoss) });
  }
  const tagged: TaggedTargets | undefined = massLoss.held.has(TAGGED_FILE)
    ? { kind: 'held' }
    : findings.tagged;
  const input = renderInput([...versions.values()], discoveries, { ...findings, tagged }, memory);
  return { input, output: renderBundle(input), massLoss };
}

/** The newest version, or the one that Prometheus has loaded instead, or none. */
export function versionInForce(target: ScrapeTarget, memory: Memory, now: number): readonly ScrapeTarget[] {
  const { name } = target.metadata;
  const quarantine = memory.quarantine.get(name);
  if (quarantine === undefined || quarantine.specHash !== target.specHash || now >= quarantine.until)
    return [target];
  const loaded = memory.confirmed.get(name);
  return loaded === undefined ? [] : [loaded.target];
}

export function renderInput(
  targets: readonly ScrapeTarget[],
  discoveries: ReadonlyMap<string, Discovery>,
  { baseConfig, prometheusVersion, tagged }: Pick<Findings, 'baseConfig' | 'prometheusVersion' | 'tagged'>,
  memory: Memory,
): RenderInput {
  return {
    targets,
    discoveries,
    baseConfig,
    untried: untriedOf(targets, memory),
    ...(prometheusVersion === undefined ? {} : { prometheusVersion }),
    ...(tagged === undefined ? {} : { tagged }),
  };
}

/** Names of the versions that Prometheus has not loaded yet: only they can make it refuse a configuration. */
export function untriedOf(targets: readonly ScrapeTarget[], { confirmed }: Memory): ReadonlySet<string> {
  return new Set(
    targets.flatMap(({ metadata: { name }, specHash }) =>
      confirmed.get(name)?.target.specHash === specHash ? [] : [name],
    ),
  );
}

/** An older version may look for other ports or another service than the newest one, unless that asks for a halt. */
export function discoveryOf(
  version: ScrapeTarget,
  { targets, discoveries, observed }: Pick<Findings, 'targets' | 'discoveries' | 'observed'>,
): Discovery {
  const { name } = version.metadata;
  const newest = targets.find(({ metadata }) => metadata.name === name);
  const known = newest === version || newest?.spec.suspend === true ? discoveries.get(name) : undefined;
  return known ?? discoverTargets(version, observed);
}

export function addressesByPath(
  versions: readonly ScrapeTarget[],
  discoveries: ReadonlyMap<string, Discovery>,
  tagged: TaggedTargets | undefined,
): ReadonlyMap<string, ReadonlySet<string> | undefined> {
  const byTags = tagged?.kind === 'discovered' ? addressesOf(tagged.groups) : undefined;
  return new Map([
    ...versions.flatMap(({ metadata: { name }, spec }) => {
      const discovery = discoveries.get(name);
      return spec.endpoints.map((endpoint) => {
        const groups =
          discovery?.kind === 'discovered' ? (discovery.endpoints.get(endpoint.name) ?? []) : undefined;
        return [targetFilePath(name, endpoint.name), groups && addressesOf(groups)] as const;
      });
    }),
    ...(tagged === undefined ? [] : [[TAGGED_FILE, byTags] as const]),
  ]);
}

const addressesOf = (groups: readonly TargetGroup[]): ReadonlySet<string> =>
  new Set(groups.flatMap(({ targets }) => targets));

/** Loaded versions of documents that are gone, should their targets have to stay for another pass. */
const loadedVersions = ({ confirmed }: Memory): readonly ScrapeTarget[] =>
  [...confirmed.values()].map(({ target }) => target);

/** The first version of each name that has one of the paths. */
function ownersOf(paths: ReadonlySet<string>, versions: readonly ScrapeTarget[]): readonly ScrapeTarget[] {
  const owners = new Map<string, ScrapeTarget>();
  for (const version of versions) {
    const { name } = version.metadata;
    const owns = version.spec.endpoints.some((endpoint) => paths.has(targetFilePath(name, endpoint.name)));
    if (owns && !owners.has(name)) owners.set(name, version);
  }
  return [...owners.values()];
}

function documentUnread({ metadata }: ScrapeTarget) {
  return waiting({
    reason: 'SourceUnread',
    message: `ScrapeTarget ${metadata.name} may be in a source that could not be read yet: its job and its targets stay as they are.`,
    remedy: 'It is looked for as soon as every source has been read once.',
  });
}

function massLossHeld({ metadata }: ScrapeTarget, { lostCount, total }: MassLoss) {
  return waiting({
    reason: 'MassLossHeld',
    message: `${lostCount} of ${total} targets would go at once, those of ScrapeTarget ${metadata.name} among them; they stay until a second complete read says the same.`,
    remedy: 'Nothing to do if the loss is real; --max-target-loss sets how much may go at once.',
  });
}
