import { parseDocuments, type ParseOptions } from '../api/parse.ts';
import type { FieldError } from '../api/types.ts';
import { formatError, type OperatorErrorDetails } from '../errors.ts';
import { countLines, diffLines, linesOf } from './line-diff.ts';
import type { PublishChange, PublishOutcome, PublishPlan, PublishResult } from './publish-plan.ts';

/** A publication, planned or made. */
export interface PublishReport {
  readonly plan: PublishPlan;
  readonly revision: string | undefined;
  /** With which the documents were checked. */
  readonly parsing: ParseOptions;
  /** Undefined while nothing was written. */
  readonly outcomes: readonly PublishOutcome[] | undefined;
}

/** The published form of a publication: `schemas/publish.v1.schema.json`. YAML output is the same object. */
export interface PublishDocument {
  readonly formatVersion: '1.0';
  readonly to: string;
  readonly revision: string | null;
  readonly summary: PublishSummary;
  readonly changes: readonly PublishChangeDocument[];
  readonly left: readonly string[];
  readonly skipped: readonly string[];
  readonly errors: readonly FieldError[];
  readonly blocked: readonly OperatorErrorDetails[];
}

export interface PublishSummary {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly unchanged: number;
  /** Writes that failed, and deletions that were not tried because of them. */
  readonly failed: number;
}

export interface PublishChangeDocument {
  readonly action: PublishChange['kind'];
  readonly path: string;
  readonly uri: string;
  readonly linesAdded: number;
  readonly linesRemoved: number;
  /** Changed lines with their sign; empty where a file holds more than ScrapeTargets, which may be secret. */
  readonly diff: readonly string[];
  readonly outcome: 'planned' | PublishResult['kind'];
  /** Version of the object or parameter that was written, where the destination keeps versions. */
  readonly version: string | null;
  readonly message: string | null;
}

export function publishDocument(report: PublishReport): PublishDocument {
  const { plan, revision, parsing, outcomes } = report;
  const results = new Map((outcomes ?? []).map(({ change, result }) => [change, result]));
  return {
    formatVersion: '1.0',
    to: plan.to,
    revision: revision ?? null,
    summary: summarizePublication(report),
    changes: plan.changes.map((change) => changeDocument(plan.to, change, parsing, results.get(change))),
    left: plan.left,
    skipped: plan.skipped,
    errors: plan.errors,
    blocked: plan.blocked,
  };
}

export function summarizePublication({ plan, outcomes }: PublishReport): PublishSummary {
  const count = (kind: PublishChange['kind']): number =>
    plan.changes.filter((change) => change.kind === kind).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    unchanged: plan.unchanged,
    failed: (outcomes ?? []).filter(({ result }) => result.kind === 'failed' || result.kind === 'held')
      .length,
  };
}

function changeDocument(
  to: string,
  change: PublishChange,
  parsing: ParseOptions,
  result: PublishResult | undefined,
): PublishChangeDocument {
  const before = 'before' in change ? change.before : '';
  const after = 'after' in change ? change.after : '';
  return {
    action: change.kind,
    path: change.path,
    uri: to + change.path,
    ...countLines(before, after),
    diff: [before, after].every((text) => isOpen(text, parsing))
      ? diffLines(linesOf(before), linesOf(after))
      : [],
    outcome: result?.kind ?? 'planned',
    version: (result !== undefined && 'version' in result ? result.version : undefined) ?? null,
    message: result?.kind === 'failed' ? formatError(result.error) : null,
  };
}

/** A valid ScrapeTarget holds no secret, only references; what else is in a file is nobody's to show. */
function isOpen(text: string, parsing: ParseOptions): boolean {
  const { errors, skipped } = parseDocuments([{ file: '', text }], parsing);
  return errors.length === 0 && skipped.length === 0;
}
