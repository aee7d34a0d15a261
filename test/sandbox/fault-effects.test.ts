import assert from 'node:assert/strict';
import { ListClustersCommand, ListTasksCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { DiscoverInstancesCommand, ListNamespacesCommand } from '@aws-sdk/client-servicediscovery';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CLUSTER, describeService, startTestSandbox } from '../support/sandbox.ts';
import type { FaultEffect } from '../../controller/sandbox/effects/effect.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const WEBAPP = 'WebAppService';

describe('A fault of the sandbox answers', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  const inject = (effect: FaultEffect) => aws.sandbox.faults.add({ effect });
  const redeploy = (abortSignal?: AbortSignal) =>
    aws.ecs.send(
      new UpdateServiceCommand({ cluster: CLUSTER, service: WEBAPP, forceNewDeployment: true }),
      abortSignal === undefined ? {} : { abortSignal },
    );
  const deployments = async () => {
    aws.sandbox.faults.clear();
    return (await describeService(aws, WEBAPP)).deployments?.length;
  };
  const errorOf = async (promise: Promise<unknown>) => {
    try {
      await promise;
    } catch (thrown) {
      assert.ok(thrown instanceof Error && '$metadata' in thrown);
      const { httpStatusCode } = thrown.$metadata as { httpStatusCode?: number };
      return [thrown.name, thrown.message, httpStatusCode];
    }
    return assert.fail('the call succeeded');
  };
  const calls = {
    ecs: () => aws.ecs.send(new ListClustersCommand({})),
    cloudMap: () => aws.cloudMap.send(new ListNamespacesCommand({})),
    discover: () =>
      aws.cloudMap.send(new DiscoverInstancesCommand({ NamespaceName: 'ecs-services', ServiceName: 'x' })),
    ssm: () => aws.ssm.send(new GetParametersCommand({ Names: ['/a'] })),
    s3: () => aws.s3.send(new GetObjectCommand({ Bucket: 'documents', Key: 'web.yaml' })),
    sts: () => aws.sts.send(new GetCallerIdentityCommand({})),
  };

  it('a throttle under the name that each service has for it', async () => {
    inject({ kind: 'throttle' });
    assert.deepEqual(
      {
        ecs: await errorOf(calls.ecs()),
        cloudMap: await errorOf(calls.cloudMap()),
        discover: await errorOf(calls.discover()),
        ssm: await errorOf(calls.ssm()),
        s3: await errorOf(calls.s3()),
        sts: await errorOf(calls.sts()),
      },
      {
        ecs: ['ThrottlingException', 'Rate exceeded', 400],
        cloudMap: ['ThrottlingException', 'Rate exceeded', 400],
        discover: ['RequestLimitExceeded', 'Rate exceeded', 429],
        ssm: ['ThrottlingException', 'Rate exceeded', 400],
        s3: ['SlowDown', 'Please reduce your request rate.', 503],
        sts: ['Throttling', 'Rate exceeded', 400],
      },
    );
  });

  it('500 as an internal failure and 503 as ServiceUnavailable', async () => {
    inject({ kind: 'serverError' });
    assert.deepEqual(
      [(await errorOf(calls.ecs())).toSpliced(1, 1), (await errorOf(calls.s3())).toSpliced(1, 1)],
      [
        ['InternalFailure', 500],
        ['InternalError', 500],
      ],
    );
    aws.sandbox.faults.clear();
    inject({ kind: 'serverError', status: 503 });
    for (const call of [calls.ecs, calls.cloudMap, calls.ssm, calls.s3, calls.sts])
      assert.deepEqual((await errorOf(call())).toSpliced(1, 1), ['ServiceUnavailable', 503]);
  });

  it('a server error after the effect: the write is done all the same', async () => {
    inject({ kind: 'serverError', when: 'after' });
    await assert.rejects(redeploy(), { name: 'InternalFailure' });
    assert.equal(await deployments(), 2);
  });

  it('AccessDenied in the words of IAM: who, what and on what', async () => {
    inject({ kind: 'accessDenied' });
    const user = 'User: arn:aws:iam::123456789012:user/test is not authorized to perform:';
    assert.deepEqual(await errorOf(calls.ecs()), [
      'AccessDeniedException',
      `${user} ecs:ListClusters on resource: * because no identity-based policy allows the ecs:ListClusters action`,
      400,
    ]);
    const arn = `arn:aws:ecs:us-east-1:123456789012:cluster/${CLUSTER}`;
    assert.deepEqual(
      (await errorOf(aws.ecs.send(new ListTasksCommand({ cluster: arn }))))[1],
      [
        `${user} ecs:ListTasks on resource: ${arn} because no identity-based policy allows the ecs:ListTasks action`,
      ][0],
    );
    assert.deepEqual(await errorOf(calls.s3()), [
      'AccessDenied',
      `${user} s3:GetObject on resource: "arn:aws:s3:::documents/web.yaml" because no identity-based policy allows the s3:GetObject action`,
      403,
    ]);
    assert.match(
      String((await errorOf(aws.s3.send(new ListBucketsCommand({}))))[1]),
      /s3:ListAllMyBuckets on resource/,
    );
    assert.deepEqual((await errorOf(calls.sts())).toSpliced(1, 1), ['AccessDenied', 403]);
  });

  describe('not at all', () => {
    const givenUp = async (when: 'before' | 'after') => {
      inject({ kind: 'timeout', when });
      const client = new AbortController();
      const call = redeploy(client.signal);
      // The abort comes when the call has arrived: no clock is involved.
      while (aws.sandbox.recorder.total() === 0) await new Promise((resolve) => setImmediate(resolve));
      client.abort();
      await assert.rejects(call, { name: 'AbortError' });
    };

    it('until the client gives up, before the effect', async () => {
      await givenUp('before');
      assert.equal(aws.sandbox.recorder.calls()[0]?.outcome, 'timeout');
      assert.equal(await deployments(), 1);
    });

    it('until the client gives up, after the effect', async () => {
      await givenUp('after');
      assert.equal(await deployments(), 2);
    });

    it('until the sandbox closes', async () => {
      inject({ kind: 'timeout' });
      const call = calls.ecs();
      const failed = assert.rejects(call, { code: 'ECONNRESET' });
      while (aws.sandbox.recorder.total() === 0) await new Promise((resolve) => setImmediate(resolve));
      await aws.sandbox.close();
      await failed;
      aws = await startTestSandbox();
    });
  });

  describe('slowly', () => {
    it('on a virtual clock that the call itself moves on, so that nobody waits for it', async () => {
      inject({ kind: 'latency', ms: 40_000, clock: 'elapse' });
      const start = aws.clock.now();
      await calls.ecs();
      assert.equal(aws.clock.now() - start, 40_000);
    });

    it('in real time, while the clock of the sandbox stands still', async () => {
      inject({ kind: 'latency', ms: 1, clock: 'real' });
      const start = aws.clock.now();
      await calls.ecs();
      assert.equal(aws.clock.now(), start);
    });

    it('and takes effect before the wait or behind it', async () => {
      const start = aws.clock.now();
      const begun: (number | undefined)[] = [];
      for (const when of ['before', 'after'] as const) {
        const restore = inject({ kind: 'latency', ms: 5000, clock: 'elapse', when });
        const { service } = await redeploy();
        begun.push(service?.deployments?.[0]?.createdAt?.getTime());
        restore();
      }
      assert.deepEqual(begun, [start + 5000, start + 5000]);
      assert.equal(aws.clock.now(), start + 10_000);
    });
  });
});
