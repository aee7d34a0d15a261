import { printable } from './change-lines.ts';
import { foldedDiff, MAX_COMMENT_CHARACTERS } from './folded-diff.ts';
import { PLAIN, type Palette } from './palette.ts';
import { publishDocument, summarizePublication } from './publish-json.ts';
import type { PublishChangeDocument, PublishDocument, PublishReport } from './publish-json.ts';

/** A publication for a person: the objects, what is left alone, and a last line that is stable. */
export function formatPublication(report: PublishReport, palette: Palette = PLAIN): string {
  const document = publishDocument(report);
  const sections = [changeLines(document, palette), noteLines(document, palette), [summaryLine(report)]];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Hidden in the comment, so that CI finds it again and updates it in place. */
const MARKER = '<!-- ecs-prometheus-operator:publish -->';

export function formatPublicationMarkdown(report: PublishReport): string {
  const head = [MARKER, `### ${summaryLine(report)}`, ''];
  const details = formatPublication(report).trimEnd().split('\n').slice(0, -2);
  if (details.length === 0) return head.join('\n');
  const budget = MAX_COMMENT_CHARACTERS - head.join('\n').length;
  return [...head, ...foldedDiff(details, budget), ''].join('\n');
}

/** What was written, object by object, after the plan was shown. */
export function formatOutcomes(report: PublishReport, palette: Palette = PLAIN): string {
  const { changes } = publishDocument(report);
  const lines = changes.map((change) => outcomeLine(change, palette));
  return `${[...lines, summaryLine(report)].join('\n')}\n`;
}

function outcomeLine(
  { action, path, outcome, version, message }: PublishChangeDocument,
  palette: Palette,
): string {
  const name = printable(path);
  if (outcome === 'failed') return palette.blocked(`failed   ${name}: ${printable(message ?? '')}`);
  if (outcome === 'held')
    return palette.blocked(`held     ${name}: not deleted, because something was not written`);
  if (outcome === 'unchanged') return palette.dim(`same     ${name}: somebody else had done the same`);
  return `${{ create: 'created', update: 'updated', delete: 'deleted' }[action]}  ${name}${version === null ? '' : ` (version ${printable(version)})`}`;
}

function summaryLine(report: PublishReport): string {
  const { plan, outcomes } = report;
  const { create, update, delete: gone, unchanged, failed } = summarizePublication(report);
  if (plan.errors.length + plan.blocked.length > 0) return 'Nothing is published.';
  if (create + update + gone === 0)
    return `No changes. ${plan.to} matches the directory, ${unchanged} document${unchanged === 1 ? '' : 's'}.`;
  const counts = `${create} to create, ${update} to update, ${gone} to delete, ${unchanged} unchanged.`;
  if (outcomes === undefined) return `Publish: ${counts}`;
  const done = create + update + gone - failed;
  return `Published: ${done} of ${done + failed} changes made, ${failed} failed, ${unchanged} unchanged.`;
}

const SYMBOLS = { create: '+', update: '~', delete: '-' } as const;
/** Enough to see what happens; the JSON form has all. */
const MAX_LINES = 20;

function changeLines({ to, changes }: PublishDocument, palette: Palette): readonly string[] {
  if (changes.length === 0) return [];
  return [palette.heading(to), ...changes.flatMap((change) => changeLine(change, palette))];
}

/** The lines of a document that is new or goes are the document itself: only what changes is shown. */
function changeLine(change: PublishChangeDocument, palette: Palette): readonly string[] {
  const { action, path, linesAdded, linesRemoved } = change;
  const head = `  ${SYMBOLS[action]} ${printable(path)} (+${linesAdded} -${linesRemoved} lines)`;
  const lines = action === 'update' ? change.diff.map(printable) : [];
  const hidden = lines.length - MAX_LINES;
  return [
    palette[action](head),
    ...lines.slice(0, MAX_LINES).map((line) => `      ${paint(line, palette)}`),
    ...(hidden > 0 ? [palette.dim(`      and ${hidden} more lines (all of them with -o json)`)] : []),
  ];
}

const paint = (line: string, palette: Palette): string =>
  line.startsWith('+') ? palette.create(line) : palette.delete(line);

function noteLines({ left, skipped }: PublishDocument, palette: Palette): readonly string[] {
  return [
    ...left.map((uri) => palette.dim(`stays    ${printable(uri)}: not in the directory; --prune deletes it`)),
    ...skipped.map((file) => palette.dim(`skipped  ${printable(file)}: holds no ScrapeTarget`)),
  ];
}
