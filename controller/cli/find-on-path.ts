import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The first executable of that name on the PATH; a name with a slash is a path itself. */
export async function findOnPath(name: string, path: string | undefined): Promise<string | undefined> {
  const directories = (path ?? '').split(delimiter).filter((part) => part !== '');
  const candidates = name.includes('/') ? [name] : directories.map((directory) => join(directory, name));
  for (const candidate of candidates) {
    const executable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return candidate;
  }
  return undefined;
}
