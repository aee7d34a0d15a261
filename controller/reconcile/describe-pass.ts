import type { OperatorError } from '../errors.ts';
import { compareText } from '../state/keys.ts';
import { describeTagged } from '../status/describe-tagged.ts';
import { describeTargets } from '../status/describe-targets.ts';
import type { Problem, StatusContent, StoredTarget, StoredVersion } from '../status/stored-status.ts';
import type { TargetStatus } from '../status/types.ts';
import { maskUrls } from '../plan/mask.ts';
import { inventoryErrorOf } from './departures.ts';
import type { PassReport } from './pass.ts';

/** What others are to know of a pass. */
export function statusContent(
  report: PassReport,
  statuses: readonly TargetStatus[],
  previous: readonly StoredTarget[],
  now: number,
): Pick<StatusContent, 'problems' | 'scrapeTargets' | 'tagged'> {
  const { documents, findings, inForce, tagged } = report.view;
  const details = {
    targets: documents.targets,
    errors: documents.errors,
    observed: findings.observed,
    discoveries: new Map([...findings.discoveries, ...inForce.input.discoveries]),
    published: report.memory.published ?? findings.published,
    inForce: versionsInForce(report),
  };
  const told = describeTargets(statuses, details, previous, new Date(now).toISOString());
  return {
    problems: problemsOf(report),
    scrapeTargets: [...told, ...untold(report, statuses, previous)].toSorted((a, b) =>
      compareText(a.name, b.name),
    ),
    ...(tagged && { tagged: describeTagged(tagged, report.memory.tagged) }),
  };
}

/** A pass for some ScrapeTargets says nothing about the others, as long as their documents are there. */
function untold(
  { view: { documents } }: PassReport,
  statuses: readonly TargetStatus[],
  previous: readonly StoredTarget[],
): readonly StoredTarget[] {
  const told = new Set(statuses.map(({ name }) => name));
  const present = new Set([
    ...documents.targets.map(({ metadata }) => metadata.name),
    ...documents.errors.map(({ name }) => name),
  ]);
  return previous.filter(({ name }) => present.has(name) && !told.has(name));
}

/** Where it is not simply the newest version. */
function versionsInForce({ view, refused, memory }: PassReport): ReadonlyMap<string, StoredVersion> {
  const accepted = [...view.documents.lastKnownGood].map(
    (name) => [name, { version: 'lastAccepted' }] as const,
  );
  const loaded = [...refused].map(([name, { message, olderInForce }]): [string, StoredVersion] => {
    const specHash = olderInForce ? memory.confirmed.get(name)?.target.specHash : undefined;
    const until = memory.quarantine.get(name)?.until;
    const version: StoredVersion = {
      version: olderInForce ? 'lastLoaded' : 'none',
      ...(specHash !== undefined && { specHash }),
      message,
      ...(until !== undefined && { retryAt: new Date(until).toISOString() }),
    };
    return [name, version];
  });
  return new Map<string, StoredVersion>([...accepted, ...loaded]);
}

/** Faults that no ScrapeTarget tells of: an unread source, the base configuration, the inventory, a document without a name. */
function problemsOf({ view, inventoryError }: PassReport): readonly Problem[] {
  const { documents, baseConfigError, ownership } = view;
  const unusable = inventoryErrorOf(ownership) ?? inventoryError;
  const nameless = documents.errors.filter(({ name }) => name === undefined);
  const errors = [
    ...documents.incomplete.map(({ error }) => error),
    ...(baseConfigError === undefined ? [] : [baseConfigError]),
    ...(unusable === undefined ? [] : [unusable]),
  ];
  return [
    ...errors.map(problemOf),
    ...nameless.map(({ file, line, path, reason, message }) => ({
      where: line === undefined ? file : `${file}:${line}`,
      reason,
      message: path === '' ? message : `${path}: ${message}`,
    })),
  ];
}

function problemOf({ where, reason, message, remedy }: OperatorError): Problem {
  return {
    where: where ?? null,
    reason,
    message: maskUrls(remedy === undefined ? message : `${message} ${remedy}`),
  };
}
