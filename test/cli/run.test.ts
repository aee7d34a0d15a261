import assert from 'node:assert/strict';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { EXAMPLES, start, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

describe('scrapectl run', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const documents = (): string => join(directory(), 'documents');
  const out = (): string => join(directory(), 'out');

  beforeEach(() => cp(EXAMPLES, documents(), { recursive: true }));

  const run = (...args: readonly string[]) =>
    start([
      'run',
      '--source',
      documents(),
      '--config-dir',
      out(),
      '--endpoint-url',
      sandbox().url,
      '--max-rollouts',
      '2',
      '--interval',
      '1h',
      '--log-format',
      'json',
      ...args,
    ]);

  const writes = (): string[] =>
    sandbox()
      .recorder.calls({ kind: 'write' })
      .map(({ operation }) => operation);

  const editWebapp = async (from: string, to: string): Promise<void> => {
    const path = join(documents(), 'webapp.yaml');
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  };

  it('makes AWS and the files match without being asked twice, and ends with 0 when it is stopped', async () => {
    const { code, stdout, stderr, stop } = run('--interval', '200ms');
    await stderr.shows('"scrapeTarget":"webapp","type":"Ready","status":"True"');
    stop.abort();
    assert.equal(await code, 0);
    assert.equal(stdout.text(), '');
    assert.match(stderr.text(), /"msg":"Controller stopped","event":"ControllerStopped"}\n$/);
    assert.deepEqual(await readdir(join(out(), 'targets')), [
      'node-exporter.metrics.json',
      'webapp.metrics.json',
    ]);
  });

  it('replaces no task under --no-disruption, and says why it is not bound', async () => {
    const { code, stderr, stop } = run('--no-disruption');
    await stderr.shows('"event":"ControllerSynced"');
    stop.abort();
    await code;
    assert.deepEqual(writes(), ['CreateService', 'CreateService']);
    assert.match(stderr.text(), /--no-disruption forbids it/);
  });

  it('touches nothing that exists under --policy create-only', async () => {
    const first = run('--no-disruption');
    await first.stderr.shows('"event":"ControllerSynced"');
    first.stop.abort();
    await first.code;
    await editWebapp('ttl: 10', 'ttl: 60');
    const before = writes().length;
    const second = run('--policy', 'create-only', '--no-disruption');
    await second.stderr.shows('"event":"ControllerSynced"');
    second.stop.abort();
    await second.code;
    assert.equal(writes().length, before);
  });

  it('logs one JSON object for each line', async () => {
    const { code, stderr, stop } = run();
    await stderr.shows('Wrote Prometheus files');
    stop.abort();
    await code;
    for (const line of stderr.text().trimEnd().split('\n')) {
      const record: unknown = JSON.parse(line);
      assert.ok(typeof record === 'object' && record !== null && 'time' in record && 'msg' in record);
    }
  });

  it('looks at once when a watched directory changes', async () => {
    const { code, stderr, stop } = run('--dry-run');
    await stderr.shows('Dry run: this would be done');
    await editWebapp('name: webapp-svc', 'name: other-svc');
    await stderr.shows('registry ecs-services/other-svc');
    stop.abort();
    assert.equal(await code, 0);
    assert.match(stderr.text(), /Source changed/);
  });

  it('keeps the accepted version of a document that is edited badly, and says where the fault is', async () => {
    const { code, stderr, stop } = run();
    await stderr.shows('"scrapeTarget":"webapp","type":"Ready"');
    await editWebapp('portNumber: 3000', 'portNumber: 300000');
    await stderr.shows('spec.endpoints[0].portNumber');
    stop.abort();
    await code;
    assert.match(await readFile(join(out(), 'prometheus.yml'), 'utf8'), /job_name: webapp\/metrics/);
  });

  it('finishes the write in hand when it is stopped, and begins no other', async () => {
    const stop = new AbortController();
    sandbox().faults.add({
      operation: 'CreateService',
      count: 1,
      matches: () => (stop.abort(), true),
      effect: { kind: 'latency', ms: 50 },
    });
    const { code, stderr } = start(
      [
        'run',
        '--source',
        join(EXAMPLES, 'webapp.yaml'),
        '--config-dir',
        out(),
        '--endpoint-url',
        sandbox().url,
      ],
      { stop },
    );
    assert.equal(await code, 0);
    assert.deepEqual(writes(), ['CreateService']);
    assert.match(stderr.text(), /Registry created .*change=createRegistry/);
    assert.doesNotMatch(stderr.text(), /ERROR|WARN/);
  });

  it('ends at once and quietly when it is stopped while it reads', async () => {
    const stop = new AbortController();
    sandbox().faults.add({
      operation: 'DescribeServices',
      matches: () => (stop.abort(), true),
      effect: { kind: 'latency', ms: 60_000 },
    });
    const { code, stderr } = start(
      ['run', '--source', documents(), '--config-dir', out(), '--endpoint-url', sandbox().url],
      { stop },
    );
    assert.equal(await code, 0);
    assert.doesNotMatch(stderr.text(), /ERROR|WARN/);
    assert.deepEqual(writes(), []);
  });

  it('writes nothing to AWS or to disk in a dry run', async () => {
    const { code, stderr, stop } = run('--dry-run');
    await stderr.shows('"create":2');
    stop.abort();
    assert.equal(await code, 0);
    assert.deepEqual(writes(), []);
    assert.deepEqual(await readdir(directory()), ['documents']);
  });

  it('goes on when a pass fails, and keeps saying why', async () => {
    const base = join(directory(), 'base.yml');
    const { code, stderr, stop } = run('--base-config', base, '--interval', '20ms');
    await stderr.shows('Pass failed; everything stays as it is until the next one');
    await writeFile(base, 'global: {scrape_interval: 7s}\n');
    await stderr.shows('Wrote Prometheus files');
    stop.abort();
    assert.equal(await code, 0);
    assert.match(await readFile(join(out(), 'prometheus.yml'), 'utf8'), /scrape_interval: 7s/);
  });

  it('cannot start without a directory for the files', async () => {
    const { code, stderr } = start(['run', '--source', documents()]);
    assert.equal(await code, 1);
    assert.match(stderr.text(), /--config-dir is missing/);
  });
});
