import assert from 'node:assert/strict';
import fc from 'fast-check';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { createCloudMap } from '../../controller/sandbox/cloudmap/cloudmap.ts';
import { createEcs } from '../../controller/sandbox/ecs/ecs.ts';
import { quickTiming } from '../../controller/sandbox/ecs/timing.ts';
import { seededRandom } from '../../controller/sandbox/random.ts';
import { applyScenario } from '../../controller/sandbox/scenarios/apply.ts';
import { AwsFault } from '../../controller/sandbox/service.ts';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import type { CloudMap } from '../../controller/sandbox/cloudmap/cloudmap.ts';
import type { Ecs } from '../../controller/sandbox/ecs/ecs.ts';
import type { Service } from '../../controller/sandbox/ecs/model.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';

const CLUSTER = 'c';

/** A registration so late that the task may be on its way out by then. */
const timing = { ...quickTiming, registration: 300, deregistration: 100 };

const scenario: Scenario = {
  name: 'scheduler',
  namespaces: [{ name: 'n' }],
  registries: [
    { namespace: 'n', name: 'a' },
    { namespace: 'n', name: 'srv', recordType: 'SRV' },
  ],
  taskDefinitions: [
    { family: 'vpc', networkMode: 'awsvpc', containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] },
    { family: 'bridge', containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] },
    { family: 'host', networkMode: 'host', containers: [{ name: 'app', ports: [{ containerPort: 9100 }] }] },
  ],
  clusters: [
    {
      name: CLUSTER,
      containerInstances: 3,
      services: [
        { name: 'vpc', taskDefinition: 'vpc', launchType: 'FARGATE', desiredCount: 3 },
        {
          name: 'bridge',
          taskDefinition: 'bridge',
          desiredCount: 4,
          circuitBreaker: { enable: true, rollback: true },
        },
        { name: 'host', taskDefinition: 'host', schedulingStrategy: 'DAEMON' },
        { name: 'agent', taskDefinition: 'bridge', schedulingStrategy: 'DAEMON' },
      ],
    },
  ],
};

type Step =
  | { readonly kind: 'bind' | 'unbind' | 'force'; readonly service: string }
  | { readonly kind: 'scale'; readonly service: string; readonly count: number }
  | { readonly kind: 'stop'; readonly index: number }
  | { readonly kind: 'crash'; readonly on: boolean }
  | { readonly kind: 'join' }
  | { readonly kind: 'wait'; readonly ms: number };

const service = fc.constantFrom('vpc', 'bridge', 'host', 'agent');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('bind' as const, 'unbind' as const, 'force' as const), service }),
  fc.record({
    kind: fc.constant('scale' as const),
    service: fc.constantFrom('vpc', 'bridge'),
    count: fc.nat(6),
  }),
  fc.record({ kind: fc.constant('stop' as const), index: fc.nat(50) }),
  fc.record({ kind: fc.constant('crash' as const), on: fc.boolean() }),
  fc.constant<Step>({ kind: 'join' }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(5_000) }),
);

interface World {
  readonly clock: VirtualClock;
  readonly ecs: Ecs;
  readonly cloudMap: CloudMap;
  readonly services: ReadonlyMap<string, Service>;
  crash: boolean;
}

function newWorld(): World {
  const clock = virtualClock();
  const context = {
    clock,
    account: '123456789012',
    region: 'us-east-1',
    random: seededRandom(1),
    changing() {},
  };
  const cloudMap = createCloudMap(context);
  const ecs = createEcs(context, { cloudMap: cloudMap.instances, timing });
  applyScenario({ ecs, cloudMap }, scenario);
  const services = new Map(ecs.tasks().map((task) => [task.service.name, task.service]));
  const world: World = { clock, ecs, cloudMap, services, crash: false };
  ecs.crashWhen(() => world.crash);
  return world;
}

const call = (world: World, operation: string, input: Record<string, unknown>): unknown =>
  world.ecs.service.operations[operation]?.({ cluster: CLUSTER, ...input });

function registryArn(world: World, name: string): string {
  const listed = JSON.stringify(world.cloudMap.service.operations['ListServices']?.({}));
  const found: { Services: { Name: string; Arn: string }[] } = JSON.parse(listed);
  return found.Services.find((each) => each.Name === name)?.Arn ?? '';
}

function bindingFor(world: World, name: string): Record<string, unknown> {
  if (name === 'vpc') return { registryArn: registryArn(world, 'a') };
  const containerPort = name === 'host' ? 9100 : 80;
  return { registryArn: registryArn(world, 'srv'), containerName: 'app', containerPort };
}

