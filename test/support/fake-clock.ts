import type { Clock } from '../../controller/reconcile/ports.ts';

/** Lets what is waited for beside the sleep always come first. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** A clock whose sleeps pass at once and are written down. */
export function instantClock(start = Date.UTC(2026, 0, 1)): Clock & { readonly slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      slept.push(ms);
      if (!signal.aborted) now += ms;
    },
  };
}

/** A clock on which only short sleeps pass, and deadlines of calls never come: time goes on by {@link pass}. */
export function steadyClock(): Clock & { pass(ms: number): void } {
  const { now, sleep } = instantClock();
  return {
    now,
    sleep: (ms, signal) => (ms < 1000 ? sleep(ms, signal) : new Promise(() => {})),
    pass: (ms) => void sleep(ms, new AbortController().signal),
  };
}
