import { formatError, type OperatorError } from '../errors.ts';
import { subjectOf } from '../plan/plan-json.ts';
import type { Blocked, Change } from '../plan/types.ts';
import { registryKey } from '../state/keys.ts';
import { countAddresses, type Addresses } from '../scrape/mass-loss.ts';
import { conditionEvents } from '../status/condition-events.ts';
import type { EventName, OperatorEvent } from '../status/events.ts';
import { rejectedMessage } from '../status/prometheus-findings.ts';
import type { ChangeOutcome, Publication, TargetStatus } from '../status/types.ts';
import { faultsOf, type Faults } from './faults.ts';
import type { View } from './look.ts';
import type { PassReport } from './pass.ts';

/** What has been told: what is the same as last time is not told again. */
export interface Told {
  readonly faults: Faults;
  /** Why Prometheus does not have the newest files. */
  readonly publicationFault: string | undefined;
  /** By change: the reason why it failed last. */
  readonly failedChanges: ReadonlyMap<string, string>;
  readonly heldDeletions: ReadonlySet<string>;
  /** Why the last pass failed as a whole. */
  readonly passFailure: string | undefined;
  /** Whether any pass has come to its end. */
  readonly synced: boolean;
}

export const NOTHING_TOLD: Told = {
  faults: new Map(),
  publicationFault: undefined,
  failedChanges: new Map(),
  heldDeletions: new Set(),
  passFailure: undefined,
  synced: false,
};

export interface News {
  readonly events: readonly OperatorEvent[];
  readonly told: Told;
}

/**
 * What happened in a pass, and nothing that merely goes on. `before` are the statuses after the pass before it, of an
 * earlier process if need be, so that a restart is no news.
 */
export function passEvents(
  report: PassReport,
  before: readonly TargetStatus[],
  statuses: readonly TargetStatus[],
  told: Told,
): News {
  const { view, outcomes, publication } = report;
  const changes = changeEvents(outcomes, told);
  const faults = faultsOf(view, report.inventoryError);
  const publicationFault = publicationFaultOf(publication);
  const deletions = deletionEvents(view.plan.blocked, told.heldDeletions);
  return {
    events: [
      ...inputEvents(faults, told),
      ...membershipEvents(view, before, statuses),
      ...changes.events,
      ...deletions.events,
      ...ownershipEvents(report),
      ...publicationEvents(publication, publicationFault, told.publicationFault),
      ...targetEvents(view.findings.published, report.memory.published ?? view.findings.published),
      ...statusEvents(report, before, statuses),
      ...(told.synced ? [] : [synced(statuses)]),
    ],
    told: {
      faults,
      publicationFault: publicationFault?.fault,
      failedChanges: changes.told.failedChanges,
      heldDeletions: deletions.held,
      passFailure: undefined,
      synced: true,
    },
  };
}

function synced(statuses: readonly TargetStatus[]): OperatorEvent {
  const isReady = ({ conditions }: TargetStatus): boolean =>
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return {
    name: 'ControllerSynced',
    scrapeTargets: statuses.length,
    ready: statuses.filter(isReady).length,
    targets: statuses.reduce((sum, { targets }) => sum + (targets ?? 0), 0),
  };
}

/** A pass that failed as a whole. */
export function failureEvents(error: OperatorError, told: Told): News {
  const passFailure = formatError(error);
  const isNews = passFailure !== told.passFailure;
  return {
    events: isNews ? [{ name: 'PassFailed', reason: error.reason, error: passFailure }] : [],
    told: { ...told, passFailure },
  };
}

const APPLIED: Readonly<Record<Change['kind'], EventName & `${'Registry' | 'Service'}${string}`>> = {
  createRegistry: 'RegistryCreated',
  updateRegistry: 'RegistryUpdated',
  tagRegistry: 'RegistryUpdated',
  untagRegistry: 'RegistryUpdated',
  bindService: 'ServiceBound',
  unbindService: 'ServiceUnbound',
  deleteRegistry: 'RegistryDeleted',
};

/** What was changed, and what was newly refused. */
export function changeEvents(outcomes: readonly ChangeOutcome[], told: Told): News {
  const failedChanges = new Map(told.failedChanges);
  const events = outcomes.flatMap(({ change, result }): readonly OperatorEvent[] => {
    const about = { scrapeTarget: change.target, change: change.kind, subject: subjectOf(change) };
    const key = `${about.scrapeTarget} ${about.change} ${about.subject}`;
    if (result.kind === 'held') return [];
    if (result.kind !== 'failed') {
      failedChanges.delete(key);
      return result.kind === 'applied' ? [{ name: appliedName(change), ...about }] : [];
    }
    const { reason } = result.error;
    const isNews = failedChanges.get(key) !== reason;
    failedChanges.set(key, reason);
    return isNews ? [{ name: 'ChangeFailed', ...about, reason, error: formatError(result.error) }] : [];
  });
  return { events, told: { ...told, failedChanges } };
}

const appliedName = (change: Change): (typeof APPLIED)[Change['kind']] =>
  change.kind === 'tagRegistry' && change.adopts ? 'RegistryAdopted' : APPLIED[change.kind];

/** What a look that came to its end found wrong, and what is wrong no more. */
export function inputEvents(now: Faults, { faults, passFailure }: Told): readonly OperatorEvent[] {
  return [
    ...(passFailure === undefined ? [] : [{ name: 'PassesRecovered' } as const]),
    ...[...now].flatMap(([key, { begun }]) => (faults.has(key) ? [] : [begun])),
    ...[...faults].flatMap(([key, { ended }]) => (now.has(key) ? [] : [ended])),
  ];
}

const HELD_DELETIONS = new Set(['PruneHeld', 'PruneWouldEmpty']);

