import assert from 'node:assert/strict';
import { waiting } from '../../controller/errors.ts';
import { NO_MEMORY, readMemory, writeMemory, type Memory } from '../../controller/reconcile/memory.ts';
import { look, type View } from '../../controller/reconcile/look.ts';
import type { BundleChecker, TextReader } from '../../controller/reconcile/ports.ts';
import { publishView, type Published } from '../../controller/reconcile/publish.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import { instantClock } from '../support/fake-clock.ts';
import { document, observed } from '../support/scrape-world.ts';
import {
  file,
  LOOK,
  lookPorts,
  memoryPublisher,
  memoryReader,
  memorySource,
  memoryText,
  never,
  PUBLISHED,
  whole,
  type MemoryReader,
} from './ports.ts';

/** A Prometheus that refuses a configuration with the word `poison` in it, in its own words. */
function poisoned() {
  const refused = (bundle: Bundle): boolean => bundle.config.includes('poison');
  return memoryPublisher((bundle) => ({
    ...PUBLISHED,
    reload: refused(bundle)
      ? { kind: 'rejected', message: 'poison is not allowed', restored: true }
      : { kind: 'confirmed', at: '2026-01-01T00:00:00Z' },
  }));
}

/** Away for some publications, of which it starts with one by itself; then it answers like {@link poisoned}. */
function startsLater(away = 1) {
  const silence = waiting({ reason: 'PrometheusUnreachable', message: 'nobody answers' });
  const judge = poisoned();
  const publisher = memoryPublisher((bundle) =>
    publisher.bundles.length <= away
      ? { ...PUBLISHED, reload: { kind: 'pending', error: silence } }
      : judge.publish(bundle, never()),
  );
  return publisher;
}

/** One document each; a version with poison in it has a relabel rule that this Prometheus refuses. */
const clean = (name: string) => file(document('', 'portNumber: 3000', name), `${name}.yaml`);
const poison = (name: string) =>
  file(
    document(
      '',
      'portNumber: 3000\nmetricRelabelings: [{action: drop, sourceLabels: [poison], regex: x}]',
      name,
    ),
    `${name}.yaml`,
  );

type Publisher = ReturnType<typeof poisoned>;

interface Step {
  readonly files: readonly ReturnType<typeof file>[];
  readonly base?: TextReader;
}

/** Passes one after another, each with the memory of the one before. */
async function publishAll(
  steps: readonly Step[],
  publisher: Publisher,
  options: {
    readonly checker?: BundleChecker;
    readonly memory?: Memory;
    readonly reader?: MemoryReader;
    readonly beforeOffer?: (memory: Memory) => Promise<void>;
  } = {},
): Promise<{ readonly last: Published; readonly view: View }> {
  let memory = options.memory ?? NO_MEMORY;
  let result: { last: Published; view: View } | undefined;
  for (const { files, base } of steps) {
    const ports = lookPorts({
      sources: [memorySource(whole(...files))],
      baseConfig: base,
      ...(options.reader && { reader: options.reader }),
    });
    const view = await look(ports, LOOK, memory, never());
    const last = await publishView(
      view,
      {
        publisher,
        checker: options.checker,
        clock: instantClock(),
        beforeOffer: options.beforeOffer,
      },
      never(),
    );
    ({ memory } = last);
    result = { last, view };
  }
  assert.ok(result !== undefined);
  return result;
}

const jobs = (bundle: Bundle | undefined): string[] =>
  [...(bundle?.config ?? '').matchAll(/job_name: (\S+)\/metrics/g)].map((match) => match[1] ?? '');

