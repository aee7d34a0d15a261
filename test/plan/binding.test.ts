import assert from 'node:assert/strict';
import { terminal, transient } from '../../controller/errors.ts';
import type { PlanOptions } from '../../controller/plan/calculate-plan.ts';
import type { BindService, Plan } from '../../controller/plan/types.ts';
import type { ObservedService, ServiceRegistryBinding } from '../../controller/state/observed.ts';
import { blockedOf, changesOf, planFor } from '../support/planning.ts';
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

const throttled = transient({ reason: 'Throttled', message: 'Too many requests.' });
const ours = complete(observedNamespace([observedRegistry()]));
const elsewhere = [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-other' }];

/** A world whose registry is ours and in order, so that only the binding can differ. */
const withService = (service: Partial<ObservedService>, parts: WorldParts = {}) =>
  observedState({ namespace: ours, service: complete(observedService(service)), ...parts });

const boundTo = (binding: Partial<ServiceRegistryBinding> = {}) =>
  ({ serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN, ...binding }] }) as const;

const SENT_AT = 1_000;

/** What is remembered of a binding that was sent for the document as it is. */
function attempted({ now = SENT_AT, specHash = 'hash-1', deployment = 'before' } = {}): Partial<PlanOptions> {
  return { now, attempts: new Map([['webapp', { specHash, deployment, sentAt: SENT_AT }]]) };
}

function onlyBind(plan: Plan): BindService {
  const [change, ...others] = plan.changes;
  assert.equal(change?.kind, 'bindService');
  assert.deepEqual(others, []);
  return change;
}

describe('plan: the ECS service', () => {
  it('is reported when it could not be read, and nothing is bound', () => {
    const plan = planFor(
      scrapeTarget(),
      observedState({ namespace: ours, service: { kind: 'failed', error: throttled } }),
    );
    assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], ['ReferencesResolved Throttled transient']]);
  });

  it('is reported when it does not exist', () => {
    const plan = planFor(scrapeTarget(), observedState({ namespace: ours, service: complete(undefined) }));
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved ServiceNotFound terminal']);
  });

  for (const status of ['DRAINING', 'INACTIVE']) {
    it(`is never bound while ${status}`, () => {
      const plan = planFor(scrapeTarget(), withService({ status }));
      assert.deepEqual(
        [changesOf(plan), blockedOf(plan)],
        [[], ['ReferencesResolved ServiceNotActive terminal']],
      );
    });
  }
});

describe('plan: binding', () => {
  it('binds an empty slot to a registry of ours by its ARN', () => {
    const change = onlyBind(planFor(scrapeTarget(), withService({})));
    assert.deepEqual(change.after, { registryArn: WEBAPP_REGISTRY_ARN });
    assert.equal(change.service.desiredCount, 2);
  });

  it('binds in the same plan to a registry that is still to be created, after it', () => {
    const plan = planFor(scrapeTarget(), observedState());
    assert.deepEqual(changesOf(plan), ['createRegistry webapp', 'bindService webapp']);
    const arns = plan.changes.flatMap((change) =>
      change.kind === 'bindService' ? [change.after.registryArn] : [],
    );
    assert.deepEqual(arns, [undefined]);
  });

  it('puts every registry before every binding', () => {
    const webapp = scrapeTarget();
    const api = scrapeTarget({
      name: 'api',
      spec: { serviceRef: { cluster: 'demo', service: 'api-service' } },
    });
    const world = observedState();
    const services = new Map([
      ...world.services,
      ['demo/api-service', complete(observedService({ name: 'api-service' }))] as const,
    ]);
    assert.deepEqual(changesOf(planFor([webapp, api], { ...world, services })), [
      'createRegistry api',
      'createRegistry webapp',
      'bindService api',
      'bindService webapp',
    ]);
  });

  it('sends nothing when the service is bound as the document asks', () => {
    const plan = planFor(scrapeTarget(), withService(boundTo()));
    assert.deepEqual([plan.changes, plan.blocked, plan.bound], [[], [], ['webapp']]);
  });

  it('never replaces a binding to another registry', () => {
    for (const namespace of [ours, complete(observedNamespace())]) {
      const plan = planFor(scrapeTarget(), withService({ serviceRegistries: elsewhere }, { namespace }));
      assert.ok(!changesOf(plan).includes('bindService webapp'));
      assert.deepEqual(blockedOf(plan), ['ServiceBound AlreadyBoundElsewhere terminal']);
      assert.match(plan.blocked[0]?.message ?? '', /srv-other/);
    }
  });

  it('never replaces a second binding beside ours', () => {
    const plan = planFor(
      scrapeTarget(),
      withService({ serviceRegistries: [...boundTo().serviceRegistries, ...elsewhere] }),
    );
    assert.deepEqual(
      [changesOf(plan), blockedOf(plan)],
      [[], ['ServiceBound AlreadyBoundElsewhere terminal']],
    );
  });

  it('does not bind to a registry that is not ours', () => {
    const namespace = complete(observedNamespace([observedRegistry({ tags: complete({}) })]));
    const plan = planFor(scrapeTarget(), withService({}, { namespace }));
    assert.deepEqual(
      [changesOf(plan), blockedOf(plan), plan.bound],
      [[], ['RegistrySynced AdoptionRequired terminal'], []],
    );
  });

  it('does not change the port of a binding to a registry that is not ours', () => {
    const namespace = complete(
      observedNamespace([observedRegistry({ tags: complete({}), dnsRecords: [{ type: 'SRV', ttl: 10 }] })]),
    );
    const target = scrapeTarget({
      registry: { dnsRecord: { type: 'SRV', ttl: 10 }, containerName: 'app', containerPort: 3000 },
    });
    const plan = planFor(
      target,
      withService(boundTo({ containerName: 'app', containerPort: 1 }), { namespace }),
    );
    assert.deepEqual([changesOf(plan), plan.bound], [[], []]);
  });

  it('says nothing about a binding while the namespace that would name its registry cannot be read', () => {
    for (const policy of ['Ensure', 'Observe'] as const) {
      const plan = planFor(
        scrapeTarget({ spec: { bindingPolicy: policy } }),
        withService({ serviceRegistries: elsewhere }, { namespace: { kind: 'failed', error: throttled } }),
      );
      assert.deepEqual(
        [plan.changes, plan.drift, blockedOf(plan)],
        [[], [], ['ReferencesResolved Throttled transient']],
      );
    }
  });
});

