import assert from 'node:assert/strict';
import { DescribeTasksCommand, ListServicesCommand } from '@aws-sdk/client-ecs';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CLUSTER, startTestSandbox } from '../support/sandbox.ts';
import type { GarbledEffect, MalformedEffect } from '../../controller/sandbox/effects/effect.ts';
import type { TestSandbox } from '../support/sandbox.ts';

describe('A malformed answer of the sandbox', () => {
  let aws: TestSandbox;
  let arns: string[];
  beforeEach(async () => {
    aws = await startTestSandbox();
    arns = aws.sandbox.ecs
      .tasks()
      .filter(({ service }) => service.name === 'WebAppService')
      .map(({ arn }) => arn);
  });
  afterEach(() => aws.close());

  const malform = (change: MalformedEffect['change'], ...at: string[]) =>
    aws.sandbox.faults.add({ effect: { kind: 'malformed', change, ...(at.length > 0 && { at }) } });
  const tasks = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { tasks = [] } = await aws.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: arns }));
    return tasks.map((task) => ({ ...task }));
  };
  const objects = async () => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: 'documents' }));
    for (const key of ['a', 'b']) aws.sandbox.s3.putObject('documents', key, 'x');
    return () => aws.s3.send(new ListObjectsV2Command({ Bucket: 'documents' }));
  };

  it('lacks the members that a pattern names, in every item', async () => {
    malform('drop', 'tasks.*.attachments', '**.taskArn');
    const found = await tasks();
    assert.equal(found.length, 2);
    for (const task of found) {
      assert.deepEqual([task['taskArn'], task['attachments']], [undefined, undefined]);
      assert.equal(task['lastStatus'], 'RUNNING');
    }
  });

  it('lacks one item of a list, which moves the others up', async () => {
    malform('drop', 'tasks.0');
    assert.deepEqual(
      (await tasks()).map((task) => task['taskArn']),
      arns.slice(1),
    );
  });

  it('has null where a value should be', async () => {
    malform('null', 'tasks');
    assert.deepEqual(await tasks().catch((thrown: unknown) => thrown), []);
  });

  it('has values of another type, such as a number for a text', async () => {
    malform('wrongType', 'tasks.0.lastStatus', 'tasks.0.containers');
    const [first] = await tasks();
    assert.equal(first?.['lastStatus'], 7);
  });

  it('has texts of a million characters', async () => {
    malform('huge', 'tasks.0.group');
    const [first, second] = await tasks();
    assert.deepEqual(
      [String(first?.['group']).length, second?.['group']],
      [1_000_000, 'service:WebAppService'],
    );
  });

  it('has members that nobody knows, which a client passes over', async () => {
    const plain = await tasks();
    malform('unknownMember', '**');
    assert.deepEqual(await tasks(), plain);
    const response = await fetch(aws.sandbox.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' },
    });
    assert.match(await response.text(), /"futureMember"/);
  });

  it('repeats the items of a list', async () => {
    malform('duplicate', 'tasks');
    assert.deepEqual(
      (await tasks()).map((task) => task['taskArn']),
      arns.flatMap((arn) => [arn, arn]),
    );
  });

  it('is wrong in one place that the seed chooses where no pattern names one', async () => {
    const place = async (seed: number) => {
      const box = await startTestSandbox({ seed });
      box.sandbox.faults.add({ effect: { kind: 'malformed', change: 'drop' } });
      const { serviceArns } = await box.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
      await box.close();
      return serviceArns?.map((arn) => arn.split('/').at(-1));
    };
    const places = await Promise.all([1, 2, 3, 4, 5, 6].map(place));
    assert.ok(places.every((names) => (names?.length ?? 0) < 2));
    assert.ok(new Set(places.map((names) => JSON.stringify(names))).size > 1);
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5, 6].map(place)), places);
  });

  it('is never an error, which stays as AWS words it', async () => {
    malform('drop', '**');
    await assert.rejects(aws.ecs.send(new ListServicesCommand({ cluster: 'nowhere' })), {
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
    });
  });

  describe('in XML', () => {
    it('lacks elements, one or many', async () => {
      const list = await objects();
      malform('drop', 'Contents.0.Key', '**.ETag');
      const { Contents = [] } = await list();
      assert.deepEqual(
        Contents.map(({ Key, ETag }) => [Key, ETag]),
        [
          [undefined, undefined],
          ['b', undefined],
        ],
      );
    });

    it('repeats elements', async () => {
      const list = await objects();
      malform('duplicate', 'Contents');
      assert.deepEqual(
        (await list()).Contents?.map(({ Key }) => Key),
        ['a', 'a', 'b', 'b'],
      );
    });

    it('has empty elements, and elements that nobody knows', async () => {
      const list = await objects();
      malform('null', '**.Key');
      assert.deepEqual(
        (await list()).Contents?.map(({ Key }) => Key),
        ['', ''],
      );
      aws.sandbox.faults.clear();
      malform('unknownMember', '**');
      assert.equal((await list()).KeyCount, 2);
    });

    it('makes the client fail where a time is none', async () => {
      const list = await objects();
      malform('wrongType', '**.LastModified');
      await assert.rejects(list(), /RFC|date/i);
    });

    it('is an identity without an account', async () => {
      malform('drop', '**.Account');
      const { Account, UserId } = await aws.sts.send(new GetCallerIdentityCommand({}));
      assert.deepEqual([Account, UserId], [undefined, aws.sandbox.account]);
    });

    it('is never the content of an object', async () => {
      const list = await objects();
      await list();
      malform('drop', '**');
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: 'documents', Key: 'a' }));
      assert.equal(await Body?.transformToString(), 'x');
    });
  });
});

describe('A garbled answer of the sandbox', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  const garble = (body: GarbledEffect['body'], status?: number) =>
    aws.sandbox.faults.add({ effect: { kind: 'garbled', body, ...(status !== undefined && { status }) } });
  const list = () => aws.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
  const identity = () => aws.sts.send(new GetCallerIdentityCommand({}));

  it('is the page of a proxy, as a success', async () => {
    garble('html');
    await assert.rejects(list(), { name: 'SyntaxError' });
    await assert.rejects(list(), ({ $metadata }: { $metadata?: { httpStatusCode?: number } }) => {
      assert.equal($metadata?.httpStatusCode, 200);
      return true;
    });
  });

  it('is the page of a proxy, as a bad gateway', async () => {
    garble('html', 502);
    await assert.rejects(list(), ({ $metadata }: { $metadata?: { httpStatusCode?: number } }) => {
      assert.equal($metadata?.httpStatusCode, 502);
      return true;
    });
  });

  it('is a success without a body: the client sees an answer without members', async () => {
    garble('empty');
    assert.equal((await list()).serviceArns, undefined);
    const response = await fetch(aws.sandbox.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' },
    });
    assert.deepEqual([response.status, await response.text()], [200, '']);
  });

  it('ends in the middle, as if that were all', async () => {
    garble('truncated');
    await assert.rejects(list(), { name: 'SyntaxError' });
    await assert.rejects(identity());
  });

  it('breaks off in the middle', async () => {
    garble('cutOff');
    await assert.rejects(list(), { code: 'ECONNRESET' });
  });

  it('breaks off in the middle of an object', async () => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: 'documents' }));
    aws.sandbox.s3.putObject('documents', 'a', 'x'.repeat(1000));
    garble('cutOff');
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: 'documents', Key: 'a' }));
    assert.ok(Body !== undefined);
    await assert.rejects(Body.transformToString());
  });
});
