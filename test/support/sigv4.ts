import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, encoded as they were sent. */
  readonly url: string;
  /** Names and values in turn, as Node.js keeps them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What a service of AWS knows when a request arrives. */
export interface Verifier {
  readonly credentials: Credentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const MAX_SKEW_MS = 5 * 60_000;

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

function headersOf({ rawHeaders }: SignedRequest): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = (rawHeaders[index + 1] ?? '').trim().replaceAll(/ +/g, ' ');
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

/** Everything but letters, digits and `-._~` by its bytes. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Services other than S3 want a normal path, and each segment encoded twice: the request already encoded it once. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/'))
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  const end = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, value.join('=')].map((part) => encode(decodeURIComponent(part)));
    });
  const ordered = pairs.toSorted(([a = '', b = ''], [c = '', d = '']) => byteOrder(a, c) || byteOrder(b, d));
  return ordered.map((pair) => pair.join('=')).join('&');
}

/** Seconds since the epoch of `20260101T000000Z`. */
const timeOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

interface Claim {
  readonly headers: ReadonlyMap<string, string>;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

function canonicalRequest(
  { method, url }: SignedRequest,
  { headers, signedHeaders, payloadHash }: Claim,
): string {
  const [path = '', query = ''] = url.split('?');
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${headers.get(name) ?? ''}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function signatureOf(
  request: SignedRequest,
  claim: Claim,
  { credentials, region, service }: Verifier,
): string {
  const date = claim.headers.get('x-amz-date') ?? '';
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, date, scope, sha256(canonicalRequest(request, claim))].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  return hmac(key, text).toString('hex');
}

/** The headers that must be signed: the host, and whatever says something to AWS. */
const mustBeSigned = (name: string): boolean => name === 'host' || name.startsWith('x-amz-');

/**
 * Checks a request by AWS's specification of Signature Version 4, from the bytes that arrived alone. Returns why it is
 * refused; undefined when the signature is that of these credentials.
 */
export function refusalOf(request: SignedRequest, verifier: Verifier): string | undefined {
  const { credentials, region, service, now } = verifier;
  const headers = headersOf(request);
  const [, keyId, scope, names, signature] = AUTHORIZATION.exec(headers.get('authorization') ?? '') ?? [];
  if (scope === undefined || names === undefined || signature === undefined)
    return 'Missing Authentication Token';
  if (keyId !== credentials.accessKeyId) return 'The security token included in the request is invalid.';
  if (headers.get('x-amz-security-token') !== credentials.sessionToken)
    return 'The security token included in the request is invalid.';
  const date = headers.get('x-amz-date') ?? '';
  if (!(Math.abs(timeOf(date) - now) <= MAX_SKEW_MS)) return `Signature expired: ${date}`;
  if (scope !== `${date.slice(0, 8)}/${region}/${service}/aws4_request`)
    return `Credential should be scoped to ${region} and ${service}: ${scope}`;
  const signedHeaders = names.split(';');
  const unsigned = [...headers.keys()].filter((name) => mustBeSigned(name) && !signedHeaders.includes(name));
  if (unsigned.length > 0) return `Headers are not signed: ${unsigned.join(', ')}`;
  const payloadHash = sha256(request.body);
  if ((headers.get('x-amz-content-sha256') ?? payloadHash) !== payloadHash)
    return 'The provided x-amz-content-sha256 header does not match what was computed.';
  const expected = signatureOf(request, { headers, signedHeaders, payloadHash }, verifier);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    ? undefined
    : 'The request signature we calculated does not match the signature you provided.';
}
