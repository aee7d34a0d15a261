import assert from 'node:assert/strict';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CLOSE_PATIENCE_MS, type EventLogOptions } from '../../controller/aws/event-log.ts';
import type { EventSink, LogFields } from '../../controller/reconcile/ports.ts';
import type { FaultEffect } from '../../controller/sandbox/effects/effect.ts';
import type { OperatorEvent } from '../../controller/status/events.ts';
import { untilAborted } from '../support/fake-clock.ts';
import { startAws, type AwsAtSandbox } from './support.ts';

const GROUP = '/prometheus/operator';
const STREAM = 'prod/host';

const added = (scrapeTarget: string): OperatorEvent => ({ name: 'ScrapeTargetAdded', scrapeTarget });

/** Says when a message was logged, and what logged it has gone to rest. */
function waitingLogger() {
  const records: { readonly level: string; readonly message: string; readonly fields: LogFields }[] = [];
  const waits: { readonly message: string; readonly resolve: () => void }[] = [];
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      records.push({ level, message, fields });
      for (const wait of waits) if (wait.message === message) setImmediate(wait.resolve);
    };
  return {
    info: at('info'),
    warn: at('warn'),
    records,
    says: (message: string): Promise<void> =>
      new Promise((resolve) => {
        waits.push({ message, resolve });
      }),
  };
}

const CANNOT = 'Events cannot be stored; everything else goes on';
const AGAIN = 'Events are stored again';

