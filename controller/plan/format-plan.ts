import { formatBinding, formatValue, printable, tagLines } from './change-lines.ts';
import type { FileSummary } from './file-diff.ts';
import { PLAIN, type Palette } from './palette.ts';
import { actionOf, planDocument, subjectOf, type PlanDocument } from './plan-json.ts';
import type { BindService, Blocked, Change, CreateRegistry, Drift, PlanReport } from './types.ts';

/** A plan for a person. The last line is stable: scripts may look for it. */
export function formatPlan(report: PlanReport, palette: Palette = PLAIN): string {
  const document = planDocument(report);
  const sections = [
    ...groupByTarget(report).map((group) => formatGroup(group, palette)),
    ...formatFiles(document.files, palette),
    [summaryLine(document)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

export const NO_CHANGES = 'No changes. AWS and Prometheus match the documents.';

export function summaryLine({ summary, drift }: PlanDocument): string {
  const { create, update, disruptive, blocked, files } = summary;
  const idle = create + update + summary.delete + blocked + files + drift.length === 0;
  return idle
    ? NO_CHANGES
    : `Plan: ${create} to create, ${update} to update, ${summary.delete} to delete, ${disruptive} disruptive, ${blocked} blocked.`;
}

interface TargetGroup {
  readonly target: string;
  readonly changes: readonly Change[];
  readonly drift: readonly Drift[];
  readonly blocked: readonly Blocked[];
}

function groupByTarget({ plan }: PlanReport): readonly TargetGroup[] {
  const names = [...plan.changes, ...plan.drift, ...plan.blocked].map(({ target }) => target);
  return [...new Set(names)].sort().map((target) => ({
    target,
    changes: plan.changes.filter((change) => change.target === target),
    drift: plan.drift.filter((drift) => drift.target === target),
    blocked: plan.blocked.filter((blocked) => blocked.target === target),
  }));
}

function formatGroup(group: TargetGroup, palette: Palette): readonly string[] {
  return [
    palette.heading(`ScrapeTarget ${printable(group.target)}`),
    ...group.changes.flatMap((change) => formatChange(change, palette)),
    ...group.drift.flatMap((drift) => formatDrift(drift, palette)),
    ...group.blocked.flatMap((blocked) => formatBlocked(blocked, palette)),
  ];
}

function formatChange(change: Change, palette: Palette): readonly string[] {
  const subject = printable(subjectOf(change));
  if (change.kind === 'bindService') {
    const { desiredCount, name } = change.service;
    const tasks = `${desiredCount} task${desiredCount === 1 ? '' : 's'}`;
    return [
      palette.disruptive(`  ! ${subject}: rolls ${tasks} of service ${printable(name)}`),
      `      serviceRegistries: ${formatBinding(change)}`,
    ];
  }
  const action = actionOf(change);
  const paint = action === 'create' ? palette.create : action === 'adopt' ? palette.adopt : palette.update;
  const symbol = { create: '+', update: '~', delete: '-', adopt: '<=' }[action];
  return [paint(`  ${symbol} ${subject}`), ...formatFields(change, palette)];
}

function formatFields(change: Exclude<Change, BindService>, palette: Palette): readonly string[] {
  if (change.kind === 'createRegistry') return createLines(change, palette);
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

/** Enough to see what happens; the JSON form has all. */
const MAX_LINES_PER_FILE = 20;

function formatFiles(files: readonly FileSummary[], palette: Palette): readonly (readonly string[])[] {
  if (files.length === 0) return [];
  return [[palette.heading('Files'), ...files.flatMap((file) => formatFile(file, palette))]];
}

function formatFile(file: FileSummary, palette: Palette): readonly string[] {
  const symbol = { create: '+', update: '~', delete: '-' }[file.action];
  const head = `  ${symbol} ${file.path} (+${file.linesAdded} -${file.linesRemoved} lines)`;
  const lines = fileLines(file);
  const hidden = lines.length - MAX_LINES_PER_FILE;
  return [
    palette[file.action](head),
    ...lines.slice(0, MAX_LINES_PER_FILE).map((line) => `      ${paintLine(line, palette)}`),
    ...(hidden > 0 ? [palette.dim(`      and ${hidden} more lines (all of them with -o json)`)] : []),
  ];
}

/** Targets first, then labels or jobs. */
function fileLines(file: FileSummary): readonly string[] {
  return [
    ...file.targetsAdded.map((address) => `+ ${address}`),
    ...file.targetsRemoved.map((address) => `- ${address}`),
    ...file.diff,
  ].map(printable);
}

function paintLine(line: string, palette: Palette): string {
  if (line.startsWith('+')) return palette.create(line);
  return line.startsWith('-') ? palette.delete(line) : palette.update(line);
}
