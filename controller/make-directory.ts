import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it; true when it was not there before. One by one, because `mkdir` of Node.js 20
 * with `recursive` never returns where a file system answers ENOENT although the parent exists, as /proc does.
 */
export async function makeDirectories(directory: string): Promise<boolean> {
  try {
    return await makeOne(directory);
  } catch (thrown) {
    if (!hasCode(thrown, 'ENOENT') || dirname(directory) === directory) throw thrown;
    await makeDirectories(dirname(directory));
    return makeOne(directory);
  }
}

async function makeOne(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST') && (await stat(directory)).isDirectory()) return false;
    throw thrown;
  }
}

const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;
