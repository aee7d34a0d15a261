import { compareText, registryKey } from '../state/keys.ts';
import { formatBinding, formatValue, printable, tagLines } from './change-lines.ts';
import { foldEqual, type Section } from './fold-equal.ts';
import { formatFiles } from './format-files.ts';
import { PLAIN, type Palette } from './palette.ts';
import {
  actionOf,
  isDeparture,
  isDisruptive,
  planDocument,
  subjectOf,
  type PlanDocument,
} from './plan-json.ts';
import type { Blocked, Change, CreateRegistry, Drift, Plan, PlanReport } from './types.ts';

export interface PlanStyle {
  readonly palette?: Palette;
  /** Only what a person must look at: what replaces tasks, deletes, or is blocked. */
  readonly quiet?: boolean;
  /** False when something could not be read or is invalid: then nothing says that all is in order. */
  readonly whole?: boolean;
}

/** A plan for a person. The last line is stable: scripts may look for it. */
export function formatPlan(report: PlanReport, style: PlanStyle = {}): string {
  const { palette = PLAIN, quiet = false } = style;
  const document = planDocument(report);
  const shown = quiet ? withoutQuiet(report.plan) : report.plan;
  const groups = groupByTarget(shown).map((group) => formatGroup(group, palette));
  const sections = [
    ...foldEqual(groups).map(({ heading, lines }) => [palette.heading(heading), ...lines]),
    ...(quiet ? [] : formatFiles(document.files, palette)),
    [summaryLine(document, style)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function withoutQuiet(plan: Plan): Plan {
  const loud = plan.changes.filter((change) => isDisruptive(change) || actionOf(change) === 'delete');
  return { ...plan, changes: loud, drift: [] };
}

export const NO_CHANGES = 'No changes. AWS and Prometheus match the documents.';

export function summaryLine(
  { summary, drift }: PlanDocument,
  { whole = true }: Pick<PlanStyle, 'whole'> = {},
): string {
  const { create, update, disruptive, blocked, files } = summary;
  const idle = create + update + summary.delete + blocked + files + drift.length === 0;
  return idle && whole
    ? NO_CHANGES
    : `Plan: ${create} to create, ${update} to update, ${summary.delete} to delete, ${disruptive} disruptive, ${blocked} blocked.`;
}

interface TargetGroup {
  readonly target: string;
  readonly changes: Change[];
  readonly drift: Drift[];
  readonly blocked: Blocked[];
}

function groupByTarget(plan: Plan): readonly TargetGroup[] {
  const groups = new Map<string, TargetGroup>();
  const groupOf = ({ target }: { readonly target: string }): TargetGroup => {
    const known = groups.get(target) ?? { target, changes: [], drift: [], blocked: [] };
    groups.set(target, known);
    return known;
  };
  for (const change of plan.changes) groupOf(change).changes.push(change);
  for (const drift of plan.drift) groupOf(drift).drift.push(drift);
  for (const blocked of plan.blocked) groupOf(blocked).blocked.push(blocked);
  return [...groups.values()].sort((a, b) => compareText(a.target, b.target));
}

function formatGroup({ target, changes, drift, blocked }: TargetGroup, palette: Palette): Section {
  return {
    target,
    subjects: [...changes.flatMap(namesIn), ...[...drift, ...blocked].map(({ subject }) => subject)],
    lines: [
      ...changes.flatMap((change) => formatChange(change, palette)),
      ...drift.flatMap((one) => formatDrift(one, palette)),
      ...blocked.flatMap((one) => formatBlocked(one, palette)),
    ],
  };
}

/** A change of a service tells of its registry too. */
function namesIn(change: Change): readonly string[] {
  return 'registry' in change
    ? [subjectOf(change), `registry ${registryKey(change.registry)}`]
    : [subjectOf(change)];
}

function formatChange(change: Change, palette: Palette): readonly string[] {
  const subject = printable(subjectOf(change));
  if (isDisruptive(change)) {
    const { desiredCount, name } = change.service;
    const tasks = `${desiredCount} task${desiredCount === 1 ? '' : 's'}`;
    return [
      palette.disruptive(`  ! ${subject}: rolls ${tasks} of service ${printable(name)}`),
      `      serviceRegistries: ${formatBinding(change)}`,
      ...waitLines(change),
    ];
  }
  const action = actionOf(change);
  const symbol = { create: '+', update: '~', delete: '-', adopt: '<=' }[action];
  return [palette[action](`  ${symbol} ${subject}`), ...formatFields(change, palette), ...waitLines(change)];
}

function waitLines(change: Change): readonly string[] {
  if (!isDeparture(change) || change.waitsUntil === undefined) return [];
  return [`      waits until ${printable(change.waitsUntil)}`];
}

function formatFields(
  change: Exclude<Change, { readonly kind: 'bindService' | 'unbindService' }>,
  palette: Palette,
): readonly string[] {
  if (change.kind === 'createRegistry') return createLines(change, palette);
  if (change.kind === 'deleteRegistry') return [];
  if (change.kind === 'tagRegistry') return tagLines(change.before, change.after, palette);
  if (change.kind === 'untagRegistry') return tagLines(change.before, {}, palette);
  return (['ttl', 'description'] as const)
    .filter((key) => change.before[key] !== change.after[key])
    .map((key) => `      ${key}: ${formatValue(change.before[key])} -> ${formatValue(change.after[key])}`);
}

function createLines({ dns, description, tags }: CreateRegistry, palette: Palette): readonly string[] {
  return [
    ...(dns === undefined ? [] : [`      dns: ${dns.recordType}, TTL ${dns.ttl}, ${dns.routingPolicy}`]),
    `      description: ${formatValue(description)}`,
    ...tagLines({}, tags, palette),
  ];
}

function formatDrift(drift: Drift, palette: Palette): readonly string[] {
  return [
    palette.dim(`  drift in ${printable(drift.subject)}`),
    `      ${drift.field}: ${formatValue(drift.before)} -> ${formatValue(drift.after)}`,
    `      ${printable(drift.why)}`,
  ];
}

function formatBlocked(blocked: Blocked, palette: Palette): readonly string[] {
  return [
    palette.blocked(`  blocked: ${printable(blocked.subject)}: ${blocked.reason}`),
    `      ${printable(blocked.message)}`,
    `      ${printable(blocked.remedy)}`,
  ];
}
