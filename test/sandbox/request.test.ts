import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeAwsChunked } from '../../controller/sandbox/request.ts';

const CRLF = '\r\n';

/** As the SDK sends a stream: sized chunks, with or without signatures, and a trailer. */
function encode(chunks: readonly Uint8Array[], extension: string): Buffer {
  const full = chunks.filter((chunk) => chunk.length > 0);
  return Buffer.concat([
    ...full.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}${extension}${CRLF}`),
      Buffer.from(chunk),
      Buffer.from(CRLF),
    ]),
    Buffer.from(`0${extension}${CRLF}x-amz-checksum-crc32:AAAAAA==${CRLF}${CRLF}`),
  ]);
}

const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });

describe('An aws-chunked body', () => {
  it('is put together from its chunks, whatever bytes they hold', () => {
    fc.assert(
      fc.property(chunks, fc.constantFrom('', ';chunk-signature=0123abcd'), (parts, extension) => {
        assert.deepEqual(decodeAwsChunked(encode(parts, extension)), Buffer.concat(parts));
      }),
    );
  });

  it('that ends before its last chunk is IncompleteBody', () => {
    fc.assert(
      fc.property(chunks, fc.nat(), (parts, cut) => {
        const whole = encode(parts, '');
        const lastChunk = whole.length - `0${CRLF}x-amz-checksum-crc32:AAAAAA==${CRLF}${CRLF}`.length;
        const short = whole.subarray(0, cut % (lastChunk + 1));
        assert.throws(() => decodeAwsChunked(short), { code: 'IncompleteBody' });
      }),
    );
  });
});
