import assert from 'node:assert/strict';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { renderNodeExporter, renderWebapp } from '../../controller/sandbox/exporters.ts';
import { fullName } from '../../controller/server/metrics/definition.ts';
import { DURATION, METRICS } from '../../controller/server/metrics/definitions.ts';
import { parseExposition } from '../server/exposition.ts';
import { DASHBOARDS, labelVariablesOf, metricsOf, targetsOf } from '../support/dashboards.ts';
import type { Panel } from '../support/dashboards.ts';

/** The last schema of Grafana's classic dashboards. */
const SCHEMA_VERSION = 42;
const COLUMNS = 24;

const namesIn = (exposition: string): readonly string[] =>
  [...parseExposition(exposition).keys()].map((series) => series.replace(/\{.*/, ''));

/** What the controller, the sample services and Prometheus itself have. */
function existingMetrics(): ReadonlySet<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const task = { id: 'ffff', startedAt: 0, now: 3_600_000 };
  return new Set([
    ...METRICS.map(fullName),
    ...['bucket', 'sum', 'count'].map((part) => `${fullName(DURATION)}_${part}`),
    ...registry.getMetricsAsArray().map(({ name }) => name),
    ...namesIn(renderWebapp(task)),
    ...namesIn(renderNodeExporter(task)),
    'up',
    'scrape_duration_seconds',
  ]);
}

const overlap = ({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const areUnique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

describe('the Grafana dashboards', () => {
  it('can be imported side by side', () => {
    assert.deepEqual(
      DASHBOARDS.map(({ uid, title }) => [uid, title]),
      [
        ['ecs-prometheus-operator', 'ECS Prometheus Operator'],
        ['ecs-services', 'ECS services'],
      ],
    );
    for (const dashboard of DASHBOARDS) {
      assert.equal(dashboard.schemaVersion, SCHEMA_VERSION);
      assert.ok(!('id' in dashboard), 'an id belongs to one Grafana');
    }
  });

  for (const dashboard of DASHBOARDS)
    describe(dashboard.file, () => {
      const { panels, templating } = dashboard;
      const targets = targetsOf(dashboard);

      it('has panels that lie beside each other, each with an id of its own', () => {
        assert.ok(areUnique(panels.map(({ id }) => id)));
        for (const [index, panel] of panels.entries()) {
          const { x, y, w, h } = panel.gridPos;
          assert.ok(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= COLUMNS, panel.title);
          for (const other of panels.slice(index + 1))
            assert.ok(!overlap(panel, other), `${panel.title}, ${other.title}`);
        }
      });

      it('explains every panel, with a unit and thresholds', () => {
        for (const { type, title, description, targets: own, fieldConfig } of panels) {
          assert.notEqual(title, '');
          if (type === 'row') continue;
          assert.match(description ?? '', /\.$/, title);
          assert.ok((own ?? []).length > 0, title);
          assert.ok(areUnique((own ?? []).map(({ refId }) => refId)), title);
          const { unit, thresholds } = fieldConfig?.defaults ?? {};
          assert.ok(unit !== undefined && thresholds !== undefined, title);
        }
      });

      it('asks the data source that is chosen, and no other', () => {
        const [first] = templating.list;
        assert.deepEqual(
          [first?.name, first?.type, first?.query],
          ['datasource', 'datasource', 'prometheus'],
        );
        const asking = [
          ...panels.filter(({ type }) => type !== 'row'),
          ...targets,
          ...templating.list.filter(({ type }) => type === 'query'),
        ];
        for (const { datasource } of asking)
          assert.deepEqual(datasource, { type: 'prometheus', uid: '${datasource}' });
      });

      it('uses every variable that it has, and no other', () => {
        const texts = JSON.stringify([panels, templating.list.map(({ definition }) => definition)]);
        const used = new Set([...texts.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name));
        used.delete('__rate_interval');
        assert.deepEqual([...used].toSorted(), templating.list.map(({ name }) => name).toSorted());
      });

      it('names only metrics that exist', () => {
        const known = existingMetrics();
        const named = [
          ...targets.map(({ expr }) => expr),
          ...labelVariablesOf(dashboard).map(({ selector }) => selector),
        ].flatMap((expr) => {
          const metrics = metricsOf(expr);
          assert.ok(metrics.length > 0, expr);
          return metrics;
        });
        assert.deepEqual(
          named.filter((name) => !known.has(name)),
          [],
        );
      });
    });

  it('show every metric of the controller', () => {
    const shown = new Set(DASHBOARDS.flatMap(targetsOf).flatMap(({ expr }) => metricsOf(expr)));
    assert.deepEqual(
      METRICS.map(fullName).filter((name) => !shown.has(name)),
      [],
    );
  });

  it('are read for the metrics that they name', () => {
    const expr =
      'a:b{x="}", y=~"c"} * on (job) group_left () (time() - d) or sum by (e) (rate(f_total{}[5m])) > 1e3';
    assert.deepEqual(metricsOf(expr), ['a:b', 'd', 'f_total']);
  });
});
