import { formatError } from '../../errors.ts';
import { openMemory } from '../../reconcile/controller.ts';
import { look } from '../../reconcile/look.ts';
import { NOTHING_TOLD, passEvents } from '../../reconcile/pass-events.ts';
import { applyPass, statusAfter, type PassReport } from '../../reconcile/pass.ts';
import { actionOf, isDisruptive, subjectOf } from '../../plan/plan-json.ts';
import type { Plan } from '../../plan/types.ts';
import type { SavedPlan } from '../../plan/saved-plan.ts';
import { formatStatus } from '../../status/format-status.ts';
import type { LogFields } from '../../reconcile/ports.ts';
import type { TargetStatus } from '../../status/types.ts';
import type { Io } from '../io.ts';
import { usageError, type Options } from '../options.ts';
import { printData, printPlan } from '../output.ts';
import {
  describePlan,
  optionsOfPlan,
  readPlanFile,
  requireInstallation,
  requireUnmoved,
} from '../plan-file.ts';
import { createProgress } from '../progress.ts';
import { failedReads, isWhole, reportInput, requireSight } from '../sight.ts';
import { applyOptions, lookOptions } from '../settings.ts';
import {
  requiredBundle,
  wire,
  wireEvents,
  wireInventory,
  wireLook,
  wireStatus,
  wireWriter,
  type Wiring,
} from '../wire.ts';
import { EVENT_LOG_OPTIONS, LOOK_OPTIONS, PLAIN_OUTPUTS, RESTRICTION_OPTIONS } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const apply: Verb = {
  name: 'apply',
  usage: '(--source URI --config-dir DIR | FILE) [OPTION...]',
  help: [
    'Shows the plan, makes the changes in AWS, waits for the rollouts that bindings cause, writes the Prometheus files into --config-dir, and with --prometheus-url has Prometheus reloaded and waits until it confirms.',
    'With a FILE that scrapectl plan --out has saved it looks at the world again, with the options that the plan was made with, and does exactly what was planned, without asking. When that would be another plan now, it changes nothing, says what has moved, and ends with 1.',
    'On a terminal it asks before it makes a change that replaces tasks or deletes something; --yes answers in advance. Where nobody can answer it goes ahead, so use plan before it, or --no-disruption with it.',
  ],
  examples: [
    'scrapectl apply --source targets/ --config-dir /etc/prometheus --prometheus-url http://127.0.0.1:9090',
    'scrapectl apply --source targets/ --config-dir out/ --no-disruption',
    'scrapectl apply plan.json',
  ],
  exitCodes: [
    [0, 'done'],
    [1, 'an error: a document is invalid, a change or the reload failed, or the saved plan is outdated'],
    [3, 'done, but something is blocked or held back'],
  ],
  options: [
    ...LOOK_OPTIONS,
    'yes',
    ...RESTRICTION_OPTIONS,
    'max-rollouts',
    'rollout-timeout',
    'poll-interval',
    ...EVENT_LOG_OPTIONS,
    'output',
    'quiet',
    'no-color',
  ],
  outputs: PLAIN_OUTPUTS,
  positionals: true,
  usageExitCode: 1,
  run: runApply,
};

async function runApply({ options: given, positionals, io }: VerbContext): Promise<number> {
  const file = planFile(positionals);
  const saved = file === undefined ? undefined : { file, plan: await readPlanFile(file) };
  const options = saved === undefined ? given : optionsOfPlan(saved.plan, given, saved.file);
  return applyWired({ options, io, saved }, wire(options, io));
}

interface ApplyContext extends Pick<VerbContext, 'options' | 'io'> {
  readonly saved?: { readonly file: string; readonly plan: SavedPlan } | undefined;
}

export async function applyWired({ options, io, saved }: ApplyContext, wiring: Wiring): Promise<number> {
  const { clock } = wiring;
  const progress = createProgress(io);
  try {
    const bundle = await requiredBundle(wiring);
    const ports = {
      ...(await wireLook(wiring, options, progress.report)),
      inventory: await wireInventory(wiring, options),
    };
    if (saved !== undefined) await requireInstallation(saved.plan, wiring, saved.file, io.signal);
    const keeper = await wireStatus(wiring, options, warnings(io), { verb: 'apply' });
    const events = await wireEvents(wiring, options, warnings(io), 'apply');
    const settings = lookOptions(options, io);
    const remember = await openMemory(bundle.store, settings, io.signal);
    const planned = await look(ports, settings, remember.memory, io.signal);
    progress.done();
    requireSight(planned);
    const files = await bundle.publisher.diff(planned.inForce.output.bundle, io.signal);
    const report = { plan: planned.plan, files };
    if (saved !== undefined) {
      const now = await describePlan(report, planned, wiring, options, io.signal);
      requireUnmoved(saved.plan, now, saved.file, io);
    }
    if (format(options) === 'text') printPlan(io, options, report, isWhole(planned));
    if (saved === undefined && !(await isConfirmed(planned.plan, options, io))) {
      io.stderr.write('Nothing was changed.\n');
      return 1;
    }
    // Where the files cannot be written, that is to be known before anything is changed.
    await remember.save(planned.memory, []);
    const writer = await wireWriter(wiring, options);
    const done = await applyPass(
      planned,
      {
        ...ports,
        ...bundle,
        writer,
        beforeBinding: (change) => remember.attempt(change, clock.now()),
      },
      { ...settings, ...applyOptions(options), rollout: followRollouts(options), random: Math.random },
      io.signal,
    );
    await remember.save(done.memory, done.outcomes);
    progress.done();
    const [before, now] = [await keeper.previous(), clock.now()];
    const statuses = concerned(statusAfter(done, before, now), options);
    keeper.record(done, statuses);
    const told = { ...NOTHING_TOLD, synced: true };
    events?.record(passEvents(done, concerned(before, options), statuses, told).events, now);
    printReport(done, statuses, options, io);
    const valid = reportInput(done.view, done.memory, io, done.inventoryError);
    await Promise.all([keeper.settled(), events?.close()]);
    return exitCode(done, statuses, valid);
  } finally {
    progress.done();
    await wiring.close();
  }
}

