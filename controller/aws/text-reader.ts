import { Readable } from 'node:stream';
import type { Parameter } from '@aws-sdk/client-ssm';
import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { CallContext } from './budget.ts';
import type { SourceAccess } from './source-access.ts';
import { text } from './values.ts';

/** No document and no Prometheus configuration is larger; more would only fill the memory. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export interface TextObject {
  readonly text: string;
  readonly etag: string | undefined;
  /** Commit that the object was published from, where its metadata tell. */
  readonly gitRevision?: string;
}

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  /** What a list told of the object. */
  readonly etag?: string | undefined;
  readonly size?: number | undefined;
}

export async function readObjectText(
  access: SourceAccess,
  place: ObjectPlace,
  context: CallContext,
  maxBytes = MAX_TEXT_BYTES,
): Promise<string> {
  return (await readTextObject(access, place, context, maxBytes)).text;
}

/** One object as text. The whole answer counts as the call: a body that breaks off is a failed call. */
export async function readTextObject(
  { clients, budget }: SourceAccess,
  place: ObjectPlace,
  context: CallContext,
  maxBytes = MAX_TEXT_BYTES,
): Promise<TextObject> {
  const client = await clients.s3();
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  return budget.call('s3:GetObject', context, async (options) => {
    const answer = await client.send(new GetObjectCommand({ Bucket: place.bucket, Key: place.key }), options);
    const bytes = await readBytes(answer.Body, context.where, maxBytes);
    const replaced = answer.ETag !== undefined && place.etag !== undefined && answer.ETag !== place.etag;
    if (!replaced && place.size !== undefined && place.size !== bytes.byteLength)
      throw cutShort(context.where, place.size, bytes.byteLength);
    const gitRevision = answer.Metadata?.['scrapectl-revision'];
    return {
      text: decodeText(bytes, context.where),
      etag: answer.ETag,
      ...(gitRevision !== undefined && REVISION.test(gitRevision) && { gitRevision }),
    };
  });
}

function cutShort(where: string, listed: number, read: number): OperatorError {
  return transient({
    reason: 'IncompleteAnswer',
    where,
    message: `S3 lists the object with ${listed} bytes and returned ${read}.`,
  });
}

/** Anybody may have written the metadata. */
const REVISION = /^[\w./+-]{1,100}$/;

export async function readParameterText(
  { clients, budget }: SourceAccess,
  name: string,
  context: CallContext,
): Promise<string> {
  const client = await clients.ssm();
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  const { Parameter: parameter } = await budget.call('ssm:GetParameter', context, (options) =>
    client.send(new GetParameterCommand({ Name: name, WithDecryption: true }), options),
  );
  return parameterText(parameter ?? {}, context.where);
}

/** The value of a String or SecureString parameter. */
export function parameterText(parameter: Parameter, where: string): string {
  if (parameter.Type === 'StringList')
    throw terminal({
      reason: 'UnsupportedParameterType',
      where,
      message: 'The parameter is a StringList, which cuts its value at every comma.',
      remedy: 'Store the document in a parameter of type String or SecureString.',
    });
  const value = text(parameter.Value);
  if (value !== undefined) return value;
  throw transient({
    reason: 'IncompleteAnswer',
    where,
    message: 'SSM returned the parameter without its value.',
  });
}

/** Stops reading at the bound, whatever length was announced; leaving the loop closes the connection. */
async function readBytes(body: unknown, where: string, maxBytes: number): Promise<Uint8Array> {
  if (!(body instanceof Readable))
    throw transient({
      reason: 'IncompleteAnswer',
      where,
      message: 'S3 returned the object without its body.',
    });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(where, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodeText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw terminal({ reason: 'InvalidText', where, message: 'The object is not UTF-8 text.', cause: thrown });
  }
}

export function tooLarge(where: string, maxBytes = MAX_TEXT_BYTES): OperatorError {
  return terminal({
    reason: 'TextTooLarge',
    where,
    message: `The object is larger than ${maxBytes / 1024 / 1024} MiB.`,
    remedy: 'Split it, or move what is no document elsewhere.',
  });
}
