import { registryKey } from '../state/keys.ts';
import type { ServiceRegistryBinding } from '../state/observed.ts';
import { describeFile, type FileSummary } from './file-diff.ts';
import type {
  BindService,
  Blocked,
  Change,
  DepartureChange,
  Drift,
  Plan,
  PlanReport,
  UnbindService,
} from './types.ts';

/** The published form of a plan: `schemas/plan.v1.schema.json`. YAML output is the same object. */
export interface PlanDocument {
  readonly formatVersion: '1.0';
  readonly summary: PlanSummary;
  readonly changes: readonly ChangeDocument[];
  readonly drift: readonly Drift[];
  readonly blocked: readonly Blocked[];
  readonly files: readonly FileSummary[];
}

export interface PlanSummary {
  readonly create: number;
  /** Every change that neither creates nor deletes; adoptions are among them. */
  readonly update: number;
  readonly delete: number;
  readonly adopt: number;
  readonly disruptive: number;
  readonly blocked: number;
  readonly files: number;
}

export type Action = 'create' | 'update' | 'delete' | 'adopt';

export interface ChangeDocument {
  readonly target: string;
  readonly kind: Change['kind'];
  readonly action: Action;
  readonly disruptive: boolean;
  /** For example `registry ecs-services/webapp-svc`. */
  readonly subject: string;
  /** ARN of what is changed; null when it does not exist yet. */
  readonly arn: string | null;
  /** Only the fields that change; null stands for "absent" or, after, for "known after apply". */
  readonly before: Fields | null;
  readonly after: Fields | null;
  /** Tasks that ECS replaces; 0 for changes that are not disruptive. */
  readonly tasksReplaced: number;
  /** What must have happened before it is sent; absent when nothing must. */
  readonly waitsUntil?: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export function planDocument({ plan, files }: PlanReport): PlanDocument {
  return {
    formatVersion: '1.0',
    summary: summarizePlan(plan, files.length),
    changes: plan.changes.map(changeDocument),
    drift: plan.drift,
    blocked: plan.blocked,
    files: files.map(describeFile),
  };
}

/** Whether an apply would write anything, to AWS or to disk. */
export function hasChanges({ plan, files }: PlanReport): boolean {
  return plan.changes.length > 0 || files.length > 0;
}

export function summarizePlan(plan: Plan, files: number): PlanSummary {
  const actions = plan.changes.map(actionOf);
  const count = (action: Action): number => actions.filter((candidate) => candidate === action).length;
  return {
    create: count('create'),
    update: count('update') + count('adopt'),
    delete: count('delete'),
    adopt: count('adopt'),
    disruptive: plan.changes.filter(isDisruptive).length,
    blocked: plan.blocked.length,
    files,
  };
}

export function actionOf(change: Change): Action {
  if (change.kind === 'createRegistry') return 'create';
  if (change.kind === 'deleteRegistry') return 'delete';
  return change.kind === 'tagRegistry' && change.adopts ? 'adopt' : 'update';
}

/** Makes ECS start a new deployment. */
export function isDisruptive(change: Change): change is BindService | UnbindService {
  return change.kind === 'bindService' || change.kind === 'unbindService';
}

export const tasksReplaced = (change: Change): number =>
  isDisruptive(change) ? change.service.desiredCount : 0;

/** Belongs to a document that is gone. */
export function isDeparture(change: Change): change is DepartureChange {
  return change.kind === 'unbindService' || change.kind === 'deleteRegistry';
}

export function subjectOf(change: Change): string {
  if (isDisruptive(change)) return `service ${change.service.clusterName}/${change.service.name}`;
  const ref =
    change.kind === 'createRegistry'
      ? { namespace: change.namespace.name, name: change.name }
      : change.registry;
  return `registry ${registryKey(ref)}`;
}

function changeDocument(change: Change): ChangeDocument {
  return {
    target: change.target,
    kind: change.kind,
    action: actionOf(change),
    disruptive: isDisruptive(change),
    subject: subjectOf(change),
    arn: arnOf(change),
    ...fieldsOf(change),
    tasksReplaced: tasksReplaced(change),
    ...(isDeparture(change) && change.waitsUntil !== undefined && { waitsUntil: change.waitsUntil }),
  };
}

function arnOf(change: Change): string | null {
  if (change.kind === 'createRegistry') return null;
  return isDisruptive(change) ? change.service.arn : change.registry.arn;
}

function fieldsOf(change: Change): Pick<ChangeDocument, 'before' | 'after'> {
  if (change.kind === 'createRegistry') {
    const { description, dns, tags } = change;
    return { before: null, after: { description, dns: dns ?? null, tags } };
  }
  if (change.kind === 'deleteRegistry')
    return { before: { namespace: change.registry.namespace, name: change.registry.name }, after: null };
  if (change.kind === 'updateRegistry') return changedFields(change.before, change.after);
  if (isDisruptive(change)) {
    const after = change.kind === 'bindService' ? [change.after] : change.after;
    return {
      before: { serviceRegistries: change.before.map(bindingFields) },
      after: { serviceRegistries: after.map(bindingFields) },
    };
  }
  const after = change.kind === 'tagRegistry' ? change.after : {};
  return { before: { tags: change.before }, after: { tags: after } };
}

function changedFields(
  before: { readonly ttl: number | undefined; readonly description: string },
  after: { readonly ttl: number | undefined; readonly description: string },
): Pick<ChangeDocument, 'before' | 'after'> {
  const keys = (['ttl', 'description'] as const).filter((key) => before[key] !== after[key]);
  const pick = (fields: typeof before): Fields =>
    Object.fromEntries(keys.map((key) => [key, fields[key] ?? null]));
  return { before: pick(before), after: pick(after) };
}

function bindingFields(
  binding: Partial<ServiceRegistryBinding> | { readonly registryArn: string | undefined },
): Fields {
  return { ...binding, registryArn: binding.registryArn ?? null };
}
