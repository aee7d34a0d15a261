import { readdirSync, realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isIgnoredDirectory } from './walk.ts';

/** Editors write a file in several steps; a change is told once they have had time for them. */
const SETTLE_MILLISECONDS = 50;
const MOST_WATCHED = 4096;

interface Watched {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/**
 * Tells of changes under a path, which may be a file, may vanish, and may come back as another directory.
 * Every directory is watched by itself and the set is renewed with each change: this follows symbolic links,
 * which the recursive mode of `fs.watch` does not. What the system refuses to watch is left to polling.
 */
export function watchPath(path: string, onChange: () => void, signal: AbortSignal): void {
  const root = resolve(path);
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;

  const settle = (): void => {
    timer = undefined;
    renew(watched, root, noticed);
    onChange();
  };
  const noticed = (): void => {
    timer ??= setTimeout(settle, SETTLE_MILLISECONDS);
  };
  const stop = (): void => {
    clearTimeout(timer);
    for (const { watcher } of watched.values()) watcher.close();
    watched.clear();
  };

  if (signal.aborted) return;
  signal.addEventListener('abort', stop, { once: true });
  renew(watched, root, noticed);
}

/** Watches what is there now, and nothing else. */
function renew(watched: Map<string, Watched>, root: string, noticed: () => void): void {
  const wanted = new Map([...directoriesUnder(root), ...nearestParent(root)]);
  for (const [path, { inode, watcher }] of watched) {
    if (wanted.get(path) === inode) continue;
    watcher.close();
    watched.delete(path);
  }
  for (const [path, inode] of wanted) {
    if (watched.has(path)) continue;
    const watcher = start(path, path === dirname(root) ? basename(root) : undefined, noticed);
    if (watcher !== undefined) watched.set(path, { inode, watcher });
  }
}

/** `only` is the one name that matters in a directory that is not itself part of the source. */
function start(path: string, only: string | undefined, noticed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, (_event, name) => {
      if (only === undefined || name === null || name === only) noticed();
    });
    watcher.on('error', () => {
      watcher.close();
      noticed();
    });
    return watcher;
  } catch {
    return undefined;
  }
}

/** The directory that holds the source, or the nearest one that exists: there its (re)creation shows first. */
function* nearestParent(root: string): Generator<[string, number]> {
  for (let path = dirname(root); ; path = dirname(path)) {
    const inode = lookAt(path)?.inode;
    if (inode !== undefined) yield [path, inode];
    if (inode !== undefined || path === dirname(path)) return;
  }
}

function* directoriesUnder(root: string): Generator<[string, number]> {
  const seen = new Set<string>();
  const queue = [root];
  for (const path of queue) {
    const directory = lookAt(path);
    if (directory === undefined || seen.has(directory.real)) continue;
    seen.add(directory.real);
    yield [path, directory.inode];
    if (seen.size === MOST_WATCHED) return;
    queue.push(...childrenOf(path));
  }
}

function childrenOf(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !isIgnoredDirectory(entry.name))
      .map((entry) => join(directory, entry.name));
  } catch {
    return [];
  }
}

/** Undefined for what is not a directory that we can see, or not any more. */
function lookAt(path: string): { readonly inode: number; readonly real: string } | undefined {
  try {
    const found = statSync(path);
    return found.isDirectory() ? { inode: found.ino, real: realpathSync(path) } : undefined;
  } catch {
    return undefined;
  }
}
