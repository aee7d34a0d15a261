import { OperatorError, toOperatorError } from '../errors.ts';
import type { StatusStore } from '../reconcile/ports.ts';
import { compareText } from '../state/keys.ts';
import { ownersOf, statusPath } from '../state/state-path.ts';
import { statusConflict } from '../status/stored-status.ts';
import type { CallContext } from './budget.ts';
import { putText, type Replaces } from './conditional-put.ts';
import { awsErrorName } from './errors.ts';
import { MAX_STATE_BYTES, readPacked, versionOfPacked, writePacked } from './packed-parameter.ts';
import { readAllPages } from './paginate.ts';
import { pageOfObjects } from './s3-source.ts';
import type { SourceAccess } from './source-access.ts';
import { asPrefix, parseSourceUri } from './source-uri.ts';
import { readTextObject } from './text-reader.ts';
import { text } from './values.ts';

/** The status, or something else of one owner, below `s3://bucket/prefix/` or `ssm:///prefix/`. */
export function createStatusStore(
  access: SourceAccess,
  uri: string,
  owner: string,
  pathOf: (owner: string) => string = statusPath,
): StatusStore {
  const path = pathOf(owner);
  const parsed = parseSourceUri(uri);
  return parsed.kind === 's3'
    ? s3StatusStore(access, { bucket: parsed.bucket, prefix: asPrefix(parsed.key), path })
    : ssmStatusStore(access, { prefix: asPrefix(parsed.name), path });
}

interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
  /** Below the prefix. */
  readonly path: string;
}

function s3StatusStore(access: SourceAccess, { bucket, prefix, path }: S3Place): StatusStore {
  const { clients, budget } = access;
  const key = `${prefix}${path}`;
  const where = `s3://${bucket}/${key}`;
  let known: Known<string>;
  return {
    uri: where,
    async load(signal) {
      try {
        const object = await readTextObject(access, { bucket, key }, { where, signal }, MAX_STATE_BYTES);
        known = object.etag;
        return object.text;
      } catch (thrown) {
        absent(thrown, 'NoSuchKey', LIST_BUCKET);
        known = 'absent';
        return undefined;
      }
    },
    async save(text, signal) {
      const put = await putText(access, { bucket, key }, text, replacing(known), { where, signal });
      if (put.kind === 'conflict') throw statusConflict(where, put.cause);
      known = put.etag;
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
        return pageOfObjects(page, prefix);
      });
      return ownersBelow(
        prefix,
        keys.map(({ Key }) => Key),
      );
    },
  };
}

/** Which version of the status this process read or wrote last; undefined while it did neither. */
type Known<V> = V | 'absent' | undefined;

function replacing(known: Known<string>): Replaces {
  if (known === undefined) return 'anything';
  return known === 'absent' ? known : { etag: known };
}

/** S3 tells nobody without this permission that an object is not there. */
const LIST_BUCKET =
  'Allow s3:ListBucket as well: without it, S3 answers the same for a status that was never stored.';

function ssmStatusStore(access: SourceAccess, { prefix, path }: Omit<S3Place, 'bucket'>): StatusStore {
  const name = `${prefix}${path}`;
  const where = `ssm://${name}`;
  let known: Known<number>;
  return {
    uri: where,
    async load(signal) {
      try {
        const { text, version } = await readPacked(access, name, { where, signal });
        known = version;
        return text;
      } catch (thrown) {
        absent(thrown, 'ParameterNotFound');
        known = 'absent';
        return undefined;
      }
    },
    async save(text, signal) {
      const context = { where, signal };
      // SSM writes under no condition: the version is compared before, and tells afterwards whether that was in vain.
      const before = known;
      if (before !== undefined && (await currentVersion(access, name, context)) !== before)
        throw statusConflict(where);
      known = await writePacked(access, name, text, context);
      if (typeof before === 'number' && known !== before + 1) throw statusConflict(where);
    },
    async owners(signal) {
      const names = await listParameterNames(access, prefix, { where: `ssm://${prefix}`, signal });
      return ownersBelow(prefix, names);
    },
  };
}

async function currentVersion(
  access: SourceAccess,
  name: string,
  context: CallContext,
): Promise<Known<number>> {
  try {
    return await versionOfPacked(access, name, context);
  } catch (thrown) {
    return absent(thrown, 'ParameterNotFound') ?? 'absent';
  }
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
  return ownersOf(names.flatMap((name) => text(name)?.slice(prefix.length) ?? [])).toSorted(compareText);
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
