import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { systemClock } from '../../controller/cli/clock.ts';
import { formatError } from '../../controller/errors.ts';
import type { Fetch } from '../../controller/prometheus/api.ts';
import { createPrometheusApi } from '../../controller/prometheus/api.ts';
import { readBody } from '../../controller/prometheus/body.ts';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import { instantClock, steadyClock } from '../support/fake-clock.ts';
import { fakePrometheus } from '../support/fake-prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;
const URL = 'http://127.0.0.1:9090';
const BUNDLE: Bundle = { config: 'a: 1\n', targetFiles: new Map() };

/** Never ends, and counts what was taken of it. */
function endless(head = ''): { readonly response: Response; taken: () => number } {
  let taken = 0;
  const chunk = new Uint8Array(64 * 1024).fill(120);
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
    pull(controller) {
      taken += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  return { response: new Response(stream), taken: () => taken };
}

describe('an answer of Prometheus', () => {
  const temporary = useTemporaryDirectory();
  const publish = (fetch: Fetch, clock = instantClock()) =>
    createPublisher({ directory: temporary(), prometheusUrl: URL, fetch, clock }).publish(BUNDLE, SIGNAL);
  const failure = async (fetch: Fetch) => {
    const { reload } = await publish(fetch);
    assert.equal(reload.kind, 'pending');
    return reload.error;
  };

  describe('that is none of Prometheus', () => {
    for (const [what, body] of [
      ['a page of a proxy', '<!doctype html><title>Sign in</title>'],
      ['nothing', ''],
      ['JSON of another product', '{"status": "success", "data": {"uptime": 4}}'],
      ['a list', '[]'],
      ['an error inside of 200', '{"status": "error", "error": "nope"}'],
    ])
      it(`but ${what}, is told so, and no reload is posted to it`, async () => {
        const calls: string[] = [];
        const error = await failure(async (_, { method }) => {
          calls.push(method ?? 'GET');
          return new Response(body);
        });
        assert.deepEqual([error.family, error.reason], ['terminal', 'PrometheusUnreachable']);
        assert.match(formatError(error), /answers, but not like a Prometheus\. Check the Prometheus URL/);
        assert.deepEqual(calls, ['GET']);
      });
  });

  describe('of any size', () => {
    it('is read up to a limit and no further', async () => {
      const { response, taken } = endless();
      assert.equal((await readBody(response, 100_000)).length, 100_000);
      assert.ok(taken() <= 400_000, String(taken()));
    });

    it('is read whole below the limit, also in pieces that cut a character', async () => {
      const bytes = new TextEncoder().encode('é€😀'.repeat(50));
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
          controller.close();
        },
      });
      assert.equal(await readBody(new Response(stream), 10_000), 'é€😀'.repeat(50));
      assert.equal(await readBody(new Response(null), 10), '');
    });

    it('ends a runtimeinfo without end as an answer that is none', async () => {
      const { response, taken } = endless('{"data": {"reloadConfigSuccess": true, "x": "');
      assert.match((await failure(async () => response)).message, /not like a Prometheus/);
      assert.ok(taken() < 1024 * 1024, String(taken()));
    });

    it('gives the beginning of a refusal without end', async () => {
      const clock = instantClock();
      const prometheus = fakePrometheus(clock.now);
      const { reload } = await publish(async (url, init) => {
        if (init.method !== 'POST') return prometheus.fetch(url, init);
        return new Response(endless('failed to reload config: it is bad ').response.body, { status: 500 });
      }, clock);
      assert.equal(reload.kind, 'rejected');
      assert.match(reload.message, /^it is bad x+$/);
      assert.equal(reload.message.length, 4000);
    });
  });

  describe('of any shape', () => {
    const value = fc.oneof(
      fc.boolean(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const data = fc.record(
      { reloadConfigSuccess: value, lastConfigTime: value, version: value, yaml: value },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc
        .record({ status: value, data: fc.oneof(data, value) }, { requiredKeys: [] })
        .map((x) => JSON.stringify(x)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    const headers = fc.oneof(
      fc.constant({}),
      fc.constantFrom('', 'Thu, 01 Jan 2026 00:00:00 GMT', 'soon', '0').map((date) => ({ date })),
    );
    const status = fc.oneof(fc.constantFrom(200, 500, 403, 503), fc.integer({ min: 200, max: 599 }));
    const noBody = (status: number) => [204, 205, 304].includes(status);
    const answer = fc.record({ body, headers, status }).map(
      ({ body, headers, status }) =>
        () =>
          new Response(noBody(status) ? null : body, { headers, status }),
    );

    it('gives fields of the right type or none, or a clean error', async () => {
      await fc.assert(
        fc.asyncProperty(answer, async (respond) => {
          const api = createPrometheusApi({ url: URL, fetch: async () => respond(), clock: instantClock() });
          const info = await api.runtimeInfo(5000, SIGNAL);
          if (info.kind === 'failed') assert.equal(info.error.reason, 'PrometheusUnreachable');
          else {
            const { reloadConfigSuccess, lastConfigTime, date } = info.value;
            assert.ok(['boolean', 'undefined'].includes(typeof reloadConfigSuccess));
            for (const time of [lastConfigTime, date]) assert.ok(time === undefined || Number.isFinite(time));
          }
          for (const text of [await api.version(5000, SIGNAL), await api.runningConfig(5000, SIGNAL)])
            assert.ok(text === undefined || (typeof text === 'string' && text !== ''));
        }),
        { numRuns: 500 },
      );
    });

    it('in any order ends a publication with a clean result and the whole file on disk', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 6 }), async (answers) => {
          let call = 0;
          const fetch: Fetch = async () => {
            const respond = answers[call % answers.length] ?? assert.fail();
            call += 1;
            return respond();
          };
          const { reload } = await publish(fetch);
          assert.ok(['confirmed', 'pending', 'rejected', 'notNeeded'].includes(reload.kind));
          if (reload.kind === 'pending') assert.notEqual(formatError(reload.error), '');
          assert.equal(await readFile(join(temporary(), 'prometheus.yml'), 'utf8'), BUNDLE.config);
        }),
        { numRuns: 100 },
      );
    }).timeout(20_000);
  });

  describe('that does not come', () => {
    const fails = (code: string, message: string) => async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
    };

    for (const [what, code, message, family, expected] of [
      [
        'because nobody listens',
        'ECONNREFUSED',
        'connect ECONNREFUSED 127.0.0.1:9090',
        'waiting',
        /does not answer: fetch failed: connect ECONNREFUSED 127\.0\.0\.1:9090\. It may be starting; the reload follows/,
      ],
      [
        'because the name is unknown',
        'ENOTFOUND',
        'getaddrinfo ENOTFOUND prom',
        'waiting',
        /getaddrinfo ENOTFOUND prom\. Check the Prometheus URL/,
      ],
      [
        'because its certificate is signed by nobody we know',
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'self-signed certificate',
        'terminal',
        /certificate of Prometheus is not trusted: .*self-signed certificate.*NODE_EXTRA_CA_CERTS/,
      ],
      [
        'because its certificate is for another name',
        'ERR_TLS_CERT_ALTNAME_INVALID',
        "Hostname/IP does not match certificate's altnames",
        'terminal',
        /not trusted: .*altnames.* use the name in the certificate/,
      ],
      [
        'because its certificate is over',
        'CERT_HAS_EXPIRED',
        'certificate has expired',
        'terminal',
        /has expired/,
      ],
      [
        'because it speaks HTTP and the URL says https',
        'ERR_SSL_WRONG_VERSION_NUMBER',
        '80:error:0A00010B:SSL routines:\nwrong version number:\n',
        'terminal',
        /speaks another protocol: [^\n]*Check whether the Prometheus URL begins with http or with https/,
      ],
    ] as const)
      it(`${what}, is told with what to do`, async () => {
        const error = await failure(fails(code, message));
        assert.deepEqual([error.family, error.reason], [family, 'PrometheusUnreachable']);
        assert.match(formatError(error), expected);
      });

    for (const [what, behave, expected] of [
      ['closes the connection', (socket: Socket) => socket.destroy(), /does not answer: .*other side closed/],
      [
        'speaks something else',
        (socket: Socket) => socket.end('220 smtp ready\r\n'),
        /speaks another protocol/,
      ],
      [
        'breaks off in the middle',
        (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"data"'),
        /does not answer: .*other side closed/,
      ],
    ] as const)
      it(`because the other side ${what}, is told with what to do`, async () => {
        const server = createServer((socket) => socket.once('data', () => behave(socket)));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        try {
          const { port } = server.address() as AddressInfo;
          const { reload } = await createPublisher({
            directory: temporary(),
            prometheusUrl: `http://127.0.0.1:${port}`,
            fetch,
            clock: systemClock,
          }).publish(BUNDLE, SIGNAL);
          assert.equal(reload.kind, 'pending');
          assert.match(formatError(reload.error), expected);
        } finally {
          server.close();
        }
      });
  });

  it('is not asked for at a URL whose credentials cannot be decoded', () => {
    const url = 'http://user:100%@127.0.0.1:9090';
    assert.throws(
      () => createPrometheusApi({ url, fetch, clock: systemClock }),
      /credentials in the Prometheus URL/,
    );
  });
});

