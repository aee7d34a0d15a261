import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Dice } from './random.ts';
import type { Turnstile } from './turnstile.ts';

/** Everything below this path is in memory. */
export const DIRECTORY = '/chaos';

interface Content {
  text: string;
  /** Survives when the machine fails. */
  durable: boolean;
}

/** A directory that outlives a controller, as a disk does, and may lose what was not synced when the machine fails. */
export interface MemoryFiles {
  /** Counts changes that others can see. */
  readonly version: number;
  read(path: string): string | undefined;
  list(): readonly string[];
  /** The machine fails: data that was not synced is torn, and the newest unsynced names may be as they were. */
  losePower(dice: Dice): void;
  /** The next writes fail with this code. */
  failing: { code: string; writes: number } | undefined;
}

export interface Watcher {
  /** A file is in view under a name that is not temporary. */
  onVisible(path: string, text: string): void;
  /** A write was refused. */
  onFailure(): void;
}

const failure = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code, path });

const isTemporary = (path: string): boolean => path.endsWith('.tmp');

export class MemoryDisk implements MemoryFiles {
  version = 0;
  failing: { code: string; writes: number } | undefined;
  readonly files = new Map<string, Content>();
  /** By path: the {@link version} of its last change. */
  readonly changed = new Map<string, number>();
  readonly directories = new Set<string>();
  /** How to take back each change of names that was not synced, oldest first. */
  undo: (() => void)[] = [];
  readonly watcher: Watcher;

  constructor(watcher: Watcher) {
    this.watcher = watcher;
  }

  read(path: string): string | undefined {
    return this.files.get(path)?.text;
  }

  list(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  set(path: string, content: Content | undefined): void {
    const before = this.files.get(path);
    this.undo.push(() => this.put(path, before));
    this.put(path, content);
  }

  put(path: string, content: Content | undefined): void {
    if (content === undefined) this.files.delete(path);
    else this.files.set(path, content);
    this.version += 1;
    this.changed.set(path, this.version);
    if (content !== undefined && !isTemporary(path)) this.watcher.onVisible(path, content.text);
  }

  losePower(dice: Dice): void {
    for (let lost = dice.between(0, this.undo.length); lost > 0; lost -= 1) this.undo.pop()?.();
    this.undo = [];
    for (const [path, content] of this.files)
      if (!content.durable)
        this.put(path, { text: content.text.slice(0, content.text.length >> 1), durable: true });
  }

  mayWrite(path: string): void {
    if (this.failing === undefined) return;
    this.failing.writes -= 1;
    this.watcher.onFailure();
    const { code, writes } = this.failing;
    if (writes <= 0) this.failing = undefined;
    throw failure(code, path);
  }
}

/** Where the patched functions lead at the moment. */
let mounted: { readonly disk: MemoryDisk; readonly turnstile: Turnstile } | undefined;

export function mount(disk: MemoryDisk, turnstile: Turnstile): void {
  patchOnce();
  mounted = { disk, turnstile };
}

export function unmount(): void {
  mounted = undefined;
}

let patched = false;

/** The product's own file code runs unchanged: only the functions of Node.js below it are others for our directory. */
function patchOnce(): void {
  if (patched) return;
  patched = true;
  const original = { ...fsPromises };
  const route =
    (
      name: keyof typeof original,
      inMemory: (disk: MemoryDisk, ...args: readonly unknown[]) => Promise<unknown>,
    ) =>
    (...args: readonly unknown[]): unknown => {
      const [path] = args;
      if (mounted === undefined || typeof path !== 'string' || !path.startsWith(DIRECTORY))
        return Reflect.apply(Object(original[name]), fsPromises, args);
      return inMemory(mounted.disk, ...args);
    };
  const replacements = Object.entries(operations).map(([name, operation]) => [
    name,
    route(name as keyof typeof original, operation),
  ]);
  Object.assign(fsPromises, Object.fromEntries(replacements));
  syncBuiltinESMExports();
}

function step<T>(what: string, path: unknown, act: () => T, cut?: () => void): Promise<T> {
  if (mounted === undefined) throw failure('ENODEV', String(path));
  const place = String(path).slice(DIRECTORY.length + 1);
  // Where there are several processes, each has a directory of its own.
  const process = place.split('/')[0] ?? '';
  const options = { process, ...(cut !== undefined && { cut }) };
  return mounted.turnstile.enter(`${what} ${place}`, async () => act(), options);
}

const operations: Readonly<
  Record<string, (disk: MemoryDisk, ...args: readonly unknown[]) => Promise<unknown>>
> = {
  readFile: (disk, path) =>
    step('read', path, () => {
      const text = disk.read(String(path));
      if (text === undefined) throw failure('ENOENT', String(path));
      return text;
    }),
  readdir: (disk, path) =>
    step('list', path, () => {
      if (!disk.directories.has(String(path))) throw failure('ENOENT', String(path));
      const prefix = `${String(path)}/`;
      return disk
        .list()
        .filter((each) => each.startsWith(prefix) && !each.slice(prefix.length).includes('/'))
        .map((each) => each.slice(prefix.length));
    }),
  stat: (disk, path) =>
    step('stat', path, () => {
      const text = disk.read(String(path));
      if (text === undefined) throw failure('ENOENT', String(path));
      const changed = BigInt(disk.changed.get(String(path)) ?? 0);
      return { dev: 1n, ino: changed, size: BigInt(text.length), mtimeNs: changed, ctimeNs: changed };
    }),
  mkdir: (disk, path) =>
    step('mkdir', path, () => {
      if (disk.directories.has(String(path))) return undefined;
      disk.directories.add(String(path));
      return path;
    }),
  chmod: (_disk, path) => step('chmod', path, () => undefined),
  rm: (disk, path) =>
    step('rm', path, () => {
      if (disk.files.has(String(path))) disk.set(String(path), undefined);
    }),
  rename: (disk, from, to) =>
    step('rename', to, () => {
      disk.mayWrite(String(to));
      const content = disk.files.get(String(from));
      if (content === undefined) throw failure('ENOENT', String(from));
      const before = disk.files.get(String(to));
      disk.undo.push(() => {
        disk.put(String(from), content);
        disk.put(String(to), before);
      });
      disk.files.delete(String(from));
      disk.put(String(to), content);
    }),
  open: (disk, path, flags) =>
    step('open', path, () => {
      if (flags === 'r') return directoryHandle(disk, String(path));
      disk.mayWrite(String(path));
      disk.set(String(path), { text: '', durable: false });
      return fileHandle(disk, String(path));
    }),
};

function fileHandle(disk: MemoryDisk, path: string) {
  const write = (text: string): void => disk.put(path, { text, durable: false });
  return {
    chmod: async () => undefined,
    writeFile: (text: string) =>
      step(
        'write',
        path,
        () => {
          disk.mayWrite(path);
          write(text);
        },
        () => write(text.slice(0, text.length >> 1)),
      ),
    sync: () =>
      step('sync', path, () => {
        const content = disk.files.get(path);
        if (content !== undefined) content.durable = true;
      }),
    close: async () => undefined,
  };
}

/** Names of one directory are synced; the few directories of a bundle are close enough to one. */
function directoryHandle(disk: MemoryDisk, path: string) {
  return {
    sync: () =>
      step('sync', path, () => {
        disk.undo = [];
      }),
    close: async () => undefined,
  };
}
