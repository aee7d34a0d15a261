import assert from 'node:assert/strict';
import fc from 'fast-check';
import { terminal } from '../../controller/errors.ts';
import { createLease, type Lease } from '../../controller/reconcile/lease.ts';
import type { LeaseStore, StoredLease } from '../../controller/reconcile/ports.ts';
import { virtualTime, type VirtualProcess, type VirtualTime } from '../support/virtual-processes.ts';
import { memoryLogger } from './ports.ts';

/** What a process meets when it calls the store. */
interface Weather {
  /** Each way, in milliseconds. */
  latency: number;
  trouble: 'none' | 'no way there' | 'no way back';
}

/** One object under conditional writes, as S3 keeps it. */
function sharedObject(time: VirtualTime) {
  let stored: StoredLease | undefined;
  let writes = 0;
  const reach = async <T>(weather: Weather, act: () => T): Promise<T> => {
    const { latency, trouble } = weather;
    await time.after(latency);
    if (trouble === 'no way there') throw new Error('connect ETIMEDOUT');
    const result = act();
    await time.after(latency);
    if (trouble === 'no way back') throw new Error('read ECONNRESET');
    return result;
  };
  const seenBy = (weather: Weather): LeaseStore => ({
    uri: 's3://state/prod/lease',
    read: (signal) =>
      unlessAborted(
        reach(weather, () => stored),
        signal,
      ),
    write: (record, replaced, signal) =>
      unlessAborted(
        reach(weather, () => {
          if (stored?.version !== replaced) return undefined;
          writes += 1;
          stored = { record, version: `v${writes}` };
          return stored.version;
        }),
        signal,
      ),
  });
  return { seenBy, stored: () => stored, remove: () => (stored = undefined) };
}

function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort);
    void call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

interface Replica {
  readonly lease: Lease;
  readonly process: VirtualProcess;
  readonly weather: Weather;
  readonly end: AbortController;
  readonly changes: () => number;
}

function replicas(time: VirtualTime, rates: readonly number[]) {
  const object = sharedObject(time);
  const all = rates.map((rate, index): Replica => {
    const process = time.process(rate);
    const weather: Weather = { latency: 20, trouble: 'none' };
    const end = new AbortController();
    let changes = 0;
    const lease = createLease(`controller-${index}`, {
      store: object.seenBy(weather),
      clock: process.clock,
      logger: memoryLogger(),
      onChange: () => void (changes += 1),
    });
    void lease.compete(end.signal);
    return { lease, process, weather, end, changes: () => changes };
  });
  return { object, all, holders: () => all.flatMap(({ lease }, index) => (lease.holds() ? [index] : [])) };
}

/** Lets time pass until somebody of these holds the lease; returns how long that took. */
async function untilHeld(
  time: VirtualTime,
  candidates: readonly Replica[],
  limitMs: number,
): Promise<number> {
  const begin = time.now();
  while (time.now() - begin < limitMs && !candidates.some(({ lease }) => lease.holds())) await time.run(100);
  return time.now() - begin;
}

