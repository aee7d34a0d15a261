import { transient, type OperatorError } from '../../controller/errors.ts';
import type { PassObservation, PublishResult } from '../../controller/reconcile/ports.ts';
import type { Condition, TargetStatus } from '../../controller/status/types.ts';
import { planOf } from '../support/plans.ts';

export const START = Date.UTC(2026, 0, 1);
const START_TEXT = new Date(START).toISOString();

export type Done = Extract<PassObservation['result'], { kind: 'done' }>;

export function condition(
  type: Condition['type'],
  status: Condition['status'],
  reason = 'Reason',
  message = 'A message.',
): Condition {
  return { type, status, reason, message, lastTransitionTime: START_TEXT, observedGeneration: 1 };
}

export function statusOf(name: string, overrides: Partial<TargetStatus> = {}): TargetStatus {
  return {
    name,
    specHash: `hash-of-${name}`,
    observedGeneration: 1,
    targets: 2,
    lastCompleteRead: START_TEXT,
    conditions: [
      condition('Accepted', 'True'),
      condition('TargetsDiscovered', 'True'),
      condition('Ready', 'True'),
    ],
    result: { kind: 'done' },
    ...overrides,
  };
}

export function published(result: Partial<PublishResult> = {}): NonNullable<Done['publication']> {
  return {
    kind: 'published',
    result: {
      written: [],
      deleted: [],
      unchanged: 1,
      bytesWritten: 0,
      reload: { kind: 'notNeeded' },
      ...result,
    },
  };
}

export const unreachable = (reason = 'Unreachable'): OperatorError =>
  transient({ reason, message: 'It does not answer.' });

/** A pass of one second that found nothing to do. */
export function passOf(result: Partial<Done> = {}, finishedAt = START): PassObservation {
  return {
    startedAt: finishedAt - 1000,
    finishedAt,
    result: {
      kind: 'done',
      statuses: [],
      plan: planOf([]),
      outcomes: [],
      publication: published(),
      invalidDocuments: 0,
      unreadSources: [],
      ...result,
    },
  };
}

export function failedPass(error: OperatorError, finishedAt = START): PassObservation {
  return { startedAt: finishedAt - 1000, finishedAt, result: { kind: 'failed', error } };
}
