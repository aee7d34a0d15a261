import type {
  AccessDeniedEffect,
  EmptyPageEffect,
  ErrorEffect,
  GarbledEffect,
  LatencyEffect,
  MalformedEffect,
  PartialPageEffect,
  ResetEffect,
  ServerErrorEffect,
  StaleReadEffect,
  ThrottleEffect,
  TimeoutEffect,
} from '../effects/effect.ts';
import type { FaultRule } from '../faults.ts';

/** An effect as a scenario file spells it: durations are Prometheus's, such as `1m30s`. */
export type ScenarioEffect =
  | ErrorEffect
  | ThrottleEffect
  | ServerErrorEffect
  | AccessDeniedEffect
  | (Omit<LatencyEffect, 'ms'> & { readonly delay: string })
  | TimeoutEffect
  | ResetEffect
  | EmptyPageEffect
  | PartialPageEffect
  | (Omit<StaleReadEffect, 'ageMs'> & { readonly age: string })
  | MalformedEffect
  | GarbledEffect;

/** A fault that is in force from the start; see `FaultRule` for what each member selects. */
export interface ScenarioFault extends Omit<FaultRule, 'matches' | 'window' | 'effect'> {
  /** Durations since the sandbox started. */
  readonly window?: { readonly from?: string; readonly until?: string };
  readonly effect: ScenarioEffect;
}