describe('plan: binding with a container port', () => {
  const target = scrapeTarget({
    registry: { dnsRecord: { type: 'SRV', ttl: 10 }, containerName: 'app', containerPort: 3000 },
  });
  const namespace = complete(
    observedNamespace([observedRegistry({ dnsRecords: [{ type: 'SRV', ttl: 10 }] })]),
  );

  it('sends container and port for SRV records', () => {
    const change = onlyBind(planFor(target, withService({}, { namespace })));
    assert.deepEqual(change.after, {
      registryArn: WEBAPP_REGISTRY_ARN,
      containerName: 'app',
      containerPort: 3000,
    });
  });

  it('changes a binding to the right registry that names another port', () => {
    const change = onlyBind(
      planFor(target, withService(boundTo({ containerName: 'app', containerPort: 80 }), { namespace })),
    );
    assert.deepEqual(change.before, [
      { registryArn: WEBAPP_REGISTRY_ARN, containerName: 'app', containerPort: 80 },
    ]);
    assert.equal(change.after.containerPort, 3000);
  });

  it('takes the bare port of an awsvpc service for the same thing, because a rewording would replace every task', () => {
    assert.deepEqual(changesOf(planFor(target, withService(boundTo({ port: 3000 }), { namespace }))), []);
    assert.deepEqual(changesOf(planFor(target, withService(boundTo({ port: 80 }), { namespace }))), [
      'bindService webapp',
    ]);
  });

  it('sends the ARN alone in an HTTP namespace for awsvpc tasks', () => {
    const http = complete(observedNamespace([observedRegistry({ dnsRecords: [] })], { type: 'HTTP' }));
    assert.deepEqual(onlyBind(planFor(target, withService({}, { namespace: http }))).after, {
      registryArn: WEBAPP_REGISTRY_ARN,
    });
    for (const binding of [{}, { containerName: 'app', containerPort: 3000 }]) {
      assert.deepEqual(changesOf(planFor(target, withService(boundTo(binding), { namespace: http }))), []);
    }
  });

  it('leaves a binding alone that cannot be judged without the task definition', () => {
    const parts = { namespace, taskDefinition: { kind: 'failed', error: throttled } } as const;
    const plan = planFor(target, withService(boundTo({ port: 3000 }), parts));
    assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], ['ServiceBound Throttled transient']]);
  });
});

describe('plan: bindingPolicy Observe', () => {
  const target = scrapeTarget({ spec: { bindingPolicy: 'Observe' } });

  for (const [slot, serviceRegistries] of [
    ['an empty slot', []],
    ['another registry', elsewhere],
  ] as const) {
    it(`reports ${slot} as drift and never touches the service`, () => {
      const plan = planFor(target, withService({ serviceRegistries }));
      assert.deepEqual([plan.changes, plan.blocked], [[], []]);
      assert.deepEqual(
        plan.drift.map(({ field, after }) => [field, after]),
        [['serviceRegistries', WEBAPP_REGISTRY_ARN]],
      );
    });
  }

  it('still creates the registry', () => {
    assert.deepEqual(changesOf(planFor(target, observedState())), ['createRegistry webapp']);
  });

  it('reports nothing when the service is bound as the document asks', () => {
    assert.deepEqual(planFor(target, withService(boundTo())).drift, []);
  });
});

