import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { bindService, createRegistry, planOf } from '../support/plans.ts';
import { failedPass, passOf, published, START, statusOf, unreachable, type Done } from './observations.ts';
import { named, seriesAfter, SOURCE } from './series.ts';

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
    assert.equal(series.get('reconcile_duration_seconds_count{controller="pass"}'), 1);
    assert.equal(series.get('reconcile_duration_seconds_sum{controller="pass"}'), 1);
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
