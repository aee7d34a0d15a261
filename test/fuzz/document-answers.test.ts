import assert from 'node:assert/strict';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { createAws } from '../../controller/aws/create-aws.ts';
import type { Aws } from '../../controller/aws/create-aws.ts';
import { OperatorError } from '../../controller/errors.ts';
import { readXml, writeXml } from '../../controller/sandbox/effects/xml-answer.ts';
import { readStatus } from '../../controller/status/read-status.ts';
import { anyMutation, incomplete, mutate } from '../support/mutations.ts';
import type { Mutation } from '../support/mutations.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';
import { startTamperingProxy } from '../support/tampering-proxy.ts';
import type { TamperingProxy, WireAnswer } from '../support/tampering-proxy.ts';

const never = (): AbortSignal => new AbortController().signal;

/** What befalls a body or its headers, whatever its protocol. */
type WireFault = (answer: WireAnswer) => WireAnswer;

const withBody = ({ headers }: WireAnswer, body: Buffer): WireAnswer => ({ headers, body });

const cut: fc.Arbitrary<WireFault> = fc
  .double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
  .map(
    (share) => (answer) => withBody(answer, answer.body.subarray(0, Math.floor(answer.body.length * share))),
  );

/** Promises more bytes than come. */
const longer: fc.Arbitrary<WireFault> = fc
  .integer({ min: 1, max: 1e9 })
  .map((more) => ({ headers, body }) => ({
    headers: { ...headers, 'content-length': String(body.length + more) },
    body,
  }));

const withoutHeader: fc.Arbitrary<WireFault> = fc
  .constantFrom('etag', 'content-type', 'last-modified')
  .map((name) => ({ headers, body }) => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)),
    body,
  }));

const foreignBody: fc.Arbitrary<WireFault> = fc
  .constantFrom('', '<html><body>Please log in</body></html>', '{}', '[]', 'null', '<', '<ListBucketResult/>')
  .map((text) => (answer) => withBody(answer, Buffer.from(text)));

const structured =
  (mutations: readonly Mutation[]): WireFault =>
  ({ headers, body }) => {
    const text = body.toString();
    if (String(headers['content-type']).includes('json')) {
      const before = JSON.parse(text) as { NextToken?: unknown };
      // That a list of parameters goes on is told by its token alone.
      const after = { ...Object(mutate(before, mutations)), NextToken: before.NextToken };
      return { headers, body: Buffer.from(JSON.stringify(after)) };
    }
    const xml = readXml(text);
    if (xml === undefined) return { headers, body };
    const content = mutate(xml.content, mutations) as typeof xml.content;
    return { headers, body: Buffer.from(writeXml({ ...xml, content })) };
  };

/** Takes one of the listed objects away, and leaves their count. */
const lostItem: fc.Arbitrary<WireFault> = fc.nat({ max: 2 }).map((nth) => (answer) => {
  let seen = 0;
  const text = answer.body.toString();
  return withBody(
    answer,
    Buffer.from(text.replaceAll(/<Contents>.*?<\/Contents>/gs, (item) => (seen++ === nth ? '' : item))),
  );
});

const lostMember: fc.Arbitrary<WireFault> = fc
  .constantFrom('Key', 'KeyCount', 'IsTruncated', 'NextContinuationToken', 'ETag', 'Size', 'Name')
  .map(
    (name) => (answer) =>
      withBody(
        answer,
        Buffer.from(answer.body.toString().replace(new RegExp(`<${name}>.*?</${name}>`, 's'), '')),
      ),
  );

/** In XML everything is a text: a value of another type is a lie, and so is none where a number should be, which reads as 0. */
const lacking = incomplete.filter(({ change }) => !['wrongType', 'null'].includes(change.kind));

/** The answer says less than it should, and nothing that is untrue. */
const less: fc.Arbitrary<Readonly<Record<string, WireFault>>> = fc.record(
  {
    ListObjectsV2: fc.oneof(
      cut,
      longer,
      foreignBody,
      lostItem,
      lostMember,
      lacking.map((mutation) => structured([mutation])),
    ),
    GetObject: fc.oneof(cut, longer, withoutHeader),
    GetParametersByPath: fc.oneof(
      cut,
      longer,
      foreignBody,
      fc.array(incomplete, { minLength: 1, maxLength: 4 }).map(structured),
    ),
  },
  { requiredKeys: [] },
);

/** Anything at all. */
const anything: fc.Arbitrary<WireFault> = fc.oneof(
  cut,
  longer,
  foreignBody,
  withoutHeader,
  lostItem,
  lostMember,
  fc.array(anyMutation, { minLength: 1, maxLength: 4 }).map(structured),
  fc.uint8Array({ maxLength: 300 }).map(
    (bytes): WireFault =>
      (answer) =>
        withBody(answer, Buffer.from(bytes)),
  ),
);

const READS = ['ListObjectsV2', 'GetObject', 'GetParametersByPath', 'GetParameter'] as const;
const WRITES = ['PutObject', 'DeleteObject', 'PutParameter', 'DeleteParameter'] as const;

const anyFaults = (operations: readonly string[]): fc.Arbitrary<Readonly<Record<string, WireFault>>> =>
  fc.dictionary(fc.constantFrom(...operations), anything, { minKeys: 1, maxKeys: 3 });

/** Who asks for a number of runs waits for them. */
const WANTED = process.env['FUZZ_RUNS'];
const RUNS =
  WANTED === undefined ? { numRuns: 20, interruptAfterTimeLimit: 100_000 } : { numRuns: Number(WANTED) };

const SOURCES = ['s3://docs/targets/', 'ssm:///prom/targets/'] as const;

