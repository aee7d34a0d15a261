import { formatError, toOperatorError } from '../errors.ts';
import { subjectOf, summarizePlan } from '../plan/plan-json.ts';
import type { ChangeOutcome, Publication, TargetStatus } from '../status/types.ts';
import type { ApplyOptions } from './apply-plan.ts';
import { NO_MEMORY, look, type LookOptions, type LookPorts, type Memory, type View } from './look.ts';
import { runLoop, type LoopOptions, type Next, type Trigger } from './loop.ts';
import { controllerPass, statusAfter, type PassPorts, type PassReport } from './pass.ts';
import type { Clock, Logger, Publisher } from './ports.ts';

/** One pass as the log tells it: what is the same as last time is not told again. */
interface Told {
  readonly statuses: readonly TargetStatus[];
  readonly faults: ReadonlySet<string>;
  /** Why Prometheus does not have the newest files. */
  readonly publicationFault: string | undefined;
}

const NOTHING_TOLD: Told = { statuses: [], faults: new Set(), publicationFault: undefined };

/** Reconciles until the signal aborts. */
export async function runController(
  ports: PassPorts & { readonly logger: Logger },
  options: LookOptions & ApplyOptions & LoopOptions,
  trigger: Trigger,
  signal: AbortSignal,
  afterPass: (report: PassReport, statuses: readonly TargetStatus[]) => void = () => {},
): Promise<void> {
  let memory: Memory = NO_MEMORY;
  let told = NOTHING_TOLD;
  await runLoop(
    async () => {
      const report = await controllerPass(ports, options, memory, signal);
      if (report === 'cut short') return 'interval';
      memory = { ...report.view.memory, attempts: rememberAttempts(memory, report) };
      for (const outcome of report.outcomes) tellOutcome(ports.logger, outcome);
      // What the stop held back is no news about the world.
      if (signal.aborted) return 'interval';
      const statuses = statusAfter(report, told.statuses, ports.clock.now());
      told = tellPass(ports.logger, report, statuses, told);
      afterPass(report, statuses);
      return nextPass(report, statuses);
    },
    trigger,
    { clock: ports.clock, onError: (thrown) => tellFailure(ports.logger, thrown) },
    options,
    signal,
  );
}

/** The same loop without a writer: what a pass would do is logged whenever it changes. */
export async function runDryController(
  ports: LookPorts & {
    readonly logger: Logger;
    readonly clock: Clock;
    readonly publisher: Publisher | undefined;
  },
  options: LookOptions & LoopOptions,
  trigger: Trigger,
  signal: AbortSignal,
): Promise<void> {
  let memory: Memory = NO_MEMORY;
  let last = '';
  let faults: ReadonlySet<string> = new Set();
  await runLoop(
    async () => {
      const view = await look(ports, options, memory, signal);
      if (signal.aborted) return 'interval';
      memory = view.memory;
      faults = tellFaults(ports.logger, view, faults);
      const files = ports.publisher === undefined ? [] : await ports.publisher.diff(view.bundle, signal);
      const summary = summarizePlan(view.plan, files.length);
      const changes = view.plan.changes.map((change) => `${change.kind} ${subjectOf(change)}`);
      const paths = files.map((file) => `${file.action} ${file.path}`);
      const now = JSON.stringify([summary, changes, paths]);
      if (now !== last) ports.logger.info('Dry run: this would be done', { ...summary, changes, paths });
      last = now;
      return 'interval';
    },
    trigger,
    { clock: ports.clock, onError: (thrown) => tellFailure(ports.logger, thrown) },
    options,
    signal,
  );
}

/** What was written should be seen at once, and what is under way should be seen to end. */
function nextPass({ outcomes }: PassReport, statuses: readonly TargetStatus[]): Next {
  if (outcomes.some(({ result }) => result.kind === 'applied')) return 'now';
  const waits = statuses.flatMap(({ result }) => (result.kind === 'requeueAfter' ? [result.ms] : []));
  return waits.length === 0 ? 'interval' : Math.min(...waits);
}

