import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requirePrometheus } from '../support/prometheus.ts';
import { scrapectl, start, useAwsEnvironment } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';

/** A PATH without any program: no prometheus is found on it. */
const NO_PROGRAMS = { PATH: '/nonexistent' };

describe('the demo', function () {
  this.timeout(60_000);
  useAwsEnvironment();
  const directory = useTemporaryDirectory();
  let installed: InstalledPrometheus;
  before(async function () {
    installed = await requirePrometheus(this);
  });

  it('ends with four targets that a real Prometheus scrapes', async () => {
    const dir = join(directory(), 'demo');
    const { code, stdout } = await scrapectl(
      ['demo', '--once', '--dir', dir, '--prometheus', installed.prometheus],
      { env: NO_PROGRAMS },
    );
    assert.equal(code, 0, stdout);
    assert.match(stdout, /\n4 of 4 targets are up\.\n/);
  });

  it('shows everything else where no Prometheus is installed, and says so in one line', async () => {
    const dir = join(directory(), 'demo');
    const { code, stdout } = await scrapectl(['demo', '--once', '--dir', dir], { env: NO_PROGRAMS });
    assert.equal(code, 0, stdout);
    assert.equal(stdout.match(/--prometheus PATH/g)?.length, 1);
    assert.match(stdout, /Plan: 2 to create, 2 to update, 0 to delete, 2 disruptive, 0 blocked\./);
    for (const registry of ['webapp-svc', 'node-exporter-svc'])
      assert.match(stdout, new RegExp(`registry ${registry} \\(srv-`));
    assert.match(stdout, /tag +METRICS_PORT = 3000/);
    assert.match(await readFile(join(dir, 'prometheus/prometheus.yml'), 'utf8'), /job_name: webapp\/metrics/);
  });

  it('goes on reconciling: an edit of a document is seen to flow through, and SIGTERM ends it with 0', async () => {
    const dir = join(directory(), 'demo');
    const { code, stdout, stop } = start(['demo', '--dir', dir], { env: NO_PROGRAMS });
    await stdout.shows('Ctrl-C');
    const document = join(dir, 'scrape-targets/webapp.yaml');
    await writeFile(document, (await readFile(document, 'utf8')).replace('env: demo', 'env: edited'));
    await stdout.shows('targets/webapp.metrics.json');
    await stdout.shows('Wrote Prometheus files');
    stop.abort();
    assert.equal(await code, 0);
    assert.match(
      await readFile(join(dir, 'prometheus/targets/webapp.metrics.json'), 'utf8'),
      /"env": "edited"/,
    );
  });

  it('refuses a directory that holds other files', async () => {
    await writeFile(join(directory(), 'mine.txt'), 'mine');
    const { code, stderr } = await scrapectl(['demo', '--once', '--dir', directory()], { env: NO_PROGRAMS });
    assert.equal(code, 1);
    assert.match(stderr, /holds other files.*Name another one with --dir\./);
    assert.equal(await readFile(join(directory(), 'mine.txt'), 'utf8'), 'mine');
  });

  it('says which Prometheus could not be started', async () => {
    const dir = join(directory(), 'demo');
    const { code, stderr } = await scrapectl(
      ['demo', '--once', '--dir', dir, '--prometheus', join(directory(), 'nowhere')],
      { env: NO_PROGRAMS },
    );
    assert.equal(code, 1);
    assert.match(
      stderr,
      /nowhere: Prometheus could not be started: .*Install Prometheus, or name its binary\./,
    );
  });
});
