import { AwsFault } from './service.ts';
import type { SandboxClock } from './clock.ts';

/** `scaled` multiplies documented rates and bursts, so that a short test meets the same limits sooner. */
export type Throttling =
  | { readonly mode: 'off' }
  | { readonly mode: 'documented' }
  | { readonly mode: 'scaled'; readonly factor: number };

interface Group {
  readonly service: string;
  readonly operations: readonly string[];
  readonly burst: number;
  /** Per second. */
  readonly rate: number;
  readonly error?: { readonly code: string; readonly message: string; readonly status: number };
}

const SLOW_DOWN = { code: 'SlowDown', message: 'Please reduce your request rate.', status: 503 };
const REQUEST_LIMIT = { code: 'RequestLimitExceeded', message: 'Rate exceeded', status: 429 };

const group = (
  service: string,
  burst: number,
  rate: number,
  operations: string,
  error?: NonNullable<Group['error']>,
): Group => ({ service, burst, rate, operations: operations.split(' '), ...(error && { error }) });

/**
 * Token buckets per account and region; all operations of a group draw from one. ECS, SSM and DiscoverInstances are
 * documented. AWS does not publish the other Cloud Map figures: they are what AWS's own controller for Kubernetes
 * limits itself to, and where even that is silent, 5 a second.
 */
const GROUPS: readonly Group[] = [
  group('ecs', 50, 20, 'DescribeClusters ListClusters'),
  group('ecs', 20, 1, 'CreateCluster DeleteCluster UpdateCluster'),
  group('ecs', 100, 20, 'DescribeServices ListServices'),
  group('ecs', 50, 5, 'CreateService UpdateService DeleteService'),
  group(
    'ecs',
    100,
    20,
    'DescribeTasks ListTasks DescribeContainerInstances ListContainerInstances ListAttributes',
  ),
  group(
    'ecs',
    100,
    40,
    'RunTask StopTask StartTask PutAttributes DeleteAttributes DeregisterContainerInstance',
  ),
  group('ecs', 50, 20, 'DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies'),
  group('ecs', 20, 1, 'RegisterTaskDefinition DeregisterTaskDefinition'),
  group('ecs', 20, 10, 'TagResource UntagResource'),
  group('ecs', 50, 20, 'ListTagsForResource'),
  group('ecs', 50, 20, 'DescribeServiceDeployments ListServiceDeployments'),
  group('ecs', 50, 20, 'DescribeServiceRevisions'),
  group('ecs', 10, 1, 'ListServicesByNamespace'),
  group('servicediscovery', 5, 0.5, 'ListNamespaces'),
  group('servicediscovery', 10, 2, 'ListServices'),
  group('servicediscovery', 5, 0.5, 'CreateHttpNamespace CreatePrivateDnsNamespace CreatePublicDnsNamespace'),
  group('servicediscovery', 50, 5, 'CreateService'),
  group('servicediscovery', 100, 50, 'RegisterInstance'),
  group('servicediscovery', 100, 50, 'DeregisterInstance'),
  group('servicediscovery', 200, 100, 'GetOperation'),
  group('servicediscovery', 100, 50, 'ListInstances'),
  group('servicediscovery', 100, 50, 'GetService'),
  group('servicediscovery', 2000, 1000, 'DiscoverInstances', REQUEST_LIMIT),
  group('servicediscovery', 3000, 3000, 'DiscoverInstancesRevision', REQUEST_LIMIT),
  ...['ListTagsForResource', 'TagResource', 'UntagResource', 'UpdateService', 'DeleteService'].map(
    (operation) => group('servicediscovery', 50, 5, operation),
  ),
  group('ssm', 40, 40, 'GetParameter GetParameters GetParametersByPath'),
  group(
    'ssm',
    3,
    3,
    'PutParameter DescribeParameters GetParameterHistory LabelParameterVersion UnlabelParameterVersion',
  ),
  group('ssm', 3, 3, 'DeleteParameter DeleteParameters'),
  group('logs', 5000, 5000, 'PutLogEvents'),
  group('logs', 10, 10, 'CreateLogGroup'),
  group('logs', 10, 10, 'DeleteLogGroup'),
  group('logs', 50, 50, 'CreateLogStream'),
  group('logs', 15, 15, 'DeleteLogStream'),
  group('logs', 10, 10, 'DescribeLogGroups'),
  group('logs', 25, 25, 'DescribeLogStreams'),
  group('logs', 25, 25, 'GetLogEvents'),
  group('logs', 25, 25, 'FilterLogEvents'),
  group('logs', 5, 5, 'PutRetentionPolicy'),
  group('s3', 3500, 3500, 'PutObject DeleteObject DeleteObjects CopyObject'),
  group('s3', 5500, 5500, 'GetObject HeadObject ListObjectsV2'),
];

const RATE_EXCEEDED = { code: 'ThrottlingException', message: 'Rate exceeded', status: 400 };

/** How the services answer that have older names for it; Parameter Store and the others say ThrottlingException. */
const SERVICE_ERRORS: Readonly<Record<string, NonNullable<Group['error']>>> = {
  s3: SLOW_DOWN,
  sts: { code: 'Throttling', message: 'Rate exceeded', status: 400 },
};

/** How a service says that an operation is called too often. */
export function rateExceeded(service: string, operation: string): AwsFault {
  const known = GROUPS.find((each) => each.service === service && each.operations.includes(operation));
  const { code, message, status } = known?.error ?? SERVICE_ERRORS[service] ?? RATE_EXCEEDED;
  return new AwsFault(code, message, { status });
}

interface Bucket {
  readonly group: Group;
  tokens: number;
  at: number;
}

export interface Throttle {
  /** Takes a token of the operation's group, or says what AWS answers when there is none. */
  take(service: string, operation: string): AwsFault | undefined;
  /** Switches at once; buckets start full. */
  set(throttling: Throttling): void;
}

const factorOf = (throttling: Throttling): number =>
  throttling.mode === 'scaled' ? throttling.factor : throttling.mode === 'documented' ? 1 : Infinity;

function fill(now: number): Map<string, Bucket> {
  const buckets = new Map<string, Bucket>();
  for (const group of GROUPS) {
    const bucket: Bucket = { group, tokens: Number.NaN, at: now };
    for (const operation of group.operations) buckets.set(`${group.service}.${operation}`, bucket);
  }
  return buckets;
}

export function createThrottle(clock: SandboxClock, initial: Throttling): Throttle {
  let throttling = initial;
  let buckets = fill(clock.now());

  const refill = (bucket: Bucket, factor: number): void => {
    const now = clock.now();
    const burst = Math.max(1, bucket.group.burst * factor);
    const earned = ((now - bucket.at) / 1000) * bucket.group.rate * factor;
    bucket.tokens = Number.isNaN(bucket.tokens) ? burst : Math.min(burst, bucket.tokens + earned);
    bucket.at = now;
  };

  return {
    take(service, operation) {
      if (throttling.mode === 'off') return undefined;
      const bucket = buckets.get(`${service}.${operation}`);
      if (bucket === undefined) return undefined;
      refill(bucket, factorOf(throttling));
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return undefined;
      }
      return rateExceeded(service, operation);
    },
    set(next) {
      throttling = next;
      buckets = fill(clock.now());
    },
  };
}
