import assert from 'node:assert/strict';
import { terminal, transient } from '../../controller/errors.ts';
import type { Change, CreateRegistry, Plan } from '../../controller/plan/types.ts';
import type { ObservedNamespace, ObservedRegistry } from '../../controller/state/observed.ts';
import { blockedOf, changesOf, planFor } from '../support/planning.ts';
import {
  complete,
  endpoint,
  NAMESPACE,
  observedNamespace,
  observedRegistry,
  observedService,
  observedState,
  observedTaskDefinition,
  OWN_TAGS,
  portMapping,
  scrapeTarget,
  WEBAPP_REGISTRY_ARN,
} from '../support/worlds.ts';

const bound = complete(observedService({ serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN }] }));

/** A world whose service is bound already, so that only the registry can differ. */
const withRegistry = (registry: Partial<ObservedRegistry>, namespace: Partial<ObservedNamespace> = {}) =>
  observedState({
    namespace: complete(observedNamespace([observedRegistry(registry)], namespace)),
    service: bound,
  });

const ofKind = <K extends Change['kind']>(plan: Plan, kind: K): Extract<Change, { kind: K }>[] =>
  plan.changes.filter((change): change is Extract<Change, { kind: K }> => change.kind === kind);

const created = (plan: Plan): CreateRegistry => {
  const [change] = ofKind(plan, 'createRegistry');
  assert.ok(change);
  return change;
};

const denied = terminal({ reason: 'AccessDenied', message: 'Not allowed.', remedy: 'Allow it.' });
const throttled = transient({ reason: 'Throttled', message: 'Too many requests.' });

describe('plan: namespaces', () => {
  it('blocks without writing when the namespace could not be read, with the family of the error', () => {
    for (const error of [denied, throttled]) {
      const plan = planFor(scrapeTarget(), observedState({ namespace: { kind: 'failed', error } }));
      assert.deepEqual(changesOf(plan), []);
      assert.deepEqual(blockedOf(plan), [`ReferencesResolved ${error.reason} ${error.family}`]);
    }
  });

  it('creates nothing while a registry of the namespace did not say its name: it may be the one', () => {
    const namespace = complete(observedNamespace([], { unread: throttled }));
    const plan = planFor(scrapeTarget(), observedState({ namespace, service: bound }));
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved Throttled transient']);
  });

  it('blocks without writing when the namespace was not observed at all', () => {
    const plan = planFor(scrapeTarget(), { ...observedState(), namespaces: new Map() });
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved NotObserved transient']);
  });

  it('reports an absent namespace with the command that creates it', () => {
    const plan = planFor(scrapeTarget(), observedState({ namespace: complete(undefined) }));
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved NamespaceNotFound terminal']);
    assert.match(plan.blocked[0]?.remedy ?? '', /create-private-dns-namespace --name ecs-services/);
  });

  it('blocks a namespace that another account shares, even when the registry is there and ours', () => {
    const plan = planFor(scrapeTarget(), withRegistry({ description: 'x' }, { shared: true }));
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved SharedNamespace terminal']);
  });
});

