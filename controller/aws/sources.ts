import type { DocumentSource, TextReader } from '../reconcile/ports.ts';
import { s3Source } from './s3-source.ts';
import type { SourceAccess } from './source-access.ts';
import { parseSourceUri, parseTextUri } from './source-uri.ts';
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

export function createTextReader(access: SourceAccess, uri: string): TextReader {
  const place = parseTextUri(uri);
  return {
    uri,
    read: (signal) =>
      place.kind === 's3'
        ? readObjectText(access, place, { where: uri, signal })
        : readParameterText(access, place.name, { where: uri, signal }),
  };
}
