import { terminal } from '../errors.ts';
import type { DocumentSource, TextReader } from '../reconcile/ports.ts';
import { s3Source } from './s3-source.ts';
import type { SourceAccess } from './source-access.ts';
import { parseSourceUri } from './source-uri.ts';
import { ssmSource } from './ssm-source.ts';
import { readObjectText, readParameterText } from './text-reader.ts';

export function createSource(access: SourceAccess, uri: string): DocumentSource {
  const parsed = parseSourceUri(uri);
  return parsed.kind === 's3'
    ? s3Source(access, { uri, bucket: parsed.bucket, prefix: parsed.key })
    : ssmSource(access, { uri, path: parsed.name });
}

/** A parameter by its name, which need not begin with a slash. */
export function parameterReader(access: SourceAccess, name: string): TextReader {
  const uri = `ssm://${name}`;
  return { uri, read: (signal) => readParameterText(access, name, { where: uri, signal }) };
}

/** The name of a parameter outside of any path has no slash. */
const BARE_PARAMETER = /^ssm:\/\/([a-zA-Z0-9_.-]+)$/;

export function createTextReader(access: SourceAccess, uri: string): TextReader {
  const bare = BARE_PARAMETER.exec(uri)?.[1];
  if (bare !== undefined) return parameterReader(access, bare);
  const parsed = parseSourceUri(uri);
  const name = parsed.kind === 's3' ? parsed.key : parsed.name;
  if (name === '' || name.endsWith('/'))
    throw terminal({
      reason: 'InvalidSource',
      where: uri,
      message: 'This names a whole prefix where one text is wanted.',
      remedy: 'Write s3://bucket/key or ssm:///name.',
    });
  return {
    uri,
    read: (signal) =>
      parsed.kind === 's3'
        ? readObjectText(access, parsed, { where: uri, signal })
        : readParameterText(access, parsed.name, { where: uri, signal }),
  };
}
