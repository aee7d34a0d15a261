import type { _Object, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { LIMITS } from '../api/limits.ts';
import type { DocumentFile } from '../api/types.ts';
import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { DocumentSource } from '../reconcile/ports.ts';
import type { Read } from '../state/observed.ts';
import { readAllPages } from './paginate.ts';
import type { Page } from './paginate.ts';
import { awsErrorName } from './errors.ts';
import { asRead } from './read.ts';
import { snapshotOf, unreadable } from './snapshot.ts';
import type { SourceAccess } from './source-access.ts';
import { MAX_TEXT_BYTES, readTextObject, tooLarge, type TextObject } from './text-reader.ts';
import { count, text } from './values.ts';

interface S3Location {
  readonly uri: string;
  readonly bucket: string;
  readonly prefix: string;
}

interface ListedObject {
  readonly key: string;
  readonly etag: string | undefined;
  readonly size: number;
}

/** By key: what the last listing needed. Nothing else is kept. */
type Texts = ReadonlyMap<string, TextObject & { readonly etag: string }>;

const DOCUMENT = /\.(ya?ml|json)$/;
const MAX_DOCUMENTS = 20_000;

/** Documents under a prefix. The list is cheap and complete; a body is fetched only when its ETag is new. */
export function s3Source(access: SourceAccess, location: S3Location): DocumentSource {
  let texts: Texts = new Map();
  return {
    uri: location.uri,
    async read(signal) {
      const listed = await asRead(listDocuments(access, location, signal));
      if (listed.kind === 'failed') return unreadable(location.uri, listed.error);
      const read = listed.value.map((object) =>
        asRead(readDocument(access, location, object, texts, signal)),
      );
      const reads = await Promise.all(read);
      texts = textsOf(listed.value, reads, texts);
      return snapshotOf(location.uri, reads);
    },
  };
}

async function listDocuments(
  { clients, budget }: SourceAccess,
  { uri, bucket, prefix }: S3Location,
  signal: AbortSignal,
): Promise<readonly ListedObject[]> {
  const client = await clients.s3();
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const objects = await readAllPages(uri, async (ContinuationToken) => {
    const input = { Bucket: bucket, Prefix: prefix, ...(ContinuationToken && { ContinuationToken }) };
    const page = await budget.call('s3:ListObjectsV2', { where: uri, signal }, (options) =>
      client.send(new ListObjectsV2Command(input), options),
    );
    return pageOfObjects(page, prefix);
  });
  const documents = objects.flatMap(documentOf);
  requireReasonable(uri, documents);
  return documents;
}

/** S3 lists only what begins with the prefix, counts what it lists, leaves out the list that is empty, and always says whether there is more. */
export function pageOfObjects(page: ListObjectsV2CommandOutput, prefix: string): Page<_Object> {
  const { Contents, KeyCount, IsTruncated, NextContinuationToken: token } = page;
  const items = Contents ?? (KeyCount === 0 ? [] : undefined);
  const told = items?.every((item) => isToldOf(item, prefix)) === true;
  const counted = items !== undefined && items.length >= (KeyCount ?? 0);
  const continued = IsTruncated === false || text(token) !== undefined;
  return { items: told && counted && continued ? items : undefined, token };
}

const isToldOf = ({ Key, Size }: _Object, prefix: string): boolean =>
  text(Key)?.startsWith(prefix) === true && count(Size) !== undefined;

/** Other files, and the empty objects that stand for folders, are not ours. */
function documentOf({ Key, ETag, Size }: _Object): readonly ListedObject[] {
  return Key !== undefined && DOCUMENT.test(Key)
    ? [{ key: Key, etag: text(ETag), size: count(Size) ?? 0 }]
    : [];
}

function requireReasonable(uri: string, documents: readonly ListedObject[]): void {
  const total = documents.reduce((sum, { size }) => sum + size, 0);
  if (documents.length <= MAX_DOCUMENTS && total <= LIMITS.sourceBytes) return;
  throw terminal({
    reason: 'SourceTooLarge',
    where: uri,
    message: `The source holds ${documents.length} documents of ${total} bytes; at most ${MAX_DOCUMENTS} and ${LIMITS.sourceBytes} are read.`,
    remedy: 'Use a longer prefix, or split the source.',
  });
}

async function readDocument(
  access: SourceAccess,
  { bucket }: S3Location,
  { key, etag, size }: ListedObject,
  known: Texts,
  signal: AbortSignal,
): Promise<DocumentFile> {
  const file = `s3://${bucket}/${key}`;
  const kept = known.get(key);
  const revision = etag === undefined ? {} : { revision: etag.replaceAll('"', '') };
  const fileOf = ({ text: content, gitRevision }: Omit<TextObject, 'etag'>): DocumentFile => ({
    file,
    text: content,
    ...(gitRevision !== undefined && { gitRevision }),
    ...revision,
  });
  if (kept !== undefined && kept.etag === etag) return fileOf(kept);
  if (size > MAX_TEXT_BYTES) throw tooLarge(file);
  const read = await asRead(readTextObject(access, { bucket, key, etag, size }, { where: file, signal }));
  if (read.kind === 'complete') return fileOf(read.value);
  throw awsErrorName(read.error) === 'NoSuchKey' ? deletedMeanwhile(file, read.error) : read.error;
}

/** A list and the reads after it are no snapshot: whether the document is gone for good, the next list tells. */
function deletedMeanwhile(file: string, cause: OperatorError): OperatorError {
  return transient({
    reason: 'ChangedWhileReading',
    where: file,
    message: 'The object was deleted while the source was read.',
    cause,
  });
}

function textsOf(
  listed: readonly ListedObject[],
  reads: readonly Read<DocumentFile>[],
  before: Texts,
): Texts {
  const entries = listed.flatMap(({ key, etag }, index) => {
    const read = reads[index];
    const kept = before.get(key);
    if (read?.kind === 'complete' && etag !== undefined) {
      const { gitRevision } = read.value;
      return [
        [key, { etag, text: read.value.text, ...(gitRevision !== undefined && { gitRevision }) }] as const,
      ];
    }
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return new Map(entries);
}
