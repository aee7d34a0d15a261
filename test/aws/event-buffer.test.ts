import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createEventBuffer, type LogRecord, type Loss } from '../../controller/aws/event-buffer.ts';

const HOUR = 3_600_000;

const record = (timestamp: number, message = `m${timestamp}`): LogRecord => ({ timestamp, message });

const bufferOf = (records = 100, bytes = 1_000_000) =>
  createEventBuffer({ records, bytes }, ({ count, since }: Loss, timestamp) =>
    record(timestamp, `lost ${count} since ${since}`),
  );

const messagesOf = (batch: { readonly records: readonly LogRecord[] } | undefined): readonly string[] =>
  (batch?.records ?? []).map(({ message }) => message);

describe('The buffer of events', () => {
  it('gives back what it got, in the order of time', () => {
    const buffer = bufferOf();
    buffer.add([record(2), record(1)]);
    buffer.add([record(3)]);
    assert.deepEqual(messagesOf(buffer.take()), ['m1', 'm2', 'm3']);
    assert.equal(buffer.take(), undefined);
  });

  it('takes at most 10,000 at once', () => {
    const buffer = bufferOf(20_000);
    buffer.add(Array.from({ length: 10_001 }, (_, i) => record(i)));
    assert.deepEqual([buffer.take()?.records.length, buffer.take()?.records.length], [10_000, 1]);
  });

  it('takes at most 1 MB at once, counting 26 bytes for each', () => {
    const buffer = bufferOf(10, 10_000_000);
    const half = 'é'.repeat((1_048_576 / 2 - 26) / 2);
    buffer.add([record(1, half), record(2, half), record(3)]);
    assert.deepEqual([buffer.take()?.records.length, buffer.take()?.records.length], [2, 1]);
  });

  it('takes at most 24 hours at once', () => {
    const buffer = bufferOf();
    buffer.add([record(0), record(24 * HOUR), record(24 * HOUR + 1)]);
    assert.deepEqual([buffer.take()?.records.length, buffer.take()?.records.length], [2, 1]);
  });

  it('gives up the oldest when there are too many, and says how many and since when', () => {
    const buffer = bufferOf(2);
    for (const at of [1, 2, 3, 4]) buffer.add([record(at)]);
    assert.deepEqual(messagesOf(buffer.take()), ['lost 2 since 1', 'm3', 'm4']);
    buffer.add([record(5)]);
    assert.deepEqual(messagesOf(buffer.take()), ['m5']);
  });

  it('gives up the oldest when they are too large', () => {
    const buffer = bufferOf(10, 2 * (26 + 2));
    buffer.add([record(1), record(2), record(3)]);
    assert.deepEqual(messagesOf(buffer.take()), ['lost 1 since 1', 'm2', 'm3']);
  });

  it('tells of a loss again when that could not be stored', () => {
    const buffer = bufferOf(2);
    buffer.add([record(1), record(2), record(3)]);
    const batch = buffer.take();
    assert.ok(batch !== undefined);
    buffer.add([record(4)]);
    buffer.putBack(batch);
    assert.deepEqual(messagesOf(buffer.take()), ['lost 2 since 1', 'm3', 'm4']);
  });

  it('counts what was not taken because of its time, and a loss that was to be told with it', () => {
    const buffer = bufferOf(1);
    buffer.add([record(1), record(2)]);
    const batch = buffer.take();
    assert.ok(batch !== undefined);
    buffer.lose(batch, batch.records);
    buffer.add([record(9)]);
    assert.deepEqual(messagesOf(buffer.take()), ['lost 2 since 1', 'm9']);
  });

  it('loses nothing untold, whatever is stored, fails or is lost in whatever order', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), count: fc.nat(5) }),
      fc.record({ kind: fc.constantFrom('store' as const, 'fail' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const told = { lost: 0 };
        const buffer = createEventBuffer({ records: 4, bytes: 1_000_000 }, ({ count }, timestamp) =>
          record(timestamp, String(count)),
        );
        let added = 0;
        let stored = 0;
        const store = (): void => {
          for (let batch = buffer.take(); batch !== undefined; batch = buffer.take()) {
            told.lost += batch.loss === undefined ? 0 : Number(batch.records[0]?.message);
            stored += batch.records.length - (batch.loss === undefined ? 0 : 1);
          }
        };
        for (const each of steps) {
          if (each.kind === 'add') {
            buffer.add(Array.from({ length: each.count }, () => record((added += 1))));
          } else if (each.kind === 'store') store();
          else {
            const batch = buffer.take();
            if (batch !== undefined) buffer.putBack(batch);
          }
          assert.ok(buffer.size() <= 4);
        }
        store();
        assert.equal(stored + told.lost, added);
      }),
    );
  });
});