describe('plan: creating a registry', () => {
  it('creates an absent registry with record, TTL, routing policy and all tags at once', () => {
    const change = created(planFor(scrapeTarget(), observedState()));
    assert.deepEqual(change.dns, { recordType: 'A', ttl: 10, routingPolicy: 'WEIGHTED' });
    assert.deepEqual(change.tags, OWN_TAGS);
    assert.equal(change.name, 'webapp-svc');
    assert.equal(change.namespace.name, NAMESPACE);
  });

  it('creates it without DNS in an HTTP namespace', () => {
    const http = complete(observedNamespace([], { type: 'HTTP' }));
    assert.equal(created(planFor(scrapeTarget(), observedState({ namespace: http }))).dns, undefined);
  });

  it('uses the description of the document, or one that names the ScrapeTarget', () => {
    const own = scrapeTarget({ registry: { description: 'Shop front' } });
    assert.equal(created(planFor(own, observedState())).description, 'Shop front');
    assert.match(created(planFor(scrapeTarget(), observedState())).description, /webapp/);
  });

  it('derives a creatorRequestId of at most 64 characters from owner, namespace and name alone', () => {
    const id = created(planFor(scrapeTarget(), observedState())).creatorRequestId;
    const again = scrapeTarget({ spec: { endpoints: [endpoint({ path: '/other' })] } });
    assert.equal(created(planFor(again, observedState())).creatorRequestId, id);
    assert.notEqual(
      created(planFor(scrapeTarget({ registry: { name: 'other' } }), observedState())).creatorRequestId,
      id,
    );
    assert.ok(id.length <= 64, id);
  });

  it('creates the registry although the ECS service does not exist yet', () => {
    const plan = planFor(scrapeTarget(), observedState({ service: complete(undefined) }));
    assert.deepEqual(changesOf(plan), ['createRegistry webapp']);
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved ServiceNotFound terminal']);
  });

  it('reports a name that differs only by case from another one, which Cloud Map refuses in DNS namespaces', () => {
    const twin = observedRegistry({ name: 'WebApp-svc' });
    const plan = planFor(scrapeTarget(), observedState({ namespace: complete(observedNamespace([twin])) }));
    assert.deepEqual(blockedOf(plan), ['RegistrySynced NameDiffersOnlyByCase terminal']);
    assert.deepEqual(changesOf(plan), []);
  });

  it('creates a name that differs only by case in an HTTP namespace, which allows it', () => {
    const namespace = complete(
      observedNamespace([observedRegistry({ name: 'WebApp-svc' })], { type: 'HTTP' }),
    );
    assert.equal(
      changesOf(planFor(scrapeTarget(), observedState({ namespace })))[0],
      'createRegistry webapp',
    );
  });
});

describe('plan: a port given by name', () => {
  const named = scrapeTarget({ spec: { endpoints: [endpoint({ port: { kind: 'name', name: 'http' } })] } });

  it('is resolved from the task definition that the service runs', () => {
    assert.equal(created(planFor(named, observedState())).tags['METRICS_PORT'], '3000');
  });

  it('blocks the creation when the task definition has no such mapping', () => {
    const without = complete(observedTaskDefinition({ containers: [] }));
    const plan = planFor(named, observedState({ taskDefinition: without }));
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['ReferencesResolved PortNotFound terminal']);
    assert.match(plan.blocked[0]?.message ?? '', /"http".*webapp:7/);
  });

  it('blocks the creation when the mapping is a range, which has no single port', () => {
    const range = portMapping({ containerPort: undefined, containerPortRange: '3000-3010' });
    const taskDefinition = complete(
      observedTaskDefinition({ containers: [{ name: 'app', portMappings: [range] }] }),
    );
    assert.deepEqual(blockedOf(planFor(named, observedState({ taskDefinition }))), [
      'ReferencesResolved PortNotFound terminal',
    ]);
  });

  it('leaves its tag alone while the task definition cannot be read, and changes the others', () => {
    const namespace = complete(
      observedNamespace([
        observedRegistry({ tags: complete({ ...OWN_TAGS, METRICS_PATH: '/old', METRICS_PORT: '81' }) }),
      ]),
    );
    const plan = planFor(
      named,
      observedState({ namespace, service: bound, taskDefinition: { kind: 'failed', error: throttled } }),
    );
    assert.deepEqual(ofKind(plan, 'tagRegistry')[0]?.after, { METRICS_PATH: '/metrics' });
    assert.deepEqual(ofKind(plan, 'untagRegistry'), []);
    assert.deepEqual(blockedOf(plan), ['RegistrySynced Throttled transient']);
  });

  it('names the absent ECS service as the reason', () => {
    const plan = planFor(named, observedState({ service: complete(undefined) }));
    assert.deepEqual(changesOf(plan), []);
    assert.match(plan.blocked[0]?.message ?? '', /service demo\/webapp-service does not exist/);
  });
});

