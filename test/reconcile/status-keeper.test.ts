import assert from 'node:assert/strict';
import { terminal, transient } from '../../controller/errors.ts';
import { runController } from '../../controller/reconcile/controller.ts';
import { createTrigger } from '../../controller/reconcile/loop.ts';
import type { StatusStore } from '../../controller/reconcile/ports.ts';
import {
  createStatusKeeper,
  HEARTBEAT_MS,
  STATUS_PATIENCE_MS,
} from '../../controller/reconcile/status-keeper.ts';
import { WRITE_PATIENCE_MS } from '../../controller/reconcile/write-half.ts';
import { readStatus } from '../../controller/status/read-status.ts';
import { statusConflict, writeStatus } from '../../controller/status/stored-status.ts';
import type { StatusDocument } from '../../controller/status/stored-status.ts';
import { storedStatus, storedTarget } from '../support/stored-status.ts';
import { untilAborted } from '../support/fake-clock.ts';
import { complete, document, failed, service, task } from '../support/scrape-world.ts';
import {
  APPLY,
  file,
  lookPorts,
  memoryLogger,
  memoryPublisher,
  memoryReader,
  memorySource,
  memoryWriter,
  ours,
  whole,
} from './ports.ts';
import type { LookWorld } from './ports.ts';

const REGISTRY_ARN = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1';
const INTERVAL_MS = 30_000;

const bound = ours({
  service: complete(service({ serviceRegistries: [{ registryArn: REGISTRY_ARN }] })),
  tasks: [task('aaa')],
});
const unread = ours({ service: failed() });

interface MemoryStatus extends StatusStore {
  readonly saves: StatusDocument[];
  text: string | undefined;
  /** Thrown instead of an answer while it is there. */
  fault: Error | undefined;
}

function memoryStatus(): MemoryStatus {
  const saves: StatusDocument[] = [];
  const store: MemoryStatus = {
    uri: 'state/prod/status',
    saves,
    text: undefined,
    fault: undefined,
    async load() {
      if (store.fault !== undefined) throw store.fault;
      return store.text;
    },
    async save(text) {
      if (store.fault !== undefined) throw store.fault;
      store.text = text;
      saves.push(readStatus(text, 'x'));
    },
    owners: async () => [],
  };
  return store;
}

interface Life {
  readonly passes: number;
  readonly world: Partial<LookWorld>;
  /** Time as the first pass of this process sees it, after the first of all. */
  readonly after?: number;
  readonly beforePass?: (pass: number) => void;
}

/** One process of a controller: some passes, with the status kept in `store`. Returns what was logged. */
async function live(store: StatusStore, life: Life): Promise<string[]> {
  const { passes, world, after = 0, beforePass = () => {} } = life;
  const stop = new AbortController();
  const logger = memoryLogger();
  let now = Date.UTC(2026, 0, 1) + after;
  let done = 0;
  const clock = {
    now: () => now,
    async sleep(ms: number, signal: AbortSignal) {
      if (ms === WRITE_PATIENCE_MS || ms === STATUS_PATIENCE_MS) return untilAborted(signal);
      done += 1;
      now += ms;
      if (done === passes) stop.abort();
      else beforePass(done);
    },
  };
  const statusKeeper = createStatusKeeper(
    { status: store, clock, logger },
    { owner: 'prod', writer: { version: '0.1.0', verb: 'run', heartbeatSeconds: HEARTBEAT_MS / 1000 } },
  );
  beforePass(0);
  const ports = {
    ...lookPorts({ ...world, clock }),
    writer: memoryWriter(),
    publisher: memoryPublisher(),
    checker: undefined,
    store: undefined,
    observer: undefined,
    logger,
    clock,
    statusKeeper,
  };
  const options = { ...APPLY, intervalMs: INTERVAL_MS, jitter: 0, random: () => 0.5 };
  await runController(ports, options, createTrigger(), stop.signal);
  return logger.news();
}

const statusNews = (news: readonly string[]): readonly string[] =>
  news.filter((line) => line.includes('status'));

const conditionOf = (status: StatusDocument | undefined, type: string) =>
  status?.scrapeTargets[0]?.conditions.find((condition) => condition.type === type);

const settled = { reader: memoryReader(bound) };

