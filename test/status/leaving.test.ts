import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import type { Blocked, Plan } from '../../controller/plan/types.ts';
import { summarizePass } from '../../controller/status/summarize.ts';
import type { ChangeOutcome, PassFacts, TargetStatus } from '../../controller/status/types.ts';
import { entry } from '../support/departures.ts';
import { bindService, createRegistry, planOf } from '../support/plans.ts';
import { scrapeTarget } from '../support/worlds.ts';

const { registry } = entry('old');
const { service } = bindService('old');
const unbind = { kind: 'unbindService', target: 'old', service, registry, before: [], after: [] } as const;
const deletion = { kind: 'deleteRegistry', target: 'old', registry } as const;
const rollout = { target: 'old', service: 'old', clusterName: 'c', message: 'It leaves its registry.' };
const error = transient({ reason: 'Throttled', message: 'Too many requests.' });
const held: Blocked = {
  target: 'old',
  subject: 'registry apps/old-svc',
  condition: 'RegistrySynced',
  reason: 'PruneHeld',
  message: 'Too many are gone.',
  remedy: 'Check the source.',
  family: 'terminal',
};

const NOW = '2026-01-01T00:00:00.000Z';

const factsOf = (plan: Plan, overrides: Partial<PassFacts> = {}): PassFacts => ({
  targets: [],
  errors: [],
  lastKnownGood: new Set(),
  plan,
  outcomes: [],
  discoveries: new Map(),
  problems: [],
  publication: undefined,
  ...overrides,
});

const statusesOf = (...args: Parameters<typeof factsOf>): readonly TargetStatus[] =>
  summarizePass(factsOf(...args), [], NOW);

const conditionsOf = (...args: Parameters<typeof factsOf>): readonly string[] =>
  statusesOf(...args)[0]?.conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`) ?? [];

describe('status: a ScrapeTarget whose document is gone', () => {
  const going = planOf([unbind, deletion]);

  it('is shown, once, while something of it is left to delete, is held, or rolls out', () => {
    for (const plan of [going, planOf([], [rollout]), { ...planOf([]), blocked: [held] }])
      assert.deepEqual(
        statusesOf(plan).map(({ name }) => name),
        ['old'],
      );
  });

  it('is not shown when its document is there, or nothing of it is to be deleted', () => {
    assert.deepEqual(statusesOf(planOf([createRegistry('new'), bindService('new')])), []);
    const known = statusesOf(going, { targets: [scrapeTarget({ name: 'old' })] });
    assert.deepEqual(
      known.map(({ conditions }) => conditions.some(({ reason }) => reason === 'Deleting')),
      [false],
    );
  });

  it('is not shown twice when the newest version of its document is invalid', () => {
    const fault = {
      file: 'old.yaml',
      documentIndex: 0,
      name: 'old',
      path: '',
      reason: 'InvalidSpec',
      message: 'broken',
    };
    assert.deepEqual(conditionsOf(going, { errors: [fault] }).slice(0, 1), ['Accepted False InvalidSpec']);
    const others = statusesOf(going, { errors: [{ ...fault, name: 'api' }] });
    assert.deepEqual(
      others.map(({ name }) => name),
      ['api', 'old'],
    );
  });

  it('says of each step that it is to come, and is Deleting', () => {
    assert.deepEqual(conditionsOf(going), [
      'ServiceBound False Deleting',
      'RegistrySynced False Deleting',
      'Ready False Deleting',
      'Reconciling True Progressing',
    ]);
    const [status] = statusesOf(going);
    assert.match(
      status?.conditions[1]?.message ?? '',
      /^registry apps\/old-svc is to go: the document is gone\.$/,
    );
    assert.match(status?.conditions[2]?.message ?? '', /^ServiceBound: service c\/old is to go/);
  });

  it('says of a step that failed why, and of no other', () => {
    const failed: ChangeOutcome = { change: deletion, result: { kind: 'failed', error } };
    const after = (...outcomes: readonly ChangeOutcome[]) => conditionsOf(going, { outcomes }).slice(0, 2);
    const pending = 'ServiceBound False Deleting';
    assert.deepEqual(after(failed), [pending, 'RegistrySynced Unknown Throttled']);
    const elsewhere = { ...deletion, registry: { ...registry, name: 'other-svc' } };
    assert.deepEqual(after({ change: elsewhere, result: failed.result }), [
      pending,
      'RegistrySynced False Deleting',
    ]);
    assert.deepEqual(after({ change: deletion, result: { kind: 'applied' } }), [
      pending,
      'RegistrySynced False Deleting',
    ]);
    const tagging = { kind: 'untagRegistry', target: 'old', registry, before: {} } as const;
    assert.deepEqual(after({ change: tagging, result: failed.result }), [
      pending,
      'RegistrySynced False Deleting',
    ]);
  });

  it('says first what holds a step, then that a rollout runs, and then that the step is to come', () => {
    const plan = { ...planOf([unbind, deletion], [rollout]), blocked: [held] };
    assert.deepEqual(conditionsOf(plan), [
      'RegistrySynced False PruneHeld',
      'ServiceBound False DeploymentInProgress',
      'Ready False Deleting',
      'Reconciling True Progressing',
    ]);
    const [status] = statusesOf(plan);
    assert.deepEqual(
      status?.conditions.slice(0, 2).map(({ message }) => message),
      ['registry apps/old-svc: Too many are gone. Check the source.', 'It leaves its registry.'],
    );
  });

  it('keeps its generation, because its document did not change before it went', () => {
    const before = statusesOf(planOf([]), { targets: [scrapeTarget({ name: 'old', specHash: 'hash-9' })] });
    const [after] = summarizePass(factsOf(going), before, NOW);
    assert.deepEqual([after?.specHash, after?.observedGeneration], ['hash-9', 1]);
    assert.equal(statusesOf(going)[0]?.specHash, '');
  });
});
