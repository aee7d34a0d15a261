/** The members that carry a page and its token, by `service.Operation`. */
const LISTS: Readonly<Record<string, { readonly items: string; readonly token: string }>> = {
  'ecs.ListClusters': { items: 'clusterArns', token: 'nextToken' },
  'ecs.ListServices': { items: 'serviceArns', token: 'nextToken' },
  'ecs.ListTasks': { items: 'taskArns', token: 'nextToken' },
  'ecs.ListContainerInstances': { items: 'containerInstanceArns', token: 'nextToken' },
  'ecs.ListTaskDefinitions': { items: 'taskDefinitionArns', token: 'nextToken' },
  'ecs.ListServiceDeployments': { items: 'serviceDeployments', token: 'nextToken' },
  'servicediscovery.ListNamespaces': { items: 'Namespaces', token: 'NextToken' },
  'servicediscovery.ListServices': { items: 'Services', token: 'NextToken' },
  'servicediscovery.ListInstances': { items: 'Instances', token: 'NextToken' },
  'servicediscovery.ListOperations': { items: 'Operations', token: 'NextToken' },
  'servicediscovery.GetInstancesHealthStatus': { items: 'Status', token: 'NextToken' },
  'ssm.GetParametersByPath': { items: 'Parameters', token: 'NextToken' },
  'ssm.DescribeParameters': { items: 'Parameters', token: 'NextToken' },
};

const WITHHELD = 'withheld:';

type Input = Readonly<Record<string, unknown>>;

/** An answer without items that AWS may give to any list call, with a token that {@link restoreToken} understands. */
export function emptyPage(service: string, operation: string, input: Input): Input | undefined {
  const list = LISTS[`${service}.${operation}`];
  if (list === undefined) return undefined;
  const token = restoreToken(service, operation, input)[list.token];
  const withheld = WITHHELD + (typeof token === 'string' ? token : '');
  const none = list.items === 'Status' ? {} : [];
  return { [list.items]: none, [list.token]: Buffer.from(withheld).toString('base64url') };
}

/** The input with the token that it had before an empty page was put in between. */
export function restoreToken(service: string, operation: string, input: Input): Input {
  const list = LISTS[`${service}.${operation}`];
  const token = list === undefined ? undefined : input[list.token];
  if (list === undefined || typeof token !== 'string') return input;
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(WITHHELD)) return input;
  const { [list.token]: _, ...rest } = input;
  const original = text.slice(WITHHELD.length);
  return original === '' ? rest : { ...rest, [list.token]: original };
}
