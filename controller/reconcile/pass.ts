import { attemptOf, withEffect } from '../plan/attempts.ts';
import { waiting, type OperatorError } from '../errors.ts';
import { isDeparture, subjectOf } from '../plan/plan-json.ts';
import type { Change, Plan } from '../plan/types.ts';
import type { Attempts } from '../state/attempts.ts';
import type { Bundle } from '../state/targets.ts';
import { ownedKey, withSpared, type Owned } from '../state/owned.ts';
import { summarizePass } from '../status/summarize.ts';
import type { ChangeOutcome, Publication, Refusal, TargetStatus } from '../status/types.ts';
import { applyPlan, sequenceOf, type ApplyOptions, type ApplyPorts } from './apply-plan.ts';
import { claimOf, ownedAfter } from './departures.ts';
import { look, type LookOptions, type LookPorts, type View } from './look.ts';
import type { Memory } from './memory.ts';
import type { BundleChecker, Publisher } from './ports.ts';
import { publishView, type Published, type PublishPorts } from './publish.ts';
import { wasSent } from './rollout.ts';
import { backoffAfter, holdBack, type HeldPlan, type WriteHalf } from './write-half.ts';

/** What one pass found, did and achieved. */
export interface PassReport {
  readonly view: View;
  readonly outcomes: readonly ChangeOutcome[];
  /** Undefined when nothing was to be published. */
  readonly publication: Publication | undefined;
  /** By ScrapeTarget name: why Prometheus refuses its newest version. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** What Prometheus is told now; absent when this pass told it nothing new. */
  readonly targetFiles?: Bundle['targetFiles'];
  /** For the next pass. */
  readonly memory: Memory;
  /** Entries of the inventory that this pass has put into another state. */
  readonly recorded?: Owned;
  /** Why the inventory does not hold what this pass found; nothing that hangs on it is done until it does. */
  readonly inventoryError?: OperatorError;
}

export interface PassPorts extends LookPorts, ApplyPorts {
  /** Undefined when only AWS is to be changed. */
  readonly publisher: Publisher | undefined;
  readonly checker: BundleChecker | undefined;
  readonly beforeOffer?: PublishPorts['beforeOffer'];
  /** Whether this controller, of several of its owner, may write to AWS now; absent: it is the only one. */
  readonly leads?: (() => boolean) | undefined;
}

export type PassOptions = LookOptions & ApplyOptions & { readonly random: () => number };

/**
 * One pass of the controller. The halves run side by side, because targets must flow while a write is
 * throttled, refused or rolling out; what the writes change is seen by the next pass. A look that the
 * signal cut short says nothing about the world, so nothing follows from it.
 */
export async function controllerPass(
  ports: PassPorts,
  writes: WriteHalf,
  options: PassOptions,
  memory: Memory,
  signal: AbortSignal,
): Promise<PassReport | 'cut short'> {
  // A plan from before the lease was gained may want what the one before has done since.
  const leads = ports.leads?.() ?? true;
  const mayWrite = leads && writes.idle();
  // What is on its way rolls out, whatever becomes of the other writes that were sent with it.
  const underWay = new Map(writes.underWay());
  const attempts = new Map([...memory.attempts, ...underWay]);
  const view = await look(ports, options, { ...memory, attempts }, signal);
  if (signal.aborted) return 'cut short';
  const { plan, held } = leads
    ? holdBack(view.plan, memory.backoff, hashesOf(view), ports.clock.now())
    : leaveToLeader(view.plan);
  const [sent, published] = await Promise.all([
    mayWrite ? writes.advance(plan, signal) : writes.collect(),
    publishHalf(view, ports, signal),
  ]);
  // Of those, only what was sent in the end is remembered.
  const known = { ...published.memory, attempts: without(underWay, view.memory.attempts, memory.attempts) };
  const report = reportOf(view, [...sent, ...held], { ...published, memory: known }, ports, options);
  if (!leads) return report;
  const stored = await recorded(report, ports, options, signal, writes.underWay);
  // Whoever leads by now has stored something else: that is no fault of the inventory.
  return stored.inventoryError !== undefined && ports.leads?.() === false ? report : stored;
}

/** Attempts as they were `before` those that are under way. */
function without(underWay: Attempts, attempts: Attempts, before: Attempts): Attempts {
  return new Map([
    ...[...attempts].filter(([name]) => !underWay.has(name)),
    ...[...before].filter(([name]) => underWay.has(name)),
  ]);
}

