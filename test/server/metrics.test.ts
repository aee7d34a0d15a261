import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { terminal, waiting } from '../../controller/errors.ts';
import type { PassObservation } from '../../controller/reconcile/ports.ts';
import { createMetrics, type Metrics } from '../../controller/server/metrics/metrics.ts';
import { CONDITION_TYPES } from '../../controller/status/types.ts';
import { bindService, createRegistry, planOf } from '../support/plans.ts';
import { PROMETHEUS_TIMEOUT_MS, requirePrometheus } from '../support/prometheus.ts';
import { parseExposition, typesOf } from './exposition.ts';
import {
  condition,
  failedPass,
  passOf,
  published,
  START,
  statusOf,
  unreachable,
  type Done,
} from './observations.ts';

const SOURCE = 's3://bucket/targets/';

const NO_CALLS = { callsByApi: () => ({}), throttlesByApi: () => ({}) };

function metricsAfter(...passes: readonly PassObservation[]): Metrics {
  const metrics = createMetrics({
    version: '1.2.3',
    intervalMs: 30_000,
    sources: [SOURCE, 'targets/'],
    awsCalls: NO_CALLS,
  });
  for (const pass of passes) metrics.passDone(pass);
  return metrics;
}

/** Our own series after some passes, without their prefix. */
async function seriesAfter(...passes: readonly PassObservation[]): Promise<ReadonlyMap<string, number>> {
  return ownSeries(await metricsAfter(...passes).text());
}

function ownSeries(text: string): ReadonlyMap<string, number> {
  const prefix = 'ecs_scrape_operator_';
  return new Map(
    [...parseExposition(text)].flatMap(([series, value]) =>
      series.startsWith(prefix) ? [[series.slice(prefix.length), value] as const] : [],
    ),
  );
}

const named = (series: ReadonlyMap<string, number>, name: string): string[] =>
  [...series.keys()].filter((key) => key === name || key.startsWith(`${name}{`));

