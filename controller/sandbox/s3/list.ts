import { AwsFault, type SandboxResponse } from '../service.ts';
import { bucketOf, currentObject, type Bucket, type Call, type ObjectVersion } from './store.ts';
import { xmlResponse, type XmlElement } from './xml.ts';

const MAX_KEYS = 1000;

const invalidArgument = (name: string, value: string, message: string): AwsFault =>
  new AwsFault('InvalidArgument', message, { fields: { ArgumentName: name, ArgumentValue: value } });

function maxKeysOf(text: string | null): number {
  if (text === null) return MAX_KEYS;
  if (!/^\d+$/.test(text))
    throw invalidArgument('max-keys', text, 'Provided max-keys not an integer or within integer range');
  return Math.min(MAX_KEYS, Number(text));
}

const TOKEN = 'after:';

const tokenAfter = (name: string): string => Buffer.from(TOKEN + name).toString('base64url');

function nameAfter(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(TOKEN))
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  return text.slice(TOKEN.length);
}

/** S3 sorts by the bytes of UTF-8, which differs from the order of UTF-16 strings. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

type Entry =
  | { readonly name: string; readonly object: ObjectVersion }
  | { readonly name: string; readonly object?: never };

/** The common prefix under which a delimiter folds a key; undefined when it stays itself. */
function foldedPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function entriesOf(bucket: Bucket, prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of bucket.keys.keys()) {
    const object = currentObject(bucket, key);
    if (object === undefined || !key.startsWith(prefix)) continue;
    const folded = foldedPrefix(key, prefix, delimiter);
    const entry: Entry = folded === undefined ? { name: key, object } : { name: folded };
    entries.set(entry.name, entry);
  }
  return [...entries.values()].sort((a, b) => compareBytes(a.name, b.name));
}

/** As a form encodes it, except that slashes stay readable. */
const urlEncoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');

/** Listings show whole seconds. */
const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.000Z`;

const contentOf = (object: ObjectVersion, encode: (text: string) => string): XmlElement => [
  'Contents',
  [
    ['Key', encode(object.key)],
    ['LastModified', isoSeconds(object.modifiedAt)],
    ['ETag', object.etag],
    ['Size', object.body.length],
    ['StorageClass', 'STANDARD'],
  ],
];

function encodingOf(query: URLSearchParams): (text: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url')
    throw invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
  return encoding === 'url' ? urlEncoded : (text) => text;
}

export function listObjectsV2(call: Call): SandboxResponse {
  const { query } = call.request;
  const bucket = bucketOf(call);
  const encode = encodingOf(query);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const startAfter = query.get('start-after');
  const token = query.get('continuation-token');
  const maxKeys = maxKeysOf(query.get('max-keys'));
  const after = token === null ? (startAfter ?? '') : nameAfter(token);
  const rest = entriesOf(bucket, prefix, delimiter).filter(({ name }) => compareBytes(name, after) > 0);
  const page = rest.slice(0, maxKeys);
  const last = page.at(-1);
  const truncated = last !== undefined && rest.length > page.length;
  return xmlResponse('ListBucketResult', [
    ['Name', bucket.name],
    ['Prefix', encode(prefix)],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['MaxKeys', maxKeys],
    ['EncodingType', query.get('encoding-type') ?? undefined],
    ['KeyCount', page.length],
    ['IsTruncated', truncated],
    ['ContinuationToken', token ?? undefined],
    ['NextContinuationToken', truncated ? tokenAfter(last.name) : undefined],
    ['StartAfter', startAfter === null ? undefined : encode(startAfter)],
    ...page.map((entry): XmlElement =>
      entry.object === undefined
        ? ['CommonPrefixes', [['Prefix', encode(entry.name)]]]
        : contentOf(entry.object, encode),
    ),
  ]);
}
