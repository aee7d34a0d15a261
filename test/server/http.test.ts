import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { isOperatorError } from '../../controller/errors.ts';
import type { LogFields } from '../../controller/reconcile/ports.ts';
import {
  openHttpServer,
  type HttpOptions,
  type HttpServer,
  type Reply,
} from '../../controller/server/http.ts';

const HELLO: Reply = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'hello\n' };

let servers: HttpServer[] = [];
let errors: LogFields[] = [];

beforeEach(() => {
  errors = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function open(options: Partial<HttpOptions> = {}): Promise<HttpServer> {
  const ignore = (): void => {};
  const server = await openHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: new Map([['/hello', () => HELLO]]),
    logger: {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (_message, fields) => errors.push(fields ?? {}),
    },
    ...options,
  });
  servers.push(server);
  return server;
}

async function dial(server: HttpServer): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the server ends the connection. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  if (!socket.closed) await once(socket, 'close');
  return text;
}

async function exchange(server: HttpServer, request: string): Promise<string> {
  const socket = await dial(server);
  socket.write(request);
  return readAll(socket);
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

describe('the HTTP server', () => {
  it('answers GET, forbids browsers to guess, and does not say what it runs on', async () => {
    const { url } = await open();
    const response = await fetch(`${url}/hello`);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), HELLO.body);
    assert.equal(response.headers.get('content-type'), HELLO.contentType);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('server'), null);
    assert.equal(response.headers.get('x-powered-by'), null);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const { url } = await open();
    const response = await fetch(`${url}/hello`, { method: 'HEAD' });
    assert.equal(response.headers.get('content-length'), String(HELLO.body.length));
    assert.equal(await response.text(), '');
  });

  it('hands the query to the route, also a strange one', async () => {
    const seen: string[] = [];
    const routes = new Map([
      ['/q', (query: URLSearchParams) => ({ ...HELLO, body: String(seen.push(query.toString())) })],
    ]);
    const { url } = await open({ routes });
    await (await fetch(`${url}/q?verbose&a=%zz&b=1?2`)).text();
    assert.deepEqual(seen, ['verbose=&a=%25zz&b=1%3F2']);
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    it(`refuses ${method}, and says what it takes`, async () => {
      const { url } = await open();
      const response = await fetch(`${url}/hello`, { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'GET, HEAD');
      await response.text();
    });
  }

  for (const path of [
    '/',
    '/nothing',
    '/hello/',
    '//hello',
    '/./hello',
    '/x/../hello',
    '/%2e%2e/etc/passwd',
    '/hello%00',
    '/__proto__',
    '*',
    'http://elsewhere/hello',
  ]) {
    it(`has nothing at ${path}`, async () => {
      const answer = await exchange(
        await open(),
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(statusOf(answer), 404);
    });
  }

  it('reads no body, whether its length is told or not', async () => {
    const server = await open();
    const sized = await exchange(
      server,
      'GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nabc',
    );
    const chunked = await exchange(
      server,
      'GET /hello HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    );
    assert.deepEqual([statusOf(sized), statusOf(chunked)], [413, 413]);
  });

  it('refuses headers that are too large, and a path that is too long', async () => {
    const server = await open();
    const filler = 'a'.repeat(9 * 1024);
    const headers = await exchange(server, `GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ${filler}\r\n\r\n`);
    const path = await exchange(server, `GET /${filler} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    assert.deepEqual([statusOf(headers), statusOf(path)], [431, 431]);
  });

  it('answers what is no HTTP with 400', async () => {
    assert.equal(statusOf(await exchange(await open(), 'hello there\r\n\r\n')), 400);
  });

  it('ends a request that does not get finished', async () => {
    const server = await open({ limits: { requestMs: 50 } });
    assert.equal(statusOf(await exchange(server, 'GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')), 408);
  });

  it('ends a request that comes byte by byte, however busy it looks', async () => {
    const server = await open({ limits: { requestMs: 100, silenceMs: 60_000 } });
    const socket = await dial(server);
    socket.write('GET /hello HTTP/1.1\r\nHost: localhost\r\nX: ');
    const drip = setInterval(() => socket.write('a'), 5);
    const answer = await readAll(socket);
    clearInterval(drip);
    assert.equal(statusOf(answer), 408);
  });

  it('answers one request after another on one connection, in their order', async () => {
    const next = 'GET /hello HTTP/1.1\r\nHost: localhost\r\n';
    const answers = await exchange(
      await open(),
      `${next}\r\nGET /no HTTP/1.1\r\nHost: localhost\r\n\r\n${next}Connection: close\r\n\r\n`,
    );
    assert.deepEqual(
      [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
      ['200', '404', '200'],
    );
  });

  it('changes to no other protocol, and is no proxy', async () => {
    const server = await open();
    const upgrade =
      'GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n';
    const connect = 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n';
    assert.equal(statusOf(await exchange(server, upgrade)), 200);
    assert.equal(await exchange(server, connect), '');
  });

  it('refuses a request whose end is told in two ways, which a proxy may read in another way', async () => {
    const smuggled =
      'GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    assert.equal(statusOf(await exchange(await open(), smuggled)), 400);
  });

  for (const host of ['localhost:9400', '127.0.0.1', '[::1]:9400', '10.0.0.1:80', 'prometheus.localhost'])
    it(`serves this machine as ${host}`, async () => {
      const request = `GET /hello HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      assert.equal(statusOf(await exchange(await open(), request)), 200);
    });

  for (const host of ['evil.example', 'localhost.evil.example:9400', '127.0.0.1.evil.example', ''])
    it(`does not serve this machine alone to a page of ${host === '' ? 'nobody' : host}`, async () => {
      const request = `GET /hello HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      assert.equal(statusOf(await exchange(await open(), request)), 421);
    });

  it('serves under any name when it listens for others', async () => {
    const server = await open({ host: '0.0.0.0' });
    const request = 'GET /hello HTTP/1.1\r\nHost: operator.internal\r\nConnection: close\r\n\r\n';
    assert.equal(statusOf(await exchange(server, request)), 200);
  });

  it('ends a connection that says nothing', async () => {
    const server = await open({ limits: { silenceMs: 50 } });
    assert.equal(await readAll(await dial(server)), '');
  });

  it('takes no more connections than it may, and others again when one has gone', async () => {
    const server = await open({ limits: { connections: 2 } });
    const held = [await dial(server), await dial(server)];
    assert.equal(await readAll(await dial(server)), '');
    const [first] = held;
    first?.write('GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.equal(statusOf(await readAll(first!)), 200);
    const answer = await exchange(
      server,
      'GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    assert.equal(statusOf(answer), 200);
  });

  it('answers 500 without the reason when a route fails, and logs the reason', async () => {
    const routes = new Map([['/broken', () => Promise.reject(new Error('secret'))]]);
    const { url } = await open({ routes });
    const response = await fetch(`${url}/broken`);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret/);
    assert.deepEqual(errors, [{ path: '/broken', error: 'secret' }]);
  });
});

describe('the end of the HTTP server', () => {
  it('ends connections at once that wait for nothing: silent, half a request, or kept alive', async () => {
    const server = await open({ limits: { closeMs: 60_000 } });
    const silent = await dial(server);
    const half = await dial(server);
    half.write('GET /hello HTTP/1.1\r\nHost: localhost\r\n');
    const kept = await dial(server);
    kept.write('GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(kept, 'data');
    await Promise.all([server.close(), readAll(silent), readAll(half), readAll(kept)]);
    await assert.rejects(fetch(`${server.url}/hello`));
  });

  it('lets an answer under way come to its end', async () => {
    const { promise: gate, resolve: release } = withResolvers<Reply>();
    const { promise: asked, resolve: noticed } = withResolvers<undefined>();
    const slow = (): Promise<Reply> => {
      noticed(undefined);
      return gate;
    };
    const server = await open({ routes: new Map([['/slow', slow]]), limits: { closeMs: 60_000 } });
    const response = fetch(`${server.url}/slow`);
    await asked;
    const closed = server.close();
    release(HELLO);
    assert.equal(await (await response).text(), HELLO.body);
    await closed;
  });

  it('does not wait for ever for an answer under way', async () => {
    const { promise: asked, resolve: noticed } = withResolvers<undefined>();
    const never = (): Promise<Reply> => {
      noticed(undefined);
      return new Promise(() => {});
    };
    const server = await open({ routes: new Map([['/never', never]]), limits: { closeMs: 20 } });
    const response = assert.rejects(fetch(`${server.url}/never`));
    await asked;
    await server.close();
    await response;
  });
});

describe('the address of the HTTP server', () => {
  it('that is in use is told by name, with what to do', async () => {
    const { url } = await open();
    const port = Number(new URL(url).port);
    await assert.rejects(open({ port }), (thrown: unknown) => {
      assert.ok(isOperatorError(thrown));
      assert.equal(thrown.family, 'terminal');
      assert.equal(thrown.reason, 'ListenAddressUnavailable');
      assert.equal(thrown.where, `127.0.0.1:${port}`);
      assert.match(thrown.message, /the port is in use/);
      assert.match(thrown.remedy ?? '', /--listen/);
      return true;
    });
  });

  it('that is not of this machine is an error, too', async () => {
    await assert.rejects(open({ host: '192.0.2.1' }), {
      reason: 'ListenAddressUnavailable',
      where: '192.0.2.1:0',
    });
  });
});

/** Promise.withResolvers of later Node.js versions. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
