import assert from 'node:assert/strict';
import { rememberRefusals } from '../../controller/prometheus/refusals.ts';
import { steadyClock } from '../support/fake-clock.ts';

const HOUR_MS = 3_600_000;

describe('a refused configuration', () => {
  it('is remembered with the words of Prometheus, byte by byte, for its time', () => {
    const clock = steadyClock();
    const refusals = rememberRefusals(clock, HOUR_MS);
    refusals.add('a: 1\n', 'it is bad');
    clock.pass(HOUR_MS - 1);
    assert.equal(refusals.find('a: 1\n'), 'it is bad');
    assert.equal(refusals.find('a: 1'), undefined);
    clock.pass(1);
    assert.equal(refusals.find('a: 1\n'), undefined);
  });

  it('is forgotten when the clock is set back, rather than remembered for too long', () => {
    const { now } = steadyClock();
    let back = 0;
    const refusals = rememberRefusals({ now: () => now() - back, sleep: () => Promise.resolve() }, HOUR_MS);
    refusals.add('a: 1\n', 'it is bad');
    back = 1;
    assert.equal(refusals.find('a: 1\n'), undefined);
  });

  it('gives way to the refusals after it before they fill the memory', () => {
    const refusals = rememberRefusals(steadyClock(), HOUR_MS);
    const texts = Array.from({ length: 1000 }, (_, n) => `n: ${n}\n`);
    for (const text of texts) refusals.add(text, 'no');
    assert.deepEqual(
      texts.filter((text) => refusals.find(text) !== undefined),
      texts.slice(-32),
    );
  });
});
