import { isDeparture, isDisruptive, subjectOf } from '../plan/plan-json.ts';
import type { Change } from '../plan/types.ts';
import { fromError, hindered } from './findings.ts';
import type { ChangeOutcome, Finding, PassFacts, TargetFacts } from './types.ts';

/** Names of ScrapeTargets whose documents are gone, and of which something is left to delete. */
export function namesOfLeaving({ plan, targets }: Pick<PassFacts, 'plan' | 'targets'>): readonly string[] {
  const known = new Set(targets.map(({ metadata }) => metadata.name));
  const names = [...plan.changes.filter(isDeparture), ...plan.blocked, ...plan.rollouts].map(
    ({ target }) => target,
  );
  return [...new Set(names)].filter((name) => !known.has(name));
}

/** How far the deletion got: what holds it, or what has to happen next. */
export function findLeaving({ plan, outcomes }: Pick<TargetFacts, 'plan' | 'outcomes'>): readonly Finding[] {
  return [
    ...plan.blocked.map(({ condition, family, reason, subject, message, remedy }) =>
      hindered(condition, family, reason, `${subject}: ${message} ${remedy}`),
    ),
    ...plan.rollouts.map(({ message }) =>
      hindered('ServiceBound', 'waiting', 'DeploymentInProgress', message),
    ),
    ...plan.changes.map((change) => findStep(change, outcomes)),
  ].filter(({ type }, index, all) => all.findIndex((finding) => finding.type === type) === index);
}

function findStep(change: Change, outcomes: readonly ChangeOutcome[]): Finding {
  const type = isDisruptive(change) ? 'ServiceBound' : 'RegistrySynced';
  const outcome = outcomes.find(
    (one) => one.change.kind === change.kind && subjectOf(one.change) === subjectOf(change),
  );
  return outcome !== undefined && 'error' in outcome.result
    ? fromError(type, outcome.result.error)
    : hindered(type, 'waiting', 'Deleting', `${subjectOf(change)} is to go: the document is gone.`);
}
