import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../controller/cli/clock.ts';
import type { Fetch } from '../../controller/prometheus/api.ts';
import type { PrometheusProcess } from '../../controller/prometheus/process.ts';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import type { PublishResult } from '../../controller/state/outcomes.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';
import { PROMETHEUS_VERSIONS, startPrometheus } from '../support/prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;
const TIMEOUT_MS = 60_000;
const NO_CA = 'tls_config: {ca_file: /nowhere/ca.pem}';

/** One job, and what else stands in the configuration: on the top level and in the job. */
function bundle(version: string, { global = '', top = '', job = '' } = {}): Bundle {
  const file = 'targets/web.metrics.json';
  const config = [
    `global: {external_labels: {version: ${version}}${global}}`,
    top,
    'scrape_configs:',
    '- job_name: web/metrics',
    `  file_sd_configs: [{files: [${file}]}]`,
    job === '' ? '' : `  ${job}`,
    '',
  ];
  const text = '[{"targets": ["127.0.0.1:1"]}]\n';
  return { config: config.join('\n'), targetFiles: new Map([[file, { kind: 'write', text }]]) };
}

/** Each of them is a file that does not exist where Prometheus runs: it loads, and a component fails. */
const HALF: readonly (readonly [string, Bundle])[] = [
  ['remote write', bundle('half', { top: `remote_write: [{url: 'http://127.0.0.1:1', ${NO_CA}}]` })],
  ['the query log', bundle('half', { global: ', query_log_file: /nowhere/query.log' })],
  ['the scraping of a job that it knows', bundle('half', { job: NO_CA })],
];

