import assert from 'node:assert/strict';
import { createTrigger, runLoop, type LoopOptions, type Next } from '../../controller/reconcile/loop.ts';
import type { Clock } from '../../controller/reconcile/ports.ts';

const EVERY_30_S: LoopOptions = { intervalMs: 30_000, jitter: 0.1, random: () => 0.5 };

/** A clock whose sleep ends only when the test says so. */
function heldClock(): Clock & { slept: number[]; wake: () => void } {
  let release: () => void = () => {};
  const slept: number[] = [];
  return {
    slept,
    wake: () => release(),
    now: () => Date.UTC(2026, 0, 1),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        slept.push(ms);
        release = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}

/** Runs the loop; `onPass` is called in each pass and may stop it. */
async function loop(
  onPass: (
    pass: number,
    world: {
      stop: AbortController;
      clock: ReturnType<typeof heldClock>;
      trigger: ReturnType<typeof createTrigger>;
    },
  ) => Next | void,
  options: LoopOptions = EVERY_30_S,
): Promise<{ passes: number; errors: unknown[]; slept: number[] }> {
  const world = { stop: new AbortController(), clock: heldClock(), trigger: createTrigger() };
  const errors: unknown[] = [];
  let passes = 0;
  await runLoop(
    async () => onPass(++passes, world) ?? 'interval',
    world.trigger,
    { clock: world.clock, onError: (thrown) => errors.push(thrown) },
    options,
    world.stop.signal,
  );
  return { passes, errors, slept: world.clock.slept };
}

describe('the loop', () => {
  it('runs the first pass at once and ends after the pass in hand', async () => {
    const { passes } = await loop((_, { stop }) => stop.abort());
    assert.equal(passes, 1);
  });

  it('runs again at once when something was requested during a pass', async () => {
    const { passes } = await loop((pass, { stop, trigger }) => (pass < 3 ? trigger.request() : stop.abort()));
    assert.equal(passes, 3);
  });

  it('runs again when the interval is over', async () => {
    const { passes } = await loop((pass, { stop, clock }) => {
      if (pass === 2) stop.abort();
      else setImmediate(clock.wake);
    });
    assert.equal(passes, 2);
  });

  it('runs again at once, or sooner than the interval, when the pass says so', async () => {
    const { passes, slept } = await loop((pass, { stop }) => {
      if (pass === 1) return 'now';
      stop.abort();
      return 5000;
    });
    assert.equal(passes, 2);
    assert.deepEqual(slept, [30_000, 5000]);
  });

  it('goes on after a pass that throws', async () => {
    const { passes, errors } = await loop((pass, { stop, trigger }) => {
      trigger.request();
      if (pass === 2) stop.abort();
      throw new Error(`pass ${pass}`);
    });
    assert.equal(passes, 2);
    assert.equal(errors.length, 2);
  });

  it('spreads the interval by the jitter', async () => {
    const waits = async (random: number): Promise<number[]> =>
      (
        await loop(
          (_, { stop, clock }) => {
            setImmediate(() => (stop.abort(), clock.wake()));
          },
          {
            ...EVERY_30_S,
            random: () => random,
          },
        )
      ).slept;
    assert.deepEqual(await waits(0), [27_000]);
    assert.deepEqual(await waits(1), [33_000]);
  });
});
