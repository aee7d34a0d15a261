import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { makeDirectories } from '../make-directory.ts';

/** Prometheus usually runs as another user, so its files are readable for all whatever our umask is. */
const FILE_MODE = 0o644;
/** For what only the controller reads. */
export const PRIVATE_FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o755;
const TEMPORARY = /^\..+\.[0-9a-f]{16}\.tmp$/;

/** Text of a file, or undefined where there is none. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw fileError(thrown, path, 'read the file');
  }
}

/** Another one whenever the file was written, replaced or touched; undefined where there is none. */
export async function stampIfExists(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return undefined;
    throw fileError(thrown, path, 'read the file');
  }
}

/** Names in a directory; none where there is no directory. */
export async function listIfExists(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) return [];
    throw fileError(thrown, directory, 'read the directory');
  }
}

/**
 * Readers see the old file or the whole new one, also after a crash of this process or of the machine.
 * The rename itself is durable after {@link syncDirectory}.
 */
export async function replaceFile(path: string, text: string, mode = FILE_MODE): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeDurably(temporary, text, mode);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw fileError(thrown, path, 'write the file');
  }
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new file that need not outlive this process. */
export async function writePassing(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: PRIVATE_FILE_MODE });
  } catch (thrown) {
    throw fileError(thrown, path, 'write the file');
  }
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function makeDirectory(directory: string): Promise<void> {
  try {
    if (await makeDirectories(directory)) await chmod(directory, DIRECTORY_MODE);
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT')) throw noPlaceForDirectory(thrown, directory);
    throw fileError(thrown, directory, 'create the directory');
  }
}

export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (thrown) {
    throw fileError(thrown, path, 'delete the file');
  }
}

/** One directory has one writer, so nothing that a process finds when it starts is in use. */
export async function sweepTemporaryFiles(directory: string): Promise<void> {
  const leftovers = (await listIfExists(directory)).filter((name) => TEMPORARY.test(name));
  await Promise.all(leftovers.map((name) => removeFile(join(directory, name))));
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Give the controller write access to the directory.',
  EPERM: 'Give the controller write access to the directory.',
  EROFS: 'Mount the directory writable.',
  EBUSY: 'Mount the directory, not the single file: a mounted file cannot be replaced.',
  ENOTDIR: 'A part of the path is a file; name a directory.',
  EEXIST: 'A file is where the directory should be; name another directory.',
  EISDIR: 'A directory is where the file should be; remove it.',
};

function noPlaceForDirectory(thrown: unknown, directory: string): OperatorError {
  return terminal({
    reason: 'BundleNotWritten',
    message: 'Cannot create the directory: its file system takes none there (ENOENT).',
    where: directory,
    remedy: 'Name a directory on an ordinary file system.',
    cause: thrown,
  });
}

function fileError(thrown: unknown, path: string, action: string): OperatorError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
  const details = {
    reason: 'BundleNotWritten',
    message: `Cannot ${action} (${code}).`,
    where: path,
    cause: thrown,
  };
  const remedy = REMEDIES[code];
  return remedy === undefined ? transient(details) : terminal({ ...details, remedy });
}