describe('plan: ownership of a registry', () => {
  const foreign = { ...OWN_TAGS, 'ecs-prometheus-operator/owner': 'team-b' };

  it('changes nothing when everything matches', () => {
    const plan = planFor(scrapeTarget(), withRegistry({}));
    assert.deepEqual([plan.changes, plan.blocked, plan.drift], [[], [], []]);
  });

  it('blocks a registry of another owner, also when the document says adopt', () => {
    for (const adopt of [true, false]) {
      const plan = planFor(scrapeTarget({ registry: { adopt } }), withRegistry({ tags: complete(foreign) }));
      assert.deepEqual(changesOf(plan), []);
      assert.deepEqual(blockedOf(plan), ['RegistrySynced ConflictingOwner terminal']);
      assert.match(plan.blocked[0]?.message ?? '', /"team-b"/);
    }
  });

  it('compares the owner exactly', () => {
    const almost = complete({ ...OWN_TAGS, 'ecs-prometheus-operator/owner': 'Team-a' });
    assert.deepEqual(blockedOf(planFor(scrapeTarget(), withRegistry({ tags: almost }))), [
      'RegistrySynced ConflictingOwner terminal',
    ]);
  });

  it('asks for adoption of a registry without an owner, with the line to write', () => {
    const plan = planFor(scrapeTarget(), withRegistry({ tags: complete({ team: 'x' }) }));
    assert.deepEqual(blockedOf(plan), ['RegistrySynced AdoptionRequired terminal']);
    assert.match(plan.blocked[0]?.remedy ?? '', /"adopt: true" under spec\.registry/);
  });

  it('adopts a registry without an owner when the document says so, and leaves foreign tags alone', () => {
    const tags = complete({ team: 'x', METRICS_PATH: '/metrics' });
    const plan = planFor(scrapeTarget({ registry: { adopt: true } }), withRegistry({ tags }));
    const [change] = ofKind(plan, 'tagRegistry');
    assert.equal(change?.adopts, true);
    assert.deepEqual(change?.before, {});
    assert.deepEqual(Object.keys(change?.after ?? {}).sort(), [
      'METRICS_PORT',
      'ecs-prometheus-operator/owner',
      'ecs-prometheus-operator/scrape-target',
    ]);
  });

  it('marks an adopted registry as ours before it changes anything else of it', () => {
    const plan = planFor(
      scrapeTarget({ registry: { adopt: true, dnsRecord: { type: 'A', ttl: 60 } } }),
      withRegistry({ tags: complete({ METRICS_PORT_OLD: '1' }) }),
    );
    assert.deepEqual(changesOf(plan), [
      'tagRegistry webapp',
      'updateRegistry webapp',
      'untagRegistry webapp',
    ]);
  });

  it('never adopts a registry of Service Connect', () => {
    const tags = complete({ AmazonECSManaged: 'true' });
    const plan = planFor(scrapeTarget({ registry: { adopt: true } }), withRegistry({ tags }));
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['RegistrySynced ManagedByEcs terminal']);
  });

  it('does not adopt a registry whose record type is not the one that the document asks for', () => {
    const plan = planFor(
      scrapeTarget({ registry: { adopt: true } }),
      withRegistry({ tags: complete({}), dnsRecords: [{ type: 'AAAA', ttl: 10 }] }),
    );
    assert.deepEqual(changesOf(plan), []);
    assert.deepEqual(blockedOf(plan), ['RegistrySynced ImmutableFieldChanged terminal']);
  });

  it('writes nothing when the tags could not be read', () => {
    const failed = planFor(
      scrapeTarget({ registry: { adopt: true } }),
      withRegistry({ tags: { kind: 'failed', error: throttled }, description: 'x' }),
    );
    const unread = planFor(
      scrapeTarget({ registry: { adopt: true } }),
      withRegistry({ tags: undefined, description: 'x' }),
    );
    assert.deepEqual([changesOf(failed), blockedOf(failed)], [[], ['RegistrySynced Throttled transient']]);
    assert.deepEqual([changesOf(unread), blockedOf(unread)], [[], ['RegistrySynced NotObserved transient']]);
  });
});

