import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../controller/cli/clock.ts';
import type { PrometheusProcess } from '../../controller/prometheus/process.ts';
import { quickTiming } from '../../controller/sandbox/ecs/timing.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import type { Sandbox } from '../../controller/sandbox/server.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { EXAMPLES } from '../support/scrapectl.ts';

/** What a Prometheus that nobody has told anything yet runs. */
const EMPTY_CONFIG = 'global: {scrape_interval: 1s}\n';

/** The example documents, a sandbox whose tasks really listen, and a real Prometheus. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly prometheus: PrometheusProcess;
  readonly documents: string;
  /** Where scrapectl writes and Prometheus reads. */
  readonly out: string;
  /** The options that every verb needs here. */
  readonly options: readonly string[];
  readonly edit: (document: string, from: string, to: string) => Promise<void>;
  /** Starts the Prometheus of this scene again, at the same address with the same data. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startScene(
  directory: string,
  binary: string,
  { lifecycle = true }: { readonly lifecycle?: boolean } = {},
): Promise<Scene> {
  const [documents, out, dataDir] = ['documents', 'out', 'data'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  await cp(EXAMPLES, documents, { recursive: true });
  await mkdir(out);
  const configFile = join(out, 'prometheus.yml');
  await writeFile(configFile, EMPTY_CONFIG);
  const sandbox = await startSandbox({ scenario: prometheusForEcs, timing: quickTiming, listen: true });
  let prometheus = await startPrometheus({ binary, configFile, dataDir, lifecycle });
  const { url } = prometheus;

  const edit = async (document: string, from: string, to: string): Promise<void> => {
    const path = join(documents, document);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${document} does not hold ${from}`);
    await writeFile(path, text.replace(from, to));
  };
  for (const document of ['webapp.yaml', 'node-exporter.yaml'])
    await edit(document, 'interval: 30s', 'interval: 1s');
  await edit('webapp.yaml', 'scrapeTimeout: 10s', 'scrapeTimeout: 1s');

  return {
    sandbox,
    get prometheus() {
      return prometheus;
    },
    documents,
    out,
    options: [
      '--source',
      documents,
      '--config-dir',
      out,
      '--endpoint-url',
      sandbox.url,
      '--prometheus-url',
      url,
      '--owner',
      'e2e',
      '--max-rollouts',
      '2',
    ],
    edit,
    async restart() {
      prometheus = await startPrometheus({
        binary,
        configFile,
        dataDir,
        lifecycle,
        listenAddress: new URL(url).host,
      });
    },
    async close() {
      await prometheus.stop();
      await sandbox.close();
    },
  };
}

const POLL_MS = 100;

/** Asks until the answer is there. The world outside tells nobody when it has got so far. */
export async function eventually<T>(
  ask: () => Promise<T | undefined>,
  { timeoutMs }: { readonly timeoutMs: number } = { timeoutMs: 30_000 },
): Promise<T> {
  const { signal } = new AbortController();
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (systemClock.now() > deadline) throw new Error(`it did not come true within ${timeoutMs} ms`);
    await systemClock.sleep(POLL_MS, signal);
  }
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly metric: Labels;
  readonly value: readonly [number, string];
}

export async function query(url: string, expression: string): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const answer: { readonly data: { readonly result: readonly Sample[] } } = JSON.parse(await response.text());
  return answer.data.result;
}

/** The configuration that Prometheus runs, as it prints it itself. */
export async function runningConfig(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/status/config`);
  const answer: { readonly data: { readonly yaml: string } } = JSON.parse(await response.text());
  return answer.data.yaml;
}

/** How often Prometheus has loaded its configuration, by its own log. */
export const countLoads = (prometheus: PrometheusProcess): number =>
  prometheus.log().match(/Completed loading of configuration file/g)?.length ?? 0;

/** The samples of an expression, once there are so many that are not zero. */
export const samples = (url: string, expression: string, count: number): Promise<readonly Sample[]> =>
  eventually(async () => {
    const found = await query(url, `(${expression}) != 0`);
    return found.length === count ? found : undefined;
  });
