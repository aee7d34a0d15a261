import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../../controller/state/keys.ts';
import { PROMETHEUS_VERSIONS } from '../support/prometheus.ts';
import { scrapectl, start, useAwsEnvironment } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { countLoads, eventually, query, runningConfig, samples, startScene } from './scene.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';
import type { Scene } from './scene.ts';

const TIMEOUT_MS = 60_000;

for (const [version, get] of PROMETHEUS_VERSIONS)
  describe(`from a document to Prometheus ${version}`, function () {
    this.timeout(TIMEOUT_MS);
    useAwsEnvironment();
    const directory = useTemporaryDirectory();
    let installed: InstalledPrometheus;
    let scene: Scene | undefined;

    before(async function () {
      installed = await get(this);
    });
    afterEach(async () => {
      await scene?.close();
      scene = undefined;
    });

    const setScene = async (options: { readonly lifecycle?: boolean } = {}): Promise<Scene> => {
      scene = await startScene(directory(), installed.prometheus, options);
      return scene;
    };
    const apply = (options: readonly string[], ...more: readonly string[]) =>
      scrapectl(['apply', ...options, '--poll-interval', '100ms', ...more]);
    const run = (options: readonly string[]) =>
      start(['run', ...options, '--interval', '1s', '--log-format', 'json']);

    it('scrapes four tasks of two services after one apply', async () => {
      const { options, prometheus, sandbox } = await setScene();
      assert.equal(sandbox.listeners.state.kind, 'listening');
      const { code, stdout } = await apply(options);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /Prometheus reloaded and confirmed\./);

      const up = await samples(prometheus.url, 'up', 4);
      const { instance, taskid, ...labels } =
        up.map(({ metric }) => metric).find(({ job }) => job === 'webapp') ?? {};
      assert.deepEqual(labels, {
        __name__: 'up',
        cluster: 'ecs-prometheus-cluster',
        endpoint: 'metrics',
        env: 'demo',
        job: 'webapp',
        namespace: 'ecs-services',
        service: 'WebAppService',
        taskdefinition: 'WebAppTask',
        team: 'storefront',
      });
      assert.match(taskid ?? '', /^[0-9a-f]{32}$/);
      assert.match(instance ?? '', /^127\.\d+\.\d+\.\d+:3000$/);
      assert.deepEqual(up.map(({ metric }) => metric['job'] ?? '').sort(compareText), [
        'node-exporter',
        'node-exporter',
        'webapp',
        'webapp',
      ]);
      assert.equal(new Set(up.map(({ metric }) => metric['taskid'])).size, 4);

      for (const metric of [
        'http_requests_total',
        'request_duration_milliseconds_bucket{le=~"250(.0)?"}',
        'node_cpu_seconds_total',
      ]) {
        const found = await eventually(async () => {
          const answer = await query(prometheus.url, metric);
          return answer.length > 0 ? answer : undefined;
        });
        assert.equal(found[0]?.metric['cluster'], 'ecs-prometheus-cluster', metric);
      }
      assert.equal((await scrapectl(['plan', ...planOptions(options), '--detailed-exitcode'])).code, 0);
    });

    it('lets an edited document flow through, with a reload only where the configuration changes', async () => {
      const { options, prometheus, edit } = await setScene();
      const { code, stop, stderr } = run(options);
      await samples(prometheus.url, 'up{env="demo"}', 4);
      await stderr.shows('"scrapeTarget":"webapp","type":"Ready","status":"True"');
      const loads = countLoads(prometheus);

      await edit('webapp.yaml', 'env: demo', 'env: edited');
      await samples(prometheus.url, 'up{env="edited",job="webapp"}', 2);
      assert.equal(countLoads(prometheus), loads);

      const second =
        '    - {name: admin, portNumber: 3000, path: /metrics, interval: 1s, params: {a: [b]}}\n';
      await edit('webapp.yaml', '  targetLabels:', `${second}  targetLabels:`);
      await samples(prometheus.url, 'up{endpoint="admin"}', 2);
      await samples(prometheus.url, 'up', 6);
      stop.abort();
      assert.equal(await code, 0);
      assert.equal(countLoads(prometheus), loads + 1);
    });

    it('keeps the old configuration in force when Prometheus refuses the new one, and passes its words on', async () => {
      const { options, prometheus, out } = await setScene();
      const base = join(directory(), 'base.yml');
      await writeFile(base, 'global: {scrape_interval: 1s}\n');
      assert.equal((await apply(options, '--base-config', base)).code, 0);
      const [before, file] = [
        await runningConfig(prometheus.url),
        await readFile(join(out, 'prometheus.yml'), 'utf8'),
      ];

      await writeFile(base, 'global: {scrape_interval: 1s}\nremote_wrote: []\n');
      const { code, stderr } = await apply(options, '--base-config', base);
      assert.equal(code, 1);
      assert.match(stderr, /base\.yml: Prometheus refuses the base configuration.*remote_wrote not found/s);
      assert.equal(await runningConfig(prometheus.url), before);
      assert.equal(await readFile(join(out, 'prometheus.yml'), 'utf8'), file);
      await samples(prometheus.url, 'up', 4);
    });

    it('pays the reload that it owes when Prometheus comes back, and loses no target', async () => {
      const { options, prometheus, edit, restart, out } = await setScene();
      const { code, stop, stderr } = run(options);
      await samples(prometheus.url, 'up', 4);
      await stderr.shows('"scrapeTarget":"webapp","type":"Ready","status":"True"');

      await prometheus.stop();
      await edit('webapp.yaml', '- name: metrics', '- name: renamed');
      await stderr.shows('Prometheus does not have the newest files');
      await stderr.shows('targets/webapp.renamed.json');
      await restart();
      await stderr.shows('Prometheus has the newest files again');
      await samples(prometheus.url, 'up{endpoint="renamed"}', 2);
      await samples(prometheus.url, 'up{job="node-exporter"}', 2);
      stop.abort();
      assert.equal(await code, 0);
      assert.match(await readFile(join(out, 'prometheus.yml'), 'utf8'), /webapp\/renamed/);
    });

    it('says which flag Prometheus wants when it takes no reload', async () => {
      const { options } = await setScene({ lifecycle: false });
      const { code, stdout } = await apply(options);
      assert.equal(code, 1);
      assert.match(stdout, /the reload is still owed: .*Start Prometheus with --web\.enable-lifecycle\./);
    });
  });

/** The options of `apply` that `plan` takes too. */
function planOptions(options: readonly string[]): readonly string[] {
  const index = options.indexOf('--max-rollouts');
  return options.toSpliced(index, 2);
}
