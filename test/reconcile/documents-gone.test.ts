import assert from 'node:assert/strict';
import type { FieldError } from '../../controller/api/types.ts';
import { terminal, transient } from '../../controller/errors.ts';
import {
  findUncertainty,
  inventoryErrorOf,
  ownedAfter,
  ownedIn,
  restrictDepartures,
  withDepartures,
  withLeaving,
  type OwnedFacts,
} from '../../controller/reconcile/departures.ts';
import type { Documents } from '../../controller/reconcile/read-documents.ts';
import type { ObservedRegistry } from '../../controller/state/observed.ts';
import type { ChangeOutcome } from '../../controller/status/types.ts';
import { complete as read, entry, service, world } from '../support/departures.ts';
import { bindService, createRegistry, planOf } from '../support/plans.ts';
import { complete, document, failed, namespace, observed, scrapeTarget } from '../support/scrape-world.ts';
import { ours, PUBLISHED } from './ports.ts';

const NOTHING = { changes: [], blocked: [], rollouts: [], retain: [], begin: [], forget: [] };
const webapp = scrapeTarget(document());
const error = transient({ reason: 'Throttled', message: 'slow down' });

describe('whether a document that was not seen is gone', () => {
  const fault = (name?: string): FieldError => ({
    file: 'team.yaml',
    documentIndex: 0,
    ...(name !== undefined && { name }),
    line: 1,
    path: '',
    reason: 'InvalidYaml',
    message: 'm',
  });
  const documents = (overrides: Partial<Documents>): Documents => ({
    targets: [],
    errors: [],
    lastKnownGood: new Set(),
    incomplete: [],
    whole: true,
    memory: { files: new Map(), seenWhole: new Set(), accepted: new Map() },
    ...overrides,
  });
  const reasonOf = (overrides: Partial<Documents>) => findUncertainty(documents(overrides))?.reason;

  it('is certain when every source was read whole and every document is valid', () => {
    assert.equal(reasonOf({}), undefined);
  });

  it('is not while a source cannot be read, or has not been read whole even once', () => {
    const incomplete = [{ uri: 's3://bucket/a/', error }];
    const unread = findUncertainty(documents({ incomplete }));
    assert.equal(unread?.reason, 'SourceUnread');
    assert.match(unread.message, /^s3:\/\/bucket\/a\/ could not be read whole/);
    assert.equal(reasonOf({ whole: false }), 'SourceUnread');
  });

  it('is not while a document is invalid that may be the one, unless its last version is in force', () => {
    const known = new Set(['web']);
    assert.equal(reasonOf({ errors: [fault()], lastKnownGood: known }), 'InvalidDocument');
    assert.equal(reasonOf({ errors: [fault('api')], lastKnownGood: known }), 'InvalidDocument');
    assert.equal(reasonOf({ errors: [fault('web')], lastKnownGood: known }), undefined);
    const both = findUncertainty(documents({ errors: [fault('web'), fault('api')], lastKnownGood: known }));
    assert.match(both?.message ?? '', /^A document in team\.yaml is invalid/);
  });
});

describe('what documents have left behind', () => {
  it('is observed beside what documents name, each once', () => {
    const scope = {
      services: [{ cluster: 'c', service: 'web' }],
      registries: [{ namespace: 'apps', name: 'web-svc' }],
    };
    assert.deepEqual(withLeaving(scope, [entry('web'), entry('old')]), {
      services: [...scope.services, { cluster: 'c', service: 'old' }],
      registries: [...scope.registries, { namespace: 'apps', name: 'old-svc' }],
    });
  });

  it('is added to the plan of the documents, and what is blocked is sorted', () => {
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
    const rollout = (target: string) => ({ target, service: target, clusterName: 'c', message: '' });
    const deletion = { kind: 'deleteRegistry', target: 'a', registry: entry('a').registry } as const;
    const plan = withDepartures(
      { ...planOf([createRegistry('b')], [rollout('b')]), blocked: [blockedFor('b')] },
      { ...NOTHING, changes: [deletion], blocked: [blockedFor('a')], rollouts: [rollout('a')] },
    );
    assert.deepEqual(
      [plan.changes, plan.blocked, plan.rollouts].map((list) => list.map(({ target }) => target)),
      [
        ['b', 'a'],
        ['a', 'b'],
        ['b', 'a'],
      ],
    );
  });

  it('is decided only for the ScrapeTargets that were asked for, and begun only by a policy that takes away', () => {
    const lists = { retain: [entry('a'), entry('b')], begin: [entry('a'), entry('b')], forget: [entry('b')] };
    const restricted = (policy: 'sync' | 'upsert-only', only?: ReadonlySet<string>) => {
      const { retain, begin, forget } = restrictDepartures({ ...NOTHING, ...lists }, { policy, only });
      return [retain, begin, forget];
    };
    const [a, b] = [entry('a'), entry('b')];
    assert.deepEqual(restricted('sync'), [[a, b], [a, b], [b]]);
    assert.deepEqual(restricted('sync', new Set(['a'])), [[a], [a], []]);
    assert.deepEqual(restricted('upsert-only'), [[a, b], [], [b]]);
  });

  it('is nothing, and the reason is told, where the inventory is not kept or cannot be read', () => {
    const of = (inventory: Parameters<typeof ownedIn>[0]['inventory']) => [
      ownedIn({ inventory }),
      inventoryErrorOf({ inventory, departures: NOTHING })?.reason,
    ];
    assert.deepEqual(of(undefined), [[], undefined]);
    assert.deepEqual(of({ kind: 'failed', error }), [[], 'Throttled']);
    const owned = [entry('web')];
    assert.deepEqual(of({ kind: 'complete', value: { owned, attempts: new Map() } }), [owned, undefined]);
  });
});

