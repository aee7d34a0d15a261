import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  paginateListServices,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DiscoverInstancesCommand, ListNamespacesCommand } from '@aws-sdk/client-servicediscovery';
import { GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { startSandbox } from '../../controller/sandbox/server.ts';
import { CLUSTER, describeService, startTestSandbox } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const WEBAPP = 'WebAppService';

describe('The sandbox server', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox({ bodyLimit: 100_000 });
  });
  afterEach(() => aws.close());

  const ecs = (operation: string, body: string) =>
    fetch(aws.sandbox.url, {
      method: 'POST',
      headers: { 'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}` },
      body,
    });
  const listClusters = () => aws.ecs.send(new ListClustersCommand({}));
  const deployments = async () => (await describeService(aws, WEBAPP)).deployments?.length;
  const redeploy = () =>
    aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: WEBAPP, forceNewDeployment: true }));

  describe('answers', () => {
    it('an error as 400 with __type and message', async () => {
      const response = await ecs('ListServices', '{"cluster":"nowhere"}');
      assert.equal(response.status, 400);
      assert.deepEqual(await response.json(), {
        __type: 'ClusterNotFoundException',
        message: 'Cluster not found.',
      });
    });

    it('an error of Cloud Map with Message', async () => {
      const response = await fetch(aws.sandbox.url, {
        method: 'POST',
        headers: { 'x-amz-target': 'Route53AutoNaming_v20170314.GetService' },
        body: '{"Id":"srv-unknown"}',
      });
      const body: unknown = await response.json();
      assert.ok(typeof body === 'object' && body !== null && 'Message' in body && !('message' in body));
    });

    it('every call with a request id', async () => {
      const { $metadata } = await listClusters();
      assert.match($metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
    });

    it('an operation that it does not know with UnknownOperationException', async () => {
      assert.match(await (await ecs('DeleteEverything', '{}')).text(), /UnknownOperationException/);
      assert.match(await (await ecs('toString', '{}')).text(), /UnknownOperationException/);
    });

    it('a body that is no JSON object with SerializationException', async () => {
      for (const body of ['{', '[]', 'null'])
        assert.match(await (await ecs('ListClusters', body)).text(), /SerializationException/);
    });

    it('a member of the wrong type with SerializationException', async () => {
      const response = await ecs('ListServices', '{"cluster":7}');
      assert.match(await response.text(), /SerializationException/);
    });

    it('a body over the bound with 413', async () => {
      const response = await ecs('ListClusters', JSON.stringify({ padding: 'x'.repeat(100_001) }));
      assert.equal(response.status, 413);
    });

    it('time stamps as epoch seconds, which the SDK reads as dates', async () => {
      const service = await describeService(aws, WEBAPP);
      assert.equal(service.createdAt?.getTime(), Date.UTC(2026, 0, 1));
    });

    it('a streamed PutObject, whose body is aws-chunked', async () => {
      await aws.s3.send(new CreateBucketCommand({ Bucket: 'documents' }));
      const body = `first line\r\n${'x'.repeat(70_000)}`;
      const stream = Readable.from([body.slice(0, 5), body.slice(5)], { objectMode: false });
      await aws.s3.send(
        new PutObjectCommand({ Bucket: 'documents', Key: 'a', Body: stream, ContentLength: body.length }),
      );
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: 'documents', Key: 'a' }));
      assert.ok(Body instanceof Readable);
      assert.equal(await text(Body), body);
    });
  });

  it('says which port it could not have', () =>
    assert.rejects(startSandbox({ port: aws.sandbox.port }), {
      name: 'OperatorError',
      reason: 'PortUnavailable',
      where: `127.0.0.1:${aws.sandbox.port}`,
    }));

  describe('records', () => {
    it('every call with its input, kind and outcome, at the time of the clock', async () => {
      aws.clock.advance(1_000);
      await redeploy();
      await assert.rejects(aws.ecs.send(new ListServicesCommand({ cluster: 'nowhere' })));
      assert.deepEqual(aws.sandbox.recorder.calls(), [
        {
          service: 'ecs',
          operation: 'UpdateService',
          kind: 'write',
          caller: 'test',
          at: Date.UTC(2026, 0, 1) + 1_000,
          input: { cluster: CLUSTER, service: WEBAPP, forceNewDeployment: true },
          outcome: 'ok',
          done: true,
        },
        {
          service: 'ecs',
          operation: 'ListServices',
          kind: 'read',
          caller: 'test',
          at: Date.UTC(2026, 0, 1) + 1_000,
          input: { cluster: 'nowhere' },
          outcome: 'ClusterNotFoundException',
          done: false,
        },
      ]);
    });

    it('calls of all services, counted by API', async () => {
      await listClusters();
      await listClusters();
      await aws.cloudMap.send(new ListNamespacesCommand({}));
      await aws.ssm.send(new GetParametersCommand({ Names: ['/a'] }));
      assert.deepEqual(aws.sandbox.recorder.counts(), {
        'ecs.ListClusters': 2,
        'servicediscovery.ListNamespaces': 1,
        'ssm.GetParameters': 1,
      });
      assert.deepEqual(aws.sandbox.recorder.calls({ kind: 'write' }), []);
    });

    it('no more calls than its limit, but counts them all', async () => {
      await aws.close();
      aws = await startTestSandbox({ recordedCalls: 2 });
      for (let call = 0; call < 7; call += 1) await listClusters();
      assert.equal(aws.sandbox.recorder.calls().length, 2);
      assert.equal(aws.sandbox.recorder.total(), 7);
    });
  });

  describe('throttles', () => {
    const until = async (most: number, call: () => Promise<unknown>) => {
      for (let made = 0; made < most; made += 1) {
        try {
          await call();
        } catch (thrown) {
          assert.ok(thrown instanceof Error);
          return { made, name: thrown.name, message: thrown.message };
        }
      }
      return undefined;
    };
    const describeServices = () =>
      aws.ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [WEBAPP] }));

    it('nothing unless asked to', async () => assert.equal(await until(120, listClusters), undefined));

    it('DescribeServices and ListServices of ECS out of one bucket of 100, refilled with 20 a second', async () => {
      aws.sandbox.throttle.set({ mode: 'documented' });
      for (let call = 0; call < 50; call += 1) {
        await describeServices();
        await aws.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
      }
      assert.deepEqual(await until(1, describeServices), {
        made: 0,
        name: 'ThrottlingException',
        message: 'Rate exceeded',
      });
      await listClusters();
      aws.clock.advance(1_000);
      assert.equal((await until(30, describeServices))?.made, 20);
    });

    it('UpdateService of ECS at 5 a second', async () => {
      aws.sandbox.throttle.set({ mode: 'documented' });
      assert.equal((await until(60, redeploy))?.made, 50);
      aws.clock.advance(1_000);
      assert.equal((await until(10, redeploy))?.made, 5);
    });

    it('by a factor of the documented figures', async () => {
      aws.sandbox.throttle.set({ mode: 'scaled', factor: 0.1 });
      assert.equal((await until(20, describeServices))?.made, 10);
    });

    it('Cloud Map with ThrottlingException, DiscoverInstances with RequestLimitExceeded', async () => {
      aws.sandbox.throttle.set({ mode: 'scaled', factor: 0.001 });
      const names = await until(9, () => aws.cloudMap.send(new ListNamespacesCommand({})));
      assert.equal(names?.name, 'ThrottlingException');
      const discover = new DiscoverInstancesCommand({ NamespaceName: 'ecs-services', ServiceName: 'x' });
      for (let call = 0; call < 2; call += 1)
        await assert.rejects(aws.cloudMap.send(discover), { name: 'ServiceNotFound' });
      await assert.rejects(aws.cloudMap.send(discover), { name: 'RequestLimitExceeded' });
    });

    it('PutParameter at 3 a second', async () => {
      aws.sandbox.throttle.set({ mode: 'documented' });
      const put = () =>
        aws.ssm.send(new PutParameterCommand({ Name: '/a', Value: 'b', Type: 'String', Overwrite: true }));
      assert.deepEqual((await until(5, put))?.made, 3);
    });

    it('before the call has an effect', async () => {
      aws.sandbox.throttle.set({ mode: 'scaled', factor: 0.001 });
      await redeploy();
      await assert.rejects(redeploy(), { name: 'ThrottlingException' });
      assert.equal(await deployments(), 2);
    });
  });

  describe('injects', () => {
    it('an error before the effect', async () => {
      aws.sandbox.faults.add({
        service: 'ecs',
        operation: 'UpdateService',
        effect: { kind: 'error', code: 'ServerException', message: 'no', status: 500 },
      });
      await assert.rejects(redeploy(), { name: 'ServerException', message: 'no' });
      assert.equal(await deployments(), 1);
      assert.equal(aws.sandbox.recorder.calls({ operation: 'UpdateService' })[0]?.outcome, 'ServerException');
    });

    it('an error after the effect', async () => {
      aws.sandbox.faults.add({ effect: { kind: 'error', code: 'ServerException', when: 'after' }, count: 1 });
      await assert.rejects(redeploy(), { name: 'ServerException' });
      assert.equal(await deployments(), 2);
    });

    it('a connection reset before the effect', async () => {
      aws.sandbox.faults.add({ effect: { kind: 'reset', when: 'before' }, count: 1 });
      await assert.rejects(redeploy(), { code: 'ECONNRESET' });
      assert.equal(await deployments(), 1);
    });

    it('a lost answer: a connection reset after the effect', async () => {
      aws.sandbox.faults.add({ effect: { kind: 'reset', when: 'after' }, count: 1 });
      await assert.rejects(redeploy(), { code: 'ECONNRESET' });
      assert.equal(await deployments(), 2);
      assert.equal(aws.sandbox.recorder.calls({ operation: 'UpdateService' })[0]?.outcome, 'reset');
    });

    it('latency on the virtual clock', async () => {
      aws.sandbox.faults.add({ operation: 'ListClusters', effect: { kind: 'latency', ms: 5_000 } });
      let answered = false;
      const call = listClusters().then(() => {
        answered = true;
      });
      // Another call on the same server has come and gone by then.
      await aws.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
      assert.equal(answered, false);
      aws.clock.advance(5_000);
      await call;
      assert.equal(answered, true);
    });

    it('empty pages with a token, between which nothing is lost', async () => {
      aws.sandbox.faults.add({ operation: 'ListServices', effect: { kind: 'emptyPage' }, count: 2 });
      const pages: number[] = [];
      for await (const page of paginateListServices({ client: aws.ecs, pageSize: 1 }, { cluster: CLUSTER }))
        pages.push(page.serviceArns?.length ?? 0);
      assert.deepEqual(pages, [0, 0, 1, 1]);
    });

    it('a fault into the nth call, so many times', async () => {
      aws.sandbox.faults.add({ after: 1, count: 2, effect: { kind: 'error', code: 'ServerException' } });
      const outcomes: string[] = [];
      for (let call = 0; call < 5; call += 1)
        outcomes.push(
          await listClusters().then(
            () => 'ok',
            () => 'failed',
          ),
        );
      assert.deepEqual(outcomes, ['ok', 'failed', 'failed', 'ok', 'ok']);
    });

    it('a fault by chance, the same chance for the same seed', async () => {
      const roll = async () => {
        const sandbox = await startTestSandbox({ seed: 7 });
        sandbox.sandbox.faults.add({ probability: 0.5, effect: { kind: 'error', code: 'ServerException' } });
        const outcomes: string[] = [];
        for (let call = 0; call < 20; call += 1)
          outcomes.push(
            await sandbox.ecs.send(new ListClustersCommand({})).then(
              () => 'ok',
              () => 'failed',
            ),
          );
        await sandbox.close();
        return outcomes;
      };
      const outcomes = await roll();
      assert.equal(new Set(outcomes).size, 2);
      assert.deepEqual(await roll(), outcomes);
    });

    it('a fault only into calls with a certain input, until it is taken back', async () => {
      const remove = aws.sandbox.faults.add({
        matches: (input) => JSON.stringify(input).includes(WEBAPP),
        effect: { kind: 'error', code: 'AccessDeniedException' },
      });
      await assert.rejects(redeploy(), { name: 'AccessDeniedException' });
      await listClusters();
      remove();
      await redeploy();
    });
  });
});
