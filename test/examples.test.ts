import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { parseDocuments } from '../controller/api/parse.ts';
import type { ParseResult } from '../controller/api/types.ts';
import { directorySource } from '../controller/documents/directory.ts';

async function parseFolder(folder: string): Promise<ParseResult> {
  const path = fileURLToPath(new URL(`../examples/${folder}`, import.meta.url));
  const snapshot = await directorySource(path).read(new AbortController().signal);
  assert.equal(snapshot.kind, 'complete');
  return parseDocuments(snapshot.files);
}

describe('examples', () => {
  it('are all valid together, without any option', async () => {
    const { targets, errors } = await parseFolder('');
    assert.deepEqual(errors, []);
    assert.ok(targets.length >= 7, `${targets.length} targets`);
  });

  it('show credentials, TLS, times, relabeling and labels from tags', async () => {
    const { targets } = await parseFolder('more');
    const endpoints = targets.flatMap((target) => target.spec.endpoints);
    for (const field of ['tlsConfig', 'basicAuth', 'authorization', 'interval', 'scrapeTimeout'] as const) {
      assert.ok(
        endpoints.some((endpoint) => endpoint[field] !== undefined),
        field,
      );
    }
    assert.ok(endpoints.some((endpoint) => endpoint.relabelings.length > 0));
    assert.ok(endpoints.some((endpoint) => endpoint.metricRelabelings.length > 0));
    assert.ok(targets.some((target) => target.spec.jobLabel !== undefined));
    assert.ok(targets.some((target) => target.spec.fallbackScrapeProtocol !== undefined));
  });

  it('scrape-targets holds the web application and the node exporter, and nothing else', async () => {
    const { targets } = await parseFolder('scrape-targets');
    assert.deepEqual(
      targets.map(({ metadata, spec }) => [metadata.name, spec.serviceRef.service, spec.registry.name]),
      [
        ['node-exporter', 'NodeExporterService', 'node-exporter-svc'],
        ['webapp', 'WebAppService', 'webapp-svc'],
      ],
    );
  });
});
