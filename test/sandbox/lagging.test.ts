import assert from 'node:assert/strict';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { laggingMap } from '../../controller/sandbox/lagging.ts';

describe('a lagging map', () => {
  it('lists a write after its lag, and knows it by key at once', () => {
    const clock = virtualClock();
    const map = laggingMap<number>(clock, 1_000);
    map.set('a', 1);
    assert.deepEqual([map.current.get('a'), map.listed.get('a')], [1, undefined]);
    clock.advance(1_000);
    assert.equal(map.listed.get('a'), 1);
  });

  it('goes on listing what was deleted until the lag is over', () => {
    const clock = virtualClock();
    const map = laggingMap<number>(clock, 1_000);
    map.set('a', 1);
    clock.advance(1_000);
    map.delete('a');
    assert.deepEqual([map.current.has('a'), map.listed.has('a')], [false, true]);
    clock.advance(1_000);
    assert.equal(map.listed.has('a'), false);
  });

  it('lists at once without a lag', () => {
    const map = laggingMap<number>(virtualClock(), 0);
    map.set('a', 1);
    assert.equal(map.listed.get('a'), 1);
  });
});
