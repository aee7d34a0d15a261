import type { Condition, ConditionType, TargetStatus } from '../../status/types.ts';
import { known, sample, type Definition, type Sample } from './definition.ts';
import type { MetricsState } from './state.ts';

/** Reasons for which a ScrapeTarget is not looked at, so that nothing is held against AWS's word. */
const NOT_LOOKED_AT: readonly string[] = ['Suspended', 'NotDiscovered'];

/** Of a condition reason, only what can be one becomes a label: reasons are few, messages are not. */
const REASON = /^[A-Z][A-Za-z0-9]{0,63}$/;

const conditionOf = ({ conditions }: TargetStatus, wanted: ConditionType): Condition | undefined =>
  conditions.find(({ type }) => type === wanted);

/** No version of the document was ever accepted, so nothing is in force. */
const isInForce = ({ specHash }: TargetStatus): boolean => specHash !== '';

function countStates({ statuses, invalidDocuments }: MetricsState): Readonly<Record<string, number>> {
  const count = (test: (status: TargetStatus) => boolean): number => statuses.filter(test).length;
  const isRefused = (status: TargetStatus): boolean => conditionOf(status, 'Accepted')?.status === 'False';
  return {
    selected: count(isInForce),
    rejected: invalidDocuments,
    suspended: count((status) => conditionOf(status, 'Suspended')?.status === 'True'),
    last_known_good: count((status) => isInForce(status) && isRefused(status)),
  };
}

function heldReason(status: TargetStatus): string | undefined {
  const condition = conditionOf(status, 'TargetsDiscovered');
  if (condition?.status !== 'Unknown' || NOT_LOOKED_AT.includes(condition.reason)) return undefined;
  return REASON.test(condition.reason) ? condition.reason : 'Other';
}

function lastRead({ name, lastCompleteRead }: TargetStatus): readonly Sample[] {
  const time = Date.parse(lastCompleteRead ?? '');
  return Number.isNaN(time) ? [] : [sample(time / 1000, { scrape_target: name })];
}

export const SCRAPE_TARGET_METRICS: readonly Definition[] = [
  {
    name: 'managed_resources',
    type: 'gauge',
    labels: ['kind', 'state'],
    help: 'Documents by state: selected (a version is in force) and rejected (the newest version is invalid); among the selected, suspended and last_known_good (an older version is in force).',
    samples: ({ state }) =>
      Object.entries(countStates(state)).map(([name, value]) =>
        sample(value, { kind: 'ScrapeTarget', state: name }),
      ),
  },
  {
    name: 'condition_status',
    type: 'gauge',
    labels: ['name', 'type', 'status'],
    help: 'Conditions of each ScrapeTarget: one series of value 1 for each condition that it has, with its status True, False or Unknown.',
    samples: ({ state }) =>
      state.statuses.flatMap(({ name, conditions }) =>
        conditions.map(({ type, status }) => sample(1, { name, type, status })),
      ),
  },
  {
    name: 'targets',
    type: 'gauge',
    labels: ['scrape_target'],
    help: 'Targets of each ScrapeTarget that Prometheus has, over all its endpoints; those of the last complete read while a read fails.',
    samples: ({ state }) => [...state.targets].map(([name, value]) => sample(value, { scrape_target: name })),
  },
  {
    name: 'targets_held',
    type: 'gauge',
    labels: ['scrape_target', 'reason'],
    help: '1 while the last good targets of a ScrapeTarget are kept because a read failed, with the reason; absent otherwise.',
    samples: ({ state }) =>
      state.statuses.flatMap((status) => {
        const reason = heldReason(status);
        return reason === undefined ? [] : [sample(1, { scrape_target: status.name, reason })];
      }),
  },
  {
    name: 'last_complete_read_timestamp_seconds',
    type: 'gauge',
    labels: ['scrape_target'],
    help: 'When AWS last told all about the targets of a ScrapeTarget, as Unix time: the age of what Prometheus has.',
    samples: ({ state }) => state.statuses.flatMap(lastRead),
  },
  {
    name: 'tagged_targets',
    type: 'gauge',
    labels: [],
    help: 'Targets of registries without a document, which are scraped as their tags ask; absent where nobody looks for them.',
    samples: ({ state }) => known(state.tagged?.count),
  },
  {
    name: 'tagged_skipped',
    type: 'gauge',
    labels: [],
    help: 'What asks by its tags for a scrape and cannot have one; the status tells why of each.',
    samples: ({ state }) => known(state.tagged?.skipped.length),
  },
];
