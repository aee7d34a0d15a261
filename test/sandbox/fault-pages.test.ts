import assert from 'node:assert/strict';
import { ListServicesCommand, paginateListServices } from '@aws-sdk/client-ecs';
import { CreateBucketCommand, ListObjectsV2Command, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import {
  ListNamespacesCommand,
  paginateListServices as paginateRegistries,
} from '@aws-sdk/client-servicediscovery';
import { generateScenario } from '../../controller/sandbox/scenarios/generate.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import type { FaultEffect } from '../../controller/sandbox/effects/effect.ts';
import type { TestSandbox } from '../support/sandbox.ts';

describe('A page that a fault of the sandbox spoils', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox({
      scenario: generateScenario({ services: 7, tasksPerService: 0, bound: true }),
    });
  });
  afterEach(() => aws.close());

  const inject = (effect: FaultEffect, count = Infinity) => aws.sandbox.faults.add({ effect, count });

  const servicePages = async (pageSize = 5): Promise<number[]> => {
    const pages: number[] = [];
    for await (const page of paginateListServices({ client: aws.ecs, pageSize }, { cluster: 'generated' }))
      pages.push(page.serviceArns?.length ?? 0);
    return pages;
  };
  const registryPages = async (): Promise<number[]> => {
    const pages: number[] = [];
    for await (const page of paginateRegistries({ client: aws.cloudMap }, {}))
      pages.push(page.Services?.length ?? 0);
    return pages;
  };
  const objectPages = async (pageSize = 1000): Promise<string[][]> => {
    const pages: string[][] = [];
    for await (const page of paginateListObjectsV2({ client: aws.s3, pageSize }, { Bucket: 'documents' }))
      pages.push((page.Contents ?? []).map(({ Key = '' }) => Key));
    return pages;
  };
  const createObjects = async (...keys: string[]) => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: 'documents' }));
    for (const key of keys) aws.sandbox.s3.putObject('documents', key, 'x');
  };

  it('ends early with a token, so that the list is whole in the end', async () => {
    inject({ kind: 'partialPage', keep: 3, token: 'kept' });
    assert.deepEqual(
      [await servicePages(), await registryPages()],
      [
        [3, 3, 1],
        [3, 3, 1],
      ],
    );
  });

  it('has no more items than the caller asked for', async () => {
    inject({ kind: 'partialPage', keep: 3, token: 'kept' });
    assert.deepEqual(await servicePages(2), [2, 2, 2, 1]);
  });

  it('ends early without a token: nothing says that there is more', async () => {
    inject({ kind: 'partialPage', keep: 3, token: 'lost' });
    assert.deepEqual([await servicePages(), await registryPages()], [[3], [3]]);
  });

  it('may lose everything', async () => {
    inject({ kind: 'partialPage', keep: 0, token: 'lost' });
    assert.deepEqual(await servicePages(), [0]);
  });

  it('may be the last page, the earlier ones being whole', async () => {
    aws.sandbox.faults.add({ nth: 2, effect: { kind: 'partialPage', keep: 1, token: 'lost' } });
    assert.deepEqual(await servicePages(3), [3, 1]);
  });

  it('spoils lists alone: a read by id passes and does not use the fault up', async () => {
    inject({ kind: 'emptyPage' }, 1);
    await aws.s3.send(new CreateBucketCommand({ Bucket: 'other' }));
    assert.deepEqual(await registryPages(), [0, 7]);
  });

  it('is refused when the request is wrong, as the whole page would be', async () => {
    inject({ kind: 'partialPage', token: 'lost' });
    await assert.rejects(aws.ecs.send(new ListServicesCommand({ cluster: 'nowhere' })), {
      name: 'ClusterNotFoundException',
    });
    await assert.rejects(aws.cloudMap.send(new ListNamespacesCommand({ NextToken: 'x' })), {
      name: 'InvalidInput',
    });
  });

  describe('in S3', () => {
    beforeEach(() => createObjects('a', 'b', 'c'));

    it('ends early with a token', async () => {
      inject({ kind: 'partialPage', keep: 2, token: 'kept' });
      assert.deepEqual(await objectPages(), [['a', 'b'], ['c']]);
    });

    it('ends early without a token', async () => {
      inject({ kind: 'partialPage', keep: 2, token: 'lost' });
      assert.deepEqual(await objectPages(), [['a', 'b']]);
      const { KeyCount, IsTruncated } = await aws.s3.send(
        new ListObjectsV2Command({ Bucket: 'documents', MaxKeys: 2 }),
      );
      assert.deepEqual([KeyCount, IsTruncated], [2, false]);
    });

    it('is empty with a token, between which nothing is lost', async () => {
      inject({ kind: 'emptyPage' }, 2);
      assert.deepEqual(await objectPages(2), [[], [], ['a', 'b'], ['c']]);
    });
  });
});
