import assert from 'node:assert/strict';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import {
  CreateServiceCommand,
  ListInstancesCommand,
  ListNamespacesCommand,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import type { Service, Task } from '@aws-sdk/client-ecs';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import type { Sandbox, SandboxOptions } from '../../controller/sandbox/server.ts';

export interface TestSandbox {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly ecs: ECSClient;
  readonly cloudMap: ServiceDiscoveryClient;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sts: STSClient;
  /** Closes clients and server; for `afterEach`. */
  close(): Promise<void>;
}

/** What every SDK client of a sandbox needs: no real credentials, no second attempt. */
export const clientConfig = (sandbox: Pick<Sandbox, 'url' | 'region'>) => ({
  endpoint: sandbox.url,
  region: sandbox.region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

/** A sandbox on a virtual clock, in the state of `prometheus-for-ecs` unless told otherwise, and unmodified SDK clients for it. */
export async function startTestSandbox(options: Omit<SandboxOptions, 'clock'> = {}): Promise<TestSandbox> {
  const clock = virtualClock();
  const sandbox = await startSandbox({ scenario: prometheusForEcs, ...options, clock });
  const config = clientConfig(sandbox);
  const clients = {
    ecs: new ECSClient(config),
    cloudMap: new ServiceDiscoveryClient({ ...config, disableHostPrefix: true }),
    ssm: new SSMClient(config),
    logs: new CloudWatchLogsClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sts: new STSClient(config),
  };
  return {
    sandbox,
    clock,
    ...clients,
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await sandbox.close();
    },
  };
}

export const CLUSTER = 'ecs-prometheus-cluster';

export interface TestRegistry {
  readonly id: string;
  readonly arn: string;
}

/** Makes a registry in the first namespace that bears the name, `ecs-services` unless told otherwise. */
export async function createRegistry(
  aws: TestSandbox,
  options: {
    readonly name: string;
    readonly namespace?: string;
    readonly recordType?: 'A' | 'AAAA' | 'SRV' | 'NONE';
    readonly customHealth?: boolean;
  },
): Promise<TestRegistry> {
  const { name, namespace = 'ecs-services', recordType = 'A', customHealth = false } = options;
  const { Namespaces = [] } = await aws.cloudMap.send(new ListNamespacesCommand({}));
  const { Service } = await aws.cloudMap.send(
    new CreateServiceCommand({
      Name: name,
      // A shared namespace is known by its ARN alone.
      NamespaceId: Namespaces.find((each) => each.Name === namespace)?.Arn,
      ...(recordType === 'NONE'
        ? { Type: 'HTTP' as const }
        : { DnsConfig: { DnsRecords: [{ Type: recordType, TTL: 10 }] } }),
      ...(customHealth && { HealthCheckCustomConfig: {} }),
    }),
  );
  assert.ok(Service?.Id !== undefined && Service.Arn !== undefined);
  return { id: Service.Id, arn: Service.Arn };
}

/** The Cloud Map instances of a registry, by id. */
export async function instancesOf(
  aws: TestSandbox,
  registry: TestRegistry,
): Promise<Map<string, Readonly<Record<string, string>>>> {
  const { Instances = [] } = await aws.cloudMap.send(new ListInstancesCommand({ ServiceId: registry.id }));
  return new Map(Instances.map(({ Id = '', Attributes = {} }) => [Id, Attributes]));
}

export async function describeService(
  aws: TestSandbox,
  service: string,
  cluster = CLUSTER,
): Promise<Service> {
  const { services = [] } = await aws.ecs.send(
    new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] }),
  );
  const [found] = services;
  assert.ok(found !== undefined, `no service ${service} in ${cluster}`);
  return found;
}

/** The tasks of a service that ECS wants to run, or those it has stopped. */
export async function tasksOf(
  aws: TestSandbox,
  service: string,
  desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING',
  cluster = CLUSTER,
): Promise<Task[]> {
  const { taskArns = [] } = await aws.ecs.send(
    new ListTasksCommand({ cluster, serviceName: service, desiredStatus }),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await aws.ecs.send(
    new DescribeTasksCommand({ cluster, tasks: taskArns, include: ['TAGS'] }),
  );
  return tasks;
}
