import assert from 'node:assert/strict';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { TagResourceCommand } from '@aws-sdk/client-servicediscovery';
import { createShortLists } from '../../controller/aws/short-lists.ts';
import type { ObservedTasks, Read } from '../../controller/state/observed.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import { createRegistry } from '../support/sandbox.ts';
import { errorOf, manyServices, never, refsOf, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

describe('A list that AWS counts elsewhere', () => {
  it('is believed when it is as long as the count, or longer', () => {
    const lists = createShortLists({ now: () => 0 });
    for (const listed of [2, 3]) lists.requireWhole('tasks', listed, 2);
  });

  it('is not believed while it is shorter, and says both numbers', () => {
    const lists = createShortLists({ now: () => 0 });
    for (let reads = 0; reads < 3; reads += 1)
      assert.throws(() => lists.requireWhole('tasks of prod/web', 2, 5), {
        family: 'transient',
        reason: 'ShortList',
        where: 'tasks of prod/web',
        message: /listed 2 of them but counts 5/,
      });
  });

  it('is believed after a minute, for counts lag; and doubted anew when it was whole in between', () => {
    let now = 0;
    const lists = createShortLists({ now: () => now });
    const read = (listed: number): void => lists.requireWhole('tasks', listed, 5);
    assert.throws(() => read(2));
    now = 59_999;
    assert.throws(() => read(3));
    now = 60_000;
    read(2);
    now = 3_000_000;
    read(2);
    read(5);
    assert.throws(() => read(2));
  });

  it('is doubted by itself: another list is another matter', () => {
    let now = 0;
    const lists = createShortLists({ now: () => now });
    assert.throws(() => lists.requireWhole('a', 0, 1));
    now = 60_000;
    assert.throws(() => lists.requireWhole('b', 0, 1));
  });
});

describe('A list of tasks that lost its next page', () => {
  let world: AwsAtSandbox;
  afterEach(() => world.close());

  const observe = async (services: number): Promise<(name: string) => Read<ObservedTasks> | undefined> => {
    const { tasks } = await world.aws.reader.observe({ services: refsOf(services), registries: [] }, never());
    return (name) => tasks.get(`prod/${name}`);
  };
  const loseNextPage = (count?: number) =>
    world.box.sandbox.faults.add({
      operation: 'ListTasks',
      ...(count !== undefined && { count }),
      effect: { kind: 'partialPage', keep: 1, token: 'lost' },
    });

  it('fails the read of its service, and the next whole list is believed', async () => {
    world = await startAws({ scenario: manyServices(1, 3) });
    const heal = loseNextPage();
    assert.equal(errorOf((await observe(1))('app-0')).reason, 'ShortList');
    heal();
    assert.equal(valueOf((await observe(1))('app-0')).tasks.length, 3);
  });

  it('fails the services that lack tasks when it was the list of a whole cluster, and no other', async () => {
    world = await startAws({ scenario: manyServices(4, 1) });
    loseNextPage();
    const read = await observe(4);
    const kinds = [0, 1, 2, 3].map((n) => read(`app-${n}`)?.kind);
    assert.equal(kinds.filter((kind) => kind === 'failed').length, 3);
    assert.equal(world.box.sandbox.recorder.counts()['ecs.ListTasks'], 1);
  });

  it('does not hide that nobody knows whose task it is, however long its group is not told', async () => {
    world = await startAws({ scenario: manyServices(4, 1) });
    const heal = world.box.sandbox.faults.add({
      operation: 'DescribeTasks',
      effect: { kind: 'malformed', change: 'wrongType', at: ['tasks.0.group'] },
    });
    for (let looks = 0; looks < 3; looks += 1) {
      assert.equal(errorOf((await observe(4))('app-0')).reason, 'IncompleteAnswer');
      world.box.clock.advance(60_000);
    }
    heal();
    const read = await observe(4);
    for (const n of [0, 1, 2, 3]) assert.equal(valueOf(read(`app-${n}`)).tasks.length, 1);
  });

  it('holds nothing for ever', async () => {
    world = await startAws({ scenario: manyServices(1, 3) });
    loseNextPage();
    assert.equal((await observe(1))('app-0')?.kind, 'failed');
    world.box.clock.advance(60_000);
    assert.equal(valueOf((await observe(1))('app-0')).tasks.length, 1);
  });

  it('is not mistaken for a service that was scaled down: this is believed at once', async () => {
    world = await startAws({ scenario: manyServices(1, 3) });
    for (const desiredCount of [1, 0]) {
      await observe(1);
      await world.box.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'app-0', desiredCount }));
      world.box.clock.advance(10_000);
      assert.equal(valueOf((await observe(1))('app-0')).tasks.length, desiredCount);
    }
  });

  it('is not mistaken for a rollout that stops tasks before it starts others', async () => {
    const scenario: Scenario = manyServices(1, 4);
    world = await startAws({ scenario });
    await world.box.ecs.send(
      new UpdateServiceCommand({
        cluster: 'prod',
        service: 'app-0',
        forceNewDeployment: true,
        deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
      }),
    );
    for (let seconds = 0; seconds < 150; seconds += 10) {
      world.box.clock.advance(10_000);
      assert.equal((await observe(1))('app-0')?.kind, 'complete', `after ${seconds} s`);
    }
  });
});

describe('A list of the instances of a tagged registry that lost its next page', () => {
  let world: AwsAtSandbox;
  afterEach(() => world.close());

  it('fails the read of this registry for a minute', async () => {
    world = await startAws();
    const { id, arn } = await createRegistry(world.box, { name: 'web' });
    const Tags = [
      { Key: 'METRICS_PATH', Value: '/metrics' },
      { Key: 'METRICS_PORT', Value: '80' },
    ];
    await world.box.cloudMap.send(new TagResourceCommand({ ResourceARN: arn, Tags }));
    for (const last of [1, 2, 3])
      world.box.sandbox.cloudMap.instances.register(id, `i-${last}`, { AWS_INSTANCE_IPV4: `10.0.0.${last}` });
    world.box.sandbox.faults.add({
      operation: 'ListInstances',
      effect: { kind: 'partialPage', keep: 1, token: 'lost' },
    });
    const reader = world.aws.tagged(['ecs-services'], undefined);
    const read = async () => {
      const registries = valueOf(
        valueOf(await reader.read(new Set(), never())).get('ecs-services'),
      ).registries;
      return registries.find(({ name }) => name === 'web')?.read;
    };
    assert.equal(errorOf(await read()).reason, 'ShortList');
    world.box.clock.advance(60_000);
    assert.equal(valueOf(await read()).instances.length, 1);
  });
});