describe('plan: tags of our registry', () => {
  it('writes only the tags that differ, with their former values', () => {
    const tags = complete({ ...OWN_TAGS, METRICS_PORT: '81', team: 'x' });
    const [change] = ofKind(planFor(scrapeTarget(), withRegistry({ tags })), 'tagRegistry');
    assert.deepEqual(
      [change?.before, change?.after, change?.adopts],
      [{ METRICS_PORT: '81' }, { METRICS_PORT: '3000' }, false],
    );
  });

  it('removes tags of endpoints that are gone, and no tag of anybody else', () => {
    const tags = complete({
      ...OWN_TAGS,
      METRICS_PORT_JVM: '9404',
      ECS_METRICS_PATH: '/e',
      METRICS_OWNER: 'me',
      team: 'x',
    });
    const [change] = ofKind(planFor(scrapeTarget(), withRegistry({ tags })), 'untagRegistry');
    assert.deepEqual(change?.before, { ECS_METRICS_PATH: '/e', METRICS_PORT_JVM: '9404' });
  });

  it('reports tags that Cloud Map would refuse: a value over 256 characters, or more than 50 tags', () => {
    const long = scrapeTarget({ spec: { endpoints: [endpoint({ path: `/${'x'.repeat(256)}` })] } });
    const full = complete({
      'ecs-prometheus-operator/owner': 'team-a',
      ...Object.fromEntries(Array.from({ length: 47 }, (_, i) => [`t${i}`, ''])),
    });
    for (const plan of [
      planFor(long, observedState()),
      planFor(long, withRegistry({})),
      planFor(scrapeTarget(), withRegistry({ tags: full })),
    ]) {
      assert.deepEqual(blockedOf(plan), ['RegistrySynced InvalidTags terminal']);
      assert.deepEqual(changesOf(plan), []);
    }
  });

  it('does not count the tags of AWS itself against the limit', () => {
    const tags = complete({
      ...OWN_TAGS,
      ...Object.fromEntries(Array.from({ length: 47 }, (_, i) => [`aws:t${i}`, ''])),
    });
    assert.deepEqual(blockedOf(planFor(scrapeTarget(), withRegistry({ tags }))), []);
  });
});

describe('plan: fields of our registry', () => {
  it('updates TTL and description', () => {
    const target = scrapeTarget({ registry: { dnsRecord: { type: 'A', ttl: 60 }, description: 'new' } });
    const [change] = ofKind(planFor(target, withRegistry({ description: 'old' })), 'updateRegistry');
    assert.deepEqual(
      [change?.before, change?.after],
      [
        { ttl: 10, description: 'old' },
        { ttl: 60, description: 'new' },
      ],
    );
  });

  it('leaves a description alone that the document does not mention', () => {
    assert.deepEqual(changesOf(planFor(scrapeTarget(), withRegistry({ description: 'by hand' }))), []);
  });

  it('reports another record type or routing policy as replacement needed, and still keeps the tags in order', () => {
    for (const registry of [
      { dnsRecords: [{ type: 'SRV', ttl: 10 }] },
      { dnsRecords: [] },
      { routingPolicy: 'MULTIVALUE' },
      { routingPolicy: undefined },
    ]) {
      const plan = planFor(
        scrapeTarget({ registry: { dnsRecord: { type: 'A', ttl: 99 } } }),
        withRegistry({ ...registry, tags: complete({ ...OWN_TAGS, METRICS_PORT: '1' }) }),
      );
      assert.deepEqual(blockedOf(plan), ['RegistrySynced ImmutableFieldChanged terminal']);
      assert.match(plan.blocked[0]?.message ?? '', /^Replacement needed: /);
      assert.deepEqual(changesOf(plan), ['tagRegistry webapp']);
    }
  });

  it('takes a missing routing policy for MULTIVALUE', () => {
    const target = scrapeTarget({ registry: { routingPolicy: 'MULTIVALUE' } });
    assert.deepEqual(blockedOf(planFor(target, withRegistry({ routingPolicy: undefined }))), []);
  });

  it('names every record of a registry that has several, whatever their order', () => {
    const records = [
      { type: 'AAAA', ttl: 10 },
      { type: 'A', ttl: 10 },
    ];
    const messages = [records, records.toReversed()].map(
      (dnsRecords) => planFor(scrapeTarget(), withRegistry({ dnsRecords })).blocked[0]?.message,
    );
    assert.match(messages[0] ?? '', /A and AAAA, not A/);
    assert.equal(messages[0], messages[1]);
  });

  it('reports a description in an HTTP namespace as drift, because nobody can change it', () => {
    const target = scrapeTarget({ registry: { description: 'new' } });
    const plan = planFor(
      target,
      withRegistry({ dnsRecords: [], routingPolicy: undefined, description: 'old' }, { type: 'HTTP' }),
    );
    assert.deepEqual([changesOf(plan), blockedOf(plan)], [[], []]);
    assert.deepEqual(
      plan.drift.map(({ field, before, after }) => [field, before, after]),
      [['description', 'old', 'new']],
    );
  });
});
