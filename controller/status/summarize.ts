import type { FieldError } from '../api/types.ts';
import { compareText } from '../state/keys.ts';
import { findReferencesResolved, findRegistrySynced, findServiceBound } from './aws-findings.ts';
import { findLeaving, namesOfLeaving } from './leaving.ts';
import { fulfilled, hindered, mostUrgent, unknown } from './findings.ts';
import {
  countTargets,
  findConfigGenerated,
  findReloaded,
  findTargetsDiscovered,
} from './prometheus-findings.ts';
import type {
  Condition,
  ConditionType,
  Finding,
  PassFacts,
  ReconcileResult,
  TargetFacts,
  TargetStatus,
} from './types.ts';

/** How far every ScrapeTarget got, sorted by name. `previous` is what the last call returned; `now` is RFC 3339. */
export function summarizePass(
  facts: PassFacts,
  previous: readonly TargetStatus[],
  now: string,
): readonly TargetStatus[] {
  const known = new Map(previous.map((status) => [status.name, status]));
  const accepted = facts.targets.map((target) => ({
    specHash: target.specHash,
    facts: sliceFacts(facts, target.metadata.name, target.spec.suspend, target.origin.file),
  }));
  const names = new Set(accepted.map(({ facts: { name } }) => name));
  const rejected = [...new Set(facts.errors.flatMap(({ name }) => name ?? []))]
    .filter((name) => !names.has(name))
    .map((name) => ({
      specHash: '',
      facts: { ...sliceFacts(facts, name, false), inForce: 'none' as const },
    }));
  const gone = namesOfLeaving(facts)
    .filter((name) => !rejected.some((one) => one.facts.name === name))
    .map((name) => ({
      specHash: known.get(name)?.specHash ?? '',
      facts: { ...sliceFacts(facts, name, false), inForce: 'gone' as const },
    }));
  return [...accepted, ...rejected, ...gone]
    .map((one) => summarize(one.facts, one.specHash, known.get(one.facts.name), now))
    .sort((a, b) => compareText(a.name, b.name));
}

/** A fault that tells no name, such as broken YAML, is about every target that was read from its file. */
function sliceFacts(facts: PassFacts, name: string, suspended: boolean, file?: string): TargetFacts {
  const own = ({ target }: { readonly target: string }): boolean => target === name;
  const { plan } = facts;
  return {
    name,
    suspended,
    inForce: facts.lastKnownGood.has(name) ? 'lastKnownGood' : 'newest',
    errors: facts.errors.filter(
      (error) => error.name === name || (error.name === undefined && error.file === file),
    ),
    plan: {
      ...plan,
      changes: plan.changes.filter(own),
      drift: plan.drift.filter(own),
      blocked: plan.blocked.filter(own),
      rollouts: plan.rollouts.filter(own),
    },
    outcomes: facts.outcomes.filter(({ change }) => own(change)),
    discovery: facts.discoveries.get(name),
    refusal: facts.refused?.get(name),
    lastCompleteRead: facts.lastCompleteRead?.get(name),
    problems: facts.problems.filter(own),
    publication: facts.publication,
  };
}

/** Folds what is known of one ScrapeTarget into conditions. */
export function summarize(
  facts: TargetFacts,
  specHash: string,
  previous: TargetStatus | undefined,
  now: string,
): TargetStatus {
  const findings = findingsOf(facts);
  const result = decideResult(findings);
  const observedGeneration = nextGeneration(specHash, previous);
  const all = [...findings, findReady(facts, findings), ...findExtras(facts, result)];
  return {
    name: facts.name,
    specHash,
    observedGeneration,
    targets: countTargets(facts.discovery),
    ...(facts.lastCompleteRead === undefined ? {} : { lastCompleteRead: facts.lastCompleteRead }),
    conditions: all.map((finding) =>
      toCondition(finding, observedGeneration, previous?.conditions ?? [], now),
    ),
    result,
  };
}

function findingsOf(facts: TargetFacts): readonly Finding[] {
  if (facts.inForce === 'gone') return findLeaving(facts);
  return facts.inForce === 'none' ? [findAccepted(facts)] : findAll(facts);
}

function nextGeneration(specHash: string, previous: TargetStatus | undefined): number {
  if (previous === undefined) return 1;
  return previous.specHash === specHash ? previous.observedGeneration : previous.observedGeneration + 1;
}

function findAll(facts: TargetFacts): readonly Finding[] {
  const config = [findConfigGenerated(facts), findReloaded(facts)];
  if (facts.suspended)
    return [findAccepted(facts), ...SUSPENDED.slice(0, 3), ...config, ...SUSPENDED.slice(3)];
  return [
    findAccepted(facts),
    findReferencesResolved(facts),
    findRegistrySynced(facts),
    findServiceBound(facts),
    ...config,
    findTargetsDiscovered(facts),
  ];
}

