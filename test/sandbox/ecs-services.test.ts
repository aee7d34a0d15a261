import assert from 'node:assert/strict';
import { DescribeServicesCommand, ListServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  CreateServiceCommand,
  ListInstancesCommand,
  ListNamespacesCommand,
} from '@aws-sdk/client-servicediscovery';
import { startTestSandbox } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

describe('ECS in the sandbox', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  it('binds WebAppService to a registry by a rolling deployment that registers two new tasks', async () => {
    const { Namespaces: [namespace] = [] } = await aws.cloudMap.send(new ListNamespacesCommand({}));
    const { Service: registry } = await aws.cloudMap.send(
      new CreateServiceCommand({
        Name: 'webapp-svc',
        NamespaceId: namespace?.Id,
        DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }], RoutingPolicy: 'WEIGHTED' },
      }),
    );
    const { serviceArns } = await aws.ecs.send(
      new ListServicesCommand({ cluster: 'ecs-prometheus-cluster' }),
    );
    assert.equal(serviceArns?.length, 2);
    await aws.ecs.send(
      new UpdateServiceCommand({
        cluster: 'ecs-prometheus-cluster',
        service: 'WebAppService',
        serviceRegistries: [{ registryArn: registry?.Arn }],
      }),
    );
    aws.clock.advance(120_000);
    const { Instances = [] } = await aws.cloudMap.send(new ListInstancesCommand({ ServiceId: registry?.Id }));
    assert.equal(Instances.length, 2);
    const { services: [service] = [] } = await aws.ecs.send(
      new DescribeServicesCommand({ cluster: 'ecs-prometheus-cluster', services: ['WebAppService'] }),
    );
    assert.deepEqual(
      service?.deployments?.map(({ status, rolloutState, runningCount }) => ({
        status,
        rolloutState,
        runningCount,
      })),
      [{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }],
    );
  });
});
