import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countAddresses, holdMassLoss, type Addresses } from '../../controller/scrape/mass-loss.ts';

const HALF = { share: 0.5, minimum: 10 };
const NOTHING: Addresses = new Map();

/** `counts` addresses in each of the files a, b, c … */
function addresses(...counts: readonly number[]): Map<string, Set<string>> {
  return new Map(
    counts.map((count, file) => {
      const path = String.fromCodePoint(97 + file);
      return [path, new Set(Array.from({ length: count }, (_, i) => `${path}${i}:80`))];
    }),
  );
}

describe('sudden mass loss', () => {
  it('is held when more than half of at least ten targets go at once', () => {
    const { held, lostCount, total } = holdMassLoss(addresses(6, 6), addresses(0, 5), NOTHING, HALF);
    assert.deepEqual([...held], ['a', 'b']);
    assert.deepEqual([lostCount, total], [7, 12]);
  });

  it('is held from the tenth target on', () => {
    assert.deepEqual([...holdMassLoss(addresses(10), addresses(4), NOTHING, HALF).held], ['a']);
  });

  it('is believed when a second read says the same', () => {
    const first = holdMassLoss(addresses(6, 6), addresses(0, 5), NOTHING, HALF);
    const second = holdMassLoss(addresses(6, 6), addresses(0, 5), first.lost, HALF);
    assert.deepEqual([...second.held], []);
    assert.equal(second.lost.size, 0);
  });

  it('is held again when the second read says that others are gone', () => {
    const first = holdMassLoss(addresses(6, 6), addresses(0, 5), NOTHING, HALF);
    const second = holdMassLoss(addresses(6, 6), addresses(6, 0), first.lost, { share: 0.3, minimum: 10 });
    assert.deepEqual([...second.held], ['b']);
  });

  it('is no matter with fewer than ten targets, with half of them, or when it is switched off', () => {
    assert.equal(holdMassLoss(addresses(9), addresses(0), NOTHING, HALF).held.size, 0);
    assert.equal(holdMassLoss(addresses(10), addresses(5), NOTHING, HALF).held.size, 0);
    assert.equal(holdMassLoss(addresses(10), addresses(0), NOTHING, { share: 1, minimum: 10 }).held.size, 0);
  });

  it('counts the targets of a job that is gone, and none of a file of which nothing is known', () => {
    const before = addresses(6, 6);
    assert.deepEqual([...holdMassLoss(before, addresses(5), NOTHING, HALF).held], ['a', 'b']);
    const unknown = new Map([
      ['a', undefined],
      ['b', new Set<string>()],
    ]);
    assert.equal(holdMassLoss(before, unknown, NOTHING, HALF).lostCount, 6);
  });

  it('is never held twice for the same loss, and never holds what loses nothing', () => {
    const sets = fc.array(fc.nat({ max: 8 }), { maxLength: 5 }).map((counts) => addresses(...counts));
    fc.assert(
      fc.property(sets, sets, (before, after) => {
        const first = holdMassLoss(before, after, NOTHING, HALF);
        for (const path of first.held)
          assert.ok((before.get(path)?.size ?? 0) > (after.get(path)?.size ?? 0));
        assert.equal(first.held.size > 0, countAddresses(first.lost) > countAddresses(before) / 2);
        assert.equal(holdMassLoss(before, after, first.lost, HALF).held.size, 0);
      }),
    );
  });
});
