import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import type { PublishResult } from '../../controller/state/outcomes.ts';
import { targetFilePath } from '../../controller/state/targets.ts';
import type { Bundle, TargetFile } from '../../controller/state/targets.ts';
import { steadyClock } from '../support/fake-clock.ts';
import { modelPrometheus } from '../support/model-prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;
const TIMEOUT_MS = 30_000;

/** A configuration that says `text` and names the target file of each job. */
function bundle(
  text: string,
  jobs: readonly string[] = ['web'],
  others: Record<string, TargetFile> = {},
): Bundle {
  const paths = jobs.map((job) => targetFilePath(job, 'metrics'));
  return {
    config: `# ${text}\n${paths.map((path) => `- ${path}\n`).join('')}`,
    targetFiles: new Map([
      ...paths.map((path): [string, TargetFile] => [path, { kind: 'write', text: `[] ${text}` }]),
      ...Object.entries(others),
    ]),
  };
}

interface World {
  readonly prometheus: ReturnType<typeof modelPrometheus>;
  readonly clock: ReturnType<typeof steadyClock>;
  /** A controller that has just started: it knows what is on disk. */
  readonly controller: () => { publish(bundle: Bundle): Promise<PublishResult>; recover(): Promise<void> };
  readonly config: () => Promise<string>;
  readonly targets: () => Promise<readonly string[]>;
}

function makeWorld(directory: string): World {
  const clock = steadyClock();
  const prometheus = modelPrometheus(directory, clock);
  return {
    prometheus,
    clock,
    controller() {
      // Of its own: what a process waited for when it was killed is waited for no more.
      const { signal } = new AbortController();
      const publisher = createPublisher({
        directory,
        prometheusUrl: 'http://127.0.0.1:9090',
        fetch: prometheus.fetch,
        clock,
      });
      return {
        publish: (bundle) => publisher.publish(bundle, signal),
        recover: async () => publisher.recover?.(signal),
      };
    },
    config: () => readFile(join(directory, 'prometheus.yml'), 'utf8'),
    targets: async () => (await readdir(join(directory, 'targets'))).sort(),
  };
}

const GOOD = bundle('good');

