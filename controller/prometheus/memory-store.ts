import { join } from 'node:path';
import { formatThrown, isOperatorError, terminal } from '../errors.ts';
import type { MemoryStore } from '../reconcile/ports.ts';
import { makeDirectory, PRIVATE_FILE_MODE, readIfExists, replaceFile, syncDirectory } from './files.ts';

const MEMORY_FILE = '.scrapectl-memory.json';

/** Keeps the memory beside the bundle: whoever has one has the other. */
export function createMemoryStore(directory: string): MemoryStore {
  const path = join(directory, MEMORY_FILE);
  const load = async (): Promise<string | undefined> => {
    try {
      return await readIfExists(path);
    } catch (thrown) {
      throw notRead(path, thrown);
    }
  };
  return {
    load,
    async save(text) {
      await makeDirectory(directory);
      if ((await load()) === text) return;
      await replaceFile(path, text, PRIVATE_FILE_MODE);
      await syncDirectory(directory);
    },
  };
}

function notRead(path: string, cause: unknown): Error {
  // What stands in the way is not the file, and the error says so.
  if (isOperatorError(cause) && isNoDirectory(cause.cause)) return cause;
  return terminal({
    reason: 'MemoryNotRead',
    message: `What the controller remembers over restarts cannot be read: ${formatThrown(cause)}`,
    where: path,
    remedy:
      'Give the controller read access to the file, or remove it: the controller then starts as for the first time, with the target files that are there.',
    cause,
  });
}

const isNoDirectory = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOTDIR';
