import type { ScrapeTarget } from '../api/types.ts';
import { sentence, terminal, toOperatorError, waiting, type OperatorError } from '../errors.ts';
import { renderBundle, type RenderInput } from '../scrape/render.ts';
import type { PublishResult } from '../state/outcomes.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import type { Bundle } from '../state/targets.ts';
import type { Publication, Refusal } from '../status/types.ts';
import { addressesByPath } from './in-force.ts';
import type { Verdict } from './isolate.ts';
import type { View } from './look.ts';
import type { Accepted, Memory, Offered } from './memory.ts';
import type { BundleChecker, Clock, Publisher } from './ports.ts';
import {
  findCulprits,
  inputWith,
  NOBODY,
  quarantineAfter,
  stillRefused,
  type Culprits,
} from './quarantine.ts';

export interface PublishPorts {
  readonly publisher: Publisher;
  /** Asked before Prometheus is, where there is one. */
  readonly checker: BundleChecker | undefined;
  readonly clock: Clock;
  /** Called with what a process that is killed just then must not forget. */
  readonly beforeOffer?: ((memory: Memory) => Promise<void>) | undefined;
}

/** How the read half of a pass ended. */
export interface Published {
  readonly publication: Publication;
  /** By ScrapeTarget name: versions that were refused in this pass or are in quarantine since an earlier one. */
  readonly refused: ReadonlyMap<string, Refusal>;
  readonly memory: Memory;
  /** What Prometheus is told now; absent when it was told nothing new. */
  readonly targetFiles?: Bundle['targetFiles'];
}

/**
 * The read half of a pass. Never throws: files that cannot be written are a fault to tell, not the end of the pass.
 * What Prometheus refuses is found, named and left out, so that everything else is in force within the same pass.
 */
export async function publishView(view: View, ports: PublishPorts, signal: AbortSignal): Promise<Published> {
  const withheld = whyWithheld(view);
  try {
    if (withheld !== undefined) {
      // What an earlier process had offered when it was killed must not be what Prometheus starts with.
      await ports.publisher.recover?.(signal);
      return untouched(view, { kind: 'withheld', error: withheld });
    }
    return await offerView(view, ports, signal);
  } catch (thrown) {
    return untouched(view, { kind: 'withheld', error: toOperatorError(thrown, 'PublishFailed') });
  }
}

const untouched = ({ memory }: View, publication: Publication): Published => ({
  publication,
  refused: refusalsOf(memory),
  memory,
});

const refusalsOf = ({ quarantine, confirmed }: Memory): ReadonlyMap<string, Refusal> =>
  new Map(
    [...quarantine].map(
      ([name, { message }]) => [name, { message, olderInForce: confirmed.has(name) }] as const,
    ),
  );

async function offerView(view: View, ports: PublishPorts, signal: AbortSignal): Promise<Published> {
  const { input, output } = view.inForce;
  const offering = withOffer(view);
  if (offering !== view) await ports.beforeOffer?.(offering.memory);
  const first = await offer(output.bundle, ports, view.memory, signal);
  if (first.verdict.kind !== 'refused') return settle(offering, input, first, NOBODY, ports.clock);

  const { message } = first.verdict;
  // Who took the whole would take each half as well, and the blame would fall on the half that nobody tried.
  const judges = first.result === undefined ? ports : { ...ports, checker: undefined };
  const judge = (trial: RenderInput): Promise<Verdict> =>
    judgeBundle(renderBundle(trial).bundle, judges, signal);
  const known = await withStartedVersions(view, judge);
  const culprits = await findCulprits(known, message, judge);
  if (culprits === undefined) return hopeless(known, input, message, first);
  const offerWithout = async ({ base, bad }: Culprits) => {
    const final = inputWith(known, base, bad);
    return { final, offered: await offer(renderBundle(final).bundle, judges, view.memory, signal) };
  };
  const { final, offered } = await offerWithout(culprits);
  const more = await findUnseen(known, culprits, final, offered, judges, signal);
  if (more === undefined) return settle(known, final, offered, culprits, ports.clock);
  const last = await offerWithout(more);
  return settle(known, last.final, last.offered, more, ports.clock);
}