function leaveToLeader(plan: Plan): HeldPlan {
  const error = waiting({
    reason: 'NotLeading',
    message: 'another controller of this owner writes to AWS.',
    remedy: 'Nothing to do: this one takes over when the other gives no sign of life.',
  });
  return {
    plan: { ...plan, changes: [] },
    held: plan.changes.map((change) => ({ change, result: { kind: 'held', error } })),
  };
}

/** One pass for a person who waits: the writes and their rollouts first, then what became of them is published. */
export async function applyPass(
  planned: View,
  ports: PassPorts,
  options: PassOptions,
  signal: AbortSignal,
): Promise<PassReport> {
  const outcomes = await applyPlan(planned.plan, ports, options, signal);
  const view = outcomes.length === 0 ? planned : await look(ports, options, planned.memory, signal);
  const report = reportOf(view, outcomes, await publishHalf(view, ports, signal), ports, options);
  const first = await recorded(report, ports, options, signal);
  return finishDepartures(first, planned.plan.changes.filter(isDeparture), ports, options, signal);
}

/**
 * What documents have left behind goes step by step, each seen by a look of its own, until nothing is left to do or the
 * time for a rollout is over. The next pass goes on from there, whoever makes it.
 */
async function finishDepartures(
  first: PassReport,
  planned: readonly Change[],
  ports: PassPorts,
  options: PassOptions,
  signal: AbortSignal,
): Promise<PassReport> {
  const { pollMs, timeoutMs } = options.rollout === 'leave' ? { pollMs: 0, timeoutMs: 0 } : options.rollout;
  let deadline = ports.clock.now() + timeoutMs;
  let report = first;
  while (goesOn(report, planned) && !signal.aborted && ports.clock.now() < deadline) {
    const view = await look(ports, options, report.memory, signal);
    if (signal.aborted) break;
    const changes = view.plan.changes.filter((change) => planned.some((one) => isSameChange(one, change)));
    const sent = await applyPlan({ ...view.plan, changes }, ports, options, signal);
    const { publication, refused } = report;
    const outcomes = [...report.outcomes.filter((outcome) => !isSuperseded(outcome, sent)), ...sent];
    const half = { publication, refused, memory: view.memory };
    const changed = report.recorded ?? [];
    report = await recorded(reportOf(view, outcomes, half, ports, options), ports, options, signal);
    report = { ...report, recorded: [...changed, ...(report.recorded ?? [])] };
    if (sent.some(({ result }) => result.kind === 'applied')) deadline = ports.clock.now() + timeoutMs;
    else if (goesOn(report, planned)) await ports.clock.sleep(pollMs, signal);
  }
  return report;
}

/** Whether something is left to delete and nothing but time stands in its way. */
function goesOn({ view, outcomes, inventoryError }: PassReport, planned: readonly Change[]): boolean {
  if (inventoryError !== undefined) return false;
  const open = view.plan.changes.filter((change) => planned.some((one) => isSameChange(one, change)));
  return open.some((change) => {
    const result = outcomes.find((outcome) => isSameChange(outcome.change, change))?.result;
    return result === undefined || !('error' in result) || result.error.family === 'waiting';
  });
}

const isSuperseded = ({ change }: ChangeOutcome, later: readonly ChangeOutcome[]): boolean =>
  later.some((outcome) => isSameChange(outcome.change, change));

const isSameChange = (a: Change, b: Change): boolean =>
  a.kind === b.kind && a.target === b.target && subjectOf(a) === subjectOf(b);

/** Stores what is ours after a pass. Whatever waits for that waits until it succeeds. */
async function recorded(
  report: PassReport,
  { inventory: keeper }: PassPorts,
  { owner }: PassOptions,
  signal: AbortSignal,
  underWay: () => Attempts = () => NO_ATTEMPTS,
): Promise<PassReport> {
  const { view, outcomes, publication } = report;
  if (keeper === undefined) return report;
  const untold = { ...report, memory: { ...report.memory, spared: sparedAfter(report) } };
  if (view.ownership.inventory?.kind !== 'complete') return untold;
  const facts = {
    owner,
    targets: view.documents.targets,
    inForce: view.inForce.input.targets,
    observed: view.findings.observed,
    departures: view.ownership.departures,
    outcomes,
    publication,
  };
  const stored = await keeper.update(
    ({ owned }) => ({
      owned: ownedAfter({ ...facts, owned: withSpared(owned, report.memory.spared) }),
      attempts: new Map([...report.memory.attempts, ...underWay()]),
    }),
    signal,
  );
  if (stored.kind === 'failed') return { ...untold, inventoryError: stored.error };
  const { before, after } = stored.value;
  const states = new Map(before.owned.map((entry) => [ownedKey(entry), entry.state]));
  const memory = { ...report.memory, spared: NOTHING_SPARED };
  const changed = after.owned.filter((entry) => states.get(ownedKey(entry)) !== entry.state);
  return { ...report, memory, recorded: changed };
}