const SUSPENDED_TEXT = 'Not looked at while the ScrapeTarget is suspended; its targets stay as they are.';

const SUSPENDED: readonly Finding[] = (
  ['ReferencesResolved', 'RegistrySynced', 'ServiceBound', 'TargetsDiscovered'] as const
).map((type) => unknown(type, 'Suspended', SUSPENDED_TEXT));

function findAccepted({ inForce, errors }: TargetFacts): Finding {
  const [first] = errors;
  if (inForce === 'newest') return fulfilled('Accepted', 'Accepted', 'The document is valid.');
  const reason = first?.reason ?? 'InvalidSpec';
  const text = errors.map(describeFault).join('; ') || 'The newest version of the document is invalid.';
  return hindered('Accepted', 'terminal', reason, text);
}

function describeFault({ file, line, path, message }: FieldError): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return path === '' ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
}

function findReady(facts: TargetFacts, findings: readonly Finding[]): Finding {
  if (facts.suspended) return unknown('Ready', 'Suspended', SUSPENDED_TEXT);
  const [first] = findings.filter(({ hinders }) => hinders !== undefined);
  if (first === undefined) {
    return fulfilled('Ready', 'ReconciliationSucceeded', 'AWS and Prometheus match the document.');
  }
  const message = `${first.type}: ${first.message}`;
  if (facts.inForce === 'gone') return { type: 'Ready', status: 'False', reason: 'Deleting', message };
  if (facts.inForce === 'lastKnownGood' || facts.refusal?.olderInForce === true) {
    const text = `The last accepted version is in force. ${message}`;
    return { type: 'Ready', status: 'False', reason: 'LastKnownGoodInUse', message: text };
  }
  return { type: 'Ready', status: 'False', reason: READY_REASONS[decisive(findings)], message };
}

const READY_REASONS = {
  terminal: 'ReconciliationFailed',
  waiting: 'Progressing',
  transient: 'ProgressingWithRetry',
} as const;

/** A reader wants to know first whether a person is needed; the queue, in {@link decideResult}, when to look again. */
function decisive(findings: readonly Finding[]): keyof typeof READY_REASONS {
  if (findings.some(({ hinders }) => hinders === 'terminal')) return 'terminal';
  return findings.some(({ hinders }) => hinders === 'transient') ? 'transient' : 'waiting';
}

/** Rollouts and start-ups take minutes; this is how soon their end is noticed. */
const REQUEUE_MS = 15_000;

function decideResult(findings: readonly Finding[]): ReconcileResult {
  const urgent = mostUrgent(findings);
  if (urgent?.hinders === undefined) return { kind: 'done' };
  if (urgent.hinders === 'transient') return { kind: 'retry', reason: urgent.reason };
  return urgent.hinders === 'waiting'
    ? { kind: 'requeueAfter', ms: REQUEUE_MS, reason: urgent.reason }
    : { kind: 'stalled', reason: urgent.reason };
}

function findExtras(facts: TargetFacts, result: ReconcileResult): readonly Finding[] {
  const extras: Finding[] = [];
  if (result.kind === 'retry') extras.push(fulfilled('Reconciling', 'ProgressingWithRetry', result.reason));
  if (result.kind === 'requeueAfter') extras.push(fulfilled('Reconciling', 'Progressing', result.reason));
  if (result.kind === 'stalled') extras.push(fulfilled('Stalled', result.reason, 'Retrying cannot help.'));
  const [drift] = facts.plan.drift;
  if (drift !== undefined) {
    const text = `${drift.subject}: ${drift.field} is ${drift.before}, the document asks for ${drift.after}. ${drift.why}`;
    const reason = drift.field === 'serviceRegistries' ? 'BindingChanged' : 'ManualChange';
    extras.push(fulfilled('Drifted', reason, text));
  }
  if (facts.suspended) extras.push(fulfilled('Suspended', 'SuspendedByUser', 'spec.suspend is true.'));
  return extras;
}

function toCondition(
  { type, status, reason, message }: Finding,
  observedGeneration: number,
  previous: readonly Condition[],
  now: string,
): Condition {
  const lastTransitionTime = transitionTime(previous, type, status) ?? now;
  return { type, status, reason, message, lastTransitionTime, observedGeneration };
}

const transitionTime = (
  previous: readonly Condition[],
  type: ConditionType,
  status: Condition['status'],
): string | undefined =>
  previous.find((condition) => condition.type === type && condition.status === status)?.lastTransitionTime;
