/** A token bucket that can be throttled from outside: it halves its rate then, and recovers with each success. */
export interface TokenBucket {
  /** Takes one token; returns how long to wait before using it. */
  take(now: number): number;
  /** AWS said "slow down". */
  throttled(now: number): void;
  succeeded(): void;
}

const SLOWEST = 1 / 16;
const RECOVERY = 0.05;
/** Calls in flight at the same time are throttled together: that is one event. */
const ONE_EVENT_MS = 1000;

export function createTokenBucket(burst: number, perSecond: number, start: number): TokenBucket {
  let tokens = burst;
  let filledAt = start;
  let pace = 1;
  let slowedAt = Number.NEGATIVE_INFINITY;

  const fill = (now: number): void => {
    const elapsed = Math.max(0, now - filledAt);
    tokens = Math.min(burst, tokens + (elapsed / 1000) * perSecond * pace);
    filledAt = Math.max(filledAt, now);
  };
  return {
    take(now) {
      fill(now);
      tokens -= 1;
      return tokens >= 0 ? 0 : Math.ceil((-tokens / (perSecond * pace)) * 1000);
    },
    throttled(now) {
      fill(now);
      tokens = Math.min(tokens, 0);
      if (now - slowedAt < ONE_EVENT_MS) return;
      slowedAt = now;
      pace = Math.max(SLOWEST, pace / 2);
    },
    succeeded() {
      pace = Math.min(1, pace + RECOVERY);
    },
  };
}
