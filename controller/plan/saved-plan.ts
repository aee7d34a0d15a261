import { hashOf } from '../api/hash.ts';
import { terminal, type OperatorError } from '../errors.ts';
import { compareText } from '../state/keys.ts';
import { planDocument } from './plan-json.ts';
import type { PlanReport } from './types.ts';

/** What a plan was made from. */
export interface PlanOrigin {
  readonly owner: string;
  readonly region: string;
  /** Null where nobody could tell. */
  readonly account: string | null;
  /** Values of the options that were given, passwords in URLs masked. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** By ScrapeTarget name: the hash of its spec. */
  readonly documents: Readonly<Record<string, string>>;
  /** Hash of the base configuration. */
  readonly baseConfig: string;
}

/** A plan in a file: `schemas/saved-plan.v1.schema.json`. */
export interface SavedPlan extends PlanOrigin {
  readonly formatVersion: string;
  /** Hash of all that an apply would do, also of what `plan` masks or leaves out. */
  readonly fingerprint: string;
  readonly plan: Readonly<Record<PlanList, readonly object[]>>;
}

const FORMAT = '1.0';
const LISTS = ['changes', 'drift', 'blocked', 'files'] as const;
type PlanList = (typeof LISTS)[number];

export function savePlan(report: PlanReport, origin: PlanOrigin): SavedPlan {
  return { formatVersion: FORMAT, ...origin, fingerprint: fingerprintOf(report), plan: planDocument(report) };
}

function fingerprintOf({ plan: { changes, drift, blocked }, files }: PlanReport): string {
  return hashOf({ changes, drift, blocked, files });
}

/** Reads what {@link savePlan} made. Throws when the text is no saved plan, or one of a newer format. */
export function readSavedPlan(text: string, where: string): SavedPlan {
  const fields = parseRecord(text, where);
  const { formatVersion, owner, region, account, fingerprint, baseConfig } = fields;
  if (typeof formatVersion === 'string' && !formatVersion.startsWith('1.'))
    throw tooNew(where, formatVersion);
  const plan = isRecord(fields['plan']) ? fields['plan'] : {};
  const [changes, drift, blocked, files] = LISTS.map((list) => recordsOf(plan[list]));
  const options = mapOf(fields['options'], isTexts);
  const documents = mapOf(fields['documents'], isText);
  if (
    !isText(formatVersion) ||
    !isText(owner) ||
    !isText(region) ||
    !(account === null || isText(account)) ||
    !isText(fingerprint) ||
    !isText(baseConfig) ||
    !changes ||
    !drift ||
    !blocked ||
    !files ||
    !options ||
    !documents
  )
    throw notSavedPlan(where);
  return {
    formatVersion,
    owner,
    region,
    account,
    options,
    documents,
    baseConfig,
    fingerprint,
    plan: { changes, drift, blocked, files },
  };
}

/** Throws when a plan was made for another installation than this one. */
export function requireSameInstallation(
  saved: SavedPlan,
  now: Pick<PlanOrigin, 'region' | 'account'>,
  where: string,
): void {
  const here = { region: now.region, account: now.account ?? saved.account };
  const [different] = (['region', 'account'] as const).filter(
    (key) => saved[key] !== null && saved[key] !== here[key],
  );
  if (different === undefined) return;
  throw terminal({
    reason: 'PlanForAnotherInstallation',
    where,
    message: `The plan was made for the ${different} ${saved[different]}, but this is ${here[different]}. Nothing was changed.`,
    remedy: `Go to that ${different}, or make a new plan here.`,
  });
}

/** What differs between a saved plan and the one that would be made now; nothing when both do the same. */
export function findMoves(saved: SavedPlan, now: SavedPlan): readonly string[] {
  const steps = LISTS.flatMap((list) => findSteps(list, saved.plan[list], now.plan[list]));
  if (steps.length === 0 && saved.fingerprint === now.fingerprint) return [];
  return [
    ...findDocuments(saved.documents, now.documents),
    ...(saved.baseConfig === now.baseConfig ? [] : ['the base configuration has changed']),
    ...(steps.length === 0 ? [UNSHOWN] : steps),
  ];
}

