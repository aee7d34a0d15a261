import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DASHBOARDS, labelVariablesOf, legendLabelsOf, sentBy, targetsOf } from '../support/dashboards.ts';
import { PROMETHEUS_VERSIONS } from '../support/prometheus.ts';
import { scrapectl, start, useAwsEnvironment } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { eventually, samples, startScene } from './scene.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';
import type { Sample, Scene } from './scene.ts';
import type { Invocation } from '../support/scrapectl.ts';

const JOB = 'ecs-prometheus-operator';

const baseConfig = (jobs: readonly object[]): string =>
  JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: jobs });

/** What Prometheus answers; throws with its own words where it cannot parse the expression. */
async function ask(url: string, expression: string): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const answer: { readonly error?: string; readonly data: { readonly result: readonly Sample[] } } =
    JSON.parse(await response.text());
  if (answer.error !== undefined) throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}

const isNumber = ({ value: [, text] }: Sample): boolean => Number.isFinite(Number(text));

/** What a panel shows, as soon as there is a number in it. */
const dataOf = (url: string, expression: string, panel: string): Promise<readonly Sample[]> =>
  eventually(async () => {
    const found = await ask(url, expression);
    return found.some(isNumber) ? found : undefined;
  }).catch((thrown: unknown) => {
    throw new Error(`${panel} has no data: ${expression}`, { cause: thrown });
  });

for (const [version, get] of PROMETHEUS_VERSIONS)
  describe(`the Grafana dashboards with Prometheus ${version}`, function () {
    this.timeout(90_000);
    useAwsEnvironment();
    const directory = useTemporaryDirectory();
    let installed: InstalledPrometheus;
    let scene: Scene | undefined;
    let controller: Invocation | undefined;

    before(async function () {
      installed = await get(this);
    });
    afterEach(async () => {
      controller?.stop.abort();
      await controller?.code;
      await scene?.close();
      [controller, scene] = [undefined, undefined];
    });

    /** The sample services in Prometheus, and a controller beside it that is scraped as well. */
    async function installation(): Promise<Scene> {
      scene = await startScene(directory(), installed.prometheus);
      const { options, sandbox } = scene;
      const base = join(directory(), 'base.yml');
      await writeFile(base, baseConfig([]));
      const applied = await scrapectl([
        'apply',
        ...options,
        '--base-config',
        base,
        '--poll-interval',
        '100ms',
      ]);
      assert.equal(applied.code, 0, applied.stdout);
      await fetch(`${sandbox.url}/state`, { method: 'PUT' });
      const more = ['--lease', 's3://state/e2e/', '--discover-namespaces', 'ecs-services'];
      const run = ['run', ...options, ...more, '--base-config', base];
      controller = start([...run, '--listen', '127.0.0.1:0', '--interval', '1s', '--log-format', 'json']);
      const { stderr } = controller;
      const listens = /"listen":"http:\/\/([^"]+)"/;
      await stderr.shows('"listen":"http');
      const [, address] = listens.exec(stderr.text()) ?? [];
      await writeFile(base, baseConfig([{ job_name: JOB, static_configs: [{ targets: [address] }] }]));
      await samples(scene.prometheus.url, `up{job="${JOB}"}`, 1);
      await samples(scene.prometheus.url, 'up{taskdefinition!=""}', 4);
      return scene;
    }

    it('are parsed, and show data in each panel while AWS refuses to tell of one service', async () => {
      const { prometheus, sandbox } = await installation();
      sandbox.faults.add({
        operation: 'ListTasks',
        resource: 'NodeExporterService',
        effect: { kind: 'accessDenied' },
      });
      const shown = new Map<string, readonly Sample[]>();
      for (const dashboard of DASHBOARDS) {
        for (const target of targetsOf(dashboard)) {
          const { title } = target.panel;
          const found = await dataOf(prometheus.url, sentBy(dashboard, target.expr), title);
          for (const label of legendLabelsOf(target))
            assert.ok(
              found.every(({ metric }) => label in metric),
              `${title}: ${label}`,
            );
          shown.set(title, found);
        }
        for (const { selector, label } of labelVariablesOf(dashboard)) {
          const found = await ask(prometheus.url, sentBy(dashboard, selector));
          assert.ok(
            found.some(({ metric }) => (metric[label] ?? '') !== ''),
            selector,
          );
        }
      }
      const held = shown
        .get('Held targets')
        ?.map(({ metric }) => [metric['scrape_target'], metric['reason']]);
      assert.deepEqual(held, [['node-exporter', 'AccessDenied']]);
    });

    it('would be refused by it with an expression that is none', async () => {
      scene = await startScene(directory(), installed.prometheus);
      await assert.rejects(ask(scene.prometheus.url, 'sum by (service (up)'), /parse error/);
    });
  });
