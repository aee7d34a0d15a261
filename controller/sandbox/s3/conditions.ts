import { AwsFault } from '../service.ts';
import { noSuchKey, type Call, type ObjectVersion, type Store, type Version } from './store.ts';

export const preconditionFailed = (condition: string): AwsFault =>
  new AwsFault('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    fields: { Condition: condition },
  });

const conflict = (key: string): AwsFault =>
  new AwsFault(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { status: 409, fields: { Key: key } },
  );

const notModified = (): AwsFault => new AwsFault('NotModified', 'Not Modified', { status: 304 });

const unquoted = (etag: string): string =>
  etag
    .trim()
    .replace(/^(?:W\/)?"?/, '')
    .replace(/"$/, '');

/** Whether a header such as `"a", b` or `*` names the ETag; quotes are optional. */
const names = (header: string, etag: string): boolean =>
  header.split(',').some((each) => each.trim() === '*' || unquoted(each) === unquoted(etag));

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Preconditions of a read, in the order in which HTTP evaluates them: a matching ETag outranks a date. */
export function checkRead({ request: { headers } }: Call, object: ObjectVersion): void {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  if (ifMatch !== undefined && !names(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  if (ifMatch === undefined && seconds(object.modifiedAt) > seconds(unmodifiedSince))
    throw preconditionFailed('If-Unmodified-Since');
  if (ifNoneMatch !== undefined && names(ifNoneMatch, object.etag)) throw notModified();
  if (ifNoneMatch === undefined && seconds(object.modifiedAt) <= seconds(modifiedSince)) throw notModified();
}

function loseRace(store: Store, key: string): void {
  if (store.races === 0) return;
  store.races -= 1;
  throw conflict(key);
}

const notImplemented = (header: string): AwsFault =>
  new AwsFault('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
    fields: { Header: header },
  });

/** Preconditions of PutObject: the key must be free, or still hold what the writer has read. */
export function checkPut({ store, request, key }: Call, current: Version | undefined): void {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notImplemented('If-None-Match');
  if (ifMatch !== undefined && ifNoneMatch !== undefined) throw notImplemented('If-Match');
  loseRace(store, key);
  const exists = current?.kind === 'object';
  if (ifNoneMatch !== undefined && exists) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (!exists) throw noSuchKey(key);
  if (!names(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}

/** Precondition of a delete. An existing delete marker fails even `*`, because there is no object below it to match. */
export function checkDelete(
  store: Store,
  key: string,
  ifMatch: string | undefined,
  current: Version | undefined,
): void {
  if (ifMatch === undefined) return;
  loseRace(store, key);
  if (current === undefined) throw noSuchKey(key);
  if (current.kind === 'marker' || !names(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}
