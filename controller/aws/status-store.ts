import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { OperatorError, terminal, toOperatorError } from '../errors.ts';
import type { StatusStore } from '../reconcile/ports.ts';
import { compareText } from '../state/keys.ts';
import { ownersOf, statusPath } from '../state/state-path.ts';
import type { CallContext } from './budget.ts';
import { awsErrorName } from './errors.ts';
import { readAllPages } from './paginate.ts';
import { pageOfObjects } from './s3-source.ts';
import type { SourceAccess } from './source-access.ts';
import { parseSourceUri } from './source-uri.ts';
import { readObjectText, readParameterText } from './text-reader.ts';

/** The status of one owner below `s3://bucket/prefix/` or `ssm:///prefix/`. */
export function createStatusStore(access: SourceAccess, uri: string, owner: string): StatusStore {
  const parsed = parseSourceUri(uri);
  return parsed.kind === 's3'
    ? s3StatusStore(access, { bucket: parsed.bucket, prefix: asPrefix(parsed.key), owner })
    : ssmStatusStore(access, { prefix: asPrefix(parsed.name), owner });
}

const asPrefix = (path: string): string => (path === '' || path.endsWith('/') ? path : `${path}/`);

interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
  readonly owner: string;
}

function s3StatusStore(access: SourceAccess, { bucket, prefix, owner }: S3Place): StatusStore {
  const { clients, budget } = access;
  const key = `${prefix}${statusPath(owner)}`;
  const where = `s3://${bucket}/${key}`;
  return {
    uri: where,
    async load(signal) {
      try {
        return await readObjectText(access, { bucket, key }, { where, signal }, MAX_STATUS_BYTES);
      } catch (thrown) {
        return absent(thrown, 'NoSuchKey', LIST_BUCKET);
      }
    },
    async save(text, signal) {
      const client = await clients.s3();
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      const input = { Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' };
      await budget.call('s3:PutObject', { where, signal }, (options) =>
        client.send(new PutObjectCommand(input), options),
      );
    },
    async owners(signal) {
      const client = await clients.s3();
      const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
      const context = { where: `s3://${bucket}/${prefix}`, signal };
      const keys = await readAllPages(context.where, async (ContinuationToken) => {
        const input = { Bucket: bucket, Prefix: prefix, ...(ContinuationToken && { ContinuationToken }) };
        const page = await budget.call('s3:ListObjectsV2', context, (options) =>
          client.send(new ListObjectsV2Command(input), options),
        );
        return pageOfObjects(page);
      });
      return ownersBelow(
        prefix,
        keys.map(({ Key }) => Key),
      );
    },
  };
}

/** S3 tells nobody without this permission that an object is not there. */
const LIST_BUCKET =
  'Allow s3:ListBucket as well: without it, S3 answers the same for a status that was never stored.';

function ssmStatusStore(
  access: SourceAccess,
  { prefix, owner }: { readonly prefix: string; readonly owner: string },
): StatusStore {
  const { clients, budget } = access;
  const name = `${prefix}${statusPath(owner)}`;
  const where = `ssm://${name}`;
  return {
    uri: where,
    async load(signal) {
      try {
        return await unpack(await readParameterText(access, name, { where, signal }));
      } catch (thrown) {
        return absent(thrown, 'ParameterNotFound');
      }
    },
    async save(text, signal) {
      const Value = await pack(text, where);
      const client = await clients.ssm();
      const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
      await budget.call('ssm:PutParameter', { where, signal }, (options) =>
        client.send(new PutParameterCommand({ Name: name, Value, Type: 'String', Overwrite: true }), options),
      );
    },
    async owners(signal) {
      const names = await listParameterNames(access, prefix, { where: `ssm://${prefix}`, signal });
      return ownersBelow(prefix, names);
    },
  };
}

async function listParameterNames(
  { clients, budget }: SourceAccess,
  prefix: string,
  context: CallContext,
): Promise<readonly (string | undefined)[]> {
  const client = await clients.ssm();
  const { GetParametersByPathCommand } = await import('@aws-sdk/client-ssm');
  const parameters = await readAllPages(context.where, async (NextToken) => {
    const input = { Path: prefix, Recursive: true, ...(NextToken && { NextToken }) };
    const page = await budget.call('ssm:GetParametersByPath', context, (options) =>
      client.send(new GetParametersByPathCommand(input), options),
    );
    return { items: page.Parameters, token: page.NextToken };
  });
  return parameters.map(({ Name }) => Name);
}

function ownersBelow(prefix: string, names: readonly (string | undefined)[]): readonly string[] {
  return ownersOf(names.flatMap((name) => name?.slice(prefix.length) ?? [])).toSorted(compareText);
}

/** Undefined for the error that says "nothing there"; throws any other, with what else may be behind a refusal. */
function absent(thrown: unknown, name: string, ifDenied?: string): undefined {
  const error = toOperatorError(thrown);
  if (awsErrorName(error) === name) return undefined;
  if (ifDenied === undefined || error.reason !== 'AccessDenied') throw error;
  const { family, reason, message, where, remedy, cause } = error;
  throw new OperatorError(family, {
    reason,
    message,
    cause,
    ...(where !== undefined && { where }),
    remedy: remedy === undefined ? ifDenied : `${remedy} ${ifDenied}`,
  });
}

/** What a parameter of the standard tier holds. */
const MAX_PARAMETER_BYTES = 4096;
/** Twenty times the status of a thousand ScrapeTargets with ten tasks each. */
const MAX_STATUS_BYTES = 64 * 1024 * 1024;

/** Compressed, which also keeps out the double braces that SSM refuses. */
async function pack(text: string, where: string): Promise<string> {
  const packed = (await promisify(gzip)(text)).toString('base64');
  if (packed.length <= MAX_PARAMETER_BYTES) return packed;
  throw terminal({
    reason: 'StatusTooLarge',
    where,
    message: `The status has ${packed.length} bytes, compressed; a parameter holds ${MAX_PARAMETER_BYTES}.`,
    remedy: 'Store it in S3: --state s3://bucket/prefix/. With --state off none is stored.',
  });
}

async function unpack(packed: string): Promise<string> {
  try {
    const bytes = await promisify(gunzip)(Buffer.from(packed, 'base64'), {
      maxOutputLength: MAX_STATUS_BYTES,
    });
    return bytes.toString('utf8');
  } catch {
    // Not packed by us: whoever reads it says so.
    return packed;
  }
}
