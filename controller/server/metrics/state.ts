import type { Plan } from '../../plan/types.ts';
import { actionOf, isDisruptive, type Action } from '../../plan/plan-json.ts';
import type { PassObservation } from '../../reconcile/ports.ts';
import type { ReloadResult } from '../../state/outcomes.ts';
import { TARGETS_DIRECTORY } from '../../state/targets.ts';
import type { StoredTagged } from '../../status/stored-status.ts';
import type { Publication, ReconcileResult, TargetStatus } from '../../status/types.ts';

/** Whole passes, and each ScrapeTarget within them. */
export const CONTROLLERS = ['pass', 'scrape_target'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** The results that controller-runtime counts, so that dashboards made for it fit. */
export const RESULTS = ['success', 'error', 'requeue', 'requeue_after'] as const;
export type Result = (typeof RESULTS)[number];

/** What a planned change, or a blocked one, is about. */
const PLAN_KINDS = ['namespace', 'registry', 'service', 'other'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];
export type PlanAction = Action | 'blocked';

export interface Tally {
  readonly results: Readonly<Record<Result, number>>;
  readonly errors: number;
  readonly terminalErrors: number;
}

/** Everything that is counted or remembered from pass to pass. Times are milliseconds since the epoch. */
export interface MetricsState {
  readonly tallies: Readonly<Record<Controller, Tally>>;
  readonly statuses: readonly TargetStatus[];
  /** Targets in force by ScrapeTarget: while nothing new is known, those of the last pass that knew. */
  readonly targets: ReadonlyMap<string, number>;
  /** Of registries without a document; undefined where nobody looks for them. */
  readonly tagged: StoredTagged | undefined;
  readonly planChanges: ReadonlyMap<PlanKind, ReadonlyMap<PlanAction, number>>;
  readonly invalidDocuments: number;
  readonly lastSync: number | undefined;
  readonly noOpRuns: number;
  readonly reloads: Reloads;
  readonly fileSdWrites: number;
  readonly sources: ReadonlyMap<string, SourceReads>;
}

interface Reloads {
  readonly tried: number;
  readonly failed: number;
  /** Undefined until Prometheus was asked for the first time. */
  readonly lastSucceeded: boolean | undefined;
  readonly lastSuccess: number | undefined;
  /** What Prometheus said to the configuration that it refuses now. */
  readonly refusal: string | undefined;
}

interface SourceReads {
  readonly errors: number;
  readonly lastSuccess: number | undefined;
}

type Done = Extract<PassObservation['result'], { kind: 'done' }>;

const NO_TALLY: Tally = {
  results: { success: 0, error: 0, requeue: 0, requeue_after: 0 },
  errors: 0,
  terminalErrors: 0,
};

/** Counters begin at zero for every source, so that the first error is seen as an increase. */
export function initialState(sources: readonly string[]): MetricsState {
  return {
    tallies: { pass: NO_TALLY, scrape_target: NO_TALLY },
    statuses: [],
    targets: new Map(),
    tagged: undefined,
    planChanges: new Map(),
    invalidDocuments: 0,
    lastSync: undefined,
    noOpRuns: 0,
    reloads: { tried: 0, failed: 0, lastSucceeded: undefined, lastSuccess: undefined, refusal: undefined },
    fileSdWrites: 0,
    sources: new Map(sources.map((uri) => [uri, { errors: 0, lastSuccess: undefined }])),
  };
}

export function foldPass(state: MetricsState, { result, finishedAt }: PassObservation): MetricsState {
  if (result.kind === 'done') return foldDone(state, result, finishedAt);
  const pass = count(state.tallies.pass, 'error', result.error.family === 'terminal');
  return { ...state, tallies: { ...state.tallies, pass } };
}

function foldDone(state: MetricsState, done: Done, finishedAt: number): MetricsState {
  return {
    tallies: {
      pass: count(state.tallies.pass, resultOfPass(done), false),
      scrape_target: done.statuses.reduce(countStatus, state.tallies.scrape_target),
    },
    statuses: done.statuses,
    targets: foldTargets(state.targets, done.statuses),
    tagged: done.status?.tagged,
    planChanges: countPlan(done.plan),
    invalidDocuments: done.invalidDocuments,
    lastSync: finishedAt,
    noOpRuns: state.noOpRuns + (isNoOp(done) ? 1 : 0),
    reloads: foldReload(state.reloads, done.publication),
    fileSdWrites: state.fileSdWrites + countTargetFiles(done.publication),
    sources: foldSources(state.sources, new Set(done.unreadSources), finishedAt),
  };
}

function count(tally: Tally, result: Result, terminal: boolean): Tally {
  return {
    results: { ...tally.results, [result]: tally.results[result] + 1 },
    errors: tally.errors + (result === 'error' ? 1 : 0),
    terminalErrors: tally.terminalErrors + (terminal ? 1 : 0),
  };
}

const countStatus = (tally: Tally, { result }: TargetStatus): Tally =>
  count(tally, RESULT_OF[result.kind], result.kind === 'stalled');

const RESULT_OF: Readonly<Record<ReconcileResult['kind'], Result>> = {
  done: 'success',
  requeueAfter: 'requeue_after',
  retry: 'error',
  stalled: 'error',
};

/** A pass that changed AWS is followed by another at once, which sees what became of it. */
function resultOfPass({ outcomes, statuses }: Done): Result {
  if (outcomes.some(({ result }) => result.kind === 'applied')) return 'requeue';
  return statuses.some(({ result }) => result.kind === 'requeueAfter') ? 'requeue_after' : 'success';
}

function foldTargets(
  before: ReadonlyMap<string, number>,
  statuses: readonly TargetStatus[],
): ReadonlyMap<string, number> {
  return new Map(
    statuses.flatMap(({ name, targets }) => {
      const inForce = targets ?? before.get(name);
      return inForce === undefined ? [] : [[name, inForce] as const];
    }),
  );
}

function countPlan({ changes, blocked }: Plan): MetricsState['planChanges'] {
  const counts = new Map<PlanKind, Map<PlanAction, number>>();
  const add = (kind: PlanKind, action: PlanAction): void => {
    const actions = counts.get(kind) ?? new Map<PlanAction, number>();
    counts.set(kind, actions.set(action, (actions.get(action) ?? 0) + 1));
  };
  for (const change of changes) add(isDisruptive(change) ? 'service' : 'registry', actionOf(change));
  for (const { subject } of blocked) add(kindOf(subject), 'blocked');
  return counts;
}

const kindOf = (subject: string): PlanKind =>
  PLAN_KINDS.find((kind) => subject.startsWith(`${kind} `)) ?? 'other';

function isNoOp({ plan, outcomes, publication }: Done): boolean {
  if (plan.changes.length > 0 || outcomes.length > 0) return false;
  if (publication === undefined) return true;
  if (publication.kind === 'withheld') return false;
  const { written, deleted, reload } = publication.result;
  const reloaded = reload.kind !== 'notNeeded' && reload.kind !== 'notAsked';
  return written.length + deleted.length === 0 && !reloaded;
}

function foldReload(before: Reloads, publication: Publication | undefined): Reloads {
  if (publication?.kind !== 'published') return before;
  const { reload } = publication.result;
  switch (reload.kind) {
    case 'notAsked':
      return before;
    case 'notNeeded':
      return { ...before, lastSucceeded: true, refusal: undefined };
    case 'confirmed':
      return {
        ...tried(before, false),
        lastSuccess: timeOf(reload.at) ?? before.lastSuccess,
        refusal: undefined,
      };
    case 'pending':
      return { ...tried(before, true), refusal: undefined };
    case 'rejected':
      return rejected(before, reload);
  }
}

const tried = (before: Reloads, failed: boolean): Reloads => ({
  ...before,
  tried: before.tried + 1,
  failed: before.failed + (failed ? 1 : 0),
  lastSucceeded: !failed,
});

/** The publisher repeats a refusal without asking again, and that is no further reload. */
function rejected(before: Reloads, { message }: Extract<ReloadResult, { kind: 'rejected' }>): Reloads {
  return before.refusal === message ? before : { ...tried(before, true), refusal: message };
}

function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function countTargetFiles(publication: Publication | undefined): number {
  if (publication?.kind !== 'published') return 0;
  return publication.result.written.filter((path) => path.startsWith(`${TARGETS_DIRECTORY}/`)).length;
}

/** Only sources that were named at the start: their number is what bounds the series. */
function foldSources(
  before: MetricsState['sources'],
  unread: ReadonlySet<string>,
  now: number,
): MetricsState['sources'] {
  return new Map(
    [...before].map(([uri, reads]) => [
      uri,
      unread.has(uri) ? { ...reads, errors: reads.errors + 1 } : { ...reads, lastSuccess: now },
    ]),
  );
}
