import type { FieldError, ScrapeTarget } from '../api/types.ts';
import type { ErrorFamily, OperatorError } from '../errors.ts';
import type { Change, Plan } from '../plan/types.ts';
import type { RenderProblem } from '../scrape/render.ts';
import type { ChangeResult, PublishResult } from '../state/outcomes.ts';
import type { Discovery } from '../state/targets.ts';

/** Order of display. Those after `Ready` are present only while they are true. */
export const CONDITION_TYPES = [
  'Accepted',
  'ReferencesResolved',
  'RegistrySynced',
  'ServiceBound',
  'ConfigGenerated',
  'Reloaded',
  'TargetsDiscovered',
  'Ready',
  'Reconciling',
  'Stalled',
  'Drifted',
  'Suspended',
] as const;

export type ConditionType = (typeof CONDITION_TYPES)[number];

/** A Kubernetes-style condition. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  /** CamelCase and stable. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339; moves only when `status` moves. */
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}

/** When to look at a ScrapeTarget again. */
export type ReconcileResult =
  | { readonly kind: 'done' }
  /** The world is busy with something legitimate. */
  | { readonly kind: 'requeueAfter'; readonly ms: number; readonly reason: string }
  /** A call failed; back off. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** Only a person can help. */
  | { readonly kind: 'stalled'; readonly reason: string };

export interface TargetStatus {
  readonly name: string;
  readonly specHash: string;
  /** Counts the versions of the spec that this controller has seen. */
  readonly observedGeneration: number;
  /** Addresses over all endpoints; undefined while unknown. */
  readonly targets: number | undefined;
  /** RFC 3339: when everything about the targets was last read. Absent when that was before this process started. */
  readonly lastCompleteRead?: string;
  readonly conditions: readonly Condition[];
  readonly result: ReconcileResult;
}

/** How one change of a plan ended, or why it was not sent. */
export interface ChangeOutcome {
  readonly change: Change;
  readonly result: ChangeResult | { readonly kind: 'held'; readonly error: OperatorError };
}

export type Publication =
  | { readonly kind: 'published'; readonly result: PublishResult }
  /** The files stay as they are, or could not be written. */
  | { readonly kind: 'withheld'; readonly error: OperatorError };

/** A valid version of a document that Prometheus does not load. */
export interface Refusal {
  /** Prometheus's own words. */
  readonly message: string;
  /** Whether an older version of the document is loaded instead. */
  readonly olderInForce: boolean;
}

/** Everything that one pass found out. */
export interface PassFacts {
  /** Versions in force. */
  readonly targets: readonly ScrapeTarget[];
  readonly errors: readonly FieldError[];
  /** Names whose version in force is older than the (invalid) newest one. */
  readonly lastKnownGood: ReadonlySet<string>;
  readonly plan: Plan;
  /** Empty when nothing was to be written. */
  readonly outcomes: readonly ChangeOutcome[];
  readonly discoveries: ReadonlyMap<string, Discovery>;
  readonly problems: readonly RenderProblem[];
  /** Undefined when nothing was to be published. */
  readonly publication: Publication | undefined;
  /** By name: versions that Prometheus refused. */
  readonly refused?: ReadonlyMap<string, Refusal>;
  /** By name, as RFC 3339: when everything about its targets was last read. */
  readonly lastCompleteRead?: ReadonlyMap<string, string>;
}

/** The same, as far as it is about one ScrapeTarget. */
export interface TargetFacts extends Omit<
  PassFacts,
  'targets' | 'lastKnownGood' | 'discoveries' | 'refused' | 'lastCompleteRead'
> {
  readonly name: string;
  readonly suspended: boolean;
  /** `none`: no version of the document was ever accepted. `gone`: there is no document any more. */
  readonly inForce: 'newest' | 'lastKnownGood' | 'none' | 'gone';
  readonly discovery: Discovery | undefined;
  readonly refusal: Refusal | undefined;
  /** RFC 3339. */
  readonly lastCompleteRead: string | undefined;
}

/** A condition before it has a time and a generation, and what it means for Ready. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message: string;
  /** Who must act before the target is ready; undefined when this does not stand in its way. */
  readonly hinders?: ErrorFamily;
}
