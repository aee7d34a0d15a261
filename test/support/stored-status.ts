import type { StatusDocument, StoredTarget } from '../../controller/status/stored-status.ts';
import type { Condition, ConditionType } from '../../controller/status/types.ts';

export const STORED_AT = '2026-01-01T00:00:00.000Z';

export function storedCondition(
  type: ConditionType,
  status: Condition['status'] = 'True',
  overrides: Partial<Condition> = {},
): Condition {
  return {
    type,
    status,
    reason: 'Fine',
    message: `${type} is ${status}.`,
    lastTransitionTime: STORED_AT,
    observedGeneration: 2,
    ...overrides,
  };
}

/** A ScrapeTarget that is as its document asks, bent by `overrides`. */
export function storedTarget(overrides: Partial<StoredTarget> = {}): StoredTarget {
  return {
    name: 'webapp',
    observedGeneration: 2,
    specHash: 'abcdef0123456789',
    firstSeen: STORED_AT,
    source: { file: 's3://docs/webapp.yaml', revision: 'e1', gitRevision: '1a2b3c4' },
    inForce: { version: 'newest' },
    service: { cluster: 'prod', name: 'WebApp', arn: 'arn:aws:ecs:::service/prod/WebApp', bound: true },
    registry: { namespace: 'apps', name: 'webapp', arn: 'arn:aws:servicediscovery:::service/srv-1' },
    targets: {
      count: 1,
      held: false,
      scraped: [{ endpoint: 'metrics', address: '10.0.0.1:3000', taskId: 'aaa' }],
      skipped: [],
    },
    conditions: [
      storedCondition('Accepted'),
      storedCondition('RegistrySynced'),
      storedCondition('ServiceBound'),
      storedCondition('Reloaded'),
      storedCondition('TargetsDiscovered'),
      storedCondition('Ready', 'True', { reason: 'ReconciliationSucceeded' }),
    ],
    result: { kind: 'done' },
    ...overrides,
  };
}

export function storedStatus(
  scrapeTargets: readonly StoredTarget[] = [storedTarget()],
  overrides: Partial<StatusDocument> = {},
): StatusDocument {
  return {
    formatVersion: '1.0',
    owner: 'prod',
    writer: { version: '0.1.0', verb: 'run', heartbeatSeconds: 300 },
    lastPass: STORED_AT,
    problems: [],
    scrapeTargets,
    ...overrides,
  };
}
