import { AwsFault } from './service.ts';
import type { IncomingMessage } from 'node:http';
import type { SandboxRequest } from './service.ts';

const CRLF = Buffer.from('\r\n');

/** Takes the chunks out of an aws-chunked body; signatures and trailers are not checked. */
export function decodeAwsChunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf(CRLF, at);
    const size = Number.parseInt(body.toString('latin1', at, Math.max(at, lineEnd)), 16);
    const start = lineEnd + CRLF.length;
    if (lineEnd < 0 || !Number.isFinite(size) || start + size > body.length)
      throw new AwsFault('IncompleteBody', 'The request body ended before its last chunk.');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(start, start + size));
    at = start + size + CRLF.length;
  }
}

/** Reads at most `limit` bytes, so that no request can fill the memory. */
async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Buffer)) continue;
    size += chunk.length;
    if (size > limit) {
      // A client that is still sending would not hear the answer: let the rest pass unread.
      message.resume();
      throw new AwsFault('RequestEntityTooLarge', `The request body is larger than ${limit} bytes.`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flatHeaders(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

const isAwsChunked = (headers: Readonly<Record<string, string>>): boolean =>
  (headers['content-encoding'] ?? '').includes('aws-chunked') ||
  (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw new AwsFault('InvalidURI', "Couldn't parse the specified URI.");
  }
}

export async function readRequest(message: IncomingMessage, bodyLimit: number): Promise<SandboxRequest> {
  const headers = flatHeaders(message);
  const raw = await readBody(message, bodyLimit);
  // Not `new URL`: it would resolve `..` in an object key.
  const target = message.url ?? '/';
  const question = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: decodePath(question < 0 ? target : target.slice(0, question)),
    query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)),
    headers,
    body: isAwsChunked(headers) ? decodeAwsChunked(raw) : raw,
  };
}
