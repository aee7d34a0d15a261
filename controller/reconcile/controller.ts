import { attemptOf } from '../plan/attempts.ts';
import type { Attempt } from '../state/attempts.ts';
import { toOperatorError } from '../errors.ts';
import { subjectOf, summarizePlan } from '../plan/plan-json.ts';
import type { BindService } from '../plan/types.ts';
import type { ChangeOutcome, TargetStatus } from '../status/types.ts';
import type { ApplyOptions } from './apply-plan.ts';
import { look, type LookOptions, type LookPorts } from './look.ts';
import { runLoop, type LoopOptions, type Next, type Trigger } from './loop.ts';
import { faultsOf } from './faults.ts';
import { NO_MEMORY, readMemory, writeMemory, type Memory } from './memory.ts';
import {
  changeEvents,
  failureEvents,
  inputEvents,
  NOTHING_TOLD,
  passEvents,
  type Told,
} from './pass-events.ts';
import { controllerPass, statusAfter, type PassPorts, type PassReport } from './pass.ts';
import type { EventSink, Logger, MemoryStore, PassObserver, Publisher } from './ports.ts';
import type { StatusKeeper } from './status-keeper.ts';
import { logQuietOutcomes, tell } from './tell.ts';
import { createWriteHalf } from './write-half.ts';

export interface ControllerPorts extends PassPorts {
  readonly logger: Logger;
  /** Undefined: a restart begins with nothing but the files that Prometheus has. */
  readonly store: MemoryStore | undefined;
  readonly observer: PassObserver | undefined;
  /** Absent: what happened is in the log only. */
  readonly events?: EventSink | undefined;
  /** Absent: nobody else is told how the ScrapeTargets are. */
  readonly statusKeeper?: StatusKeeper | undefined;
}

/** Reconciles until the signal aborts, and then finishes what is on its way. */
export async function runController(
  ports: ControllerPorts,
  options: LookOptions & ApplyOptions & LoopOptions,
  trigger: Trigger,
  signal: AbortSignal,
  afterPass: (report: PassReport, statuses: readonly TargetStatus[]) => void = () => {},
): Promise<void> {
  const { logger, clock, statusKeeper } = ports;
  const remember = await openMemory(ports.store, options, signal);
  let memory = remember.memory;
  const writes = createWriteHalf(
    { ...ports, beforeBinding: (change) => remember.attempt(change, clock.now()) },
    options,
    trigger.request,
  );
  const beforeOffer = (memory: Memory): Promise<void> => remember.save(memory, []);
  let told = NOTHING_TOLD;
  let last: readonly TargetStatus[] = [];

  const pass = async (): Promise<Next> => {
    const startedAt = clock.now();
    const report = await controllerPass({ ...ports, beforeOffer }, writes, options, memory, signal);
    if (report === 'cut short') return 'interval';
    memory = report.memory;
    await remember.save(memory, report.outcomes);
    logQuietOutcomes(logger, report.outcomes);
    if (signal.aborted) {
      // What the stop held back is no news about the world; what was changed before it is.
      tell(ports, changeEvents(report.outcomes, told).events);
      return 'interval';
    }
    const before = (await statusKeeper?.previous()) ?? last;
    const statuses = statusAfter(report, before, clock.now());
    last = statuses;
    statusKeeper?.record(report, statuses);
    const news = passEvents(report, before, statuses, told);
    told = news.told;
    tell(ports, news.events);
    logger.debug('Pass done', { scrapeTargets: statuses.length, changes: report.outcomes.length });
    observe(ports, startedAt, report, statuses);
    afterPass(report, statuses);
    return nextPass(report, statuses, clock.now());
  };

  const onError = (thrown: unknown): void => {
    told = observeFailure(ports, thrown, told);
  };
  await runLoop(pass, trigger, { clock, onError }, options, signal);
  await writes.settled();
  await statusKeeper?.settled();
}

