import { terminal } from '../errors.ts';
import type { ParameterTier } from '../plan/publish-limits.ts';
import type { DocumentStore } from '../reconcile/ports.ts';
import { s3Store } from './publish-s3.ts';
import type { PublishAccess } from './publish-settle.ts';
import { ssmStore } from './publish-ssm.ts';
import { asPrefix, parseSourceUri } from './source-uri.ts';

/** The other side of the source of the same URI; a prefix may be written without the slash at its end. */
export function createDocumentStore(
  access: PublishAccess,
  uri: string,
  { tier }: { readonly tier: ParameterTier },
): DocumentStore {
  const parsed = parseSourceUri(uri);
  if (/\.(?:ya?ml|json)$/i.test(uri))
    throw terminal({
      reason: 'InvalidDestination',
      where: uri,
      message: 'This names one document where a prefix is wanted.',
      remedy: 'Write s3://bucket/prefix/ or ssm:///prefix/.',
    });
  return parsed.kind === 's3'
    ? s3Store(access, { bucket: parsed.bucket, prefix: asPrefix(parsed.key) })
    : ssmStore(access, { path: asPrefix(parsed.name), tier });
}
