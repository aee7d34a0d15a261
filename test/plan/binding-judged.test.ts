import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import { attemptOf, withEffect } from '../../controller/plan/attempts.ts';
import type { ObservedService } from '../../controller/state/observed.ts';
import { blockedOf, changesOf, planFor } from '../support/planning.ts';
import { bindService } from '../support/plans.ts';
import {
  complete,
  deployment,
  observedNamespace,
  observedRegistry,
  observedService,
  observedState,
  observedTaskDefinition,
  scrapeTarget,
  WEBAPP_REGISTRY_ARN,
  type WorldParts,
} from '../support/worlds.ts';

const ours = complete(observedNamespace([observedRegistry()]));
const withService = (service: Partial<ObservedService>, parts: WorldParts = {}) =>
  observedState({ namespace: ours, service: complete(observedService(service)), ...parts });
const boundTo = (binding: object = {}) =>
  ({ serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN, ...binding }] }) as const;
const elsewhere = (name: string) => ({ registryArn: `arn:aws:servicediscovery:eu-west-1:1:service/${name}` });
const running = deployment({ rolloutState: 'IN_PROGRESS' });
const sent = { specHash: 'hash-1', deployment: 'before', sentAt: 0 };
const attempts = new Map([['webapp', sent]]);

describe('plan: what is not known of a service', () => {
  it('blocks the binding, and counts no rollout, while the service was not looked at', () => {
    const plan = planFor(scrapeTarget(), { ...withService({}), services: new Map() }, { attempts });
    assert.deepEqual(
      [changesOf(plan), blockedOf(plan), plan.rollouts, plan.bound],
      [[], ['ReferencesResolved NotObserved transient'], [], []],
    );
  });

  it('counts no rollout of a service that is gone, or that rolls nothing out', () => {
    for (const service of [undefined, observedService(boundTo())])
      assert.deepEqual(
        planFor(scrapeTarget(), observedState({ namespace: ours, service: complete(service) }), { attempts })
          .rollouts,
        [],
      );
  });

  it('counts the rollout of a binding for as long as a read fails that may succeed later', () => {
    const error = transient({ reason: 'Throttled', message: 'Too many requests.' });
    const world = observedState({ namespace: ours, service: { kind: 'failed', error } });
    assert.equal(planFor(scrapeTarget(), world, { attempts, now: 7_200_000 }).rollouts.length, 1);
  });

  it('blocks the binding while its task definition was not looked at, or is none of its own', () => {
    const unobserved = { ...withService({}), taskDefinitions: new Map() };
    for (const world of [unobserved, withService({ taskDefinitionArn: undefined })]) {
      const plan = planFor(scrapeTarget(), world);
      assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], ['ServiceBound NotObserved transient']]);
    }
  });
});

describe('plan: a binding that ECS would refuse', () => {
  it('is not sent', () => {
    const bridge = complete(observedTaskDefinition({ networkMode: 'bridge' }));
    for (const [world, reason] of [
      [withService({ deploymentController: 'EXTERNAL' }), 'UnsupportedDeploymentController'],
      [withService({}, { taskDefinition: bridge }), 'UnsupportedRecordType'],
    ] as const) {
      const plan = planFor(scrapeTarget(), world);
      assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], [`ServiceBound ${reason} terminal`]]);
    }
  });

  it('is told beside what keeps the registry from being ours', () => {
    const namespace = complete(observedNamespace([observedRegistry({ tags: complete({}) })]));
    const plan = planFor(
      scrapeTarget(),
      withService({ serviceRegistries: [elsewhere('srv-other')] }, { namespace }),
    );
    assert.deepEqual(blockedOf(plan), [
      'RegistrySynced AdoptionRequired terminal',
      'ServiceBound AlreadyBoundElsewhere terminal',
    ]);
  });
});

describe('plan: what counts as bound', () => {
  const srv = { dnsRecord: { type: 'SRV', ttl: 10 }, containerName: 'app', containerPort: 3000 } as const;
  const srvNamespace = complete(
    observedNamespace([observedRegistry({ dnsRecords: [{ type: 'SRV', ttl: 10 }] })]),
  );

  it('is the service while it rolls out, and not one whose binding is only about to be sent', () => {
    const boundOf = (service: Partial<ObservedService>) =>
      planFor(scrapeTarget(), withService(service)).bound;
    assert.deepEqual(
      [boundOf({ ...boundTo(), deployments: [running] }), boundOf({}), boundOf({ status: 'DRAINING' })],
      [['webapp'], [], []],
    );
  });

  it('is nothing while the namespace that would name the registry cannot be read', () => {
    const error = transient({ reason: 'Throttled', message: 'Too many requests.' });
    assert.deepEqual(
      planFor(scrapeTarget(), withService(boundTo(), { namespace: { kind: 'failed', error } })).bound,
      [],
    );
  });

  it('is not the same port of another container', () => {
    const current = boundTo({ containerName: 'sidecar', containerPort: 3000 });
    const plan = planFor(
      scrapeTarget({ registry: srv }),
      withService(current, {
        namespace: srvNamespace,
      }),
    );
    assert.deepEqual(changesOf(plan), ['bindService webapp']);
  });

  it('is not a port, in whatever words, where the document asks for addresses alone', () => {
    for (const binding of [{ port: 3000 }, { containerName: 'app', containerPort: 3000 }]) {
      const plan = planFor(scrapeTarget(), withService(boundTo(binding)));
      assert.deepEqual([changesOf(plan), plan.bound], [['bindService webapp'], []]);
    }
  });

  it('is under bindingPolicy Observe told as it is and as it should be, with the port', () => {
    const driftOf = (service: Partial<ObservedService>, registry: object, parts: WorldParts = {}) => {
      const target = scrapeTarget({ spec: { bindingPolicy: 'Observe' }, registry });
      const { drift, bound } = planFor(target, withService(service, parts));
      return [drift.map(({ before, after }) => `${before} => ${after}`), bound];
    };
    assert.deepEqual(driftOf({}, {}), [[`none => ${WEBAPP_REGISTRY_ARN}`], []]);
    const [a, b] = [elsewhere('srv-a'), elsewhere('srv-b')];
    assert.deepEqual(driftOf({ serviceRegistries: [b, a] }, srv, { namespace: srvNamespace }), [
      [`${a.registryArn}, ${b.registryArn} => ${WEBAPP_REGISTRY_ARN} (app:3000)`],
      [],
    ]);
  });
});

describe('plan: an attempt to bind', () => {
  it('remembers the version, the moment, and the deployment where ECS names one, until an effect was seen', () => {
    const change = bindService('webapp');
    const attempt = attemptOf({ ...change, deployment: 'ecs-svc/1' }, 5);
    assert.deepEqual(attempt, { specHash: 'hash-1', deployment: 'ecs-svc/1', sentAt: 5 });
    assert.deepEqual(attemptOf(change, 5), { specHash: 'hash-1', sentAt: 5 });
    assert.deepEqual(withEffect(attempt), { specHash: 'hash-1', sentAt: 5 });
  });

  it('names no deployment where ECS names none', () => {
    const [change] = planFor(scrapeTarget(), withService({ deployments: [] })).changes;
    assert.ok(change?.kind === 'bindService' && !('deployment' in change));
  });

  it('is not repeated after it had an effect, also when ECS names no deployment at all', () => {
    for (const attempt of [sent, withEffect(sent)]) {
      const plan = planFor(scrapeTarget(), withService({ deployments: [] }), {
        attempts: new Map([['webapp', attempt]]),
      });
      assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], ['ServiceBound RollbackDetected terminal']]);
    }
  });
});
