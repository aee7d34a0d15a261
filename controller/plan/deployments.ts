import type { ObservedDeployment, ObservedService } from '../state/observed.ts';

/**
 * A failed deployment that was not rolled back stays beside its predecessor for ever: ECS has given
 * up on it, so it is not "in progress".
 */
export function isDeploymentInProgress(service: ObservedService): boolean {
  const live = service.deployments.filter(({ status }) => status !== 'INACTIVE');
  if (live.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS')) return true;
  return live.length > 1 && !live.some(({ rolloutState }) => rolloutState === 'FAILED');
}

const ROLLBACK = /circuit breaker|roll(?:ed|ing)?[ -]?back/i;

export const primaryDeployment = ({ deployments }: ObservedService): ObservedDeployment | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY');

/**
 * The deployment that failed or that restores an older revision. While a fresh deployment runs, an
 * older failure is history: whether the service recovers is not known yet.
 */
export function findRolledBack(service: ObservedService): ObservedDeployment | undefined {
  const primary = primaryDeployment(service);
  if (primary !== undefined && isRolledBack(primary)) return primary;
  return isDeploymentInProgress(service) ? undefined : service.deployments.find(isRolledBack);
}

const isRolledBack = ({ rolloutState, rolloutStateReason }: ObservedDeployment): boolean =>
  rolloutState === 'FAILED' || ROLLBACK.test(rolloutStateReason ?? '');

export function describeDeployment(deployment: ObservedDeployment): string {
  const reason = deployment.rolloutStateReason?.replace(/\.$/, '');
  return reason === undefined || reason === ''
    ? `deployment ${deployment.id} is ${deployment.rolloutState ?? deployment.status}`
    : `deployment ${deployment.id}: ${reason}`;
}
