import { toOperatorError } from '../errors.ts';
import type { CallContext } from './budget.ts';
import { awsErrorName } from './errors.ts';
import type { SourceAccess } from './source-access.ts';

/** What a write may replace: exactly what has this ETag, nothing at all, or whatever is there. */
export type Replaces = { readonly etag: string } | 'absent' | 'anything';

export type PutResult =
  | { readonly kind: 'written'; readonly etag: string | undefined }
  | { readonly kind: 'conflict'; readonly cause: unknown };

/** Writes one JSON text to S3, unless what is there is not what it may replace. */
export async function putText(
  { clients, budget }: SourceAccess,
  place: { readonly bucket: string; readonly key: string },
  text: string,
  replaces: Replaces,
  context: CallContext,
): Promise<PutResult> {
  const client = await clients.s3();
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const object = { Bucket: place.bucket, Key: place.key, Body: text, ContentType: 'application/json' };
  const command = new PutObjectCommand({ ...object, ...conditionOf(replaces) });
  try {
    const { ETag } = await budget.call('s3:PutObject', context, (options) => client.send(command, options));
    return { kind: 'written', etag: ETag };
  } catch (thrown) {
    const replaced = REPLACED.has(awsErrorName(toOperatorError(thrown)) ?? '');
    if (replaces !== 'anything' && replaced) return { kind: 'conflict', cause: thrown };
    throw thrown;
  }
}

function conditionOf(replaces: Replaces): { readonly IfMatch?: string; readonly IfNoneMatch?: string } {
  if (replaces === 'anything') return {};
  return replaces === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: replaces.etag };
}

/** What S3 says when the object is not what the condition names. */
const REPLACED: ReadonlySet<string> = new Set([
  'PreconditionFailed',
  'NoSuchKey',
  'ConditionalRequestConflict',
]);
