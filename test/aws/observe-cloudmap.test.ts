import assert from 'node:assert/strict';
import { TagResourceCommand } from '@aws-sdk/client-servicediscovery';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import { OURS, errorOf, never, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const manyRegistries = (count: number): Scenario => ({
  name: 'registries',
  namespaces: [{ name: 'apps' }],
  registries: Array.from({ length: count }, (_, index) => ({
    namespace: 'apps',
    name: `app-${index}`,
    tags: { ...OURS, METRICS_PORT: '3000' },
  })),
});

const named = (...names: string[]) => names.map((name) => ({ namespace: 'apps', name }));

describe('Observing Cloud Map', () => {
  let world: AwsAtSandbox;
  afterEach(() => world.close());

  const observe = async (registries: { namespace: string; name: string }[]) =>
    (await world.aws.reader.observe({ services: [], registries }, never())).namespaces;
  const calls = (operation: string): number =>
    world.box.sandbox.recorder.counts()[`servicediscovery.${operation}`] ?? 0;

  it('lists 250 registries of a namespace in three pages and asks tags only of the named ones', async () => {
    world = await startAws({ scenario: manyRegistries(250) });
    const apps = valueOf((await observe(named('app-0', 'app-249'))).get('apps'));
    assert.equal(apps?.registries.size, 250);
    const registry = apps?.registries.get('app-249');
    assert.deepEqual(registry?.dnsRecords, [{ type: 'A', ttl: 10 }]);
    assert.equal(registry?.routingPolicy, 'WEIGHTED');
    assert.deepEqual(valueOf(registry?.tags), { ...OURS, METRICS_PORT: '3000' });
    assert.equal(apps?.registries.get('app-7')?.tags, undefined);
    assert.deepEqual(
      [calls('ListNamespaces'), calls('ListServices'), calls('ListTagsForResource'), calls('GetService')],
      [1, 3, 2, 0],
    );
  });

  it('reads tags again only when the cache is too old', async () => {
    world = await startAws({ scenario: manyRegistries(1) });
    const before = valueOf((await observe(named('app-0'))).get('apps'))?.registries.get('app-0');
    await world.box.cloudMap.send(
      new TagResourceCommand({ ResourceARN: before?.arn, Tags: [{ Key: 'team', Value: 'web' }] }),
    );
    await observe(named('app-0'));
    assert.equal(calls('ListTagsForResource'), 1);
    world.box.clock.advance(601_000);
    const after = valueOf((await observe(named('app-0'))).get('apps'))?.registries.get('app-0');
    assert.equal(valueOf(after?.tags)['team'], 'web');
  });

  it('lists namespaces again only when the list is old, lacks a name, or one may be gone', async () => {
    world = await startAws({ scenario: manyRegistries(1) });
    await observe(named('app-0'));
    await observe(named('app-0'));
    assert.equal(calls('ListNamespaces'), 1);
    await observe([...named('app-0'), { namespace: 'nowhere', name: 'app' }]);
    assert.equal(calls('ListNamespaces'), 2);
    await observe(named('app-0'));
    assert.equal(calls('ListNamespaces'), 3);
    world.box.clock.advance(601_000);
    await observe(named('app-0'));
    assert.equal(calls('ListNamespaces'), 4);
  });

  it('takes a namespace that is in no page for absent', async () => {
    world = await startAws({ scenario: manyRegistries(1) });
    const namespaces = await observe([{ namespace: 'nowhere', name: 'app' }]);
    assert.equal(valueOf(namespaces.get('nowhere')), undefined);
    assert.equal(calls('ListServices'), 0);
  });

  it('fails every named namespace when they cannot be listed', async () => {
    world = await startAws({ scenario: manyRegistries(1) });
    world.box.sandbox.faults.add({
      operation: 'ListNamespaces',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const error = errorOf((await observe(named('app-0'))).get('apps'));
    assert.equal(error.reason, 'AccessDenied');
    assert.match(error.remedy ?? '', /servicediscovery:ListNamespaces/);
  });

  it('lets one namespace that cannot be read fail alone', async () => {
    world = await startAws({
      scenario: { name: 'two', namespaces: [{ name: 'apps' }, { name: 'infra' }] },
    });
    world.box.sandbox.faults.add({
      operation: 'ListServices',
      count: 1,
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const namespaces = await observe([...named('a'), { namespace: 'infra', name: 'b' }]);
    const kinds = [...namespaces.values()].map((read) => read.kind).sort();
    assert.deepEqual(kinds, ['complete', 'failed']);
  });

  it('keeps a registry whose tags cannot be read, and says so in its tags', async () => {
    world = await startAws({ scenario: manyRegistries(2) });
    world.box.sandbox.faults.add({
      operation: 'ListTagsForResource',
      count: 1,
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const apps = valueOf((await observe(named('app-0', 'app-1'))).get('apps'));
    const kinds = ['app-0', 'app-1'].map((name) => apps?.registries.get(name)?.tags?.kind);
    assert.deepEqual(new Set(kinds), new Set(['complete', 'failed']));
  });

  it('goes on past empty pages that carry a token', async () => {
    world = await startAws({ scenario: manyRegistries(150) });
    for (const operation of ['ListNamespaces', 'ListServices'])
      world.box.sandbox.faults.add({ operation, count: 1, effect: { kind: 'emptyPage' } });
    assert.equal(valueOf((await observe(named('app-0'))).get('apps'))?.registries.size, 150);
  });

  it('recognises a namespace that another account shares, and asks for no tags there', async () => {
    world = await startAws({
      scenario: { name: 'shared', namespaces: [{ name: 'apps', shared: true }] },
    });
    const apps = valueOf((await observe(named('app-0'))).get('apps'));
    assert.equal(apps?.shared, true);
  });

  it('refuses to guess between two namespaces of the same name', async () => {
    world = await startAws({
      scenario: { name: 'twins', namespaces: [{ name: 'apps' }] },
    });
    world.box.sandbox.cloudMap.createNamespace({ name: 'apps', type: 'HTTP', shared: false });
    const error = errorOf((await observe(named('app-0'))).get('apps'));
    assert.equal(error.reason, 'AmbiguousNamespace');
  });

  it('does not wait for tags longer than its patience, and reads on in the next observation', async () => {
    world = await startAws({
      scenario: manyRegistries(200),
      throttling: { mode: 'documented' },
      aws: { share: 0.5, patienceMs: 5000 },
    });
    const all = named(...Array.from({ length: 200 }, (_, index) => `app-${index}`));
    const countRead = async () => {
      const apps = valueOf((await observe(all)).get('apps'));
      return [...(apps?.registries.values() ?? [])].filter(({ tags }) => tags?.kind === 'complete').length;
    };
    const first = await countRead();
    const second = await countRead();
    assert.ok(first >= 25 && first < 200, `${first} at first`);
    assert.ok(second > first, `${second} after ${first}`);
    assert.deepEqual(world.aws.calls.throttlesByApi(), {});
  });
});
