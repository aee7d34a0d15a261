import type { Call } from '../call.ts';
import { actionOf } from './actions.ts';
import type { RequestContext } from './conditions.ts';
import type { Demand } from './policy.ts';
import { s3Demands } from './s3-demands.ts';
import type { ObjectExists } from './s3-demands.ts';

/** Something that a policy can name by its ARN or by its tags. */
export interface Resource {
  readonly arn: string;
  readonly tags?: ReadonlyMap<string, string>;
}

/** What the account holds, as far as IAM asks for it. */
export interface IamWorld {
  readonly account: string;
  readonly region: string;
  /** Tags of an ECS service, by its long ARN. */
  serviceTags(arn: string): ReadonlyMap<string, string> | undefined;
  /** A registry of Cloud Map, by its id or ARN. */
  registry(idOrArn: string): Resource | undefined;
  readonly objectExists: ObjectExists;
}

type Input = Readonly<Record<string, unknown>>;

const ANY: Resource = { arn: '*' };

const isRecord = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const texts = (value: unknown): readonly string[] =>
  [value].flat().filter((each): each is string => typeof each === 'string');

const lastSegment = (arnOrName: string): string => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);

const arnIn = ({ region, account }: IamWorld, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

/** `key` and `value` in ECS, `Key` and `Value` elsewhere. */
function requestTags(input: Input): ReadonlyMap<string, string> {
  const tags = [input['tags'] ?? input['Tags'] ?? []].flat().filter(isRecord);
  return new Map(tags.map((tag) => [String(tag['key'] ?? tag['Key']), String(tag['value'] ?? tag['Value'])]));
}

function contextOf(input: Input, cluster: string | undefined, { tags }: Resource): RequestContext {
  const asked = requestTags(input);
  const tagKeys = [...asked.keys(), ...texts(input['tagKeys'] ?? input['TagKeys'])];
  const entries = [
    ...(cluster === undefined ? [] : [['ecs:cluster', [cluster]] as const]),
    ...(tagKeys.length === 0 ? [] : [['aws:TagKeys', tagKeys] as const]),
    ...[...asked].map(([key, value]) => [`aws:RequestTag/${key}`, [value]] as const),
    ...[...(tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, [value]] as const),
  ];
  return new Map(entries.map(([key, values]) => [key.toLowerCase(), values]));
}

/** ECS names what lives in a cluster by name, short ARN or long ARN; IAM compares the long one. */
function ecsResources(
  world: IamWorld,
  operation: string,
  input: Input,
  cluster: string,
): readonly Resource[] {
  const within = (kind: string, names: unknown): readonly Resource[] =>
    texts(names).map((name) => {
      const arn = arnIn(world, 'ecs', `${kind}/${cluster}/${lastSegment(name)}`);
      const tags = kind === 'service' ? world.serviceTags(arn) : undefined;
      return { arn, ...(tags !== undefined && { tags }) };
    });
  switch (operation) {
    case 'DescribeClusters':
      return texts(input['clusters'] ?? 'default').map((name) => ({
        arn: arnIn(world, 'ecs', `cluster/${lastSegment(name)}`),
      }));
    case 'ListContainerInstances':
      return [{ arn: arnIn(world, 'ecs', `cluster/${cluster}`) }];
    case 'ListTasks':
      return within('container-instance', input['containerInstance'] ?? '*');
    case 'DescribeTasks':
    case 'StopTask':
      return within('task', input['tasks'] ?? input['task']);
    case 'DescribeContainerInstances':
      return within('container-instance', input['containerInstances']);
    case 'DescribeServices':
      return within('service', input['services']);
    case 'CreateService':
      return within('service', input['serviceName']);
    case 'UpdateService':
    case 'DeleteService':
    case 'ListServiceDeployments':
      return within('service', input['service']);
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsForResource':
      return texts(input['resourceArn']).map((arn) => ({ arn }));
    default:
      return [ANY];
  }
}

const NO_CLUSTER: ReadonlySet<string> = new Set([
  'DescribeTaskDefinition',
  'ListClusters',
  'ListTagsForResource',
  'ListTaskDefinitions',
  'RegisterTaskDefinition',
  'TagResource',
  'UntagResource',
]);

function ecsDemands(world: IamWorld, operation: string, input: Input): readonly Demand[] {
  const name = lastSegment(text(input['cluster']) ?? 'default');
  const cluster = NO_CLUSTER.has(operation) ? undefined : arnIn(world, 'ecs', `cluster/${name}`);
  return ecsResources(world, operation, input, name).map((resource) => ({
    action: actionOf('ecs', operation),
    resource: resource.arn,
    context: contextOf(input, cluster, resource),
  }));
}

const OF_REGISTRY = /^(?:Get|Update|Delete)Service|Instances?(?:HealthStatus|CustomHealthStatus)?$/;

function cloudMapResources(world: IamWorld, operation: string, input: Input): readonly Resource[] {
  const id = text(input['ServiceId'] ?? (operation.endsWith('Service') ? input['Id'] : undefined));
  if (operation === 'CreateService')
    return [
      { arn: arnIn(world, 'servicediscovery', `namespace/${lastSegment(text(input['NamespaceId']) ?? '')}`) },
      { arn: arnIn(world, 'servicediscovery', 'service/*') },
    ];
  if (id === undefined || !OF_REGISTRY.test(operation)) return [ANY];
  return [world.registry(id) ?? { arn: arnIn(world, 'servicediscovery', `service/${lastSegment(id)}`) }];
}

function cloudMapDemands(world: IamWorld, operation: string, input: Input): readonly Demand[] {
  const demand = (name: string, resource: Resource): Demand => ({
    action: actionOf('servicediscovery', name),
    resource: resource.arn,
    context: contextOf(input, undefined, resource),
  });
  const tags = operation.startsWith('Create') && requestTags(input).size > 0;
  return [
    ...cloudMapResources(world, operation, input).map((resource) => demand(operation, resource)),
    ...(tags ? [demand('TagResource', ANY)] : []),
  ];
}

/** Names may carry a version or a label behind a colon. */
const parameterArn = (world: IamWorld, name: string): string =>
  name.startsWith('arn:')
    ? name
    : arnIn(world, 'ssm', `parameter/${name.replace(/^\//, '').replace(/:.*$/, '')}`);

function ssmDemands(world: IamWorld, operation: string, input: Input): readonly Demand[] {
  const names = texts(input['Names'] ?? input['Name'] ?? input['Path'] ?? input['ResourceId']);
  const resources = names.length === 0 ? ['*'] : names.map((name) => parameterArn(world, name));
  const tags = operation === 'PutParameter' && requestTags(input).size > 0;
  return [operation, ...(tags ? ['AddTagsToResource'] : [])].flatMap((name) =>
    resources.map((resource) => ({
      action: actionOf('ssm', name),
      resource,
      context: contextOf(input, undefined, ANY),
    })),
  );
}

/** CloudWatch Logs writes a group as the stream without a name. */
function logsDemands(world: IamWorld, operation: string, input: Input): readonly Demand[] {
  const group = text(input['logGroupName']) ?? '';
  const stream = text(input['logStreamName']) ?? '';
  const resource = arnIn(world, 'logs', `log-group:${group}:log-stream:${stream}`);
  return [{ action: actionOf('logs', operation), resource, context: contextOf(input, undefined, ANY) }];
}

/** Everything that a caller must be allowed for this call. */
export function demandsOf(
  world: IamWorld,
  call: Pick<Call, 'service' | 'operation' | 'input' | 'request'>,
): readonly Demand[] {
  const { service, operation, request } = call;
  const input = isRecord(call.input) ? call.input : {};
  switch (service) {
    case 'ecs':
      return ecsDemands(world, operation, input);
    case 'servicediscovery':
      return cloudMapDemands(world, operation, input);
    case 'ssm':
      return ssmDemands(world, operation, input);
    case 'logs':
      return logsDemands(world, operation, input);
    case 's3':
      return s3Demands(operation, request, world.objectExists);
    default:
      // Everybody may ask STS who they are.
      return [];
  }
}