describe('plan: deployments', () => {
  const failedRead = {
    kind: 'failed',
    error: transient({ reason: 'Throttled', message: 'slow down' }),
  } as const;
  const running = deployment({
    id: 'ecs-svc/2',
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: 'ECS deployment ecs-svc/2 in progress.',
  });
  const rolledBack = deployment({
    rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
  });
  const failed = deployment({
    id: 'ecs-svc/2',
    status: 'ACTIVE',
    rolloutState: 'FAILED',
    rolloutStateReason: 'tasks failed to start.',
  });

  it('waits while another deployment of the service runs', () => {
    const plan = planFor(
      scrapeTarget(),
      withService({ deployments: [running, deployment({ status: 'ACTIVE' })] }),
    );
    assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], ['ServiceBound DeploymentInProgress waiting']]);
  });

  it('takes two deployments without a rollout state for a deployment in progress', () => {
    const old = deployment({ status: 'ACTIVE', rolloutState: undefined, rolloutStateReason: undefined });
    const plan = planFor(scrapeTarget(), withService({ deployments: [{ ...old, status: 'PRIMARY' }, old] }));
    assert.deepEqual(blockedOf(plan), ['ServiceBound DeploymentInProgress waiting']);
  });

  it('reports the rollout of a service that is bound', () => {
    const plan = planFor(scrapeTarget(), withService({ ...boundTo(), deployments: [running] }));
    assert.deepEqual([plan.changes, plan.blocked], [[], []]);
    assert.deepEqual(
      plan.rollouts.map(({ target, service, clusterName }) => [target, service, clusterName]),
      [['webapp', 'webapp-service', 'demo']],
    );
  });

  for (const [what, world] of [
    ['its service cannot be read', observedState({ service: failedRead })],
    ['its namespace cannot be read', withService({ deployments: [running] }, { namespace: failedRead })],
  ] as const)
    it(`counts the rollout of a binding that it sent also while ${what}`, () => {
      const rolloutsOf = (options: Partial<PlanOptions>) =>
        planFor(scrapeTarget(), world, options).rollouts.map(({ target }) => target);
      assert.deepEqual([rolloutsOf(attempted()), rolloutsOf({})], [['webapp'], []]);
    });

  it('counts the rollout of a binding that it sent also while its ScrapeTarget is suspended', () => {
    const plan = planFor(
      scrapeTarget({ spec: { suspend: true } }),
      withService({ deployments: [running] }),
      attempted(),
    );
    assert.deepEqual([plan.changes, plan.rollouts.map(({ target }) => target)], [[], ['webapp']]);
  });

  it('waits an hour, and no longer, for the rollout of a service that it may not read', () => {
    const denied = { kind: 'failed', error: terminal({ reason: 'AccessDenied', message: 'no' }) } as const;
    const rolloutsAt = (now: number) =>
      planFor(scrapeTarget(), observedState({ service: denied }), attempted({ now })).rollouts.length;
    assert.deepEqual([rolloutsAt(SENT_AT + 3_599_999), rolloutsAt(SENT_AT + 3_600_000)], [1, 0]);
  });

  it('does not count rollouts of services that it only observes', () => {
    const target = scrapeTarget({ spec: { bindingPolicy: 'Observe' } });
    assert.deepEqual(planFor(target, withService({ ...boundTo(), deployments: [running] })).rollouts, []);
  });

  for (const [what, deployments] of [
    ['a deployment that restores an older revision', [rolledBack]],
    ['a rollback that still runs', [{ ...rolledBack, rolloutState: 'IN_PROGRESS' }, failed]],
    [
      'a failed deployment beside its predecessor',
      [{ ...failed, status: 'PRIMARY' }, deployment({ status: 'ACTIVE' })],
    ],
  ] as const) {
    it(`does not repeat a binding after ${what}`, () => {
      const plan = planFor(scrapeTarget(), withService({ deployments }));
      assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], ['ServiceBound RollbackDetected terminal']]);
    });
  }

  it('does not put back a port that was rolled back', () => {
    const registry = {
      dnsRecord: { type: 'SRV', ttl: 10 },
      containerName: 'app',
      containerPort: 3000,
    } as const;
    const namespace = complete(
      observedNamespace([observedRegistry({ dnsRecords: [{ type: 'SRV', ttl: 10 }] })]),
    );
    const service = { ...boundTo({ containerName: 'app', containerPort: 80 }), deployments: [rolledBack] };
    assert.deepEqual(blockedOf(planFor(scrapeTarget({ registry }), withService(service, { namespace }))), [
      'ServiceBound RollbackDetected terminal',
    ]);
  });

  it('waits for a fresh deployment that follows a failed one', () => {
    const plan = planFor(scrapeTarget(), withService({ deployments: [running, failed] }));
    assert.deepEqual(blockedOf(plan), ['ServiceBound DeploymentInProgress waiting']);
  });

  it('binds after a rollback when the registry was not ours yet: the failure was not our binding', () => {
    const service = complete(observedService({ deployments: [rolledBack] }));
    assert.deepEqual(changesOf(planFor(scrapeTarget(), observedState({ service }))), [
      'createRegistry webapp',
      'bindService webapp',
    ]);
  });

  it('binds again after a rollback when the document has changed since the attempt, and only then', () => {
    const world = withService({ deployments: [rolledBack] });
    const changesAfter = (specHash: string) =>
      changesOf(planFor(scrapeTarget(), world, attempted({ specHash })));
    assert.deepEqual(changesAfter('older'), ['bindService webapp']);
    assert.deepEqual(changesAfter('hash-1'), []);
  });

  it('does not repeat an attempt that did not last, also when ECS shows nothing of its rollback any more', () => {
    const plan = planFor(scrapeTarget(), withService({}), attempted());
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['ServiceBound RollbackDetected terminal']);
  });

  it('sends an attempt that had no effect again: the deployment from before it is still the primary one', () => {
    const world = withService({ deployments: [deployment({ id: 'ecs-svc/7' })] });
    const changesAfter = (before: string) =>
      changesOf(planFor(scrapeTarget(), world, attempted({ deployment: before })));
    assert.deepEqual(changesAfter('ecs-svc/7'), ['bindService webapp']);
    assert.deepEqual(changesAfter('ecs-svc/6'), []);
  });

  it('tells with a binding which deployment it replaces, and for which version of the document', () => {
    const change = onlyBind(planFor(scrapeTarget(), withService({ deployments: [deployment({ id: 'd' })] })));
    assert.deepEqual([change.deployment, change.specHash], ['d', 'hash-1']);
  });
});