/** More than a page of parameters holds, and texts that are hard on encodings. */
const TRUTH = new Map<string, string>(
  Array.from({ length: 13 }, (_, n) => [`doc-${n + 10}.yaml`, `# ${'é☃𝄞'.repeat(n)}\nn: ${n}\n`] as const),
);

describe('Whatever S3 and the Parameter Store answer', function () {
  this.timeout(WANTED === undefined ? 120_000 : 0);
  let box: TestSandbox;
  let proxy: TamperingProxy;
  let aws: Aws;
  beforeEach(async () => {
    box = await startTestSandbox();
    box.sandbox.s3.createBucket('docs');
    for (const [path, text] of TRUTH) {
      box.sandbox.s3.putObject('docs', `targets/${path}`, text);
      await box.ssm.send(
        new PutParameterCommand({ Name: `/prom/targets/${path}`, Value: text, Type: 'String' }),
      );
    }
    proxy = await startTamperingProxy(box.sandbox.url);
    aws = createAws({
      region: box.sandbox.region,
      endpointUrl: proxy.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestTimeoutMs: 2000,
      clock: { now: () => box.clock.now(), sleep: async (ms) => box.clock.advance(ms) },
      share: 1,
    });
  });
  afterEach(async () => {
    aws.close();
    await proxy.close();
    await box.close();
  });

  const strike = (faults: Readonly<Record<string, WireFault>>): void => {
    proxy.garble = (operation, answer) => faults[operation]?.(answer) ?? answer;
  };
  const heal = (): void => {
    proxy.garble = undefined;
  };
  const textsOf = async (source: ReturnType<Aws['source']>) => {
    const { kind, files } = await source.read(never());
    return { kind, texts: new Map(files.map(({ file, text }) => [file.split('/').at(-1) ?? '', text])) };
  };

  for (const uri of SOURCES) {
    it(`a source (${uri}) that is told less than there is never takes that for all there is`, () =>
      fc.assert(
        fc.asyncProperty(less, fc.boolean(), async (faults, knows) => {
          const source = aws.source(uri);
          if (knows) await source.read(never());
          strike(faults);
          const { kind, texts } = await textsOf(source);
          for (const [path, text] of texts) assert.equal(text, TRUTH.get(path), path);
          if (kind === 'complete') assert.deepEqual([...texts.keys()], [...TRUTH.keys()]);
          heal();
          assert.deepEqual(await textsOf(source), {
            kind: 'complete',
            texts: TRUTH,
          });
        }),
        RUNS,
      ));

    it(`a source (${uri}) gives a snapshot of texts whatever it is told`, () =>
      fc.assert(
        fc.asyncProperty(anyFaults(READS), async (faults) => {
          const source = aws.source(uri);
          strike(faults);
          const snapshot = await source.read(never());
          for (const { file, text } of snapshot.files)
            assert.deepEqual([typeof file, typeof text], ['string', 'string']);
          if (snapshot.kind === 'incomplete') assert.ok(snapshot.error instanceof OperatorError);
        }),
        RUNS,
      ));
  }

  for (const uri of ['s3://docs/state/', 'ssm:///prom/state/'])
    it(`a status (${uri}) is read, is absent or is refused in plain words`, () =>
      fc.assert(
        fc.asyncProperty(anyFaults(READS), async (faults) => {
          const store = aws.status(uri, 'prod');
          await store.save('{"formatVersion": "1"}', never());
          strike(faults);
          const text = await cleanly(store.load(never()));
          if (typeof text === 'string') await cleanly(Promise.resolve().then(() => readStatus(text, uri)));
          const owners = await cleanly(store.owners(never()));
          if (owners !== undefined) for (const owner of owners) assert.equal(typeof owner, 'string');
          heal();
          assert.equal(await store.load(never()), '{"formatVersion": "1"}');
        }),
        RUNS,
      ));

  it('namespaces that a parameter names are names, or the read has failed', () =>
    fc.assert(
      fc.asyncProperty(anyFaults(['GetParameter', 'ListNamespaces']), async (faults) => {
        const reader = aws.tagged([], '/prom/targets/doc-10.yaml');
        strike(faults);
        const read = await reader.read(new Set(), never());
        if (read.kind === 'complete')
          for (const name of read.value.keys()) assert.equal(typeof name, 'string');
        else assert.ok(read.error instanceof OperatorError);
      }),
      RUNS,
    ));

  for (const uri of SOURCES)
    it(`a publication to ${uri} says that it wrote only what is there then`, () =>
      fc.assert(
        fc.asyncProperty(
          anyFaults([...WRITES, 'GetParameter', 'GetObject']),
          fc.nat({ max: 1000 }),
          async (faults, n) => {
            const source = aws.source(uri);
            const store = aws.documentStore(uri, { tier: 'standard' });
            const path = 'doc-13.yaml';
            const before = await source.read(never());
            const [file] = before.files.filter((each) => each.file.endsWith(path));
            assert.ok(file?.revision !== undefined);
            const after = `n: ${n}\n`;
            strike(faults);
            const stored = await cleanly(
              store.apply(
                { kind: 'update', path, version: file.revision, before: file.text, after },
                undefined,
                never(),
              ),
            );
            heal();
            const now = (await textsOf(source)).texts.get(path);
            if (stored !== undefined) assert.equal(now, after);
            else assert.ok(now === after || now === file.text);
          },
        ),
        RUNS,
      ));
});

/** The value, or undefined when it failed as everything of ours fails. */
async function cleanly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (thrown) {
    assert.ok(thrown instanceof OperatorError, String(thrown instanceof Error ? thrown.stack : thrown));
    return undefined;
  }
}
