import { compareText } from '../state/keys.ts';
import { isDeparture, isDisruptive, subjectOf, tasksReplaced } from './plan-json.ts';
import type { Blocked, Change, Drift, Plan } from './types.ts';

/**
 * What a pass may do to things that exist:
 *
 * - `sync`: make everything match the documents.
 * - `upsert-only`: create and update, but take nothing away.
 * - `create-only`: make what is missing, and touch nothing that exists.
 */
export type Policy = 'sync' | 'upsert-only' | 'create-only';

export interface Restriction {
  readonly policy: Policy;
  /** Names of ScrapeTargets; undefined means all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Whether changes wait that make ECS replace tasks. */
  readonly noDisruption: boolean;
}

/**
 * A plan without what is not to be done: other ScrapeTargets vanish from it, what the policy forbids is told as
 * drift, and what has to wait for another time as blocked.
 */
export function restrictPlan(plan: Plan, { policy, only, noDisruption }: Restriction): Plan {
  const wanted = ({ target }: { readonly target: string }): boolean => only === undefined || only.has(target);
  const changes = plan.changes.filter(wanted);
  const forbidden = changes.filter((change) => !allows(policy, change));
  const waits = (change: Change): boolean => noDisruption && isDisruptive(change);
  const allowed = changes.filter((change) => allows(policy, change));
  return {
    ...plan,
    changes: allowed.filter((change) => !waits(change)),
    drift: [...plan.drift.filter(wanted), ...forbidden.map((change) => driftOf(change, policy))],
    blocked: [...plan.blocked.filter(wanted), ...allowed.filter(waits).map(waitingForWindow)].sort((a, b) =>
      compareText(a.target, b.target),
    ),
  };
}

function waitingForWindow(change: Change): Blocked {
  const tasks = tasksReplaced(change);
  return {
    target: change.target,
    subject: subjectOf(change),
    condition: 'ServiceBound',
    reason: 'WaitingForWindow',
    message: `The binding is not changed: that replaces ${tasks} task${tasks === 1 ? '' : 's'}, and --no-disruption forbids it.`,
    remedy: 'Go without --no-disruption when tasks may be replaced.',
    family: 'waiting',
  };
}

function allows(policy: Policy, change: Change): boolean {
  switch (policy) {
    case 'sync':
      return true;
    case 'upsert-only':
      return change.kind !== 'untagRegistry' && !isDeparture(change);
    case 'create-only':
      return (
        change.kind === 'createRegistry' || (change.kind === 'bindService' && change.before.length === 0)
      );
  }
}

function driftOf(change: Change, policy: Policy): Drift {
  const why = `The policy ${policy} leaves it as it is.`;
  const about = { target: change.target, subject: subjectOf(change), why };
  switch (change.kind) {
    case 'createRegistry':
      return { ...about, field: 'registry', before: 'absent', after: change.name };
    case 'updateRegistry':
      return { ...about, field: 'registry', before: fieldsOf(change.before), after: fieldsOf(change.after) };
    case 'tagRegistry':
      return { ...about, field: 'tags', before: fieldsOf(change.before), after: fieldsOf(change.after) };
    case 'untagRegistry':
      return { ...about, field: 'tags', before: fieldsOf(change.before), after: 'absent' };
    case 'bindService':
      return {
        ...about,
        field: 'serviceRegistries',
        before: change.before.map(({ registryArn }) => registryArn).join(', ') || 'none',
        after: `${change.registry.namespace}/${change.registry.name}`,
      };
    case 'unbindService':
      return {
        ...about,
        field: 'serviceRegistries',
        before: `${change.registry.namespace}/${change.registry.name}`,
        after: change.after.map(({ registryArn }) => registryArn).join(', ') || 'none',
      };
    case 'deleteRegistry':
      return { ...about, field: 'registry', before: change.registry.name, after: 'absent' };
  }
}

function fieldsOf(fields: object): string {
  const told = Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`);
  return told.length === 0 ? 'none' : told.join(', ');
}
