import type { SandboxClock } from './clock.ts';

/** A map whose writes are known at once to reads by key, and only after a lag to lists. */
export interface LaggingMap<V> {
  readonly current: ReadonlyMap<string, V>;
  readonly listed: ReadonlyMap<string, V>;
  set(key: string, value: V): void;
  delete(key: string): void;
}

export function laggingMap<V>(clock: SandboxClock, lagMs: number): LaggingMap<V> {
  const current = new Map<string, V>();
  const listed = lagMs === 0 ? current : new Map<string, V>();
  const propagate = (write: () => void): void => {
    if (lagMs > 0) clock.schedule(lagMs, write);
  };
  return {
    current,
    listed,
    set(key, value) {
      current.set(key, value);
      propagate(() => listed.set(key, value));
    },
    delete(key) {
      current.delete(key);
      propagate(() => listed.delete(key));
    },
  };
}
