import assert from 'node:assert/strict';
import { findLeaving } from '../../controller/plan/departures.ts';
import {
  arnOf,
  complete,
  document,
  entry,
  FAILED,
  planOf,
  registry,
  ROLLING,
  service,
  stepsOf,
  world,
} from '../support/departures.ts';
import { deployment } from '../support/plans.ts';

describe('the plan for what documents have left behind', () => {
  const web = registry('web', 'prod');
  const bound = world([web], [service('web', [arnOf('web')])]);

  it('shows every step from the first pass on, each with what it waits for', () => {
    const first = planOf({ owned: [entry('web', { state: 'active' })], observed: bound });
    assert.deepEqual(stepsOf(first.changes), [
      'unbindService: its job has left Prometheus',
      'deleteRegistry: its job has left Prometheus',
    ]);
    assert.deepEqual(
      first.begin.map(({ target }) => target),
      ['web'],
    );
    const second = planOf({ owned: [entry('web')], observed: bound });
    assert.deepEqual(stepsOf(second.changes), ['unbindService', 'deleteRegistry: service c/web has left it']);
    assert.deepEqual(second.begin, []);
    const changed = entry('web', { deletionPolicy: 'Retain' });
    assert.deepEqual(planOf({ owned: [changed], observed: bound }).changes, second.changes);
  });

  it('leaves what else the service names', () => {
    const [change] = planOf({
      owned: [entry('web')],
      observed: world([web], [service('web', [arnOf('other'), arnOf('web')])]),
    }).changes;
    assert.ok(change?.kind === 'unbindService');
    assert.deepEqual(change.after, [{ registryArn: arnOf('other') }]);
  });

  it('tells with an unbinding which deployment it replaces, where ECS names one', () => {
    const deploymentOf = (observed: typeof bound) => {
      const [change] = planOf({ owned: [entry('web')], observed }).changes;
      assert.ok(change?.kind === 'unbindService');
      return 'deployment' in change ? change.deployment : 'not told';
    };
    assert.equal(deploymentOf(bound), 'ecs-svc/1');
    const without = world([web], [service('web', [arnOf('web')], { deployments: [] })]);
    assert.equal(deploymentOf(without), 'not told');
  });

  it('does not unbind while the service is rolling out', () => {
    const observed = world([web], [service('web', [arnOf('web')], ROLLING)]);
    assert.deepEqual(stepsOf(planOf({ owned: [entry('web')], observed }).changes), [
      'unbindService: the deployment of service c/web has ended',
      'deleteRegistry: service c/web has left it',
    ]);
  });

  it('waits for the deployment of the service, and counts it when it is ours', () => {
    const observed = world([web], [service('web', [], ROLLING)]);
    const waits = ['deleteRegistry: the deployment of service c/web has ended'];
    const ours = planOf({ owned: [entry('web', { unbindSent: 'ecs-svc/0' })], observed });
    assert.deepEqual([stepsOf(ours.changes), ours.rollouts.length], [waits, 1]);
    const others = planOf({ owned: [entry('web')], observed });
    assert.deepEqual([stepsOf(others.changes), others.rollouts.length], [waits, 0]);
  });

  it('counts a deployment that may be the binding of the document, also while the registry cannot be read', () => {
    const observed = world([web], [service('web', [arnOf('web')], ROLLING)]);
    for (const namespaces of [observed.namespaces, new Map([['apps', FAILED]])]) {
      const { rollouts } = planOf({ owned: [entry('web')], observed: { ...observed, namespaces } });
      assert.deepEqual(
        rollouts.map(({ target }) => target),
        ['web'],
      );
    }
  });

  it('deletes a registry whose service has left it or is gone', () => {
    for (const services of [[service('web', [])], [service('web', [arnOf('web')], { status: 'INACTIVE' })]])
      assert.deepEqual(stepsOf(planOf({ owned: [entry('web')], observed: world([web], services) }).changes), [
        'deleteRegistry',
      ]);
    const gone = world([web], [], { services: new Map([['c/web', complete(undefined)]]) });
    assert.deepEqual(stepsOf(planOf({ owned: [entry('web')], observed: gone }).changes), ['deleteRegistry']);
  });

  it('forgets a registry that is gone, was made anew, or belongs to somebody else now', () => {
    const worlds = [
      world([], [service('web', [arnOf('web')])]),
      world([{ ...web, id: 'srv-new', arn: arnOf('new') }], [service('web', [arnOf('web')])]),
      world([registry('web', 'prod-eu')], [service('web', [arnOf('web')])]),
      world([registry('web', 'pro')], [service('web', [arnOf('web')])]),
      world([registry('web', undefined)], [service('web', [arnOf('web')])]),
      world([], [], { namespaces: new Map([['apps', complete(undefined)]]) }),
    ];
    for (const observed of worlds) {
      const plan = planOf({ owned: [entry('web')], observed });
      assert.deepEqual([plan.changes, plan.forget.length], [[], 1]);
    }
  });

  it('does nothing on a read that failed, and says so', () => {
    const worlds = [
      world([web], [], { services: new Map([['c/web', FAILED]]) }),
      world([web], [], { services: new Map() }),
      world([web], [service('web', [])], { namespaces: new Map([['apps', FAILED]]) }),
      world([{ ...web, tags: FAILED }], [service('web', [])]),
      world([{ ...web, tags: undefined }], [service('web', [])]),
      world([web], [], { namespaces: new Map() }),
      world([web], [], { namespaces: new Map([['apps', FAILED]]), services: new Map() }),
      world([], [service('web', [])], {}, { unread: FAILED.error }),
    ];
    for (const observed of worlds) {
      const plan = planOf({ owned: [entry('web')], observed });
      assert.deepEqual([plan.changes, plan.forget, plan.blocked.length], [[], [], 1]);
    }
  });

  it('never touches a service that a document only observed', () => {
    const plan = planOf({ owned: [entry('web', { bindingPolicy: 'Observe' })], observed: bound });
    assert.deepEqual([plan.changes, plan.blocked[0]?.reason], [[], 'StillBound']);
  });

  it('does not send an unbinding again that ECS has rolled back, but one that had no effect', () => {
    const again = (unbindSent: string) => planOf({ owned: [entry('web', { unbindSent })], observed: bound });
    const [refused] = again('ecs-svc/0').blocked;
    assert.equal(refused?.reason, 'RollbackDetected');
    assert.match(refused.message, /names it again: the change did not last\.$/);
    assert.equal(again('ecs-svc/1').changes[0]?.kind, 'unbindService');
  });

  it('tells in the words of ECS why an unbinding was rolled back', () => {
    const deployments = [
      deployment({ rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start.' }),
    ];
    const [refused] = planOf({
      owned: [entry('web', { unbindSent: 'ecs-svc/0' })],
      observed: world([web], [service('web', [arnOf('web')], { deployments })]),
    }).blocked;
    assert.match(refused?.message ?? '', /names it again: deployment ecs-svc\/1: tasks failed to start\.$/);
  });

  it('takes an unbinding for rolled back when ECS names no deployment that it could still be waiting behind', () => {
    const observed = world([web], [service('web', [arnOf('web')], { deployments: [] })]);
    const plan = planOf({ owned: [entry('web', { unbindSent: 'ecs-svc/0' })], observed });
    assert.equal(plan.blocked[0]?.reason, 'RollbackDetected');
  });

  it('does not ask of a service what ECS would refuse, and says what a person can do', () => {
    const observed = world([web], [service('web', [arnOf('web')], { deploymentController: 'EXTERNAL' })]);
    const plan = planOf({ owned: [entry('web')], observed });
    assert.deepEqual(
      [plan.changes, plan.blocked.map(({ condition, reason, remedy }) => [condition, reason, remedy])],
      [
        [],
        [
          [
            'ServiceBound',
            'UnsupportedDeploymentController',
            'Take the registry out of the ECS service, or delete the service.',
          ],
        ],
      ],
    );
  });

  it('keeps a registry that a document or another service of ours still uses', () => {
    const moved = { owned: [entry('web')], observed: bound, targets: [document('api', 'web-svc', 'api')] };
    assert.deepEqual(stepsOf(planOf(moved).changes), ['unbindService']);
    const unbound = world([web], [service('web', [])]);
    assert.deepEqual(planOf({ ...moved, observed: unbound }).forget.length, 1);
    const retained = entry('web', { service: { cluster: 'c', service: 'old' }, state: 'retained' });
    assert.deepEqual(stepsOf(planOf({ owned: [entry('web'), retained], observed: bound }).changes), [
      'unbindService',
    ]);
  });

  it('counts the deployment that a document may have begun before it was gone, also where its registry stays', () => {
    const kept = entry('web', { state: 'active', deletionPolicy: 'Retain' });
    const rolling = world([web], [service('web', [arnOf('web')], ROLLING)]);
    const during = planOf({ owned: [kept], observed: rolling });
    assert.deepEqual([during.rollouts.length, during.retain, during.changes], [1, [], []]);
    const after = planOf({ owned: [kept], observed: bound });
    assert.deepEqual([after.rollouts, after.retain], [[], [kept]]);
    const uncertainty = { reason: 'SourceUnread', message: 'm', remedy: 'r', family: 'transient' } as const;
    assert.equal(planOf({ owned: [kept], observed: rolling, uncertainty }).rollouts.length, 1);
    const observing = { ...kept, bindingPolicy: 'Observe' } as const;
    assert.deepEqual(planOf({ owned: [observing], observed: rolling }).rollouts, []);
  });

  it('counts the deployment of a service that was told to leave, also when the document is back', () => {
    const told = entry('web', { state: 'active', unbindSent: 'ecs-svc/0' });
    const rolloutsOf = (owned: typeof told, rolling: boolean) =>
      planOf({
        owned: [owned],
        targets: [document('web')],
        observed: world([web], [service('web', [], rolling ? ROLLING : {})]),
      }).rollouts.length;
    assert.deepEqual([rolloutsOf(told, true), rolloutsOf(told, false)], [1, 0]);
    assert.equal(rolloutsOf(entry('web', { state: 'active' }), true), 0);
  });

  it('deletes a registry although a document names another one', () => {
    const plan = planOf({ owned: [entry('web')], observed: bound, targets: [document('api')] });
    assert.deepEqual(stepsOf(plan.changes), ['unbindService', 'deleteRegistry: service c/web has left it']);
  });

  it('deletes a registry once, behind the last of the services that leave it together', () => {
    const both = ['one', 'two'].map((name) => entry('web', { service: { cluster: 'c', service: name } }));
    const planWhen = (registries: readonly string[]) =>
      planOf({
        owned: both,
        observed: world(
          [web],
          ['one', 'two'].map((name) => service(name, registries)),
        ),
      });
    assert.deepEqual(stepsOf(planWhen([arnOf('web')]).changes), [
      'unbindService',
      'unbindService',
      'deleteRegistry: service c/two has left it',
    ]);
    const left = planWhen([]);
    assert.deepEqual([stepsOf(left.changes), left.forget], [['deleteRegistry'], both.slice(0, 1)]);
  });

  it('looks at nothing that was left alone or that a document claims', () => {
    const owned = [
      entry('web'),
      entry('kept', { state: 'retained' }),
      entry('leave', { state: 'active', deletionPolicy: 'Retain' }),
      entry('api', { state: 'active' }),
    ];
    assert.deepEqual(
      findLeaving(owned, [document('api')]).map(({ target }) => target),
      ['web', 'leave'],
    );
  });

  it('holds what was begun while a document may only be unread', () => {
    const uncertainty = { reason: 'SourceUnread', message: 'm', remedy: 'r', family: 'transient' } as const;
    const owned = [entry('web'), entry('api', { state: 'active' })];
    const plan = planOf({ owned, observed: bound, uncertainty });
    assert.deepEqual([plan.changes, plan.begin, plan.retain, plan.forget], [[], [], [], []]);
    assert.deepEqual(
      plan.blocked.map(({ target }) => target),
      ['web'],
    );
  });
});

describe('documents that go in suspicious numbers', () => {
  const active = (name: string, overrides = {}) => entry(name, { state: 'active', ...overrides });
  const kept = active('kept', { deletionPolicy: 'Retain' });
  const observed = world(
    ['a', 'b', 'kept', 'old'].map((name) => registry(name, 'prod')),
    ['a', 'b', 'kept', 'old'].map((name) => service(name, [])),
  );
  const limits = { maxPercent: 50, allowEmpty: false };

  it('delete and retain nothing, and say how many may go', () => {
    const owned = [active('a'), active('b'), kept, active('stays')];
    const plan = planOf({ owned, observed, limits, targets: [document('stays')] });
    assert.deepEqual([plan.changes, plan.begin, plan.retain, plan.forget], [[], [], [], []]);
    assert.deepEqual(
      plan.blocked.map(({ target, subject, reason, family }) => [target, subject, reason, family]),
      [
        ['a', 'registry apps/a-svc', 'PruneHeld', 'terminal'],
        ['b', 'registry apps/b-svc', 'PruneHeld', 'terminal'],
      ],
    );
    assert.match(plan.blocked[0]?.message ?? '', /of 3 of 4 registries are gone, more than --max-prune 50 /);
    assert.equal(plan.blocked[0]?.remedy, 'Check the source. If that is meant, use --max-prune 75.');
  });

  it('do not stop a deletion that had begun before', () => {
    const plan = planOf({ owned: [active('a'), active('b'), entry('old')], observed, limits });
    assert.deepEqual(
      [plan.changes.map(({ target }) => target), plan.blocked.map(({ reason }) => reason)],
      [['old'], ['PruneWouldEmpty', 'PruneWouldEmpty']],
    );
    assert.match(plan.blocked[0]?.remedy ?? '', /add --allow-empty\.$/);
  });

  it('go when they are no more than the bound, which counts neither what is deleted nor what is retained', () => {
    const others = [entry('old'), entry('former', { state: 'retained' })];
    const owned = [active('a'), kept, active('x'), active('y'), ...others];
    const ask = (maxPercent: number) =>
      planOf({
        owned,
        observed,
        targets: [document('x'), document('y')],
        limits: { ...limits, maxPercent },
      });
    const plan = ask(50);
    assert.deepEqual([plan.begin, plan.retain, plan.blocked], [[active('a')], [kept], []]);
    assert.deepEqual(
      ask(49).blocked.map(({ target, reason }) => [target, reason]),
      [['a', 'PruneHeld']],
    );
  });

  it('are retained without a bound when none of them is to be deleted', () => {
    const plan = planOf({ owned: [kept], observed, limits });
    assert.deepEqual([plan.retain, plan.blocked], [[kept], []]);
  });
});
