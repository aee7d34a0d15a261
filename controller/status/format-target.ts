import { sentence } from '../errors.ts';
import { printable } from '../plan/change-lines.ts';
import { formatAge, type Since } from './age.ts';
import type { StatusDocument, StoredTarget, StoredVersion } from './stored-status.ts';
import { formatTable } from './table.ts';
import type { Condition } from './types.ts';

/** The whole story of one ScrapeTarget, for a person who asks why it is as it is. */
export function formatTarget(target: StoredTarget, document: StatusDocument, since: Since): string {
  const sections = [
    formatTable(targetFacts(target, document, since).map(([name, text]) => [`${name}:`, printable(text)])),
    ['Conditions:', ...indent(formatTable(conditionRows(target, since)))],
    [targetsTitle(target), ...indent(formatTable(taskRows(target)))],
    ['What to do:', ...indent(advice(target, since).map(printable))],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

export function targetFacts(
  target: StoredTarget,
  { owner, lastPass, writer }: StatusDocument,
  since: Since,
): readonly (readonly [string, string])[] {
  return [
    ['Name', target.name],
    ['Owner', owner],
    ['Ready', readyText(target, since)],
    ['Source', sourceText(target)],
    ['Generation', generationText(target)],
    ['In force', versionText(target.inForce)],
    ['ECS service', serviceText(target)],
    ['Registry', registryText(target)],
    ['Last pass', `${formatAge(since(lastPass))} ago, by scrapectl ${writer.verb} ${writer.version}`],
  ];
}

function readyText({ conditions }: StoredTarget, since: Since): string {
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined) return 'Unknown';
  return `${ready.status}, ${ready.reason}, for ${formatAge(since(ready.lastTransitionTime))}`;
}

function sourceText({ source }: StoredTarget): string {
  if (source === null) return '-';
  const { file, revision, gitRevision } = source;
  return [
    file,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(gitRevision === undefined ? [] : [`published from commit ${gitRevision}`]),
  ].join(', ');
}

function generationText({ observedGeneration, specHash }: StoredTarget): string {
  return specHash === '' ? 'none was accepted yet' : `${observedGeneration}, spec ${specHash.slice(0, 12)}`;
}

function versionText({ version, message, retryAt }: StoredVersion): string {
  const why = message === undefined ? '' : ` Prometheus says: ${sentence(message)}`;
  const retry =
    retryAt === undefined ? '' : ` It is offered again at ${retryAt}, or when the document changes.`;
  switch (version) {
    case 'newest':
      return 'the newest version of the document';
    case 'lastAccepted':
      return 'the last version that was valid; the newest one is not';
    case 'lastLoaded':
      return `the version that Prometheus had loaded before; it refuses the newest one.${why}${retry}`;
    case 'none':
      return `nothing: no version of the document was ever good.${why}${retry}`;
  }
}

function serviceText({ service }: StoredTarget): string {
  if (service === null) return '-';
  const bound = service.bound === null ? 'binding not known' : service.bound ? 'bound' : 'not bound';
  return [`${service.cluster}/${service.name}`, bound, ...(service.arn === null ? [] : [service.arn])].join(
    ', ',
  );
}

function registryText({ registry }: StoredTarget): string {
  if (registry === null) return '-';
  return `${registry.namespace}/${registry.name}, ${registry.arn ?? 'does not exist, or was never seen'}`;
}

function conditionRows({ conditions }: StoredTarget, since: Since): readonly (readonly string[])[] {
  return [
    ['TYPE', 'STATUS', 'SINCE', 'REASON', 'MESSAGE'],
    ...conditions.map(({ type, status, reason, message, lastTransitionTime }) =>
      [type, status, formatAge(since(lastTransitionTime)), reason, message].map(printable),
    ),
  ];
}

function targetsTitle({ targets }: StoredTarget): string {
  const { count, held, lastCompleteRead, skipped } = targets;
  const read = lastCompleteRead === undefined ? '' : `, as read at ${lastCompleteRead}`;
  const how = held ? ` (held as Prometheus has them${read})` : '';
  const left = skipped.length === 0 ? '' : `, ${skipped.length} not scraped`;
  return `Targets: ${count}${how}${left}`;
}

function taskRows({ targets: { scraped, skipped } }: StoredTarget): readonly (readonly string[])[] {
  if (scraped.length + skipped.length === 0) return [];
  return [
    ['TASK', 'ENDPOINT', 'ADDRESS'],
    ...scraped.map(({ taskId, endpoint, address }) => [taskId ?? '-', endpoint, address].map(printable)),
    ...skipped.map(({ taskId, reason }) => [taskId, '-', `not scraped: ${reason}`].map(printable)),
  ];
}

/** What the reader can do, by who must act. */
export function advice({ result, conditions }: StoredTarget, since: Since): readonly string[] {
  const open = conditions.filter(isOpen);
  const told = open.map(
    ({ type, message, lastTransitionTime }) =>
      `${type}, for ${formatAge(since(lastTransitionTime))}: ${message}`,
  );
  if (conditions.some(isPersonWanted)) return ['Somebody must act; retrying cannot help.', ...told];
  switch (result.kind) {
    case 'done':
      return [
        'Nothing.',
        ...conditions
          .filter(({ type }) => type === 'Suspended' || type === 'Drifted')
          .map(({ message }) => message),
      ];
    case 'requeueAfter':
      return ['Wait; the controller looks again by itself.', ...told];
    case 'retry':
      return ['Nothing yet; a call to AWS failed, and it is tried again. Should it stay so:', ...told];
    case 'stalled':
      return ['Somebody must act; retrying cannot help.', ...told];
  }
}

/** Also while something else is only waited for. */
const isPersonWanted = ({ type, status, reason }: Condition): boolean =>
  type === 'Ready' && status === 'False' && reason === 'ReconciliationFailed';

/** Conditions that say why; Ready, Reconciling and Stalled repeat them. */
const isOpen = ({ type, status }: Condition): boolean =>
  status !== 'True' && type !== 'Ready' && type !== 'Reconciling' && type !== 'Stalled';
