import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createTokenBucket } from '../../controller/aws/token-bucket.ts';

const START = Date.UTC(2026, 0, 1);

/** When each of `calls` calls may go out, if all are asked for at once. */
function schedule(bucket: ReturnType<typeof createTokenBucket>, calls: number): number[] {
  return Array.from({ length: calls }, () => bucket.take(START));
}

describe('A token bucket', () => {
  it('lets a burst through at once and the rest at its rate', () => {
    assert.deepEqual(schedule(createTokenBucket(2, 10, START), 4), [0, 0, 100, 200]);
  });

  it('fills up with time, but never above its burst', () => {
    const bucket = createTokenBucket(2, 10, START);
    schedule(bucket, 2);
    assert.equal(bucket.take(START + 100), 0);
    for (const wait of [0, 0, 100]) assert.equal(bucket.take(START + 3_600_000), wait);
  });

  it('lets no more than burst plus rate times time through, whatever the order of calls', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        gaps,
        (burst, rate, waits) => {
          const bucket = createTokenBucket(burst, rate, START);
          let now = START;
          const sent = waits.map((gap) => {
            now += gap;
            return now + bucket.take(now);
          });
          for (const from of sent)
            for (const to of sent.filter((time) => time >= from)) {
              const within = sent.filter((time) => time >= from && time <= to).length;
              assert.ok(within <= burst + ((to - from) / 1000) * rate + 1.001);
            }
        },
      ),
    );
  });

  it('halves its rate when it is throttled, once for calls that were in flight together', () => {
    const bucket = createTokenBucket(10, 10, START);
    bucket.throttled(START);
    bucket.throttled(START + 20);
    assert.equal(bucket.take(START + 20), 200);
  });

  it('recovers with successes', () => {
    const bucket = createTokenBucket(10, 10, START);
    bucket.throttled(START);
    for (let successes = 0; successes < 10; successes += 1) bucket.succeeded();
    assert.equal(bucket.take(START), 100);
  });

  it('never slows down to a stop', () => {
    const bucket = createTokenBucket(1, 16, START);
    for (let second = 0; second < 100; second += 1) bucket.throttled(START + second * 1000);
    assert.ok(bucket.take(START + 100_000) <= 1000);
  });
});
