import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { isOperatorError, terminal, transient, type OperatorError } from '../errors.ts';
import { compareText } from '../state/keys.ts';
import { fileError } from './read.ts';

const DOCUMENT_NAME = /\.(?:ya?ml|json)$/i;
const MOST_ENTRIES = 20_000;
const MOST_LEVELS = 32;

export interface WalkResult {
  /** Document files, as paths that begin with the path of the source; sorted. */
  readonly files: readonly string[];
  readonly errors: readonly OperatorError[];
}

interface Walk {
  /** Real path of the source: symbolic links must not lead out of it. */
  readonly base: string;
  /** Real paths that were met, so that no link makes us read a thing twice or for ever. */
  readonly seen: Set<string>;
  readonly files: string[];
  readonly errors: OperatorError[];
  readonly signal: AbortSignal;
  entries: number;
}

/** Names that never hold documents: hidden directories (also those behind mounted config maps) and dependencies. */
export const isIgnoredDirectory = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

/** Finds the document files under a directory, or the one file that was named. Never throws. */
export async function findDocuments(path: string, signal: AbortSignal): Promise<WalkResult> {
  const files: string[] = [];
  const errors: OperatorError[] = [];
  try {
    const base = await realpath(path);
    if ((await stat(base)).isDirectory()) {
      await walk({ base, seen: new Set([base]), files, errors, signal, entries: 0 }, path, 0);
    } else {
      files.push(path);
    }
  } catch (thrown) {
    errors.push(isOperatorError(thrown) ? thrown : fileError(thrown, path));
  }
  return { files: files.sort(compareText), errors };
}

async function walk(walkState: Walk, directory: string, level: number): Promise<void> {
  if (level > MOST_LEVELS)
    throw tooMuch(directory, `more than ${MOST_LEVELS} directories inside one another`);
  const entries = await readdir(directory, { withFileTypes: true });
  walkState.entries += entries.length;
  if (walkState.entries > MOST_ENTRIES)
    throw tooMuch(directory, `more than ${MOST_ENTRIES} files and directories`);
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    if (walkState.signal.aborted) throw aborted(directory);
    await visit(walkState, directory, entry, level);
  }
}

/** One unreadable entry makes the listing incomplete, but hides none of the others. */
async function visit(walkState: Walk, directory: string, entry: Dirent, level: number): Promise<void> {
  const path = `${directory.endsWith('/') ? directory.slice(0, -1) : directory}/${entry.name}`;
  try {
    const kind = await kindOf(walkState, path, entry);
    if (kind === 'directory') await walk(walkState, path, level + 1);
    if (kind === 'file') walkState.files.push(path);
  } catch (thrown) {
    if (isOperatorError(thrown) && thrown.reason !== 'SourceLinkRefused') throw thrown;
    walkState.errors.push(isOperatorError(thrown) ? thrown : fileError(thrown, path));
  }
}

async function kindOf(
  walkState: Walk,
  path: string,
  entry: Dirent,
): Promise<'directory' | 'file' | 'neither'> {
  if (entry.isDirectory())
    return isIgnoredDirectory(entry.name) || !(await isNew(walkState, path)) ? 'neither' : 'directory';
  if (entry.isSymbolicLink()) return linkKind(walkState, path, entry.name);
  if (!DOCUMENT_NAME.test(entry.name) || !(await isNew(walkState, path))) return 'neither';
  return 'file';
}

async function linkKind(
  walkState: Walk,
  path: string,
  name: string,
): Promise<'directory' | 'file' | 'neither'> {
  if (isIgnoredDirectory(name)) return 'neither';
  const isDocument = DOCUMENT_NAME.test(name);
  const isDirectory = await stat(path).then(
    (target) => target.isDirectory(),
    (thrown: unknown) => (isDocument ? Promise.reject(thrown) : false),
  );
  if (!isDirectory && !isDocument) return 'neither';
  if (!(await isNew(walkState, path))) return 'neither';
  return isDirectory ? 'directory' : 'file';
}

async function isNew({ base, seen }: Walk, path: string): Promise<boolean> {
  const real = await realpath(path);
  if (real !== base && !real.startsWith(base.endsWith(sep) ? base : base + sep)) throw leadsOut(path);
  if (seen.has(real)) return false;
  seen.add(real);
  return true;
}

const leadsOut = (path: string): OperatorError =>
  terminal({
    reason: 'SourceLinkRefused',
    message: 'The symbolic link leads out of the source and was not followed.',
    where: path,
    remedy: 'Copy the file into the source, or name its directory as a source of its own.',
  });

const tooMuch = (where: string, what: string): OperatorError =>
  terminal({
    reason: 'SourceTooLarge',
    message: `The source holds ${what}; the rest was not read.`,
    where,
    remedy: 'Name a directory that holds ScrapeTarget documents only.',
  });

export const aborted = (where: string): OperatorError =>
  transient({ reason: 'Aborted', message: 'Reading was stopped.', where });
