import { OWNER_TAG } from '../state/desired.ts';
import { allow, arn } from './iam-statement.ts';
import type { ExplainedStatement, PolicyScope } from './iam-statement.ts';
import {
  keepEvents,
  keepLease,
  keepState,
  publishDocuments,
  readDocuments,
  readText,
} from './iam-storage.ts';

/** The least that IAM can express for a verb with these features, in a stable order. */
export function iamPolicy(scope: PolicyScope): readonly ExplainedStatement[] {
  switch (scope.mode) {
    case 'plan':
      return [...readAccount(scope), ...readInput(scope), ...stateOf(scope, 'read')];
    case 'apply':
    case 'run':
      return [
        ...readAccount(scope),
        ...(scope.documents ? makeItSo(scope) : []),
        ...readInput(scope),
        ...stateOf(scope, 'write'),
        ...(scope.lease === undefined || scope.mode === 'apply' ? [] : keepLease(scope, scope.lease)),
        ...(scope.eventLogGroup === undefined ? [] : keepEvents(scope, scope.eventLogGroup)),
      ];
    case 'get':
      return [...stateOf(scope, 'find'), ...(scope.orphans ? takeInventory({ ...scope, clusters: [] }) : [])];
    case 'publish':
      return scope.publish === undefined ? [] : publishDocuments(scope, scope.publish);
    case 'import':
      return takeInventory(scope);
  }
}

const readAccount = (scope: PolicyScope): readonly ExplainedStatement[] => [
  ...(scope.documents ? readEcs(scope) : []),
  ...readCloudMap(scope),
];

const makeItSo = (scope: PolicyScope): readonly ExplainedStatement[] => [
  ...writeCloudMap(scope),
  ...(scope.disruptive ? bindServices(scope) : []),
  ...(scope.policy === 'sync' ? deleteRegistries(scope) : []),
];

const readInput = (scope: PolicyScope): readonly ExplainedStatement[] => [
  ...scope.sources.flatMap((uri, index) => readDocuments(scope, uri, numbered('ReadDocuments', index))),
  ...scope.texts.flatMap((uri, index) => readText(scope, uri, numbered('ReadText', index))),
];

const numbered = (sid: string, index: number): string => (index === 0 ? sid : `${sid}${index + 1}`);

const stateOf = (scope: PolicyScope, does: Parameters<typeof keepState>[2]): readonly ExplainedStatement[] =>
  scope.state === undefined ? [] : keepState(scope, scope.state, does);

/** One ARN for each cluster, or one for all. */
const perCluster = (scope: PolicyScope, resource: (cluster: string) => string): readonly string[] =>
  (scope.clusters.length === 0 ? ['*'] : scope.clusters).map((cluster) =>
    arn(scope, 'ecs', resource(cluster)),
  );

const inClusters = (scope: PolicyScope) =>
  scope.clusters.length === 0
    ? {}
    : { condition: { ArnEquals: { 'ecs:cluster': perCluster(scope, (cluster) => `cluster/${cluster}`) } } };

const describeServices = (scope: PolicyScope): ExplainedStatement =>
  allow(
    'ReadServices',
    ['ecs:DescribeServices'],
    perCluster(scope, (name) => `service/${name}/*`),
  );

const describeTaskDefinitions = (): ExplainedStatement =>
  allow('ReadTaskDefinitions', ['ecs:DescribeTaskDefinition'], '*', {
    note: 'IAM cannot limit it to some task definitions.',
  });

function readEcs(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow(
      'CountTasks',
      ['ecs:DescribeClusters'],
      perCluster(scope, (name) => `cluster/${name}`),
    ),
    describeServices(scope),
    allow(
      'ReadTasks',
      ['ecs:DescribeTasks'],
      perCluster(scope, (name) => `task/${name}/*`),
    ),
    allow('ListTasks', ['ecs:ListTasks'], '*', {
      ...inClusters(scope),
      note: 'Its resource is a container instance, which a task on Fargate does not have.',
    }),
    describeTaskDefinitions(),
  ];
}

const registries = (scope: PolicyScope): readonly string[] => [arn(scope, 'servicediscovery', 'service/*')];

const readInstances = (scope: PolicyScope): ExplainedStatement =>
  allow('ReadInstances', ['servicediscovery:ListInstances'], registries(scope));

const readRegistries = (scope: PolicyScope): ExplainedStatement =>
  allow('ReadRegistries', ['servicediscovery:GetService'], registries(scope));

function listRegistries(): ExplainedStatement {
  return allow(
    'ListRegistries',
    [
      'servicediscovery:ListNamespaces',
      'servicediscovery:ListServices',
      'servicediscovery:ListTagsForResource',
    ],
    '*',
    { note: 'IAM cannot limit these to some namespaces or registries.' },
  );
}

const readCloudMap = (scope: PolicyScope): readonly ExplainedStatement[] => [
  listRegistries(),
  readInstances(scope),
];

const ofOurs = ({ owner }: PolicyScope) => ({
  StringEquals: { [`aws:ResourceTag/${OWNER_TAG}`]: owner },
});

/** Keys of tags that this program writes. */
const OWN_TAG_KEYS = ['METRICS_*', 'ECS_METRICS_*', 'ecs-prometheus-operator/*'];

function writeCloudMap(scope: PolicyScope): readonly ExplainedStatement[] {
  const { owner, policy } = scope;
  const untag = policy === 'sync' ? ['servicediscovery:UntagResource'] : [];
  return [
    allow(
      'CreateRegistries',
      ['servicediscovery:CreateService'],
      [arn(scope, 'servicediscovery', 'namespace/*'), ...registries(scope)],
      { condition: { StringEquals: { [`aws:RequestTag/${OWNER_TAG}`]: owner } } },
    ),
    readRegistries(scope),
    ...(policy === 'create-only' ? [] : updateRegistries(scope)),
    allow('TagRegistries', ['servicediscovery:TagResource', ...untag], '*', {
      condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': OWN_TAG_KEYS } },
      note: 'IAM limits them by the keys of tags only, not to some registries.',
    }),
  ];
}

function updateRegistries(scope: PolicyScope): readonly ExplainedStatement[] {
  return [
    allow('UpdateRegistries', ['servicediscovery:UpdateService'], registries(scope), {
      condition: ofOurs(scope),
    }),
    allow('FollowUpdates', ['servicediscovery:GetOperation'], '*', {
      note: 'An operation has no ARN that is known before.',
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

/** Everything that exists, in some clusters, or in some namespaces and whatever cluster registers there. */
function takeInventory(scope: PolicyScope): readonly ExplainedStatement[] {
  const everywhere = scope.clusters.length === 0;
  return [
    allow('ListServices', [...(everywhere ? ['ecs:ListClusters'] : []), 'ecs:ListServices'], '*', {
      ...inClusters(scope),
      ...(everywhere && { note: 'A service of any cluster may be registered in a namespace.' }),
    }),
    describeServices(scope),
    describeTaskDefinitions(),
    listRegistries(),
    everywhere ? readInstances(scope) : readRegistries(scope),
  ];
}
