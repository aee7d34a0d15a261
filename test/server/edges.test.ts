import assert from 'node:assert/strict';
import { waiting } from '../../controller/errors.ts';
import { createMetrics } from '../../controller/server/metrics/metrics.ts';
import { typesOf } from './exposition.ts';
import { passOf, published, START, unreachable } from './observations.ts';
import { named, ownSeries, seriesAfter, SOURCE } from './series.ts';

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

  it('tell who of several controllers leads, under the name that other controllers use', async () => {
    let leads: boolean | undefined;
    const awsCalls = { callsByApi: () => ({}), throttlesByApi: () => ({}) };
    const options = { version: '1.2.3', intervalMs: 30_000, sources: [], awsCalls, leads: () => leads };
    const metrics = createMetrics(options);
    const line = async () => (await metrics.text()).match(/^leader_election_master_status\S* \d$/m)?.[0];
    assert.equal(await line(), undefined);
    leads = false;
    assert.equal(await line(), 'leader_election_master_status{name="scrapectl"} 0');
    leads = true;
    assert.equal(await line(), 'leader_election_master_status{name="scrapectl"} 1');
  });
});
