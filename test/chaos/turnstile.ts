import type { Clock } from '../../controller/reconcile/ports.ts';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import type { Dice } from './random.ts';

/** One step by which a controller touches the world. */
export interface Step {
  /** For the journal. */
  readonly what: string;
  /** The effect; what it resolves to, or is rejected with, is the answer. */
  readonly act: () => Promise<() => void>;
  /** What is left of the effect when the controller dies in the midst of it. */
  readonly cut: (() => void) | undefined;
  readonly readyAt: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export interface Death {
  /** Steps that are still taken before. */
  steps: number;
  /** Whether the last one is not begun, has its effect without an answer, or is cut in the middle. */
  readonly moment: 'before' | 'after' | 'within';
}

export interface Alarm {
  steps: number;
  readonly ring: () => void;
}

export interface EnterOptions {
  readonly cut?: () => void;
  /** How slow the world is with this step. */
  readonly delayMs?: number;
  /** Ends the wait for its turn. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every effect of a controller and every sleep passes through here, one at a time and in an order that the seed
 * chooses. So a simulation is the same each time, and a controller can be ended between any two of its steps: what
 * it still waits for never comes.
 */
export interface Turnstile {
  readonly clock: Clock;
  readonly steps: number;
  death: Death | undefined;
  /** Something that happens after so many more steps. */
  alarm: Alarm | undefined;
  enter<T>(what: string, act: () => Promise<T>, options?: EnterOptions): Promise<T>;
  /** Goes on until `done`; `stuck` when nothing is left that could ever happen. */
  run(done: () => boolean): Promise<'done' | 'dead' | 'stuck'>;
  /** Drops everything that waits. */
  kill(): void;
}

export interface TurnstileParts {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  /** Told before every step. */
  readonly beforeStep: () => void;
  /** Told after every step and every movement of time. */
  readonly onStep: (what: string) => void;
}

export function createTurnstile({ clock, dice, beforeStep, onStep }: TurnstileParts): Turnstile {
  let waiting: Step[] = [];
  let sleepers: Sleeper[] = [];
  let entered = 0;

  const forget = (step: Step): void => {
    waiting = waiting.filter((each) => each !== step);
  };
  const enter = <T>(what: string, act: () => Promise<T>, options: EnterOptions = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const { cut, delayMs = 0, signal } = options;
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const abort = (): void => {
        forget(step);
        reject(signal?.reason);
      };
      const answer = async (): Promise<() => void> => {
        signal?.removeEventListener('abort', abort);
        try {
          const value = await act();
          return () => resolve(value);
        } catch (thrown) {
          return () => reject(thrown);
        }
      };
      const step: Step = { what, act: answer, cut, readyAt: clock.now() + delayMs };
      waiting.push(step);
      entered += 1;
      signal?.addEventListener('abort', abort);
    });

  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        sleepers = sleepers.filter((each) => each !== sleeper);
        signal.removeEventListener('abort', wake);
        entered += 1;
        resolve();
      };
      const sleeper: Sleeper = { at: clock.now() + Math.max(0, ms), wake };
      sleepers.push(sleeper);
      entered += 1;
      signal.addEventListener('abort', wake, { once: true });
    });

  /** Promises and streams need a few turns of the event loop until nothing new comes of them. */
  const settle = async (): Promise<void> => {
    for (let quiet = 0, before = entered; quiet < 3; before = entered) {
      await new Promise(setImmediate);
      quiet = entered === before && !isMachineBusy() ? quiet + 1 : 0;
    }
  };

  /** Moves time to where something can happen. */
  const waitForNext = (): boolean => {
    const at = Math.min(...waiting.map((each) => each.readyAt), ...sleepers.map((each) => each.at));
    if (at === Infinity) return false;
    if (at > clock.now()) {
      clock.advance(at - clock.now());
      onStep('time');
    }
    if (waiting.every((each) => each.readyAt > clock.now()))
      sleepers.find((each) => each.at <= clock.now())?.wake();
    return true;
  };

  const take = async (step: Step): Promise<'taken' | 'dead'> => {
    forget(step);
    turnstile.steps += 1;
    beforeStep();
    const { death, alarm } = turnstile;
    if (alarm !== undefined && (alarm.steps -= 1) === 0) alarm.ring();
    const last = death !== undefined && (death.steps -= 1) <= 0;
    if (last && death.moment !== 'after') {
      if (death.moment === 'within') step.cut?.();
      onStep(`killed ${death.moment} ${step.what}`);
      return 'dead';
    }
    const answer = await step.act();
    onStep(last ? `killed after ${step.what}` : step.what);
    if (last) return 'dead';
    answer();
    return 'taken';
  };

  const turnstile: Turnstile & { steps: number } = {
    clock: { now: () => clock.now(), sleep },
    steps: 0,
    death: undefined,
    alarm: undefined,
    enter,
    async run(done) {
      for (;;) {
        await settle();
        if (done()) return 'done';
        const step = dice.anyOf(waiting.filter((each) => each.readyAt <= clock.now()));
        if (step === undefined) {
          if (!waitForNext()) return 'stuck';
        } else if ((await take(step)) === 'dead') {
          turnstile.kill();
          return 'dead';
        }
      }
    },
    kill() {
      waiting = [];
      sleepers = [];
      turnstile.death = undefined;
    },
  };
  return turnstile;
}

/** A module is being loaded or a file of the machine read, which no step of a simulation may overtake. */
function isMachineBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => name === 'MessagePort' || name.startsWith('FSReq'));
}