describe('a reload that gets no verdict', () => {
  const temporary = useTemporaryDirectory();
  const clock = steadyClock();
  let prometheus = fakePrometheus(clock.now);
  beforeEach(() => {
    prometheus = fakePrometheus(clock.now);
  });
  const publisher = () =>
    createPublisher({ directory: temporary(), prometheusUrl: URL, fetch: prometheus.fetch, clock });
  const posts = () => prometheus.calls.filter((call) => call.startsWith('POST')).length;

  it('is asked for again after 5 s, then ever more seldom, up to once a minute', async () => {
    const own = publisher();
    const times: number[] = [];
    const start = clock.now();
    for (let second = 0; second < 300; second += 1) {
      prometheus.answers.splice(0, prometheus.answers.length, { status: 403 });
      const before = posts();
      const { reload, reloads } = await own.publish(BUNDLE, SIGNAL);
      assert.equal(reload.kind === 'pending' && reload.error.reason, 'LifecycleDisabled');
      assert.equal(reloads, posts() - before);
      if (posts() > before) times.push((clock.now() - start) / 1000);
      clock.pass(1000);
    }
    assert.deepEqual(times, [0, 5, 15, 35, 75, 135, 195, 255]);
  });

  it('is asked for at once for another configuration', async () => {
    const own = publisher();
    prometheus.answers.push({ status: 403 }, { status: 403 });
    await own.publish(BUNDLE, SIGNAL);
    await own.publish({ ...BUNDLE, config: 'a: 2\n' }, SIGNAL);
    assert.equal(posts(), 2);
  });

  it('is confirmed without another one when it ended late, or somebody else sent one', async () => {
    const own = publisher();
    prometheus.answers.push({ status: 504 });
    assert.equal((await own.publish(BUNDLE, SIGNAL)).reload.kind, 'pending');
    clock.pass(2000);
    await prometheus.fetch(`${URL}/-/reload`, { method: 'POST' });
    const before = posts();
    const result = await own.publish(BUNDLE, SIGNAL);
    assert.deepEqual([result.reload.kind, result.reloads, posts()], ['confirmed', 0, before]);
    assert.equal((await own.publish(BUNDLE, SIGNAL)).reload.kind, 'notNeeded');
  });

  it('does not leave its configuration confirmed when the one before comes back', async () => {
    const own = publisher();
    await own.publish(BUNDLE, SIGNAL);
    prometheus.answers.push({ status: 504 });
    assert.equal((await own.publish({ ...BUNDLE, config: 'a: 2\n' }, SIGNAL)).reload.kind, 'pending');
    // Prometheus may have loaded it all the same.
    assert.equal((await own.publish(BUNDLE, SIGNAL)).reload.kind, 'confirmed');
  });

  it('is not put off by a clock that is set back', async () => {
    let now = clock.now();
    const own = createPublisher({
      directory: temporary(),
      prometheusUrl: URL,
      fetch: prometheus.fetch,
      clock: { ...clock, now: () => now },
    });
    prometheus.answers.push({ status: 403 });
    await own.publish(BUNDLE, SIGNAL);
    now -= 86_400_000;
    assert.equal((await own.publish(BUNDLE, SIGNAL)).reloads, 1);
  });
});
