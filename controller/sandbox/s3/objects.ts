import { AwsFault, type SandboxResponse } from '../service.ts';
import { checksumsOf, etagOf } from './checksums.ts';
import { checkDelete, checkPut, checkRead } from './conditions.ts';
import {
  addVersion,
  bucketOf,
  currentVersion,
  newVersionId,
  noSuchKey,
  removeVersion,
  versionHeaders,
  type Bucket,
  type Call,
  type ObjectVersion,
  type Store,
  type Version,
} from './store.ts';
import { errorResponse } from './xml.ts';

const MAX_KEY_BYTES = 1024;

const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** `aws-chunked` describes the transfer, not the object. */
const withoutChunked = (value: string): string =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers)
    .filter(([name]) => KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [name, name === 'content-encoding' ? withoutChunked(value) : value] as const)
    .filter(([, value]) => value !== '');
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries(kept) };
}

export function storeObject(
  store: Store,
  bucket: Bucket,
  object: Pick<ObjectVersion, 'key' | 'body' | 'headers' | 'checksums'>,
): ObjectVersion {
  const version: ObjectVersion = {
    ...object,
    kind: 'object',
    versionId: newVersionId(store, bucket),
    modifiedAt: store.context.clock.now(),
    etag: etagOf(object.body),
  };
  addVersion(bucket, version);
  return version;
}

export function putObject(call: Call): SandboxResponse {
  const { store, request, key } = call;
  const bucket = bucketOf(call);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new AwsFault('KeyTooLongError', 'Your key is too long', {
      fields: { Size: Buffer.byteLength(key), MaxSizeAllowed: MAX_KEY_BYTES },
    });
  const checksums = checksumsOf(request);
  checkPut(call, currentVersion(bucket, key));
  const headers = keptHeaders(request.headers);
  const object = storeObject(store, bucket, { key, body: request.body, headers, checksums });
  return {
    status: 200,
    headers: { etag: object.etag, ...checksums, ...versionHeaders(bucket, object.versionId) },
    body: '',
  };
}

function find(call: Call, bucket: Bucket): Version | undefined {
  const versionId = call.request.query.get('versionId');
  if (versionId === null) return currentVersion(bucket, call.key);
  const version = bucket.keys.get(call.key)?.find((each) => each.versionId === versionId);
  if (version === undefined)
    throw new AwsFault('NoSuchVersion', 'The specified version does not exist.', {
      status: 404,
      fields: { Key: call.key, VersionId: versionId },
    });
  return version;
}

/** A delete marker reads as a missing key; asked for by its id it cannot be read at all. */
function markerResponse({ request, key }: Call, marker: Version): SandboxResponse {
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.versionId };
  if (!request.query.has('versionId')) return errorResponse(noSuchKey(key), request, headers);
  const refused = new AwsFault(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { status: 405, fields: { Method: request.method, ResourceType: 'DeleteMarker' } },
  );
  return errorResponse(refused, request, { ...headers, allow: 'DELETE' });
}

interface Slice {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The bytes that a Range header asks for; undefined when there is none, or one that HTTP says to ignore. */
function sliceOf(range: string | undefined, size: number): Slice | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || (first === '' && Number(last) === 0))
    throw new AwsFault('InvalidRange', 'The requested range is not satisfiable', {
      status: 416,
      fields: { RangeRequested: range, ActualObjectSize: size },
    });
  return { start, end };
}

const objectHeaders = (bucket: Bucket, object: ObjectVersion): Record<string, string> => ({
  ...object.headers,
  'accept-ranges': 'bytes',
  'last-modified': new Date(object.modifiedAt).toUTCString(),
  etag: object.etag,
  ...versionHeaders(bucket, object.versionId),
});

/** A checksum is of the whole object, so a part of it travels without. */
const checksumHeaders = ({ request }: Call, object: ObjectVersion): Record<string, string> =>
  request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' &&
  Object.keys(object.checksums).length > 0
    ? { ...object.checksums, 'x-amz-checksum-type': 'FULL_OBJECT' }
    : {};

/** GetObject and HeadObject: the same answer, with and without the body. */
export function readObject(call: Call): SandboxResponse {
  const bucket = bucketOf(call);
  const object = find(call, bucket);
  if (object === undefined) throw noSuchKey(call.key);
  if (object.kind === 'marker') return markerResponse(call, object);
  checkRead(call, object);
  const slice = sliceOf(call.request.headers['range'], object.body.length);
  const { start, end } = slice ?? { start: 0, end: object.body.length };
  return {
    status: slice === undefined ? 200 : 206,
    headers: {
      ...objectHeaders(bucket, object),
      ...(slice === undefined
        ? checksumHeaders(call, object)
        : { 'content-range': `bytes ${start}-${end - 1}/${object.body.length}` }),
      'content-length': String(end - start),
    },
    body: call.request.method === 'HEAD' ? '' : object.body.subarray(start, end),
  };
}

export interface Deletion {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly ifMatch: string | undefined;
}

export interface Deleted {
  /** Version that was removed or marker that was made. */
  readonly versionId: string | undefined;
  readonly marker: boolean;
}

/** Deleting what is not there succeeds; in a versioned bucket a delete hides the object and keeps it. */
export function remove(store: Store, bucket: Bucket, { key, versionId, ifMatch }: Deletion): Deleted {
  checkDelete(store, key, ifMatch, currentVersion(bucket, key));
  if (versionId !== undefined) {
    const removed = removeVersion(bucket, key, versionId);
    return { versionId, marker: removed?.kind === 'marker' };
  }
  if (bucket.versioning === 'Off') {
    removeVersion(bucket, key, 'null');
    return { versionId: undefined, marker: false };
  }
  const marker = newVersionId(store, bucket);
  addVersion(bucket, {
    kind: 'marker',
    key,
    versionId: marker,
    modifiedAt: store.context.clock.now(),
  });
  return { versionId: marker, marker: true };
}

export function deleteObject(call: Call): SandboxResponse {
  const deleted = remove(call.store, bucketOf(call), {
    key: call.key,
    versionId: call.request.query.get('versionId') ?? undefined,
    ifMatch: call.request.headers['if-match'],
  });
  return {
    status: 204,
    headers: {
      ...(deleted.versionId !== undefined && { 'x-amz-version-id': deleted.versionId }),
      ...(deleted.marker && { 'x-amz-delete-marker': 'true' }),
    },
    body: '',
  };
}
