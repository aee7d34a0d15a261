import { allow, arn } from './iam-statement.ts';
import type { ExplainedStatement, PolicyScope } from './iam-statement.ts';
import { asPrefix, parseSourceUri, parseTextUri } from './source-uri.ts';

const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

const bucketArn = ({ partition }: PolicyScope, bucket: string): string => `arn:${partition}:s3:::${bucket}`;

const parameterArn = (scope: PolicyScope, name: string): string =>
  arn(scope, 'ssm', `parameter/${name.replace(/^\/+/, '')}`);

const listBelow = (scope: PolicyScope, sid: string, bucket: string, prefix: string): ExplainedStatement =>
  allow(sid, ['s3:ListBucket'], [bucketArn(scope, bucket)], {
    condition: { StringLike: { 's3:prefix': `${prefix}*` } },
  });

/** A read of an object carries no prefix, so that a condition which wants one would hide what is missing. */
const missBelow = (scope: PolicyScope, sid: string, bucket: string, prefix: string): ExplainedStatement =>
  allow(sid, ['s3:ListBucket'], [bucketArn(scope, bucket)], {
    condition: { StringLikeIfExists: { 's3:prefix': `${prefix}*` } },
    note: 'S3 tells only those who may list the whole bucket that an object is missing; it lists names, not contents.',
  });

export function readDocuments(scope: PolicyScope, uri: string, sid: string): readonly ExplainedStatement[] {
  const place = parseSourceUri(uri);
  if (place.kind === 's3')
    return [
      listBelow(scope, `${sid}List`, place.bucket, place.key),
      allow(sid, ['s3:GetObject'], [`${bucketArn(scope, place.bucket)}/${place.key}*`]),
    ];
  const name = withoutSlash(place.name);
  return [
    allow(sid, ['ssm:GetParametersByPath'], [parameterArn(scope, name), parameterArn(scope, `${name}/*`)], {
      note: 'SecureString parameters also need kms:Decrypt of their key.',
    }),
  ];
}

export function readText(scope: PolicyScope, uri: string, sid: string): readonly ExplainedStatement[] {
  const place = parseTextUri(uri);
  return place.kind === 's3'
    ? [allow(sid, ['s3:GetObject'], [`${bucketArn(scope, place.bucket)}/${place.key}`])]
    : [
        allow(sid, ['ssm:GetParameter'], [parameterArn(scope, place.name)], {
          note: 'A SecureString parameter also needs kms:Decrypt of its key.',
        }),
      ];
}

/** What only some of the verbs do with what is stored, on top of reading it. */
export function keepState(
  scope: PolicyScope,
  uri: string,
  does: 'read' | 'write' | 'find',
): readonly ExplainedStatement[] {
  const place = parseSourceUri(uri);
  if (place.kind === 's3') {
    const prefix = asPrefix(place.key);
    return [
      missBelow(scope, 'FindState', place.bucket, prefix),
      allow(
        'KeepState',
        ['s3:GetObject', ...(does === 'write' ? ['s3:PutObject'] : [])],
        [`${bucketArn(scope, place.bucket)}/${prefix}*`],
      ),
    ];
  }
  const below = parameterArn(scope, `${withoutSlash(place.name)}/*`);
  const more = { read: [], write: ['ssm:PutParameter'], find: ['ssm:GetParametersByPath'] }[does];
  return [allow('KeepState', ['ssm:GetParameter', 'ssm:GetParameters', ...more], [below])];
}

export function keepLease(scope: PolicyScope, uri: string): readonly ExplainedStatement[] {
  const place = parseSourceUri(uri);
  if (place.kind !== 's3') return [];
  const prefix = asPrefix(place.key);
  return [
    missBelow(scope, 'FindLease', place.bucket, prefix),
    allow(
      'KeepLease',
      ['s3:GetObject', 's3:PutObject'],
      [`${bucketArn(scope, place.bucket)}/${prefix}*/lease`],
    ),
  ];
}

export function keepEvents(scope: PolicyScope, group: string): readonly ExplainedStatement[] {
  return [
    allow(
      'KeepEvents',
      ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      [arn(scope, 'logs', `log-group:${group}`), arn(scope, 'logs', `log-group:${group}:*`)],
    ),
  ];
}

/** Every write names what it replaces, and is looked for where no answer came. */
export function publishDocuments(
  scope: PolicyScope,
  { to, prune }: NonNullable<PolicyScope['publish']>,
): readonly ExplainedStatement[] {
  const place = parseSourceUri(to);
  if (place.kind === 's3') {
    const prefix = asPrefix(place.key);
    return [
      missBelow(scope, 'FindDocuments', place.bucket, prefix),
      allow(
        'PublishDocuments',
        ['s3:GetObject', 's3:PutObject', ...(prune ? ['s3:DeleteObject'] : [])],
        [`${bucketArn(scope, place.bucket)}/${prefix}*`],
      ),
    ];
  }
  return [
    ...readDocuments(scope, to, 'ReadDocuments'),
    allow(
      'PublishDocuments',
      ['ssm:GetParameter', 'ssm:PutParameter', ...(prune ? ['ssm:DeleteParameter'] : [])],
      [parameterArn(scope, `${withoutSlash(place.name)}/*`)],
    ),
  ];
}
