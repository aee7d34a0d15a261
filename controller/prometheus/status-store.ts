import { dirname, join } from 'node:path';
import { formatThrown, terminal } from '../errors.ts';
import type { StatusStore } from '../reconcile/ports.ts';
import { compareText } from '../state/keys.ts';
import { ownersOf, statusPath } from '../state/state-path.ts';
import {
  listIfExists,
  makeDirectory,
  readIfExists,
  replaceFile,
  sweepTemporaryFiles,
  syncDirectory,
} from './files.ts';

/** The status of one owner in a directory, as a file that others may read. */
export function createDirectoryStatusStore(directory: string, owner: string): StatusStore {
  const path = join(directory, statusPath(owner));
  return {
    uri: path,
    async load() {
      try {
        return await readIfExists(path);
      } catch (thrown) {
        throw notRead(path, thrown);
      }
    },
    async save(text) {
      await makeDirectory(dirname(path));
      await sweepTemporaryFiles(dirname(path));
      await replaceFile(path, text);
      await syncDirectory(dirname(path));
    },
    async owners() {
      const names = await listIfExists(directory);
      const paths = await Promise.all(
        names.map(async (name) => {
          const files = await listIfExists(join(directory, name)).catch(() => []);
          return files.map((file) => `${name}/${file}`);
        }),
      );
      return ownersOf(paths.flat()).toSorted(compareText);
    },
  };
}

function notRead(path: string, cause: unknown): Error {
  return terminal({
    reason: 'StatusNotRead',
    message: `The stored status cannot be read: ${formatThrown(cause)}`,
    where: path,
    remedy: 'Ask for read access to the file, or name another place with --state.',
    cause,
  });
}
