import assert from 'node:assert/strict';
import {
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CLUSTER,
  createRegistry,
  describeService,
  instancesOf,
  startTestSandbox,
  tasksOf,
} from '../support/sandbox.ts';
import type { ListTasksCommandInput, Task } from '@aws-sdk/client-ecs';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const scenario: Scenario = {
  name: 'tasks',
  taskDefinitions: [
    { family: 'vpc', networkMode: 'awsvpc', containers: [{ name: 'app', ports: [{ containerPort: 3000 }] }] },
    {
      family: 'daemon',
      networkMode: 'host',
      containers: [{ name: 'agent', ports: [{ containerPort: 9100 }] }],
    },
    {
      family: 'bridge',
      containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }],
    },
    {
      family: 'checked',
      networkMode: 'awsvpc',
      containers: [{ name: 'app', healthCheck: true, ports: [{ containerPort: 80 }] }],
      tags: { tier: 'front' },
    },
  ],
  clusters: [
    {
      name: CLUSTER,
      containerInstances: 2,
      services: [
        { name: 'fargate', taskDefinition: 'vpc', launchType: 'FARGATE', desiredCount: 2 },
        { name: 'vpc-on-ec2', taskDefinition: 'vpc' },
        { name: 'daemon', taskDefinition: 'daemon', schedulingStrategy: 'DAEMON' },
        { name: 'bridge', taskDefinition: 'bridge', desiredCount: 4 },
        { name: 'checked', taskDefinition: 'checked', launchType: 'FARGATE', tags: { team: 'shop' } },
      ],
    },
    { name: 'other', services: [{ name: 'elsewhere', taskDefinition: 'vpc', launchType: 'FARGATE' }] },
  ],
};

const second = { scheduler: 0, provisioning: 1_000, pending: 1_000, activating: 1_000, healthCheck: 1_000 };
const slowStop = { deactivating: 1_000, stopping: 1_000, deprovisioning: 1_000, deregistration: 0 };
const HOUR = 3_600_000;

