import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { formatThrown, terminal } from '../errors.ts';
import type { StatusStore } from '../reconcile/ports.ts';
import { compareText } from '../state/keys.ts';
import { ownersOf, statusPath } from '../state/state-path.ts';
import { statusConflict } from '../status/stored-status.ts';
import {
  listIfExists,
  makeDirectory,
  readIfExists,
  replaceFile,
  sweepTemporaryFiles,
  syncDirectory,
} from './files.ts';

/** The status, or something else of one owner, in a directory, as a file that others may read. */
export function createDirectoryStatusStore(
  directory: string,
  owner: string,
  pathOf: (owner: string) => string = statusPath,
): StatusStore {
  const path = join(directory, pathOf(owner));
  const read = async (): Promise<string | undefined> => {
    try {
      return await readIfExists(path);
    } catch (thrown) {
      throw notRead(path, thrown);
    }
  };
  let known: { readonly digest: string } | undefined;
  return {
    uri: path,
    async load() {
      const text = await read();
      known = { digest: digestOf(text) };
      return text;
    },
    async save(text) {
      if (known !== undefined && digestOf(await read()) !== known.digest) throw statusConflict(path);
      await makeDirectory(dirname(path));
      await sweepTemporaryFiles(dirname(path));
      await replaceFile(path, text);
      await syncDirectory(dirname(path));
      known = { digest: digestOf(text) };
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

const digestOf = (text: string | undefined): string =>
  createHash('sha256')
    .update(text ?? '')
    .digest('hex');

function notRead(path: string, cause: unknown): Error {
  return terminal({
    reason: 'StatusNotRead',
    message: `The stored status cannot be read: ${formatThrown(cause)}`,
    where: path,
    remedy: 'Ask for read access to the file, or name another place with --state.',
    cause,
  });
}
