import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const TIMEOUT_MS = 10_000;

/**
 * The commit that a path stands at, with `-dirty` when its files differ from it; undefined outside of git.
 * Nothing depends on it but a stamp, so that every failure means the same: not known.
 */
export async function gitRevision(path: string): Promise<string | undefined> {
  try {
    const cwd = (await stat(path)).isDirectory() ? path : dirname(path);
    const git = async (...args: readonly string[]): Promise<string> =>
      (await execute('git', [...args], { cwd, timeout: TIMEOUT_MS })).stdout.trim();
    const revision = await git('rev-parse', '--verify', 'HEAD');
    const changes = await git('status', '--porcelain', '--', '.');
    return changes === '' ? revision : `${revision}-dirty`;
  } catch {
    return undefined;
  }
}
