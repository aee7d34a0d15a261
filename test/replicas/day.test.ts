import assert from 'node:assert/strict';
import { simulateDay } from './day.ts';

describe('two controllers through a day', function () {
  this.timeout(240_000);

  it('never lose a target, hold what cannot be read, and have caught up a cycle later', async () => {
    const { violations, checks, events } = await simulateDay({ seed: 1, hours: 0.5, documentChanges: 15 });
    assert.deepEqual(violations, []);
    assert.ok(checks > 1_000, `${checks} checks`);
    assert.deepEqual(Object.keys(events).toSorted(), [
      'document',
      'outage',
      'replacement',
      'restart',
      'scaling',
      'stop',
    ]);
  });
});
