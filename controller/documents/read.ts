import { open, stat, type FileHandle } from 'node:fs/promises';
import { LIMITS } from '../api/limits.ts';
import { formatThrown, terminal, transient, type OperatorError } from '../errors.ts';

/** One character of ours takes at most three bytes in UTF-8, so a longer file is longer than the parser allows. */
const MOST_BYTES = 3 * (LIMITS.fileCharacters + 1);

/**
 * Text of a document file, cut after more than the parser accepts: the parser then refuses it by name, and a
 * huge file costs no memory. Throws when the file changes while it is read.
 */
export async function readDocumentText(path: string): Promise<string> {
  // Asked before it is opened: opening a pipe waits for somebody to write.
  if (!(await stat(path)).isFile()) throw notAFile(path);
  const handle = await open(path, 'r');
  try {
    return (await readSteadily(handle, path)).toString('utf8');
  } finally {
    await handle.close();
  }
}

async function readSteadily(handle: FileHandle, path: string): Promise<Buffer> {
  const before = await handle.stat();
  const wanted = Math.min(before.size, MOST_BYTES);
  const bytes = await readUpTo(handle, wanted);
  const after = await handle.stat();
  const steady = after.size === before.size && after.mtimeMs === before.mtimeMs && bytes.length === wanted;
  if (steady) return bytes;
  throw transient({
    reason: 'SourceChanging',
    message: 'The file changed while it was read.',
    where: path,
    remedy: 'It is read again soon.',
  });
}

async function readUpTo(handle: FileHandle, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

const notAFile = (path: string): OperatorError =>
  terminal({
    reason: 'SourceNotReadable',
    message: 'This is not a regular file.',
    where: path,
    remedy: 'Remove it from the source.',
  });

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'Create it, or name another path.'],
  ['EACCES', 'Give the controller the right to read it.'],
  ['EPERM', 'Give the controller the right to read it.'],
  ['ELOOP', 'Remove the symbolic link that leads to itself.'],
  ['ENOTDIR', 'Name a directory or a file.'],
]);

/** A failed file operation as an error: what nobody but a person can mend is terminal, the rest may pass. */
export function fileError(thrown: unknown, path: string): OperatorError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const remedy = REMEDIES.get(code);
  const reason = code === 'ENOENT' ? 'SourceNotFound' : 'SourceNotReadable';
  const message =
    code === 'ENOENT' ? 'There is no such file or directory.' : `Cannot be read: ${formatThrown(thrown)}.`;
  if (remedy === undefined) return transient({ reason, message, where: path, cause: thrown });
  return terminal({ reason, message, where: path, remedy, cause: thrown });
}
