import assert from 'node:assert/strict';
import { restrictPlan, type Policy, type Restriction } from '../../controller/plan/restrict-plan.ts';
import type { Change, Plan, RegistryRef } from '../../controller/plan/types.ts';
import { bindService, createRegistry, planOf } from '../support/plans.ts';

const registry: RegistryRef = { id: 'srv-1', arn: 'arn:1', name: 'web-svc', namespace: 'ecs-services' };
const rebinding: Change = { ...bindService('moved'), before: [{ registryArn: 'arn:2' }] };
const all: Plan = planOf([
  createRegistry('web'),
  {
    kind: 'updateRegistry',
    target: 'web',
    registry,
    before: { ttl: 10, description: '' },
    after: { ttl: 60, description: '' },
  },
  { kind: 'tagRegistry', target: 'web', registry, adopts: false, before: {}, after: { METRICS_PORT: '1' } },
  { kind: 'untagRegistry', target: 'web', registry, before: { METRICS_PORT_OLD: '2' } },
  bindService('web'),
  rebinding,
]);

const EVERYTHING: Restriction = { policy: 'sync', only: undefined, noDisruption: false };

const left = (policy: Policy): string[] =>
  restrictPlan(all, { ...EVERYTHING, policy }).changes.map(({ kind, target }) => `${kind} ${target}`);

describe('a restricted plan', () => {
  it('is the whole plan under sync', () => {
    assert.deepEqual(restrictPlan(all, EVERYTHING), all);
  });

  it('takes nothing away under upsert-only', () => {
    assert.deepEqual(
      left('upsert-only'),
      all.changes
        .filter(({ kind }) => kind !== 'untagRegistry')
        .map(({ kind, target }) => `${kind} ${target}`),
    );
  });

  it('touches nothing that exists under create-only', () => {
    assert.deepEqual(left('create-only'), ['createRegistry web', 'bindService web']);
  });

  it('tells as drift what the policy forbids', () => {
    const { drift } = restrictPlan(all, { ...EVERYTHING, policy: 'create-only' });
    assert.deepEqual(
      drift.map(({ subject, field, before, after }) => [subject, field, before, after]),
      [
        ['registry ecs-services/web-svc', 'registry', 'ttl=10, description=', 'ttl=60, description='],
        ['registry ecs-services/web-svc', 'tags', 'none', 'METRICS_PORT=1'],
        ['registry ecs-services/web-svc', 'tags', 'METRICS_PORT_OLD=2', 'absent'],
        ['service c/moved', 'serviceRegistries', 'arn:2', 'ecs-services/moved-svc'],
      ],
    );
    assert.ok(drift.every(({ why }) => why === 'The policy create-only leaves it as it is.'));
  });

  it('holds only what is about the named ScrapeTargets', () => {
    const only = new Set(['moved']);
    assert.deepEqual(restrictPlan(all, { ...EVERYTHING, only }).changes, [rebinding]);
  });

  it('still counts the rollouts of all others against the bound', () => {
    const rollouts = [{ target: 'web', service: 'web', clusterName: 'c', message: '' }];
    assert.deepEqual(
      restrictPlan(planOf([], rollouts), { ...EVERYTHING, only: new Set(['moved']) }).rollouts,
      rollouts,
    );
  });

  it('leaves what replaces tasks for another time under --no-disruption, and says so', () => {
    const { changes, blocked } = restrictPlan(all, { ...EVERYTHING, noDisruption: true });
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['createRegistry', 'updateRegistry', 'tagRegistry', 'untagRegistry'],
    );
    assert.deepEqual(
      blocked.map(({ target, reason, condition, family }) => [target, condition, reason, family]),
      [
        ['moved', 'ServiceBound', 'WaitingForWindow', 'waiting'],
        ['web', 'ServiceBound', 'WaitingForWindow', 'waiting'],
      ],
    );
    assert.match(blocked[0]?.message ?? '', /replaces 2 tasks, and --no-disruption forbids it/);
  });

  it('calls drift what the policy forbids anyway, also under --no-disruption', () => {
    const { blocked, drift } = restrictPlan(all, {
      ...EVERYTHING,
      policy: 'create-only',
      noDisruption: true,
    });
    assert.deepEqual(
      blocked.map(({ target }) => target),
      ['web'],
    );
    assert.ok(drift.some(({ target, field }) => target === 'moved' && field === 'serviceRegistries'));
  });

  it('leaves what documents have left behind as it is, unless it may make everything match', () => {
    const { service } = bindService('old');
    const unbind = (after: readonly string[]): Change => ({
      kind: 'unbindService',
      target: 'old',
      service,
      registry,
      before: [],
      after: after.map((registryArn) => ({ registryArn })),
    });
    const plan = planOf([
      unbind([]),
      unbind(['arn:2', 'arn:3']),
      { kind: 'deleteRegistry', target: 'old', registry },
    ]);
    assert.deepEqual(restrictPlan(plan, EVERYTHING), plan);
    for (const policy of ['upsert-only', 'create-only'] as const) {
      const { changes, drift } = restrictPlan(plan, { ...EVERYTHING, policy });
      assert.deepEqual(changes, []);
      assert.deepEqual(
        drift.map(({ field, before, after }) => [field, before, after]),
        [
          ['serviceRegistries', 'ecs-services/web-svc', 'none'],
          ['serviceRegistries', 'ecs-services/web-svc', 'arn:2, arn:3'],
          ['registry', 'web-svc', 'absent'],
        ],
      );
    }
  });

  it('tells neither drift of other ScrapeTargets nor what blocks them', () => {
    const about = (target: string) => ({
      target,
      subject: 's',
      why: 'w',
      field: 'f',
      before: 'b',
      after: 'a',
    });
    const blockedFor = (target: string) =>
      ({
        target,
        subject: 's',
        condition: 'ServiceBound',
        reason: 'R',
        message: 'm',
        remedy: 'r',
        family: 'terminal',
      }) as const;
    const plan = {
      ...planOf([]),
      drift: [about('web'), about('moved')],
      blocked: [blockedFor('web'), blockedFor('moved')],
    };
    const { drift, blocked } = restrictPlan(plan, { ...EVERYTHING, only: new Set(['moved']) });
    assert.deepEqual([drift, blocked], [[about('moved')], [blockedFor('moved')]]);
  });

  it('counts one task that would be replaced as one', () => {
    const one = bindService('web');
    const plan = planOf([{ ...one, service: { ...one.service, desiredCount: 1 } }]);
    const { blocked } = restrictPlan(plan, { ...EVERYTHING, noDisruption: true });
    assert.match(blocked[0]?.message ?? '', /replaces 1 task, and/);
  });
});
