import assert from 'node:assert/strict';
import {
  DescribeContainerInstancesCommand,
  DescribeServiceDeploymentsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { GetServiceCommand, ListTagsForResourceCommand } from '@aws-sdk/client-servicediscovery';
import {
  clientConfig,
  CLUSTER,
  createRegistry,
  describeService,
  instancesOf,
  startTestSandbox,
  tasksOf,
} from '../support/sandbox.ts';
import type { SandboxActions } from '../../controller/sandbox/actions.ts';
import type { TrueRegistry, TrueService } from '../../controller/sandbox/truth.ts';
import type { TestRegistry, TestSandbox } from '../support/sandbox.ts';

const WEBAPP = { cluster: CLUSTER, service: 'WebAppService' };
const NODES = { cluster: CLUSTER, service: 'NodeExporterService' };
const REGISTRY = { namespace: 'ecs-services', name: 'webapp-svc' };
/** Longer than any rollout. */
const SETTLED = 300_000;

describe('In the sandbox', () => {
  let aws: TestSandbox;
  let act: SandboxActions;
  let registry: TestRegistry;
  beforeEach(async () => {
    aws = await startTestSandbox();
    act = aws.sandbox.actions;
    registry = await createRegistry(aws, { name: REGISTRY.name });
  });
  afterEach(() => aws.close());

  const settle = () => aws.clock.advance(SETTLED);
  const truthOf = ({ service }: { service: string }): TrueService => {
    const found = aws.sandbox.truth().services.find(({ name }) => name === service);
    assert.ok(found !== undefined);
    return found;
  };
  const trueRegistry = (): TrueRegistry | undefined =>
    aws.sandbox.truth().registries.find(({ name }) => name === REGISTRY.name);
  const statuses = async () => {
    const { serviceDeployments = [] } = await aws.ecs.send(new ListServiceDeploymentsCommand(WEBAPP));
    return serviceDeployments.map(({ status }) => status);
  };

  describe('somebody else', () => {
    it('scales a service', async () => {
      act.scale(WEBAPP, 4);
      settle();
      assert.equal((await tasksOf(aws, WEBAPP.service)).length, 4);
    });

    it('deploys a new revision of the task definition, with other containers', async () => {
      const before = new Set((await tasksOf(aws, WEBAPP.service)).map(({ taskArn }) => taskArn));
      const arn = act.deploy(WEBAPP, [{ name: 'other', ports: [{ containerPort: 4000 }] }]);
      settle();
      assert.match(arn, /task-definition\/WebAppTask:2$/);
      const tasks = await tasksOf(aws, WEBAPP.service);
      assert.deepEqual(
        tasks.map(({ taskDefinitionArn, containers }) => [taskDefinitionArn, containers?.[0]?.name]),
        [
          [arn, 'other'],
          [arn, 'other'],
        ],
      );
      assert.ok(tasks.every(({ taskArn }) => !before.has(taskArn)));
    });

    it('deploys the same containers again as a new revision, and replaces tasks without one', async () => {
      assert.match(act.deploy(NODES), /NodeExporterTask:2$/);
      settle();
      const [task] = await tasksOf(aws, NODES.service);
      act.redeploy(NODES);
      settle();
      const [next] = await tasksOf(aws, NODES.service);
      assert.equal(next?.taskDefinitionArn, task?.taskDefinitionArn);
      assert.notEqual(next?.taskArn, task?.taskArn);
    });

    it('makes a deployment fail, which the circuit breaker rolls back, until it is mended', async () => {
      const mend = act.failDeployments(WEBAPP);
      const before = truthOf(WEBAPP).tasks;
      act.bind(WEBAPP, REGISTRY);
      settle();
      assert.deepEqual(await statuses(), ['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL']);
      assert.deepEqual([truthOf(WEBAPP).bindings, truthOf(WEBAPP).tasks], [[], before]);
      mend();
      act.bind(WEBAPP, REGISTRY);
      settle();
      assert.equal((await statuses())[0], 'SUCCESSFUL');
      assert.equal((await instancesOf(aws, registry)).size, 2);
    });

    it('rolls a deployment back by hand, the binding with it', async () => {
      act.bind(WEBAPP, REGISTRY);
      aws.clock.advance(5000);
      act.rollBack(WEBAPP);
      settle();
      const { serviceDeployments: [last] = [] } = await aws.ecs.send(
        new ListServiceDeploymentsCommand(WEBAPP),
      );
      const { serviceDeployments: [deployment] = [] } = await aws.ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [last?.serviceDeploymentArn ?? ''] }),
      );
      assert.equal(deployment?.status, 'ROLLBACK_SUCCESSFUL');
      assert.match(deployment?.rollback?.reason ?? '', /stop service deployment request/);
      assert.deepEqual((await describeService(aws, WEBAPP.service)).serviceRegistries, []);
      assert.throws(() => act.rollBack(WEBAPP), { code: 'ConflictException' });
    });

    it('stops a task, or makes its health check fail, and ECS starts another', async () => {
      const [first, second] = truthOf(WEBAPP).tasks;
      act.stopTask(first?.id ?? '');
      act.failHealthCheck(second?.arn ?? '');
      settle();
      const tasks = truthOf(WEBAPP).tasks.map(({ id }) => id);
      assert.equal(tasks.length, 2);
      assert.ok(!tasks.includes(first?.id ?? '') && !tasks.includes(second?.id ?? ''));
    });

    it('takes a container instance away under its tasks, and adds one', async () => {
      const [task] = await tasksOf(aws, NODES.service);
      const gone = task?.containerInstanceArn?.split('/').at(-1) ?? '';
      act.deregisterContainerInstance(CLUSTER, gone);
      settle();
      const after = await tasksOf(aws, NODES.service);
      assert.ok(after.length === 1 && after[0]?.taskArn !== task?.taskArn);
      const { failures } = await aws.ecs.send(
        new DescribeContainerInstancesCommand({ cluster: CLUSTER, containerInstances: [gone] }),
      );
      assert.equal(failures?.[0]?.reason, 'MISSING');
      act.addContainerInstance(CLUSTER);
      settle();
      assert.equal((await tasksOf(aws, NODES.service)).length, 2);
    });

    it('adds a service with a binding, and deletes one that runs', async () => {
      act.addService(CLUSTER, {
        name: 'extra',
        taskDefinition: 'WebAppTask',
        launchType: 'FARGATE',
        desiredCount: 1,
        registry: REGISTRY,
      });
      act.deleteService(WEBAPP);
      settle();
      assert.equal((await instancesOf(aws, registry)).size, 1);
      assert.deepEqual(
        aws.sandbox.truth().services.map(({ name }) => name),
        ['NodeExporterService', 'extra'],
      );
    });

    it('removes a binding', async () => {
      act.bind(WEBAPP, REGISTRY);
      settle();
      act.unbind(WEBAPP);
      settle();
      assert.deepEqual((await describeService(aws, WEBAPP.service)).serviceRegistries, []);
      assert.equal((await instancesOf(aws, registry)).size, 0);
    });

    it('changes the tags of a registry', async () => {
      act.tagRegistry(REGISTRY, { METRICS_PORT: '1', keep: 'me' });
      act.untagRegistry(REGISTRY, ['METRICS_PORT']);
      const { Tags } = await aws.cloudMap.send(new ListTagsForResourceCommand({ ResourceARN: registry.arn }));
      assert.deepEqual(Tags, [{ Key: 'keep', Value: 'me' }]);
    });

    it('deletes a registry that is in use, and adds one of the same name', async () => {
      act.bind(WEBAPP, REGISTRY);
      settle();
      act.deleteRegistry(REGISTRY);
      await assert.rejects(aws.cloudMap.send(new GetServiceCommand({ Id: registry.id })), {
        name: 'ServiceNotFound',
      });
      act.addRegistry({ ...REGISTRY, tags: { a: 'b' } });
      const found = trueRegistry();
      assert.deepEqual([found?.tags, found?.instances], [{ a: 'b' }, {}]);
      assert.notEqual(found?.id, registry.id);
    });

    it('is refused what AWS refuses', () => {
      assert.throws(() => act.scale({ cluster: CLUSTER, service: 'nobody' }, 1), {
        code: 'ServiceNotFoundException',
      });
      assert.throws(() => act.bind(NODES, REGISTRY), { code: 'InvalidParameterException' });
      assert.throws(() => act.tagRegistry({ ...REGISTRY, name: 'none' }, {}), { code: 'ServiceNotFound' });
    });

    it('is neither recorded, nor throttled, nor hit by a fault', () => {
      aws.sandbox.recorder.clear();
      aws.sandbox.throttle.set({ mode: 'scaled', factor: 0.0001 });
      aws.sandbox.faults.add({ effect: { kind: 'throttle' } });
      for (let count = 0; count < 5; count += 1) act.scale(WEBAPP, count);
      assert.deepEqual([aws.sandbox.recorder.total(), truthOf(WEBAPP).desiredCount], [0, 4]);
    });

    it('makes a change that a stale read does not see yet', async () => {
      aws.sandbox.faults.add({ effect: { kind: 'staleRead', ageMs: 10_000 } });
      aws.clock.advance(1);
      act.scale(WEBAPP, 7);
      assert.equal((await describeService(aws, WEBAPP.service)).desiredCount, 2);
      assert.equal(truthOf(WEBAPP).desiredCount, 7);
    });
  });

  describe('the truth', () => {
    it('is every service with what runs, where it is reached and what it is bound to', async () => {
      act.bind(WEBAPP, REGISTRY);
      settle();
      const service = truthOf(WEBAPP);
      const tasks = await tasksOf(aws, WEBAPP.service);
      assert.deepEqual(service.bindings, [{ registryArn: registry.arn }]);
      assert.deepEqual(
        [service.desiredCount, service.rolloutState, service.deployments],
        [2, 'COMPLETED', 2],
      );
      assert.deepEqual(
        new Map(service.tasks.map(({ arn, ip }) => [arn, ip])),
        new Map(
          tasks.map(({ taskArn, containers }) => [
            taskArn,
            containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address,
          ]),
        ),
      );
      assert.deepEqual(service.tasks[0]?.ports, [
        { container: 'webapp', name: 'metrics', containerPort: 3000, port: 3000 },
      ]);
    });

    it('is the host port where tasks share the address of their instance', () => {
      const [task] = truthOf(NODES).tasks;
      assert.deepEqual(task?.ports, [
        { container: 'node-exporter', name: 'metrics', containerPort: 9100, port: 9100 },
      ]);
      assert.match(task?.ip ?? '', /^10\./);
    });

    it('is the tasks that are RUNNING, and no other', () => {
      act.scale(WEBAPP, 3);
      aws.clock.advance(2000);
      assert.equal(truthOf(WEBAPP).tasks.length, 2);
      const [task] = truthOf(WEBAPP).tasks;
      act.stopTask(task?.id ?? '');
      assert.equal(truthOf(WEBAPP).tasks.length, 1);
    });

    it('is every registry with its tags and instances', () => {
      act.tagRegistry(REGISTRY, { b: '2', a: '1' });
      act.bind(WEBAPP, REGISTRY);
      settle();
      const found = trueRegistry();
      assert.deepEqual(
        [found?.namespace, found?.id, found?.ttl, Object.entries(found?.tags ?? {})],
        [
          'ecs-services',
          registry.id,
          10,
          [
            ['a', '1'],
            ['b', '2'],
          ],
        ],
      );
      assert.deepEqual(
        Object.entries(found?.instances ?? {}).map(([id, each]) => [id, each['AWS_INSTANCE_IPV4']]),
        truthOf(WEBAPP).tasks.map(({ id, ip }) => [id, ip]),
      );
    });

    it('does not go through HTTP', () => {
      const before = aws.sandbox.recorder.total();
      aws.sandbox.truth();
      assert.equal(aws.sandbox.recorder.total(), before);
    });

    it('counts the writes of each caller that took effect, whatever the caller was told', async () => {
      const other = new ECSClient({
        ...clientConfig(aws.sandbox),
        credentials: { accessKeyId: 'second', secretAccessKey: 'x' },
      });
      const update = (client: ECSClient, service = WEBAPP.service) =>
        client.send(new UpdateServiceCommand({ cluster: CLUSTER, service, desiredCount: 1 }));
      await update(aws.ecs);
      await update(other);
      await update(other);
      await assert.rejects(update(other, 'nobody'));
      aws.sandbox.faults.add({ effect: { kind: 'reset', when: 'after' }, count: 1 });
      await assert.rejects(update(aws.ecs));
      aws.sandbox.faults.add({ effect: { kind: 'reset', when: 'before' }, count: 1 });
      await assert.rejects(update(aws.ecs));
      aws.sandbox.recorder.clear();
      assert.deepEqual(aws.sandbox.truth().writes, {
        second: { 'ecs.UpdateService': 2 },
        test: { 'ecs.UpdateService': 2, 'servicediscovery.CreateService': 1 },
      });
      other.destroy();
    });
  });
});