describe('a version that Prometheus refuses', () => {
  it('is found, named with its words, and left out; everything else is in force in the same pass', async () => {
    const publisher = poisoned();
    const { last } = await publishAll(
      [{ files: [clean('a')] }, { files: [clean('a'), clean('b'), poison('c'), clean('d')] }],
      publisher,
    );
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'b', 'd']);
    assert.deepEqual([...last.refused], [['c', { message: 'poison is not allowed', olderInForce: false }]]);
    assert.equal(last.publication.kind === 'published' && last.publication.result.reload.kind, 'confirmed');
  });

  it('gives way to the version that Prometheus has loaded', async () => {
    const publisher = poisoned();
    const { last } = await publishAll(
      [{ files: [clean('a'), clean('b')] }, { files: [clean('a'), poison('b')] }],
      publisher,
    );
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'b']);
    assert.equal(last.refused.get('b')?.olderInForce, true);
  });

  it('never takes a loaded job out of the configuration while the culprit is looked for', async () => {
    const publisher = poisoned();
    await publishAll(
      [{ files: [clean('a'), clean('b')] }, { files: [clean('a'), poison('b'), clean('c'), poison('d')] }],
      publisher,
    );
    for (const bundle of publisher.bundles) assert.deepEqual(jobs(bundle).slice(0, 2), ['a', 'b']);
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'b', 'c']);
  });

  it('never takes away what Prometheus has started with by itself, also after a restart', async () => {
    const publisher = startsLater();
    const { last } = await publishAll([{ files: [clean('a'), clean('b')] }], publisher);
    const memory = readMemory(writeMemory(last.memory), {});
    const after = await publishAll(
      [{ files: [clean('a'), poison('b'), poison('c'), clean('d')] }],
      publisher,
      {
        memory,
      },
    );
    for (const bundle of publisher.bundles) assert.deepEqual(jobs(bundle).slice(0, 2), ['a', 'b']);
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'b', 'd']);
    assert.deepEqual(
      [...after.last.refused].map(([name, { olderInForce }]) => [name, olderInForce]),
      [
        ['b', true],
        ['c', false],
      ],
    );
    assert.deepEqual(after.last.memory.offered, []);
  });

  it('never takes away what Prometheus has of one of several offers that nobody heard a verdict of', async () => {
    const publisher = startsLater(2);
    const first = { files: [clean('a'), clean('b')] };
    const second = { files: [clean('a'), poison('b')] };
    const { last } = await publishAll([first, second], publisher);
    const memory = readMemory(writeMemory(last.memory), {});
    const heard = publisher.bundles.length;
    await publishAll([second], publisher, { memory });
    for (const bundle of publisher.bundles.slice(heard)) assert.deepEqual(jobs(bundle), ['a', 'b']);
  });

  it('never takes away what Prometheus loaded right before the controller was killed', async () => {
    const publisher = poisoned();
    const saved: string[] = [];
    const beforeOffer = async (memory: Memory) => void saved.push(writeMemory(memory));
    await publishAll([{ files: [clean('a'), clean('b')] }], publisher, { beforeOffer });
    const memory = readMemory(saved.at(-1) ?? '', {});
    const heard = publisher.bundles.length;
    await publishAll([{ files: [clean('a'), poison('b'), clean('c')] }], publisher, { memory });
    for (const bundle of publisher.bundles.slice(heard))
      assert.deepEqual(jobs(bundle).slice(0, 2), ['a', 'b']);
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'b', 'c']);
  });

  it('tells of an offer before it is made, once, and of none while nothing is new', async () => {
    const publisher = poisoned();
    let told = 0;
    const beforeOffer = async () => {
      told += 1;
      assert.equal(publisher.bundles.length, 0);
    };
    const step = { files: [clean('a')] };
    const { last } = await publishAll([step], publisher, { beforeOffer });
    assert.equal(told, 1);
    await publishAll([step, step], publisher, {
      memory: last.memory,
      beforeOffer: () => assert.fail('nothing is new'),
    });
  });

  it('is found all the same when it was in what Prometheus could not start with', async () => {
    const publisher = startsLater();
    const step = { files: [clean('a'), poison('b')] };
    const { last } = await publishAll([step, step], publisher);
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a']);
    assert.deepEqual([...last.refused.keys()], ['b']);
  });

  it('marks the targets of a version until it is loaded', async () => {
    const publisher = poisoned();
    const reader = memoryReader(observed());
    const before = [clean('webapp')];
    const after = [file(document('', 'portNumber: 3001', 'webapp'))];
    const steps = [before, before, after, after].map((files) => ({ files }));
    await publishAll(steps, publisher, { reader });
    const marked = publisher.bundles.map(({ targetFiles }) => {
      const target = targetFiles.get('targets/webapp.metrics.json');
      return target?.kind === 'write' && target.untried === true;
    });
    assert.deepEqual(marked, [true, false, true, false]);
  });

  it('is not offered again while its document stays the same, also after a restart', async () => {
    const publisher = poisoned();
    const step = { files: [clean('a'), poison('b')] };
    const { last } = await publishAll([{ files: [clean('a')] }, step], publisher);
    const before = publisher.bundles.length;
    const memory = readMemory(writeMemory(last.memory), {});
    const again = await publishAll([step, step], publisher, { memory });
    assert.equal(publisher.bundles.length, before + 2);
    assert.deepEqual([...again.last.refused.keys()], ['b']);
  });

  it('is not offered again when its document was gone for a pass', async () => {
    const publisher = poisoned();
    const without = { files: [clean('a')] };
    const refused = { files: [clean('a'), poison('b')] };
    const { last } = await publishAll([without, refused, without, refused], publisher);
    assert.equal(publisher.bundles.filter(({ config }) => config.includes('poison')).length, 1);
    assert.deepEqual([...last.refused.keys()], ['b']);
  });

  it('is offered again when its document changes', async () => {
    const publisher = poisoned();
    const { last } = await publishAll(
      [{ files: [clean('a')] }, { files: [clean('a'), poison('b')] }, { files: [clean('a'), clean('b')] }],
      publisher,
    );
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'b']);
    assert.deepEqual([...last.refused], []);
  });

  it('never reaches Prometheus where a checker finds it first', async () => {
    const publisher = poisoned();
    let checks = 0;
    const checker: BundleChecker = {
      async check({ config }) {
        checks += 1;
        return config.includes('poison')
          ? { kind: 'refused', message: 'promtool says no' }
          : { kind: 'accepted' };
      },
    };
    const step = { files: [clean('a'), poison('b')] };
    const { last } = await publishAll([{ files: [clean('a')] }, step, step], publisher, { checker });
    assert.ok(publisher.bundles.every(({ config }) => !config.includes('poison')));
    assert.equal(last.refused.get('b')?.message, 'promtool says no');
    const before = checks;
    await publishAll([step], publisher, { checker, memory: last.memory });
    assert.equal(checks, before, 'an accepted configuration is not checked again');
  });

  it('is the only one to be blamed where the checker takes it and Prometheus does not', async () => {
    const checker: BundleChecker = { check: async () => ({ kind: 'accepted' }) };
    for (const bad of ['b', 'c', 'd']) {
      const publisher = poisoned();
      const news = ['b', 'c', 'd'].map((name) => (name === bad ? poison(name) : clean(name)));
      const { last } = await publishAll(
        [{ files: [clean('a')] }, { files: [clean('a'), ...news] }],
        publisher,
        {
          checker,
        },
      );
      assert.deepEqual([...last.refused.keys()], [bad]);
      assert.deepEqual(jobs(publisher.bundles.at(-1)), [
        'a',
        ...['b', 'c', 'd'].filter((name) => name !== bad),
      ]);
    }
  });

  it('is found with the help of Prometheus where the checker sees only some of them, in the same pass', async () => {
    const publisher = poisoned();
    const checker: BundleChecker = {
      check: async ({ config }) =>
        config.includes('job_name: d/metrics')
          ? { kind: 'refused', message: 'promtool says no' }
          : { kind: 'accepted' },
    };
    const { last } = await publishAll(
      [{ files: [clean('a')] }, { files: [clean('a'), poison('b'), clean('c'), clean('d')] }],
      publisher,
      { checker },
    );
    assert.deepEqual(jobs(publisher.bundles.at(-1)), ['a', 'c']);
    assert.deepEqual(
      [...last.refused].map(([name, { message }]) => [name, message]),
      [
        ['d', 'promtool says no'],
        ['b', 'poison is not allowed'],
      ],
    );
    assert.equal(last.publication.kind === 'published' && last.publication.result.reload.kind, 'confirmed');
  });
});

