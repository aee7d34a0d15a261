import assert from 'node:assert/strict';
import fc from 'fast-check';
import { transient } from '../../controller/errors.ts';
import { findLeaving, planDepartures, type DepartureInput } from '../../controller/plan/departures.ts';
import type { DepartureChange } from '../../controller/plan/types.ts';
import type { DesiredTarget } from '../../controller/state/desired.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedState,
  Read,
} from '../../controller/state/observed.ts';
import { ownedKey, type OwnedRegistry } from '../../controller/state/owned.ts';
import { boundService, deployment } from '../support/plans.ts';

const arnOf = (name: string): string => `arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-${name}`;

function entry(name: string, overrides: Partial<OwnedRegistry> = {}): OwnedRegistry {
  return {
    target: name,
    registry: { namespace: 'apps', name: `${name}-svc`, id: `srv-${name}`, arn: arnOf(name) },
    service: { cluster: 'c', service: name },
    origin: 'created',
    deletionPolicy: 'Delete',
    bindingPolicy: 'Ensure',
    state: 'deleting',
    ...overrides,
  };
}

function document(name: string, registry = `${name}-svc`, service = name): DesiredTarget {
  return {
    name,
    specHash: 'hash',
    suspended: false,
    registry: {
      namespace: 'apps',
      name: registry,
      description: undefined,
      dns: { recordType: 'A', ttl: 10, routingPolicy: 'MULTIVALUE' },
      tags: new Map(),
      adopt: false,
    },
    binding: { service: { cluster: 'c', service }, policy: 'Ensure' },
  };
}

const registry = (name: string, owner: string | undefined): ObservedRegistry => ({
  id: `srv-${name}`,
  arn: arnOf(name),
  name: `${name}-svc`,
  description: '',
  dnsRecords: [],
  routingPolicy: undefined,
  tags: {
    kind: 'complete',
    value: owner === undefined ? {} : { 'ecs-prometheus-operator/owner': owner },
  },
});

const complete = <T>(value: T): Read<T> => ({ kind: 'complete', value });
const FAILED = {
  kind: 'failed',
  error: transient({ reason: 'Throttled', message: 'slow down' }),
} as const;

const service = (name: string, registries: readonly string[], overrides: Partial<ObservedService> = {}) =>
  boundService(name, {
    serviceRegistries: registries.map((registryArn) => ({ registryArn })),
    ...overrides,
  });

function world(
  registries: readonly ObservedRegistry[],
  services: readonly ObservedService[],
  overrides: Partial<ObservedState> = {},
): ObservedState {
  const apps: ObservedNamespace = {
    id: 'ns-1',
    arn: 'arn:ns-1',
    name: 'apps',
    type: 'DNS_PRIVATE',
    shared: false,
    registries: new Map(registries.map((one) => [one.name, one])),
  };
  return {
    namespaces: new Map([['apps', complete(apps)]]),
    services: new Map(services.map((one) => [`c/${one.name}`, complete(one)])),
    taskDefinitions: new Map(),
    tasks: new Map(),
    ...overrides,
  };
}

const ROLLING = { deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] };

const planOf = (input: Partial<DepartureInput>) =>
  planDepartures({
    owned: [],
    targets: [],
    uncertainty: undefined,
    observed: world([], []),
    owner: 'prod',
    limits: { maxPercent: 20, allowEmpty: true },
    ...input,
  });

