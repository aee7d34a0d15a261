import assert from 'node:assert/strict';
import {
  CreateServiceCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type Tag,
} from '@aws-sdk/client-servicediscovery';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

const numbered = (count: number, prefix = 'k'): Tag[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `${prefix}${index}`, Value: 'v' }));

describe('Cloud Map tags', () => {
  const aws = useEmptySandbox();

  const createService = async (Tags: Tag[] = []): Promise<string> => {
    const { id } = aws.sandbox.cloudMap.createNamespace({ name: 'web', type: 'HTTP' });
    const { Service } = await aws.cloudMap.send(
      new CreateServiceCommand({ Name: 'api', NamespaceId: id, Tags }),
    );
    return Service?.Arn ?? '';
  };

  const tag = (ResourceARN: string, Tags: Tag[]) =>
    aws.cloudMap.send(new TagResourceCommand({ ResourceARN, Tags }));

  const tags = async (ResourceARN: string) => {
    const { Tags = [] } = await aws.cloudMap.send(new ListTagsForResourceCommand({ ResourceARN }));
    return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
  };

  it('of a create request are there at once', async () => {
    const arn = await createService([{ Key: 'METRICS_PORT', Value: '3000' }]);
    assert.deepEqual(await tags(arn), { METRICS_PORT: '3000' });
  });

  it('overwrite equal keys and keep the rest', async () => {
    const arn = await createService([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '1' },
    ]);
    await tag(arn, [{ Key: 'a', Value: '2' }]);
    assert.deepEqual(await tags(arn), { a: '2', b: '1' });
  });

  it('may be empty', async () => {
    const arn = await createService([{ Key: 'a', Value: '' }]);
    assert.deepEqual(await tags(arn), { a: '' });
  });

  it('can be removed, also when they are absent', async () => {
    const arn = await createService([{ Key: 'a', Value: '1' }]);
    await aws.cloudMap.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: ['a', 'absent'] }));
    assert.deepEqual(await tags(arn), {});
  });

  it('also go on namespaces', async () => {
    const { arn } = aws.sandbox.cloudMap.createNamespace({ name: 'tagged', type: 'HTTP' });
    await tag(arn, [{ Key: 'a', Value: '1' }]);
    assert.deepEqual(await tags(arn), { a: '1' });
  });

  it('are 50 at most: TooManyTagsException names the resource', async () => {
    const arn = await createService(numbered(30));
    await assert.rejects(tag(arn, numbered(21, 'more')), { name: 'TooManyTagsException', ResourceName: arn });
    assert.equal(Object.keys(await tags(arn)).length, 30);
    await tag(arn, numbered(20, 'more'));
  });

  it('are 50 at most on create too', () =>
    assert.rejects(createService(numbered(51)), { name: 'TooManyTagsException' }));

  for (const [why, Key, Value] of [
    ['a key that begins with aws:', 'aws:owner', 'x'],
    ['a key that begins with AWS:', 'AWS:owner', 'x'],
    ['a value that begins with aws:', 'owner', 'aws:x'],
    ['a comma', 'teams', 'a,b'],
    ['a brace', 'json', '{}'],
    ['a key of 129 characters', 'k'.repeat(129), 'v'],
    ['a value of 257 characters', 'k', 'v'.repeat(257)],
    ['an empty key', '', 'v'],
  ] as const)
    it(`refuse ${why}`, async () => {
      const arn = await createService();
      await assert.rejects(tag(arn, [{ Key, Value }]), { name: 'InvalidInput' });
    });

  it('accept letters, digits, spaces and + - = . _ : / @', async () => {
    const arn = await createService([{ Key: 'ecs-operator/owner', Value: 'Größe 1+1=2 a_b:c/d@e.f' }]);
    assert.deepEqual(await tags(arn), { 'ecs-operator/owner': 'Größe 1+1=2 a_b:c/d@e.f' });
  });

  it('answer ResourceNotFoundException for an unknown ARN', () =>
    assert.rejects(tags('arn:aws:servicediscovery:us-east-1:123456789012:service/srv-unknown'), {
      name: 'ResourceNotFoundException',
    }));

  it('are refused on resources that another account shares', async () => {
    const { arn } = aws.sandbox.cloudMap.createNamespace({ name: 'theirs', type: 'HTTP', shared: true });
    await assert.rejects(tag(arn, [{ Key: 'a', Value: '1' }]), { name: 'AccessDeniedException' });
  });
});
