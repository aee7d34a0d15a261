import { OWNER_TAG } from '../state/desired.ts';
import { parseSourceUri, parseTextUri } from './source-uri.ts';

/** What a role must be allowed to do. URIs are those of the command line; local paths need no permission. */
export interface PolicyScope {
  /** `plan` only reads; `apply` and `run` also write. */
  readonly mode: 'plan' | 'apply' | 'run';
  readonly partition: string;
  /** `*` where it is not known. */
  readonly region: string;
  /** `*` where it is not known. */
  readonly account: string;
  readonly owner: string;
  /** Names of the ECS clusters; none means all of them. */
  readonly clusters: readonly string[];
  /** Where documents are read, as prefixes. */
  readonly sources: readonly string[];
  /** Single objects and parameters that are read: the base configuration, names of namespaces. */
  readonly texts: readonly string[];
  /** Where status and inventory are stored; undefined where they are not, or not in AWS. */
  readonly state: string | undefined;
  readonly lease: string | undefined;
  readonly eventLogGroup: string | undefined;
  /** Whether registries may be deleted whose documents are gone. */
  readonly prune: boolean;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[] | '*';
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface ExplainedStatement {
  readonly statement: PolicyStatement;
  /** Why it is not narrower, where IAM or ECS leaves no choice. */
  readonly note?: string;
}

/** Keys of tags that this program writes. */
const OWN_TAG_KEYS = ['METRICS_*', 'ECS_METRICS_*', 'ecs-prometheus-operator/*'];

/** The least that IAM can express for these features, in a stable order. */
export function iamPolicy(scope: PolicyScope): readonly ExplainedStatement[] {
  const writes = scope.mode !== 'plan';
  return [
    ...readEcs(scope),
    ...readCloudMap(scope),
    ...(writes ? [...writeCloudMap(scope), ...bindServices(scope)] : []),
    ...(writes && scope.prune ? deleteRegistries(scope) : []),
    ...scope.sources.flatMap((uri, index) => readDocuments(scope, uri, numbered('ReadDocuments', index))),
    ...scope.texts.flatMap((uri, index) => readText(scope, uri, numbered('ReadText', index))),
    ...(scope.state === undefined ? [] : keepState(scope, scope.state, writes)),
    ...(scope.lease === undefined || scope.mode !== 'run' ? [] : keepLease(scope, scope.lease)),
    ...(scope.eventLogGroup === undefined || !writes ? [] : keepEvents(scope, scope.eventLogGroup)),
  ];
}

const numbered = (sid: string, index: number): string => (index === 0 ? sid : `${sid}${index + 1}`);

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: PolicyStatement['Resource'],
  more: { readonly condition?: PolicyStatement['Condition']; readonly note?: string } = {},
): ExplainedStatement {
  const { condition, note } = more;
  return {
    statement: { Sid, Effect: 'Allow', Action, Resource, ...(condition && { Condition: condition }) },
    ...(note !== undefined && { note }),
  };
}

const arn = ({ partition, region, account }: PolicyScope, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** One ARN for each cluster, or one for all. */
const perCluster = (scope: PolicyScope, resource: (cluster: string) => string): readonly string[] =>
  (scope.clusters.length === 0 ? ['*'] : scope.clusters).map((cluster) =>
    arn(scope, 'ecs', resource(cluster)),
  );

const inClusters = (scope: PolicyScope): { condition?: PolicyStatement['Condition'] } =>
  scope.clusters.length === 0
    ? {}
    : { condition: { ArnEquals: { 'ecs:cluster': perCluster(scope, (cluster) => `cluster/${cluster}`) } } };

function readEcs(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow(
      'ReadServices',
      ['ecs:DescribeServices'],
      perCluster(scope, (name) => `service/${name}/*`),
    ),
    allow(
      'ReadTasks',
      ['ecs:DescribeTasks'],
      perCluster(scope, (name) => `task/${name}/*`),
    ),
    allow('ListTasks', ['ecs:ListTasks'], '*', {
      ...inClusters(scope),
      note: 'Its resource is a container instance, which a task on Fargate does not have.',
    }),
    allow('ReadTaskDefinitions', ['ecs:DescribeTaskDefinition'], '*', {
      note: 'IAM cannot limit it to some task definitions.',
    }),
  ];
}

const registries = (scope: PolicyScope): readonly string[] => [arn(scope, 'servicediscovery', 'service/*')];

function readCloudMap(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow(
      'ListRegistries',
      [
        'servicediscovery:ListNamespaces',
        'servicediscovery:ListServices',
        'servicediscovery:ListTagsForResource',
      ],
      '*',
      { note: 'IAM cannot limit these to some namespaces or registries.' },
    ),
    allow('ReadInstances', ['servicediscovery:ListInstances'], registries(scope)),
  ];
}