describe('the status that a controller keeps', () => {
  it('says of each ScrapeTarget all that a pass knows', async () => {
    const store = memoryStatus();
    await live(store, { passes: 1, world: settled });
    const [status] = store.saves;
    const [target] = status?.scrapeTargets ?? [];
    assert.equal(status?.lastPass, '2026-01-01T00:00:00.000Z');
    assert.deepEqual(target?.source, { file: 'webapp.yaml' });
    assert.deepEqual(target?.inForce, { version: 'newest' });
    assert.equal(target?.service?.bound, true);
    assert.equal(target?.registry?.arn, REGISTRY_ARN);
    assert.equal(target?.targets.scraped[0]?.taskId, 'aaa');
    assert.equal(target?.targets.lastCompleteRead, undefined);
  });

  it('is stored once while nothing changes, and once more when the heartbeat is due', async () => {
    const store = memoryStatus();
    const perHeartbeat = HEARTBEAT_MS / INTERVAL_MS;
    await live(store, { passes: perHeartbeat, world: settled });
    assert.equal(store.saves.length, 1);
    await live(store, { passes: 2, world: settled, after: HEARTBEAT_MS - INTERVAL_MS });
    assert.equal(store.saves.length, 2);
    assert.equal(store.saves[1]?.lastPass, '2026-01-01T00:05:00.000Z');
    assert.deepEqual(store.saves[1]?.scrapeTargets, store.saves[0]?.scrapeTargets);
  });

  it('goes on after a restart: times of transition stay, and an edit is the next generation', async () => {
    const store = memoryStatus();
    await live(store, { passes: 1, world: settled });
    const edited = memorySource(whole(file(document('', 'portNumber: 4000'))));
    await live(store, { passes: 1, world: { ...settled, sources: [edited] }, after: 1000 });
    const [before, after] = store.saves;
    assert.equal(before?.scrapeTargets[0]?.observedGeneration, 1);
    assert.equal(after?.scrapeTargets[0]?.observedGeneration, 2);
    assert.equal(after?.scrapeTargets[0]?.firstSeen, '2026-01-01T00:00:00.000Z');
    assert.equal(conditionOf(after, 'Accepted')?.lastTransitionTime, '2026-01-01T00:00:00.000Z');
    assert.equal(conditionOf(after, 'Accepted')?.observedGeneration, 2);
  });

  it('keeps what cannot be read as it was told before, with the time of the last read', async () => {
    const store = memoryStatus();
    const published = {
      read: async () => new Map([['targets/webapp.metrics.json', new Set(['10.0.0.1:3000'])]]),
    };
    await live(store, { passes: 3, world: { reader: memoryReader(bound, unread), published } });
    const [, held, ...others] = store.saves;
    const [target] = held?.scrapeTargets ?? [];
    assert.deepEqual(others, [], 'a third pass that finds the same is no news');
    assert.equal(target?.targets.held, true);
    assert.equal(target?.targets.lastCompleteRead, '2026-01-01T00:00:00.000Z');
    assert.deepEqual(
      target?.targets.scraped.map(({ address }) => address),
      ['10.0.0.1:3000'],
    );
    assert.equal(target?.service?.bound, true);
  });

  it('is written over when it is damaged', async () => {
    const store = memoryStatus();
    store.text = '{"formatVersion": "1.0", "scrapeTargets": [';
    await live(store, { passes: 1, world: settled });
    assert.equal(store.saves.length, 1);
  });

  it('is left alone while what is stored there cannot be read, and goes on from it later', async () => {
    const store = memoryStatus();
    await live(store, { passes: 1, world: settled });
    const edited = memorySource(whole(file(document('', 'portNumber: 4000'))));
    const news = await live(store, {
      passes: 4,
      world: { ...settled, sources: [edited] },
      after: 1000,
      beforePass: (pass) => {
        store.fault = pass < 2 ? transient({ reason: 'Timeout', message: 'No answer.' }) : undefined;
      },
    });
    const generations = new Set(
      store.saves.slice(1).map(({ scrapeTargets }) => scrapeTargets[0]?.observedGeneration),
    );
    assert.deepEqual(generations, new Set([2]));
    assert.deepEqual(statusNews(news), [
      'warn: The status cannot be stored; everything else goes on',
      'info: The status is stored again',
    ]);
  });

  it('that cannot be stored is told once, and changes nothing else', async () => {
    const store = memoryStatus();
    store.fault = terminal({ reason: 'AccessDenied', message: 'No.' });
    const broken = await live(store, { passes: 3, world: settled });
    const news = await live(memoryStatus(), { passes: 3, world: settled });
    assert.deepEqual(statusNews(broken), ['warn: The status cannot be stored; everything else goes on']);
    assert.deepEqual(
      broken.filter((line) => !line.includes('status')),
      news,
    );
  });

  it('goes on beside another process of the same owner: the last one wins, and the other is told once', async () => {
    const store = memoryStatus();
    const rival = (process: string): void => {
      const writer = { version: '0.2.0', verb: 'run' as const, process };
      store.text = writeStatus(
        storedStatus([storedTarget({ name: 'other' })], { writer }),
        '2026-01-01T00:00:01.000Z',
      );
    };
    let known: string | undefined;
    const conditional: StatusStore = {
      ...store,
      async load(signal) {
        known = await store.load(signal);
        return known;
      },
      async save(text, signal) {
        if (store.text !== known) throw statusConflict(store.uri);
        await store.save(text, signal);
        known = text;
      },
    };
    const edit = (port: number) => whole(file(document('', `portNumber: ${port}`)));
    const news = await live(conditional, {
      passes: 3,
      world: { ...settled, sources: [memorySource(edit(4000), edit(4001), edit(4002))] },
      beforePass: (pass) => pass > 0 && rival('host/1'),
    });
    assert.deepEqual(statusNews(news), ['warn: Somebody else stores the status of the same owner']);
    assert.deepEqual(
      store.saves.map(({ scrapeTargets }) =>
        scrapeTargets.map((target) => [target.name, target.observedGeneration]),
      ),
      [[['webapp', 1]], [['webapp', 2]], [['webapp', 3]]],
    );
  });

  it('does not hold up a pass when its store hangs', async () => {
    const store = { ...memoryStatus(), save: () => new Promise<void>(() => {}) };
    const logger = memoryLogger();
    const over = { now: () => 0, sleep: async () => {} };
    const keeper = createStatusKeeper(
      { status: store, clock: over, logger },
      { owner: 'prod', writer: { version: '1', verb: 'run' } },
    );
    assert.deepEqual(await keeper.previous(), []);
    await keeper.settled();
    assert.deepEqual(logger.news(), []);
  });

  it('tells an unread source and a document without a name, which belong to no ScrapeTarget', async () => {
    const store = memoryStatus();
    const source = memorySource({
      kind: 'incomplete',
      uri: 'targets',
      files: [file(document()), file('kind: [', 'broken.yaml')],
      error: transient({ reason: 'Throttled', message: 'slow down at https://u:secret@host/' }),
    });
    await live(store, { passes: 1, world: { ...settled, sources: [source] } });
    const problems = store.saves[0]?.problems ?? [];
    assert.equal(problems[0]?.message, 'slow down at https://***@host/');
    assert.match(problems[1]?.where ?? '', /^broken\.yaml/);
  });
});
