import assert from 'node:assert/strict';
import { terminal, transient, waiting } from '../../controller/errors.ts';
import { runController, runDryController } from '../../controller/reconcile/controller.ts';
import { createTrigger } from '../../controller/reconcile/loop.ts';
import type { Clock, PublishResult, ReloadResult } from '../../controller/reconcile/ports.ts';
import type { ObservedState } from '../../controller/state/observed.ts';
import { instantClock, untilAborted } from '../support/fake-clock.ts';
import { complete, document, failed, service, task } from '../support/scrape-world.ts';
import { deployment } from '../support/plans.ts';
import {
  APPLY,
  file,
  inTurn,
  lookPorts,
  memoryLogger,
  memoryPublisher,
  memoryReader,
  memorySource,
  memoryText,
  memoryWriter,
  ours,
  PUBLISHED,
  whole,
} from './ports.ts';
import { WRITE_PATIENCE_MS } from '../../controller/reconcile/write-half.ts';
import type { LookWorld, MemoryPublisher, MemoryWriter } from './ports.ts';

const EVERY_30_S = { intervalMs: 30_000, jitter: 0, random: () => 0.5 };
const REGISTRY_ARN = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1';

const bound = (overrides: Parameters<typeof service>[0] = {}): ObservedState =>
  ours({
    service: complete(service({ serviceRegistries: [{ registryArn: REGISTRY_ARN }], ...overrides })),
    tasks: [task('aaa')],
  });

const NOT_ASKED = { store: undefined, observer: undefined, checker: undefined };

interface World extends Partial<LookWorld> {
  readonly writer?: MemoryWriter;
  readonly publisher?: MemoryPublisher;
}

/** Runs some passes of the controller, and returns what each of them logged. */
async function passes(count: number, world: World): Promise<{ news: string[][]; slept: number[] }> {
  const clock = instantClock();
  const logger = memoryLogger();
  const stop = new AbortController();
  const news: string[][] = [];
  const ports = {
    ...lookPorts(world),
    writer: world.writer ?? memoryWriter(),
    publisher: world.publisher ?? memoryPublisher(),
    clock: stopAfter(count, clock, stop, () => news.push(logger.news())),
    logger,
    ...NOT_ASKED,
  };
  await runController(ports, { ...APPLY, ...EVERY_30_S }, createTrigger(), stop.signal);
  return { news, slept: clock.slept };
}

/** Every pass ends in one sleep, that beside its writes not counted; the last of them is not slept through. */
function stopAfter(count: number, clock: Clock, stop: AbortController, onPass: () => void): Clock {
  let done = 0;
  return {
    now: () => clock.now(),
    async sleep(ms, signal) {
      if (ms === WRITE_PATIENCE_MS) return untilAborted(signal);
      onPass();
      done += 1;
      if (done === count) stop.abort();
      await clock.sleep(ms, signal);
    },
  };
}

const published = (reload: ReloadResult, written: readonly string[] = []): PublishResult => ({
  ...PUBLISHED,
  written,
  reload,
});

const valid = file(document());
const invalid = file(document('', 'portNumber: 99999'));