/** What a checker takes Prometheus may refuse when it applies it: then the search goes on with Prometheus as the judge. */
async function findUnseen(
  view: View,
  seen: Culprits,
  input: RenderInput,
  { verdict, result }: Offer,
  { checker, publisher, clock }: PublishPorts,
  signal: AbortSignal,
): Promise<Culprits | undefined> {
  if (checker === undefined || verdict.kind !== 'refused' || result === undefined) return undefined;
  const rest: View = {
    ...view,
    findings: { ...view.findings, baseConfig: input.baseConfig },
    inForce: { ...view.inForce, input },
  };
  const found = await findCulprits(rest, verdict.message, (trial) =>
    judgeBundle(renderBundle(trial).bundle, { checker: undefined, publisher, clock }, signal),
  );
  return (
    found && {
      base: found.base ?? seen.base,
      refusedBase: found.refusedBase ?? seen.refusedBase,
      bad: new Map([...seen.bad, ...found.bad]),
    }
  );
}

/** Offers that are remembered: each costs a reload when the search for a refused version begins. */
const OFFERS = 3;

/** A view whose memory knows of the offer that follows, where Prometheus is not known to have just that. */
function withOffer(view: View): View {
  const { memory, documents, inForce } = view;
  if (inForce.output.bundle.config === memory.acceptedConfig) return view;
  const versions = loadedVersions(inForce.input.targets, [documents.memory.accepted, memory.confirmed]);
  const offer = { base: inForce.input.baseConfig, versions };
  const [last] = memory.offered;
  if (last !== undefined && isSameOffer(last, offer)) return view;
  return { ...view, memory: { ...memory, offered: [offer, ...memory.offered].slice(0, OFFERS) } };
}

function isSameOffer(a: Offered, b: Offered): boolean {
  const hashOf = ({ versions }: Offered, name: string) => versions.get(name)?.target.specHash;
  const sameVersions = [...a.versions.keys()].every((name) => hashOf(a, name) === hashOf(b, name));
  return a.base.text === b.base.text && a.versions.size === b.versions.size && sameVersions;
}

/**
 * A Prometheus whose verdict nobody heard may have loaded what was offered to it, or started with it. If it takes that
 * now, those versions are loaded, and the search for what is new must not take them away.
 */
async function withStartedVersions(
  view: View,
  judge: (trial: RenderInput) => Promise<Verdict>,
): Promise<View> {
  const everyName = new Map(view.inForce.input.targets.map(({ metadata: { name } }) => [name, undefined]));
  for (const { base, versions } of view.memory.offered) {
    const started: View = {
      ...view,
      memory: { ...view.memory, confirmed: versions, confirmedBase: base },
    };
    const verdict = await judge(inputWith(started, base, everyName));
    if (verdict.kind === 'accepted') return started;
  }
  return view;
}

interface Offer {
  readonly verdict: Verdict;
  readonly bundle: Bundle;
  readonly result: PublishResult | undefined;
}

/** Checks before anything is touched, where somebody can and it is not known already; then publishes. */
async function offer(
  bundle: Bundle,
  { checker, publisher }: PublishPorts,
  { acceptedConfig }: Memory,
  signal: AbortSignal,
): Promise<Offer> {
  const checked = bundle.config === acceptedConfig ? undefined : await checker?.check(bundle, signal);
  if (checked?.kind === 'refused') return { verdict: checked, bundle, result: undefined };
  const result = await publisher.publish(bundle, signal);
  return { verdict: verdictOf(result), bundle, result };
}

/** A trial: the checker is enough to find a culprit; without one, only Prometheus can tell. */
async function judgeBundle(
  bundle: Bundle,
  { checker, publisher }: PublishPorts,
  signal: AbortSignal,
): Promise<Verdict> {
  const checked = await checker?.check(bundle, signal);
  if (checked !== undefined && checked.kind !== 'unavailable') return checked;
  return verdictOf(await publisher.publish(bundle, signal));
}

function verdictOf({ reload }: PublishResult): Verdict {
  if (reload.kind === 'rejected') return { kind: 'refused', message: reload.message };
  return reload.kind === 'pending' ? { kind: 'unknown' } : { kind: 'accepted' };
}

