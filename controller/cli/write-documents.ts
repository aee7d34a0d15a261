import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatThrown, terminal, type OperatorError } from '../errors.ts';
import { makeDirectories } from '../make-directory.ts';

export interface DocumentText {
  readonly name: string;
  readonly text: string;
}

export interface WrittenDocument {
  readonly name: string;
  readonly path: string;
  /** `kept`: another file stands there already. */
  readonly action: 'written' | 'unchanged' | 'kept';
}

/** One file for each document, whole or not at all. A file that says something else is replaced by `force` alone. */
export async function writeDocuments(
  directory: string,
  documents: readonly DocumentText[],
  force: boolean,
): Promise<readonly WrittenDocument[]> {
  const written: WrittenDocument[] = [];
  await atPath(directory, makeDirectories(directory));
  for (const { name, text } of documents) {
    const path = documentPath(directory, name);
    written.push({ name, path, action: await atPath(path, writeOne(path, text, force)) });
  }
  return written;
}

/** The name of a ScrapeTarget is a DNS label, so it names a file of its own in the directory. */
export const documentPath = (directory: string, name: string): string => join(directory, `${name}.yaml`);

async function writeOne(path: string, text: string, force: boolean): Promise<WrittenDocument['action']> {
  const existing = await readIfThere(path);
  if (existing === text) return 'unchanged';
  if (existing !== undefined && !force) return 'kept';
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { flush: true });
    if (force) await rename(temporary, path);
    // Unlike a rename, a link never replaces what somebody put there in the meantime.
    else await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return 'written';
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}

async function atPath<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw cannotWrite(path, thrown);
  }
}

function cannotWrite(path: string, thrown: unknown): OperatorError {
  return terminal({
    reason: 'CannotWrite',
    where: path,
    message: `The document cannot be written: ${formatThrown(thrown)}.`,
    remedy: `Make ${dirname(path)} writable, or name another directory with --output-dir.`,
    cause: thrown,
  });
}

const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;
