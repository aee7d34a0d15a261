import assert from 'node:assert/strict';
import {
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  GetServiceCommand,
  ListNamespacesCommand,
  ListServicesCommand,
} from '@aws-sdk/client-servicediscovery';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { clientConfig, CLUSTER, createRegistry, startTestSandbox } from '../support/sandbox.ts';
import type { FaultRule } from '../../controller/sandbox/faults.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const BROKEN = { kind: 'error', code: 'ServerException' } as const;

const nameOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (thrown: unknown) => (thrown instanceof Error ? thrown.name : String(thrown)),
  );

describe('A fault of the sandbox', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  const listClusters = (client: ECSClient = aws.ecs) => nameOf(client.send(new ListClustersCommand({})));
  const listTasks = (serviceName: string) =>
    nameOf(aws.ecs.send(new ListTasksCommand({ cluster: CLUSTER, serviceName })));
  const describeServices = (...services: string[]) =>
    nameOf(aws.ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services })));
  const listNamespaces = () => nameOf(aws.cloudMap.send(new ListNamespacesCommand({})));
  const getParameters = () => nameOf(aws.ssm.send(new GetParametersCommand({ Names: ['/a'] })));
  const outcomes = async (calls: number, call: () => Promise<string>): Promise<string[]> => {
    const names: string[] = [];
    for (let made = 0; made < calls; made += 1) names.push(await call());
    return names;
  };
  const add = (rule: Omit<FaultRule, 'effect'>) => aws.sandbox.faults.add({ ...rule, effect: BROKEN });

  it('of a service is an outage of all its operations, and of no other service', async () => {
    add({ service: 'ecs' });
    assert.deepEqual(
      [await listClusters(), await listTasks('WebAppService'), await listNamespaces()],
      ['ServerException', 'ServerException', 'ok'],
    );
  });

  it('that names nothing is an outage of everything', async () => {
    add({});
    assert.deepEqual(
      [await listClusters(), await listNamespaces(), await getParameters()],
      ['ServerException', 'ServerException', 'ServerException'],
    );
  });

  it('may name several operations', async () => {
    add({ operation: ['ListTasks', 'ListNamespaces'] });
    assert.deepEqual(
      [await listClusters(), await listTasks('WebAppService'), await listNamespaces()],
      ['ok', 'ServerException', 'ServerException'],
    );
  });

  describe('of one resource', () => {
    it('hits the calls that name it, alone or among others', async () => {
      add({ resource: 'WebAppService' });
      assert.deepEqual(
        [
          await listTasks('WebAppService'),
          await describeServices('NodeExporterService', 'WebAppService'),
          await describeServices('NodeExporterService'),
        ],
        ['ServerException', 'ServerException', 'ok'],
      );
    });

    it('hits no resource with a longer name', async () => {
      add({ resource: 'WebApp' });
      assert.equal(await listTasks('WebAppService'), 'ok');
    });

    it('hits its ARN by its name, and its name in its ARN', async () => {
      add({ resource: `${CLUSTER}/WebAppService` });
      const arn = `arn:aws:ecs:us-east-1:123456789012:service/${CLUSTER}/WebAppService`;
      assert.deepEqual(
        [await describeServices(arn), await describeServices('NodeExporterService')],
        ['ServerException', 'ok'],
      );
    });

    it('hits a namespace and a registry by name, although calls carry their ids', async () => {
      const registry = await createRegistry(aws, { name: 'webapp-svc' });
      const getService = () => nameOf(aws.cloudMap.send(new GetServiceCommand({ Id: registry.id })));
      const { Namespaces: [namespace] = [] } = await aws.cloudMap.send(new ListNamespacesCommand({}));
      const listServices = () =>
        nameOf(
          aws.cloudMap.send(
            new ListServicesCommand({ Filters: [{ Name: 'NAMESPACE_ID', Values: [namespace?.Id ?? ''] }] }),
          ),
        );
      const restore = add({ resource: 'ecs-services/webapp-svc' });
      assert.deepEqual([await getService(), await listServices()], ['ServerException', 'ok']);
      restore();
      add({ resource: 'ecs-services' });
      assert.deepEqual([await getService(), await listServices()], ['ok', 'ServerException']);
    });
  });

  it('may hit one caller alone, known by the access key id', async () => {
    const other = new ECSClient({
      ...clientConfig(aws.sandbox),
      credentials: { accessKeyId: 'other', secretAccessKey: 'x' },
    });
    add({ caller: 'other' });
    assert.deepEqual([await listClusters(), await listClusters(other)], ['ok', 'ServerException']);
    other.destroy();
  });

  it('may hit the nth call alone', async () => {
    add({ operation: 'ListClusters', nth: 3 });
    assert.deepEqual(await outcomes(5, listClusters), ['ok', 'ok', 'ServerException', 'ok', 'ok']);
  });

  it('may last from one time of the sandbox until another', async () => {
    const start = aws.clock.now();
    add({ window: { from: start + 1000, until: start + 3000 } });
    const names: string[] = [];
    for (let second = 0; second < 4; second += 1) {
      names.push(await listClusters());
      aws.clock.advance(1000);
    }
    assert.deepEqual(names, ['ok', 'ServerException', 'ServerException', 'ok']);
  });

  describe('beside others', () => {
    it('gives way to the one that was added first', async () => {
      add({ operation: 'ListClusters', count: 1 });
      aws.sandbox.faults.add({ effect: { kind: 'error', code: 'ClientException' } });
      assert.deepEqual(await outcomes(2, listClusters), ['ServerException', 'ClientException']);
    });

    it('counts the calls that another one hits', async () => {
      add({ nth: 1 });
      add({ nth: 2 });
      assert.deepEqual(await outcomes(3, listClusters), ['ServerException', 'ServerException', 'ok']);
    });

    it('can be taken back alone, or with all of them', async () => {
      const restore = add({ operation: 'ListClusters' });
      add({ operation: 'ListNamespaces' });
      restore();
      restore();
      assert.deepEqual([await listClusters(), await listNamespaces()], ['ok', 'ServerException']);
      aws.sandbox.faults.clear();
      assert.equal(await listNamespaces(), 'ok');
    });
  });

  describe('by chance', () => {
    const both = async (seed: number, reversed: boolean) => {
      const box = await startTestSandbox({ seed });
      box.sandbox.faults.add({ probability: 0.5, effect: BROKEN });
      const calls = ['WebAppService', 'NodeExporterService', 'a', 'b', 'c', 'd', 'e', 'f'].map(
        (service) =>
          [
            service,
            () =>
              nameOf(box.ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [service] }))),
          ] as const,
      );
      const found = new Map<string, string>();
      for (const [service, call] of reversed ? calls.toReversed() : calls) found.set(service, await call());
      await box.close();
      return calls.map(([service]) => found.get(service));
    };

    it('hits the same calls in whatever order they come', async () => {
      const forwards = await both(5, false);
      assert.equal(new Set(forwards).size, 2);
      assert.deepEqual(await both(5, true), forwards);
    });

    it('hits other calls for another seed', async () => {
      assert.notDeepEqual(await both(6, false), await both(5, false));
    });

    it('hits about as many calls as it should', async () => {
      aws.sandbox.faults.add({ probability: 0.25, effect: BROKEN });
      const failed = (await outcomes(200, listClusters)).filter((name) => name !== 'ok').length;
      assert.ok(failed > 30 && failed < 70, `${failed} of 200`);
    });
  });

  it('is named in the record of the calls that it hit', async () => {
    add({ nth: 2 });
    await outcomes(2, listClusters);
    const calls = aws.sandbox.recorder.calls();
    assert.deepEqual(
      calls.map(({ outcome, done, fault }) => ({ outcome, done, fault })),
      [
        { outcome: 'ok', done: true, fault: undefined },
        { outcome: 'ServerException', done: false, fault: 'error' },
      ],
    );
  });
});