describe('a publication that goes wrong', () => {
  const temporary = useTemporaryDirectory();
  let world: World;
  let controller: ReturnType<World['controller']>;
  const asked = async (work: () => Promise<PublishResult>) => {
    const before = world.prometheus.reloads;
    const result = await work();
    assert.equal(result.reloads, world.prometheus.reloads - before, 'reloads are counted');
    return result;
  };
  const publish = (bundle: Bundle) => asked(() => controller.publish(bundle));
  const pass = (ms: number) => world.clock.pass(ms);

  beforeEach(async () => {
    const directory = join(temporary(), 'bundle');
    await mkdir(directory);
    world = makeWorld(directory);
    controller = world.controller();
    await controller.publish(GOOD);
    await world.prometheus.start();
    assert.equal((await controller.publish(GOOD)).reload.kind, 'confirmed');
  });

  describe('in part', () => {
    it('is undone: the last good configuration is loaded again, not only put back', async () => {
      const { reload, reloads, written } = await publish(bundle('half'));
      assert.deepEqual(reload, { kind: 'rejected', message: 'half', restored: true });
      assert.equal(reloads, 2);
      assert.equal(world.prometheus.running, GOOD.config);
      assert.equal(await world.config(), GOOD.config);
      assert.deepEqual(written, ['targets/web.metrics.json']);
    });

    it('while the last good configuration is refused as well, says so and tries again, ever more seldom', async () => {
      const candidate = bundle('half');
      // The fault is outside of the configuration: a certificate that both name is gone.
      await writeFile(join(temporary(), 'bundle', '.prometheus.yml.last-good'), '# bad now\n');
      const { reload } = await publish(candidate);
      assert.equal(reload.kind, 'rejected');
      assert.equal(reload.restored, false);
      assert.match(reload.message, /^half It refuses the last good configuration now as well: bad$/);
      const counts: number[] = [];
      for (let minute = 0; minute < 4; minute += 1) {
        let count = 0;
        for (let second = 0; second < 60; second += 5) {
          pass(5000);
          count += (await publish(candidate)).reloads ?? 0;
        }
        counts.push(count);
      }
      assert.deepEqual(counts, [3, 1, 1, 1]);
    });
  });

  describe('while it is undone', () => {
    it('is undone by the next publication, also of the same refused configuration', async () => {
      const candidate = bundle('half');
      const fetch = world.prometheus.fetch;
      let posts = 0;
      const flaky = createPublisher({
        directory: join(temporary(), 'bundle'),
        prometheusUrl: 'http://127.0.0.1:9090',
        clock: world.clock,
        fetch: async (url, init) => {
          if (init.method === 'POST' && (posts += 1) === 2) return new Response('', { status: 503 });
          return fetch(url, init);
        },
      });
      const first = await flaky.publish(candidate, SIGNAL);
      assert.equal(first.reload.kind === 'rejected' && first.reload.restored, false);
      assert.equal(world.prometheus.running, undefined);
      assert.equal(await world.config(), GOOD.config);
      pass(5000);
      const second = await flaky.publish(candidate, SIGNAL);
      assert.deepEqual(second.reload, { kind: 'rejected', message: 'half', restored: true });
      assert.equal(second.reloads, 1);
      assert.equal(world.prometheus.running, GOOD.config);
      assert.equal((await flaky.publish(candidate, SIGNAL)).reloads, 0);
    });
  });

  describe('by the death of Prometheus', () => {
    it('has the last good configuration on disk before it starts again', async () => {
      const { reload } = await publish(bundle('deadly'));
      assert.equal(reload.kind, 'pending');
      assert.equal(await world.config(), GOOD.config);
      await world.prometheus.start();
      assert.equal(world.prometheus.running, GOOD.config);
    });

    it('is not repeated at once when it has come back', async () => {
      const candidate = bundle('deadly');
      let deaths = 0;
      for (let second = 0; second < 600; second += 5) {
        await publish(candidate);
        if (!world.prometheus.up) deaths += 1;
        await world.prometheus.start();
        pass(5000);
      }
      assert.ok(deaths <= 14, `${deaths} deaths in ten minutes`);
      assert.equal((await publish(bundle('better'))).reload.kind, 'confirmed');
    });
  });

  it('because the controller is told to stop leaves the last good configuration on disk', async () => {
    const stop = new AbortController();
    const publisher = createPublisher({
      directory: join(temporary(), 'bundle'),
      prometheusUrl: 'http://127.0.0.1:9090',
      clock: world.clock,
      fetch: async (url, init) => {
        init.signal?.throwIfAborted();
        if (init.method === 'POST') stop.abort();
        init.signal?.throwIfAborted();
        return world.prometheus.fetch(url, init);
      },
    });
    const { reload, written } = await publisher.publish(bundle('next'), stop.signal);
    assert.deepEqual([reload.kind, written], ['pending', ['targets/web.metrics.json']]);
    assert.equal(await world.config(), GOOD.config);
  });

  describe('while Prometheus is absent', () => {
    it('leaves the last good configuration for its start, writes targets, and makes up for it', async () => {
      world.prometheus.stop();
      const next = bundle('next', ['web', 'api']);
      const { reload, written, reloads } = await publish(next);
      assert.equal(reload.kind, 'pending');
      assert.deepEqual([written, reloads], [['targets/api.metrics.json', 'targets/web.metrics.json'], 0]);
      assert.equal(await world.config(), GOOD.config);
      await world.prometheus.start();
      assert.equal((await publish(next)).reload.kind, 'confirmed');
      assert.equal(world.prometheus.running, next.config);
    });

    it('asks nothing of one that replays its log, however long', async () => {
      world.prometheus.starting = true;
      for (let second = 0; second < 600; second += 5) {
        assert.equal((await publish(bundle('next'))).reload.kind, 'pending');
        pass(5000);
      }
      world.prometheus.starting = false;
      const { reload, reloads } = await publish(bundle('next'));
      assert.deepEqual([reload.kind, reloads], ['confirmed', 1]);
    });

    it('corrects a first configuration that was never judged', async () => {
      const directory = join(temporary(), 'fresh');
      const fresh = makeWorld(directory);
      await fresh.controller().publish(bundle('bad'));
      await fresh.prometheus.start();
      assert.equal(fresh.prometheus.up, false);
      await fresh.controller().publish(bundle('better'));
      await fresh.prometheus.start();
      assert.equal(fresh.prometheus.running, bundle('better').config);
    });

    it('goes back to nothing older than what a controller without a URL wrote in between', async () => {
      const directory = join(temporary(), 'bundle');
      const between = bundle('between');
      const unasked = createPublisher({ directory, fetch: world.prometheus.fetch, clock: world.clock });
      await unasked.publish(between, SIGNAL);
      world.prometheus.stop();
      controller = world.controller();
      assert.equal((await publish(bundle('next'))).reload.kind, 'pending');
      assert.equal(await world.config(), between.config);
      await world.prometheus.start();
      assert.equal((await publish(GOOD)).reload.kind, 'confirmed');
      assert.equal(world.prometheus.running, GOOD.config);
    });

    it('asks again for what a controller without a URL wrote anew', async () => {
      const directory = join(temporary(), 'bundle');
      const unasked = createPublisher({ directory, fetch: world.prometheus.fetch, clock: world.clock });
      for (const written of [bundle('between'), GOOD]) await unasked.publish(written, SIGNAL);
      assert.equal((await publish(GOOD)).reload.kind, 'confirmed');
    });

    it('is recovered from by a controller that has nothing to publish yet', async () => {
      await writeFile(join(temporary(), 'bundle', 'prometheus.yml'), '# bad\n');
      world.prometheus.stop();
      await world.controller().recover();
      await world.prometheus.start();
      assert.equal(world.prometheus.running, GOOD.config);
    });
  });

  describe('as a trial', () => {
    const API = 'targets/api.metrics.json';

    it('leaves no target file of a job that is not in force', async () => {
      const { deleted, written } = await publish(bundle('bad', ['web', 'api']));
      assert.deepEqual([written, deleted], [['targets/web.metrics.json'], []]);
      assert.deepEqual(await world.targets(), ['web.metrics.json']);
      const again = await publish(bundle('bad', ['web', 'api']));
      assert.deepEqual([again.bytesWritten, await world.targets()], [0, ['web.metrics.json']]);
    });

    it('keeps the target files of jobs that it only leaves out', async () => {
      assert.equal((await publish(bundle('both', ['web', 'api']))).reload.kind, 'confirmed');
      const trial = bundle('trial', ['web'], { [API]: { kind: 'keep' } });
      const { reload, deleted } = await publish(trial);
      assert.deepEqual([reload.kind, deleted], ['confirmed', []]);
      assert.deepEqual(await world.targets(), ['api.metrics.json', 'web.metrics.json']);
    });

    it('costs one reload when it is accepted, two when it is refused, none when it is known', async () => {
      const costs: unknown[] = [];
      for (const text of ['a', 'bad 1', 'b', 'bad 2', 'half 3', 'bad 1', 'bad 2', 'b', 'c'])
        costs.push((await publish(bundle(text))).reloads);
      assert.deepEqual(costs, [1, 2, 1, 2, 2, 0, 0, 0, 1]);
      assert.equal(world.prometheus.running, bundle('c').config);
    });
  });

  it('by kill -9 anywhere, with or without a restart of Prometheus, comes to a good end', async () => {
    const kinds = fc.constantFrom('next', 'bad', 'half', 'deadly');
    await fc.assert(
      fc.asyncProperty(
        kinds,
        kinds,
        fc.array(fc.tuple(fc.nat({ max: 9 }), fc.boolean()), { maxLength: 4 }),
        async (first, last, kills) => {
          const directory = await mkdtemp(join(temporary(), 'killed-'));
          const { prometheus, clock, controller, config } = makeWorld(directory);
          await controller().publish(GOOD);
          await prometheus.start();
          await controller().publish(GOOD);
          for (const [after, restarts] of kills) {
            const silent = prometheus.silentAfter(after);
            await Promise.race([controller().publish(bundle(first)), silent]);
            prometheus.hear();
            if (restarts) prometheus.stop();
            await prometheus.start();
          }
          const survivor = controller();
          for (let cycle = 0; cycle < 3; cycle += 1) {
            await survivor.publish(bundle(last));
            await prometheus.start();
            assert.ok(prometheus.up, 'it can start with what is on disk');
            clock.pass(30_000);
          }
          const expected = last === 'next' ? [bundle('next').config] : [GOOD.config, bundle('next').config];
          assert.ok(expected.includes(prometheus.running ?? 'a mixture'), prometheus.running);
          assert.equal(await config(), prometheus.running);
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(TIMEOUT_MS);
});
