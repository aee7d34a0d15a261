import { toOperatorError } from '../errors.ts';
import { attemptOf } from '../plan/attempts.ts';
import type { Attempt, Attempts } from '../state/attempts.ts';
import type { Change, Plan } from '../plan/types.ts';
import type { ChangeOutcome } from '../status/types.ts';
import { applyPlan, groupByTarget, sequenceOf, type ApplyOptions, type ApplyPorts } from './apply-plan.ts';
import { heldBack, isBackingOff, nextBackoff, type Backoff } from './backoff.ts';

/** How long a pass waits for its writes before it goes on without them. */
export const WRITE_PATIENCE_MS = 5000;

/**
 * The write half of a controller. Writes that are throttled or slow go on beside the passes, so that targets keep
 * flowing; a plan that was made while writes were on their way is not executed, because it may want them again.
 */
export interface WriteHalf {
  /** Ask before a look: whether the plan that it gives may be executed. */
  readonly idle: () => boolean;
  /** Executes a plan as far as that takes no longer than a pass may wait; gives the outcomes that are known by then. */
  readonly advance: (plan: Plan, signal: AbortSignal) => Promise<readonly ChangeOutcome[]>;
  /** Gives the outcomes of what was on its way when the last pass ended. */
  readonly collect: () => readonly ChangeOutcome[];
  /** Bindings that were sent, or are about to be, and of which no outcome was given yet. */
  readonly underWay: () => Attempts;
  /** Resolves when nothing is on its way any more. */
  readonly settled: () => Promise<void>;
}

export function createWriteHalf(ports: ApplyPorts, options: ApplyOptions, onDone: () => void): WriteHalf {
  let running: Promise<void> | undefined;
  let outcomes: readonly ChangeOutcome[] = [];
  const underWay = new Map<string, Attempt>();
  const noting: ApplyPorts = {
    ...ports,
    async beforeBinding(change) {
      underWay.set(change.target, attemptOf(change, ports.clock.now()));
      await ports.beforeBinding?.(change);
    },
  };
  const collect = (): readonly ChangeOutcome[] => {
    const known = outcomes;
    outcomes = [];
    for (const { change } of known) underWay.delete(change.target);
    return known;
  };
  /** What ended since the last pass looked is not lost when this one writes more. */
  const add = (known: readonly ChangeOutcome[]): void => {
    outcomes = [...outcomes, ...known];
  };
  const execute = async (plan: Plan, signal: AbortSignal): Promise<void> => {
    try {
      add(await applyPlan(plan, noting, options, signal));
    } catch (thrown) {
      const error = toOperatorError(thrown);
      add(plan.changes.map((change) => ({ change, result: { kind: 'failed', error } })));
    } finally {
      running = undefined;
    }
  };
  return {
    idle: () => running === undefined,
    async advance(plan, signal) {
      if (plan.changes.length === 0) return collect();
      const over = new AbortController();
      const mine = execute(plan, signal);
      running = mine;
      await Promise.race([mine, ports.clock.sleep(WRITE_PATIENCE_MS, over.signal)]);
      over.abort();
      if (running === mine) void mine.then(onDone);
      return collect();
    },
    collect,
    underWay: () => underWay,
    settled: async () => running,
  };
}

export interface HeldPlan {
  readonly plan: Plan;
  readonly held: readonly ChangeOutcome[];
}

/** Takes the changes out of a plan whose ScrapeTargets are backing off. */
export function holdBack(
  plan: Plan,
  backoff: ReadonlyMap<string, Backoff>,
  hashes: ReadonlyMap<string, string>,
  now: number,
): HeldPlan {
  const waits = (change: Change): Backoff | undefined => {
    const sequence = sequenceOf(change);
    const found = backoff.get(sequence);
    return isBackingOff(found, hashes.get(sequence) ?? '', now) ? found : undefined;
  };
  return {
    plan: { ...plan, changes: plan.changes.filter((change) => waits(change) === undefined) },
    held: plan.changes.flatMap((change) => {
      const found = waits(change);
      return found === undefined ? [] : [{ change, result: { kind: 'held', error: heldBack(found) } }];
    }),
  };
}

/** The backoff of every ScrapeTarget after a pass; those of documents that are gone are forgotten. */
export function backoffAfter(
  backoff: ReadonlyMap<string, Backoff>,
  outcomes: readonly ChangeOutcome[],
  hashes: ReadonlyMap<string, string>,
  now: number,
  random: () => number,
): ReadonlyMap<string, Backoff> {
  const bySequence = groupByTarget(outcomes, ({ change }) => sequenceOf(change));
  return new Map(
    [...hashes].flatMap(([name, hash]) => {
      const next = nextBackoff(backoff.get(name), bySequence.get(name) ?? [], hash, now, random());
      return next === undefined ? [] : [[name, next] as const];
    }),
  );
}
