import assert from 'node:assert/strict';
import { ListServicesCommand, RegisterInstanceCommand } from '@aws-sdk/client-servicediscovery';
import { isOperatorError } from '../../controller/errors.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { InventoryScope } from '../../controller/state/inventory.ts';
import { startAws, never, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const TAGS = { METRICS_PATH: '/metrics', METRICS_PORT: '3000' };

/** So many services in each of two clusters, each bound to a registry of its own; cluster `b` uses namespace `two`. */
const account = (count: number): Scenario => {
  const clusters = [
    { name: 'a', namespace: 'one' },
    { name: 'b', namespace: 'two' },
  ];
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  return {
    name: 'inventory',
    namespaces: [{ name: 'one' }, { name: 'two' }, { name: 'bystander' }],
    registries: clusters.flatMap(({ namespace }) => names.map((name) => ({ namespace, name, tags: TAGS }))),
    taskDefinitions: [
      {
        family: 'app',
        networkMode: 'awsvpc',
        containers: [{ name: 'app', ports: [{ containerPort: 3000 }] }],
      },
    ],
    clusters: clusters.map(({ name: cluster, namespace }) => ({
      name: cluster,
      services: names.map((name) => ({
        name,
        taskDefinition: 'app',
        launchType: 'FARGATE',
        registry: { namespace, name },
      })),
    })),
  };
};

const inNamespaces = (...names: string[]): InventoryScope => ({ kind: 'namespaces', names });
const inClusters = (...names: string[]): InventoryScope => ({ kind: 'clusters', names, service: undefined });

describe('Taking an inventory', () => {
  let world: AwsAtSandbox;
  afterEach(() => world.close());

  const take = (scope: InventoryScope) => world.aws.inventory(scope, () => undefined, never());
  const reasonsOf = (errors: readonly unknown[]) =>
    errors.map((error) => (isOperatorError(error) ? error.reason : String(error)));

  it('reads all pages of clusters, services and registries, and tags and task definitions once each', async () => {
    world = await startAws({ scenario: account(120) });
    const { observed, unread } = await take(inNamespaces('one'));
    assert.deepEqual(unread, []);
    const { registries } = valueOf(observed.namespaces.get('one')) ?? {};
    assert.equal(registries?.size, 120);
    assert.deepEqual(valueOf(registries?.get('app-119')?.tags), TAGS);
    assert.equal(observed.services.size, 240);
    assert.equal(observed.taskDefinitions.size, 1);
    const counts = world.box.sandbox.recorder.counts();
    assert.deepEqual(
      Object.entries(counts).filter(([operation]) => operation !== 'sts.GetCallerIdentity'),
      [
        ['ecs.DescribeServices', 24],
        ['ecs.DescribeTaskDefinition', 1],
        ['ecs.ListClusters', 1],
        ['ecs.ListServices', 4],
        ['servicediscovery.ListNamespaces', 1],
        ['servicediscovery.ListServices', 3],
        ['servicediscovery.ListTagsForResource', 120],
      ],
    );
  });

  it('is not ended by a page that is empty', async () => {
    world = await startAws({ scenario: account(2) });
    for (const operation of ['ListClusters', 'ListServices'])
      world.box.sandbox.faults.add({ service: 'ecs', operation, count: 1, effect: { kind: 'emptyPage' } });
    const { observed, unread } = await take(inNamespaces('one'));
    assert.deepEqual([observed.services.size, unread], [4, []]);
  });

  it('finds the namespaces of a cluster by asking one registry for each', async () => {
    world = await startAws({ scenario: account(30) });
    const { observed, unread } = await take(inClusters('b'));
    assert.deepEqual(unread, []);
    assert.deepEqual([...observed.namespaces.keys()], ['two']);
    assert.equal(observed.services.size, 30);
    const counts = world.box.sandbox.recorder.counts();
    assert.equal(counts['servicediscovery.GetService'], 1);
    assert.equal(counts['ecs.ListClusters'], undefined);
  });

  it('reads one service of a cluster, and the tags of its registry alone', async () => {
    world = await startAws({ scenario: account(3) });
    const { observed } = await take({ kind: 'clusters', names: ['a'], service: 'app-1' });
    assert.deepEqual([...observed.services.keys()], ['a/app-1']);
    const { registries } = valueOf(observed.namespaces.get('one')) ?? {};
    assert.deepEqual(valueOf(registries?.get('app-1')?.tags), TAGS);
    assert.equal(registries?.get('app-2')?.tags, undefined);
  });

  it('learns from the instances who registers in a registry that no service names', async () => {
    world = await startAws({ scenario: account(1) });
    world.box.sandbox.actions.addRegistry({ namespace: 'one', name: 'loose', tags: TAGS });
    const { Services = [] } = await world.box.cloudMap.send(new ListServicesCommand({}));
    const loose = Services.find(({ Name }) => Name === 'loose');
    for (const [InstanceId, ECS_SERVICE_NAME] of [
      ['task-1', 'app-0'],
      ['task-2', 'app-0'],
    ] as const)
      await world.box.cloudMap.send(
        new RegisterInstanceCommand({
          ServiceId: loose?.Id,
          InstanceId,
          Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1', ECS_CLUSTER_NAME: 'b', ECS_SERVICE_NAME },
        }),
      );
    world.box.clock.advance(60_000);
    const { registrants } = await take(inNamespaces('one'));
    assert.deepEqual([...registrants], [[loose?.Arn, [{ cluster: 'b', service: 'app-0' }]]]);
  });

  it('tells of a cluster that may not be read, and reads the rest', async () => {
    world = await startAws({ scenario: account(2) });
    world.box.sandbox.faults.add({
      operation: 'ListServices',
      service: 'ecs',
      resource: 'b',
      effect: { kind: 'accessDenied' },
    });
    const { observed, unread } = await take(inNamespaces('one'));
    assert.deepEqual(reasonsOf(unread), ['AccessDenied']);
    assert.deepEqual([...observed.services.keys()].sort(), ['a/app-0', 'a/app-1']);
  });

  for (const [what, scope, reason] of [
    ['namespace', inNamespaces('nowhere'), 'NamespaceNotFound'],
    ['service', { kind: 'clusters', names: ['a'], service: 'nobody' }, 'ServiceNotFound'],
  ] as const)
    it(`tells of a ${what} that does not exist`, async () => {
      world = await startAws({ scenario: account(1) });
      assert.deepEqual(reasonsOf((await take(scope)).unread), [reason]);
    });

  it('tells of a cluster that does not exist', async () => {
    world = await startAws({ scenario: account(1) });
    const [error] = (await take(inClusters('nowhere'))).unread;
    assert.equal(error?.family, 'terminal');
    assert.match(error?.where ?? '', /nowhere/);
  });

  it('writes nothing', async () => {
    world = await startAws({ scenario: account(2) });
    await take(inNamespaces('one', 'two'));
    await take(inClusters('a', 'b'));
    assert.deepEqual(world.box.sandbox.recorder.calls({ kind: 'write' }), []);
  });
});
