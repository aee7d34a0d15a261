/**
 * Every AWS API this program calls, and the account-wide throttle that AWS puts it under.
 * The figures are AWS's own where AWS publishes them; Cloud Map publishes almost none, so those are
 * the limits of AWS's own Cloud Map controller for Kubernetes, or a cautious guess (5 to 10 a second).
 */
export interface ApiGroup {
  /** Calls that an idle account may make at once. */
  readonly burst: number;
  /** Calls a second that AWS sustains. */
  readonly perSecond: number;
  /** Calls in flight at the same time. */
  readonly concurrency: number;
}

const group = (burst: number, perSecond: number, concurrency = 8): ApiGroup => ({
  burst,
  perSecond,
  concurrency,
});

export const API_GROUPS = {
  'ecs cluster read': group(50, 20),
  'ecs service read': group(100, 20),
  'ecs service modify': group(50, 5, 2),
  'ecs cluster resource read': group(100, 20),
  'ecs task definition read': group(50, 20),
  'servicediscovery ListNamespaces': group(5, 0.5, 1),
  'servicediscovery ListServices': group(10, 2, 4),
  'servicediscovery ListTagsForResource': group(50, 10),
  'servicediscovery ListInstances': group(50, 50),
  'servicediscovery GetService': group(50, 50),
  'servicediscovery GetOperation': group(200, 100),
  'servicediscovery CreateService': group(50, 5, 4),
  'servicediscovery UpdateService': group(10, 5, 2),
  'servicediscovery DeleteService': group(10, 5, 2),
  'servicediscovery tag modify': group(10, 5, 4),
  'ssm parameter read': group(40, 40),
  'ssm parameter write': group(3, 3, 1),
  'ssm parameter delete': group(3, 3, 1),
  'logs PutLogEvents': group(5000, 5000, 1),
  'logs CreateLogGroup': group(10, 10, 1),
  'logs CreateLogStream': group(50, 50, 1),
  'logs PutRetentionPolicy': group(5, 5, 1),
  's3 read': group(5500, 5500),
  's3 write': group(3500, 3500),
  'sts read': group(10, 10, 1),
} as const satisfies Record<string, ApiGroup>;

export type ApiGroupName = keyof typeof API_GROUPS;

interface ApiFacts {
  readonly group: ApiGroupName;
  /** A write is never sent twice unless AWS refused it before it had an effect. */
  readonly write: boolean;
  /** What permits it, where that is not the IAM action of the same name alone. */
  readonly action?: string;
}

const read = (group: ApiGroupName, action?: string): ApiFacts =>
  action === undefined ? { group, write: false } : { group, write: false, action };
const write = (group: ApiGroupName, action?: string): ApiFacts => ({ ...read(group, action), write: true });

export const APIS = {
  'ecs:ListClusters': read('ecs cluster read'),
  'ecs:DescribeClusters': read('ecs cluster read'),
  'ecs:ListServices': read('ecs service read'),
  'ecs:DescribeServices': read('ecs service read'),
  'ecs:ListTasks': read('ecs cluster resource read'),
  'ecs:DescribeTasks': read('ecs cluster resource read'),
  'ecs:DescribeTaskDefinition': read('ecs task definition read'),
  'ecs:UpdateService': write('ecs service modify'),
  'servicediscovery:ListNamespaces': read('servicediscovery ListNamespaces'),
  'servicediscovery:ListServices': read('servicediscovery ListServices'),
  'servicediscovery:ListTagsForResource': read('servicediscovery ListTagsForResource'),
  'servicediscovery:ListInstances': read('servicediscovery ListInstances'),
  'servicediscovery:GetService': read('servicediscovery GetService'),
  'servicediscovery:GetOperation': read('servicediscovery GetOperation'),
  'servicediscovery:CreateService': write(
    'servicediscovery CreateService',
    'servicediscovery:CreateService (and, for its tags, servicediscovery:TagResource)',
  ),
  'servicediscovery:UpdateService': write('servicediscovery UpdateService'),
  'servicediscovery:DeleteService': write('servicediscovery DeleteService'),
  'servicediscovery:TagResource': write('servicediscovery tag modify'),
  'servicediscovery:UntagResource': write('servicediscovery tag modify'),
  'ssm:GetParametersByPath': read('ssm parameter read'),
  'ssm:GetParameter': read('ssm parameter read'),
  'ssm:GetParameters': read('ssm parameter read'),
  'ssm:PutParameter': write('ssm parameter write'),
  'ssm:DeleteParameter': write('ssm parameter delete'),
  'logs:PutLogEvents': write('logs PutLogEvents'),
  'logs:CreateLogGroup': write('logs CreateLogGroup'),
  'logs:CreateLogStream': write('logs CreateLogStream'),
  'logs:PutRetentionPolicy': write('logs PutRetentionPolicy'),
  's3:ListObjectsV2': read('s3 read', 's3:ListBucket'),
  's3:GetObject': read('s3 read'),
  's3:PutObject': write('s3 write', 's3:PutObject (and, for its condition, s3:GetObject)'),
  's3:DeleteObject': write('s3 write', 's3:DeleteObject (and, for its condition, s3:GetObject)'),
  'sts:GetCallerIdentity': read('sts read'),
} as const satisfies Record<string, ApiFacts>;

/** `service:Operation`, as in an IAM policy. */
export type Api = keyof typeof APIS;

export function apiFacts(api: Api): ApiFacts {
  return APIS[api];
}

/** What a policy must allow for this call. */
export function iamAction(api: Api): string {
  return apiFacts(api).action ?? api;
}

const SERVICE_NAMES: Readonly<Record<string, string>> = {
  ecs: 'ECS',
  servicediscovery: 'Cloud Map',
  ssm: 'SSM',
  logs: 'CloudWatch Logs',
  s3: 'S3',
  sts: 'STS',
};

/** `ECS DescribeServices`: how messages name a call. */
export function apiTitle(api: Api): string {
  const [service = '', operation = ''] = api.split(':');
  return `${SERVICE_NAMES[service] ?? service} ${operation}`;
}