for (const [name, get] of PROMETHEUS_VERSIONS)
  describe(`a configuration that Prometheus ${name} takes only in part`, () => {
    let installed: InstalledPrometheus;
    before(async function () {
      installed = await get(this);
    });

    const temporary = useTemporaryDirectory();
    const directory = () => join(temporary(), 'bundle');
    const configFile = () => join(directory(), 'prometheus.yml');
    const running: PrometheusProcess[] = [];
    afterEach(async () => {
      await Promise.all(running.splice(0).map((prometheus) => prometheus.stop()));
    });

    const start = async (): Promise<PrometheusProcess> => {
      const dataDir = join(temporary(), 'data');
      const options = { binary: installed.prometheus, configFile: configFile(), dataDir };
      const prometheus = await startPrometheus(options);
      running.push(prometheus);
      return prometheus;
    };
    const publisher = (prometheusUrl: string, through: Fetch = fetch) =>
      createPublisher({ directory: directory(), prometheusUrl, fetch: through, clock: systemClock });
    const onDisk = () => readFile(configFile(), 'utf8');

    /** Good is in force and confirmed. */
    const begin = async (): Promise<PrometheusProcess> => {
      await createPublisher({ directory: directory(), fetch, clock: systemClock }).publish(
        bundle('good'),
        SIGNAL,
      );
      const prometheus = await start();
      assert.equal(
        (await publisher(prometheus.url).publish(bundle('good'), SIGNAL)).reload.kind,
        'confirmed',
      );
      return prometheus;
    };

    /** Lets the controller be killed when it has sent its nth reload: it hears no answer any more. */
    const deafAfter = (reload: number, heard: () => void): Fetch => {
      let posts = 0;
      return async (url, init) => {
        if (init.method === 'POST') posts += 1;
        if (posts < reload) return fetch(url, init);
        heard();
        return new Promise<never>(() => {});
      };
    };

    for (const [what, half] of HALF)
      it(`because of ${what}, is undone whole`, async () => {
        const { url } = await begin();
        if (half.config.includes(`  ${NO_CA}`)) await untilScraped(url);
        let inForceAfterRefusal: string | undefined;
        const result = await publisher(url, async (address, init) => {
          const answer = await fetch(address, init);
          if (init.method === 'POST') inForceAfterRefusal ??= await versionInForce(url);
          return answer;
        }).publish(half, SIGNAL);
        assert.equal(inForceAfterRefusal, 'half', 'the case is real: the new one is in force in part');
        assertUndone(result);
        assert.equal(result.reloads, 2);
        assert.equal(await versionInForce(url), 'good');
        assert.match(await text(`${url}/metrics`), /^prometheus_config_last_reload_successful 1$/m);
        assert.equal(await onDisk(), bundle('good').config);
      }).timeout(TIMEOUT_MS);

    for (const [when, reload] of [
      ['before its answer', 1],
      ['before the last good one was loaded again', 2],
    ] as const)
      it(`by a controller that is killed ${when}, is undone by the next one`, async () => {
        const { url } = await begin();
        const [, half] = HALF[0] ?? assert.fail();
        const killed = new Promise<void>((resolve) => {
          void publisher(url, deafAfter(reload, resolve)).publish(half, SIGNAL);
        });
        await killed;
        assertUndone(await publisher(url).publish(half, SIGNAL));
        assert.equal(await versionInForce(url), 'good');
        assert.equal(await onDisk(), bundle('good').config);
      }).timeout(TIMEOUT_MS);

    it('keeps it from starting, until the next controller has put the last good one in its place', async () => {
      const prometheus = await begin();
      const [, half] = HALF[0] ?? assert.fail();
      const killed = new Promise<void>((resolve) => {
        void publisher(prometheus.url, deafAfter(1, resolve)).publish(half, SIGNAL);
      });
      await killed;
      await prometheus.stop();
      assert.equal(await onDisk(), half.config);
      await assert.rejects(start(), /did not become ready/);
      const next = publisher(prometheus.url);
      assert.equal((await next.publish(half, SIGNAL)).reload.kind, 'pending');
      const again = await start();
      assert.equal(await versionInForce(again.url), 'good');
      assertUndone(await publisher(again.url).publish(half, SIGNAL));
    }).timeout(TIMEOUT_MS);

    it('and the last good one neither, is told as what it is, and healed when the cause is gone', async () => {
      const rules = join(temporary(), 'rules.yml');
      const withRules = (version: string) => bundle(version, { top: `rule_files: [${rules}]` });
      await writeFile(rules, 'groups: []\n');
      const { url } = await begin();
      let now = systemClock.now();
      const own = createPublisher({
        directory: directory(),
        prometheusUrl: url,
        fetch,
        clock: { ...systemClock, now: () => now },
      });
      assert.equal((await own.publish(withRules('one'), SIGNAL)).reload.kind, 'confirmed');
      await writeFile(rules, 'groups: [{nonsense: 1}]\n');
      const { reload } = await own.publish(withRules('two'), SIGNAL);
      assert.equal(reload.kind, 'rejected');
      assert.equal(reload.restored, false);
      assert.match(reload.message, /refuses the last good configuration now as well/);
      await writeFile(rules, 'groups: []\n');
      now += 5000;
      const healed = await own.publish(withRules('two'), SIGNAL);
      assert.equal(healed.reload.kind === 'rejected' && healed.reload.restored, true);
      assert.equal(await versionInForce(url), 'one');
      now += 300_000;
      assert.equal((await own.publish(withRules('two'), SIGNAL)).reload.kind, 'confirmed');
    }).timeout(TIMEOUT_MS);
  });

function assertUndone({ reload }: PublishResult): void {
  assert.equal(reload.kind, 'rejected');
  assert.equal(reload.restored, true);
  assert.match(
    reload.message,
    /errors occurred while applying the new configuration .* Its log has the reason\.$/,
  );
}

/** A job that has no scrape pool yet would take anything. */
async function untilScraped(url: string): Promise<void> {
  while (!(await text(`${url}/api/v1/targets`)).includes('"scrapePool":"web/metrics"'))
    await systemClock.sleep(100, SIGNAL);
}

async function versionInForce(url: string): Promise<string | undefined> {
  return /version: (\w+)/.exec(await text(`${url}/api/v1/status/config`))?.[1];
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}