/** What the pass leaves: versions that are loaded now, and those that are not offered again for a while. */
function settle(view: View, input: RenderInput, offered: Offer, culprits: Culprits, clock: Clock): Published {
  const { memory, documents } = view;
  const { verdict, bundle, result } = offered;
  const quarantine = quarantineAfter(view, culprits, clock.now());
  const loaded = verdict.kind === 'accepted';
  const versions = loadedVersions(input.targets, [documents.memory.accepted, memory.confirmed]);
  const after: Memory = {
    ...memory,
    quarantine,
    confirmed: loaded ? versions : memory.confirmed,
    confirmedBase: loaded ? input.baseConfig : memory.confirmedBase,
    offered: verdict.kind === 'unknown' ? withoutRefused(memory.offered, quarantine) : [],
    refusedBase: culprits.refusedBase ?? stillRefused(memory),
    acceptedConfig: loaded ? bundle.config : memory.acceptedConfig,
    published: publishedAfter(view, input, result),
  };
  const published = { publication: publicationOf(offered), refused: refusalsOf(after), memory: after };
  if (result === undefined || verdict.kind === 'refused') return published;
  return { ...published, targetFiles: loaded ? bundle.targetFiles : withoutUntried(bundle) };
}

/** What holds a version that was refused since cannot be what Prometheus has loaded. */
function withoutRefused(offered: Memory['offered'], quarantine: Memory['quarantine']): Memory['offered'] {
  return offered.filter(({ versions }) =>
    [...versions].every(([name, { target }]) => quarantine.get(name)?.specHash !== target.specHash),
  );
}

/** What Prometheus has not confirmed does not yet take the place of what it has. */
function withoutUntried({ targetFiles }: Bundle): Bundle['targetFiles'] {
  return new Map(
    [...targetFiles].map(([path, file]) => [
      path,
      file.kind === 'write' && file.untried === true ? { kind: 'keep' } : file,
    ]),
  );
}

function publicationOf({ verdict, result }: Offer): Publication {
  if (result !== undefined) return { kind: 'published', result };
  return { kind: 'withheld', error: configRefused(verdict.kind === 'refused' ? verdict.message : '') };
}

function hopeless(view: View, input: RenderInput, message: string, { result }: Offer): Published {
  const memory: Memory = { ...view.memory, offered: [], published: publishedAfter(view, input, result) };
  return untouched(
    { ...view, memory },
    result === undefined
      ? { kind: 'withheld', error: configRefused(message) }
      : { kind: 'published', result },
  );
}

function configRefused(message: string): OperatorError {
  return terminal({
    reason: 'ConfigCheckFailed',
    message: `The configuration is refused, also without any new ScrapeTarget, so the Prometheus files stay as they are: ${sentence(message)}`,
    remedy: 'Mend the base configuration.',
  });
}

function loadedVersions(
  targets: readonly ScrapeTarget[],
  known: readonly ReadonlyMap<string, Accepted>[],
): ReadonlyMap<string, Accepted> {
  return new Map(
    targets.flatMap((target) => {
      const { name } = target.metadata;
      const accepted = known
        .map((versions) => versions.get(name))
        .find((version) => version?.target === target);
      return accepted === undefined ? [] : [[name, accepted] as const];
    }),
  );
}

/** What is on disk of the jobs after a publication: what was not written is as it was. */
function publishedAfter(
  { memory, findings }: View,
  { targets, discoveries, tagged }: RenderInput,
  result: PublishResult | undefined,
): Memory['published'] {
  if (result === undefined) return memory.published;
  const skipped = new Set(result.skipped);
  return new Map(
    [...addressesByPath(targets, discoveries, tagged)].flatMap(([path, addresses]) => {
      const written = skipped.has(path) ? undefined : addresses;
      const now = written ?? findings.published.get(path);
      return now === undefined ? [] : [[path, now] as const];
    }),
  );
}

/**
 * A source that never could be read since the start may hold any of the jobs that Prometheus has now: until it is read
 * once, a job that nothing known explains is not a job to remove, and without its document it cannot be kept alone.
 * A Prometheus that runs while nothing of it is on disk may have any job.
 */
function whyWithheld({ documents, inForce, findings }: View): OperatorError | undefined {
  if (documents.whole) return undefined;
  const { targets, discoveries } = inForce.input;
  const known = addressesByPath(targets, discoveries, findings.tagged);
  const strange = [...findings.published.keys()].filter((path) => !known.has(path) && path !== TAGGED_FILE);
  const lost = findings.published.size === 0 && findings.prometheusVersion !== undefined;
  if (strange.length === 0 && !lost) return undefined;
  const held = lost ? 'whatever Prometheus is running now' : strange.join(', ');
  return waiting({
    reason: 'SourceUnread',
    message: `${documents.incomplete.map(({ uri }) => uri).join(', ')} could not be read yet and may hold the documents of ${held}, so the Prometheus files stay as they are.`,
    remedy: 'They are written as soon as every source has been read once.',
  });
}
