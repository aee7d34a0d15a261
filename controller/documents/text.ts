import { access, readFile } from 'node:fs/promises';
import type { TextReader } from '../reconcile/ports.ts';
import { fileError } from './read.ts';

/** A text file that is read whole each time. */
export function fileTextReader(path: string): TextReader {
  return {
    uri: path,
    read: async (signal) => {
      try {
        return await readFile(path, { encoding: 'utf8', signal });
      } catch (thrown) {
        throw fileError(thrown, path);
      }
    },
  };
}

/** Whether there is something at a path that this process may look at. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
