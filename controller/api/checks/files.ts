import { quote, type Fault, type Path } from '../faults.ts';

/**
 * A file that a document names must lie in the allowed directory. Detours are refused rather than resolved:
 * nobody needs them, and what is compared is then exactly what Prometheus opens.
 */
export function checkFile(file: string | undefined, path: Path, directory: string): Fault[] {
  const problem = file === undefined ? undefined : problemOf(file, directory);
  return problem === undefined ? [] : [{ path, reason: 'FileAccessDenied', message: problem }];
}

function problemOf(file: string, directory: string): string | undefined {
  if (directory === '') {
    return `${quote(file)} may not be read: no directory is allowed. Start with --file-access-dir DIR to allow one.`;
  }
  if (!file.startsWith('/'))
    return `${quote(file)} is not an absolute path. Write it from /, as Prometheus sees it.`;
  if (file.slice(1).split('/').some(isDetour)) {
    return `${quote(file)} takes a detour. Write the path without "..", "." and double slashes.`;
  }
  if (hasControlCharacter(file)) return `${quote(file)} holds a control character. Remove it.`;
  const base = directory.replace(/\/+$/, '');
  if (file.startsWith(`${base}/`)) return undefined;
  return `${quote(file)} is outside ${quote(`${base}/`)}. Put it there, or allow another directory with --file-access-dir DIR.`;
}

const isDetour = (segment: string): boolean => segment === '' || segment === '.' || segment === '..';

const hasControlCharacter = (text: string): boolean => /\p{Cc}/u.test(text);
