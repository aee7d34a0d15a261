import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRandom } from '../../controller/sandbox/random.ts';
import { createS3 } from '../../controller/sandbox/s3/s3.ts';
import { virtualClock } from '../../controller/sandbox/clock.ts';

interface Listing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
}

function bucketWith(keys: readonly string[]) {
  const s3 = createS3({
    clock: virtualClock(),
    account: '123456789012',
    region: 'eu-central-1',
    random: seededRandom(1),
    changing() {},
  });
  s3.createBucket('bucket');
  for (const key of keys) s3.putObject('bucket', key, '');
  return s3;
}

const all = (xml: string, element: RegExp): string[] =>
  [...xml.matchAll(element)].map(([, text = '']) => text);

/** What a client sees that follows the tokens to the end. */
async function listAll(keys: readonly string[], { prefix, delimiter, maxKeys }: Listing): Promise<string[]> {
  const { service } = bucketWith(keys);
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix, delimiter, 'max-keys': String(maxKeys) });
    if (token !== undefined) query.set('continuation-token', token);
    const request = { method: 'GET', path: '/bucket', query, headers: {}, body: Buffer.alloc(0) };
    const xml = String((await service.handle(request, 'ListObjectsV2')).body);
    seen.push(...all(xml, /<Key>([^<]*)<\/Key>/g), ...all(xml, /<CommonPrefixes><Prefix>([^<]*)</g));
    token = all(xml, /<NextContinuationToken>([^<]*)</g)[0];
  } while (token !== undefined);
  return seen.sort((a, b) => (a < b ? -1 : 1));
}

/** The definition of a listing, said again in the shortest way. */
function expected(keys: readonly string[], { prefix, delimiter }: Listing): string[] {
  const names = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const [first = '', ...rest] = key.slice(prefix.length).split(delimiter);
      return rest.length === 0 ? key : prefix + first + delimiter;
    });
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}

describe('S3 listings', () => {
  const key = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', '/', '-') });

  it('give every key or its common prefix exactly once, whatever the size of a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 20 }),
        fc.record({
          prefix: fc.constantFrom('', 'a', 'a/', '/', 'b-'),
          delimiter: fc.constantFrom('/', '-'),
          maxKeys: fc.integer({ min: 1, max: 5 }),
        }),
        async (keys, listing) => {
          assert.deepEqual(await listAll(keys, listing), expected(keys, listing));
        },
      ),
    );
  });
});
