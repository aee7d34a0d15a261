import assert from 'node:assert/strict';
import { GetBucketVersioningCommand, GetObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { toldOf, startPublishing } from '../support/published-world.ts';
import type { PublishingWorld } from '../support/published-world.ts';
import { versioned } from '../support/publishing.ts';

const A = versioned('a');

describe('an object that was published', () => {
  let world: PublishingWorld;
  beforeEach(async () => {
    world = await startPublishing('s3://docs/targets/');
  });
  afterEach(() => world.close());

  const object = (key: string) =>
    world.box.s3.send(new GetObjectCommand({ Bucket: 'docs', Key: key, ChecksumMode: 'ENABLED' }));
  const publish = async (texts: Readonly<Record<string, string>>, revision?: string) =>
    world.carryOut(await world.plan(texts), revision);

  it('has a content type, a checksum and the revision that it came from', async () => {
    const json = JSON.stringify({
      apiVersion: 'monitoring.ecs/v1alpha1',
      kind: 'ScrapeTarget',
      metadata: { name: 'b' },
      spec: {
        serviceRef: { cluster: 'shop', service: 'b' },
        registry: { namespace: 'apps' },
        endpoints: [{ name: 'metrics', portNumber: 80 }],
      },
    });
    await publish({ 'a.yaml': A, 'b.json': json }, '0123abc');
    const [yaml, second] = await Promise.all([object('targets/a.yaml'), object('targets/b.json')]);
    assert.equal(yaml.ContentType, 'application/yaml; charset=utf-8');
    assert.equal(second.ContentType, 'application/json; charset=utf-8');
    assert.match(yaml.ChecksumSHA256 ?? '', /^[\w+/]{43}=$/);
    assert.deepEqual(yaml.Metadata, { 'scrapectl-revision': '0123abc' });
  });

  it('keeps the revision that last changed it', async () => {
    await publish({ 'a.yaml': A }, 'first');
    await publish({ 'a.yaml': A, 'b.yaml': versioned('b') }, 'second');
    assert.deepEqual((await object('targets/a.yaml')).Metadata, { 'scrapectl-revision': 'first' });
    assert.deepEqual((await object('targets/b.yaml')).Metadata, { 'scrapectl-revision': 'second' });
  });

  it('tells its version where the bucket keeps versions', async () => {
    await world.box.s3.send(
      new PutBucketVersioningCommand({ Bucket: 'docs', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    assert.equal(
      (await world.box.s3.send(new GetBucketVersioningCommand({ Bucket: 'docs' }))).Status,
      'Enabled',
    );
    const [outcome] = await publish({ 'a.yaml': A });
    assert.ok(outcome?.result.kind === 'written');
    assert.equal(outcome.result.version, (await object('targets/a.yaml')).VersionId);
  });

  it('is written in spite of some lost races', async () => {
    await publish({ 'a.yaml': A });
    world.box.sandbox.s3.loseRaces(3);
    assert.deepEqual(toldOf(await publish({ 'a.yaml': versioned('a', '15s') })), ['update a.yaml: written']);
  });

  it('is given up after many lost races, and AWS is quoted', async () => {
    world.box.sandbox.s3.loseRaces(1000);
    const [outcome] = await publish({ 'a.yaml': A });
    assert.ok(outcome?.result.kind === 'failed');
    assert.match(outcome.result.error.message, /ConditionalRequestConflict/);
    assert.ok(world.box.sandbox.recorder.calls({ operation: 'PutObject' }).length < 10);
  });
});
