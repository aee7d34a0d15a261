import { linkSignals } from '../signals.ts';
import type { Clock } from './ports.ts';

export interface LoopOptions {
  readonly intervalMs: number;
  /** 0.1 spreads each wait evenly over 90 % to 110 % of the interval. */
  readonly jitter: number;
  readonly random: () => number;
}

/** When a pass wants the next one: after the interval, sooner (milliseconds), or at once. */
export type Next = 'interval' | 'now' | number;

/** Something happened that the next pass should not wait for. Level-triggered: many wishes make one pass. */
export interface Trigger {
  readonly request: () => void;
  /** Resolves at the next request, or when the signal aborts. A request made while nobody waits is kept. */
  readonly wait: (signal: AbortSignal) => Promise<void>;
}

export function createTrigger(): Trigger {
  let requested = false;
  let wake: (() => void) | undefined;
  return {
    request() {
      requested = true;
      wake?.();
    },
    async wait(signal) {
      if (!requested && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      wake = undefined;
      requested = false;
    },
  };
}

/**
 * Runs `pass` at once and then for ever: after each interval, and at once when the trigger asks.
 * A pass that throws is reported and tried again after the interval. Ends after the pass in hand when `signal` aborts.
 */
export async function runLoop(
  pass: (signal: AbortSignal) => Promise<Next>,
  trigger: Trigger,
  ports: { readonly clock: Clock; readonly onError: (thrown: unknown) => void },
  options: LoopOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let next: Next = 'interval';
    try {
      next = await pass(signal);
    } catch (thrown) {
      ports.onError(thrown);
    }
    if (next === 'now') trigger.request();
    await waitForNextPass(trigger, ports.clock, next, options, signal);
  }
}

async function waitForNextPass(
  trigger: Trigger,
  clock: Clock,
  next: Next,
  options: LoopOptions,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const either = linkSignals(signal, over.signal);
  const wait = typeof next === 'number' ? Math.min(next, options.intervalMs) : options.intervalMs;
  const spread = 1 + options.jitter * (2 * options.random() - 1);
  await Promise.race([clock.sleep(wait * spread, either.signal), trigger.wait(either.signal)]);
  over.abort();
}