function planFile([file, ...others]: readonly string[]): string | undefined {
  if (others[0] === undefined) return file;
  throw usageError(
    `${JSON.stringify(others[0])} is one argument too many: apply takes one saved plan. Documents are named with --source, once for each place.`,
  );
}

/** Whoever cannot be asked has agreed, and so has who applies a plan that was saved for it. */
async function isConfirmed({ changes }: Plan, options: Options, io: Io): Promise<boolean> {
  const rolls = changes.filter(isDisruptive);
  const deletions = changes.filter((change) => actionOf(change) === 'delete');
  if (rolls.length + deletions.length === 0 || options.flag('yes') || io.confirm === undefined) return true;
  const effects = [
    ...(rolls.length === 0 ? [] : [`replaces the tasks of ${rolls.map(subjectOf).join(', ')}`]),
    ...(deletions.length === 0 ? [] : [`deletes ${deletions.map(subjectOf).join(', ')}`]),
  ];
  return io.confirm(`This ${effects.join(' and ')}. Go ahead?`);
}

/** A status that nobody can store is worth a word, and no more. */
function warnings(io: Io) {
  return {
    info: () => {},
    warn: (message: string, { fault }: LogFields = {}) =>
      void io.stderr.write(`warning  ${message}: ${String(fault)}\n`),
  };
}

/** The plan holds nothing about others than those of --only, so that nothing true can be told of them. */
function concerned(statuses: readonly TargetStatus[], options: Options): readonly TargetStatus[] {
  const only = options.list('only');
  return only.length === 0 ? statuses : statuses.filter(({ name }) => only.includes(name));
}

function format(options: Options): string {
  return options.string('output') ?? 'text';
}

function followRollouts(options: Options): { pollMs: number; timeoutMs: number } {
  return { pollMs: options.duration('poll-interval'), timeoutMs: options.duration('rollout-timeout') };
}

function printReport(report: PassReport, statuses: readonly TargetStatus[], options: Options, io: Io): void {
  if (format(options) !== 'text') {
    const changes = report.outcomes.map(({ change, result }) => ({
      target: change.target,
      kind: change.kind,
      subject: subjectOf(change),
      outcome: result.kind,
      ...('error' in result ? { reason: result.error.reason, message: formatError(result.error) } : {}),
    }));
    printData(io, format(options) === 'yaml' ? 'yaml' : 'json', {
      changes,
      blocked: report.view.plan.blocked,
      scrapeTargets: statuses,
      ...(report.publication?.kind === 'published' ? { files: report.publication.result } : {}),
    });
    return;
  }
  io.stdout.write('\n');
  for (const { change, result } of report.outcomes) {
    const told = 'error' in result ? `${result.kind}: ${formatError(result.error)}` : result.kind;
    io.stdout.write(`${change.kind} ${subjectOf(change)}: ${told}\n`);
  }
  for (const { subject, reason } of report.view.plan.blocked)
    io.stdout.write(`${subject}: blocked: ${reason}\n`);
  io.stdout.write(`${publicationLine(report)}\n\n${formatStatus(statuses)}`);
}

function publicationLine({ publication }: PassReport): string {
  if (publication === undefined) return 'No Prometheus files were asked for.';
  if (publication.kind === 'withheld') return `Prometheus files: ${formatError(publication.error)}`;
  const { written, deleted, unchanged, reload } = publication.result;
  const files = `Prometheus files: ${written.length} written, ${deleted.length} deleted, ${unchanged} unchanged`;
  switch (reload.kind) {
    case 'notNeeded':
      return `${files}; no reload needed.`;
    case 'notAsked':
      return `${files}; no --prometheus-url, so nothing was reloaded.`;
    case 'confirmed':
      return `${files}; Prometheus reloaded and confirmed.`;
    case 'rejected':
      return `${files}; Prometheus refused the configuration${reload.restored ? ', the last good one is in force again' : ''}: ${reload.message}`;
    case 'pending':
      return `${files}; the reload is still owed: ${formatError(reload.error)}`;
  }
}

function exitCode(
  { view, outcomes, publication, refused }: PassReport,
  statuses: readonly TargetStatus[],
  valid: boolean,
): number {
  const reload = publication?.kind === 'published' ? publication.result.reload.kind : 'withheld';
  const failed = outcomes.some(({ result }) => result.kind === 'failed' && result.error.family !== 'waiting');
  if (
    !valid ||
    failed ||
    refused.size > 0 ||
    failedReads(view).length > 0 ||
    ['withheld', 'rejected', 'pending'].includes(reload)
  )
    return 1;
  const held = outcomes.some(({ result }) => result.kind === 'held' || result.kind === 'failed');
  const stuck = statuses.some(({ result }) => result.kind !== 'done');
  return view.plan.blocked.length > 0 || held || stuck ? 3 : 0;
}
