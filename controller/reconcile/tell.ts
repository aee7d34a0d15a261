import { formatError, toOperatorError, type OperatorError } from '../errors.ts';
import { subjectOf } from '../plan/plan-json.ts';
import type { ChangeOutcome, Publication, TargetStatus } from '../status/types.ts';
import type { View } from './look.ts';
import type { PassReport } from './pass.ts';
import type { Logger } from './ports.ts';

/** What the log has been told: what is the same as last time is not told again. */
export interface Told {
  readonly statuses: readonly TargetStatus[];
  readonly faults: ReadonlySet<string>;
  /** Why Prometheus does not have the newest files. */
  readonly publicationFault: string | undefined;
}

export const NOTHING_TOLD: Told = { statuses: [], faults: new Set(), publicationFault: undefined };

export function tellPass(
  logger: Logger,
  report: PassReport,
  statuses: readonly TargetStatus[],
  told: Told,
): Told {
  const faults = tellFaults(logger, report.view, told.faults);
  const publicationFault = tellPublication(logger, report, told.publicationFault);
  const before = new Map(told.statuses.map((status) => [status.name, status]));
  for (const status of statuses) tellTransitions(logger, status, before.get(status.name));
  logger.debug('Pass done', { scrapeTargets: statuses.length, changes: report.outcomes.length });
  return { statuses, faults, publicationFault };
}

export function tellFaults(
  logger: Logger,
  { documents, baseConfigError, tagged }: View,
  told: ReadonlySet<string>,
): ReadonlySet<string> {
  const faults = [
    ...documents.errors.map((error) => `${error.file}:${error.line ?? 1}: ${error.path}: ${error.message}`),
    ...documents.incomplete.map(({ error }) => formatError(error)),
    ...(baseConfigError === undefined ? [] : [formatError(baseConfigError)]),
    ...(tagged?.failures ?? []).map(formatError),
  ];
  const skipped = tagged?.skipped ?? [];
  for (const fault of faults)
    if (!told.has(fault)) logger.error('Input is faulty; what was valid last stays in force', { fault });
  for (const why of skipped) if (!told.has(why)) logger.warn('Not scraped by its tags', { why });
  const now = new Set([...faults, ...skipped]);
  for (const fault of told) if (!now.has(fault)) logger.info('Input is mended', { fault });
  return now;
}

export function tellOutcome(logger: Logger, { change, result }: ChangeOutcome): void {
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
    if (written.length + deleted.length > 0)
      logger.info('Wrote Prometheus files', { written: listed(written), deleted: listed(deleted) });
    if (reload.kind === 'confirmed') logger.info('Prometheus reloaded', { at: reload.at });
  }
  const fault = publicationFault(publication);
  if (fault !== undefined && fault !== told)
    logger.warn('Prometheus does not have the newest files', { fault });
  if (fault === undefined && told !== undefined) logger.info('Prometheus has the newest files again');
  return fault;
}

/** An empty list says nothing. */
const listed = (paths: readonly string[]): readonly string[] | undefined =>
  paths.length === 0 ? undefined : paths;

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
    const held = type === 'TargetsDiscovered' && condition.status === 'Unknown';
    const bad = held || (condition.status === 'False' && type !== 'Ready' && type !== 'Reloaded');
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

export function tellFailure(logger: Logger, thrown: unknown): OperatorError {
  const error = toOperatorError(thrown);
  logger.error('Pass failed; everything stays as it is until the next one', {
    reason: error.reason,
    error: formatError(error),
  });
  return error;
}