describe('metrics of passes', () => {
  it('begin at zero, and say nothing of what is not known yet', async () => {
    const series = await seriesAfter();
    assert.equal(series.get('reconcile_total{controller="pass",result="success"}'), 0);
    assert.equal(series.get(`source_errors_total{source="${SOURCE}"}`), 0);
    assert.equal(series.get('reconcile_interval_seconds'), 30);
    for (const name of ['last_sync_timestamp_seconds', 'config_last_reload_successful', 'targets_held'])
      assert.deepEqual(named(series, name), [], name);
  });

  it('count passes and ScrapeTargets by result', async () => {
    const results = [
      { kind: 'done' },
      { kind: 'requeueAfter', ms: 1000, reason: 'Progressing' },
      { kind: 'retry', reason: 'Throttled' },
      { kind: 'stalled', reason: 'AccessDenied' },
    ] as const;
    const statuses = results.map((result, index) => statusOf(`t${index}`, { result }));
    const series = await seriesAfter(passOf({ statuses }), passOf({ statuses: [statusOf('t0')] }));
    const count = (controller: string, result: string): number | undefined =>
      series.get(`reconcile_total{controller="${controller}",result="${result}"}`);
    assert.deepEqual(
      ['success', 'error', 'requeue', 'requeue_after'].map((r) => count('scrape_target', r)),
      [2, 2, 0, 1],
    );
    assert.deepEqual(
      ['success', 'error', 'requeue', 'requeue_after'].map((r) => count('pass', r)),
      [1, 0, 0, 1],
    );
    assert.equal(series.get('reconcile_errors_total{controller="scrape_target"}'), 2);
    assert.equal(series.get('terminal_reconcile_errors_total{controller="scrape_target"}'), 1);
  });

  it('count a pass that failed as an error, and leave the rest as it was', async () => {
    const good = passOf({ statuses: [statusOf('webapp')] });
    const later = START + 30_000;
    const series = await seriesAfter(
      good,
      failedPass(unreachable(), later),
      failedPass(terminal({ reason: 'Broken', message: 'Broken.' }), later),
    );
    assert.equal(series.get('reconcile_total{controller="pass",result="error"}'), 2);
    assert.equal(series.get('reconcile_errors_total{controller="pass"}'), 2);
    assert.equal(series.get('terminal_reconcile_errors_total{controller="pass"}'), 1);
    assert.equal(series.get('last_sync_timestamp_seconds'), START / 1000);
    assert.equal(series.get('targets{scrape_target="webapp"}'), 2);
    assert.equal(series.get('reconcile_duration_seconds_count{controller="pass"}'), 3);
    assert.equal(series.get('reconcile_duration_seconds_sum{controller="pass"}'), 3);
  });

  it('count a pass that changed AWS as one to be repeated at once', async () => {
    const change = createRegistry('webapp');
    const outcomes = [{ change, result: { kind: 'applied' } }] as const;
    const series = await seriesAfter(passOf({ plan: planOf([change]), outcomes }));
    assert.equal(series.get('reconcile_total{controller="pass",result="requeue"}'), 1);
    assert.equal(series.get('no_op_runs_total'), 0);
  });

  it('call a pass a no-op only when it wrote nothing anywhere', async () => {
    const change = createRegistry('webapp');
    const reload = { kind: 'confirmed', at: '2026-01-01T00:00:00Z' } as const;
    const busy: readonly Partial<Done>[] = [
      { plan: planOf([change]) },
      { publication: published({ written: ['targets/webapp.metrics.json'] }) },
      { publication: published({ deleted: ['targets/webapp.metrics.json'] }) },
      { publication: published({ reload }) },
      { publication: { kind: 'withheld', error: unreachable() } },
    ];
    const series = await seriesAfter(...busy.map((done) => passOf(done)), passOf());
    assert.equal(series.get('no_op_runs_total'), 1);
  });

  it('show the plan of the last pass by kind and action', async () => {
    const blocked = (subject: string): Done['plan']['blocked'][number] => ({
      target: 'webapp',
      subject,
      condition: 'ReferencesResolved',
      reason: 'Reason',
      message: 'A message.',
      remedy: 'A remedy.',
      family: 'terminal',
    });
    const plan = {
      ...planOf([createRegistry('a'), createRegistry('b'), bindService('a')]),
      blocked: [blocked('namespace ecs-services'), blocked('service c/s'), blocked('something new')],
    };
    const series = await seriesAfter(passOf({ plan }));
    const of = (kind: string, action: string): number | undefined =>
      series.get(`plan_changes{kind="${kind}",action="${action}"}`);
    assert.deepEqual([of('registry', 'create'), of('service', 'update')], [2, 1]);
    assert.deepEqual(
      ['namespace', 'service', 'other', 'registry'].map((kind) => of(kind, 'blocked')),
      [1, 1, 1, 0],
    );
    const after = await seriesAfter(passOf({ plan }), passOf());
    assert.equal(after.get('plan_changes{kind="registry",action="create"}'), 0);
  });
});

