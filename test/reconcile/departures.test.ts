import assert from 'node:assert/strict';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { ScrapeTarget } from '../../controller/api/types.ts';
import { terminal, transient } from '../../controller/errors.ts';
import { ownedAfter, type OwnedFacts } from '../../controller/reconcile/departures.ts';
import type { OwnedRegistry } from '../../controller/state/owned.ts';
import type { ReloadResult } from '../../controller/state/outcomes.ts';
import { boundService, createRegistry, deployment, REGISTRY_ARN } from '../support/plans.ts';
import { complete, document, observed, service } from '../support/scrape-world.ts';
import { file, ours, PUBLISHED } from './ports.ts';

function webapp(): ScrapeTarget {
  const [target] = parseDocuments([file(document())]).targets;
  assert.ok(target !== undefined);
  return target;
}

function entry(overrides: Partial<OwnedRegistry> = {}): OwnedRegistry {
  const { registry, serviceRef } = webapp().spec;
  return {
    target: 'webapp',
    registry: { namespace: registry.namespace, name: registry.name, id: 'srv-1', arn: 'arn:srv-1' },
    service: serviceRef,
    origin: 'created',
    deletionPolicy: 'Delete',
    bindingPolicy: 'Ensure',
    state: 'active',
    ...overrides,
  };
}

/** Of a service that was told to leave its registry, which AWS has under the ARN of the worlds. */
const toldToLeave = entry({
  registry: { ...entry().registry, arn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' },
  state: 'deleting',
  unbindSent: 'ecs-svc/1',
});

function unbinding() {
  const { service, registry } = entry();
  return {
    kind: 'unbindService',
    target: 'webapp',
    service: { ...boundService(service.service), clusterName: service.cluster },
    registry,
    before: [],
    after: [],
  } as const;
}

const NOTHING = { changes: [], blocked: [], rollouts: [], retain: [], begin: [], forget: [] };

const after = (facts: Partial<OwnedFacts>) =>
  ownedAfter({
    owned: [],
    owner: 'prod',
    targets: [],
    inForce: [],
    observed: observed({}),
    departures: NOTHING,
    outcomes: [],
    publication: { kind: 'published', result: PUBLISHED },
    ...facts,
  });

const reloaded = (reload: ReloadResult) => ({ kind: 'published', result: { ...PUBLISHED, reload } }) as const;

describe('the inventory after a pass', () => {
  const owned = [entry()];
  const leaving = { owned, departures: { ...NOTHING, begin: owned } };

  it('lets a deletion begin once Prometheus is known to have no job of it any more', () => {
    const error = transient({ reason: 'PrometheusUnreachable', message: 'no' });
    const stateAfter = (facts: Partial<OwnedFacts>) => after({ ...leaving, ...facts })[0]?.state;
    assert.equal(stateAfter({}), 'deleting');
    assert.equal(stateAfter({ publication: undefined }), 'deleting');
    assert.equal(stateAfter({ publication: reloaded({ kind: 'notAsked' }) }), 'deleting');
    assert.equal(stateAfter({ inForce: [webapp()] }), 'active');
    assert.equal(stateAfter({ publication: { kind: 'withheld', error } }), 'active');
    assert.equal(stateAfter({ publication: reloaded({ kind: 'pending', error }) }), 'active');
    const rejected = { kind: 'rejected', message: 'bad', restored: true } as const;
    assert.equal(stateAfter({ publication: reloaded(rejected) }), 'active');
  });

  it('holds what carries exactly our tag and a document names', () => {
    const found = (owner: string) => after({ targets: [webapp()], observed: ours(), owner });
    assert.deepEqual(
      found('prod').map(({ target, origin, state }) => [target, origin, state]),
      [['webapp', 'found', 'active']],
    );
    for (const owner of ['pro', 'prod-eu', 'PROD']) assert.deepEqual(found(owner), []);
  });

  it('holds a registry as soon as it was created or adopted', () => {
    const change = { ...createRegistry('webapp'), name: webapp().spec.registry.name };
    const result = { kind: 'applied', registryArn: REGISTRY_ARN } as const;
    const [created] = after({ targets: [webapp()], outcomes: [{ change, result }] });
    assert.deepEqual([created?.origin, created?.registry.arn], ['created', REGISTRY_ARN]);
  });

  it('takes a document that is back for active again, with its newest policies', () => {
    const [now, ...others] = after({ owned: [toldToLeave], targets: [webapp()], observed: ours() });
    assert.deepEqual(
      [now?.state, now?.deletionPolicy, now?.unbindSent, now?.origin],
      ['active', 'Retain', undefined, 'created'],
    );
    assert.deepEqual(others, []);
  });

  it('remembers of a document that is back that its service was told to leave, until that is done', () => {
    const rolling = service({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] });
    const during = ours({ service: complete(rolling) });
    const [now] = after({ owned: [toldToLeave], targets: [webapp()], observed: during });
    assert.deepEqual([now?.state, now?.unbindSent], ['active', 'ecs-svc/1']);
  });

  it('knows the newest policies of a document also while its registry cannot be read', () => {
    const former = entry({ state: 'deleting', unbindSent: 'ecs-svc/1' });
    assert.deepEqual(after({ owned: [former], targets: [webapp()] }), [entry({ deletionPolicy: 'Retain' })]);
  });

  it('knows that an unbinding had an effect, because a rollback makes the deployment from before it primary again', () => {
    const noted = [entry({ state: 'deleting', unbindSent: 'ecs-svc/1' })];
    const { service } = entry();
    const change = unbinding();
    const named = observed({
      service: complete(boundService(service.service, { serviceRegistries: [{ registryArn: 'arn:srv-1' }] })),
    });
    const outcomes = [{ change, result: { kind: 'applied' } }] as const;
    assert.equal(after({ owned: noted, observed: named, outcomes })[0]?.unbindSent, '');
    // Whoever was killed before it knew the outcome sees it.
    assert.equal(after({ owned: noted })[0]?.unbindSent, '');
  });

  it('forgets that an unbinding was to be sent when it was refused, and not when nobody knows', () => {
    const noted = [entry({ state: 'deleting', unbindSent: 'ecs-svc/1' })];
    const { service } = entry();
    const change = unbinding();
    const sentAfter = (error: Error & ReturnType<typeof terminal>) =>
      after({ owned: noted, observed: named, outcomes: [{ change, result: { kind: 'failed', error } }] })[0]
        ?.unbindSent;
    const named = observed({
      service: complete(boundService(service.service, { serviceRegistries: [{ registryArn: 'arn:srv-1' }] })),
    });
    assert.equal(sentAfter(terminal({ reason: 'AccessDenied', message: 'no' })), undefined);
    assert.equal(sentAfter(transient({ reason: 'NoAnswer', message: 'no' })), 'ecs-svc/1');
    assert.equal(sentAfter(terminal({ reason: 'RollbackDetected', message: 'no' })), 'ecs-svc/1');
  });

  it('keeps what failed to be deleted', () => {
    const kept = [entry({ state: 'deleting' })];
    const change = { kind: 'deleteRegistry', target: 'webapp', registry: entry().registry } as const;
    const error = transient({ reason: 'Throttled', message: 'slow down' });
    assert.deepEqual(after({ owned: kept, outcomes: [{ change, result: { kind: 'failed', error } }] }), kept);
    assert.deepEqual(after({ owned: kept, outcomes: [{ change, result: { kind: 'applied' } }] }), []);
  });
});
