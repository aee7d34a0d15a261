import type { OperatorError } from '../errors.ts';
import type { PublishChange, StoredDocument } from '../plan/publish-plan.ts';
import type { DocumentStore } from '../reconcile/ports.ts';
import type { CallContext } from './budget.ts';
import { awsErrorName } from './errors.ts';
import { settle } from './publish-settle.ts';
import type { ConditionalWrite, PublishAccess, Setback } from './publish-settle.ts';
import { asRead } from './read.ts';
import { readObjectText } from './text-reader.ts';

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Documents as objects. Every write says what it replaces, so that two pipelines cannot overwrite each other. */
export function s3Store(
  access: PublishAccess,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): DocumentStore {
  const uri = `s3://${bucket}/${prefix}`;
  return {
    uri,
    apply(change, revision, signal) {
      const place = { bucket, key: prefix + change.path };
      const context = { where: uri + change.path, signal };
      return change.kind === 'delete'
        ? remove(access, place, change, context)
        : put(access, place, change, revision, context);
    },
  };
}

async function put(
  access: PublishAccess,
  place: ObjectPlace,
  change: Exclude<PublishChange, { kind: 'delete' }>,
  revision: string | undefined,
  context: CallContext,
): Promise<StoredDocument> {
  const client = await access.clients.s3();
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const input = {
    Bucket: place.bucket,
    Key: place.key,
    Body: change.after,
    ContentType: contentType(place.key),
    ChecksumAlgorithm: 'SHA256' as const,
    ...(change.kind === 'create' ? { IfNoneMatch: '*' } : { IfMatch: quoted(change.version) }),
    ...(revision !== undefined && { Metadata: { 'scrapectl-revision': revision } }),
  };
  const write: ConditionalWrite = {
    where: context.where,
    send: async () => {
      const answer = await access.budget.call('s3:PutObject', context, (options) =>
        client.send(new PutObjectCommand(input), options),
      );
      return answer.VersionId;
    },
    landed: async () => (await currentText(access, place, context)) === change.after,
    setback,
  };
  return settle(write, access.clock, context.signal);
}

async function remove(
  access: PublishAccess,
  place: ObjectPlace,
  { version }: { readonly version: string },
  context: CallContext,
): Promise<StoredDocument> {
  const client = await access.clients.s3();
  const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  const input = { Bucket: place.bucket, Key: place.key, IfMatch: quoted(version) };
  const write: ConditionalWrite = {
    where: context.where,
    send: async () => {
      await access.budget.call('s3:DeleteObject', context, (options) =>
        client.send(new DeleteObjectCommand(input), options),
      );
      return undefined;
    },
    landed: async () => (await currentText(access, place, context)) === undefined,
    setback,
  };
  return settle(write, access.clock, context.signal);
}

/** Undefined when there is no such object. */
async function currentText(
  access: PublishAccess,
  place: ObjectPlace,
  context: CallContext,
): Promise<string | undefined> {
  const read = await asRead(readObjectText(access, place, context));
  if (read.kind === 'complete') return read.value;
  if (awsErrorName(read.error) === 'NoSuchKey') return undefined;
  throw read.error;
}

const SETBACKS: Readonly<Record<string, Setback>> = {
  PreconditionFailed: 'conflict',
  NoSuchKey: 'conflict',
  ConditionalRequestConflict: 'race',
  OperationAborted: 'race',
};

const setback = (error: OperatorError): Setback => SETBACKS[awsErrorName(error) ?? ''] ?? 'final';

const quoted = (etag: string): string => `"${etag}"`;

const contentType = (key: string): string =>
  `${key.endsWith('.json') ? 'application/json' : 'application/yaml'}; charset=utf-8`;
