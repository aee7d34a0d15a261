import assert from 'node:assert/strict';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from '@aws-sdk/client-ecs';
import { DiscoverInstancesCommand, GetInstancesHealthStatusCommand } from '@aws-sdk/client-servicediscovery';
import {
  CLUSTER,
  createRegistry,
  describeService,
  instancesOf,
  startTestSandbox,
  tasksOf,
} from '../support/sandbox.ts';
import type { UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import type { TestRegistry, TestSandbox } from '../support/sandbox.ts';

const WEBAPP = 'WebAppService';
const NODE_EXPORTER = 'NodeExporterService';
const LONG = 120_000;

/** Steps that are told apart by the second at which they happen. */
const timing = {
  scheduler: 1_000,
  provisioning: 1_000,
  pending: 1_000,
  activating: 1_000,
  deactivating: 1_000,
  stopping: 1_000,
  deprovisioning: 1_000,
  deregistration: 10_000,
  retry: 5_000,
};

describe('A deployment of an ECS service', () => {
  let aws: TestSandbox;
  let registry: TestRegistry;
  beforeEach(async () => {
    aws = await startTestSandbox({ timing });
    registry = await createRegistry(aws, { name: 'webapp-svc' });
  });
  afterEach(() => aws.close());

  const update = (service: string, change: Partial<UpdateServiceCommandInput>) =>
    aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, ...change }));
  const bind = () => update(WEBAPP, { serviceRegistries: [{ registryArn: registry.arn }] });
  const idsOf = async (service: string) =>
    (await tasksOf(aws, service)).map((task) => task.taskArn ?? '').sort();
  const deployments = async (service: string) =>
    ((await describeService(aws, service)).deployments ?? []).map(
      ({ status, rolloutState, desiredCount, runningCount, pendingCount }) => ({
        status,
        rolloutState,
        desiredCount,
        runningCount,
        pendingCount,
      }),
    );

  it('starts when a registry is added, and the answer shows it as PRIMARY in progress', async () => {
    const { service } = await bind();
    assert.deepEqual(
      service?.deployments?.map(({ status, rolloutState }) => [status, rolloutState]),
      [
        ['PRIMARY', 'IN_PROGRESS'],
        ['ACTIVE', 'COMPLETED'],
      ],
    );
    assert.match(service?.deployments?.[0]?.id ?? '', /^ecs-svc\/\d+$/);
  });

  it('replaces every task by a new one with a new id and a new address', async () => {
    const before = await tasksOf(aws, WEBAPP);
    await bind();
    aws.clock.advance(LONG);
    const after = await tasksOf(aws, WEBAPP);
    const address = (task: (typeof after)[number]) =>
      task.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address;
    assert.equal(after.length, 2);
    for (const task of after) {
      assert.ok(!before.some((old) => old.taskArn === task.taskArn));
      assert.ok(!before.some((old) => address(old) === address(task)));
    }
  });

  it('starts new tasks first and stops old ones once the new run', async () => {
    await bind();
    aws.clock.advance(3_500);
    assert.deepEqual(await deployments(WEBAPP), [
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 2, runningCount: 0, pendingCount: 2 },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', desiredCount: 2, runningCount: 2, pendingCount: 0 },
    ]);
    aws.clock.advance(1_000);
    assert.deepEqual(await deployments(WEBAPP), [
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 2, runningCount: 2, pendingCount: 0 },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', desiredCount: 0, runningCount: 0, pendingCount: 0 },
    ]);
    aws.clock.advance(LONG);
    assert.deepEqual(await deployments(WEBAPP), [
      { status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 2, runningCount: 2, pendingCount: 0 },
    ]);
  });

  it('never has fewer running tasks than minimumHealthyPercent while it rolls', async () => {
    await update(WEBAPP, {
      desiredCount: 4,
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
    });
    aws.clock.advance(LONG);
    await bind();
    const running: number[] = [];
    for (let second = 0; second < 40; second += 1) {
      aws.clock.advance(1_000);
      running.push((await describeService(aws, WEBAPP)).runningCount ?? 0);
    }
    assert.equal(Math.min(...running), 2);
    assert.equal(Math.max(...running), 4);
    assert.equal(running.at(-1), 4);
  });

  it('registers its tasks while they are ACTIVATING, before they are RUNNING', async () => {
    await bind();
    aws.clock.advance(2_900);
    assert.equal((await instancesOf(aws, registry)).size, 0);
    aws.clock.advance(100);
    const instances = await instancesOf(aws, registry);
    const activating = (await tasksOf(aws, WEBAPP)).filter((task) => task.lastStatus === 'ACTIVATING');
    assert.deepEqual(
      [...instances.keys()].sort(),
      activating.map((task) => task.taskArn?.split('/').at(-1) ?? '').sort(),
    );
    assert.equal(instances.size, 2);
  });

  it('deregisters old tasks with a lag', async () => {
    await bind();
    aws.clock.advance(LONG);
    const before = await instancesOf(aws, registry);
    await bind();
    aws.clock.advance(9_000);
    const [old = ''] = before.keys();
    const [task] = (await tasksOf(aws, WEBAPP, 'STOPPED')).filter(({ taskArn }) => taskArn?.endsWith(old));
    assert.equal(task?.lastStatus, 'STOPPED');
    assert.equal((await instancesOf(aws, registry)).size, 4, 'stopped tasks are still registered');
    aws.clock.advance(LONG);
    assert.equal((await instancesOf(aws, registry)).size, 2);
  });

  it('writes the attributes of an awsvpc Fargate task on its instance, and no tags', async () => {
    await bind();
    aws.clock.advance(LONG);
    const [task] = await tasksOf(aws, WEBAPP);
    const instance = (await instancesOf(aws, registry)).get(task?.taskArn?.split('/').at(-1) ?? '');
    assert.deepEqual(instance, {
      AWS_INSTANCE_IPV4: task?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address,
      AVAILABILITY_ZONE: task?.availabilityZone,
      REGION: 'us-east-1',
      ECS_CLUSTER_NAME: CLUSTER,
      ECS_SERVICE_NAME: WEBAPP,
      ECS_TASK_DEFINITION_FAMILY: 'WebAppTask',
    });
  });

  it('writes host port, host address and EC2 instance of a host-mode task', async () => {
    const srv = await createRegistry(aws, { name: 'node-exporter-svc', recordType: 'SRV' });
    await update(NODE_EXPORTER, {
      serviceRegistries: [{ registryArn: srv.arn, containerName: 'node-exporter', containerPort: 9100 }],
    });
    aws.clock.advance(LONG);
    const instances = [...(await instancesOf(aws, srv)).values()];
    assert.equal(instances.length, 2);
    assert.equal(new Set(instances.map((each) => each['AWS_INSTANCE_IPV4'])).size, 2);
    for (const instance of instances) {
      assert.equal(instance['AWS_INSTANCE_PORT'], '9100');
      assert.match(instance['EC2_INSTANCE_ID'] ?? '', /^i-[0-9a-f]{17}$/);
    }
  });

  it('removes the registry on an empty list, and the instances leave as the old tasks stop', async () => {
    await bind();
    aws.clock.advance(LONG);
    const { service } = await update(WEBAPP, { serviceRegistries: [] });
    assert.equal(service?.deployments?.length, 2);
    assert.equal((await instancesOf(aws, registry)).size, 2);
    aws.clock.advance(LONG);
    assert.equal((await instancesOf(aws, registry)).size, 0);
    assert.deepEqual((await describeService(aws, WEBAPP)).serviceRegistries, []);
  });

  it('leaves the registry alone when the list is absent', async () => {
    await bind();
    aws.clock.advance(LONG);
    await update(WEBAPP, { forceNewDeployment: true });
    aws.clock.advance(LONG);
    assert.deepEqual((await describeService(aws, WEBAPP)).serviceRegistries, [{ registryArn: registry.arn }]);
    assert.equal((await instancesOf(aws, registry)).size, 2);
  });

  it('starts also when the list is sent unchanged', async () => {
    await bind();
    aws.clock.advance(LONG);
    const before = await idsOf(WEBAPP);
    await bind();
    aws.clock.advance(LONG);
    for (const id of await idsOf(WEBAPP)) assert.ok(!before.includes(id));
  });

  it('does not start for a change of the desired count or of propagateTags', async () => {
    const before = await idsOf(WEBAPP);
    await update(WEBAPP, { desiredCount: 3, propagateTags: 'SERVICE' });
    aws.clock.advance(LONG);
    const service = await describeService(aws, WEBAPP);
    assert.equal(service.deployments?.length, 1);
    assert.equal(service.runningCount, 3);
    for (const id of before) assert.ok((await idsOf(WEBAPP)).includes(id));
  });

  it('starts for a new task definition, and not for the one that is in force', async () => {
    const { service: unchanged } = await update(WEBAPP, { taskDefinition: 'WebAppTask:1' });
    assert.equal(unchanged?.deployments?.length, 1);
    await aws.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'WebAppTask',
        networkMode: 'awsvpc',
        containerDefinitions: [
          { name: 'webapp', image: 'webapp:2', portMappings: [{ containerPort: 3000 }] },
        ],
      }),
    );
    const { service } = await update(WEBAPP, { taskDefinition: 'WebAppTask' });
    assert.match(service?.taskDefinition ?? '', /WebAppTask:2$/);
    assert.equal(service?.deployments?.length, 2);
  });

  it('tells in the events of the service which tasks it started', async () => {
    await bind();
    aws.clock.advance(1_000);
    const started = (await tasksOf(aws, WEBAPP)).filter(({ lastStatus }) => lastStatus === 'PROVISIONING');
    const names = started.map(({ taskArn }) => `(task ${taskArn?.split('/').at(-1)})`).join(' ');
    assert.equal(
      (await describeService(aws, WEBAPP)).events?.[0]?.message,
      `(service ${WEBAPP}) has started 2 tasks: ${names}.`,
    );
  });

  it('that a newer one supersedes becomes ACTIVE until it is drained', async () => {
    await bind();
    aws.clock.advance(4_200);
    await bind();
    const statuses = (await deployments(WEBAPP)).map(({ status }) => status);
    assert.deepEqual(statuses, ['PRIMARY', 'ACTIVE', 'ACTIVE']);
    aws.clock.advance(LONG);
    assert.deepEqual(
      (await deployments(WEBAPP)).map(({ status }) => status),
      ['PRIMARY'],
    );
    const { serviceDeployments } = await aws.ecs.send(
      new ListServiceDeploymentsCommand({ cluster: CLUSTER, service: WEBAPP }),
    );
    assert.deepEqual(
      serviceDeployments?.map(({ status }) => status),
      ['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL'],
    );
  });

  it('of a daemon service stops the old task of an instance before it starts the new one', async () => {
    const most = async () => {
      const tasks = [
        ...(await tasksOf(aws, NODE_EXPORTER)),
        ...(await tasksOf(aws, NODE_EXPORTER, 'STOPPED')),
      ];
      const alive = tasks.filter((task) => task.lastStatus !== 'STOPPED');
      return Math.max(
        0,
        ...alive.map(
          (task) => alive.filter((other) => other.containerInstanceArn === task.containerInstanceArn).length,
        ),
      );
    };
    await update(NODE_EXPORTER, { forceNewDeployment: true });
    for (let second = 0; second < 15; second += 1) {
      aws.clock.advance(1_000);
      assert.ok((await most()) <= 1);
    }
    assert.deepEqual(await deployments(NODE_EXPORTER), [
      { status: 'PRIMARY', rolloutState: 'COMPLETED', desiredCount: 2, runningCount: 2, pendingCount: 0 },
    ]);
  });

  it('of a daemon service puts a task on a container instance that joins', async () => {
    aws.sandbox.ecs.addContainerInstance(CLUSTER);
    aws.clock.advance(LONG);
    assert.equal((await describeService(aws, NODE_EXPORTER)).runningCount, 3);
  });

  it('satisfies the ServicesStable waiter of the SDK when it has completed', async () => {
    await bind();
    aws.clock.advance(LONG);
    const { state } = await waitUntilServicesStable(
      { client: aws.ecs, maxWaitTime: 2, minDelay: 1, maxDelay: 1 },
      { cluster: CLUSTER, services: [WEBAPP, NODE_EXPORTER] },
    );
    assert.equal(state, 'SUCCESS');
  });

  describe('whose tasks fail to start', () => {
    const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    const latest = async () => {
      const { serviceDeployments: [brief] = [] } = await aws.ecs.send(
        new ListServiceDeploymentsCommand({ cluster: CLUSTER, service: WEBAPP }),
      );
      const { serviceDeployments: [full] = [] } = await aws.ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [brief?.serviceDeploymentArn ?? ''] }),
      );
      return full;
    };
    beforeEach(() => {
      aws.sandbox.ecs.crashWhen((task) => task.deployment.revision.serviceRegistries.length > 0);
    });

    it('is rolled back by the circuit breaker, registries included', async () => {
      const before = await idsOf(WEBAPP);
      await update(WEBAPP, {
        serviceRegistries: [{ registryArn: registry.arn }],
        deploymentConfiguration: breaker,
      });
      aws.clock.advance(LONG);
      const service = await describeService(aws, WEBAPP);
      assert.deepEqual(service.serviceRegistries, []);
      assert.equal(service.runningCount, 2);
      assert.deepEqual(await idsOf(WEBAPP), before, 'the old tasks were kept');
      assert.equal((await instancesOf(aws, registry)).size, 0);
      const deployment = await latest();
      assert.equal(deployment?.status, 'ROLLBACK_SUCCESSFUL');
      assert.match(deployment?.rollback?.reason ?? '', /^ECS deployment circuit breaker: rolling back/);
      assert.deepEqual(deployment?.deploymentCircuitBreaker, {
        status: 'TRIGGERED',
        failureCount: 4,
        threshold: 3,
      });
    });

    it('shows as FAILED while the rollback runs', async () => {
      await update(WEBAPP, {
        serviceRegistries: [{ registryArn: registry.arn }],
        deploymentConfiguration: breaker,
      });
      for (let second = 0; second < 60; second += 1) {
        aws.clock.advance(500);
        const { deployments: [primary, failed] = [] } = await describeService(aws, WEBAPP);
        if (failed?.rolloutState !== 'FAILED') continue;
        assert.equal(failed.rolloutStateReason, 'ECS deployment circuit breaker: tasks failed to start.');
        assert.equal(primary?.rolloutState, 'IN_PROGRESS');
        assert.match(primary?.rolloutStateReason ?? '', /rolling back to deploymentId ecs-svc\//);
        assert.equal((await latest())?.status, 'ROLLBACK_IN_PROGRESS');
        return;
      }
      assert.fail('the deployment never failed');
    });

    it('stays in progress for ever without a circuit breaker, and the old tasks go on', async () => {
      const before = await idsOf(WEBAPP);
      await bind();
      aws.clock.advance(10 * LONG);
      const service = await describeService(aws, WEBAPP);
      const [primary] = service.deployments ?? [];
      assert.equal(primary?.rolloutState, 'IN_PROGRESS');
      assert.ok((primary?.failedTasks ?? 0) > 10);
      const now = await idsOf(WEBAPP);
      for (const id of before) assert.ok(now.includes(id));
    });

    it('fails without a rollback when the circuit breaker is told not to roll back', async () => {
      await update(WEBAPP, {
        serviceRegistries: [{ registryArn: registry.arn }],
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
      });
      aws.clock.advance(LONG);
      const service = await describeService(aws, WEBAPP);
      assert.equal(service.deployments?.[0]?.rolloutState, 'FAILED');
      assert.deepEqual(service.serviceRegistries, [{ registryArn: registry.arn }]);
      assert.equal((await latest())?.status, 'STOPPED');
    });

    it('is remembered in a service revision that records the registries', async () => {
      await bind();
      const deployment = await latest();
      const { serviceRevisions: [revision] = [] } = await aws.ecs.send(
        new DescribeServiceRevisionsCommand({
          serviceRevisionArns: [deployment?.targetServiceRevision?.arn ?? ''],
        }),
      );
      assert.deepEqual(revision?.serviceRegistries, [{ registryArn: registry.arn }]);
    });
  });

  describe('into a registry with a custom health check', () => {
    let checked: TestRegistry;
    beforeEach(async () => {
      checked = await createRegistry(aws, { name: 'checked', customHealth: true });
      await update(WEBAPP, { serviceRegistries: [{ registryArn: checked.arn }] });
    });
    const health = async () => {
      const { Status = {} } = await aws.cloudMap.send(
        new GetInstancesHealthStatusCommand({ ServiceId: checked.id }),
      );
      return Object.values(Status);
    };

    it('registers instances UNHEALTHY, which become HEALTHY when the tasks run', async () => {
      aws.clock.advance(3_000);
      assert.deepEqual(await health(), ['UNHEALTHY', 'UNHEALTHY']);
      aws.clock.advance(1_000);
      assert.deepEqual(await health(), ['HEALTHY', 'HEALTHY']);
    });

    it('leaves AWS_INIT_HEALTH_STATUS at its first value', async () => {
      aws.clock.advance(LONG);
      const { Instances: [instance] = [] } = await aws.cloudMap.send(
        new DiscoverInstancesCommand({
          NamespaceName: 'ecs-services',
          ServiceName: 'checked',
          HealthStatus: 'HEALTHY',
        }),
      );
      assert.equal(instance?.Attributes?.['AWS_INIT_HEALTH_STATUS'], 'UNHEALTHY');
    });
  });
});
