import assert from 'node:assert/strict';
import { ECSClient } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { refusalOf } from '../support/sigv4.ts';
import type { SignedRequest } from '../support/sigv4.ts';

/** Of the examples that AWS publishes. */
const EXAMPLE = {
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  },
  region: 'us-east-1',
  service: 'service',
  now: Date.UTC(2015, 7, 30, 12, 36),
};

const flat = (headers: Readonly<Record<string, string>>): readonly string[] => Object.entries(headers).flat();

function example(
  { method = 'GET', url = '/', headers = {}, body = '' },
  SignedHeaders: string,
  Signature: string,
): SignedRequest {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${SignedHeaders}, Signature=${Signature}`;
  const all = { Host: 'example.amazonaws.com', 'X-Amz-Date': '20150830T123600Z', ...headers, authorization };
  return { method, url, rawHeaders: flat(all), body: Buffer.from(body) };
}

const EXAMPLES = {
  'get-vanilla': example(
    {},
    'host;x-amz-date',
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  ),
  'get-vanilla-query-order-key-case': example(
    { url: '/?Param2=value2&Param1=value1' },
    'host;x-amz-date',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ),
  'post-x-www-form-urlencoded': example(
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'Param1=value1',
    },
    'content-type;host;x-amz-date',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ),
} as const;

const NOW = Date.UTC(2026, 0, 1);
const WORKSPACE = {
  credentials: { accessKeyId: 'ASIATASK', secretAccessKey: 'secret', sessionToken: 'a+token/=' },
  region: 'eu-west-1',
  service: 'aps',
  now: NOW,
};

/** Signs as the SDK of AWS does. */
async function sdkSigner() {
  const client = new ECSClient({ region: WORKSPACE.region, credentials: WORKSPACE.credentials });
  const scheme = { name: 'sigv4', signingName: 'aps', signingRegion: WORKSPACE.region, properties: {} };
  const signer = await client.config.signer(scheme);
  client.destroy();
  const headers = { host: 'aps-workspaces.eu-west-1.amazonaws.com', 'content-encoding': 'snappy' };
  return async (path: string, body: Buffer): Promise<SignedRequest> => {
    const request = { protocol: 'https:', method: 'POST', hostname: headers.host, path, headers, body };
    const signed = await signer.sign(request, { signingDate: new Date(NOW) });
    return { method: 'POST', url: path, rawHeaders: flat(signed.headers), body };
  };
}

/** The same request, with another value of a header, or without it. */
const withHeader = (request: SignedRequest, name: string, value?: string): SignedRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.flatMap((text, index, all) => {
    const own = all[index - (index % 2)]?.toLowerCase() === name;
    if (own && value === undefined) return [];
    return [own && value !== undefined && index % 2 === 1 ? value : text];
  }),
});

describe('the check of signatures by which remote writes are let through', function () {
  this.timeout(20_000);

  for (const [name, request] of Object.entries(EXAMPLES))
    it(`accepts AWS's example ${name}`, () => {
      assert.equal(refusalOf(request, EXAMPLE), undefined);
      assert.match(refusalOf({ ...request, method: 'PUT' }, EXAMPLE) ?? '', /does not match/);
    });

  it('accepts what the SDK of AWS signs, whatever the path and the body', async () => {
    const sign = await sdkSigner();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.webSegment(), { minLength: 1, maxLength: 4 }),
        fc.uint8Array(),
        async (path, body) => {
          const request = await sign(`/${path.join('/')}`, Buffer.from(body));
          assert.equal(refusalOf(request, WORKSPACE), undefined);
        },
      ),
    );
  });

  it('refuses what is not what was signed, or not in time, or by another', async () => {
    const sign = await sdkSigner();
    const request = await sign('/workspaces/ws-1/api/v1/remote_write', Buffer.from('body'));
    assert.equal(refusalOf(request, WORKSPACE), undefined);
    const { credentials } = WORKSPACE;
    const another = { ...credentials, secretAccessKey: 'guess' };
    for (const [changed, verifier, because] of [
      [
        { ...request, url: '/workspaces/ws-2/api/v1/remote_write' },
        WORKSPACE,
        /does not match the signature/,
      ],
      [{ ...request, body: Buffer.from('other') }, WORKSPACE, /x-amz-content-sha256/],
      [withHeader(request, 'content-encoding', 'gzip'), WORKSPACE, /does not match the signature/],
      [withHeader(request, 'x-amz-security-token'), WORKSPACE, /token included in the request is invalid/],
      [withHeader(request, 'authorization'), WORKSPACE, /Missing Authentication Token/],
      [{ ...request, rawHeaders: [...request.rawHeaders, 'X-Amz-Other', '1'] }, WORKSPACE, /not signed/],
      [request, { ...WORKSPACE, credentials: another }, /does not match the signature/],
      [request, { ...WORKSPACE, service: 'ecs' }, /Credential should be scoped/],
      [request, { ...WORKSPACE, region: 'us-east-1' }, /Credential should be scoped/],
      [request, { ...WORKSPACE, now: NOW + 6 * 60_000 }, /Signature expired/],
    ] as const)
      assert.match(refusalOf(changed, verifier) ?? '', because);
  });

  it('refuses another body where the hash of the body is not sent along', () => {
    const request = EXAMPLES['post-x-www-form-urlencoded'];
    assert.match(refusalOf({ ...request, body: Buffer.from('Param1=2') }, EXAMPLE) ?? '', /does not match/);
  });
});
