import assert from 'node:assert/strict';
import { get as httpGet } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3ServiceException,
  type DeleteObjectCommandInput,
  type GetObjectCommandInput,
  type ListObjectsV2CommandInput,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

const Bucket = 'documents';
const HELLO_ETAG = '"5d41402abc4b2a76b9719d911017c592"';

/** What the SDK makes of an S3 error: for answers without a body only the status is certain. */
const failing = (status: number, code?: string) => (error: unknown) => {
  assert.ok(error instanceof S3ServiceException);
  assert.equal(error.$metadata.httpStatusCode, status);
  if (code !== undefined) assert.equal(error.name, code);
  return true;
};

/** Asks the sandbox under another name, as a client does that puts the bucket into the host. */
const readAs = (host: string, url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    httpGet(url, { headers: { host } }, (response) => resolve(text(response))).on('error', reject);
  });

describe('S3', () => {
  const aws = useEmptySandbox({ region: 'eu-central-1' });

  beforeEach(() => aws.sandbox.s3.createBucket(Bucket));

  const put = (
    Key: string,
    Body: PutObjectCommandInput['Body'] = 'hello',
    input: Partial<PutObjectCommandInput> = {},
  ) => aws.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...input }));

  const get = (Key: string, input: Partial<GetObjectCommandInput> = {}) =>
    aws.s3.send(new GetObjectCommand({ Bucket, Key, ...input }));

  const read = async (Key: string, input: Partial<GetObjectCommandInput> = {}) =>
    (await get(Key, input)).Body?.transformToString();

  const remove = (Key: string, input: Partial<DeleteObjectCommandInput> = {}) =>
    aws.s3.send(new DeleteObjectCommand({ Bucket, Key, ...input }));

  const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
    aws.s3.send(new ListObjectsV2Command({ Bucket, ...input }));

  const keys = async (input: Partial<ListObjectsV2CommandInput> = {}) =>
    (await list(input)).Contents?.map(({ Key }) => Key);

  describe('PutObject', () => {
    it('answers with the quoted MD5 of the body as ETag', async () => {
      assert.equal((await put('a')).ETag, HELLO_ETAG);
    });

    it('gives equal content an equal ETag, whatever the metadata', async () => {
      assert.equal((await put('a', 'hello', { ContentType: 'text/yaml' })).ETag, (await put('a')).ETag);
    });

    it('accepts a stream, which the SDK sends as aws-chunked', async () => {
      const body = Readable.from([Buffer.from('hel'), Buffer.from('lo')]);
      await put('a', body, { ContentLength: 5 });
      assert.equal(await read('a'), 'hello');
      const { ContentEncoding } = await get('a');
      assert.equal(ContentEncoding, undefined);
    });

    it('keeps the CRC32 that the SDK computes and gives it back', async () => {
      const { ChecksumCRC32 } = await put('a');
      assert.equal(ChecksumCRC32, 'NhCmhg==');
      assert.equal((await get('a')).ChecksumCRC32, 'NhCmhg==');
    });

    it('refuses a body that does not have its CRC32: BadDigest', () =>
      assert.rejects(put('a', 'hello', { ChecksumCRC32: 'AAAAAA==' }), failing(400, 'BadDigest')));

    it('refuses a body that does not have its MD5: BadDigest', () =>
      assert.rejects(
        put('a', 'hello', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
        failing(400, 'BadDigest'),
      ));

    it('refuses a key of more than 1024 bytes', () =>
      assert.rejects(put('ä'.repeat(513)), failing(400, 'KeyTooLongError')));

    it('answers NoSuchBucket for a bucket that does not exist', () =>
      assert.rejects(put('a', 'x', { Bucket: 'missing' }), failing(404, 'NoSuchBucket')));

    it('keeps content type and user metadata', async () => {
      await put('a', 'hello', { ContentType: 'text/yaml', Metadata: { owner: 'shop' } });
      const { ContentType, Metadata } = await get('a');
      assert.deepEqual([ContentType, Metadata], ['text/yaml', { owner: 'shop' }]);
    });
  });

  describe('PutObject with If-None-Match: *', () => {
    const create = (Key: string) => put(Key, 'hello', { IfNoneMatch: '*' });

    it('creates a key that is free', async () => {
      await create('lease');
      assert.equal(await read('lease'), 'hello');
    });

    it('answers 412 with the name of the condition when the key is taken', async () => {
      await create('lease');
      await assert.rejects(create('lease'), (error: unknown) => {
        failing(412, 'PreconditionFailed')(error);
        assert.ok(error instanceof Error && 'Condition' in error);
        assert.equal(error.Condition, 'If-None-Match');
        assert.equal(error.message, 'At least one of the pre-conditions you specified did not hold');
        return true;
      });
    });

    it('answers 409 ConditionalRequestConflict when another writer raced', async () => {
      aws.sandbox.s3.loseRaces(1);
      await assert.rejects(create('lease'), failing(409, 'ConditionalRequestConflict'));
      await create('lease');
    });

    it('lets exactly one of many writers win', async () => {
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => create('lease')));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    });

    it('takes nothing but the star', () =>
      assert.rejects(put('a', 'x', { IfNoneMatch: HELLO_ETAG }), failing(501, 'NotImplemented')));
  });

  describe('PutObject with If-Match', () => {
    const replace = (IfMatch: string | undefined) => put('a', 'new', { IfMatch });

    it('replaces an object that still has the ETag, quoted or not', async () => {
      await put('a');
      const { ETag } = await replace(HELLO_ETAG);
      await replace(ETag?.replaceAll('"', ''));
    });

    it('answers 412 when the object has another ETag, and leaves it alone', async () => {
      await put('a', 'other');
      await assert.rejects(replace(HELLO_ETAG), failing(412, 'PreconditionFailed'));
      assert.equal(await read('a'), 'other');
    });

    it('answers 404 NoSuchKey when there is no object', () =>
      assert.rejects(replace(HELLO_ETAG), failing(404, 'NoSuchKey')));
  });

  describe('GetObject', () => {
    it('gives back the bytes, their length and the time of the write', async () => {
      await put('a');
      aws.clock.advance(60_000);
      const object = await get('a');
      assert.equal(await object.Body?.transformToString(), 'hello');
      assert.equal(object.ContentLength, 5);
      assert.deepEqual(object.LastModified, new Date(Date.UTC(2026, 0, 1)));
    });

    it('answers NoSuchKey for a missing key', () =>
      assert.rejects(get('missing'), failing(404, 'NoSuchKey')));

    it('answers 304 without a body while If-None-Match holds the ETag', async () => {
      await put('a');
      await assert.rejects(get('a', { IfNoneMatch: HELLO_ETAG }), failing(304));
      await put('a', 'changed');
      assert.equal(await read('a', { IfNoneMatch: HELLO_ETAG }), 'changed');
    });

    it('answers 412 when If-Match names another ETag', async () => {
      await put('a', 'other');
      await assert.rejects(get('a', { IfMatch: HELLO_ETAG }), failing(412, 'PreconditionFailed'));
    });

    it('answers 304 when nothing changed since If-Modified-Since', async () => {
      await put('a');
      const now = new Date(Date.UTC(2026, 0, 1));
      await assert.rejects(get('a', { IfModifiedSince: now }), failing(304));
      assert.equal(await read('a', { IfModifiedSince: new Date(now.getTime() - 1_000) }), 'hello');
    });

    for (const [Range, part, ContentRange] of [
      ['bytes=1-3', 'ell', 'bytes 1-3/5'],
      ['bytes=3-', 'lo', 'bytes 3-4/5'],
      ['bytes=-2', 'lo', 'bytes 3-4/5'],
      ['bytes=0-99', 'hello', 'bytes 0-4/5'],
    ] as const)
      it(`gives ${part} for the range ${Range}`, async () => {
        await put('a');
        const object = await get('a', { Range });
        assert.equal(await object.Body?.transformToString(), part);
        assert.equal(object.ContentRange, ContentRange);
        assert.equal(object.$metadata.httpStatusCode, 206);
      });

    it('answers 416 for a range beyond the end', async () => {
      await put('a');
      await assert.rejects(get('a', { Range: 'bytes=5-' }), failing(416, 'InvalidRange'));
    });

    for (const Key of ['with space', 'ümläut/日本.yaml', 'a+b&c=d?e#f%g', 'a/../b', 'quote\'"<>', '//double'])
      it(`finds the key ${Key}`, async () => {
        await put(Key);
        assert.equal(await read(Key), 'hello');
      });
  });

  describe('HeadObject', () => {
    it('tells length and ETag without the body', async () => {
      await put('a');
      const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
      assert.deepEqual([head.ContentLength, head.ETag], [5, HELLO_ETAG]);
    });

    it('answers 404 without a body, which the SDK calls NotFound', () =>
      assert.rejects(aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'a' })), failing(404, 'NotFound')));
  });

  describe('ListObjectsV2', () => {
    it('sorts by the bytes of UTF-8', async () => {
      // In UTF-16 the emoji would come before U+FF5E.
      for (const key of ['～', '😀', 'b', 'B', 'a']) await put(key);
      assert.deepEqual(await keys(), ['B', 'a', 'b', '～', '😀']);
    });

    it('tells key, size, ETag and date', async () => {
      await put('a');
      const { Contents, KeyCount, IsTruncated } = await list();
      assert.deepEqual([KeyCount, IsTruncated], [1, false]);
      assert.deepEqual(Contents?.[0], {
        Key: 'a',
        LastModified: new Date(Date.UTC(2026, 0, 1)),
        ETag: HELLO_ETAG,
        Size: 5,
        StorageClass: 'STANDARD',
      });
    });

    it('has no Contents when nothing matches', async () => {
      assert.equal((await list({ Prefix: 'none/' })).Contents, undefined);
    });

    it('takes only keys with the prefix, and only after start-after', async () => {
      for (const key of ['x/1', 'x/2', 'x/3', 'y']) await put(key);
      assert.deepEqual(await keys({ Prefix: 'x/' }), ['x/1', 'x/2', 'x/3']);
      assert.deepEqual(await keys({ Prefix: 'x/', StartAfter: 'x/1' }), ['x/2', 'x/3']);
    });

    it('folds keys at the delimiter into common prefixes, and counts each once', async () => {
      for (const key of ['t/a', 't/team/b', 't/team/c', 't/zeta/d']) await put(key);
      const { Contents, CommonPrefixes, KeyCount } = await list({ Prefix: 't/', Delimiter: '/' });
      assert.deepEqual(
        Contents?.map(({ Key }) => Key),
        ['t/a'],
      );
      assert.deepEqual(
        CommonPrefixes?.map(({ Prefix }) => Prefix),
        ['t/team/', 't/zeta/'],
      );
      assert.equal(KeyCount, 3);
    });

    it('goes on with a token, over common prefixes too', async () => {
      for (const key of ['a/1', 'a/2', 'b/1', 'c']) await put(key);
      const seen: (string | undefined)[] = [];
      for await (const page of paginateListObjectsV2(
        { client: aws.s3, pageSize: 1 },
        { Bucket, Delimiter: '/' },
      ))
        seen.push(
          ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
          ...(page.Contents ?? []).map(({ Key }) => Key),
        );
      assert.deepEqual(seen, ['a/', 'b/', 'c']);
    });

    it('gives 1000 a page at most, also when asked for more', async () => {
      for (let index = 0; index < 1001; index++) aws.sandbox.s3.putObject(Bucket, `k${index}`, '');
      const { KeyCount, MaxKeys, IsTruncated } = await list({ MaxKeys: 5000 });
      assert.deepEqual([KeyCount, MaxKeys, IsTruncated], [1000, 1000, true]);
    });

    it('neither repeats nor skips keys that stay while others come and go between pages', async () => {
      for (const key of ['a', 'c', 'e']) await put(key);
      const first = await list({ MaxKeys: 2 });
      await remove('a');
      await put('b');
      assert.deepEqual(await keys({ ContinuationToken: first.NextContinuationToken }), ['e']);
    });

    it('escapes keys for XML', async () => {
      const key = '<a href="x">&\'';
      await put(key);
      assert.deepEqual(await keys(), [key]);
    });

    it('encodes keys for a URL when asked, and leaves slashes', async () => {
      await put("t/a b&c(1)'.yaml");
      assert.deepEqual(await keys({ EncodingType: 'url' }), ['t/a+b%26c%281%29%27.yaml']);
    });

    it('refuses a token that it did not give', () =>
      assert.rejects(list({ ContinuationToken: 'made up' }), failing(400, 'InvalidArgument')));

    it('sees a write and a delete at once', async () => {
      await put('a');
      assert.deepEqual(await keys(), ['a']);
      await remove('a');
      assert.equal(await keys(), undefined);
    });
  });

  describe('DeleteObject', () => {
    it('answers 204, also for a missing key', async () => {
      assert.equal((await remove('missing')).$metadata.httpStatusCode, 204);
    });

    it('with If-Match deletes only the object with that ETag', async () => {
      await put('a', 'other');
      await assert.rejects(remove('a', { IfMatch: HELLO_ETAG }), failing(412, 'PreconditionFailed'));
      await put('a');
      await remove('a', { IfMatch: HELLO_ETAG });
      await assert.rejects(remove('a', { IfMatch: HELLO_ETAG }), failing(404));
    });

    it('in the plural refuses a request without keys', () =>
      assert.rejects(
        aws.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [] } })),
        failing(400, 'MalformedXML'),
      ));

    it('in the plural reports each key, and stops at none', async () => {
      await put('a');
      await put('b & c');
      const { Deleted, Errors } = await aws.s3.send(
        new DeleteObjectsCommand({
          Bucket,
          Delete: { Objects: [{ Key: 'a', ETag: '"0"' }, { Key: 'b & c' }, { Key: 'missing' }] },
        }),
      );
      assert.deepEqual(
        Deleted?.map(({ Key }) => Key),
        ['b & c', 'missing'],
      );
      assert.deepEqual(
        Errors?.map(({ Key, Code }) => [Key, Code]),
        [['a', 'PreconditionFailed']],
      );
    });
  });

  describe('a versioned bucket', () => {
    const Bucket = 'versioned';
    beforeEach(() => aws.sandbox.s3.createBucket(Bucket, { versioned: true }));

    it('keeps what was overwritten under its VersionId', async () => {
      const { VersionId } = await put('a', 'one', { Bucket });
      await put('a', 'two', { Bucket });
      assert.equal(await read('a', { Bucket }), 'two');
      assert.equal(await read('a', { Bucket, VersionId }), 'one');
    });

    it('hides a deleted object behind a delete marker', async () => {
      const { VersionId } = await put('a', 'one', { Bucket });
      const { DeleteMarker } = await remove('a', { Bucket });
      assert.equal(DeleteMarker, true);
      await assert.rejects(get('a', { Bucket }), failing(404, 'NoSuchKey'));
      assert.equal((await list({ Bucket })).KeyCount, 0);
      assert.equal(await read('a', { Bucket, VersionId }), 'one');
    });

    it('brings the object back when the marker itself is deleted', async () => {
      await put('a', 'one', { Bucket });
      const { VersionId } = await remove('a', { Bucket });
      await remove('a', { Bucket, VersionId });
      assert.equal(await read('a', { Bucket }), 'one');
    });

    it('says of a delete marker asked for by its id that it cannot be read', async () => {
      await put('a', 'one', { Bucket });
      const { VersionId } = await remove('a', { Bucket });
      await assert.rejects(get('a', { Bucket, VersionId }), failing(405, 'MethodNotAllowed'));
    });

    it('answers NoSuchVersion for a version that does not exist', async () => {
      await put('a', 'one', { Bucket });
      await assert.rejects(get('a', { Bucket, VersionId: 'unknown' }), failing(404, 'NoSuchVersion'));
    });

    it('counts a delete marker as a free key for If-None-Match', async () => {
      await put('a', 'one', { Bucket });
      await remove('a', { Bucket });
      await put('a', 'two', { Bucket, IfNoneMatch: '*' });
    });

    it('answers 412 to a delete with If-Match: * on a delete marker', async () => {
      await put('a', 'one', { Bucket });
      await remove('a', { Bucket });
      await assert.rejects(remove('a', { Bucket, IfMatch: '*' }), failing(412));
    });
  });

  describe('buckets', () => {
    it('are made, found, listed and deleted when empty', async () => {
      await aws.s3.send(new CreateBucketCommand({ Bucket: 'made' }));
      await aws.s3.send(new HeadBucketCommand({ Bucket: 'made' }));
      const { Buckets } = await aws.s3.send(new ListBucketsCommand({}));
      assert.deepEqual(
        Buckets?.map(({ Name }) => Name),
        [Bucket, 'made'],
      );
      await put('a', 'x', { Bucket: 'made' });
      const deletion = () => aws.s3.send(new DeleteBucketCommand({ Bucket: 'made' }));
      await assert.rejects(deletion(), failing(409, 'BucketNotEmpty'));
      await remove('a', { Bucket: 'made' });
      await deletion();
      await assert.rejects(aws.s3.send(new HeadBucketCommand({ Bucket: 'made' })), failing(404, 'NotFound'));
    });

    it('do not exist twice outside of us-east-1', async () => {
      const again = aws.s3.send(new CreateBucketCommand({ Bucket }));
      await assert.rejects(again, failing(409, 'BucketAlreadyOwnedByYou'));
    });

    it('refuse names that are no DNS labels', () =>
      assert.rejects(
        aws.s3.send(new CreateBucketCommand({ Bucket: 'Capital_Letters' })),
        failing(400, 'InvalidBucketName'),
      ));

    it('know their region', async () => {
      const { LocationConstraint } = await aws.s3.send(new GetBucketLocationCommand({ Bucket }));
      assert.equal(LocationConstraint, 'eu-central-1');
    });

    it('get versioning switched on, and suspended again', async () => {
      const versioning = async () => (await aws.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status;
      const states = [await versioning()];
      for (const Status of ['Enabled', 'Suspended'] as const) {
        await aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
        states.push(await versioning());
      }
      assert.deepEqual(states, [undefined, 'Enabled', 'Suspended']);
      assert.equal((await put('a')).VersionId, 'null');
    });

    it('are addressed by the host as well as by the path', async () => {
      await put('folder/a');
      const { port } = new URL(aws.sandbox.url);
      for (const host of [`${Bucket}.localhost:${port}`, `${Bucket}.s3.eu-west-1.amazonaws.com`])
        assert.equal(await readAs(host, `${aws.sandbox.url}/folder/a`), 'hello');
      assert.equal(await readAs(`localhost:${port}`, `${aws.sandbox.url}/${Bucket}/folder/a`), 'hello');
    });
  });

  it('answers what it does not know with 501 NotImplemented, which the SDK does not retry', () =>
    assert.rejects(
      aws.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' })),
      failing(501, 'NotImplemented'),
    ));
});
