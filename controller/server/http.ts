import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIPv4, type Socket } from 'node:net';
import { formatThrown, terminal, type OperatorError } from '../errors.ts';
import type { Logger } from '../reconcile/ports.ts';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Gets the path as it came: nothing in it is decoded or normalised. */
export type Route = (query: URLSearchParams, path: string) => Reply | Promise<Reply>;

/** By exact path, or for one that is more than `/` and ends with it, all below. No path is looked up on disk. */
export type Routes = ReadonlyMap<string, Route>;

export interface HttpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly routes: Routes;
  readonly logger: Logger;
  readonly limits?: Partial<HttpLimits>;
  /** That names the address, for messages. Default `--listen`. */
  readonly option?: string;
}

export interface HttpLimits {
  readonly connections: number;
  /** Bytes of the request line and all headers. */
  readonly headerBytes: number;
  /** How long a client may take to send a request. */
  readonly requestMs: number;
  /** How long a connection may say nothing while an answer is owed or being read. */
  readonly silenceMs: number;
  /** How long an answered connection is kept for the next request. */
  readonly keepAliveMs: number;
  /** How long answers under way are waited for at the end. */
  readonly closeMs: number;
}

/** Room for some scrapers and probes; a client that is slow, loud or hostile costs little and not for long. */
const DEFAULT_LIMITS: HttpLimits = {
  connections: 64,
  headerBytes: 8 * 1024,
  requestMs: 5_000,
  silenceMs: 30_000,
  keepAliveMs: 10_000,
  closeMs: 1_000,
};

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves GET and HEAD on some paths. Rejects with a terminal error when the address cannot be had. */
export async function openHttpServer(options: HttpOptions): Promise<HttpServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = createBoundedServer(limits);
  const connections = trackConnections(server);
  server.on('request', (request, response) => {
    connections.answering(request.socket, response);
    void serve(options, request, response);
  });
  const port = await listen(server, options);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, close: () => close(server, connections, limits.closeMs) };
}

function createBoundedServer(limits: HttpLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.requestMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, limits.requestMs),
  });
  server.maxConnections = limits.connections;
  server.setTimeout(limits.silenceMs);
  return server;
}

async function listen(server: Server, { host, port, option = '--listen' }: HttpOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error): void => reject(addressUnavailable(`${host}:${port}`, option, cause));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function addressUnavailable(where: string, option: string, cause: Error): OperatorError {
  const code = 'code' in cause ? cause.code : undefined;
  const why = code === 'EADDRINUSE' ? 'the port is in use' : formatThrown(cause);
  return terminal({
    reason: 'ListenAddressUnavailable',
    message: `Nothing can be served here: ${why}.`,
    where,
    remedy: `Choose another address with ${option} HOST:PORT, or none with ${option} off.`,
    cause,
  });
}

async function serve(
  { host, routes, logger }: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    send(response, isMisdirected(host, request.headers.host) ? MISDIRECTED : await answer(routes, request));
  } catch (thrown) {
    logger.error('A request to the own server failed', { path: request.url, error: formatThrown(thrown) });
    send(response, text(500, 'The answer could not be made; the log of the controller tells why.'));
  }
}

/**
 * A page of somebody else, whose name was made to mean this machine, must not read what is served here for this machine
 * alone: its requests carry that name.
 */
function isMisdirected(listensAt: string, requested = ''): boolean {
  if (!LOOPBACK.test(listensAt)) return false;
  const name = requested.replace(/:\d*$/, '');
  return !(LOOPBACK.test(name.replace(/^\[|\]$/g, '')) || isIPv4(name));
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|(?:[a-z0-9-]+\.)*localhost)$/i;

async function answer(routes: Routes, request: IncomingMessage): Promise<Reply> {
  const [path = '', ...query] = (request.url ?? '').split('?');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return text(405, 'Only GET and HEAD are answered.');
  if (hasBody(request)) return text(413, 'A request must not have a body.');
  const route = routes.get(path) ?? routes.get(path.slice(0, path.indexOf('/', 1) + 1));
  if (route === undefined) return notFound(`Nothing is here. There is ${[...routes.keys()].join(', ')}.`);
  return route(new URLSearchParams(query.join('?')), path);
}

const MISDIRECTED = text(421, 'This is served to this machine alone: ask for it as localhost.');

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

export const notFound = (why: string): Reply => text(404, why);
export const unavailable = (why: string): Reply => text(503, why);

function text(status: number, body: string): Reply {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${body}\n` };
}

function send(response: ServerResponse, { status, contentType, body, headers }: Reply): void {
  // Nobody who was refused needs the connection again, and an unread body ends with it.
  if (status === 405 || status === 413) response.setHeader('connection', 'close');
  if (status === 405) response.setHeader('allow', 'GET, HEAD');
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(body);
}

interface Connections {
  readonly answering: (socket: Socket, response: ServerResponse) => void;
  readonly endIdle: () => void;
}

/** Node takes a connection that sent half a request, or nothing yet, for a busy one; here only an answer owed counts. */
function trackConnections(server: Server): Connections {
  const idle = new Set<Socket>();
  let ending = false;
  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
  });
  return {
    answering(socket, response) {
      idle.delete(socket);
      response.once('close', () => {
        if (ending) socket.destroySoon();
        else if (!socket.destroyed) idle.add(socket);
      });
    },
    endIdle() {
      ending = true;
      for (const socket of idle) socket.destroy();
    },
  };
}

async function close(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  connections.endIdle();
  const grace = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(grace);
}
