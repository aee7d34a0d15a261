import { subjectOf } from '../plan/plan-json.ts';
import type { Blocked, Change } from '../plan/types.ts';
import { fromError, fulfilled, hindered, unknown } from './findings.ts';
import type { ChangeOutcome, Finding, TargetFacts } from './types.ts';

export function findReferencesResolved(facts: TargetFacts): Finding {
  const [blocked] = blockedBy(facts, 'ReferencesResolved');
  return blocked === undefined
    ? fulfilled('ReferencesResolved', 'Resolved', 'Service, namespace and ports exist.')
    : fromBlocked('ReferencesResolved', blocked);
}

export function findRegistrySynced(facts: TargetFacts): Finding {
  const type = 'RegistrySynced';
  const [blocked] = blockedBy(facts, type);
  if (blocked !== undefined) return fromBlocked(type, blocked);
  const unseen = blockedBy(facts, 'ReferencesResolved').find(
    ({ subject }) => !subject.startsWith('service '),
  );
  if (unseen !== undefined) return unknown(type, 'ReferencesNotResolved', `Waits for ${unseen.subject}.`);
  const wanted = facts.plan.changes.filter((change) => change.kind !== 'bindService');
  const open = findOpen(facts, wanted);
  if (open !== undefined) return fromOpen(type, open);
  const done = facts.outcomes.filter(
    ({ change, result }) => change.kind !== 'bindService' && result.kind === 'applied',
  );
  if (done.some(({ change }) => change.kind === 'createRegistry')) {
    return fulfilled(type, 'Created', 'The registry was created as the document asks.');
  }
  return done.length > 0
    ? fulfilled(type, 'Updated', 'The registry was made to match the document.')
    : fulfilled(type, 'InSync', 'The registry is as the document asks.');
}

export function findServiceBound(facts: TargetFacts): Finding {
  const type = 'ServiceBound';
  const { plan, outcomes } = facts;
  const [blocked] = blockedBy(facts, type);
  if (blocked !== undefined) return fromBlocked(type, blocked);
  const [rollout] = plan.rollouts;
  if (rollout !== undefined) return hindered(type, 'waiting', 'DeploymentInProgress', rollout.message);
  if (isBound(facts)) return fulfilled(type, 'Bound', 'The ECS service is bound to the registry.');

  const wanted = plan.changes.filter((change) => change.kind === 'bindService');
  const open = findOpen(facts, wanted);
  if (open !== undefined) return fromOpen(type, open);
  const sent = outcomes.some(
    ({ change, result }) => change.kind === 'bindService' && result.kind === 'applied',
  );
  if (sent)
    return hindered(type, 'waiting', 'DeploymentInProgress', 'The binding was sent; ECS replaces the tasks.');
  const drift = plan.drift.find(({ field }) => field === 'serviceRegistries');
  if (drift !== undefined) {
    return {
      type,
      status: 'False',
      reason: 'BindingChanged',
      message: `${drift.before} instead of ${drift.after}. ${drift.why}`,
    };
  }
  return unknown(type, 'RegistryNotReady', 'Waits for the registry and the service.');
}

/** Seen bound, or the writer found on a fresh read that there was nothing to send. */
function isBound({ plan, outcomes, name }: TargetFacts): boolean {
  return (
    plan.bound?.includes(name) === true ||
    outcomes.some(({ change, result }) => change.kind === 'bindService' && result.kind === 'unchanged')
  );
}

const blockedBy = ({ plan }: TargetFacts, condition: Blocked['condition']): readonly Blocked[] =>
  plan.blocked.filter((blocked) => blocked.condition === condition);

const fromBlocked = (
  type: Blocked['condition'],
  { family, reason, subject, message, remedy }: Blocked,
): Finding => hindered(type, family, reason, `${subject}: ${message} ${remedy}`);

type Open = ChangeOutcome | { readonly change: Change; readonly result: undefined };

/**
 * A change that the plan wants and that has not come about. A failed write that the plan no longer
 * wants has happened after all: the plan is then of a later look than the write.
 */
function findOpen({ outcomes }: TargetFacts, wanted: readonly Change[]): Open | undefined {
  const open = wanted.map((change): Open => {
    const same = outcomes.find((outcome) => isSame(outcome.change, change));
    return same ?? { change, result: undefined };
  });
  return (
    open.find(({ result }) => result?.kind === 'failed') ??
    open.find(({ result }) => result === undefined || result.kind === 'held')
  );
}

const isSame = (a: Change, b: Change): boolean =>
  a.kind === b.kind && a.target === b.target && subjectOf(a) === subjectOf(b);

function fromOpen(type: Blocked['condition'], { change, result }: Open): Finding {
  if (result?.kind === 'failed' || result?.kind === 'held') return fromError(type, result.error);
  return hindered(type, 'waiting', 'Pending', `${subjectOf(change)} is yet to be changed.`);
}
