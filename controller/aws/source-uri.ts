import { terminal } from '../errors.ts';
import type { OperatorError } from '../errors.ts';

export type SourceUri =
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'ssm'; readonly name: string };

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PARAMETER = /^\/[a-zA-Z0-9_.\-/]*$/;

/** Reads `s3://bucket/prefix/`, `s3://bucket/key`, `ssm:///prefix/` and `ssm:///name`. */
export function parseSourceUri(uri: string): SourceUri {
  if (uri.startsWith('s3://')) return parseS3(uri);
  if (uri.startsWith('ssm:')) return parseSsm(uri);
  throw invalid(uri, 'it starts with neither s3:// nor ssm:///');
}

/** The path of a place that things lie below. */
export const asPrefix = (path: string): string => (path === '' || path.endsWith('/') ? path : `${path}/`);

/** The name of a parameter outside of any path has no slash. */
const BARE_PARAMETER = /^ssm:\/\/([a-zA-Z0-9_.-]+)$/;

/** Reads `s3://bucket/key`, `ssm:///path/name` and `ssm://name`: one text, not a prefix. */
export function parseTextUri(uri: string): SourceUri {
  const bare = BARE_PARAMETER.exec(uri)?.[1];
  if (bare !== undefined) return { kind: 'ssm', name: bare };
  const parsed = parseSourceUri(uri);
  const name = parsed.kind === 's3' ? parsed.key : parsed.name;
  if (name !== '' && !name.endsWith('/')) return parsed;
  throw terminal({
    reason: 'InvalidSource',
    where: uri,
    message: 'This names a whole prefix where one text is wanted.',
    remedy: 'Write s3://bucket/key or ssm:///name.',
  });
}

function parseS3(uri: string): SourceUri {
  const rest = uri.slice('s3://'.length);
  const slash = rest.indexOf('/');
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  if (!BUCKET.test(bucket)) throw invalid(uri, `"${bucket}" is not the name of a bucket`);
  return { kind: 's3', bucket, key: slash === -1 ? '' : rest.slice(slash + 1) };
}

/** The name of a parameter starts with a slash, and a URI without host has three. */
function parseSsm(uri: string): SourceUri {
  const name = uri.slice('ssm://'.length);
  if (!uri.startsWith('ssm:///'))
    throw invalid(uri, 'a parameter is written with three slashes, ssm:///prefix/');
  if (!PARAMETER.test(name))
    throw invalid(uri, 'the name of a parameter holds letters, digits and _ . - / only');
  return { kind: 'ssm', name };
}

function invalid(uri: string, why: string): OperatorError {
  return terminal({
    reason: 'InvalidSource',
    where: uri,
    message: `This is not an AWS source: ${why}.`,
    remedy:
      'Write s3://bucket/prefix/ or ssm:///prefix/ for documents, s3://bucket/key, ssm:///name or ssm://name for one text.',
  });
}
