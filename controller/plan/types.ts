import type { RoutingPolicy, DnsRecordType } from '../api/types.ts';
import type { FileChange } from '../state/targets.ts';
import type { ServiceRegistryBinding } from '../state/observed.ts';

export { OWNER_TAG, SCRAPE_TARGET_TAG } from '../state/desired.ts';

interface ChangeBase {
  /** metadata.name of the ScrapeTarget that wants it. */
  readonly target: string;
}

export interface CreateRegistry extends ChangeBase {
  readonly kind: 'createRegistry';
  readonly namespace: { readonly id: string; readonly arn: string; readonly name: string };
  readonly name: string;
  readonly description: string;
  /** Absent in an HTTP namespace, which has no DNS. */
  readonly dns:
    | { readonly recordType: DnsRecordType; readonly ttl: number; readonly routingPolicy: RoutingPolicy }
    | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Deterministic, so that a repeated create is recognised as the same one. */
  readonly creatorRequestId: string;
}

export interface UpdateRegistry extends ChangeBase {
  readonly kind: 'updateRegistry';
  readonly registry: RegistryRef;
  readonly before: { readonly ttl: number | undefined; readonly description: string };
  readonly after: { readonly ttl: number | undefined; readonly description: string };
}

export interface TagRegistry extends ChangeBase {
  readonly kind: 'tagRegistry';
  readonly registry: RegistryRef;
  /** Set when these tags make an existing registry ours (`<=` in a plan). */
  readonly adopts: boolean;
  /** Only the keys that change; a missing key in `before` is a new tag. */
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

export interface UntagRegistry extends ChangeBase {
  readonly kind: 'untagRegistry';
  readonly registry: RegistryRef;
  /** Our own tags that no endpoint asks for any more, with their values. */
  readonly before: Readonly<Record<string, string>>;
}

export interface BindService extends ChangeBase {
  readonly kind: 'bindService';
  /** The version of the document that asks for it. */
  readonly specHash: string;
  /** The primary deployment when the plan was made. */
  readonly deployment?: string;
  readonly service: {
    readonly arn: string;
    readonly name: string;
    readonly clusterArn: string;
    readonly clusterName: string;
    /** Tasks that the new deployment replaces. */
    readonly desiredCount: number;
  };
  readonly registry: { readonly namespace: string; readonly name: string };
  readonly before: readonly ServiceRegistryBinding[];
  /** `registryArn` is undefined while the registry is still to be created. */
  readonly after: {
    readonly registryArn: string | undefined;
    readonly containerName?: string;
    readonly containerPort?: number;
  };
}

/** Takes our registry away from an ECS service whose document is gone. */
export interface UnbindService extends ChangeBase, Departure {
  readonly kind: 'unbindService';
  readonly service: BindService['service'];
  readonly registry: RegistryRef;
  /** The primary deployment when the plan was made. */
  readonly deployment?: string;
  readonly before: readonly ServiceRegistryBinding[];
  readonly after: readonly ServiceRegistryBinding[];
}

/** Deletes a registry of ours whose document is gone and that nobody uses any more. */
export interface DeleteRegistry extends ChangeBase, Departure {
  readonly kind: 'deleteRegistry';
  readonly registry: RegistryRef;
}

interface Departure {
  /** What must have happened before it is sent, as the end of "waits until …"; absent when nothing must. */
  readonly waitsUntil?: string;
}

/** What is done once a document is gone. */
export type DepartureChange = UnbindService | DeleteRegistry;

/** One write to AWS. Those of a binding are disruptive: they make ECS start a new deployment. */
export type Change =
  CreateRegistry | UpdateRegistry | TagRegistry | UntagRegistry | BindService | DepartureChange;

export interface RegistryRef {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespace: string;
}

/** Something a document asks for that must not or cannot be done. Other ScrapeTargets are not affected. */
export interface Blocked {
  readonly target: string;
  /** What it is about: `registry ecs-services/webapp-svc`, `service cluster/WebAppService`. */
  readonly subject: string;
  /** The condition that it makes false. */
  readonly condition: 'ReferencesResolved' | 'RegistrySynced' | 'ServiceBound';
  /** CamelCase reason of that condition. */
  readonly reason: string;
  readonly message: string;
  readonly remedy: string;
  /** `read` failures and rollouts pass by themselves; the others want a person. */
  readonly family: 'terminal' | 'waiting' | 'transient';
}

/** The live world differs, and the document says to report it only. */
export interface Drift {
  readonly target: string;
  readonly subject: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly why: string;
}

/** What one pass would do. Order of `changes` is the order of execution. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly drift: readonly Drift[];
  readonly blocked: readonly Blocked[];
  /** Bindings whose rollout ECS has not finished yet: they count against the bound on rollouts. */
  readonly rollouts: readonly Rollout[];
  /** ScrapeTargets whose ECS service was seen bound exactly as the document asks. */
  readonly bound?: readonly string[];
}

export interface Rollout {
  readonly target: string;
  readonly service: string;
  readonly clusterName: string;
  readonly message: string;
}

/** A plan with the file diff beside it: what the `plan` verb prints. */
export interface PlanReport {
  readonly plan: Plan;
  readonly files: readonly FileChange[];
}
