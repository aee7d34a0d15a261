import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first executable of that name on the PATH. */
export async function findOnPath(name: string, path: string | undefined): Promise<string | undefined> {
  for (const directory of (path ?? '').split(delimiter).filter((part) => part !== '')) {
    const candidate = join(directory, name);
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return undefined;
}
