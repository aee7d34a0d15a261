import type { ScrapeTarget } from '../../controller/api/types.ts';
import { calculatePlan, type PlanOptions } from '../../controller/plan/calculate-plan.ts';
import type { Plan } from '../../controller/plan/types.ts';
import { buildDesiredState } from '../../controller/state/desired.ts';
import type { ObservedState } from '../../controller/state/observed.ts';
import { OWNER } from './worlds.ts';

export function planFor(
  targets: ScrapeTarget | readonly ScrapeTarget[],
  observed: ObservedState,
  options: Partial<PlanOptions> = {},
): Plan {
  const list = 'spec' in targets ? [targets] : targets;
  return calculatePlan(buildDesiredState(list, OWNER), observed, {
    owner: OWNER,
    now: 0,
    ...options,
  });
}

/** `createRegistry webapp` for each change, in order. */
export const changesOf = (plan: Plan): readonly string[] =>
  plan.changes.map(({ kind, target }) => `${kind} ${target}`);

/** `RegistrySynced AdoptionRequired terminal` for each blocked item. */
export const blockedOf = (plan: Plan): readonly string[] =>
  plan.blocked.map(({ condition, reason, family }) => `${condition} ${reason} ${family}`);
