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
  readonly process: string | undefined;
  readonly isSent: boolean;
}

interface Sleeper {
  readonly process: string | undefined;
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
  /** Whose step it is, where several processes share the world. */
  readonly process?: string;
  /** It has left the process, as a request has: it takes effect also when that is stopped or killed by then. */
  readonly isSent?: boolean;
}

/**
 * Every effect of a controller and every sleep passes through here, one at a time and in an order that the seed
 * chooses. So a simulation is the same each time, and a controller can be ended between any two of its steps: what
 * it still waits for never comes.
 */
export interface Turnstile {
  readonly clock: Clock;
  /** The same time, slept through by one of several processes. */
  clockOf(process: string): Clock;
  readonly steps: number;
  death: Death | undefined;
  /** Something that happens after so many more steps. */
  alarm: Alarm | undefined;
  enter<T>(what: string, act: () => Promise<T>, options?: EnterOptions): Promise<T>;
  /** Goes on until `done`; `stuck` when nothing is left that could ever happen. */
  run(done: () => boolean): Promise<'done' | 'dead' | 'stuck'>;
  /** As SIGSTOP and SIGCONT do. */
  halt(process: string): void;
  resume(process: string): void;
  /** Drops everything that waits, of one process or of all. */
  kill(process?: string): void;
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
  /** By process that is halted: the answers that wait for it. */
  const halted = new Map<string, (() => void)[]>();
  const isHalted = ({ process = '' }: Pick<Step, 'process'>): boolean => halted.has(process);
  const canBeTaken = (step: Step): boolean => step.isSent || !isHalted(step);

  const forget = (step: Step): void => {
    waiting = waiting.filter((each) => each !== step);
  };
  const enter = <T>(what: string, act: () => Promise<T>, options: EnterOptions = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const { cut, delayMs = 0, signal, process, isSent = false } = options;
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
      const step: Step = { what, act: answer, cut, readyAt: clock.now() + delayMs, process, isSent };
      waiting.push(step);
      entered += 1;
      signal?.addEventListener('abort', abort);
    });

  const sleep = (process: string | undefined, ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        sleepers = sleepers.filter((each) => each !== sleeper);
        signal.removeEventListener('abort', wake);
        entered += 1;
        resolve();
      };
      const sleeper: Sleeper = { process, at: clock.now() + Math.max(0, ms), wake };
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
    const awake = sleepers.filter((each) => !isHalted(each));
    const ready = waiting.filter(canBeTaken);
    const at = Math.min(...ready.map((each) => each.readyAt), ...awake.map((each) => each.at));
    if (at === Infinity) return false;
    if (at > clock.now()) {
      clock.advance(at - clock.now());
      onStep('time');
    }
    if (ready.every((each) => each.readyAt > clock.now()))
      awake.find((each) => each.at <= clock.now())?.wake();
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
    const later = step.process === undefined ? undefined : halted.get(step.process);
    if (later === undefined) answer();
    else later.push(answer);
    return 'taken';
  };

  const turnstile: Turnstile & { steps: number } = {
    clock: { now: () => clock.now(), sleep: (ms, signal) => sleep(undefined, ms, signal) },
    clockOf: (process) => ({ now: () => clock.now(), sleep: (ms, signal) => sleep(process, ms, signal) }),
    steps: 0,
    death: undefined,
    alarm: undefined,
    enter,
    async run(done) {
      for (;;) {
        await settle();
        if (done()) return 'done';
        const step = dice.anyOf(waiting.filter((each) => each.readyAt <= clock.now() && canBeTaken(each)));
        if (step === undefined) {
          if (!waitForNext()) return 'stuck';
        } else if ((await take(step)) === 'dead') {
          turnstile.kill();
          return 'dead';
        }
      }
    },
    halt(process) {
      if (!halted.has(process)) halted.set(process, []);
    },
    resume(process) {
      const answers = halted.get(process) ?? [];
      halted.delete(process);
      for (const answer of answers) answer();
    },
    kill(process) {
      const isOthers = (each: Pick<Step, 'process'>): boolean =>
        process !== undefined && each.process !== process;
      waiting = waiting.flatMap((step) => (isOthers(step) ? [step] : step.isSent ? [orphaned(step)] : []));
      sleepers = sleepers.filter(isOthers);
      if (process !== undefined) halted.delete(process);
      else waiting = [];
      turnstile.death = undefined;
    },
  };
  return turnstile;
}

/** The answer finds nobody. */
const orphaned = (step: Step): Step => ({
  ...step,
  process: undefined,
  act: async () => {
    await step.act();
    return () => {};
  },
});

/** A module is being loaded or a file of the machine read, which no step of a simulation may overtake. */
function isMachineBusy(): boolean {
  return process.getActiveResourcesInfo().some((name) => name === 'MessagePort' || name.startsWith('FSReq'));
}