const after = (facts: Partial<OwnedFacts>) =>
  ownedAfter({
    owned: [],
    owner: 'prod',
    targets: [],
    inForce: [],
    observed: world([], []),
    departures: NOTHING,
    outcomes: [],
    publication: { kind: 'published', result: PUBLISHED },
    ...facts,
  });

describe('the inventory and what became of an entry', () => {
  it('keeps what is retained, and says so', () => {
    const kept = entry('web', { state: 'active', deletionPolicy: 'Retain' });
    const owned = [kept, entry('api')];
    assert.deepEqual(after({ owned, departures: { ...NOTHING, retain: [kept] } }), [
      entry('api'),
      { ...kept, state: 'retained' },
    ]);
  });

  it('forgets what has nothing left of ours, and nothing else', () => {
    const owned = [entry('a'), entry('b')];
    assert.deepEqual(after({ owned, departures: { ...NOTHING, forget: [entry('a')] } }), [entry('b')]);
  });

  it('forgets a registry that was deleted, or was gone already, and no other', () => {
    for (const kind of ['applied', 'unchanged'] as const) {
      const change = { kind: 'deleteRegistry', target: 'a', registry: entry('a').registry } as const;
      assert.deepEqual(after({ owned: [entry('a'), entry('b')], outcomes: [{ change, result: { kind } }] }), [
        entry('b'),
      ]);
    }
  });

  it('takes an unbinding for done only where it was sent or the service was seen without the registry', () => {
    const noted = entry('web', { unbindSent: 'ecs-svc/1' });
    const { registry: from } = noted;
    const unbinding = (name: string): ChangeOutcome => ({
      change: {
        kind: 'unbindService',
        target: name,
        service: { ...bindService(name).service, clusterName: 'c' },
        registry: from,
        before: [],
        after: [],
      },
      result: { kind: 'applied' },
    });
    const sentAfter = (facts: Partial<OwnedFacts>, one = noted) =>
      after({ owned: [one], ...facts })[0]?.unbindSent;
    const seen = (value: ReturnType<typeof service> | undefined) => ({
      observed: world([], [], { services: new Map([['c/web', read(value)]]) }),
    });
    assert.equal(sentAfter(seen(service('web', ['arn:other']))), '');
    assert.equal(sentAfter(seen(service('web', ['arn:other', from.arn]))), 'ecs-svc/1');
    assert.equal(sentAfter(seen(undefined)), 'ecs-svc/1');
    assert.equal(sentAfter({}), 'ecs-svc/1');
    const unread = new Map([['c/web', { kind: 'failed', error }]] as const);
    assert.equal(sentAfter({ observed: world([], [], { services: unread }) }), 'ecs-svc/1');
    assert.equal(sentAfter({ outcomes: [unbinding('other')] }), 'ecs-svc/1');
    assert.equal(sentAfter({ outcomes: [unbinding('other'), unbinding('web')] }), '');
    assert.equal(sentAfter(seen(service('web', [])), entry('web')), undefined);
    const unnoted = after({ owned: [entry('web')], outcomes: [unbinding('web')] });
    assert.deepEqual(unnoted, [entry('web')]);
  });

  it('notes nothing of a write that failed, other than that an unbinding was refused', () => {
    const noted = entry('web', { unbindSent: 'ecs-svc/1' });
    const change = { kind: 'deleteRegistry', target: 'web', registry: noted.registry } as const;
    const result = { kind: 'failed', error } as const;
    assert.deepEqual(after({ owned: [noted], outcomes: [{ change, result }] }), [noted]);
    const denied = terminal({ reason: 'AccessDenied', message: 'no' });
    const unbinding = (name: string) =>
      ({
        kind: 'unbindService',
        target: name,
        service: bindService(name).service,
        registry: noted.registry,
        before: [],
        after: [],
      }) as const;
    const sentAfter = (outcome: ChangeOutcome) =>
      after({ owned: [noted], outcomes: [outcome] })[0]?.unbindSent;
    assert.equal(sentAfter({ change, result: { kind: 'failed', error: denied } }), 'ecs-svc/1');
    assert.equal(
      sentAfter({ change: unbinding('web'), result: { kind: 'held', error: denied } }),
      'ecs-svc/1',
    );
    assert.equal(
      sentAfter({ change: unbinding('api'), result: { kind: 'failed', error: denied } }),
      'ecs-svc/1',
    );
    assert.equal(
      sentAfter({ change: unbinding('web'), result: { kind: 'failed', error: denied } }),
      undefined,
    );
  });
});

