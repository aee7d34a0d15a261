import assert from 'node:assert/strict';
import { StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import { errorOf, manyServices, never, refsOf, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const HOST_MODE: Scenario = {
  name: 'host-mode',
  namespaces: [{ name: 'infra' }],
  registries: [{ namespace: 'infra', name: 'node-exporter', recordType: 'SRV' }],
  taskDefinitions: [
    {
      family: 'node',
      networkMode: 'host',
      containers: [{ name: 'node', ports: [{ containerPort: 9100, hostPort: 9100 }] }],
    },
  ],
  clusters: [
    {
      name: 'prod',
      containerInstances: 3,
      services: [
        {
          name: 'app-0',
          taskDefinition: 'node',
          schedulingStrategy: 'DAEMON',
          registry: {
            namespace: 'infra',
            name: 'node-exporter',
            containerName: 'node',
            containerPort: 9100,
          },
        },
      ],
    },
  ],
};

describe('Observing ECS tasks', () => {
  let world: AwsAtSandbox;
  afterEach(() => world.close());

  const observe = (services: number) =>
    world.aws.reader.observe({ services: refsOf(services), registries: [] }, never());
  const calls = (operation: string): number => world.box.sandbox.recorder.counts()[`ecs.${operation}`] ?? 0;

  it('gives each task its private address and its service', async () => {
    world = await startAws({ scenario: manyServices(2, 3) });
    const { tasks, taskDefinitions } = await observe(2);
    for (const name of ['app-0', 'app-1']) {
      const found = valueOf(tasks.get(`prod/${name}`)).tasks;
      assert.equal(found.length, 3);
      for (const task of found) {
        assert.equal(task.group, `service:${name}`);
        assert.match(task.ipv4 ?? '', /^10\./);
        assert.equal(valueOf(taskDefinitions.get(task.taskDefinitionArn ?? '')).networkMode, 'awsvpc');
      }
    }
  });

  it('lists a cluster of 30 services and 120 tasks in two pages, not in 30', async () => {
    world = await startAws({ scenario: manyServices(30, 4) });
    const { tasks } = await observe(30);
    assert.equal([...tasks.values()].flatMap((read) => valueOf(read).tasks).length, 120);
    assert.equal(calls('ListTasks'), 2);
    assert.equal(calls('DescribeTasks'), 2);
    assert.equal(calls('DescribeClusters'), 1);
    assert.equal(calls('DescribeTaskDefinition'), 1);
  });

  it('lists one service of a big cluster by its name, without asking how big the cluster is', async () => {
    world = await startAws({ scenario: manyServices(30, 10) });
    const { tasks } = await observe(1);
    assert.equal(valueOf(tasks.get('prod/app-0')).tasks.length, 10);
    assert.deepEqual([calls('ListTasks'), calls('DescribeClusters')], [1, 0]);
  });

  it('lists five services by name in a cluster whose other tasks would cost as many calls', async () => {
    world = await startAws({ scenario: manyServices(30, 10) });
    await observe(5);
    assert.deepEqual([calls('DescribeClusters'), calls('ListTasks'), calls('DescribeTasks')], [1, 5, 1]);
  });

  it('lists service by service where DescribeClusters is refused', async () => {
    world = await startAws({ scenario: manyServices(5, 1) });
    world.box.sandbox.faults.add({
      operation: 'DescribeClusters',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const { tasks } = await observe(5);
    assert.equal([...tasks.values()].flatMap((read) => valueOf(read).tasks).length, 5);
    assert.equal(calls('ListTasks'), 5);
  });

  it('goes on past empty pages that carry a token', async () => {
    world = await startAws({ scenario: manyServices(30, 4) });
    world.box.sandbox.faults.add({ operation: 'ListTasks', count: 1, effect: { kind: 'emptyPage' } });
    const { tasks } = await observe(30);
    assert.equal([...tasks.values()].flatMap((read) => valueOf(read).tasks).length, 120);
  });

  it('does not describe settled tasks again, until their facts are too old', async () => {
    world = await startAws({ scenario: manyServices(1, 3) });
    await observe(1);
    await observe(1);
    assert.equal(calls('DescribeTasks'), 1);
    world.box.clock.advance(400_000);
    await observe(1);
    assert.equal(calls('DescribeTasks'), 2);
    assert.equal(calls('DescribeTaskDefinition'), 1, 'a revision never changes');
  });

  it('describes a task that is still starting each time, until it runs', async () => {
    world = await startAws({ scenario: manyServices(1, 1) });
    await world.box.ecs.send(
      new UpdateServiceCommand({ cluster: 'prod', service: 'app-0', desiredCount: 2 }),
    );
    world.box.clock.advance(3000);
    const starting = valueOf((await observe(1)).tasks.get('prod/app-0')).tasks;
    assert.deepEqual(starting.map((task) => task.lastStatus).sort(), ['PROVISIONING', 'RUNNING']);
    world.box.clock.advance(60_000);
    const running = valueOf((await observe(1)).tasks.get('prod/app-0')).tasks;
    assert.deepEqual(
      running.map((task) => task.lastStatus),
      ['RUNNING', 'RUNNING'],
    );
  });

  it('drops a task as soon as ECS wants it stopped', async () => {
    world = await startAws({ scenario: manyServices(1, 2) });
    const [first] = valueOf((await observe(1)).tasks.get('prod/app-0')).tasks;
    await world.box.ecs.send(new StopTaskCommand({ cluster: 'prod', task: first?.arn }));
    const left = valueOf((await observe(1)).tasks.get('prod/app-0')).tasks;
    assert.ok(left.every((task) => task.id !== first?.id));
  });

  it('keeps what it knows of tasks that cannot be described again right now', async () => {
    world = await startAws({ scenario: manyServices(1, 2) });
    const before = (await observe(1)).tasks.get('prod/app-0');
    world.box.clock.advance(400_000);
    world.box.sandbox.faults.add({
      operation: 'DescribeTasks',
      effect: { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
    });
    assert.deepEqual((await observe(1)).tasks.get('prod/app-0'), before);
  });

  it('fails the read of a service whose new tasks cannot be described, and of no other', async () => {
    world = await startAws({ scenario: manyServices(2, 1) });
    await observe(2);
    await world.box.ecs.send(
      new UpdateServiceCommand({ cluster: 'prod', service: 'app-0', desiredCount: 2 }),
    );
    world.box.clock.advance(30_000);
    world.box.sandbox.faults.add({
      operation: 'DescribeTasks',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const { tasks } = await observe(2);
    assert.equal(errorOf(tasks.get('prod/app-0')).reason, 'AccessDenied');
    assert.equal(valueOf(tasks.get('prod/app-1')).tasks.length, 1);
  });

  it('fails only the service whose list fails', async () => {
    world = await startAws({ scenario: manyServices(2, 1) });
    world.box.sandbox.faults.add({
      operation: 'ListTasks',
      matches: (input) => JSON.stringify(input).includes('app-1'),
      effect: { kind: 'error', code: 'ServerException', status: 500 },
    });
    const { tasks } = await observe(2);
    assert.equal(valueOf(tasks.get('prod/app-0')).tasks.length, 1);
    assert.equal(errorOf(tasks.get('prod/app-1')).family, 'transient');
  });

  it('reads the host addresses of host-mode tasks from the registry that the service is bound to, once', async () => {
    world = await startAws({ scenario: HOST_MODE });
    const instanceCalls = () => world.box.sandbox.recorder.counts()['servicediscovery.ListInstances'] ?? 0;
    const found = valueOf((await observe(1)).tasks.get('prod/app-0')).tasks;
    assert.equal(found.length, 3);
    for (const task of found) {
      assert.equal(task.ipv4, undefined);
      assert.equal(task.instance?.id, task.id);
      assert.match(task.instance?.ipv4 ?? '', /^10\./);
    }
    await observe(1);
    assert.equal(instanceCalls(), 1);
  });

  it('fails the read of a host-mode service when its registry cannot be read', async () => {
    world = await startAws({ scenario: HOST_MODE });
    world.box.sandbox.faults.add({
      operation: 'ListInstances',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const error = errorOf((await observe(1)).tasks.get('prod/app-0'));
    assert.match(error.remedy ?? '', /servicediscovery:ListInstances/);
  });
});
