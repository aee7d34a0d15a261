import assert from 'node:assert/strict';
import { createWriteHalf } from '../../controller/reconcile/write-half.ts';
import type { ChangeResult } from '../../controller/state/outcomes.ts';
import { instantClock, untilAborted } from '../support/fake-clock.ts';
import { createRegistry, planOf } from '../support/plans.ts';
import { memoryWriter, never } from './ports.ts';

describe('the write half', () => {
  it('gives the outcome of a write that ended between two passes, also when the next pass writes again', async () => {
    let answer: (result: ChangeResult) => void = () => {};
    const slow = new Promise<ChangeResult>((resolve) => (answer = resolve));
    const writer = memoryWriter(({ target }) => (target === 'slow' ? slow : { kind: 'applied' }));
    let patient = false;
    const clock = {
      ...instantClock(),
      sleep: (_ms: number, signal: AbortSignal) => (patient ? untilAborted(signal) : Promise.resolve()),
    };
    const reader = { observe: () => assert.fail(), observeServices: async () => new Map() };
    const writes = createWriteHalf(
      { writer, reader, clock, progress: () => {} },
      { maxRollouts: 1, rollout: 'leave' },
      () => {},
    );
    const targetsOf = (outcomes: Awaited<ReturnType<typeof writes.advance>>) =>
      outcomes.map(({ change, result }) => `${change.target} ${result.kind}`);
    assert.deepEqual(targetsOf(await writes.advance(planOf([createRegistry('slow')]), never())), []);
    patient = true;
    answer({ kind: 'applied' });
    await writes.settled();
    const next = await writes.advance(planOf([createRegistry('quick')]), never());
    assert.deepEqual(targetsOf(next), ['slow applied', 'quick applied']);
    assert.deepEqual(writes.collect(), []);
  });
});