function deletionEvents(
  blocked: readonly Blocked[],
  told: ReadonlySet<string>,
): { readonly events: readonly OperatorEvent[]; readonly held: ReadonlySet<string> } {
  const held = blocked.filter(({ reason }) => HELD_DELETIONS.has(reason));
  const keyOf = ({ subject, reason }: Blocked): string => `${subject} ${reason}`;
  return {
    held: new Set(held.map(keyOf)),
    events: held
      .filter((each) => !told.has(keyOf(each)))
      .map(({ target: scrapeTarget, subject, reason, message, remedy }) => ({
        name: 'PruneHeld',
        scrapeTarget,
        subject,
        reason,
        message: `${message} ${remedy}`,
      })),
  };
}

/** What became of registries whose documents are gone. */
function ownershipEvents({ recorded = [] }: PassReport): readonly OperatorEvent[] {
  return recorded.flatMap(({ target: scrapeTarget, registry, state }): readonly OperatorEvent[] => {
    const about = { scrapeTarget, subject: `registry ${registryKey(registry)}` };
    if (state === 'retained') return [{ name: 'RegistryRetained', ...about }];
    return state === 'deleting' ? [{ name: 'DeletionBegun', ...about }] : [];
  });
}

interface PublicationFault {
  readonly name: 'FilesWithheld' | 'ReloadOwed' | 'ReloadRefused';
  readonly fault: string;
}

function publicationFaultOf(publication: Publication | undefined): PublicationFault | undefined {
  if (publication === undefined) return undefined;
  if (publication.kind === 'withheld')
    return { name: 'FilesWithheld', fault: formatError(publication.error) };
  const { reload } = publication.result;
  if (reload.kind === 'pending') return { name: 'ReloadOwed', fault: formatError(reload.error) };
  return reload.kind === 'rejected' ? { name: 'ReloadRefused', fault: rejectedMessage(reload) } : undefined;
}

function publicationEvents(
  publication: Publication | undefined,
  now: PublicationFault | undefined,
  told: string | undefined,
): readonly OperatorEvent[] {
  const events: OperatorEvent[] = [];
  if (publication?.kind === 'published') {
    const { written, deleted, reload } = publication.result;
    if (written.length + deleted.length > 0)
      events.push({ name: 'FilesWritten', written: listed(written), deleted: listed(deleted) });
    if (reload.kind === 'confirmed') events.push({ name: 'ReloadConfirmed', at: reload.at });
  }
  if (now !== undefined && now.fault !== told) events.push(now);
  if (now === undefined && told !== undefined) events.push({ name: 'PrometheusCurrent' });
  return events;
}

/** An empty list says nothing. */
const listed = (paths: readonly string[]): readonly string[] | undefined =>
  paths.length === 0 ? undefined : paths;

/** `targets/NAME.ENDPOINT.json`: a name has no dot. */
const nameOfFile = (path: string): string => path.replace(/^.*\//, '').replace(/\..*$/, '');

/** What Prometheus got and lost, by ScrapeTarget. */
function targetEvents(before: Addresses, after: Addresses): readonly OperatorEvent[] {
  const names = new Set([...after.keys(), ...before.keys()].map(nameOfFile));
  const [then, now] = [byName(before), byName(after)];
  return [...names].flatMap((scrapeTarget): readonly OperatorEvent[] => {
    const [was, is] = [then.get(scrapeTarget) ?? NONE, now.get(scrapeTarget) ?? NONE];
    const [added, removed] = [countMissing(is, was), countMissing(was, is)];
    if (added + removed === 0) return [];
    return [{ name: 'TargetsChanged', scrapeTarget, added, removed, targets: countAddresses(is) }];
  });
}

const NONE: Addresses = new Map();

function byName(addresses: Addresses): ReadonlyMap<string, Addresses> {
  const groups = new Map<string, Map<string, ReadonlySet<string>>>();
  for (const [path, set] of addresses) {
    const name = nameOfFile(path);
    groups.set(name, (groups.get(name) ?? new Map<string, ReadonlySet<string>>()).set(path, set));
  }
  return groups;
}

function countMissing(all: Addresses, from: Addresses): number {
  let count = 0;
  for (const [path, set] of all)
    for (const address of set) if (from.get(path)?.has(address) !== true) count += 1;
  return count;
}

/** Documents that came and went. What a source that was never read whole does not show may be there. */
function membershipEvents(
  { documents }: View,
  before: readonly TargetStatus[],
  statuses: readonly TargetStatus[],
): readonly OperatorEvent[] {
  const [then, now] = [before, statuses].map((list) => new Set(list.map(({ name }) => name)));
  const removed = documents.whole ? before.filter(({ name }) => now?.has(name) !== true) : [];
  const added = statuses.filter(({ name }) => then?.has(name) !== true);
  return [
    ...removed.map(({ name }): OperatorEvent => ({ name: 'ScrapeTargetRemoved', scrapeTarget: name })),
    ...added.map(({ name }): OperatorEvent => ({ name: 'ScrapeTargetAdded', scrapeTarget: name })),
  ];
}

function statusEvents(
  { view, outcomes, refused }: PassReport,
  before: readonly TargetStatus[],
  statuses: readonly TargetStatus[],
): readonly OperatorEvent[] {
  const known = new Map(before.map((status) => [status.name, status]));
  const rolling = new Set([
    ...view.plan.rollouts.map(({ target }) => target),
    ...outcomes.flatMap(({ change, result }) =>
      change.kind === 'bindService' && result.kind === 'applied' ? [change.target] : [],
    ),
  ]);
  return statuses.flatMap((status) =>
    conditionEvents(status, known.get(status.name), {
      rolling: rolling.has(status.name),
      refused: refused.has(status.name),
    }),
  );
}
