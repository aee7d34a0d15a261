import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../controller/cli/clock.ts';
import { formatError } from '../../controller/errors.ts';
import type { PrometheusProcess } from '../../controller/prometheus/process.ts';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import { DEFAULT_BASE_CONFIG, renderBundle } from '../../controller/scrape/render.ts';
import { discoverTargets } from '../../controller/scrape/discover.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import { GOLDEN, GOLDEN_BUNDLES } from '../support/golden-bundles.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';
import { PROMETHEUS_VERSIONS, startPrometheus } from '../support/prometheus.ts';
import { document, observed, scrapeTarget, task } from '../support/scrape-world.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const run = promisify(execFile);
const SIGNAL = new AbortController().signal;
const TIMEOUT_MS = 30_000;

for (const [name, get] of PROMETHEUS_VERSIONS)
  describe(`Prometheus ${name}`, () => {
    let installed: InstalledPrometheus;
    let major: number;
    before(async function () {
      installed = await get(this);
      major = Number.parseInt(installed.version, 10);
    });

    const temporary = useTemporaryDirectory();
    const directory = () => join(temporary(), 'bundle');
    const configFile = () => join(directory(), 'prometheus.yml');
    const running: PrometheusProcess[] = [];
    afterEach(async () => {
      await Promise.all(running.splice(0).map((prometheus) => prometheus.stop()));
    });

    async function start(options: { lifecycle?: boolean } = {}): Promise<PrometheusProcess> {
      const dataDir = join(temporary(), 'data');
      const prometheus = await startPrometheus({
        binary: installed.prometheus,
        configFile: configFile(),
        dataDir,
        ...options,
      });
      running.push(prometheus);
      return prometheus;
    }

    const publisher = (prometheusUrl?: string) =>
      createPublisher({
        directory: directory(),
        fetch,
        clock: systemClock,
        ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
      });

    /** Waits until Prometheus itself says so; the deadline of the test bounds it. */
    async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
      for (;;) {
        const seen = await look();
        if (seen !== undefined) return seen;
        await systemClock.sleep(100, SIGNAL);
      }
    }

    describe('promtool', () => {
      for (const { name, since, namesSecrets } of GOLDEN_BUNDLES)
        it(`accepts the golden bundle ${name}${since > 2 ? ` from version ${since} on` : ''}`, async () => {
          const file = join(GOLDEN, name, 'prometheus.yml');
          const how = namesSecrets ? ['--syntax-only'] : [];
          const check = run(installed.promtool, ['check', 'config', ...how, file]);
          if (since > major) await assert.rejects(check, /field \w+ not found/);
          else assert.match((await check).stdout, /SUCCESS/);
        }).timeout(TIMEOUT_MS);
    });

    it('understands the base configuration the same with our jobs behind it', async () => {
      const config = await readFile(join(GOLDEN, 'own-base', 'prometheus.yml'), 'utf8');
      const golden = GOLDEN_BUNDLES.find(({ name }) => name === 'own-base');
      assert.equal(golden?.output.bundle.config, config);
      const understood = async (text: string): Promise<string> => {
        await mkdir(directory(), { recursive: true });
        await writeFile(configFile(), text);
        const prometheus = await start();
        const answer = await fetch(`${prometheus.url}/api/v1/status/config`);
        const { data }: { data: { yaml: string } } = JSON.parse(await answer.text());
        await prometheus.stop();
        return data.yaml.replace(/^- job_name: webapp\/metrics\n(?: .*\n)*/m, '');
      };
      assert.equal(await understood(golden.base.text), await understood(config));
    }).timeout(TIMEOUT_MS);

    it('scrapes a target of the rendered bundle, found by a path relative to its configuration', async () => {
      const server = createServer((request, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(request.url?.startsWith('/stats?') === true ? 'answer 42\n' : '');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const endpoint = `portNumber: ${port}\npath: /stats\ninterval: 1s\nparams: {format: [prom]}`;
        await publisher().publish(rendered(document('  labels: {env: demo}', endpoint)), SIGNAL);
        const { url } = await start();
        const series = await eventually(async () => {
          const answer = await fetch(`${url}/api/v1/query?query=answer`);
          const { data }: Query = JSON.parse(await answer.text());
          return data.result[0];
        });
        assert.deepEqual(series.metric, {
          __name__: 'answer',
          cluster: 'shop',
          endpoint: 'metrics',
          env: 'demo',
          instance: `127.0.0.1:${port}`,
          job: 'webapp',
          namespace: 'ecs-services',
          service: 'webapp',
          taskdefinition: 'web',
          taskid: 'aaa',
        });
        assert.equal(series.value[1], '42');
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }).timeout(TIMEOUT_MS);

    it('tells its version, and confirms a reload only where the configuration changed', async () => {
      await publisher().publish(rendered(document()), SIGNAL);
      const { url } = await start();
      const own = publisher(url);
      assert.equal(await own.prometheusVersion(SIGNAL), installed.version);
      const reload = async (text: string) => (await own.publish(rendered(text), SIGNAL)).reload.kind;
      assert.equal(await reload(document()), 'confirmed');
      assert.equal(await reload(document()), 'notNeeded');
      assert.equal(await reload(document('', 'portNumber: 3000\ninterval: 5s')), 'notNeeded');
      assert.equal(await reload(document('  sampleLimit: 5')), 'confirmed');
      assert.match(await configOf(url), /sample_limit: 5/);
    }).timeout(TIMEOUT_MS);

    it('keeps the old configuration when it refuses a job, and its words come out', async () => {
      await publisher().publish(rendered(document('  sampleLimit: 5')), SIGNAL);
      const { url } = await start();
      const own = publisher(url);
      await own.publish(rendered(document('  sampleLimit: 5')), SIGNAL);
      const good = rendered(document('  sampleLimit: 6'));
      const bad = { ...good, config: `${good.config}    sample_limits: 7\n` };
      const { reload } = await own.publish(bad, SIGNAL);
      assert.equal(reload.kind, 'rejected');
      assert.equal(reload.restored, true);
      assert.match(reload.message, /field sample_limits not found/);
      assert.match(await configOf(url), /sample_limit: 5/);
      assert.match(await readFile(configFile(), 'utf8'), /sample_limit: 5/);
      assert.equal((await own.publish(good, SIGNAL)).reload.kind, 'confirmed');
    }).timeout(TIMEOUT_MS);

    it('makes the reload wait, with an explanation, when its lifecycle API is off', async () => {
      await publisher().publish(rendered(document()), SIGNAL);
      const { url } = await start({ lifecycle: false });
      const { reload } = await publisher(url).publish(rendered(document('  sampleLimit: 5')), SIGNAL);
      assert.equal(reload.kind, 'pending');
      assert.equal(reload.error.family, 'terminal');
      assert.match(formatError(reload.error), /Start Prometheus with --web\.enable-lifecycle/);
    }).timeout(TIMEOUT_MS);

    it('is not believed to run our configuration when it reads another file', async () => {
      await mkdir(dirname(configFile()), { recursive: true });
      await writeFile(configFile(), DEFAULT_BASE_CONFIG.text);
      const { url } = await start();
      const elsewhere = createPublisher({
        directory: join(temporary(), 'elsewhere'),
        prometheusUrl: url,
        fetch,
        clock: systemClock,
      });
      const { reload } = await elsewhere.publish(rendered(document()), SIGNAL);
      assert.equal(reload.kind === 'pending' && reload.error.reason, 'ForeignConfiguration');
    }).timeout(TIMEOUT_MS);

    it('gets the reload that it is owed when it was not running', async () => {
      await publisher().publish(rendered(document()), SIGNAL);
      const { url, stop } = await start();
      await stop();
      const changed = rendered(document('  sampleLimit: 5'));
      const { reload } = await publisher(url).publish(changed, SIGNAL);
      assert.equal(reload.kind === 'pending' && reload.error.family, 'waiting');
      const again = await start();
      assert.equal((await publisher(again.url).publish(changed, SIGNAL)).reload.kind, 'confirmed');
    }).timeout(TIMEOUT_MS);

    it('that cannot start says why', async () => {
      await mkdir(dirname(configFile()), { recursive: true });
      await writeFile(configFile(), 'nonsense: true\n');
      await assert.rejects(start(), /did not become ready[^]*field nonsense not found/);
    }).timeout(TIMEOUT_MS);

    function rendered(text: string): Bundle {
      const target = scrapeTarget(text);
      const world = observed({ tasks: [task('aaa', { ipv4: '127.0.0.1' })] });
      const discoveries = new Map([[target.metadata.name, discoverTargets(target, world)]]);
      const prometheusVersion = installed.version;
      return renderBundle({
        targets: [target],
        discoveries,
        baseConfig: DEFAULT_BASE_CONFIG,
        prometheusVersion,
      }).bundle;
    }
  });

interface Query {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

async function configOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/status/config`);
  return answer.text();
}

describe('a Prometheus that is not installed', () => {
  const temporary = useTemporaryDirectory();

  it('is a terminal error that names the binary', async () => {
    const options = { binary: '/nowhere/prometheus', configFile: 'x', dataDir: temporary() };
    await assert.rejects(
      startPrometheus(options),
      /could not be started: spawn \/nowhere\/prometheus ENOENT/,
    );
  });
});