describe('the lease', () => {
  it('is held by one of several, for as long as it lives', async () => {
    const time = virtualTime();
    const { all, holders } = replicas(time, [1, 1, 1]);
    await time.run(20_000);
    const first = holders();
    assert.equal(first.length, 1);
    await time.run(600_000, () => assert.deepEqual(holders(), first));
    assert.deepEqual(
      all.map(({ changes }) => changes()).toSorted((a, b) => a - b),
      [0, 0, 1],
    );
  });

  it('tells once what keeps everybody from it until somebody does something', async () => {
    const time = virtualTime();
    const refused = terminal({
      reason: 'AccessDenied',
      message: 'Not allowed.',
      remedy: 'Allow s3:ListBucket.',
    });
    const store: LeaseStore = {
      uri: 's3://state/prod/lease',
      read: () => Promise.reject(refused),
      write: () => Promise.reject(refused),
    };
    const logger = memoryLogger();
    const end = new AbortController();
    const lease = createLease('controller', {
      store,
      clock: time.process(1).clock,
      logger,
      onChange: () => {},
    });
    void lease.compete(end.signal);
    await time.run(60_000);
    end.abort();
    const told = logger.records.filter(({ level }) => level === 'warn');
    assert.deepEqual(
      told.map(({ fields }) => fields['error']),
      ['Not allowed. Allow s3:ListBucket.'],
    );
    assert.equal(lease.holds(), false);
  });

  it('is taken up at once by its holder after a restart, and renewed every five seconds', async () => {
    const time = virtualTime();
    const { object, all } = replicas(time, [1]);
    await time.run(60_000);
    const renewals = object.stored()?.record.renewals ?? 0;
    assert.ok(renewals >= 10 && renewals <= 12, `${renewals} renewals`);
    all[0]?.process.stop();
    const again = createLease('controller-0', {
      store: object.seenBy({ latency: 20, trouble: 'none' }),
      clock: time.process(1).clock,
      logger: memoryLogger(),
      onChange: () => {},
    });
    void again.compete(new AbortController().signal);
    await time.run(1_000);
    assert.equal(again.holds(), true);
    assert.deepEqual(object.stored()?.record, {
      holder: 'controller-0',
      epoch: 1,
      renewals: renewals + 1,
    });
  });

  it('tells who gained it and which one it is, that it was lost, and of no failure that ends by itself', async () => {
    const time = virtualTime();
    const logger = memoryLogger();
    const { object } = replicas(time, []);
    const weather: Weather = { latency: 20, trouble: 'none' };
    const ports = { store: object.seenBy(weather), clock: time.process(1).clock, logger, onChange: () => {} };
    const lease = createLease('me', ports);
    void lease.compete(new AbortController().signal);
    await time.run(30_000);
    weather.trouble = 'no way there';
    await time.run(30_000);
    const where = { lease: 's3://state/prod/lease', identity: 'me' };
    assert.deepEqual(
      logger.records.filter(({ level }) => level !== 'debug').map(({ level, fields }) => [level, fields]),
      [
        ['info', { ...where, epoch: 1 }],
        ['warn', where],
      ],
    );
    weather.trouble = 'none';
    await time.run(10_000);
    assert.equal(lease.holds(), true);
    weather.trouble = 'no way there';
    const before = logger.records.length;
    const released = lease.release();
    await time.run(5_000);
    await released;
    assert.ok(logger.records.slice(before).some(({ message }) => message.startsWith('Lease not given back')));
  });

  it('tells again what somebody must do only after it was reached in between', async () => {
    const time = virtualTime();
    const { object } = replicas(time, []);
    const refused = terminal({ reason: 'AccessDenied', message: 'Not allowed.', remedy: 'Allow it.' });
    let failure: Error | undefined = refused;
    const seen = object.seenBy({ latency: 20, trouble: 'none' });
    const logger = memoryLogger();
    const lease = createLease('me', {
      store: {
        ...seen,
        read: (signal) => (failure === undefined ? seen.read(signal) : Promise.reject(failure)),
        write: (record, replaced, signal) =>
          failure === undefined ? seen.write(record, replaced, signal) : Promise.reject(failure),
      },
      clock: time.process(1).clock,
      logger,
      onChange: () => {},
    });
    void lease.compete(new AbortController().signal);
    const warnings = (): number =>
      logger.records
        .filter(({ message }) => message === 'Lease not reached')
        .filter(({ level }) => level === 'warn').length;
    await time.run(10_000);
    failure = new Error('read ECONNRESET');
    await time.run(10_000);
    failure = refused;
    await time.run(10_000);
    assert.equal(warnings(), 1);
    failure = undefined;
    await time.run(30_000);
    failure = refused;
    await time.run(30_000);
    assert.equal(warnings(), 2);
  });

  it('is gained all the same when a call is never answered and does not heed its signal', async () => {
    const time = virtualTime();
    const { object } = replicas(time, []);
    const seen = object.seenBy({ latency: 20, trouble: 'none' });
    let calls = 0;
    const lease = createLease('me', {
      store: {
        ...seen,
        read: (signal) => ((calls += 1) === 1 ? new Promise(() => {}) : seen.read(signal)),
      },
      clock: time.process(1).clock,
      logger: memoryLogger(),
      onChange: () => {},
    });
    void lease.compete(new AbortController().signal);
    await time.run(30_000);
    assert.equal(lease.holds(), true);
  });

  for (const [what, limit, disturb] of [
    ['was killed', 20_000, ({ process, end }: Replica) => (process.stop(), end.abort())],
    ['is stopped', 20_000, ({ process }: Replica) => process.stop()],
    ['cannot reach the store', 20_000, ({ weather }: Replica) => (weather.trouble = 'no way there')],
    // Its next sign of life still gets through.
    ['gets no answer from the store', 25_000, ({ weather }: Replica) => (weather.trouble = 'no way back')],
  ] as const)
    it(`goes to another within ${limit / 1000} s when its holder ${what}, and never to both`, async () => {
      const time = virtualTime();
      const { all, holders } = replicas(time, [1, 1.05, 0.95]);
      await time.run(60_000);
      const [holder = -1] = holders();
      const one = all[holder];
      assert.ok(one);
      disturb(one);
      const others = all.filter((replica) => replica !== one);
      const taken = await untilHeld(time, others, 60_000);
      assert.ok(!one.lease.holds());
      assert.ok(taken <= limit, `${taken} ms`);
      one.weather.trouble = 'none';
      one.process.continue();
      await time.run(60_000, () => assert.ok(holders().length <= 1));
      assert.ok(!one.lease.holds());
    });

  it('goes to another at once when it is given back', async () => {
    const time = virtualTime();
    const { all, object } = replicas(time, [1, 1]);
    await time.run(60_000);
    const one = all.find(({ lease }) => lease.holds());
    const other = all.find(({ lease }) => !lease.holds());
    assert.ok(one && other);
    one.end.abort();
    const released = one.lease.release();
    assert.ok(!one.lease.holds());
    await time.run(100);
    await released;
    assert.equal(object.stored()?.record.holder, '');
    assert.ok((await untilHeld(time, [other], 60_000)) <= 2_500);
    assert.equal(object.stored()?.record.epoch, 2);
  });

  it('is not given back by one who does not hold it', async () => {
    const time = virtualTime();
    const { all, object } = replicas(time, [1, 1]);
    await time.run(60_000);
    const before = object.stored();
    await all.find(({ lease }) => !lease.holds())?.lease.release();
    assert.equal(object.stored(), before);
  });

  it('is made anew when somebody deletes it', async () => {
    const time = virtualTime();
    const { object, holders } = replicas(time, [1, 1]);
    await time.run(60_000);
    object.remove();
    await time.run(30_000, () => assert.ok(holders().length <= 1));
    assert.equal(holders().length, 1);
  });

  it('is never held by two, whatever happens to processes, clocks and the way to the store', async function () {
    this.timeout(60_000);
    const event = fc.record({
      wait: fc.integer({ min: 0, max: 12_000 }),
      replica: fc.nat(4),
      what: fc.constantFrom(
        'stop',
        'continue',
        'no way there',
        'no way back',
        'none',
        'slow',
        'fast',
        'delete',
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), { minLength: 2, maxLength: 5 }),
        fc.array(event, { maxLength: 40 }),
        async (rates, events) => {
          const time = virtualTime();
          const { all, object, holders } = replicas(time, rates);
          const one = (): void => assert.ok(holders().length <= 1, `${holders().join(' and ')} hold it`);
          for (const { wait, replica, what } of events) {
            await time.run(wait, one);
            const chosen = all[replica % all.length];
            if (chosen === undefined) continue;
            if (what === 'stop') chosen.process.stop();
            else if (what === 'continue') chosen.process.continue();
            else if (what === 'delete') object.remove();
            else if (what === 'slow') chosen.weather.latency = 900;
            else if (what === 'fast') chosen.weather.latency = 20;
            else chosen.weather.trouble = what;
          }
          for (const { process, weather } of all) {
            process.continue();
            Object.assign(weather, { latency: 20, trouble: 'none' });
          }
          await time.run(35_000, one);
          assert.equal(holders().length, 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
