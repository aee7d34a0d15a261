import type { DesiredState, DesiredTarget } from '../state/desired.ts';
import { compareText } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import type { Attempts } from '../state/attempts.ts';
import { findUnfinished, planBinding, type BindingPlan } from './binding.ts';
import { findConflictingClaims } from './claims.ts';
import { planRegistry, type RegistryPlan } from './registry.ts';
import type { Blocked, Plan } from './types.ts';

export interface PlanOptions {
  /** Only registries that carry exactly this owner tag are changed. */
  readonly owner: string;
  /** Bindings that this controller sent and has not seen to last yet, as far as it remembers. */
  readonly attempts?: Attempts;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface TargetPlan {
  readonly target: DesiredTarget;
  readonly registry: RegistryPlan;
  readonly binding: BindingPlan;
}

/** What one pass must write so that AWS matches the documents, and what it must not. Registries come before bindings. */
export function calculatePlan(desired: DesiredState, observed: ObservedState, options: PlanOptions): Plan {
  const claims = findConflictingClaims(desired.targets);
  const free = desired.targets
    .filter((target) => !target.suspended && !claims.has(target))
    .sort((a, b) => compareText(a.name, b.name));
  const plans = free.map((target) => planTarget(target, observed, options));
  // To halt a ScrapeTarget does not halt the deployment that it has begun.
  const halted = desired.targets.filter(({ suspended }) => suspended);
  const conflicts = [...claims].flatMap(([target, blocked]) => (target.suspended ? [] : [blocked]));
  return {
    changes: [
      ...plans.flatMap(({ registry }) => registry.changes),
      ...plans.flatMap(({ binding }) => binding.change ?? []),
    ],
    drift: plans.flatMap(({ registry, binding }) => [
      ...registry.drift,
      ...(binding.drift ? [binding.drift] : []),
    ]),
    blocked: [...conflicts, ...plans.flatMap(blockedOf)].sort(compareBlocked),
    rollouts: [
      ...plans.flatMap(({ binding }) => binding.rollout ?? []),
      ...halted.flatMap((target) => findUnfinished(target, observed, options) ?? []),
    ],
    bound: plans.filter(({ binding }) => binding.bound).map(({ target }) => target.name),
  };
}

function planTarget(target: DesiredTarget, observed: ObservedState, options: PlanOptions): TargetPlan {
  const registry = planRegistry(target, observed, options.owner);
  const binding = planBinding(target, registry.handle, observed, options);
  return { target, registry, binding };
}

const blockedOf = ({ registry, binding }: TargetPlan): readonly Blocked[] =>
  binding.blocked === undefined ? registry.blocked : [...registry.blocked, binding.blocked];

/** Sorting is stable, so what belongs to one target keeps its order: registry, then service. */
const compareBlocked = (a: Blocked, b: Blocked): number => compareText(a.target, b.target);