describe('a base configuration that Prometheus refuses', () => {
  const good = 'global: {scrape_interval: 7s}\n';
  const bad = 'global: {scrape_interval: 8s, external_labels: {x: poison}}\n';

  it('leaves the last good one in force, and lets documents change all the same', async () => {
    const publisher = poisoned();
    const { last, view } = await publishAll(
      [
        { files: [clean('a')], base: memoryText(good) },
        { files: [clean('a'), clean('b')], base: memoryText(bad) },
        { files: [clean('a'), clean('b')], base: memoryText(bad) },
      ],
      publisher,
    );
    const final = publisher.bundles.at(-1);
    assert.deepEqual(jobs(final), ['a', 'b']);
    assert.match(final?.config ?? '', /7s/);
    assert.deepEqual([...last.refused], []);
    assert.equal(view.baseConfigError?.reason, 'BaseConfigRefused');
    assert.match(view.baseConfigError?.message ?? '', /poison is not allowed/);
  });

  it('is told as it is when there is nothing to go back to', async () => {
    const publisher = poisoned();
    const { last } = await publishAll(
      [{ files: [clean('a'), clean('b')], base: memoryText(bad) }],
      publisher,
    );
    assert.equal(last.publication.kind === 'published' && last.publication.result.reload.kind, 'rejected');
    assert.deepEqual([...last.refused], []);
    assert.ok(publisher.bundles.length <= 2);
  });
});
