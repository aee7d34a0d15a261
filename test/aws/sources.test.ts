import assert from 'node:assert/strict';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { SourceSnapshot } from '../../controller/reconcile/ports.ts';
import { never, startAws } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const filesOf = (snapshot: SourceSnapshot) => snapshot.files.map(({ file, text }) => [file, text]);
const incomplete = (snapshot: SourceSnapshot) => {
  assert.ok(snapshot.kind === 'incomplete', 'the snapshot must be incomplete');
  return snapshot.error;
};

describe('An S3 source', () => {
  let world: AwsAtSandbox;
  beforeEach(async () => {
    world = await startAws();
    world.box.sandbox.s3.createBucket('docs');
  });
  afterEach(() => world.close());

  const put = (key: string, body: string | Buffer) => void world.box.sandbox.s3.putObject('docs', key, body);
  const gets = () => world.box.sandbox.recorder.calls({ operation: 'GetObject' }).length;

  it('reads YAML and JSON under its prefix, sorted, and nothing else', async () => {
    put('targets/b.yaml', 'b: 1');
    put('targets/a.yml', 'a: 1');
    put('targets/deep/c.json', '{}');
    put('targets/notes.md', '#');
    put('targets/', '');
    put('elsewhere/d.yaml', 'd: 1');
    const snapshot = await world.aws.source('s3://docs/targets/').read(never());
    assert.equal(snapshot.kind, 'complete');
    assert.deepEqual(filesOf(snapshot), [
      ['s3://docs/targets/a.yml', 'a: 1'],
      ['s3://docs/targets/b.yaml', 'b: 1'],
      ['s3://docs/targets/deep/c.json', '{}'],
    ]);
  });

  it('is incomplete when a list names an object outside of its prefix: that may be any of those under it', async () => {
    put('targets/a.yaml', 'a: 1');
    put('targets/b.yaml', 'b: 1');
    world.box.sandbox.faults.add({
      operation: 'ListObjectsV2',
      effect: { kind: 'malformed', change: 'wrongType', at: ['Contents.1.Key'] },
    });
    const error = incomplete(await world.aws.source('s3://docs/targets/').read(never()));
    assert.equal(error.reason, 'IncompleteAnswer');
  });

  it('fetches only objects whose ETag is new', async () => {
    const source = world.aws.source('s3://docs/');
    put('a.yaml', 'a: 1');
    put('b.yaml', 'b: 1');
    const first = await source.read(never());
    put('b.yaml', 'b: 2');
    const second = await source.read(never());
    assert.equal(gets(), 3);
    assert.deepEqual(filesOf(second)[1], ['s3://docs/b.yaml', 'b: 2']);
    assert.notEqual(first.files[1]?.revision, second.files[1]?.revision);
    assert.match(second.files[0]?.revision ?? '', /^[0-9a-f]{32}$/);
  });

  it('reads every page of a long list', async () => {
    for (let index = 0; index < 1000; index += 1) put(`${index}.md`, '#');
    put('z.yaml', 'z: 1');
    const snapshot = await world.aws.source('s3://docs').read(never());
    assert.deepEqual(filesOf(snapshot), [['s3://docs/z.yaml', 'z: 1']]);
    assert.equal(world.box.sandbox.recorder.calls({ operation: 'ListObjectsV2' }).length, 2);
  });

  it('is incomplete when an object vanishes between the list and its read, and keeps the others', async () => {
    put('a.yaml', 'a: 1');
    put('b.yaml', 'b: 1');
    world.box.sandbox.faults.add({
      operation: 'GetObject',
      count: 1,
      effect: { kind: 'error', code: 'NoSuchKey', status: 404 },
    });
    const snapshot = await world.aws.source('s3://docs/').read(never());
    const error = incomplete(snapshot);
    assert.deepEqual([error.reason, error.family], ['ChangedWhileReading', 'transient']);
    assert.equal(snapshot.files.length, 1);
  });

  it('is complete again after an object was deleted', async () => {
    const source = world.aws.source('s3://docs/');
    put('a.yaml', 'a: 1');
    await source.read(never());
    await world.box.s3.send(new DeleteObjectCommand({ Bucket: 'docs', Key: 'a.yaml' }));
    assert.deepEqual(await source.read(never()), { kind: 'complete', uri: 's3://docs/', files: [] });
  });

  it('is incomplete when the bucket does not exist, and says which', async () => {
    const error = incomplete(await world.aws.source('s3://nowhere/').read(never()));
    assert.deepEqual([error.reason, error.where], ['NotFound', 's3://nowhere/']);
  });

  it('leaves an object out that is too large for a document, or no text', async () => {
    put('good.yaml', 'a: 1');
    put('large.yaml', 'x'.repeat(4 * 1024 * 1024 + 1));
    const snapshot = await world.aws.source('s3://docs/').read(never());
    assert.equal(incomplete(snapshot).reason, 'TextTooLarge');
    assert.equal(snapshot.files.length, 1);
    put('large.yaml', Buffer.from([0xff, 0xfe]));
    assert.equal(incomplete(await world.aws.source('s3://docs/').read(never())).reason, 'InvalidText');
  });

  it('names the permission that is missing', async () => {
    world.box.sandbox.faults.add({
      operation: 'ListObjectsV2',
      effect: { kind: 'error', code: 'AccessDenied', status: 403 },
    });
    const error = incomplete(await world.aws.source('s3://docs/').read(never()));
    assert.match(error.remedy ?? '', /s3:ListBucket/);
  });

  it('reads one object as text', async () => {
    put('prometheus.yml', 'global: {}');
    assert.equal(await world.aws.text('s3://docs/prometheus.yml').read(never()), 'global: {}');
  });
});

