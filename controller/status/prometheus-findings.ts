import { sentence } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { ReloadResult } from '../state/outcomes.ts';
import type { Discovery, TargetGroup } from '../state/targets.ts';
import { fromError, fulfilled, hindered, unknown } from './findings.ts';
import type { Finding, Refusal, TargetFacts } from './types.ts';

export function findConfigGenerated({ problems }: TargetFacts): Finding {
  const failed = problems.find(({ reason }) => reason === 'RenderFailed');
  if (failed !== undefined) return hindered('ConfigGenerated', 'terminal', failed.reason, failed.message);
  const [first] = problems;
  return first === undefined
    ? fulfilled('ConfigGenerated', 'Generated', 'Every endpoint has its job in the configuration.')
    : fulfilled('ConfigGenerated', first.reason, problems.map(({ message }) => message).join(' '));
}

export function findReloaded({ publication, refusal }: TargetFacts): Finding {
  if (refusal !== undefined)
    return hindered('Reloaded', 'terminal', 'ReloadRejected', refusedVersion(refusal));
  if (publication === undefined) return unknown('Reloaded', 'NotPublished', 'This pass published nothing.');
  return publication.kind === 'withheld'
    ? fromError('Reloaded', publication.error)
    : fromReload(publication.result.reload);
}

function refusedVersion({ message, olderInForce }: Refusal): string {
  const after = olderInForce
    ? 'The version that Prometheus has loaded before stays in force.'
    : 'It has no job in Prometheus.';
  return `Prometheus refuses this version of the document: ${sentence(message)} ${after} It is offered again when the document changes, and once an hour.`;
}

function fromReload(reload: ReloadResult): Finding {
  const type = 'Reloaded';
  if (reload.kind === 'notNeeded') return fulfilled(type, 'FileDiscoveryOnly', FILE_DISCOVERY_ONLY);
  if (reload.kind === 'notAsked') return unknown(type, 'NotAsked', NOT_ASKED);
  if (reload.kind === 'pending') {
    const finding = fromError(type, reload.error);
    return { ...finding, message: `${finding.message} ${OLDER_LOADED}` };
  }
  return reload.kind === 'rejected'
    ? hindered(type, 'terminal', 'ReloadRejected', rejectedMessage(reload))
    : fulfilled(type, 'ReloadConfirmed', `Prometheus loaded the configuration at ${reload.at}.`);
}

const OLDER_LOADED =
  'Until then Prometheus runs the configuration that it has, and reads the targets of its jobs by itself.';
const FILE_DISCOVERY_ONLY = 'The configuration is unchanged; Prometheus reads target files by itself.';
const NOT_ASKED = 'No Prometheus URL was given, so nothing confirms that the files are in use.';

export function rejectedMessage({ message, restored }: Extract<ReloadResult, { kind: 'rejected' }>): string {
  const after = restored
    ? 'The last good configuration is in force.'
    : 'The last good configuration could not be put back.';
  return `Prometheus refused the configuration: ${sentence(message)} ${after}`;
}

export function findTargetsDiscovered({ discovery, lastCompleteRead }: TargetFacts): Finding {
  const type = 'TargetsDiscovered';
  if (discovery === undefined) return unknown(type, 'NotDiscovered', 'This pass discovered nothing.');
  if (discovery.kind === 'unknown') {
    const { family, reason } = discovery.error;
    return {
      type,
      status: 'Unknown',
      reason,
      message: keptTargets(discovery.error, lastCompleteRead),
      hinders: family,
    };
  }
  return fromEndpoints(discovery);
}

/** What happened, to what, what is still in force since when, and what to do. */
function keptTargets(
  { where, message, remedy }: OperatorError,
  lastCompleteRead: string | undefined,
): string {
  const since =
    lastCompleteRead === undefined ? 'as they were found on disk' : `as read at ${lastCompleteRead}`;
  return [
    `${where === undefined ? '' : `${where}: `}${sentence(message)}`,
    `The last known targets stay in force, ${since}.`,
    ...(remedy === undefined ? [] : [remedy]),
  ].join(' ');
}

function fromEndpoints(discovery: Extract<Discovery, { kind: 'discovered' }>): Finding {
  const type = 'TargetsDiscovered';
  const counts = [...discovery.endpoints].map(([name, groups]) => `${countAddresses(groups)} of ${name}`);
  const total = countTargets(discovery) ?? 0;
  const skipped = discovery.skipped.map(
    ({ taskId, reason }) => `Task ${taskId} skipped: ${sentence(reason)}`,
  );
  if (total === 0 && skipped.length === 0) {
    // Scaled to zero is what somebody asked for: nothing is left to do.
    return { type, status: 'False', reason: 'NoRunningTasks', message: 'The ECS service runs no tasks.' };
  }
  if (total === 0) {
    const text = ['No task can be scraped.', ...limit(skipped)].join(' ');
    return hindered(type, 'waiting', 'NoRunningTasks', text);
  }
  return fulfilled(type, 'Discovered', [`Targets: ${counts.join(', ')}.`, ...limit(skipped)].join(' '));
}

/** A message is read by a person. */
const limit = (lines: readonly string[]): readonly string[] =>
  lines.length <= 3 ? lines : [...lines.slice(0, 3), `And ${lines.length - 3} more.`];

const countAddresses = (groups: readonly TargetGroup[]): number =>
  groups.reduce((sum, { targets }) => sum + targets.length, 0);

export function countTargets(discovery: Discovery | undefined): number | undefined {
  if (discovery?.kind !== 'discovered') return undefined;
  return [...discovery.endpoints.values()].reduce((sum, groups) => sum + countAddresses(groups), 0);
}
