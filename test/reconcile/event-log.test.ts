import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CLOSE_PATIENCE_MS } from '../../controller/aws/event-log.ts';
import { runController } from '../../controller/reconcile/controller.ts';
import { createTrigger } from '../../controller/reconcile/loop.ts';
import { WRITE_PATIENCE_MS } from '../../controller/reconcile/write-half.ts';
import { startAws, type AwsAtSandbox } from '../aws/support.ts';
import { documentOf, installationOf } from '../support/accounts.ts';
import { untilAborted } from '../support/fake-clock.ts';
import { useInstallation, type Installation } from '../support/installation.ts';
import { complete, document, service } from '../support/scrape-world.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import {
  APPLY,
  file,
  lookPorts,
  memoryLogger,
  memoryReader,
  memorySource,
  memoryWriter,
  ours,
  whole,
} from './ports.ts';

const GROUP = '/prometheus/operator';

type Line = Readonly<Record<string, unknown>>;

const linesOf = (aws: Installation['aws']): readonly Line[] =>
  aws.sandbox
    .truth()
    .logGroups.flatMap(({ streams }) => Object.values(streams).flat())
    .map((line): Line => JSON.parse(line));

const puts = ({ aws }: Installation): number => aws.sandbox.recorder.calls({ service: 'logs' }).length;

/** The worker sends beside the passes. */
async function untilStored({ aws }: Installation, event: string): Promise<void> {
  for (let turns = 0; turns < 100_000; turns += 1) {
    if (isStored(aws, event)) return;
    await nextTurn();
  }
  assert.fail(`${event} was never stored`);
}

const isStored = (aws: Installation['aws'], event: string): boolean =>
  linesOf(aws).some((line) => line['event'] === event);

describe('A controller with an event log', function () {
  this.timeout(20_000);
  const directory = useTemporaryDirectory();
  const install = useInstallation(directory);
  const args = ['--event-log-group', GROUP];

  it('tells what happens in the order in which it happens, once, and nothing while nothing happens', async () => {
    const it = await install({ ...installationOf({ name: 'web' }), args });
    await it.converge();
    await untilStored(it, 'ControllerSynced');
    const before = puts(it);
    for (let passes = 0; passes < 10; passes += 1) {
      it.aws.clock.advance(30_000);
      await it.pass();
    }
    assert.equal(puts(it), before);
    assert.deepEqual(
      linesOf(it.aws).map(({ event, scrapeTarget }) => [event, scrapeTarget]),
      [
        ['ScrapeTargetAdded', 'web'],
        ['FilesWritten', undefined],
        ['TargetsChanged', 'web'],
        ['ScrapeTargetReady', 'web'],
        ['ControllerSynced', undefined],
      ],
    );
  });

  it('tells what people do: a service that is scaled, a bad edit, its mending, a document that goes', async () => {
    const it = await install({ ...installationOf({ name: 'web' }, { name: 'api' }), args });
    await it.converge();
    await untilStored(it, 'ControllerSynced');
    const known = linesOf(it.aws).length;

    it.aws.sandbox.actions.scale({ cluster: 'prod', service: 'web' }, 3);
    it.aws.clock.advance(600_000);
    await it.pass();
    await it.writeDocument('web.yaml', documentOf({ name: 'web', endpoint: 'portNumber: 80800' }));
    await it.pass();
    await it.writeDocument('web.yaml', documentOf({ name: 'web' }));
    await it.pass();
    await rm(join(directory(), 'documents', 'api.yaml'));
    await it.pass();
    await untilStored(it, 'ScrapeTargetRemoved');
    await it.restart();
    const told = linesOf(it.aws)
      .slice(known)
      .map((line) => [line['event'], line['scrapeTarget'], line['added'], line['removed']]);
    assert.deepEqual(
      told.filter(([event]) => event !== 'FilesWritten' && event !== 'RegistryRetained'),
      [
        ['TargetsChanged', 'web', 1, 0],
        ['DocumentInvalid', 'web', undefined, undefined],
        ['ScrapeTargetNotReady', 'web', undefined, undefined],
        ['DocumentMended', 'web', undefined, undefined],
        ['ScrapeTargetReady', 'web', undefined, undefined],
        ['ScrapeTargetRemoved', 'api', undefined, undefined],
        ['TargetsChanged', 'api', 0, 2],
      ],
    );
  });

  it('goes on as ever while CloudWatch Logs is away, and loses nothing of a short outage', async () => {
    const it = await install({ ...installationOf({ name: 'web' }), args });
    const heal = it.aws.sandbox.faults.add({ service: 'logs', effect: { kind: 'reset', when: 'before' } });
    await it.converge();
    assert.equal((await it.targets('web'))?.length, 2);
    await it.writeDocument('web.yaml', documentOf({ name: 'web', endpoint: 'portNumber: 80800' }));
    await it.pass();
    assert.deepEqual(linesOf(it.aws), []);
    heal();
    for (let passes = 0; passes < 20 && !isStored(it.aws, 'DocumentInvalid'); passes += 1) await it.pass();
    const lines = linesOf(it.aws);
    assert.deepEqual(
      [lines[0]?.['event'], lines.at(-1)?.['event']],
      ['ScrapeTargetAdded', 'ScrapeTargetNotReady'],
    );
    assert.deepEqual(
      it.log.filter(({ message }) => message.startsWith('Events ')).map(({ message }) => message),
      ['Events cannot be stored; everything else goes on', 'Events are stored again'],
    );
  });
});

