import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createMetrics } from '../../controller/server/metrics/metrics.ts';
import { PROMETHEUS_TIMEOUT_MS, requirePrometheus } from '../support/prometheus.ts';
import { parseExposition, typesOf } from './exposition.ts';
import { condition, passOf, published, statusOf } from './observations.ts';
import { metricsAfter } from './series.ts';

describe('the metrics text', () => {
  it('has process metrics, and the version that runs', async () => {
    const series = parseExposition(await metricsAfter().text());
    assert.ok((series.get('process_resident_memory_bytes') ?? 0) > 0);
    assert.ok(series.has('nodejs_eventloop_lag_p99_seconds'));
    assert.equal(series.get('ecs_scrape_operator_build_info{version="1.2.3",revision="unknown"}'), 1);
  });

  it('is the same for two controllers in one process, because they share no registry', async () => {
    const busy = metricsAfter(passOf({ statuses: [statusOf('webapp')] }));
    const idle = metricsAfter();
    assert.ok((await busy.text()).includes('webapp'));
    assert.ok(!(await idle.text()).includes('webapp'));
  });

  it('is made once for all who ask at the same time', async () => {
    let asked = 0;
    const metrics = createMetrics({
      version: '1.2.3',
      intervalMs: 30_000,
      sources: [],
      awsCalls: { callsByApi: () => ({ 'ecs:ListTasks': ++asked }), throttlesByApi: () => ({}) },
    });
    await metrics.text();
    const once = asked;
    const texts = await Promise.all(Array.from({ length: 20 }, () => metrics.text()));
    assert.equal(new Set(texts).size, 1);
    assert.equal(asked, 2 * once);
  });

  it('has exactly the metrics of the reference, with their types', async () => {
    const reference = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const rows = [...reference.matchAll(/^\| `(ecs_\w+)` \| (\w+) \|/gm)];
    const listed = new Map(rows.map(([, name = '', type = '']) => [name, type]));
    const served = [...typesOf(await metricsAfter().text())].filter(([name]) => name.startsWith('ecs_'));
    assert.deepEqual(Object.fromEntries(served), Object.fromEntries(listed));
    assert.ok(listed.size >= 22, `${listed.size} metrics`);
  });
});

describe('promtool check metrics', () => {
  it('finds no fault with the text, empty or full', async function () {
    const { promtool } = await requirePrometheus(this);
    const full = metricsAfter(
      passOf({
        statuses: [
          statusOf('webapp'),
          statusOf('b', { conditions: [condition('TargetsDiscovered', 'Unknown', 'Throttled')] }),
        ],
      }),
      passOf({ publication: published({ reload: { kind: 'confirmed', at: '2026-01-01T00:00:00Z' } }) }),
    );
    for (const text of [await metricsAfter().text(), await full.text()])
      assert.deepEqual(await checkMetrics(promtool, text), { code: 0, output: '' });
  }).timeout(PROMETHEUS_TIMEOUT_MS);
});

function checkMetrics(promtool: string, text: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(promtool, ['check', 'metrics'], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` });
    });
    child.stdin?.end(text);
  });
}