describe('The event log', () => {
  let world: AwsAtSandbox;
  let logger: ReturnType<typeof waitingLogger>;
  let patient: boolean;

  beforeEach(async () => {
    patient = true;
    logger = waitingLogger();
    const clock = {
      now: () => world.box.clock.now(),
      async sleep(ms: number, signal: AbortSignal) {
        if (ms === CLOSE_PATIENCE_MS) return patient ? untilAborted(signal) : undefined;
        world.box.clock.advance(ms);
        return undefined;
      },
    };
    world = await startAws({ scenario: { name: 'empty' }, aws: { clock } });
  });
  afterEach(() => world.close());

  const open = (options: Partial<EventLogOptions> = {}): EventSink =>
    world.aws.eventLog(
      {
        group: GROUP,
        stream: STREAM,
        retentionDays: 30,
        owner: 'prod',
        verb: 'run',
        process: 'p1',
        ...options,
      },
      logger,
    );
  const record = (events: EventSink, ...names: readonly string[]): void =>
    events.record(names.map(added), world.box.clock.now());

  const groups = () => world.box.sandbox.truth().logGroups;
  const stored = (): readonly Record<string, unknown>[] =>
    (groups()[0]?.streams[STREAM] ?? []).map((line): Record<string, unknown> => JSON.parse(line));
  const told = () => stored().map(({ event, scrapeTarget }) => scrapeTarget ?? event);
  const calls = () => world.box.sandbox.recorder.calls({ service: 'logs' }).map(({ operation }) => operation);
  const fail = (operation: string | undefined, effect: FaultEffect, count = Infinity) =>
    world.box.sandbox.faults.add({ service: 'logs', ...(operation && { operation }), count, effect });
  const denied: FaultEffect = { kind: 'accessDenied' };
  const makeGroup = () => world.box.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));

  it('makes nothing and asks nothing before something happens', async () => {
    const events = open();
    events.record([], world.box.clock.now());
    await events.close();
    assert.deepEqual(calls(), []);
  });

  it('makes the group with its retention, and the stream, and keeps each event as one line of JSON', async () => {
    const events = open();
    record(events, 'web', 'api');
    await events.close();
    assert.deepEqual(
      groups().map(({ name, retentionInDays }) => [name, retentionInDays]),
      [[GROUP, 30]],
    );
    assert.deepEqual(stored()[0], {
      time: '2026-01-01T00:00:00.000Z',
      level: 'info',
      msg: 'ScrapeTarget added',
      event: 'ScrapeTargetAdded',
      id: 'p1-000001',
      owner: 'prod',
      verb: 'run',
      scrapeTarget: 'web',
    });
    assert.deepEqual(told(), ['web', 'api']);
    assert.deepEqual(logger.records, []);
  });

  it('leaves the retention of a group that was there, and asks for no permission to make one', async () => {
    await makeGroup();
    fail('CreateLogGroup', denied);
    const events = open();
    record(events, 'web');
    await events.close();
    assert.equal(groups()[0]?.retentionInDays, undefined);
    assert.deepEqual(calls(), ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents']);
    assert.deepEqual(told(), ['web']);
  });

  it('writes to a stream that was there, also where it may not make one', async () => {
    await makeGroup();
    const input = { logGroupName: GROUP, logStreamName: STREAM };
    await world.box.logs.send(new CreateLogStreamCommand(input));
    fail('CreateLogStream', denied);
    const events = open();
    record(events, 'web');
    await events.close();
    assert.deepEqual(told(), ['web']);
    assert.deepEqual(logger.records, []);
  });

  for (const [operation, remedy] of [
    ['CreateLogStream', /logs:CreateLogStream/],
    ['CreateLogGroup', /logs:CreateLogGroup.*Or create the log group yourself\./],
    ['PutLogEvents', /logs:PutLogEvents/],
  ] as const)
    it(`says once that ${operation} is not allowed, and goes on as soon as it is`, async () => {
      if (operation === 'CreateLogStream') await makeGroup();
      const allow = fail(operation, denied);
      const events = open();
      const failing = logger.says(CANNOT);
      record(events, 'web');
      await failing;
      record(events, 'api');
      allow();
      const again = logger.says(AGAIN);
      for (const name of ['c', 'd']) record(events, name);
      await again;
      await events.close();
      assert.deepEqual(told(), ['web', 'api', 'c', 'd']);
      assert.deepEqual(
        logger.records.map(({ message }) => message),
        [CANNOT, AGAIN],
      );
      assert.match(String(logger.records[0]?.fields['fault']), remedy);
    });

  it('keeps the events for ever where it may not limit that, and says so', async () => {
    fail('PutRetentionPolicy', denied);
    const events = open();
    record(events, 'web');
    await events.close();
    assert.deepEqual(told(), ['web']);
    assert.deepEqual(
      logger.records.map(({ message }) => message),
      ['The new log group keeps its events for ever'],
    );
  });

  for (const [what, operation, effect] of [
    ['the answer to its making is lost', 'CreateLogGroup', { kind: 'reset', when: 'after' }],
    ['that fails at first', 'PutRetentionPolicy', { kind: 'serverError' }],
  ] as const)
    it(`limits the retention of its group also when ${what}`, async () => {
      fail(operation, effect, 1);
      const events = open();
      record(events, 'web');
      while (calls().length < 2) await new Promise((resolve) => setImmediate(resolve));
      record(events, 'api');
      await events.close();
      assert.equal(groups()[0]?.retentionInDays, 30);
      assert.deepEqual(told(), ['web', 'api']);
    });

  it('makes the group anew when somebody has deleted it', async () => {
    const events = open();
    const failing = logger.says(CANNOT);
    record(events, 'web');
    while (told().length === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.box.logs.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
    record(events, 'api');
    await failing;
    record(events);
    await events.close();
    assert.deepEqual(told(), ['api']);
    assert.equal(groups()[0]?.retentionInDays, 30);
  });

  it('repeats what was throttled', async () => {
    fail('PutLogEvents', { kind: 'throttle' }, 2);
    const events = open();
    record(events, 'web');
    await events.close();
    assert.deepEqual(told(), ['web']);
    assert.deepEqual(logger.records, []);
  });

  it('sends again what may have arrived, under the same id', async () => {
    fail('PutLogEvents', { kind: 'reset', when: 'after' }, 1);
    const events = open();
    const failing = logger.says(CANNOT);
    record(events, 'web');
    await failing;
    await events.close();
    assert.deepEqual(
      stored().map(({ id }) => id),
      ['p1-000001', 'p1-000001'],
    );
  });

  it('keeps the newest over an outage, and says then how many are lost since when', async () => {
    const end = fail(undefined, { kind: 'reset', when: 'before' });
    const events = open({ limits: { records: 3, bytes: 1_000_000 } });
    const failing = logger.says(CANNOT);
    const start = world.box.clock.now();
    for (let i = 1; i <= 9; i += 1) {
      record(events, `e${i}`);
      world.box.clock.advance(60_000);
    }
    await failing;
    end();
    const again = logger.says(AGAIN);
    record(events);
    await again;
    record(events, 'after');
    await events.close();
    const lines = stored();
    assert.deepEqual(told(), ['EventsDropped', 'e7', 'e8', 'e9', 'after']);
    assert.deepEqual([lines[0]?.['dropped'], lines[0]?.['since']], [6, new Date(start).toISOString()]);
    assert.deepEqual(
      logger.records.map(({ level, message }) => `${level}: ${message}`),
      [`warn: ${CANNOT}`, `info: ${AGAIN}`],
    );
  });

  it('says once that the clock is wrong, and what of the events is lost', async () => {
    const events = open();
    const day = 24 * 3_600_000;
    const refused = logger.says('CloudWatch Logs does not take all events');
    events.record([added('old')], world.box.clock.now() - 15 * day);
    await refused;
    events.record([added('older')], world.box.clock.now() - 16 * day);
    record(events, 'now');
    await events.close();
    assert.deepEqual(told().at(-1), 'now');
    assert.equal(logger.records.length, 1);
    assert.match(String(logger.records[0]?.fields['fault']), /check the clock/);
  });

  it('does not hold up the end of the process, and says what is lost then', async () => {
    patient = false;
    fail('CreateLogStream', { kind: 'timeout' });
    const events = open();
    record(events, 'web', 'api');
    await events.close();
    assert.deepEqual(
      logger.records.map(({ message, fields }) => [message, fields['fault']]),
      [['Events are lost', '2 could not be stored in time.']],
    );
  });
});