describe('A controller whose event log is away for too long', () => {
  it('loses the oldest events, and says to the last one how many', async () => {
    const world: AwsAtSandbox = await startAws({
      scenario: { name: 'empty' },
      aws: {
        clock: {
          now: () => world.box.clock.now(),
          sleep: async (ms, signal) =>
            ms === CLOSE_PATIENCE_MS ? untilAborted(signal) : world.box.clock.advance(ms),
        },
      },
    });
    const heal = world.box.sandbox.faults.add({ service: 'logs', effect: { kind: 'throttle' } });
    const logger = memoryLogger();
    const stop = new AbortController();
    const now = (): number => world.box.clock.now();
    const events = world.aws.eventLog(
      {
        group: GROUP,
        stream: 'prod/host',
        retentionDays: 30,
        owner: 'prod',
        verb: 'run',
        process: 'p1',
        limits: { records: 7, bytes: 1_000_000 },
      },
      logger,
    );
    let told = 0;
    const counting = {
      record(news: Parameters<typeof events.record>[0], at: number): void {
        told += news.length;
        events.record(news, at);
      },
      close: () => events.close(),
    };
    const [good, bad] = [file(document()), file(document('', 'portNumber: 99999'))];
    const PASSES = 40;
    const edits = Array.from({ length: PASSES }, (_, i) => whole(i % 2 === 0 ? bad : good));
    let done = 0;
    const clock = {
      now,
      async sleep(ms: number, signal: AbortSignal): Promise<void> {
        if (ms === WRITE_PATIENCE_MS) return untilAborted(signal);
        done += 1;
        if (done === PASSES) {
          heal();
          stop.abort();
        }
        // Time for what is sent beside the passes.
        await nextTurn();
        world.box.clock.advance(ms);
      },
    };
    const bound = ours({
      service: complete(
        service({
          serviceRegistries: [
            { registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' },
          ],
        }),
      ),
    });
    const ports = {
      ...lookPorts({ reader: memoryReader(bound), sources: [memorySource(whole(good), ...edits)], clock }),
      writer: memoryWriter(),
      publisher: undefined,
      checker: undefined,
      store: undefined,
      observer: undefined,
      logger,
      events: counting,
    };
    const options = { ...APPLY, intervalMs: 30_000, jitter: 0, random: () => 0.5 };
    await runController(ports, options, createTrigger(), stop.signal);
    assert.ok(told > 50, `only ${told} events`);
    await events.close();
    const lines = linesOf(world.box);
    const dropped = lines.reduce((sum, line) => sum + Number(line['dropped'] ?? 0), 0);
    const kept = lines.filter(({ event }) => event !== 'EventsDropped').length;
    assert.ok(dropped > 0);
    assert.equal(dropped + kept, told);
    await world.close();
  });
});