describe('the controller', () => {
  it('logs what it changed, and is silent while nothing changes', async () => {
    const { news } = await passes(3, {
      reader: memoryReader(ours({ tasks: [task('aaa')] }), bound()),
      publisher: memoryPublisher(
        inTurn(
          published({ kind: 'confirmed', at: '2026-01-01T00:00:00.000Z' }, ['prometheus.yml']),
          PUBLISHED,
        ),
      ),
    });
    assert.deepEqual(news[0], [
      'info: ScrapeTarget added',
      'info: Service bound',
      'info: Wrote Prometheus files',
      'info: Prometheus reloaded',
      'info: Targets changed',
      'info: ECS replaces the tasks of a bound service',
      'info: Condition changed',
      'info: First pass done',
    ]);
    assert.deepEqual(news[1], ['info: Rollout finished', 'info: Condition changed']);
    assert.deepEqual(news[2], []);
  });

  it('tells an invalid document once, and once more when it is mended', async () => {
    const { news } = await passes(4, {
      reader: memoryReader(bound()),
      sources: [memorySource(whole(valid), whole(invalid), whole(invalid), whole(valid))],
    });
    assert.ok(news[1]?.includes('error: Input is faulty; what was valid last stays in force'));
    assert.deepEqual(news[2], []);
    assert.ok(news[3]?.includes('info: Input is mended'));
  });

  it('tells a faulty base configuration once, and once more when it is mended', async () => {
    const base = 'global: {}\n';
    const gone = terminal({ reason: 'SourceNotFound', message: 'gone' });
    const { news } = await passes(4, {
      reader: memoryReader(bound()),
      baseConfig: memoryText(base, gone, gone, base),
    });
    assert.deepEqual(news.slice(1), [
      ['error: Input is faulty; what was valid last stays in force'],
      [],
      ['info: Input is mended'],
    ]);
  });

  for (const [what, reload] of [
    ['unreachable', { kind: 'pending', error: waiting({ reason: 'PrometheusUnreachable', message: 'no' }) }],
    ['against the configuration', { kind: 'rejected', message: 'unknown field', restored: true }],
  ] as const) {
    it(`tells once that Prometheus is ${what}, and once that it is over`, async () => {
      const result = published(reload);
      const { news } = await passes(4, {
        reader: memoryReader(bound()),
        publisher: memoryPublisher(inTurn(PUBLISHED, result, result, PUBLISHED)),
      });
      assert.equal(
        news[1]?.[0],
        'warn: Prometheus does not have the newest files; it goes on with those before',
      );
      assert.deepEqual(news[2], []);
      assert.equal(news[3]?.[0], 'info: Prometheus has the newest files again');
    });
  }

  it('tells once that the files cannot be written, also where there is no ScrapeTarget', async () => {
    const { news } = await passes(2, {
      sources: [memorySource(whole())],
      publisher: memoryPublisher(() =>
        Promise.reject(terminal({ reason: 'BundleNotWritten', message: 'no space' })),
      ),
    });
    assert.deepEqual(news, [
      [
        'warn: Prometheus does not have the newest files; it goes on with those before',
        'info: First pass done',
      ],
      [],
    ]);
  });

  it('tells a failed change once, and goes on trying', async () => {
    const error = transient({ reason: 'Throttled', message: 'slow down' });
    const writer = memoryWriter(() => ({ kind: 'failed', error }));
    const { news } = await passes(2, { writer });
    assert.deepEqual(writer.sent, ['bindService', 'bindService']);
    assert.deepEqual(
      news.map((told) => told.includes('warn: Change failed')),
      [true, false],
    );
  });

  it('keeps AWS and Prometheus as they are after a pass that fails as a whole', async () => {
    const publisher = memoryPublisher();
    const gone = terminal({ reason: 'SourceNotFound', message: 'gone' });
    const { news } = await passes(2, {
      reader: memoryReader(bound()),
      publisher,
      baseConfig: memoryText(gone, 'global: {}\n'),
    });
    assert.deepEqual(news[0], ['error: Pass failed; everything stays as it is until the next one']);
    assert.equal(publisher.bundles.length, 1);
  });

  it('looks at once at what it has just written', async () => {
    const stop = new AbortController();
    const reader = memoryReader(ours(), bound());
    const ports = {
      ...lookPorts({ reader }),
      writer: memoryWriter(),
      publisher: undefined,
      ...NOT_ASKED,
      logger: memoryLogger(),
      clock: {
        now: () => Date.UTC(2026, 0, 1),
        sleep: (_ms: number, signal: AbortSignal) =>
          new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve(), { once: true });
          }),
      },
    };
    await runController(ports, { ...APPLY, ...EVERY_30_S }, createTrigger(), stop.signal, ({ outcomes }) => {
      if (outcomes.length === 0) stop.abort();
    });
    assert.equal(reader.scopes.length, 2);
  });

  it('waits for the interval when nothing was written, and less while a rollout is under way', async () => {
    const rolling = bound({
      deployments: [deployment({ rolloutState: 'IN_PROGRESS', runningCount: 1 })],
    });
    const { slept } = await passes(2, { reader: memoryReader(rolling, bound()) });
    assert.deepEqual(slept, [15_000, 30_000]);
  });

  it('does not send a binding again that ECS has rolled back, until the document changes', async () => {
    const writer = memoryWriter();
    const changed = file(document('  labels: {env: other}'));
    const reason = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0.';
    const rolledBack = ours({
      service: complete(service({ deployments: [deployment({ rolloutStateReason: reason })] })),
      tasks: [task('aaa')],
    });
    const sent: number[] = [];
    const count = memoryPublisher(() => {
      sent.push(writer.sent.length);
      return PUBLISHED;
    });
    await passes(4, {
      writer,
      publisher: count,
      reader: memoryReader(ours({ tasks: [task('aaa')] }), rolledBack),
      sources: [memorySource(whole(valid), whole(valid), whole(valid), whole(changed))],
    });
    assert.equal(writer.sent.length, 2);
    assert.deepEqual(sent.slice(1, 3), [1, 1]);
  });

  it('sends a binding again whose call failed', async () => {
    const error = transient({ reason: 'Throttled', message: 'slow down' });
    const writer = memoryWriter(
      inTurn<{ kind: 'failed'; error: typeof error } | { kind: 'applied' }>(
        { kind: 'failed', error },
        { kind: 'applied' },
      ),
    );
    await passes(3, { writer, reader: memoryReader(ours(), ours(), bound()) });
    assert.deepEqual(writer.sent, ['bindService', 'bindService']);
  });

  it('keeps the targets in force while AWS cannot be read', async () => {
    const publisher = memoryPublisher();
    const blind = ours({ service: failed(), tasks: failed(), namespace: failed() });
    const writer = memoryWriter();
    await passes(2, { writer, publisher, reader: memoryReader(bound(), blind) });
    const path = 'targets/webapp.metrics.json';
    assert.deepEqual(
      publisher.bundles.map(({ targetFiles }) => targetFiles.get(path)?.kind),
      ['write', 'keep'],
    );
    assert.deepEqual(writer.sent, []);
    assert.equal(publisher.bundles[0]?.config, publisher.bundles[1]?.config);
  });
});

describe('the controller in a dry run', () => {
  async function dryPasses(count: number, world: World): Promise<string[][]> {
    const logger = memoryLogger();
    const stop = new AbortController();
    const news: string[][] = [];
    const clock = stopAfter(count, instantClock(), stop, () => news.push(logger.news()));
    const publisher = world.publisher ?? memoryPublisher();
    const ports = { ...lookPorts(world), ...NOT_ASKED, publisher, clock, logger };
    await runDryController(ports, { ...APPLY, ...EVERY_30_S }, createTrigger(), stop.signal);
    assert.deepEqual(publisher.bundles, []);
    return news;
  }

  it('says what would be done whenever that changes, and publishes nothing', async () => {
    const news = await dryPasses(3, { reader: memoryReader(ours(), ours(), bound()) });
    assert.deepEqual(news, [
      ['info: Dry run: this would be done'],
      [],
      ['info: Dry run: this would be done'],
    ]);
  });

  it('tells faulty documents as the real run does', async () => {
    const news = await dryPasses(1, { sources: [memorySource(whole(invalid))] });
    assert.equal(news[0]?.[0], 'error: Input is faulty; what was valid last stays in force');
  });
});
