import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeServer } from '../../controller/sandbox/http.ts';

/** What becomes of a successful JSON answer on its way back. Returns what the caller gets. */
export type Tamper = (operation: string, answer: unknown, input: unknown) => unknown;

/** A successful answer of any protocol. */
export interface WireAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Stands between the SDK and a sandbox. */
export interface TamperingProxy {
  readonly url: string;
  /** Undefined: every answer passes as it is. */
  tamper: Tamper | undefined;
  /** The same for answers as they go over the wire, S3's included. */
  garble: ((operation: string, answer: WireAnswer) => WireAnswer) | undefined;
  close(): Promise<void>;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function operationOf({ headers, method, url }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  if (method === 'GET') return url?.includes('list-type=2') === true ? 'ListObjectsV2' : 'GetObject';
  return method === 'PUT' ? 'PutObject' : 'DeleteObject';
}

function forward(target: string, message: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  const { method, headers } = message;
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(message.url ?? '/', target), { method, headers }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function tampered(tamper: Tamper, message: IncomingMessage, sent: Buffer, answer: Buffer): Buffer {
  const changed = tamper(operationOf(message), JSON.parse(answer.toString()), JSON.parse(sent.toString()));
  return Buffer.from(JSON.stringify(changed) ?? '');
}

export async function startTamperingProxy(target: string): Promise<TamperingProxy> {
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const sent = await bodyOf(message);
      const answered = await forward(target, message, sent);
      const answer = await bodyOf(answered);
      const { 'content-length': _, ...headers } = answered.headers;
      const isSuccess = answered.statusCode === 200;
      const isJson = String(headers['content-type']).includes('json') && isSuccess;
      if (proxy.garble !== undefined && isSuccess) {
        const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
        const wire = proxy.garble(operationOf(message), { headers: Object.fromEntries(texts), body: answer });
        response.writeHead(200, wire.headers);
        const promised = Number(wire.headers['content-length'] ?? wire.body.length);
        if (promised > wire.body.length) response.write(wire.body, () => response.destroy());
        else response.end(wire.body);
        return;
      }
      response.writeHead(answered.statusCode ?? 502, headers);
      response.end(
        isJson && proxy.tamper !== undefined ? tampered(proxy.tamper, message, sent, answer) : answer,
      );
    } catch {
      // What breaks on one side breaks on the other.
      response.destroy();
    }
  };
  const server = createServer((message, response) => void serve(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy: TamperingProxy = {
    url: `http://127.0.0.1:${port}`,
    tamper: undefined,
    garble: undefined,
    close: () => closeServer(server),
  };
  return proxy;
}