const NOTHING_SPARED: Memory['spared'] = new Set();

/** While nobody can tell the inventory, what its older entries say must not delete or unbind what is to stay now. */
function sparedAfter({ view, memory }: PassReport): Memory['spared'] {
  const { targets } = view.documents;
  const stays = targets.filter(
    ({ spec }) => spec.deletionPolicy === 'Retain' || spec.bindingPolicy === 'Observe',
  );
  const named = new Set(targets.map(claimOf));
  return new Set([...[...memory.spared].filter((claim) => !named.has(claim)), ...stays.map(claimOf)]);
}

const NO_ATTEMPTS: Attempts = new Map();

type PublishedHalf = Omit<Published, 'publication'> & Pick<PassReport, 'publication'>;

async function publishHalf(
  view: View,
  { publisher, checker, clock, beforeOffer }: PassPorts,
  signal: AbortSignal,
): Promise<PublishedHalf> {
  if (publisher === undefined) {
    const { targetFiles } = view.inForce.output.bundle;
    return { publication: undefined, refused: new Map(), memory: view.memory, targetFiles };
  }
  return publishView(view, { publisher, checker, clock, beforeOffer }, signal);
}

function reportOf(
  view: View,
  outcomes: readonly ChangeOutcome[],
  { publication, refused, memory, targetFiles }: PublishedHalf,
  { clock }: PassPorts,
  { random }: PassOptions,
): PassReport {
  const hashes = hashesOf(view);
  const backoff = backoffAfter(memory.backoff, outcomes, hashes, clock.now(), random);
  const attempts = attemptsAfter(unsettled(memory.attempts, view.plan), outcomes, hashes, clock.now());
  return {
    view,
    outcomes,
    publication,
    refused,
    ...(targetFiles && { targetFiles }),
    memory: { ...memory, attempts, backoff },
  };
}

/** By sequence of changes: the version that asks for it. What is left of a document that is gone has none. */
const hashesOf = ({ documents, plan }: View): ReadonlyMap<string, string> =>
  new Map([
    ...plan.changes.filter(isDeparture).map((change) => [sequenceOf(change), 'gone'] as const),
    ...documents.targets.map(({ metadata, specHash }) => [metadata.name, specHash] as const),
  ]);

/** An attempt has succeeded when its binding is in place and no deployment can undo it any more. */
function unsettled(attempts: Memory['attempts'], { bound = [], rollouts }: Plan): Memory['attempts'] {
  const rolling = new Set(rollouts.map(({ target }) => target));
  const settled = new Set(bound.filter((name) => !rolling.has(name)));
  return new Map(
    [...attempts].flatMap(([name, attempt]) => {
      if (settled.has(name)) return [];
      return [[name, bound.includes(name) ? withEffect(attempt) : attempt] as const];
    }),
  );
}

/** Attempts are forgotten with their document. */
function attemptsAfter(
  attempts: Attempts,
  outcomes: readonly ChangeOutcome[],
  hashes: ReadonlyMap<string, string>,
  now: number,
): Attempts {
  const sent = outcomes.flatMap(({ change, result }) =>
    change.kind === 'bindService' && wasSent(result)
      ? [[change.target, withEffect(attemptOf(change, now))] as const]
      : [],
  );
  return new Map([...attempts, ...sent].filter(([name]) => hashes.has(name)));
}

/** The conditions of every ScrapeTarget after a pass. */
export function statusAfter(
  { view, outcomes, publication, refused, memory }: PassReport,
  previous: readonly TargetStatus[],
  now: number,
): readonly TargetStatus[] {
  const { documents, plan, inForce } = view;
  const { targets, errors, lastKnownGood } = documents;
  const facts = {
    targets,
    errors,
    lastKnownGood,
    plan,
    outcomes,
    discoveries: new Map([...view.findings.discoveries, ...inForce.input.discoveries]),
    problems: inForce.output.problems,
    publication,
    refused,
    lastCompleteRead: new Map(
      [...memory.lastCompleteRead].map(([name, at]) => [name, new Date(at).toISOString()] as const),
    ),
  };
  return summarizePass(facts, previous, new Date(now).toISOString());
}