function rememberAttempts(memory: Memory, { view, outcomes }: PassReport): ReadonlyMap<string, string> {
  const sent = new Set(
    outcomes.flatMap(({ change, result }) =>
      change.kind === 'bindService' && result.kind === 'applied' ? [change.target] : [],
    ),
  );
  const hashes = view.documents.targets.map(({ metadata, specHash }) => [metadata.name, specHash] as const);
  return new Map(
    hashes.flatMap(([name, hash]) => {
      const remembered = sent.has(name) ? hash : memory.attempts.get(name);
      return remembered === undefined ? [] : [[name, remembered] as const];
    }),
  );
}

function tellPass(logger: Logger, report: PassReport, statuses: readonly TargetStatus[], told: Told): Told {
  const faults = tellFaults(logger, report.view, told.faults);
  const publicationFault = tellPublication(logger, report, told.publicationFault);
  const before = new Map(told.statuses.map((status) => [status.name, status]));
  for (const status of statuses) tellTransitions(logger, status, before.get(status.name));
  logger.debug('Pass done', { scrapeTargets: statuses.length, changes: report.outcomes.length });
  return { statuses, faults, publicationFault };
}

function tellFaults(
  logger: Logger,
  { documents, baseConfigError }: View,
  told: ReadonlySet<string>,
): ReadonlySet<string> {
  const faults = [
    ...documents.errors.map((error) => `${error.file}:${error.line ?? 1}: ${error.path}: ${error.message}`),
    ...documents.incomplete.map(({ error }) => formatError(error)),
    ...(baseConfigError === undefined ? [] : [formatError(baseConfigError)]),
  ];
  for (const fault of faults)
    if (!told.has(fault)) logger.error('Input is faulty; what was valid last stays in force', { fault });
  for (const fault of told) if (!faults.includes(fault)) logger.info('Input is mended', { fault });
  return new Set(faults);
}

function tellOutcome(logger: Logger, { change, result }: ChangeOutcome): void {
  const fields = { scrapeTarget: change.target, change: change.kind, subject: subjectOf(change) };
  switch (result.kind) {
    case 'applied':
      return logger.info('Changed AWS', fields);
    case 'unchanged':
      return logger.debug('AWS already matched', fields);
    case 'held':
      return logger.debug('Change held back', { ...fields, reason: result.error.reason });
    case 'failed':
      return logger.warn('Change failed', {
        ...fields,
        reason: result.error.reason,
        error: formatError(result.error),
      });
  }
}

function tellPublication(
  logger: Logger,
  { publication }: PassReport,
  told: string | undefined,
): string | undefined {
  if (publication?.kind === 'published') {
    const { written, deleted, reload } = publication.result;
    if (written.length + deleted.length > 0) logger.info('Wrote Prometheus files', { written, deleted });
    if (reload.kind === 'confirmed') logger.info('Prometheus reloaded', { at: reload.at });
  }
  const fault = publicationFault(publication);
  if (fault !== undefined && fault !== told)
    logger.warn('Prometheus does not have the newest files', { fault });
  if (fault === undefined && told !== undefined) logger.info('Prometheus has the newest files again');
  return fault;
}

function publicationFault(publication: Publication | undefined): string | undefined {
  if (publication === undefined) return undefined;
  if (publication.kind === 'withheld') return formatError(publication.error);
  const { reload } = publication.result;
  if (reload.kind === 'pending') return formatError(reload.error);
  return reload.kind === 'rejected' ? `Prometheus refused the configuration: ${reload.message}` : undefined;
}

/** A line for each condition that turned. The reload is the same for all ScrapeTargets and has its own line. */
function tellTransitions(logger: Logger, status: TargetStatus, before: TargetStatus | undefined): void {
  for (const condition of status.conditions) {
    const former = before?.conditions.find(({ type }) => type === condition.type);
    if (former?.status === condition.status && former.reason === condition.reason) continue;
    const { type, reason, message } = condition;
    const bad = condition.status === 'False' && type !== 'Ready' && type !== 'Reloaded';
    // What passes by itself is no warning.
    const tell = bad && ['retry', 'stalled'].includes(status.result.kind) ? logger.warn : logger.info;
    if (type === 'Ready' || bad) {
      tell('Condition changed', {
        scrapeTarget: status.name,
        type,
        status: condition.status,
        reason,
        message,
      });
    }
  }
}

function tellFailure(logger: Logger, thrown: unknown): void {
  const error = toOperatorError(thrown);
  logger.error('Pass failed; everything stays as it is until the next one', {
    reason: error.reason,
    error: formatError(error),
  });
}
