import { parseDocuments } from '../api/parse.ts';
import type { ParseOptions } from '../api/parse.ts';
import type { DocumentFile, FieldError } from '../api/types.ts';
import type { OperatorError, OperatorErrorDetails } from '../errors.ts';
import { compareText } from '../state/keys.ts';
import { destinationFaults, type ParameterTier, type PlacedDocument } from './publish-limits.ts';
import type { PruneLimits } from './prune-limits.ts';
import { guardPrune } from './publish-guard.ts';

/** What stands at the destination: a listing that is not whole says nothing about what is missing from it. */
export type RemoteListing =
  | { readonly kind: 'complete'; readonly files: readonly DocumentFile[] }
  | { readonly kind: 'incomplete'; readonly files: readonly DocumentFile[]; readonly error: OperatorError };

/** One write. `path` is relative to the directory and to the destination; `version` is what was read there. */
export type PublishChange =
  | { readonly kind: 'create'; readonly path: string; readonly after: string }
  | {
      readonly kind: 'update';
      readonly path: string;
      readonly before: string;
      readonly after: string;
      readonly version: string;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly before: string; readonly version: string };

/** How one write went, when it did not fail. */
export interface StoredDocument {
  /** `unchanged`: somebody else had already made it so. */
  readonly kind: 'written' | 'unchanged';
  /** Version of the object or parameter, where the destination keeps versions. */
  readonly version?: string;
}

export type PublishResult =
  | StoredDocument
  | { readonly kind: 'failed'; readonly error: OperatorError }
  /** A deletion that was not even tried, because not everything else was written. */
  | { readonly kind: 'held' };

export interface PublishOutcome {
  readonly change: PublishChange;
  readonly result: PublishResult;
}

export interface PublishPlan {
  /** Where it goes, with the slash at its end. */
  readonly to: string;
  /** First what is written, then what is deleted; each by path. Empty while anything is invalid or blocked. */
  readonly changes: readonly PublishChange[];
  readonly unchanged: number;
  /** Documents at the destination that the directory does not hold, and that stay. */
  readonly left: readonly string[];
  /** Files of the directory without a ScrapeTarget: they are not published. */
  readonly skipped: readonly string[];
  readonly errors: readonly FieldError[];
  /** Why nothing may be published. */
  readonly blocked: readonly OperatorErrorDetails[];
}

export interface PublishRequest {
  readonly directory: string;
  /** With the slash at its end. */
  readonly to: string;
  readonly local: readonly DocumentFile[];
  readonly remote: RemoteListing;
  readonly prune: PruneLimits | undefined;
  readonly tier: ParameterTier;
  readonly parsing: ParseOptions;
}

/** What a publication would change. One fault anywhere stops all of it: half a set of documents is no set. */
export function planPublication(request: PublishRequest): PublishPlan {
  const { to, remote, parsing } = request;
  const parsed = parseDocuments(request.local, parsing);
  const holders = new Set([
    ...parsed.targets.map(({ origin }) => origin.file),
    ...parsed.errors.map(({ file }) => file),
  ]);
  const documents = request.local
    .filter(({ file }) => holders.has(file))
    .map((file) => placed(request.directory, file));
  const difference = compare(request, documents);
  const blocked = [
    ...unreadDestination(to, remote),
    ...destinationFaults(to, documents, request.tier),
    ...(remote.kind === 'complete' ? difference.blocked : []),
    ...emptyDirectory(request, documents),
  ];
  const stopped = blocked.length > 0 || parsed.errors.length > 0;
  return {
    to,
    changes: stopped ? [] : difference.changes,
    unchanged: difference.unchanged,
    left: difference.left,
    skipped: request.local.filter(({ file }) => !holders.has(file)).map(({ file }) => file),
    errors: parsed.errors,
    blocked,
  };
}

/** Readers drop a byte order mark, so what is published has none: otherwise it would differ for ever. */
function placed(directory: string, source: DocumentFile): PlacedDocument {
  const base = directory.endsWith('/') ? directory.slice(0, -1) : directory;
  const path = source.file.startsWith(`${base}/`)
    ? source.file.slice(base.length + 1)
    : source.file.slice(source.file.lastIndexOf('/') + 1);
  return { path, text: source.text.replace(/^\uFEFF/, ''), source };
}

interface Difference {
  readonly changes: readonly PublishChange[];
  readonly unchanged: number;
  readonly left: readonly string[];
  readonly blocked: readonly OperatorErrorDetails[];
}

