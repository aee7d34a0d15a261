import assert from 'node:assert/strict';
import { manyServices, never, refsOf, startAws } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const SERVICES = 100;

describe('What an observation of 100 services and 1,000 tasks costs', () => {
  let world: AwsAtSandbox;
  before(async () => {
    world = await startAws({
      scenario: manyServices(SERVICES, 10),
      throttling: { mode: 'documented' },
      aws: { share: 0.5 },
    });
  });
  after(() => world.close());

  const observe = async () => {
    const before = world.aws.calls.callsByApi();
    await world.aws.reader.observe(
      { services: refsOf(SERVICES), registries: [{ namespace: 'apps', name: 'none' }] },
      never(),
    );
    const now = Object.entries(world.aws.calls.callsByApi());
    return Object.fromEntries(
      now.map(([api, calls]) => [api, calls - (before[api] ?? 0)]).filter(([, calls]) => calls !== 0),
    );
  };

  it('is one call per page or batch at the start, and one per task definition', async () => {
    assert.deepEqual(await observe(), {
      'ecs:DescribeClusters': 1,
      'ecs:DescribeServices': 10,
      'ecs:DescribeTaskDefinition': 1,
      'ecs:DescribeTasks': 10,
      'ecs:ListTasks': 10,
      'servicediscovery:ListNamespaces': 1,
      'servicediscovery:ListServices': 1,
      'sts:GetCallerIdentity': 1,
    });
  });

  it('drops the descriptions of what does not change afterwards', async () => {
    assert.deepEqual(await observe(), {
      'ecs:DescribeClusters': 1,
      'ecs:DescribeServices': 10,
      'ecs:ListTasks': 10,
      // An empty namespace might be one that was deleted: it is looked up each time.
      'servicediscovery:ListNamespaces': 1,
      'servicediscovery:ListServices': 1,
    });
  });

  it('lists a cluster that was listed whole before while its services are still being described', async () => {
    const { recorder } = world.box.sandbox;
    const before = recorder.calls().length;
    await observe();
    const calls = recorder.calls().slice(before);
    const order = calls.map(({ operation }) => operation);
    assert.ok(order.indexOf('ListTasks') >= 0, order.join());
    assert.ok(order.indexOf('ListTasks') < order.lastIndexOf('DescribeServices'), order.join());
  });

  it('spreads the refresh of health over several observations', async () => {
    const refreshed: number[] = [];
    for (let cycle = 0; cycle < 15; cycle += 1) {
      world.box.clock.advance(30_000);
      refreshed.push((await observe())['ecs:DescribeTasks'] ?? 0);
    }
    assert.ok(refreshed.filter((calls) => calls > 0).length >= 4, refreshed.join(' '));
    assert.ok(Math.max(...refreshed) <= 5, refreshed.join(' '));
  }).timeout(20_000);

  it('is never throttled at half of the rates that AWS documents', () => {
    assert.deepEqual(world.aws.calls.throttlesByApi(), {});
  });
});
