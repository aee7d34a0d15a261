import { isConfigFile } from '../state/targets.ts';
import { printable } from './change-lines.ts';
import type { FileSummary } from './file-diff.ts';
import type { Palette } from './palette.ts';

/** Enough to see what happens; the JSON form has all. */
const MAX_LINES_PER_FILE = 20;
const MAX_FILES = 20;

export function formatFiles(files: readonly FileSummary[], palette: Palette): readonly (readonly string[])[] {
  if (files.length === 0) return [];
  const lines =
    files.length > MAX_FILES ? manyFiles(files, palette) : files.flatMap((file) => formatFile(file, palette));
  return [[palette.heading('Files'), ...lines]];
}

/** One line for each, and first for those that lose targets: that is what a reader must not miss. */
function manyFiles(files: readonly FileSummary[], palette: Palette): readonly string[] {
  const config = files.filter(({ path }) => isConfigFile(path));
  const others = files.filter(({ path }) => !isConfigFile(path));
  const loses = (file: FileSummary): boolean => file.action === 'delete' || file.targetsRemoved.length > 0;
  const ordered = [...others.filter(loses), ...others.filter((file) => !loses(file))];
  const rest = ordered.slice(MAX_FILES);
  return [
    ...config.flatMap((file) => formatFile(file, palette)),
    ...ordered
      .slice(0, MAX_FILES)
      .map((file) => palette[file.action](`  ${symbolOf(file)} ${file.path} (${countTargets([file])})`)),
    ...(rest.length === 0
      ? []
      : [palette.dim(`  and ${rest.length} more files (${countTargets(rest)}; all of them with -o json)`)]),
  ];
}

function countTargets(files: readonly FileSummary[]): string {
  const sum = (key: 'targetsAdded' | 'targetsRemoved'): number =>
    files.reduce((total, file) => total + file[key].length, 0);
  return `+${sum('targetsAdded')} -${sum('targetsRemoved')} targets`;
}

const symbolOf = ({ action }: FileSummary): string => ({ create: '+', update: '~', delete: '-' })[action];

function formatFile(file: FileSummary, palette: Palette): readonly string[] {
  const head = `  ${symbolOf(file)} ${file.path} (+${file.linesAdded} -${file.linesRemoved} lines)`;
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
