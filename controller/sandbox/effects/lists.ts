/** The members of a list call that carry a page, its token and its size. */
export interface ListMembers {
  readonly items: string;
  readonly token: string;
  readonly size: string;
}

const ecs = (items: string): ListMembers => ({ items, token: 'nextToken', size: 'maxResults' });
const others = (items: string): ListMembers => ({ items, token: 'NextToken', size: 'MaxResults' });

const logs = (items: string): ListMembers => ({ items, token: 'nextToken', size: 'limit' });

const LISTS: Readonly<Record<string, ListMembers>> = {
  'ecs.ListClusters': ecs('clusterArns'),
  'ecs.ListServices': ecs('serviceArns'),
  'ecs.ListTasks': ecs('taskArns'),
  'ecs.ListContainerInstances': ecs('containerInstanceArns'),
  'ecs.ListTaskDefinitions': ecs('taskDefinitionArns'),
  'ecs.ListServiceDeployments': ecs('serviceDeployments'),
  'servicediscovery.ListNamespaces': others('Namespaces'),
  'servicediscovery.ListServices': others('Services'),
  'servicediscovery.ListInstances': others('Instances'),
  'servicediscovery.ListOperations': others('Operations'),
  'servicediscovery.GetInstancesHealthStatus': others('Status'),
  'ssm.GetParametersByPath': others('Parameters'),
  'ssm.DescribeParameters': others('Parameters'),
  'logs.DescribeLogGroups': logs('logGroups'),
  'logs.DescribeLogStreams': logs('logStreams'),
  'logs.FilterLogEvents': logs('events'),
};

export const listMembers = (service: string, operation: string): ListMembers | undefined =>
  LISTS[`${service}.${operation}`];

export const isS3List = (service: string, operation: string): boolean =>
  service === 's3' && operation === 'ListObjectsV2';
