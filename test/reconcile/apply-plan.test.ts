import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import { applyPlan, type ApplyOptions } from '../../controller/reconcile/apply-plan.ts';
import type { CloudReader, CloudWriter } from '../../controller/reconcile/ports.ts';
import type { Change, Plan } from '../../controller/plan/types.ts';
import type { ChangeResult } from '../../controller/state/outcomes.ts';
import type { ChangeOutcome } from '../../controller/status/types.ts';
import type { ObservedService, Read } from '../../controller/state/observed.ts';
import { instantClock } from '../support/fake-clock.ts';
import {
  bindService,
  boundService,
  createRegistry,
  deployment,
  planOf,
  REGISTRY_ARN,
} from '../support/plans.ts';

const LEAVE: ApplyOptions = { maxRollouts: 1, rollout: 'leave' };
const FOLLOW: ApplyOptions = { ...LEAVE, rollout: { pollMs: 1000, timeoutMs: 60_000 } };

/** Applies against a writer that is one function, and a reader that plays the given looks at services in turn. */
async function apply(
  plan: Plan,
  options: ApplyOptions,
  write: (change: Change) => ChangeResult = () => ({ kind: 'applied', registryArn: REGISTRY_ARN }),
  looks: readonly ObservedService[] = [],
  signal: AbortSignal = new AbortController().signal,
): Promise<{
  outcomes: readonly ChangeOutcome[];
  sent: string[];
  arns: (string | undefined)[];
  looked: number;
}> {
  const sent: string[] = [];
  const arns: (string | undefined)[] = [];
  let looked = 0;
  const writer: CloudWriter = {
    async apply(change, registryArns) {
      sent.push(`${change.kind} ${change.target}`);
      arns.push(registryArns.get(`ecs-services/${change.target}-svc`));
      return write(change);
    },
  };
  const reader: CloudReader = {
    observe: () => assert.fail('applying a plan does not observe the world'),
    async observeServices(services) {
      const service = looks[Math.min(looked++, looks.length - 1)];
      const read: Read<ObservedService | undefined> = { kind: 'complete', value: service };
      return new Map(services.map((ref) => [`c/${ref.service}`, read]));
    },
  };
  const outcomes = await applyPlan(
    plan,
    { writer, reader, clock: instantClock(), progress: () => {} },
    options,
    signal,
  );
  return { outcomes, sent, arns, looked };
}

const reasons = (outcomes: readonly ChangeOutcome[]): string[] =>
  outcomes.map(({ change, result }) =>
    'error' in result
      ? `${change.kind} ${change.target}: ${result.kind} ${result.error.reason}`
      : `${change.kind} ${change.target}: ${result.kind}`,
  );

describe('applying a plan', () => {
  it('binds a service to the registry that the same plan created', async () => {
    const { arns, outcomes } = await apply(
      planOf([createRegistry('web'), bindService('web', undefined)]),
      LEAVE,
    );
    assert.deepEqual(arns, [undefined, REGISTRY_ARN]);
    assert.deepEqual(reasons(outcomes), ['createRegistry web: applied', 'bindService web: applied']);
  });

  it('starts no binding before every registry change has been tried', async () => {
    const { sent } = await apply(
      planOf([bindService('web'), createRegistry('db'), createRegistry('web')]),
      LEAVE,
    );
    assert.equal(sent.at(-1), 'bindService web');
  });

  it('stops the further changes of a ScrapeTarget whose change failed, and of no other', async () => {
    const plan = planOf([createRegistry('db'), createRegistry('web'), bindService('db'), bindService('web')]);
    const { outcomes } = await apply(plan, { ...LEAVE, maxRollouts: 2 }, (change) =>
      change.target === 'db'
        ? { kind: 'failed', error: transient({ reason: 'Throttled', message: 'slow down' }) }
        : { kind: 'applied' },
    );
    assert.deepEqual(reasons(outcomes), [
      'createRegistry db: failed Throttled',
      'createRegistry web: applied',
      'bindService db: held Progressing',
      'bindService web: applied',
    ]);
  });

  it('sends no binding that it could not write down before', async () => {
    const sent: string[] = [];
    const full = transient({ reason: 'DiskFull', message: 'no space left' });
    const outcomes = await applyPlan(
      planOf([createRegistry('web'), bindService('web'), bindService('db')]),
      {
        writer: {
          async apply({ kind, target }) {
            sent.push(`${kind} ${target}`);
            return { kind: 'applied' };
          },
        },
        reader: { observe: () => assert.fail(), observeServices: async () => new Map() },
        clock: instantClock(),
        progress: () => {},
        beforeBinding: async ({ target }) => {
          sent.push(`remembers ${target}`);
          if (target === 'web') throw full;
        },
      },
      { ...LEAVE, maxRollouts: 2 },
      new AbortController().signal,
    );
    assert.deepEqual(sent.toSorted(), [
      'bindService db',
      'createRegistry web',
      'remembers db',
      'remembers web',
    ]);
    assert.deepEqual(reasons(outcomes), [
      'createRegistry web: applied',
      'bindService web: failed DiskFull',
      'bindService db: applied',
    ]);
  });

  it('begins no more rollouts than allowed, and counts those that earlier passes began', async () => {
    const bindings = [bindService('a'), bindService('b'), bindService('c')];
    const none = await apply(
      planOf(bindings, [{ target: 'z', service: 'z', clusterName: 'c', message: '' }]),
      LEAVE,
    );
    assert.deepEqual(none.sent, []);
    const one = await apply(planOf(bindings), LEAVE);
    assert.deepEqual(one.sent, ['bindService a']);
    assert.deepEqual(reasons(one.outcomes).slice(1), [
      'bindService b: held WaitingForRollout',
      'bindService c: held WaitingForRollout',
    ]);
  });

  it('follows one rollout to its end before it begins the next', async () => {
    const rolling = boundService('a', { deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] });
    const { sent, looked } = await apply(planOf([bindService('a'), bindService('b')]), FOLLOW, undefined, [
      rolling,
      rolling,
      boundService('a'),
    ]);
    assert.deepEqual(sent, ['bindService a', 'bindService b']);
    assert.equal(looked, 4);
  });

  it('reports a rollback that it sees while following a rollout', async () => {
    const { outcomes } = await apply(planOf([bindService('a')]), FOLLOW, undefined, [
      boundService('a', { serviceRegistries: [] }),
    ]);
    assert.deepEqual(reasons(outcomes), ['bindService a: failed RollbackDetected']);
  });

  it('leaves a rollout that takes too long to the next pass', async () => {
    const { outcomes } = await apply(planOf([bindService('a')]), FOLLOW, undefined, [
      boundService('a', { deployments: [deployment({ rolloutState: 'IN_PROGRESS', runningCount: 1 })] }),
    ]);
    assert.deepEqual(reasons(outcomes), ['bindService a: failed DeploymentInProgress']);
  });

  it('sends nothing more once it is asked to stop', async () => {
    const { sent, outcomes } = await apply(
      planOf([createRegistry('web'), bindService('web')]),
      LEAVE,
      undefined,
      [],
      AbortSignal.abort(),
    );
    assert.deepEqual(sent, []);
    assert.deepEqual(reasons(outcomes), [
      'createRegistry web: held Stopping',
      'bindService web: held Stopping',
    ]);
  });
});
