import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrometheusProcess } from '../../controller/prometheus/process.ts';
import type { HttpServer } from '../../controller/server/http.ts';
import { createTargetLists } from '../../controller/server/target-lists.ts';
import { openTargetsServer } from '../../controller/server/targets-server.ts';
import type { TargetFile } from '../../controller/state/targets.ts';
import { requirePrometheus, startPrometheus } from '../support/prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { eventually } from './scene.ts';

const ignore = (): void => {};
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

describe('a real Prometheus that fetches its targets', function () {
  this.timeout(60_000);
  const directory = useTemporaryDirectory();
  let binary: string;
  let prometheus: PrometheusProcess | undefined;
  let server: HttpServer;

  before(async function () {
    binary = (await requirePrometheus(this)).prometheus;
  });

  afterEach(async () => {
    await prometheus?.stop();
    await server.close();
  });

  it('takes those of a ScrapeTarget, keeps them while nobody knows, and drops them when they are gone', async () => {
    let known = true;
    let refusals = 0;
    const lists = createTargetLists();
    const show = (text: string): void => {
      const files = new Map<string, TargetFile>([['targets/web.metrics.json', { kind: 'write', text }]]);
      lists.show({ files, whole: true, tagged: undefined });
    };
    show('[{"targets":["127.0.0.1:1"],"labels":{"service":"Web","__metrics_path__":"/m"}}]');
    const routes = new Map(
      [...lists.routes].map(([path, route]) => [
        path,
        (query: URLSearchParams, asked: string) => {
          if (known) return route(query, asked);
          refusals += 1;
          return { status: 503, contentType: 'text/plain', body: 'Not known.\n' };
        },
      ]),
    );
    server = await openTargetsServer({ host: '127.0.0.1', port: 0, lists: { ...lists, routes }, logger });
    const configFile = join(directory(), 'prometheus.yml');
    const http = `http_sd_configs: [{ url: "${server.url}/targets/web", refresh_interval: 1s }]`;
    await writeFile(configFile, `scrape_configs:\n  - job_name: web\n    ${http}\n`);
    prometheus = await startPrometheus({ binary, configFile, dataDir: join(directory(), 'data') });
    const { url } = prometheus;

    const targets = async (): Promise<readonly string[]> => {
      const answer: unknown = await (await fetch(`${url}/api/v1/targets?state=active`)).json();
      return JSON.stringify(answer).match(/"scrapeUrl":"[^"]+"/g) ?? [];
    };
    await eventually(async () => ((await targets()).length === 1 ? true : undefined));
    assert.deepEqual(await targets(), ['"scrapeUrl":"http://127.0.0.1:1/m"']);

    known = false;
    await eventually(async () => (refusals > 1 ? true : undefined));
    assert.equal((await targets()).length, 1);

    known = true;
    show('[]');
    await eventually(async () => ((await targets()).length === 0 ? true : undefined));
  });
});