describe('plan: suspended and conflicting targets', () => {
  it('neither changes nor blocks anything for a suspended target', () => {
    const plan = planFor(
      scrapeTarget({ spec: { suspend: true } }),
      observedState({ service: complete(undefined) }),
    );
    assert.deepEqual(plan, { changes: [], drift: [], blocked: [], rollouts: [], bound: [] });
  });

  for (const [what, other] of [
    ['registry', scrapeTarget({ name: 'other', registry: { name: 'webapp-svc' } })],
    [
      'ECS service',
      scrapeTarget({
        name: 'other',
        spec: { serviceRef: { cluster: 'arn:aws:ecs:eu-west-1:1:cluster/demo', service: 'webapp-service' } },
      }),
    ],
    ['name', scrapeTarget({ specHash: 'hash-2' })],
  ] as const) {
    it(`writes for neither of two targets that claim one ${what}`, () => {
      const plan = planFor([scrapeTarget(), other], observedState());
      assert.deepEqual(changesOf(plan), []);
      assert.deepEqual(
        blockedOf(plan),
        Array.from({ length: 2 }, () => 'RegistrySynced ConflictingClaim terminal'),
      );
    });
  }

  it('keeps what a suspended target claims', () => {
    const rival = scrapeTarget({ name: 'other', registry: { name: 'webapp-svc' } });
    const plan = planFor([scrapeTarget({ spec: { suspend: true } }), rival], observedState());
    assert.deepEqual([changesOf(plan), plan.blocked.map(({ target }) => target)], [[], ['other']]);
  });
});

describe('plan: a task definition', () => {
  it('that could not be read blocks the binding and nothing else', () => {
    const plan = planFor(
      scrapeTarget(),
      observedState({ taskDefinition: { kind: 'failed', error: throttled } }),
    );
    assert.deepEqual(
      [changesOf(plan), blockedOf(plan)],
      [['createRegistry webapp'], ['ServiceBound Throttled transient']],
    );
  });

  it('is not needed to see that a service is bound', () => {
    const parts = { taskDefinition: { kind: 'failed', error: throttled } } as const;
    assert.deepEqual(planFor(scrapeTarget(), withService(boundTo(), parts)).blocked, []);
  });

  it('that changed its network mode does not undo a binding that stands', () => {
    const taskDefinition = complete(observedTaskDefinition({ networkMode: 'bridge' }));
    assert.deepEqual(planFor(scrapeTarget(), withService(boundTo(), { taskDefinition })).bound, ['webapp']);
  });
});