const stepsOf = (changes: readonly DepartureChange[]): readonly string[] =>
  changes.map(({ kind, waitsUntil }) => (waitsUntil === undefined ? kind : `${kind}: ${waitsUntil}`));

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
    assert.deepEqual(stepsOf(planOf({ owned: [entry('web')], observed: bound }).changes), [
      'unbindService',
      'deleteRegistry: service c/web has left it',
    ]);
  });

  it('leaves what else the service names', () => {
    const [change] = planOf({
      owned: [entry('web')],
      observed: world([web], [service('web', [arnOf('other'), arnOf('web')])]),
    }).changes;
    assert.ok(change?.kind === 'unbindService');
    assert.deepEqual(change.after, [{ registryArn: arnOf('other') }]);
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
    assert.equal(again('ecs-svc/0').blocked[0]?.reason, 'RollbackDetected');
    assert.equal(again('ecs-svc/1').changes[0]?.kind, 'unbindService');
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

describe('deletions, whatever the world looks like', () => {
  const names = fc.constantFrom('a', 'b', 'd', 'e');
  const entries = fc.uniqueArray(
    fc.record({
      name: names,
      service: names,
      state: fc.constantFrom('active' as const, 'retained' as const, 'deleting' as const),
      deletionPolicy: fc.constantFrom('Retain' as const, 'Delete' as const),
      bindingPolicy: fc.constantFrom('Ensure' as const, 'Observe' as const),
    }),
    { selector: ({ name, service: of }) => `${name} ${of}` },
  );
  const inputs = fc
    .record({
      entries,
      documents: fc.uniqueArray(fc.record({ name: names, service: names }), { selector: ({ name }) => name }),
      owners: fc.dictionary(names, fc.constantFrom('prod', 'prod-eu', 'pro', undefined)),
      bound: fc.dictionary(names, fc.uniqueArray(names)),
      rolling: fc.uniqueArray(names),
      maxPercent: fc.nat(100),
      allowEmpty: fc.boolean(),
    })
    .map(({ documents, owners, bound, rolling, maxPercent, allowEmpty, ...rest }): DepartureInput => ({
      owned: rest.entries.map(({ name, service: of, ...fields }) =>
        entry(name, { ...fields, service: { cluster: 'c', service: of } }),
      ),
      targets: documents.map(({ name, service: of }) => document(name, `${name}-svc`, of)),
      uncertainty: undefined,
      observed: world(
        Object.entries(owners).map(([name, owner]) => registry(name, owner)),
        ['a', 'b', 'd', 'e'].map((name) =>
          service(name, (bound[name] ?? []).map(arnOf), rolling.some((one) => one === name) ? ROLLING : {}),
        ),
      ),
      owner: 'prod',
      limits: { maxPercent, allowEmpty },
    }));

  it('are only of what is in the inventory, carries our tag, and no document claims', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const claimed = new Set(input.targets.map(({ registry: { name } }) => name));
        const namespace = input.observed.namespaces.get('apps');
        const found = namespace?.kind === 'complete' ? namespace.value?.registries : undefined;
        for (const change of planDepartures(input).changes) {
          const owners = input.owned.filter(({ registry: { arn } }) => arn === change.registry.arn);
          assert.ok(owners.length > 0);
          const tags = found?.get(change.registry.name)?.tags;
          assert.ok(tags?.kind === 'complete');
          assert.equal(tags.value['ecs-prometheus-operator/owner'], 'prod');
          if (change.kind === 'deleteRegistry') {
            assert.ok(!claimed.has(change.registry.name));
            assert.ok(owners.every(({ state }) => state !== 'retained'));
          }
        }
      }),
    );
  });

  it('come to an end, from wherever they are taken up', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const begun = input.owned
          .filter(({ bindingPolicy }) => bindingPolicy === 'Ensure')
          .map((one): OwnedRegistry => ({ ...one, state: 'deleting', deletionPolicy: 'Delete' }));
        let state: DepartureInput = { ...input, owned: begun, targets: [] };
        for (let pass = 0; pass < 10 && state.owned.length > 0; pass += 1) state = passOf(state);
        assert.deepEqual(state.owned, []);
        assert.deepEqual(
          registriesOf(state.observed).filter((name) => begun.some((one) => one.registry.name === name)),
          registriesOf(input.observed).filter(
            (name) =>
              begun.some((one) => one.registry.name === name) && ownerOf(input.observed, name) !== 'prod',
          ),
        );
      }),
    );
  });
});

function registriesOf({ namespaces }: ObservedState): readonly string[] {
  const apps = namespaces.get('apps');
  return apps?.kind === 'complete' ? [...(apps.value?.registries.keys() ?? [])].toSorted() : [];
}

function ownerOf({ namespaces }: ObservedState, name: string): string | undefined {
  const apps = namespaces.get('apps');
  const tags = apps?.kind === 'complete' ? apps.value?.registries.get(name)?.tags : undefined;
  return tags?.kind === 'complete' ? tags.value['ecs-prometheus-operator/owner'] : undefined;
}

/** One pass in which every change that may be sent is done, and every deployment ends. */
function passOf(input: DepartureInput): DepartureInput {
  const plan = planDepartures(input);
  const due = plan.changes.filter(({ waitsUntil }) => waitsUntil === undefined);
  const deleted = new Set(due.flatMap((one) => (one.kind === 'deleteRegistry' ? [one.registry.arn] : [])));
  const unbound = new Map(
    due.flatMap((one) => (one.kind === 'unbindService' ? [[one.service.name, one]] : [])),
  );
  const forgotten = new Set(plan.forget.map(ownedKey));
  const apps = input.observed.namespaces.get('apps');
  const registries = apps?.kind === 'complete' ? [...(apps.value?.registries.values() ?? [])] : [];
  const services = [...input.observed.services.values()].flatMap((read) =>
    read.kind === 'complete' ? (read.value ?? []) : [],
  );
  return {
    ...input,
    owned: input.owned.filter((one) => !forgotten.has(ownedKey(one)) && !deleted.has(one.registry.arn)),
    observed: world(
      registries.filter(({ arn }) => !deleted.has(arn)),
      services.map((one) => ({
        ...one,
        deployments: [deployment()],
        serviceRegistries: unbound.get(one.name)?.after ?? one.serviceRegistries,
      })),
    ),
  };
}