const ofOurs = ({ owner }: PolicyScope): PolicyStatement['Condition'] => ({
  StringEquals: { [`aws:ResourceTag/${OWNER_TAG}`]: owner },
});

function writeCloudMap(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow(
      'CreateRegistries',
      ['servicediscovery:CreateService'],
      [arn(scope, 'servicediscovery', 'namespace/*'), ...registries(scope)],
      { condition: { StringEquals: { [`aws:RequestTag/${OWNER_TAG}`]: scope.owner } } },
    ),
    allow('ReadRegistries', ['servicediscovery:GetService'], registries(scope)),
    allow('UpdateRegistries', ['servicediscovery:UpdateService'], registries(scope), {
      condition: ofOurs(scope),
    }),
    allow('FollowUpdates', ['servicediscovery:GetOperation'], '*', {
      note: 'An operation has no ARN that is known before.',
    }),
    allow('TagRegistries', ['servicediscovery:TagResource', 'servicediscovery:UntagResource'], '*', {
      condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': OWN_TAG_KEYS } },
      note: 'IAM limits them by the keys of tags only, not to some registries.',
    }),
  ];
}

function bindServices(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow(
      'BindServices',
      ['ecs:UpdateService'],
      perCluster(scope, (name) => `service/${name}/*`),
      {
        note: 'No condition key tells the registries of a service from its other settings.',
      },
    ),
  ];
}

function deleteRegistries(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow('DeleteRegistries', ['servicediscovery:DeleteService'], registries(scope), {
      condition: ofOurs(scope),
    }),
    allow('FindWhoUsesRegistries', ['ecs:ListClusters', 'ecs:ListServices', 'ecs:DescribeServices'], '*', {
      note: 'Before a registry is deleted, no service of any cluster may name it.',
    }),
  ];
}

/** The part of a URI that a policy can name: a prefix without the slash at its end. */
const withoutSlash = (path: string): string => path.replace(/\/+$/, '');

const bucketArn = ({ partition }: PolicyScope, bucket: string): string => `arn:${partition}:s3:::${bucket}`;

const listBelow = (scope: PolicyScope, sid: string, bucket: string, prefix: string): ExplainedStatement =>
  allow(sid, ['s3:ListBucket'], [bucketArn(scope, bucket)], {
    condition: { StringLike: { 's3:prefix': `${prefix}*` } },
  });

const parameterArn = (scope: PolicyScope, name: string): string =>
  arn(scope, 'ssm', `parameter/${name.replace(/^\/+/, '')}`);

function readDocuments(scope: PolicyScope, uri: string, sid: string): readonly ExplainedStatement[] {
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

function readText(scope: PolicyScope, uri: string, sid: string): readonly ExplainedStatement[] {
  const place = parseTextUri(uri);
  return place.kind === 's3'
    ? [allow(sid, ['s3:GetObject'], [`${bucketArn(scope, place.bucket)}/${place.key}`])]
    : [
        allow(sid, ['ssm:GetParameter'], [parameterArn(scope, place.name)], {
          note: 'A SecureString parameter also needs kms:Decrypt of its key.',
        }),
      ];
}

const withSlash = (path: string): string => (path === '' || path.endsWith('/') ? path : `${path}/`);

function keepState(scope: PolicyScope, uri: string, writes: boolean): readonly ExplainedStatement[] {
  const place = parseSourceUri(uri);
  if (place.kind === 's3') {
    const prefix = withSlash(place.key);
    return [
      listBelow(scope, 'FindState', place.bucket, prefix),
      allow('KeepState', writes ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'], [
        `${bucketArn(scope, place.bucket)}/${prefix}*`,
      ]),
    ];
  }
  return [
    allow(
      'KeepState',
      writes
        ? ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:PutParameter', 'ssm:DeleteParameter']
        : ['ssm:GetParameter', 'ssm:GetParameters'],
      [parameterArn(scope, `${withoutSlash(place.name)}/*`)],
    ),
  ];
}

function keepLease(scope: PolicyScope, uri: string): readonly ExplainedStatement[] {
  const place = parseSourceUri(uri);
  if (place.kind !== 's3') return [];
  const prefix = withSlash(place.key);
  return [
    listBelow(scope, 'FindLease', place.bucket, prefix),
    allow(
      'KeepLease',
      ['s3:GetObject', 's3:PutObject'],
      [`${bucketArn(scope, place.bucket)}/${prefix}*/lease`],
    ),
  ];
}

function keepEvents(scope: PolicyScope, group: string): readonly ExplainedStatement[] {
  return [
    allow(
      'KeepEvents',
      ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      [arn(scope, 'logs', `log-group:${group}`), arn(scope, 'logs', `log-group:${group}:*`)],
    ),
  ];
}