describe('An ECS task', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox({ scenario, timing: { ...second, ...slowStop } });
  });
  afterEach(() => aws.close());

  const roll = (service: string) =>
    aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, forceNewDeployment: true }));
  const list = async (filter: ListTasksCommandInput) =>
    (await aws.ecs.send(new ListTasksCommand({ cluster: CLUSTER, ...filter }))).taskArns ?? [];
  const first = async (service: string): Promise<Task> => {
    const [task] = await tasksOf(aws, service);
    assert.ok(task !== undefined);
    return task;
  };
  const statusOf = async (taskArn: string | undefined) => {
    const { tasks: [task] = [] } = await aws.ecs.send(
      new DescribeTasksCommand({ cluster: CLUSTER, tasks: [taskArn ?? ''] }),
    );
    return task?.lastStatus;
  };

  it('goes through PROVISIONING, PENDING and ACTIVATING to RUNNING, its version rising', async () => {
    const before = await list({ serviceName: 'vpc-on-ec2' });
    await roll('vpc-on-ec2');
    const seen: string[] = [];
    const versions: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      aws.clock.advance(step === 0 ? 0 : 1_000);
      const task = (await tasksOf(aws, 'vpc-on-ec2')).find(({ taskArn }) => !before.includes(taskArn ?? ''));
      seen.push(task?.lastStatus ?? '');
      versions.push(task?.version ?? 0);
    }
    assert.deepEqual(seen, ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING']);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
    assert.equal(new Set(versions).size, 4);
  });

  it('goes through DEACTIVATING, STOPPING and DEPROVISIONING to STOPPED', async () => {
    const { taskArn } = await first('fargate');
    await aws.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: taskArn, reason: 'test' }));
    const seen = [await statusOf(taskArn)];
    for (let step = 0; step < 3; step += 1) {
      aws.clock.advance(1_000);
      seen.push(await statusOf(taskArn));
    }
    assert.deepEqual(seen, ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']);
  });

  it('that is stopped before its registration is never registered', async () => {
    await aws.close();
    const webapp = { cluster: CLUSTER, service: 'WebAppService' };
    aws = await startTestSandbox({ timing: { ...second, ...slowStop, registration: 900 } });
    const registry = await createRegistry(aws, { name: 'webapp-svc' });
    await aws.ecs.send(
      new UpdateServiceCommand({
        ...webapp,
        desiredCount: 1,
        serviceRegistries: [{ registryArn: registry.arn }],
      }),
    );
    aws.clock.advance(2_100);
    const young = (await tasksOf(aws, 'WebAppService')).find(({ lastStatus }) => lastStatus === 'ACTIVATING');
    await aws.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: young?.taskArn }));
    aws.clock.advance(60_000);
    const [survivor] = await tasksOf(aws, 'WebAppService');
    assert.deepEqual([...(await instancesOf(aws, registry)).keys()], [survivor?.taskArn?.split('/').at(-1)]);
  });

  it('that was stopped is replaced by its service', async () => {
    const { taskArn } = await first('fargate');
    await aws.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: taskArn }));
    aws.clock.advance(60_000);
    assert.equal((await describeService(aws, 'fargate')).runningCount, 2);
    assert.ok(!(await list({ serviceName: 'fargate' })).includes(taskArn ?? ''));
  });

  it('stays describable for one hour after it stopped, and is MISSING then', async () => {
    const { taskArn = '' } = await first('fargate');
    await aws.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: taskArn, reason: 'test' }));
    aws.clock.advance(3_000 + HOUR - 1);
    const describe = () => aws.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: [taskArn] }));
    const { tasks: [stopped] = [] } = await describe();
    assert.deepEqual([stopped?.stopCode, stopped?.stoppedReason], ['UserInitiated', 'test']);
    aws.clock.advance(1);
    const { tasks, failures } = await describe();
    assert.deepEqual([tasks, failures], [[], [{ arn: taskArn, reason: 'MISSING' }]]);
  });

  it('in awsvpc mode has an ElasticNetworkInterface with privateIPv4Address, and privateIpv4Address in its container', async () => {
    const task = await first('fargate');
    const [attachment] = task.attachments ?? [];
    const [container] = task.containers ?? [];
    assert.equal(attachment?.type, 'ElasticNetworkInterface');
    const address = attachment?.details?.find(({ name }) => name === 'privateIPv4Address')?.value;
    assert.match(address ?? '', /^10\.0\.\d+\.\d+$/);
    assert.equal(container?.networkInterfaces?.[0]?.privateIpv4Address, address);
    assert.deepEqual(container?.networkBindings, []);
  });

  it('has no address yet while it is PROVISIONING', async () => {
    await roll('vpc-on-ec2');
    aws.clock.advance(0);
    const task = (await tasksOf(aws, 'vpc-on-ec2')).find(({ lastStatus }) => lastStatus === 'PROVISIONING');
    assert.deepEqual(task?.containers?.[0]?.networkInterfaces, []);
    assert.deepEqual(
      task?.attachments?.[0]?.details?.map(({ name }) => name),
      ['subnetId'],
    );
  });

  it('in bridge mode has an ephemeral host port of its own on a shared address, once it is RUNNING', async () => {
    const tasks = await tasksOf(aws, 'bridge');
    const places = tasks.map(
      (task) => `${task.containerInstanceArn} ${task.containers?.[0]?.networkBindings?.[0]?.hostPort}`,
    );
    assert.equal(new Set(places).size, 4);
    for (const task of tasks) {
      const [binding] = task.containers?.[0]?.networkBindings ?? [];
      assert.equal(binding?.containerPort, 8080);
      assert.ok((binding?.hostPort ?? 0) >= 32_768);
    }
    await roll('bridge');
    aws.clock.advance(1_500);
    const pending = (await tasksOf(aws, 'bridge')).find(({ lastStatus }) => lastStatus === 'PENDING');
    assert.deepEqual(pending?.containers?.[0]?.networkBindings, []);
  });

  it('in host mode is bound to the container port on its instance, one task per instance', async () => {
    const tasks = await tasksOf(aws, 'daemon');
    assert.equal(new Set(tasks.map((task) => task.containerInstanceArn)).size, 2);
    for (const task of tasks) {
      const [binding] = task.containers?.[0]?.networkBindings ?? [];
      assert.deepEqual([binding?.containerPort, binding?.hostPort], [9100, 9100]);
      assert.deepEqual(task.attachments, []);
    }
  });

  it('on Fargate has no container instance', async () => {
    assert.equal((await first('fargate')).containerInstanceArn, undefined);
    assert.match((await first('vpc-on-ec2')).containerInstanceArn ?? '', /:container-instance\//);
  });

  it('of the launch type EXTERNAL runs on instances of ECS Anywhere alone', async () => {
    await aws.close();
    const [taskDefinition] = scenario.taskDefinitions?.slice(2) ?? [];
    assert.ok(taskDefinition !== undefined);
    const services = [
      { name: 'anywhere', taskDefinition: 'bridge', launchType: 'EXTERNAL', desiredCount: 2 } as const,
    ];
    aws = await startTestSandbox({
      scenario: {
        name: 'anywhere',
        taskDefinitions: [taskDefinition],
        clusters: [{ name: CLUSTER, containerInstances: 1, externalInstances: 1, services }],
      },
    });
    for (const task of aws.sandbox.ecs.tasks())
      assert.match(task.containerInstance?.ec2InstanceId ?? '', /^mi-/);
    assert.equal(aws.sandbox.ecs.tasks().length, 2);
  });

  it('names its service in group and its deployment in startedBy', async () => {
    const task = await first('fargate');
    const service = await describeService(aws, 'fargate');
    assert.equal(task.group, 'service:fargate');
    assert.equal(task.startedBy, service.deployments?.[0]?.id);
  });

  it('has health UNKNOWN without a container health check', async () => {
    assert.equal((await first('fargate')).healthStatus, 'UNKNOWN');
    assert.equal((await first('checked')).healthStatus, 'HEALTHY');
  });

  it('whose health check fails is stopped and replaced', async () => {
    const { taskArn = '' } = await first('checked');
    aws.sandbox.ecs.failHealthCheck(taskArn);
    const [unhealthy] = await tasksOf(aws, 'checked', 'STOPPED');
    assert.deepEqual(
      [unhealthy?.healthStatus, unhealthy?.stoppedReason],
      ['UNHEALTHY', 'Task failed container health checks'],
    );
    aws.clock.advance(60_000);
    const replacement = await first('checked');
    assert.notEqual(replacement.taskArn, taskArn);
    assert.equal(replacement.healthStatus, 'HEALTHY');
  });

  it('gets tags by propagateTags only when it starts afterwards, and managed tags besides', async () => {
    await aws.ecs.send(
      new UpdateServiceCommand({
        cluster: CLUSTER,
        service: 'checked',
        propagateTags: 'SERVICE',
        enableECSManagedTags: true,
      }),
    );
    aws.clock.advance(60_000);
    assert.deepEqual((await first('checked')).tags, []);
    await roll('checked');
    aws.clock.advance(60_000);
    assert.deepEqual((await first('checked')).tags, [
      { key: 'team', value: 'shop' },
      { key: 'aws:ecs:clusterName', value: CLUSTER },
      { key: 'aws:ecs:serviceName', value: 'checked' },
    ]);
  });

  it('gets the address of a stopped task again when the subnet is small', async () => {
    await aws.close();
    aws = await startTestSandbox({ scenario, timing: { ...second, ...slowStop }, reuseAddresses: true });
    const addressOf = (task: Task) => task.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address;
    const old = await first('vpc-on-ec2');
    await aws.ecs.send(
      new UpdateServiceCommand({ cluster: CLUSTER, service: 'vpc-on-ec2', desiredCount: 0 }),
    );
    aws.clock.advance(60_000);
    await aws.ecs.send(
      new UpdateServiceCommand({ cluster: CLUSTER, service: 'vpc-on-ec2', desiredCount: 1 }),
    );
    aws.clock.advance(60_000);
    const young = await first('vpc-on-ec2');
    assert.notEqual(young.taskArn, old.taskArn);
    assert.equal(addressOf(young), addressOf(old));
  });

  it('of a host-port service waits until an instance has the port free', async () => {
    await aws.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'greedy',
        networkMode: 'host',
        containerDefinitions: [{ name: 'agent', image: 'agent', portMappings: [{ containerPort: 9100 }] }],
      }),
    );
    await aws.ecs.send(
      new UpdateServiceCommand({ cluster: CLUSTER, service: 'bridge', taskDefinition: 'greedy' }),
    );
    aws.clock.advance(60_000);
    const service = await describeService(aws, 'bridge');
    assert.equal(service.deployments?.[0]?.runningCount, 0);
    assert.match(service.events?.[0]?.message ?? '', /was unable to place a task/);
    assert.equal(service.runningCount, 4, 'the old tasks go on');
  });

  describe('in ListTasks', () => {
    it('is listed by its desired status, RUNNING by default, also before it runs', async () => {
      await roll('vpc-on-ec2');
      aws.clock.advance(1_000);
      assert.equal((await list({ serviceName: 'vpc-on-ec2' })).length, 2);
    });

    it('is never found by desiredStatus PENDING', async () => {
      await roll('vpc-on-ec2');
      aws.clock.advance(1_500);
      assert.deepEqual(await list({ desiredStatus: 'PENDING' }), []);
    });

    it('is filtered by family, container instance, launch type and startedBy', async () => {
      const daemon = await first('daemon');
      assert.equal((await list({ family: 'vpc' })).length, 3);
      assert.equal((await list({ launchType: 'FARGATE' })).length, 3);
      assert.equal((await list({ startedBy: daemon.startedBy })).length, 2);
      assert.ok(
        (await list({ containerInstance: daemon.containerInstanceArn })).includes(daemon.taskArn ?? ''),
      );
    });

    it('cannot be filtered by startedBy and something else', () =>
      assert.rejects(list({ startedBy: 'x', family: 'vpc' }), { name: 'InvalidParameterException' }));

    it('of an unknown service or cluster is an error', async () => {
      await assert.rejects(list({ serviceName: 'nobody' }), { name: 'ServiceNotFoundException' });
      await assert.rejects(list({ cluster: 'nowhere' }), { name: 'ClusterNotFoundException' });
    });
  });

  describe('in DescribeTasks', () => {
    const describe = (tasks: string[]) => aws.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks }));

    it('of another cluster is MISSING, not an error', async () => {
      const [elsewhere = ''] = await list({ cluster: 'other' });
      const { failures } = await describe([elsewhere]);
      assert.deepEqual(failures, [{ arn: elsewhere, reason: 'MISSING' }]);
    });

    it('is one of at most 100', () =>
      assert.rejects(describe(Array.from({ length: 101 }, (_, index) => String(index).padStart(32, '0'))), {
        name: 'InvalidParameterException',
      }));

    it('has an id of 32 or 36 characters', () =>
      assert.rejects(describe(['short']), { message: 'taskId length should be one of [32,36]' }));

    it('shows no tags unless they are asked for', async () => {
      await roll('checked');
      const { tasks } = await describe(await list({ serviceName: 'checked' }));
      for (const task of tasks ?? []) assert.deepEqual(task.tags, []);
    });
  });

  it('runs on container instances that name their EC2 instance', async () => {
    const { containerInstanceArns = [] } = await aws.ecs.send(
      new ListContainerInstancesCommand({ cluster: CLUSTER }),
    );
    const { containerInstances = [], failures } = await aws.ecs.send(
      new DescribeContainerInstancesCommand({
        cluster: CLUSTER,
        containerInstances: [...containerInstanceArns, 'f'.repeat(32)],
      }),
    );
    assert.equal(containerInstances.length, 2);
    for (const { ec2InstanceId } of containerInstances) assert.match(ec2InstanceId ?? '', /^i-/);
    assert.deepEqual(
      failures?.map(({ reason }) => reason),
      ['MISSING'],
    );
  });
});