const UNSHOWN =
  'something has changed that a plan does not show: a secret, a deployment of a service, or something that was made anew under its old name';

function findDocuments(before: SavedPlan['documents'], after: SavedPlan['documents']): readonly string[] {
  return keysOf(before, after)
    .filter((name) => before[name] !== after[name])
    .map((name) => {
      const told =
        before[name] === undefined ? 'is new' : after[name] === undefined ? 'is gone' : 'has changed';
      return `the document of ScrapeTarget ${name} ${told}`;
    });
}

/** Steps are recognised by what they are about, and by their place among those that are about the same. */
function findSteps(list: PlanList, before: readonly object[], after: readonly object[]): readonly string[] {
  const [old, fresh] = [byTitle(list, before), byTitle(list, after)];
  return keysOf(old, fresh).flatMap((title) => {
    const [a, b] = [old[title], fresh[title]];
    if (a === undefined) return [`${title} is new`];
    if (b === undefined) return [`${title} is not planned any more`];
    return same(a, b) ? [] : [`${title}: ${describeDifference(a, b)}`];
  });
}

function byTitle(list: PlanList, steps: readonly object[]): Readonly<Record<string, Fields>> {
  const counts = new Map<string, number>();
  return Object.fromEntries(
    steps.map((step) => {
      const fields: Fields = { ...step };
      const title = titleOf(list, fields);
      const count = (counts.get(title) ?? 0) + 1;
      counts.set(title, count);
      return [count === 1 ? title : `${title} (${count})`, fields];
    }),
  );
}

function titleOf(list: PlanList, fields: Fields): string {
  const text = (key: string): string => {
    const value = fields[key];
    return isText(value) ? value : '?';
  };
  if (list === 'files') return `${text('action')} of file ${text('path')}`;
  if (list === 'changes') return `${text('kind')} of ${text('subject')}`;
  return list === 'drift'
    ? `drift of ${text('field')} in ${text('subject')}`
    : `blocked ${text('subject')}: ${text('reason')}`;
}

function describeDifference(before: Fields, after: Fields): string {
  return keysOf(before, after)
    .filter((key) => !same(before[key], after[key]))
    .map((key) => `${key} ${shorten(before[key])} -> ${shorten(after[key])}`)
    .join(', ');
}

/** In a list, because nothing has no hash. */
const same = (a: unknown, b: unknown): boolean => hashOf([a]) === hashOf([b]);

const MAX_VALUE = 120;

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? '(none)';
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

type Fields = Readonly<Record<string, unknown>>;

const keysOf = (a: object, b: object): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(compareText);

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordsOf = (value: unknown): readonly object[] | undefined =>
  Array.isArray(value) && value.every(isRecord) ? value : undefined;

function mapOf<T>(value: unknown, is: (item: unknown) => item is T): Readonly<Record<string, T>> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).flatMap(([key, item]) => (is(item) ? [[key, item] as const] : []));
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
}

function parseRecord(text: string, where: string): Fields {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed;
  } catch (thrown) {
    throw notSavedPlan(where, thrown);
  }
  throw notSavedPlan(where);
}

function notSavedPlan(where: string, cause?: unknown): OperatorError {
  return terminal({
    reason: 'PlanUnreadable',
    where,
    message: 'This is not a saved plan, or it is damaged. Nothing was changed.',
    remedy: 'Make a new one with scrapectl plan --out. Documents are named with --source.',
    cause,
  });
}

function tooNew(where: string, version: string): OperatorError {
  return terminal({
    reason: 'PlanFormatUnknown',
    where,
    message: `The saved plan has format version ${version}, which this scrapectl does not know. Nothing was changed.`,
    remedy: 'Use a newer scrapectl, or make a new plan with this one.',
  });
}
