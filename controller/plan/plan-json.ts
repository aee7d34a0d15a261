import { registryKey } from '../state/keys.ts';
import type { ServiceRegistryBinding } from '../state/observed.ts';
import { describeFile, type FileSummary } from './file-diff.ts';
import type { Blocked, Change, Drift, Plan, PlanReport } from './types.ts';

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
  return change.kind === 'tagRegistry' && change.adopts ? 'adopt' : 'update';
}

export const isDisruptive = (change: Change): boolean => change.kind === 'bindService';

export const tasksReplaced = (change: Change): number =>
  change.kind === 'bindService' ? change.service.desiredCount : 0;

export function subjectOf(change: Change): string {
  if (change.kind === 'bindService') return `service ${change.service.clusterName}/${change.service.name}`;
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
  };
}

function arnOf(change: Change): string | null {
  if (change.kind === 'createRegistry') return null;
  return change.kind === 'bindService' ? change.service.arn : change.registry.arn;
}

function fieldsOf(change: Change): Pick<ChangeDocument, 'before' | 'after'> {
  if (change.kind === 'createRegistry') {
    const { description, dns, tags } = change;
    return { before: null, after: { description, dns: dns ?? null, tags } };
  }
  if (change.kind === 'updateRegistry') return changedFields(change.before, change.after);
  if (change.kind === 'bindService') {
    return {
      before: { serviceRegistries: change.before.map(bindingFields) },
      after: { serviceRegistries: [bindingFields(change.after)] },
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
