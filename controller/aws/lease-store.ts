import { terminal, toOperatorError, transient } from '../errors.ts';
import type { LeaseRecord, LeaseStore, StoredLease } from '../reconcile/ports.ts';
import { leasePath } from '../state/state-path.ts';
import { putText } from './conditional-put.ts';
import { awsErrorName } from './errors.ts';
import type { SourceAccess } from './source-access.ts';
import { asPrefix, parseSourceUri } from './source-uri.ts';
import { readTextObject } from './text-reader.ts';

const MAX_LEASE_BYTES = 4096;

/**
 * The lease of one owner below `s3://bucket/prefix/`. S3 replaces an object under the condition that it has the ETag
 * that was read; the Parameter Store has no such condition.
 */
export function createLeaseStore(access: SourceAccess, uri: string, owner: string): LeaseStore {
  const place = parseSourceUri(uri);
  if (place.kind !== 's3') throw noLeaseThere(uri);
  const { bucket } = place;
  const key = `${asPrefix(place.key)}${leasePath(owner)}`;
  const where = `s3://${bucket}/${key}`;
  return {
    uri: where,
    async read(signal) {
      try {
        const object = await readTextObject(access, { bucket, key }, { where, signal }, MAX_LEASE_BYTES);
        return toStoredLease(object.text, object.etag, where);
      } catch (thrown) {
        if (awsErrorName(toOperatorError(thrown)) === 'NoSuchKey') return undefined;
        throw thrown;
      }
    },
    async write(record, replaced, signal) {
      const text = `${JSON.stringify(record)}\n`;
      const replaces = replaced === undefined ? 'absent' : { etag: replaced };
      const put = await putText(access, { bucket, key }, text, replaces, { where, signal });
      if (put.kind === 'conflict') return undefined;
      if (put.etag === undefined) throw noVersion(where);
      return put.etag;
    },
  };
}

/** A text that nobody understands is the lease of somebody unknown: it is taken over when it shows no sign of life. */
function toStoredLease(text: string, etag: string | undefined, where: string): StoredLease {
  if (etag === undefined) throw noVersion(where);
  return { record: parseRecord(text), version: etag };
}

const UNKNOWN: LeaseRecord = { holder: 'unknown', epoch: 0, renewals: 0 };

function parseRecord(text: string): LeaseRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return UNKNOWN;
  }
  const [holder, epoch, renewals]: unknown[] = ['holder', 'epoch', 'renewals'].map((name) =>
    Reflect.get(Object(value), name),
  );
  if (typeof holder !== 'string' || !isCount(epoch) || !isCount(renewals)) return UNKNOWN;
  return { holder, epoch, renewals };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function noVersion(where: string) {
  return transient({ reason: 'IncompleteAnswer', where, message: 'S3 did not tell the ETag of the lease.' });
}

function noLeaseThere(uri: string) {
  return terminal({
    reason: 'InvalidLease',
    where: uri,
    message:
      'The lease of several controllers can only be in S3: nothing else replaces a text under a condition.',
    remedy: 'Give --lease an s3://bucket/prefix/, or leave it out and run one controller.',
  });
}
