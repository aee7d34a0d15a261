/** Time in the sandbox: real for people, virtual for tests, so that no test ever sleeps. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` once, `delayMs` from now. */
  schedule(delayMs: number, action: () => void): void;
  /** Moves time forward, where time can be moved. */
  advance?(ms: number): void;
}

/** Wall-clock time. Pending actions do not keep the process alive. */
export function realClock(): SandboxClock & { stop(): void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: () => Date.now(),
    schedule(delayMs, action) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        action();
      }, delayMs);
      timer.unref();
      timers.add(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

export interface VirtualClock extends SandboxClock {
  /** Moves time forward, running what falls due in order, also what those actions schedule themselves. */
  advance(ms: number): void;
}

/** Time that moves only when it is told to. Starts at a real date, because zero is a special value to many libraries. */
export function virtualClock(start: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start;
  const due: { at: number; action: () => void }[] = [];
  return {
    now: () => now,
    schedule(delayMs, action) {
      const at = now + Math.max(0, delayMs);
      // Behind everything due at the same time: actions run in the order in which they were scheduled.
      let low = 0;
      let high = due.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((due[middle]?.at ?? Infinity) <= at) low = middle + 1;
        else high = middle;
      }
      due.splice(low, 0, { at, action });
    },
    advance(ms) {
      const end = now + ms;
      for (let next = due[0]; next !== undefined && next.at <= end; next = due[0]) {
        due.shift();
        now = next.at;
        next.action();
      }
      now = end;
    },
  };
}
