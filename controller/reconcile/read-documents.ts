import type { DocumentFile, FieldError, ScrapeTarget } from '../api/types.ts';
import { parseDocuments } from '../api/parse.ts';
import type { OperatorError } from '../errors.ts';
import { compareText } from '../state/keys.ts';
import type { Accepted, DocumentMemory } from './memory.ts';
import type { DocumentSource, SourceSnapshot } from './ports.ts';

/** What the documents say in this pass. */
export interface Documents {
  readonly targets: readonly ScrapeTarget[];
  readonly errors: readonly FieldError[];
  /** Names whose newest version is invalid: the version in `targets` is the last one that was accepted. */
  readonly lastKnownGood: ReadonlySet<string>;
  /** Sources that could not be read whole. */
  readonly incomplete: readonly { readonly uri: string; readonly error: OperatorError }[];
  /**
   * False while a source has not been read whole even once: then a missing document may just be
   * unread, so nothing that is published may be taken away.
   */
  readonly whole: boolean;
  readonly memory: DocumentMemory;
}

/** Reads all sources and keeps in force what an unreadable source or an invalid edit would take away. */
export async function readDocuments(
  sources: readonly DocumentSource[],
  memory: DocumentMemory,
  options: { readonly fileAccessDirectory?: string },
  signal: AbortSignal,
): Promise<Documents> {
  const snapshots = await Promise.all(sources.map((source) => source.read(signal)));
  return foldSnapshots(snapshots, memory, options);
}

function foldSnapshots(
  snapshots: readonly SourceSnapshot[],
  memory: DocumentMemory,
  options: { readonly fileAccessDirectory?: string },
): Documents {
  const files = new Map(snapshots.map((snapshot) => [snapshot.uri, filesInForce(snapshot, memory)]));
  const all = [...files.values()].flat();
  const parsed = parseDocuments(all, options);
  const kept = keptVersions(parsed.targets, parsed.errors, memory.accepted);
  const accepted = [...withFiles(parsed.targets, all), ...kept].toSorted((a, b) =>
    compareText(a.target.metadata.name, b.target.metadata.name),
  );
  const incomplete = snapshots.flatMap((s) =>
    s.kind === 'incomplete' ? [{ uri: s.uri, error: s.error }] : [],
  );
  const seenWhole = new Set([
    ...memory.seenWhole,
    ...snapshots.flatMap(({ kind, uri }) => (kind === 'complete' ? [uri] : [])),
  ]);
  return {
    targets: accepted.map(({ target }) => target),
    errors: parsed.errors,
    lastKnownGood: new Set(kept.map(({ target }) => target.metadata.name)),
    incomplete,
    whole: snapshots.every(({ uri }) => seenWhole.has(uri)),
    memory: { files, seenWhole, accepted: new Map(accepted.map((one) => [one.target.metadata.name, one])) },
  };
}

/** Of an incomplete listing, files that were not seen this time are assumed to be as they were. */
function filesInForce(snapshot: SourceSnapshot, memory: DocumentMemory): readonly DocumentFile[] {
  const remembered = new Map((memory.files.get(snapshot.uri) ?? []).map((file) => [file.file, file]));
  const files = snapshot.files.map((file) => sameFile(remembered.get(file.file), file));
  if (snapshot.kind === 'complete' || remembered.size === 0) return files;
  for (const file of files) remembered.set(file.file, file);
  return [...remembered.values()].toSorted((a, b) => compareText(a.file, b.file));
}

/** A file that did not change stays the same object, by which the parser knows that it has read it already. */
function sameFile(before: DocumentFile | undefined, now: DocumentFile): DocumentFile {
  return before?.text === now.text && before.revision === now.revision ? before : now;
}

function withFiles(targets: readonly ScrapeTarget[], files: readonly DocumentFile[]): Accepted[] {
  const byName = new Map(files.map((file) => [file.file, file]));
  return targets.flatMap((target) => {
    const file = byName.get(target.origin.file);
    return file === undefined ? [] : [{ target, file }];
  });
}

/** An accepted version stays in force while its document exists and is invalid. */
function keptVersions(
  targets: readonly ScrapeTarget[],
  errors: readonly FieldError[],
  accepted: ReadonlyMap<string, Accepted>,
): Accepted[] {
  const valid = new Set(targets.map((target) => target.metadata.name));
  const broken = (target: ScrapeTarget): boolean =>
    errors.some(
      (error) =>
        error.name === target.metadata.name ||
        (error.name === undefined && error.file === target.origin.file),
    );
  return [...accepted.values()].filter(({ target }) => !valid.has(target.metadata.name) && broken(target));
}