function take(world: World, step: Step): void {
  switch (step.kind) {
    case 'bind':
      call(world, 'UpdateService', {
        service: step.service,
        serviceRegistries: [bindingFor(world, step.service)],
      });
      return;
    case 'unbind':
      call(world, 'UpdateService', { service: step.service, serviceRegistries: [] });
      return;
    case 'force':
      call(world, 'UpdateService', { service: step.service, forceNewDeployment: true });
      return;
    case 'scale':
      call(world, 'UpdateService', { service: step.service, desiredCount: step.count });
      return;
    case 'stop': {
      const tasks = world.ecs.tasks();
      const task = tasks[step.index % Math.max(1, tasks.length)];
      if (task !== undefined) call(world, 'StopTask', { task: task.arn });
      return;
    }
    case 'crash':
      world.crash = step.on;
      return;
    case 'join':
      world.ecs.addContainerInstance(CLUSTER);
      return;
    case 'wait':
      world.clock.advance(step.ms);
  }
}

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

function checkAlways(world: World): void {
  const alive = world.ecs.tasks().filter((task) => task.lastStatus !== 'STOPPED');
  assert.ok(unique(alive.flatMap((task) => task.networkInterface?.privateIp ?? [])), 'one address, one task');
  const ports = alive.flatMap((task) =>
    task.bindings.map((bound) => `${task.containerInstance?.id} ${bound.hostPort}`),
  );
  assert.ok(unique(ports), 'one host port, one task');
  for (const each of world.services.values())
    assert.equal(each.deployments.filter(({ status }) => status === 'PRIMARY').length, 1);
}

function checkSettled(world: World): void {
  for (const each of world.services.values()) {
    const wanted =
      each.schedulingStrategy === 'DAEMON' ? each.cluster.containerInstances.size : each.desiredCount;
    assert.equal(each.tasks.size, wanted, `${each.name} runs what it should`);
    assert.deepEqual(
      each.deployments.map(({ rolloutState }) => rolloutState),
      ['COMPLETED'],
    );
    for (const task of each.tasks) {
      assert.equal(task.lastStatus, 'RUNNING');
      assert.equal(task.definition, each.taskDefinition);
      assert.equal(task.registeredIn !== undefined, each.serviceRegistries.length > 0);
    }
  }
}

function registered(world: World): string[] {
  const names = ['a', 'srv'];
  return names.flatMap((name) => {
    const ServiceId = registryArn(world, name);
    const listed = JSON.stringify(world.cloudMap.service.operations['ListInstances']?.({ ServiceId }));
    const found: { Instances: { Id: string }[] } = JSON.parse(listed);
    return found.Instances.map(({ Id }) => Id);
  });
}

describe('The ECS scheduler of the sandbox', () => {
  it('after whatever happened comes to rest with every service as it should be, and Cloud Map with exactly its tasks', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const world = newWorld();
        for (const each of steps) {
          take(world, each);
          checkAlways(world);
        }
        world.crash = false;
        world.clock.advance(600_000);
        // A breaker that opened without anything to go back to needs a person: so does this.
        for (const name of world.services.keys())
          call(world, 'UpdateService', { service: name, forceNewDeployment: true });
        world.clock.advance(600_000);
        checkSettled(world);
        const bound = [...world.services.values()].flatMap((each) =>
          [...each.tasks].filter((task) => task.registeredIn !== undefined).map((task) => task.id),
        );
        assert.deepEqual(registered(world).sort(), bound.sort());
      }),
      { numRuns: 150 },
    );
  });

  it('never runs more tasks than maximumPercent, nor fewer ready ones than minimumHealthyPercent, in an undisturbed rollout', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom([0, 100], [50, 100], [50, 150], [100, 150], [100, 200]),
        (count, [minimum = 0, maximum = 0]) => {
          fc.pre(Math.floor((count * maximum) / 100) > Math.ceil((count * minimum) / 100));
          const world = newWorld();
          const deploymentConfiguration = { minimumHealthyPercent: minimum, maximumPercent: maximum };
          call(world, 'UpdateService', { service: 'vpc', desiredCount: count, deploymentConfiguration });
          world.clock.advance(60_000);
          call(world, 'UpdateService', { service: 'vpc', forceNewDeployment: true });
          for (let tick = 0; tick < 400; tick += 1) {
            world.clock.advance(100);
            const tasks = [...(world.services.get('vpc')?.tasks ?? [])];
            const wanted = tasks.filter((task) => task.desiredStatus === 'RUNNING');
            const running = wanted.filter((task) => task.lastStatus === 'RUNNING');
            assert.ok(wanted.length <= Math.floor((count * maximum) / 100));
            assert.ok(running.length >= Math.ceil((count * minimum) / 100));
          }
          assert.equal(world.services.get('vpc')?.deployments[0]?.rolloutState, 'COMPLETED');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses in one piece: a call that fails is an AwsFault and changes nothing', () => {
    const world = newWorld();
    const before = structuredClone([...world.services].map(([name, each]) => [name, each.desiredCount]));
    assert.throws(() => call(world, 'UpdateService', { service: 'host', desiredCount: 5 }), AwsFault);
    assert.deepEqual(
      [...world.services].map(([name, each]) => [name, each.desiredCount]),
      before,
    );
  });
});