describe('An SSM source', () => {
  let world: AwsAtSandbox;
  beforeEach(async () => {
    world = await startAws();
  });
  afterEach(() => world.close());

  const put = (Name: string, Value: string, Type: 'String' | 'StringList' | 'SecureString' = 'String') =>
    world.box.ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: false }));

  it('reads every parameter below its path in pages of ten, decrypted, with its version', async () => {
    for (let index = 10; index < 35; index += 1) await put(`/prom/team/${index}`, `n: ${index}`);
    await put('/prom/secret', 's: 1', 'SecureString');
    await put('/promenade/no', 'x');
    const snapshot = await world.aws.source('ssm:///prom/').read(never());
    assert.equal(snapshot.kind, 'complete');
    assert.equal(snapshot.files.length, 26);
    assert.deepEqual(snapshot.files[0], { file: 'ssm:///prom/secret', text: 's: 1', revision: '1' });
    assert.equal(snapshot.files[25]?.file, 'ssm:///prom/team/34');
    assert.equal(world.box.sandbox.recorder.calls({ operation: 'GetParametersByPath' }).length, 3);
  });

  it('refuses a StringList with a hint, and keeps the others', async () => {
    await put('/prom/list', 'a,b', 'StringList');
    await put('/prom/good', 'a: 1');
    const snapshot = await world.aws.source('ssm:///prom').read(never());
    const error = incomplete(snapshot);
    assert.equal(error.where, 'ssm:///prom/list');
    assert.match(error.remedy ?? '', /type String/);
    assert.deepEqual(filesOf(snapshot), [['ssm:///prom/good', 'a: 1']]);
  });

  it('is complete and empty for a path without parameters', async () => {
    const snapshot = await world.aws.source('ssm:///nothing/').read(never());
    assert.deepEqual(snapshot, { kind: 'complete', uri: 'ssm:///nothing/', files: [] });
  });

  it('is incomplete when one page fails', async () => {
    for (let index = 0; index < 12; index += 1) await put(`/prom/${index}`, 'a: 1');
    world.box.sandbox.faults.add({
      operation: 'GetParametersByPath',
      after: 1,
      effect: { kind: 'error', code: 'InternalServerError', status: 500 },
    });
    const snapshot = await world.aws.source('ssm:///prom/').read(never());
    assert.equal(incomplete(snapshot).family, 'transient');
    assert.deepEqual(snapshot.files, []);
  });

  it('reads one parameter as text, and tells when there is none', async () => {
    await put('/prom/config', 'global: {}');
    assert.equal(await world.aws.text('ssm:///prom/config').read(never()), 'global: {}');
    await assert.rejects(world.aws.text('ssm:///prom/other').read(never()), {
      reason: 'NotFound',
      where: 'ssm:///prom/other',
    });
  });
});
