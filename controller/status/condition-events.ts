import type { OperatorEvent } from './events.ts';
import type { Condition, TargetStatus } from './types.ts';

/** What the conditions alone do not say. */
export interface ConditionContext {
  /** A deployment of the bound service runs. */
  readonly rolling: boolean;
  /** Prometheus refuses this very ScrapeTarget, and not the configuration as a whole. */
  readonly refused: boolean;
}

/** What happened to one ScrapeTarget, from how it is and how it was. Conditions that merely persist tell nothing. */
export function conditionEvents(
  status: TargetStatus,
  before: TargetStatus | undefined,
  context: ConditionContext,
): readonly OperatorEvent[] {
  const former = (type: Condition['type']): Condition | undefined =>
    before?.conditions.find((condition) => condition.type === type);
  const turned = status.conditions.filter(
    (now) => former(now.type)?.status !== now.status || former(now.type)?.reason !== now.reason,
  );
  const ended = (before?.conditions ?? []).filter(
    ({ type }) => !status.conditions.some((condition) => condition.type === type),
  );
  return [
    ...ended.flatMap((condition) => endEvents(status.name, condition)),
    ...turned.flatMap((condition) => turnEvents(status, condition, former(condition.type), context)),
  ];
}

function endEvents(scrapeTarget: string, { type }: Condition): readonly OperatorEvent[] {
  if (type === 'Drifted') return [{ name: 'DriftResolved', scrapeTarget }];
  return type === 'Suspended' ? [{ name: 'ScrapeTargetResumed', scrapeTarget }] : [];
}

/** Accepted is told by the faults of the document; Reconciling and Stalled repeat what another condition says. */
function turnEvents(
  status: TargetStatus,
  condition: Condition,
  former: Condition | undefined,
  { rolling, refused }: ConditionContext,
): readonly OperatorEvent[] {
  const { name: scrapeTarget } = status;
  const { reason, message } = condition;
  switch (condition.type) {
    case 'Accepted':
    case 'Reconciling':
    case 'Stalled':
      return [];
    case 'Reloaded':
      return refused && reason === 'ReloadRejected'
        ? [{ name: 'VersionRefused', scrapeTarget, message }]
        : [];
    case 'Suspended':
      return [{ name: 'ScrapeTargetSuspended', scrapeTarget }];
    case 'Drifted':
      return [{ name: 'DriftDetected', scrapeTarget, reason, message }];
    case 'Ready':
      return readiness(scrapeTarget, condition);
    case 'ServiceBound':
      return bindingEvents(status, condition, former, rolling);
    case 'TargetsDiscovered':
      return discoveryEvents(scrapeTarget, condition, former);
    case 'RegistrySynced':
      return reason === 'ConflictingOwner'
        ? [{ name: 'OwnershipConflict', ...told(scrapeTarget, condition) }]
        : failure(status, condition);
    case 'ReferencesResolved':
    case 'ConfigGenerated':
      return failure(status, condition);
  }
}

const told = (scrapeTarget: string, { type, status, reason, message }: Condition) => ({
  scrapeTarget,
  type,
  status,
  reason,
  message,
});

function readiness(scrapeTarget: string, condition: Condition): readonly OperatorEvent[] {
  if (condition.reason === 'Suspended') return [];
  const name = condition.status === 'True' ? 'ScrapeTargetReady' : 'ScrapeTargetNotReady';
  return [{ name, ...told(scrapeTarget, condition) }];
}

function bindingEvents(
  status: TargetStatus,
  condition: Condition,
  former: Condition | undefined,
  rolling: boolean,
): readonly OperatorEvent[] {
  const { name: scrapeTarget } = status;
  if (condition.status === 'True')
    return former?.reason === 'DeploymentInProgress' ? [{ name: 'RolloutFinished', scrapeTarget }] : [];
  if (condition.reason === 'RollbackDetected')
    return [{ name: 'RolloutRolledBack', ...told(scrapeTarget, condition) }];
  return condition.reason === 'DeploymentInProgress' && rolling
    ? [{ name: 'RolloutStarted', scrapeTarget, message: condition.message }]
    : failure(status, condition);
}

/** These leave the targets as they are because that is what was asked for. */
const QUIET = new Set(['Suspended', 'NotDiscovered']);

const isHeld = (condition: Condition | undefined): boolean =>
  condition?.status === 'Unknown' && !QUIET.has(condition.reason);

function discoveryEvents(
  scrapeTarget: string,
  condition: Condition,
  former: Condition | undefined,
): readonly OperatorEvent[] {
  if (isHeld(condition)) return [{ name: 'TargetsHeld', ...told(scrapeTarget, condition) }];
  const recovered: readonly OperatorEvent[] = isHeld(former)
    ? [{ name: 'TargetsRecovered', scrapeTarget }]
    : [];
  return condition.status === 'False'
    ? [...recovered, { name: 'NoTargets', ...told(scrapeTarget, condition) }]
    : recovered;
}

/** What passes by itself is no warning. */
function failure({ name, result }: TargetStatus, condition: Condition): readonly OperatorEvent[] {
  if (condition.status !== 'False') return [];
  const passes = result.kind === 'done' || result.kind === 'requeueAfter';
  return [{ name: passes ? 'ConditionWaiting' : 'ConditionFailed', ...told(name, condition) }];
}