describe('metrics of ScrapeTargets', () => {
  const held = (name: string, reason: string) =>
    statusOf(name, {
      targets: undefined,
      lastCompleteRead: '2025-12-31T23:00:00.500Z',
      conditions: [condition('TargetsDiscovered', 'Unknown', reason, 'arn:aws:ecs:eu-west-1:1:cluster/c')],
    });

  it('show why targets are held, since when, and how many there are', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [statusOf('webapp', { targets: 5 })] }),
      passOf({ statuses: [held('webapp', 'AccessDenied')] }),
    );
    assert.equal(series.get('targets_held{scrape_target="webapp",reason="AccessDenied"}'), 1);
    assert.equal(
      series.get('last_complete_read_timestamp_seconds{scrape_target="webapp"}'),
      Date.UTC(2025, 11, 31, 23) / 1000 + 0.5,
    );
    assert.equal(series.get('targets{scrape_target="webapp"}'), 5);
  });

  it('hold nothing once AWS has told all again, or while a ScrapeTarget is suspended', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [held('webapp', 'Throttled'), held('other', 'Throttled')] }),
      passOf({ statuses: [statusOf('webapp'), held('other', 'Suspended')] }),
    );
    assert.deepEqual(named(series, 'targets_held'), []);
  });

  it('count a believed empty read as zero targets', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [statusOf('webapp', { targets: 5 })] }),
      passOf({ statuses: [statusOf('webapp', { targets: 0 })] }),
    );
    assert.equal(series.get('targets{scrape_target="webapp"}'), 0);
  });

  it('disappear with their ScrapeTarget', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [statusOf('webapp'), held('gone', 'Throttled')] }),
      passOf({ statuses: [statusOf('webapp')] }),
    );
    assert.deepEqual(
      [...series.keys()].filter((key) => key.includes('gone')),
      [],
    );
    assert.ok(series.has('targets{scrape_target="webapp"}'));
  });

  it('show each condition once, with the status it has now', async () => {
    const turned = (status: 'True' | 'False') =>
      passOf({ statuses: [statusOf('webapp', { conditions: [condition('Ready', status)] })] });
    const series = await seriesAfter(turned('True'), turned('False'));
    assert.deepEqual(named(series, 'condition_status'), [
      'condition_status{name="webapp",type="Ready",status="False"}',
    ]);
  });

  it('count documents in force, invalid, suspended, and kept in an older version', async () => {
    const refused = condition('Accepted', 'False', 'InvalidSpec');
    const statuses = [
      statusOf('good'),
      statusOf('resting', { conditions: [condition('Suspended', 'True')] }),
      statusOf('kept', { conditions: [refused] }),
      statusOf('never', { specHash: '', targets: undefined, conditions: [refused] }),
    ];
    const series = await seriesAfter(passOf({ statuses, invalidDocuments: 3 }));
    const count = (state: string): number | undefined =>
      series.get(`managed_resources{kind="ScrapeTarget",state="${state}"}`);
    assert.deepEqual(['selected', 'rejected', 'suspended', 'last_known_good'].map(count), [3, 3, 1, 1]);
  });

  it('never make a label of an ARN or a message, whatever a reason looks like', async () => {
    const strange = ['arn:aws:ecs:eu-west-1:1:task/t', 'not a reason', '', '"} 1\nup 1', 'A'.repeat(200)];
    const statuses = strange.map((reason, index) => held(`t${index}`, reason));
    const text = await metricsAfter(passOf({ statuses })).text();
    assert.doesNotMatch(text, /arn:|not a reason|AAAA|A message/);
    assert.equal(named(ownSeries(text), 'targets_held').length, strange.length);
  });

  it('number no more series than the ScrapeTargets allow, however often they turn', async () => {
    const status = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      targets: fc.option(fc.nat(100), { nil: undefined }),
      type: fc.constantFrom(...CONDITION_TYPES),
      status: fc.constantFrom('True', 'False', 'Unknown'),
      reason: fc.string(),
    });
    const passes = fc.array(fc.uniqueArray(status, { selector: ({ name }) => name }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(passes, async (history) => {
        const statuses = history.map((pass) =>
          pass.map(({ name, targets, type, status, reason }) =>
            statusOf(name, { targets, conditions: [condition(type, status, reason)] }),
          ),
        );
        const series = await seriesAfter(...statuses.map((pass) => passOf({ statuses: pass })));
        const last = history.at(-1)?.length ?? 0;
        for (const name of [
          'condition_status',
          'targets',
          'targets_held',
          'last_complete_read_timestamp_seconds',
        ])
          assert.ok(named(series, name).length <= last, name);
      }),
      { numRuns: 30 },
    );
  });
});