/** The same loop without a writer: what a pass would do is logged whenever it changes. */
export async function runDryController(
  ports: LookPorts & {
    readonly logger: Logger;
    readonly publisher: Publisher | undefined;
    readonly store: MemoryStore | undefined;
    readonly observer: PassObserver | undefined;
    readonly statusKeeper?: StatusKeeper;
  },
  options: LookOptions & LoopOptions,
  trigger: Trigger,
  signal: AbortSignal,
): Promise<void> {
  const { logger, clock } = ports;
  let { memory } = await openMemory(ports.store, options, signal);
  let last = '';
  let told = NOTHING_TOLD;
  let statuses: readonly TargetStatus[] = [];
  await runLoop(
    async () => {
      const startedAt = clock.now();
      const view = await look(ports, options, memory, signal);
      if (signal.aborted) return 'interval';
      memory = view.memory;
      const report: PassReport = { view, outcomes: [], publication: undefined, refused: new Map(), memory };
      statuses = statusAfter(report, statuses, clock.now());
      ports.statusKeeper?.record(report, statuses);
      observe(ports, startedAt, report, statuses);
      const faults = faultsOf(view);
      tell(ports, inputEvents(faults, told));
      told = { ...NOTHING_TOLD, faults };
      const files = (await ports.publisher?.diff(view.inForce.output.bundle, signal)) ?? [];
      const summary = summarizePlan(view.plan, files.length);
      const changes = view.plan.changes.map((change) => `${change.kind} ${subjectOf(change)}`);
      const paths = files.map((file) => `${file.action} ${file.path}`);
      const now = JSON.stringify([summary, changes, paths]);
      if (now !== last) logger.info('Dry run: this would be done', { ...summary, changes, paths });
      last = now;
      return 'interval';
    },
    trigger,
    {
      clock,
      onError: (thrown) => {
        told = observeFailure(ports, thrown, told);
      },
    },
    options,
    signal,
  );
}

export interface OpenMemory {
  readonly memory: Memory;
  /** Saves what a restart needs, when it changed. Bindings that are on their way and not among `outcomes` stay remembered. */
  readonly save: (memory: Memory, outcomes: readonly ChangeOutcome[]) => Promise<void>;
  /** Saves, beside what was saved last, that a binding is about to be sent. */
  readonly attempt: (change: BindService, now: number) => Promise<void>;
}

/** What an earlier process left, or nothing. */
export async function openMemory(
  store: MemoryStore | undefined,
  options: { readonly fileAccessDirectory?: string },
  signal: AbortSignal,
): Promise<OpenMemory> {
  const saved = await store?.load(signal);
  const memory = saved === undefined ? NO_MEMORY : readMemory(saved, options);
  const onTheirWay = new Map<string, Attempt>();
  let latest = memory;
  let onDisk = saved;
  let last: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const text = writeMemory({ ...latest, attempts: new Map([...latest.attempts, ...onTheirWay]) });
    if (store === undefined || text === onDisk) return;
    await store.save(text, signal);
    onDisk = text;
  };
  /** One after another, each whatever became of the one before it: the newest must win. */
  const writeInTurn = (): Promise<void> => (last = last.then(write, write));
  return {
    memory,
    save(memory, outcomes) {
      latest = memory;
      for (const { change } of outcomes) if (change.kind === 'bindService') onTheirWay.delete(change.target);
      return writeInTurn();
    },
    attempt(change, now) {
      onTheirWay.set(change.target, attemptOf(change, now));
      return writeInTurn();
    },
  };
}

/** What was written should be seen at once, what is under way should be seen to end, and what failed has its own time. */
function nextPass({ outcomes, memory }: PassReport, statuses: readonly TargetStatus[], now: number): Next {
  if (outcomes.some(({ result }) => result.kind === 'applied')) return 'now';
  const waits = [
    ...statuses.flatMap(({ result }) => (result.kind === 'requeueAfter' ? [result.ms] : [])),
    ...[...memory.backoff.values()].map(({ until }) => Math.max(SOONEST_MS, until - now)),
  ];
  return waits.length === 0 ? 'interval' : Math.min(...waits);
}

const SOONEST_MS = 500;

function observeFailure(
  ports: Pick<ControllerPorts, 'logger' | 'observer' | 'clock' | 'events'>,
  thrown: unknown,
  told: Told,
): Told {
  const error = toOperatorError(thrown);
  const news = failureEvents(error, told);
  tell(ports, news.events);
  const now = ports.clock.now();
  ports.observer?.passDone({ startedAt: now, finishedAt: now, result: { kind: 'failed', error } });
  return news.told;
}

function observe(
  { observer, clock, statusKeeper }: Pick<ControllerPorts, 'observer' | 'clock' | 'statusKeeper'>,
  startedAt: number,
  { view, outcomes, publication }: PassReport,
  statuses: readonly TargetStatus[],
): void {
  const { documents, plan } = view;
  observer?.passDone({
    startedAt,
    finishedAt: clock.now(),
    result: {
      kind: 'done',
      statuses,
      plan,
      outcomes,
      publication,
      invalidDocuments: new Set(documents.errors.map(({ file, documentIndex }) => `${file}#${documentIndex}`))
        .size,
      unreadSources: documents.incomplete.map(({ uri }) => uri),
      status: statusKeeper?.current(),
    },
  });
}
