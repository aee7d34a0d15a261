import type { Clock } from '../../controller/reconcile/ports.ts';

/** Time for several processes at once, of which each has a clock of its own and can be stopped for a while. */
export interface VirtualTime {
  /** Milliseconds of true time. */
  now(): number;
  /** Resolves after true time; for what happens outside of all processes. */
  after(ms: number): Promise<void>;
  process(rate?: number): VirtualProcess;
  /** Lets time pass, and everything happen that falls due; calls `look` after each moment. */
  run(ms: number, look?: () => void): Promise<void>;
}

export interface VirtualProcess {
  /** Runs a little fast or slow; goes on while the process is stopped, as a monotonic clock does. */
  readonly clock: Clock;
  /** As SIGSTOP does: nothing in it happens until it is continued. */
  stop(): void;
  continue(): void;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

export function virtualTime(): VirtualTime {
  let now = 0;
  let timers: Timer[] = [];

  const schedule = (ms: number, fire: () => void): void => {
    timers.push({ at: now + ms, fire });
  };
  const after = (ms: number): Promise<void> => new Promise((resolve) => schedule(ms, resolve));

  const process = (rate = 1): VirtualProcess => {
    let stopped = false;
    let waiting: (() => void)[] = [];
    const inProcess = (action: () => void): void => {
      if (stopped) waiting.push(action);
      else action();
    };
    return {
      clock: {
        now: () => now * rate,
        sleep: (ms, signal) =>
          new Promise((resolve) => {
            if (signal.aborted) return resolve();
            const wake = (): void => {
              signal.removeEventListener('abort', wake);
              resolve();
            };
            schedule(ms / rate, () => inProcess(wake));
            signal.addEventListener('abort', wake);
          }),
      },
      stop: () => void (stopped = true),
      continue() {
        stopped = false;
        const due = waiting;
        waiting = [];
        for (const action of due) action();
      },
    };
  };

  return {
    now: () => now,
    after,
    process,
    async run(ms, look = () => {}) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = timers.reduce<Timer | undefined>(
          (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
          undefined,
        );
        if (next === undefined || next.at > end) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.fire();
        await settle();
        look();
      }
      now = end;
      look();
    },
  };
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
