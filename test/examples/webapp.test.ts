import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { renderWebapp } from '../../controller/sandbox/exporters.ts';
import { parseExposition, typesOf } from '../server/exposition.ts';

const METRICS = ['http_requests_total', 'request_duration_milliseconds'] as const;

/** What a dashboard relies on: the names of the shop's own series, of their labels, and the bounds of the buckets. */
function shapeOf(exposition: string): ReadonlySet<string> {
  const series = [...parseExposition(exposition).keys()];
  const own = series.filter((name) => METRICS.some((metric) => name.startsWith(metric)));
  return new Set(
    own.map((name) =>
      name
        .replaceAll(/(?<!le)="[^"]*"/g, '')
        .split(/[{,}]/)
        .toSorted()
        .join(' '),
    ),
  );
}

describe('the sample web application', function () {
  this.timeout(20_000);
  let webapp: ChildProcess | undefined;
  let url = '';

  beforeEach(async () => {
    const child = spawn(process.execPath, ['examples/webapp/server.js'], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    webapp = child;
    const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line');
    url = `http://127.0.0.1:${/port (\d+)/.exec(String(line))?.[1]}`;
  });
  afterEach(() => webapp?.kill('SIGKILL'));

  const scrape = async () => (await fetch(`${url}/metrics`)).text();

  it('counts requests and times them with the buckets 50, 100, 250 and 500', async () => {
    for (const path of ['/', '/popular/category', '/popular/category']) await fetch(url + path);
    await fetch(`${url}/checkout`, { method: 'POST' });
    const text = await scrape();
    const samples = parseExposition(text);
    const types = typesOf(text);
    assert.deepEqual(
      METRICS.map((name) => types.get(name)),
      ['counter', 'histogram'],
    );
    const counted = [...samples].filter(([series]) => series.startsWith('http_requests_total{'));
    assert.equal(
      counted.reduce((sum, [, value]) => sum + value, 0),
      4,
    );
    const bounds = [...samples.keys()].flatMap(
      (series) => /^request_duration_milliseconds_bucket\{le="([^"]+)",method="POST"/.exec(series)?.[1] ?? [],
    );
    assert.deepEqual(bounds, ['50', '100', '250', '500', '+Inf']);
    assert.equal(
      samples.get('request_duration_milliseconds_count{method="GET",path="/popular/category"}'),
      2,
    );
  });

  it('serves the series that the tasks of the sandbox serve, so that dashboards fit both', async () => {
    await fetch(url);
    await fetch(`${url}/checkout`, { method: 'POST' });
    const sandbox = renderWebapp({ id: 'ffff', startedAt: 0, now: 3_600_000 });
    assert.deepEqual(shapeOf(await scrape()), shapeOf(sandbox));
  });

  it('makes no new series for a path that it does not offer', async () => {
    for (const path of ['/a', '/b', '/c?d=e']) assert.equal((await fetch(url + path)).status, 404);
    const samples = parseExposition(await scrape());
    assert.equal(samples.get('http_requests_total{method="GET",path="other",status="404"}'), 3);
  });

  it('ends on SIGTERM with exit code 0', async () => {
    assert.equal(await (await fetch(`${url}/health`)).text(), 'ok\n');
    webapp?.kill('SIGTERM');
    const [code]: unknown[] = await once(webapp!, 'exit');
    assert.equal(code, 0);
  });

  it('asks for the version of prom-client that is tested here, and pins it', async () => {
    const manifest = async (path: string): Promise<{ dependencies: Record<string, string> }> =>
      JSON.parse(await readFile(path, 'utf8'));
    const { dependencies } = await manifest('examples/webapp/package.json');
    assert.deepEqual(dependencies, {
      'prom-client': (await manifest('package.json')).dependencies['prom-client'],
    });
  });
});
