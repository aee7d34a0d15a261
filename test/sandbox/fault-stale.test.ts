import assert from 'node:assert/strict';
import { ListServicesCommand, ListTasksCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  GetServiceCommand,
  ListServicesCommand as ListRegistriesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-servicediscovery';
import fc from 'fast-check';
import { createCloudMap } from '../../controller/sandbox/cloudmap/cloudmap.ts';
import { createEcs } from '../../controller/sandbox/ecs/ecs.ts';
import { createHistory, recordingClock } from '../../controller/sandbox/history.ts';
import { seededRandom } from '../../controller/sandbox/random.ts';
import { applyScenario } from '../../controller/sandbox/scenarios/apply.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { CLUSTER, createRegistry, describeService, startTestSandbox, tasksOf } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const WEBAPP = 'WebAppService';
const AGE = 30_000;

describe('A stale read of the sandbox', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  const beStale = (operation?: string) =>
    aws.sandbox.faults.add({
      ...(operation !== undefined && { operation }),
      effect: { kind: 'staleRead', ageMs: AGE },
    });
  const scale = (desiredCount: number) =>
    aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: WEBAPP, desiredCount }));
  const desired = async () => (await describeService(aws, WEBAPP)).desiredCount;
  const registries = async () => {
    const { Services = [] } = await aws.cloudMap.send(new ListRegistriesCommand({}));
    return Services.map(({ Name }) => Name);
  };

  it('sees a write when it is as old as the fault says, and no earlier', async () => {
    beStale();
    aws.clock.advance(1000);
    await scale(5);
    const seen: (number | undefined)[] = [await desired()];
    for (const ms of [AGE - 1, 1]) {
      aws.clock.advance(ms);
      seen.push(await desired());
    }
    assert.deepEqual(seen, [2, 2, 5]);
  });

  it('sees every state in its turn', async () => {
    beStale('DescribeServices');
    for (const count of [3, 4, 5]) {
      await scale(count);
      aws.clock.advance(10_000);
    }
    const seen: (number | undefined)[] = [];
    for (let step = 0; step < 4; step += 1) {
      seen.push(await desired());
      aws.clock.advance(10_000);
    }
    assert.deepEqual(seen, [3, 4, 5, 5]);
  });

  it('answers what was never asked before as AWS would have then', async () => {
    beStale();
    aws.clock.advance(1000);
    const registry = await createRegistry({ ...aws }, { name: 'late' });
    await assert.rejects(aws.cloudMap.send(new GetServiceCommand({ Id: registry.id })), {
      name: 'ServiceNotFound',
    });
    assert.deepEqual(await registries(), []);
    aws.clock.advance(AGE);
    assert.deepEqual(await registries(), ['late']);
  });

  it('sees the tasks of then, also where the scheduler alone has changed them', async () => {
    await scale(4);
    beStale('ListTasks');
    const before = new Set((await tasksOf(aws, WEBAPP)).map(({ taskArn }) => taskArn));
    assert.equal(before.size, 2);
    aws.clock.advance(20_000);
    const { taskArns = [] } = await aws.ecs.send(
      new ListTasksCommand({ cluster: CLUSTER, serviceName: WEBAPP }),
    );
    assert.deepEqual(new Set(taskArns), before);
    aws.clock.advance(60_000);
    assert.equal((await tasksOf(aws, WEBAPP)).length, 4);
  });

  it('sees the tags of then', async () => {
    const { arn } = await createRegistry(aws, { name: 'tagged' });
    beStale('ListTagsForResource');
    aws.clock.advance(1000);
    await aws.cloudMap.send(new TagResourceCommand({ ResourceARN: arn, Tags: [{ Key: 'a', Value: 'b' }] }));
    const tags = async () =>
      (await aws.cloudMap.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags;
    assert.deepEqual(await tags(), []);
    aws.clock.advance(AGE);
    assert.deepEqual(await tags(), [{ Key: 'a', Value: 'b' }]);
  });

  it('may be one operation alone: the others are up to date', async () => {
    beStale('ListServices');
    await aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: WEBAPP, desiredCount: 0 }));
    const { serviceArns } = await aws.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
    assert.deepEqual([serviceArns?.length, await desired()], [2, 0]);
  });

  it('never makes a write stale', async () => {
    beStale();
    await scale(3);
    await scale(4);
    aws.sandbox.faults.clear();
    assert.equal(await desired(), 4);
  });

  it('is over when its fault is', async () => {
    const restore = beStale();
    aws.clock.advance(1);
    await scale(5);
    assert.equal(await desired(), 2);
    restore();
    assert.equal(await desired(), 5);
  });

  it('is exactly what a fresh read saw then, whatever happened since', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('scale' as const), value: fc.nat(5) }),
      fc.record({ kind: fc.constant('wait' as const), value: fc.nat(20_000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const clock = virtualClock();
        const changing = (): void => history.changing();
        const context = {
          clock: recordingClock(clock, changing),
          account: '123456789012',
          region: 'us-east-1',
          random: seededRandom(1),
          changing,
        };
        const cloudMap = createCloudMap(context);
        const ecs = createEcs(context, { cloudMap: cloudMap.instances });
        const history = createHistory(clock, () => new Map([['ecs', ecs.snapshot()]]));
        applyScenario({ ecs, cloudMap }, prometheusForEcs);
        history.keep(Infinity);
        const look = (operations = ecs.service.operations) =>
          JSON.stringify([
            operations['DescribeServices']?.({ cluster: CLUSTER, services: [WEBAPP] }),
            operations['ListTasks']?.({ cluster: CLUSTER, serviceName: WEBAPP }),
          ]);
        const seen = new Map([[clock.now(), look()]]);
        for (const { kind, value } of steps) {
          if (kind === 'wait') clock.advance(value);
          else
            ecs.service.operations['UpdateService']?.({
              cluster: CLUSTER,
              service: WEBAPP,
              desiredCount: value,
            });
          seen.set(clock.now(), look());
        }
        for (const [at, fresh] of seen)
          assert.equal(look(history.asOf(clock.now() - at)?.get('ecs')?.()), fresh);
      }),
      { numRuns: 40 },
    );
  });

  it('costs no memory of what is older than anybody asks for, and none when nobody does', () => {
    const clock = virtualClock();
    let taken = 0;
    const history = createHistory(clock, () => {
      taken += 1;
      return new Map();
    });
    history.changing();
    assert.equal(taken, 0);
    const release = history.keep(1000);
    for (let change = 0; change < 10; change += 1) {
      history.changing();
      history.changing();
      clock.advance(500);
    }
    assert.equal(taken, 10);
    const oldest = history.asOf(1_000_000);
    assert.ok(oldest !== undefined && oldest !== history.asOf(501));
    assert.equal(history.asOf(0), undefined);
    release();
    assert.equal(history.asOf(1_000_000), undefined);
  });
});
