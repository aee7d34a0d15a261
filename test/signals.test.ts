import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { startPatience } from '../controller/aws/patience.ts';
import { createPrometheusApi } from '../controller/prometheus/api.ts';
import { createTrigger, runLoop } from '../controller/reconcile/loop.ts';
import { linkSignals } from '../controller/signals.ts';
import { instantClock, untilAborted } from './support/fake-clock.ts';
import { fakePrometheus } from './support/fake-prometheus.ts';

/** What Node.js itself remembers of signals that depend on this one; it has no public name. */
function dependantsOf(signal: AbortSignal): number {
  const key = Object.getOwnPropertySymbols(signal).find(
    ({ description }) => description === 'kDependantSignals',
  );
  const found: unknown = key === undefined ? undefined : Reflect.get(signal, key);
  return found instanceof Set ? found.size : 0;
}

function assertNothingLeft(signal: AbortSignal): void {
  assert.deepEqual([getEventListeners(signal, 'abort').length, dependantsOf(signal)], [0, 0]);
}

describe('Linked signals', () => {
  it('abort with the first of their sources, for its reason', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { signal } = linkSignals(first.signal, second.signal);
    assert.equal(signal.aborted, false);
    second.abort('late');
    assert.deepEqual([signal.aborted, signal.reason], [true, 'late']);
    assertNothingLeft(first.signal);
  });

  it('are aborted from the start when one of their sources is', () => {
    const source = new AbortController();
    source.abort('before');
    const { signal } = linkSignals(new AbortController().signal, source.signal);
    assert.deepEqual([signal.aborted, signal.reason], [true, 'before']);
  });

  it('leave nothing on their sources when they are released', () => {
    const source = new AbortController();
    const { signal, release } = linkSignals(source.signal, new AbortController().signal);
    release();
    source.abort();
    assert.equal(signal.aborted, false);
    assertNothingLeft(source.signal);
  });
});

describe('The signal that lives as long as the process', () => {
  const { signal } = new AbortController();

  it('is as it was after many passes', async () => {
    const stop = new AbortController();
    let passes = 0;
    const pass = async (): Promise<'interval'> => {
      passes += 1;
      assertNothingLeft(stop.signal);
      if (passes === 50) stop.abort();
      return 'interval';
    };
    const options = { intervalMs: 1000, jitter: 0, random: () => 0.5 };
    const ports = { clock: instantClock(), onError: (thrown: unknown) => assert.fail(String(thrown)) };
    await runLoop(pass, createTrigger(), ports, options, stop.signal);
    assert.equal(passes, 50);
  });

  it('is as it was after an observation that did not lose its patience', () => {
    const clock = { now: () => 0, sleep: (_ms: number, over: AbortSignal) => untilAborted(over) };
    startPatience(clock, 1000, signal).end();
    assertNothingLeft(signal);
  });

  it('is as it was after calls of Prometheus', async () => {
    const clock = { now: () => 0, sleep: (_ms: number, over: AbortSignal) => untilAborted(over) };
    const { fetch } = fakePrometheus(() => Date.UTC(2026, 0, 1));
    const api = createPrometheusApi({ url: 'http://127.0.0.1:9090', fetch, clock });
    assert.equal(await api.version(1000, signal), '2.42.0');
    assertNothingLeft(signal);
  });
});
