import assert from 'node:assert/strict';
import { createCache } from '../../controller/aws/cache.ts';
import { instantClock } from '../support/fake-clock.ts';
import { never } from './support.ts';

describe('A cache', () => {
  it('forgets an entry when its time is over, its own time before the common one', async () => {
    const clock = instantClock();
    const cache = createCache<string>({ clock, ttlMs: 1000, maxEntries: 10 });
    cache.set('common', 'a');
    cache.set('own', 'b', 100);
    await clock.sleep(100, never());
    assert.deepEqual([cache.get('common'), cache.get('own')], ['a', undefined]);
    await clock.sleep(900, never());
    assert.deepEqual(cache.values(), []);
  });

  it('does not keep what nobody asks for any more until it is full', async () => {
    const clock = instantClock();
    const cache = createCache<string>({ clock, ttlMs: 1000, maxEntries: 1_000_000 });
    for (let passes = 0; passes < 500; passes += 1) {
      cache.set(`task-${passes}`, 'settled');
      await clock.sleep(100, never());
    }
    assert.ok(cache.size <= 10, `${cache.size} entries are held`);
  });

  it('keeps entries for ever without a time', async () => {
    const clock = instantClock();
    const cache = createCache<string>({ clock, maxEntries: 10 });
    cache.set('a', 'a');
    await clock.sleep(1e12, never());
    assert.equal(cache.get('a'), 'a');
  });

  it('never holds more than its maximum, and drops the least recently written first', () => {
    const cache = createCache<number>({ clock: instantClock(), maxEntries: 2 });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    cache.set('c', 4);
    assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [3, undefined, 4]);
    assert.equal(cache.size, 2);
  });
});
