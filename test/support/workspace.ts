import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ECSClient } from '@aws-sdk/client-ecs';
import { systemClock } from '../../controller/cli/clock.ts';
import { closeServer } from '../../controller/sandbox/http.ts';
import { refusalOf } from './sigv4.ts';
import type { Credentials } from './sigv4.ts';

/** A server of HTTP on loopback. */
interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands in for a workspace of Amazon Managed Service for Prometheus. */
export interface Workspace extends Listening {
  /** Requests that were let through, by what sent them. */
  readonly accepted: readonly string[];
  /** Why requests were refused. */
  readonly refused: readonly string[];
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

async function send(url: URL, headers: IncomingHttpHeaders, body: Buffer): Promise<IncomingMessage> {
  const outgoing = request(url, { method: 'POST', headers });
  outgoing.end(body);
  const [answer]: IncomingMessage[] = await once(outgoing, 'response');
  if (answer === undefined) throw new Error(`${url.href} does not answer.`);
  return answer;
}

async function listen(server: Server, port: number): Promise<Listening> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${bound}`, close: () => closeServer(server) };
}

const serverOf = (serve: (message: IncomingMessage, response: ServerResponse) => Promise<void>): Server =>
  createServer((message, response) => {
    serve(message, response).catch(() => response.destroy());
  });

export interface WorkspaceOptions {
  /** A Prometheus that receives remote writes. */
  readonly receiver: string;
  readonly region: string;
  /** Whose signatures are accepted. */
  readonly credentials: Credentials;
}

const PATH = /^\/workspaces\/ws-[0-9a-z-]+\/api\/v1\/remote_write$/;

/** Lets a write through when its path is right and its signature is that of the request that arrived. */
export async function startWorkspace({
  receiver,
  region,
  credentials,
}: WorkspaceOptions): Promise<Workspace> {
  const [accepted, refused]: [string[], string[]] = [[], []];
  const server = serverOf(async (message, response) => {
    const body = await bodyOf(message);
    const { method = '', url = '', rawHeaders, headers } = message;
    const refusal = PATH.test(url)
      ? refusalOf(
          { method, url, rawHeaders, body },
          { credentials, region, service: 'aps', now: systemClock.now() },
        )
      : `no such path: ${url}`;
    if (refusal !== undefined) {
      refused.push(refusal);
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: refusal }));
      return;
    }
    accepted.push(headers['user-agent'] ?? '');
    const { host: _, ...others } = headers;
    const answer = await send(new URL('/api/v1/write', receiver), others, body);
    response.writeHead(answer.statusCode ?? 502);
    response.end(await bodyOf(answer));
  });
  return { ...(await listen(server, 0)), accepted, refused };
}

/** Gives credentials as ECS gives those of the task role to the containers of a task. */
export async function startRoleCredentials(credentials: Required<Credentials>): Promise<Listening> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const answer = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: new Date(systemClock.now() + 3_600_000).toISOString(),
  };
  const server = serverOf(async (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  return listen(server, 0);
}

const PROXY_FLAGS = {
  name: { type: 'string' },
  region: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
} as const;

/**
 * Stands in for aws-sigv4-proxy, with its flags, and the credentials of the task role: signs method, path and body for
 * the host that it sends them to.
 */
export async function startSigningProxy(words: readonly string[]): Promise<Listening> {
  const {
    name = '',
    region = '',
    host = '',
    port = '',
  } = parseArgs({ args: [...words], options: PROXY_FLAGS }).values;
  const client = new ECSClient({ region });
  const signer = await client.config.signer({
    name: 'sigv4',
    signingName: name,
    signingRegion: region,
    properties: {},
  });
  const server = serverOf(async (message, response) => {
    const body = await bodyOf(message);
    const url = new URL(message.url ?? '/', `http://${host}`);
    const signed = await signer.sign({
      protocol: url.protocol,
      method: 'POST',
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: { host },
      body,
    });
    const answer = await send(url, { ...message.headers, ...signed.headers }, body);
    response.writeHead(answer.statusCode ?? 502);
    response.end(await bodyOf(answer));
  });
  const { url, close } = await listen(server, Number(port.split(':').at(-1)));
  return {
    url,
    async close() {
      client.destroy();
      await close();
    },
  };
}