function compare(request: PublishRequest, documents: readonly PlacedDocument[]): Difference {
  const { to, remote, parsing, prune } = request;
  const there = new Map(remote.files.map((file) => [file.file, file]));
  const wanted = new Set(documents.map(({ path }) => to + path));
  const writes = documents.flatMap((document) => writeOf(document, there.get(to + document.path)));
  const managed = remote.files.filter((file) => isManaged(to, file, parsing));
  const gone = managed.filter(({ file }) => !wanted.has(file));
  const deletions = prune === undefined ? [] : gone.map((file) => deletionOf(to, file));
  const changes = [...writes, ...deletions].toSorted(inOrderOfExecution);
  return {
    changes,
    unchanged: documents.length - writes.length,
    left: prune === undefined ? gone.map(({ file }) => file) : [],
    blocked: [
      ...changes.flatMap((change) => withoutVersion(to, change)),
      ...(prune === undefined ? clashes(documents, gone, parsing) : []),
      ...(prune === undefined ? [] : guardPrune(to, gone.length, managed.length, prune)),
    ],
  };
}

function writeOf({ path, text }: PlacedDocument, remote: DocumentFile | undefined): readonly PublishChange[] {
  if (remote === undefined) return [{ kind: 'create', path, after: text }];
  if (remote.text === text) return [];
  return [{ kind: 'update', path, before: remote.text, after: text, version: remote.revision ?? '' }];
}

const deletionOf = (to: string, { file, text, revision }: DocumentFile): PublishChange => ({
  kind: 'delete',
  path: file.slice(to.length),
  before: text,
  version: revision ?? '',
});

/** Deletions last: a document that moved is never missing at the destination. */
const inOrderOfExecution = (a: PublishChange, b: PublishChange): number =>
  Number(a.kind === 'delete') - Number(b.kind === 'delete') || compareText(a.path, b.path);

const DOCUMENT_NAME = /\.(?:ya?ml|json)$/;

/** Only what is a ScrapeTarget document by name and content counts as published, and may ever be deleted. */
function isManaged(to: string, file: DocumentFile, parsing: ParseOptions): boolean {
  if (!file.file.startsWith(to) || !DOCUMENT_NAME.test(file.file)) return false;
  const { targets, errors } = parseDocuments([file], parsing);
  return targets.length > 0 || errors.some(({ name }) => name !== undefined);
}

function unreadDestination(to: string, remote: RemoteListing): readonly OperatorErrorDetails[] {
  if (remote.kind === 'complete') return [];
  const { reason, message, where, remedy } = remote.error;
  return [
    {
      reason,
      where: where ?? to,
      message: `The destination could not be read whole, so nothing is published. ${message}`,
      ...(remedy === undefined ? {} : { remedy }),
    },
  ];
}

function emptyDirectory(
  { directory, prune }: PublishRequest,
  documents: readonly PlacedDocument[],
): readonly OperatorErrorDetails[] {
  if (documents.length > 0 || prune?.allowEmpty === true) return [];
  return [
    {
      reason: 'NothingToPublish',
      where: directory,
      message: 'There is no ScrapeTarget document here.',
      remedy:
        'Check the directory. To remove the last documents from the destination, use --prune --allow-empty.',
    },
  ];
}

/** A write that could not be made conditional could overwrite somebody else's. */
const withoutVersion = (to: string, change: PublishChange): readonly OperatorErrorDetails[] =>
  change.kind === 'create' || change.version !== ''
    ? []
    : [
        {
          reason: 'IncompleteAnswer',
          where: to + change.path,
          message: 'AWS returned it without its version, so it cannot be replaced safely.',
          remedy: 'Try again.',
        },
      ];

/** What stays at the destination must not claim what the directory declares: the reader would refuse one of them. */
function clashes(
  documents: readonly PlacedDocument[],
  left: readonly DocumentFile[],
  parsing: ParseOptions,
): readonly OperatorErrorDetails[] {
  const keyOf = ({ file, documentIndex, path, reason }: FieldError): string =>
    [file, documentIndex, path, reason].join(' ');
  const known = new Set(parseDocuments(left, parsing).errors.map(keyOf));
  const together = parseDocuments([...documents.map(({ source }) => source), ...left], parsing).errors;
  const stale = new Set(left.map(({ file }) => file));
  return together
    .filter((error) => stale.has(error.file) && !known.has(keyOf(error)))
    .map(({ file, message }) => ({
      reason: 'ClashesWithPublished',
      where: file,
      message: `The directory does not hold this document any more, but it would clash with one that it holds. ${message}`,
      remedy: 'Publish with --prune, or delete it.',
    }));
}