describe('the inventory and the registry of a document', () => {
  const REGISTRY = { namespace: 'ecs-services', name: 'webapp-svc' };
  const tagging = (adopts: boolean, name = REGISTRY.name): ChangeOutcome => ({
    change: {
      kind: 'tagRegistry',
      target: 'webapp',
      registry: { ...REGISTRY, name, id: 'srv-9', arn: 'arn:srv-9' },
      adopts,
      before: {},
      after: {},
    },
    result: { kind: 'applied' },
  });
  const creating = (
    result: ChangeOutcome['result'],
    { name = REGISTRY.name, target = 'webapp' } = {},
  ): ChangeOutcome => ({ change: { ...createRegistry(target), name }, result });
  const created = {
    kind: 'applied',
    registryArn: 'arn:aws:servicediscovery:eu-west-1:1:service/srv-9',
  } as const;
  const originsAfter = (...outcomes: readonly ChangeOutcome[]) =>
    after({ targets: [webapp], observed: observed(), outcomes }).map(({ origin, registry: { id } }) => [
      origin,
      id,
    ]);

  it('is entered once it was created or adopted for that document', () => {
    assert.deepEqual(originsAfter(tagging(true)), [['adopted', 'srv-9']]);
    assert.deepEqual(originsAfter(creating(created)), [['created', 'srv-9']]);
  });

  it('is not entered by a write that failed, told no ARN, or was for something else', () => {
    for (const outcome of [
      tagging(false),
      tagging(true, 'other-svc'),
      creating({ kind: 'failed', error }),
      creating({ kind: 'applied' }),
      creating(created, { name: 'other-svc' }),
      creating(created, { target: 'other' }),
      { change: bindService('webapp'), result: created },
    ])
      assert.deepEqual(originsAfter(outcome), []);
  });

  it('is not entered while nobody knows whose it is', () => {
    const held = namespace({ 'ecs-prometheus-operator/owner': 'prod' });
    const withTags = (tags: ObservedRegistry['tags']) =>
      complete({
        ...held,
        registries: new Map([...held.registries].map(([name, one]) => [name, { ...one, tags }])),
      });
    for (const unsure of [complete(undefined), failed(), withTags(undefined), withTags(failed())])
      assert.deepEqual(after({ targets: [webapp], observed: observed({ namespace: unsure }) }), []);
    assert.deepEqual(after({ targets: [webapp], observed: world([], []) }), []);
  });

  it('changes nothing of the entries of others', () => {
    const others = [entry('api'), entry('web', { state: 'retained' })];
    const now = after({ owned: others, targets: [webapp], observed: ours() });
    assert.deepEqual(
      now.filter(({ target }) => target !== 'webapp'),
      others,
    );
    assert.equal(now.length, 3);
  });

  it('replaces the entry of the one that was there under the same name, and keeps where it came from', () => {
    const former = (arn: string) =>
      entry('webapp', {
        registry: { ...REGISTRY, id: 'srv-1', arn },
        service: webapp.spec.serviceRef,
        origin: 'adopted',
        state: 'active',
      });
    const arn = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1';
    const originAfter = (one: ReturnType<typeof former>) =>
      after({ owned: [one], targets: [webapp], observed: ours() }).map(
        ({ origin, registry: { arn: now } }) => [origin, now],
      );
    assert.deepEqual(originAfter(former(arn)), [['adopted', arn]]);
    assert.deepEqual(originAfter(former('arn:before')), [['found', arn]]);
  });
});
