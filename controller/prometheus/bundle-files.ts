import { dirname, join } from 'node:path';
import PQueue from 'p-queue';
import { compareText } from '../state/keys.ts';
import { TARGETS_DIRECTORY } from '../state/targets.ts';
import type { Bundle, FileChange, TargetFile } from '../state/targets.ts';
import {
  listIfExists,
  makeDirectory,
  readIfExists,
  removeFile,
  replaceFile,
  stampIfExists,
  sweepTemporaryFiles,
  syncDirectory,
} from './files.ts';

/** Only files with our kind of name are ever deleted or read back: two DNS labels and a dot. */
const OUR_TARGET_FILE = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.json$/;
const CONCURRENT_FILES = 8;

export interface WrittenFiles {
  readonly written: readonly string[];
  /** Those of the written ones that were not there before. */
  readonly created: readonly string[];
  /** Those that are on disk now as they are to be. */
  readonly current: readonly string[];
  readonly unchanged: number;
  readonly bytesWritten: number;
}

/** What publishing the bundle would change in the directory. */
export async function diffBundle(
  directory: string,
  configFile: string,
  bundle: Bundle,
): Promise<readonly FileChange[]> {
  const wanted = [...targetFiles(bundle), [configFile, { text: bundle.config }] as const];
  const changes = await forEachFile(wanted, ([path, { text }]) => diffFile(directory, path, text));
  const stale = await forEachFile(await staleTargetFiles(directory, bundle), (path) =>
    diffFile(directory, path, undefined),
  );
  return [...changes, ...stale]
    .filter((change) => change !== undefined)
    .sort((a, b) => compareText(a.path, b.path));
}

async function diffFile(
  directory: string,
  path: string,
  after: string | undefined,
): Promise<FileChange | undefined> {
  const before = await readIfExists(join(directory, path));
  if (before === after) return undefined;
  const action = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
  return { path, action, before, after };
}

export async function prepareDirectory(directory: string): Promise<void> {
  await makeDirectory(directory);
  await makeDirectory(join(directory, TARGETS_DIRECTORY));
}

/** Removes what a killed process left half-written. Once: later ones may be in use. */
export async function sweepDirectory(directory: string): Promise<void> {
  await Promise.all([
    sweepTemporaryFiles(directory),
    sweepTemporaryFiles(join(directory, TARGETS_DIRECTORY)),
  ]);
}

export const NO_FILES: WrittenFiles = {
  written: [],
  created: [],
  current: [],
  unchanged: 0,
  bytesWritten: 0,
};

/**
 * Writes the target files that differ. They come before the configuration that names them; but a file that a
 * loaded job reads waits where the configuration changes that job, because Prometheus may refuse the change.
 */
export function writeTargetFiles(directory: string, bundle: Bundle): Promise<WrittenFiles> {
  return writeFiles(directory, targetFiles(bundle), ({ untried }, exists) => untried !== true || !exists);
}

/** Writes the target files that waited for their configuration to be taken. */
export function writeUntriedFiles(
  directory: string,
  bundle: Bundle,
  { created }: WrittenFiles,
): Promise<WrittenFiles> {
  const waiting = targetFiles(bundle).filter(([path, { untried }]) => untried && !created.includes(path));
  return writeFiles(directory, waiting, () => true);
}

async function writeFiles(
  directory: string,
  files: readonly WantedFile[],
  mayWrite: (file: WrittenFile, exists: boolean) => boolean,
): Promise<WrittenFiles> {
  const results = await forEachFile(files, async ([path, file]) => {
    const place = join(directory, path);
    const stamp = await stampIfExists(place);
    if (!mayWrite(file, stamp !== undefined)) return undefined;
    const bytes = await writeOnce(place, file, stamp);
    return { path, bytes, changed: bytes > 0, created: bytes > 0 && stamp === undefined };
  });
  const looked = results.filter((result) => result !== undefined);
  const written = looked.filter(({ changed }) => changed);
  const places = new Set(written.map(({ path }) => dirname(join(directory, path))));
  await Promise.all([...places].map((place) => syncDirectory(place)));
  return {
    written: written.map(({ path }) => path),
    created: written.filter(({ created }) => created).map(({ path }) => path),
    current: looked.map(({ path }) => path),
    unchanged: looked.length - written.length,
    bytesWritten: written.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** By what is to be on disk: the stamp of a file that was read and holds just that. */
const SEEN = new WeakMap<WrittenFile, string>();

/** How many bytes had to be written. A file is read once; afterwards its stamp says that nobody has touched it. */
async function writeOnce(place: string, file: WrittenFile, stamp: string | undefined): Promise<number> {
  if (stamp !== undefined && SEEN.get(file) === stamp) return 0;
  const { text } = file;
  if (stamp === undefined || (await readIfExists(place)) !== text) {
    await replaceFile(place, text);
    return Buffer.byteLength(text);
  }
  SEEN.set(file, stamp);
  return 0;
}

/** Unchanged bytes are not written again, so that Prometheus has nothing to read again. */
export async function writeIfChanged(path: string, text: string): Promise<boolean> {
  if ((await readIfExists(path)) === text) return false;
  await replaceFile(path, text);
  return true;
}

/** Deletes the target files that no job of the bundle names. */
export async function deleteStaleFiles(directory: string, bundle: Bundle): Promise<readonly string[]> {
  const stale = await staleTargetFiles(directory, bundle);
  await deleteTargetFiles(directory, stale);
  return stale;
}

export async function deleteTargetFiles(directory: string, paths: readonly string[]): Promise<void> {
  await forEachFile(paths, (path) => removeFile(join(directory, path)));
}

async function staleTargetFiles(directory: string, bundle: Bundle): Promise<readonly string[]> {
  return (await listTargetFiles(directory)).filter((path) => !bundle.targetFiles.has(path));
}

/** Paths of the target files that lie in the directory and are ours by name. */
export async function listTargetFiles(directory: string): Promise<readonly string[]> {
  const names = await listIfExists(join(directory, TARGETS_DIRECTORY));
  return names
    .filter((name) => OUR_TARGET_FILE.test(name))
    .map((name) => `${TARGETS_DIRECTORY}/${name}`)
    .sort(compareText);
}

type WrittenFile = Extract<TargetFile, { kind: 'write' }>;
type WantedFile = readonly [path: string, file: WrittenFile];

function targetFiles(bundle: Bundle): readonly WantedFile[] {
  return [...bundle.targetFiles]
    .flatMap(([path, file]): WantedFile[] => (file.kind === 'write' ? [[path, file]] : []))
    .sort(([a], [b]) => compareText(a, b));
}

export function forEachFile<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const queue = new PQueue({ concurrency: CONCURRENT_FILES });
  return queue.addAll(items.map((item) => () => work(item)));
}
