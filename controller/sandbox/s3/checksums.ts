import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsFault, type SandboxRequest } from '../service.ts';

function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

const hashOf = (algorithm: string) => (body: Buffer) => createHash(algorithm).update(body).digest('base64');

const ALGORITHMS: Readonly<Record<string, (body: Buffer) => string>> = {
  crc32: crc32Of,
  sha1: hashOf('sha1'),
  sha256: hashOf('sha256'),
};

export const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

function checkMd5({ headers, body }: SandboxRequest): void {
  const sent = headers['content-md5'];
  if (sent !== undefined && sent !== hashOf('md5')(body))
    throw new AwsFault('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

/** Checks every checksum that came with a body, and returns those that S3 keeps with the object. */
export function checksumsOf(request: SandboxRequest): Record<string, string> {
  checkMd5(request);
  const kept: Record<string, string> = {};
  for (const [algorithm, compute] of Object.entries(ALGORITHMS)) {
    const header = `x-amz-checksum-${algorithm}`;
    const asked = request.headers['x-amz-sdk-checksum-algorithm']?.toLowerCase() === algorithm;
    const sent = request.headers[header];
    if (sent === undefined && !asked) continue;
    const actual = compute(request.body);
    if (sent !== undefined && sent !== actual)
      throw new AwsFault(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    kept[header] = actual;
  }
  return kept;
}