describe('metrics of the edges', () => {
  it('tell whether Prometheus confirmed the last reload, and when', async () => {
    const at = '2026-01-01T00:00:10Z';
    const rejected = published({ reload: { kind: 'rejected', message: 'no', restored: true } });
    const passes = [
      passOf({ publication: published({ reload: { kind: 'confirmed', at } }) }),
      passOf({ publication: rejected }),
    ];
    const series = await seriesAfter(...passes);
    assert.equal(series.get('config_last_reload_successful'), 0);
    assert.equal(series.get('config_last_reload_success_timestamp_seconds'), Date.parse(at) / 1000);
    assert.deepEqual([series.get('reloads_total'), series.get('reloads_failed_total')], [2, 1]);
    const mended = await seriesAfter(...passes, passOf());
    assert.equal(mended.get('config_last_reload_successful'), 1);
  });

  it('count a refusal once, however often it is told, and each try to reach Prometheus', async () => {
    const rejected = passOf({
      publication: published({ reload: { kind: 'rejected', message: 'no', restored: true } }),
    });
    const error = waiting({ reason: 'PrometheusUnreachable', message: 'It does not answer.' });
    const pending = passOf({ publication: published({ reload: { kind: 'pending', error } }) });
    const series = await seriesAfter(rejected, rejected, rejected, pending, pending);
    assert.deepEqual([series.get('reloads_total'), series.get('reloads_failed_total')], [3, 3]);
    assert.equal(series.get('config_last_reload_successful'), 0);
  });

  it('say nothing about reloads without a Prometheus URL, or while publishing is withheld', async () => {
    const series = await seriesAfter(
      passOf({ publication: published({ reload: { kind: 'notAsked' } }) }),
      passOf({ publication: { kind: 'withheld', error: unreachable() } }),
      passOf({ publication: undefined }),
    );
    assert.deepEqual(named(series, 'config_last_reload_successful'), []);
    assert.equal(series.get('reloads_total'), 0);
  });

  it('count target files, not the configuration', async () => {
    const written = ['targets/a.metrics.json', 'targets/b.metrics.json', 'prometheus.yml'];
    const series = await seriesAfter(passOf({ publication: published({ written }) }));
    assert.equal(series.get('file_sd_writes_total'), 2);
  });

  it('tell each source apart, and know only those that were named', async () => {
    const series = await seriesAfter(
      passOf({}, START),
      passOf({ unreadSources: [SOURCE, 's3://never-named/'] }, START + 30_000),
    );
    assert.equal(series.get(`source_errors_total{source="${SOURCE}"}`), 1);
    assert.equal(series.get('source_errors_total{source="targets/"}'), 0);
    assert.equal(series.get(`source_last_success_timestamp_seconds{source="${SOURCE}"}`), START / 1000);
    assert.equal(series.get('source_last_success_timestamp_seconds{source="targets/"}'), START / 1000 + 30);
    assert.equal(named(series, 'source_errors_total').length, 2);
  });

  it('count AWS requests and throttles as they are at the moment of the scrape', async () => {
    let calls: Record<string, number> = {};
    let throttles: Record<string, number> = {};
    const metrics = createMetrics({
      version: '1.2.3',
      intervalMs: 30_000,
      sources: [],
      awsCalls: { callsByApi: () => calls, throttlesByApi: () => throttles },
    });
    await metrics.text();
    calls = { 'ecs:ListTasks': 7, 'ssm:GetParametersByPath': 1 };
    throttles = { 'ecs:ListTasks': 2 };
    const text = await metrics.text();
    const series = ownSeries(text);
    const of = (name: string, service: string, operation: string): number | undefined =>
      series.get(`${name}{service="${service}",operation="${operation}"}`);
    assert.equal(of('aws_api_requests_total', 'ecs', 'ListTasks'), 7);
    assert.equal(of('aws_api_throttles_total', 'ecs', 'ListTasks'), 2);
    assert.equal(of('aws_api_throttles_total', 'ssm', 'GetParametersByPath'), 0);
    assert.equal(typesOf(text).get('ecs_scrape_operator_aws_api_requests_total'), 'counter');
    assert.deepEqual(ownSeries(await metrics.text()), series);
  });
});

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
    assert.deepEqual(new Map(served.sort()), new Map([...listed].sort()));
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
