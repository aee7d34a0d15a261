import assert from 'node:assert/strict';
import { formatFailure, REPLAY_CYCLES } from './report.ts';
import { simulate } from './simulation.ts';

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

describe('a controller in a world of trouble', function () {
  this.timeout(60_000);

  for (const seed of SEEDS)
    it(`keeps every rule with seed ${seed}`, async () => {
      const result = await simulate({ seed, cycles: REPLAY_CYCLES });
      assert.equal(result.violations.length, 0, formatFailure(result));
    });

  it('lives through the same things when a seed is played again', async () => {
    const withoutNames = (line: string): string => line.replace(/\.[0-9a-f]{16}\.tmp/, '.tmp');
    const [once, again] = [await simulate({ seed: 3, cycles: 60 }), await simulate({ seed: 3, cycles: 60 })];
    assert.deepEqual(again.journal.map(withoutNames), once.journal.map(withoutNames));
  });
});
