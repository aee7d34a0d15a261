import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import {
  attributeEntries,
  discoverTagged,
  taggedGroups,
  type TaggedEntries,
} from '../../controller/scrape/tagged-registries.ts';
import type { TaggedInstance, TaggedNamespace } from '../../controller/state/tagged.ts';
import type { Read } from '../../controller/state/observed.ts';
import { complete } from '../support/scrape-world.ts';

const RULES = { claimed: new Set<string>(), sampleLabelsOnly: true };
const error = transient({ reason: 'Throttled', message: 'slow down' });
const failed = { kind: 'failed', error } as const;

const instance = (overrides: Partial<TaggedInstance> = {}): TaggedInstance => ({
  id: 'task-1',
  ip: '10.0.0.1',
  port: undefined,
  cluster: 'shop',
  service: 'Web',
  taskDefinitionFamily: 'WebTask',
  ...overrides,
});

const registry = (
  name: string,
  tags: Readonly<Record<string, string>>,
  ...instances: readonly TaggedInstance[]
) => ({ name, read: complete({ tags, instances }) });

const world = (namespaces: Readonly<Record<string, Read<TaggedNamespace>>>) =>
  complete(new Map(Object.entries(namespaces)));

const holding = (...registries: TaggedNamespace['registries']) => complete({ exists: true, registries });

const TAGS = { METRICS_PATH: '/metrics', METRICS_PORT: '3000' };
const NONE: TaggedEntries = new Map();

const addresses = (entries: TaggedEntries): readonly string[] =>
  taggedGroups(entries).flatMap(({ targets }) => targets);

const discover = (tags: Readonly<Record<string, string>>, ...instances: readonly TaggedInstance[]) =>
  discoverTagged(world({ ns: holding(registry('web', tags, ...instances)) }), NONE, RULES);

describe('Targets that only tags ask for', () => {
  it('have one entry for the task and one for its exporter of ECS metrics', () => {
    const { entries, skipped } = discover(
      { ...TAGS, ECS_METRICS_PATH: '/ecs', ECS_METRICS_PORT: '9779' },
      instance(),
    );
    const labels = { cluster: 'shop', service: 'Web', taskdefinition: 'WebTask' };
    assert.deepEqual(taggedGroups(entries), [
      { targets: ['10.0.0.1:3000'], labels: { __metrics_path__: '/metrics', ...labels } },
      { targets: ['10.0.0.1:9779'], labels: { __metrics_path__: '/ecs', ...labels } },
    ]);
    assert.deepEqual(skipped, []);
  });

  it('take the port of the instance where no tag tells one', () => {
    const { entries } = discover({ METRICS_PATH: '/metrics' }, instance({ port: 32_768 }));
    assert.deepEqual(addresses(entries), ['10.0.0.1:32768']);
  });

  const unusable: [string, Readonly<Record<string, string>>, Partial<TaggedInstance>, RegExp][] = [
    ['no address', TAGS, { ip: undefined }, /instance task-1: it has no IP address/],
    ['no port', { METRICS_PATH: '/m' }, {}, /no tag METRICS_PORT, and the instance no port/],
    ['a port of 0', { ...TAGS, METRICS_PORT: '0' }, {}, /METRICS_PORT is not a port number/],
    ['a port that is text', { ...TAGS, METRICS_PORT: 'web' }, {}, /METRICS_PORT is not a port number/],
    ['no port for ECS metrics', { ECS_METRICS_PATH: '/m' }, { port: 80 }, /no tag ECS_METRICS_PORT$/],
  ];
  for (const [what, tags, overrides, why] of unusable)
    it(`are left out with a reason where there is ${what}`, () => {
      const { entries, skipped } = discover(tags, instance(overrides));
      assert.deepEqual(addresses(entries), []);
      assert.match(skipped.join(), why);
    });

  it('are written once when a task is in two registries', () => {
    const both = holding(registry('a', TAGS, instance()), registry('b', TAGS, instance()));
    assert.equal(taggedGroups(discoverTagged(world({ ns: both }), NONE, RULES).entries).length, 1);
  });

  it('are not those of a registry that a document claims', () => {
    const seen = world({ ns: holding(registry('web', TAGS, instance())) });
    const claimed = { ...RULES, claimed: new Set(['ns/web']) };
    const before = discoverTagged(seen, NONE, RULES).entries;
    assert.deepEqual(addresses(discoverTagged(seen, before, claimed).entries), []);
    assert.deepEqual(addresses(discoverTagged(failed, before, claimed).entries), []);
  });

  describe('when something cannot be read', () => {
    const full = world({
      a: holding(registry('x', TAGS, instance()), registry('y', TAGS, instance({ ip: '10.0.0.2' }))),
      b: holding(registry('z', TAGS, instance({ ip: '10.0.0.3' }))),
    });
    const before = discoverTagged(full, NONE, RULES).entries;
    const after = (seen: Parameters<typeof discoverTagged>[0]): readonly string[] =>
      addresses(discoverTagged(seen, before, RULES).entries);

    it('all stay where not even the names of the namespaces are known', () => {
      assert.deepEqual(after(failed), ['10.0.0.1:3000', '10.0.0.2:3000', '10.0.0.3:3000']);
    });

    it('those of a failed namespace stay, and an empty one is believed', () => {
      assert.deepEqual(after(world({ a: failed, b: holding() })), ['10.0.0.1:3000', '10.0.0.2:3000']);
    });

    it('those of a failed registry stay, and a registry that is gone is believed', () => {
      const seen = world({ a: holding({ name: 'y', read: failed }), b: holding() });
      assert.deepEqual(after(seen), ['10.0.0.2:3000']);
    });

    it('a registry that is missing from a list that was not whole stays', () => {
      const seen = world({ a: complete({ exists: true, registries: [], unread: error }), b: holding() });
      assert.deepEqual(after(seen), ['10.0.0.1:3000', '10.0.0.2:3000']);
    });

    it('a namespace that is not named any more is gone', () => {
      assert.deepEqual(after(world({ b: failed })), ['10.0.0.3:3000']);
    });
  });

  describe('that are on disk when the controller starts', () => {
    const onDisk = [
      { targets: ['10.0.0.1:3000'], labels: { __metrics_path__: '/metrics' } },
      { targets: ['10.0.0.9:3000'], labels: { __metrics_path__: '/metrics' } },
    ];
    const seen = world({ a: holding(registry('x', TAGS, instance())), b: failed });

    it('stay until everything has been read once, without being written twice', () => {
      const before = attributeEntries(onDisk, NONE);
      const first = discoverTagged(seen, before, RULES).entries;
      assert.deepEqual(addresses(first).toSorted(), ['10.0.0.1:3000', '10.0.0.9:3000']);
      const whole = world({ a: holding(registry('x', TAGS, instance())), b: holding() });
      assert.deepEqual(addresses(discoverTagged(whole, first, RULES).entries), ['10.0.0.1:3000']);
    });

    it('are those of the registry that an earlier process knew for them', () => {
      const remembered = new Map([['a/gone', onDisk]]);
      const before = attributeEntries(onDisk.slice(1), remembered);
      assert.deepEqual([...before], [['a/gone', onDisk.slice(1)]]);
      assert.deepEqual(addresses(discoverTagged(seen, before, RULES).entries), ['10.0.0.1:3000']);
    });
  });
});
