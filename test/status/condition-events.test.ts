import assert from 'node:assert/strict';
import { conditionEvents } from '../../controller/status/condition-events.ts';
import type { Condition, ReconcileResult, TargetStatus } from '../../controller/status/types.ts';

const condition = (type: Condition['type'], status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: 'm',
  lastTransitionTime: '2026-01-01T00:00:00.000Z',
  observedGeneration: 1,
});

const statusWith = (
  conditions: readonly Condition[],
  result: ReconcileResult = { kind: 'done' },
): TargetStatus => ({
  name: 'web',
  specHash: 'hash-1',
  observedGeneration: 1,
  targets: 1,
  conditions,
  result,
});

const PLAIN = { rolling: false, refused: false };

/** Names of what happened between two passes, of which either may lack the condition. */
function namesOf(
  now: Condition | undefined,
  before: Condition | undefined,
  context = PLAIN,
  result?: ReconcileResult,
): readonly string[] {
  const list = (one: Condition | undefined) => (one === undefined ? [] : [one]);
  const events = conditionEvents(statusWith(list(now), result), statusWith(list(before)), context);
  return events.map(({ name }) => name);
}

describe('the events of conditions', () => {
  const bound = condition('ServiceBound', 'True', 'Bound');
  const waiting = condition('ServiceBound', 'False', 'WaitingForWindow');

  it('tell of a condition whose status or whose reason is another, and not of one that persists', () => {
    assert.deepEqual(namesOf(waiting, waiting), []);
    assert.deepEqual(namesOf(waiting, bound), ['ConditionWaiting']);
    assert.deepEqual(namesOf(waiting, { ...waiting, reason: 'Pending' }), ['ConditionWaiting']);
    assert.deepEqual(namesOf(waiting, { ...waiting, status: 'Unknown' }), ['ConditionWaiting']);
  });

  it('tell of every condition of a ScrapeTarget that was not there before', () => {
    const ready = condition('Ready', 'True', 'ReconciliationSucceeded');
    assert.deepEqual(
      conditionEvents(statusWith([ready, waiting]), undefined, PLAIN).map(({ name }) => name),
      ['ScrapeTargetReady', 'ConditionWaiting'],
    );
  });

  it('tell that drift and suspension ended, and nothing of any other condition that is not there any more', () => {
    const ended = (['Drifted', 'Suspended', 'Reconciling'] as const).map((type) =>
      namesOf(undefined, condition(type, 'True', 'R')),
    );
    assert.deepEqual(ended, [['DriftResolved'], ['ScrapeTargetResumed'], []]);
  });

  it('are none for what another condition says already', () => {
    for (const type of ['Accepted', 'Reconciling', 'Stalled'] as const)
      assert.deepEqual(
        namesOf(condition(type, 'True', 'ReloadRejected'), undefined, { ...PLAIN, refused: true }),
        [],
      );
  });

  it('blame a version only when Prometheus refused this very one', () => {
    const rejected = condition('Reloaded', 'False', 'ReloadRejected');
    const refused = { ...PLAIN, refused: true };
    assert.deepEqual(namesOf(rejected, undefined, refused), ['VersionRefused']);
    assert.deepEqual(namesOf(rejected, undefined), []);
    assert.deepEqual(namesOf(condition('Reloaded', 'Unknown', 'NotAsked'), undefined, refused), []);
  });

  it('tell a conflict of owners from any other trouble with a registry', () => {
    const registry = (reason: string) => namesOf(condition('RegistrySynced', 'False', reason), undefined);
    assert.deepEqual(
      [registry('ConflictingOwner'), registry('Pending')],
      [['OwnershipConflict'], ['ConditionWaiting']],
    );
  });

  it('tell when a rollout began and ended, and of a binding that is there without one, nothing', () => {
    const rolling = condition('ServiceBound', 'False', 'DeploymentInProgress');
    const context = { ...PLAIN, rolling: true };
    assert.deepEqual(namesOf(rolling, waiting, context), ['RolloutStarted']);
    assert.deepEqual(namesOf(waiting, rolling, context), ['ConditionWaiting']);
    assert.deepEqual(namesOf(bound, rolling), ['RolloutFinished']);
    assert.deepEqual(namesOf(bound, waiting), []);
    assert.deepEqual(namesOf(condition('ServiceBound', 'False', 'RollbackDetected'), rolling, context), [
      'RolloutRolledBack',
    ]);
  });

  it('warn of what does not pass by itself, and only of what is so', () => {
    const failed = (result: ReconcileResult, status: Condition['status'] = 'False') =>
      namesOf(condition('ConfigGenerated', status, 'R'), undefined, PLAIN, result);
    assert.deepEqual(
      [
        failed({ kind: 'done' }),
        failed({ kind: 'requeueAfter', ms: 1, reason: 'R' }),
        failed({ kind: 'retry', reason: 'R' }),
        failed({ kind: 'stalled', reason: 'R' }),
      ],
      [['ConditionWaiting'], ['ConditionWaiting'], ['ConditionFailed'], ['ConditionFailed']],
    );
    assert.deepEqual(failed({ kind: 'stalled', reason: 'R' }, 'Unknown'), []);
    assert.deepEqual(failed({ kind: 'done' }, 'True'), []);
  });

  it('tell that targets were held and that they are known again, also when there are none', () => {
    const discovery = (status: Condition['status'], reason: string) =>
      condition('TargetsDiscovered', status, reason);
    const held = discovery('Unknown', 'Throttled');
    const [none, some] = [discovery('False', 'NoRunningTasks'), discovery('True', 'Discovered')];
    assert.deepEqual(namesOf(held, some), ['TargetsHeld']);
    assert.deepEqual(namesOf(some, held), ['TargetsRecovered']);
    assert.deepEqual(namesOf(none, held), ['TargetsRecovered', 'NoTargets']);
    assert.deepEqual(namesOf(some, none), []);
    for (const reason of ['Suspended', 'NotDiscovered'])
      assert.deepEqual(
        [namesOf(discovery('Unknown', reason), some), namesOf(some, discovery('Unknown', reason))],
        [[], []],
      );
  });
});
