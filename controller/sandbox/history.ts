import { kindOf } from './recorder.ts';
import type { SandboxClock } from './clock.ts';
import type { JsonService } from './service.ts';

type Operations = JsonService['operations'];

/** The read operations of each service, answering from the state of one moment. */
export type Snapshot = ReadonlyMap<string, () => Operations>;

/** What the sandbox held before, for reads that answer late. It costs nothing until somebody wants it kept. */
export interface History {
  /** Whoever is about to change anything says so first. */
  changing(): void;
  /** Keeps the states of the last `ageMs` until the result is called. */
  keep(ageMs: number): () => void;
  /** The state as of `ageMs` ago, or the oldest that was kept; undefined while that is the present one. */
  asOf(ageMs: number): Snapshot | undefined;
}

interface Past {
  /** The state held until this moment, exclusive. */
  readonly until: number;
  readonly snapshot: Snapshot;
}

export function createHistory(clock: SandboxClock, take: () => Snapshot): History {
  const wanted = new Map<symbol, number>();
  let past: Past[] = [];
  const forgetOld = (): void => {
    const longest = Math.max(0, ...wanted.values());
    past = wanted.size === 0 ? [] : past.filter(({ until }) => until > clock.now() - longest);
  };
  return {
    changing() {
      if (wanted.size === 0 || past.at(-1)?.until === clock.now()) return;
      forgetOld();
      past.push({ until: clock.now(), snapshot: take() });
    },
    keep(ageMs) {
      const key = Symbol('kept');
      wanted.set(key, ageMs);
      return () => {
        wanted.delete(key);
        forgetOld();
      };
    },
    asOf: (ageMs) => past.find(({ until }) => until > clock.now() - ageMs)?.snapshot,
  };
}

/** Operations of which the writes are changes. */
export const recordingOperations = (operations: Operations, changing: () => void): Operations =>
  Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      kindOf(name) === 'read'
        ? operation
        : (input: Record<string, unknown>) => {
            changing();
            return operation(input);
          },
    ]),
  );

/** A clock whose scheduled actions are changes. */
export const recordingClock = (clock: SandboxClock, changing: () => void): SandboxClock => ({
  now: () => clock.now(),
  schedule: (delayMs, action) =>
    clock.schedule(delayMs, () => {
      changing();
      action();
    }),
});
