import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isolate, type Verdict } from '../../controller/reconcile/isolate.ts';

/** A Prometheus that refuses whatever holds one of the bad ones, and names the first of them. */
function judgeOf(bad: ReadonlySet<string>): {
  judge: (names: ReadonlySet<string>) => Promise<Verdict>;
  count: () => number;
} {
  let count = 0;
  return {
    count: () => count,
    async judge(names) {
      count += 1;
      const first = [...names].find((name) => bad.has(name));
      return first === undefined ? { kind: 'accepted' } : { kind: 'refused', message: `bad ${first}` };
    },
  };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `t${i}`);

describe('isolating what Prometheus refuses', () => {
  it('finds exactly the bad ones, whatever they are, in a number of trials that grows with the logarithm', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }).chain((n) =>
          fc.record({
            n: fc.constant(n),
            bad: fc.subarray(names(n), { minLength: 1, maxLength: Math.min(5, n) }),
          }),
        ),
        async ({ n, bad }) => {
          const { judge, count } = judgeOf(new Set(bad));
          const found = await isolate(names(n), 'refused', judge);
          assert.deepEqual([...found.bad.keys()].sort(), [...bad].sort());
          assert.deepEqual(
            [...found.good].sort(),
            names(n)
              .filter((name) => !bad.includes(name))
              .sort(),
          );
          assert.ok(
            count() <= bad.length * 2 * Math.ceil(Math.log2(n) + 1),
            `${count()} trials for ${bad.length} of ${n}`,
          );
        },
      ),
    );
  });

  it('needs no trial for a single suspect: the refusal was about it', async () => {
    const { judge, count } = judgeOf(new Set(['t0']));
    const { bad } = await isolate(['t0'], 'in its own words', judge);
    assert.deepEqual([...bad], [['t0', 'in its own words']]);
    assert.equal(count(), 0);
  });

  it('needs at most twenty trials for one bad one of a thousand', async () => {
    const { judge, count } = judgeOf(new Set(['t777']));
    await isolate(names(1000), 'refused', judge);
    assert.ok(count() <= 20, `${count()} trials`);
  });

  it('blames nobody of whom nobody could tell', async () => {
    const { good, bad, untried } = await isolate(names(4), 'refused', async () => ({ kind: 'unknown' }));
    assert.deepEqual([good.size, bad.size, untried.size], [0, 0, 4]);
  });

  it('asks nobody where there are no suspects', async () => {
    const { judge, count } = judgeOf(new Set());
    assert.deepEqual(await isolate([], 'refused', judge), {
      good: new Set(),
      bad: new Map(),
      untried: new Set(),
    });
    assert.equal(count(), 0);
  });

  it('does not blame the second half when nobody could tell of the first', async () => {
    const judge = async (tried: ReadonlySet<string>): Promise<Verdict> =>
      tried.has('t0') ? { kind: 'unknown' } : { kind: 'accepted' };
    const { good, bad, untried } = await isolate(names(4), 'refused', judge);
    assert.deepEqual([[...good], [...bad.keys()], [...untried]], [['t2', 't3'], [], ['t0', 't1']]);
  });
});
