import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../controller/cli/clock.ts';
import { createPromtoolChecker } from '../../controller/prometheus/promtool.ts';
import type { PromtoolOptions } from '../../controller/prometheus/promtool.ts';
import type { CheckResult } from '../../controller/reconcile/ports.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import { instantClock } from '../support/fake-clock.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';
import { PROMETHEUS_VERSIONS } from '../support/prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;
const TIMEOUT_MS = 30_000;

const bundle = (config: string): Bundle => ({ config, targetFiles: new Map() });

describe('the promtool checker', () => {
  const temporary = useTemporaryDirectory();
  const directory = () => join(temporary(), 'bundle');
  const files = async () => (await readdir(directory())).sort();

  /** A promtool of our own making. */
  async function script(body: string): Promise<string> {
    const path = join(temporary(), 'promtool');
    await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  }
  const check = (binary: string, options: Partial<PromtoolOptions> = {}, signal = SIGNAL) =>
    createPromtoolChecker({ binary, directory: directory(), clock: systemClock, ...options }).check(
      bundle('a: 1\n'),
      signal,
    );
  const reasonOf = (result: CheckResult) => (result.kind === 'unavailable' ? result.reason : result.kind);

  it('shows promtool the very bytes, in the bundle directory, and leaves nothing there', async () => {
    const binary = await script(`cp "$4" '${temporary()}/seen'; dirname "$4" > '${temporary()}/where'`);
    assert.deepEqual(await check(binary), { kind: 'accepted' });
    assert.equal(await readFile(join(temporary(), 'seen'), 'utf8'), 'a: 1\n');
    assert.equal(await readFile(join(temporary(), 'where'), 'utf8'), `${directory()}\n`);
    assert.deepEqual(await files(), []);
  });

  it('does not touch the configuration that is there', async () => {
    await mkdir(directory());
    await writeFile(join(directory(), 'prometheus.yml'), 'old: 1\n');
    await check(await script('echo "  FAILED: parsing YAML file $4: bad" >&2; exit 1'));
    assert.deepEqual(await files(), ['prometheus.yml']);
    assert.equal(await readFile(join(directory(), 'prometheus.yml'), 'utf8'), 'old: 1\n');
  });

  it('sweeps the candidates that a killed process left, and nothing else', async () => {
    await mkdir(directory());
    for (const name of ['.prometheus.yml.candidate-0123456789abcdef', '.prometheus.yml.candidate', 'notes'])
      await writeFile(join(directory(), name), '');
    await check(await script(''));
    assert.deepEqual(await files(), ['.prometheus.yml.candidate', 'notes']);
  });

  it('serves several checks at once', async () => {
    const binary = await script('grep -q good "$4" && exit 0; echo "  FAILED: $4" >&2; exit 1');
    const checker = createPromtoolChecker({ binary, directory: directory(), clock: systemClock });
    const texts = Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? 'good' : 'bad'));
    const results = await Promise.all(texts.map((text) => checker.check(bundle(text), SIGNAL)));
    assert.deepEqual(
      results.map(({ kind }) => kind),
      texts.map((text) => (text === 'good' ? 'accepted' : 'refused')),
    );
    assert.deepEqual(await files(), []);
  });

  describe('is unavailable, with a reason', () => {
    it('when there is no promtool', async () => {
      const reason = reasonOf(await check('/nowhere/promtool'));
      assert.equal(reason, '/nowhere/promtool could not be started: spawn /nowhere/promtool ENOENT.');
      assert.deepEqual(await files(), []);
    });

    it('when it may not be executed', async () => {
      const path = join(temporary(), 'promtool');
      await writeFile(path, '', { mode: 0o644 });
      assert.match(reasonOf(await check(path)), /could not be started: spawn EACCES|EACCES/);
    });

    it('when it is killed', async () => {
      assert.match(reasonOf(await check(await script('kill -9 $$'))), /was killed \(SIGKILL\)/);
    });

    it('when it crashes or is used in a way that it does not know', async () => {
      const panics = await script('echo "panic: out of memory" >&2; exit 2');
      assert.equal(reasonOf(await check(panics)), 'promtool ended with exit code 2: panic: out of memory');
      const old = await script('echo "promtool: error: unknown long flag \'--syntax-only\'" >&2; exit 1');
      assert.match(reasonOf(await check(old)), /exit code 1: .*unknown long flag/);
    });

    it('when it does not end in time, even if it started something that lives on', async () => {
      const binary = await script('sleep 5 & exec sleep 600');
      const result = await check(binary, { clock: instantClock(), timeoutMs: 3000 });
      assert.match(reasonOf(result), /promtool did not end within 3 s/);
      assert.deepEqual(await files(), []);
    });

    it('when the controller is told to stop', async () => {
      const stop = new AbortController();
      const checking = check(await script('exec sleep 600'), {}, stop.signal);
      stop.abort();
      assert.match(reasonOf(await checking), /was interrupted/);
      assert.match(reasonOf(await check(await script(''), {}, stop.signal)), /was interrupted/);
      assert.deepEqual(await files(), []);
    });

    it('when the directory cannot be written', async () => {
      await writeFile(directory(), 'a file in the way');
      assert.match(reasonOf(await check(await script(''))), /Cannot create the directory/);
    });

    it('when it refuses, but is not of the version that will load the bundle', async () => {
      const binary = await script(
        'test "$1" = --version && echo "promtool, version 2.42.0+ds (x)" && exit; echo "  FAILED: $4" >&2; exit 1',
      );
      const asked = async (version: string | undefined) =>
        reasonOf(await check(binary, { prometheusVersion: async () => version }));
      assert.equal(await asked('3.5.3'), 'promtool is of version 2.42 and cannot speak for Prometheus 3.5.');
      assert.equal(await asked('2.42.1'), 'refused');
      assert.equal(await asked(undefined), 'refused');
      assert.equal(await asked('unknown'), 'refused');
    });
  });

  it('reads no more of an endless answer than it needs', async () => {
    const binary = await script(
      'echo "  FAILED: $4" >&2; head -c 5000000 /dev/zero | tr "\\0" x >&2; exit 1',
    );
    const result = await check(binary);
    assert.equal(result.kind === 'refused' && result.message.length, 4000);
  });
});

for (const [name, get] of PROMETHEUS_VERSIONS)
  describe(`promtool ${name}`, () => {
    let installed: InstalledPrometheus;
    before(async function () {
      installed = await get(this);
    });
    const temporary = useTemporaryDirectory();
    const check = (config: string) =>
      createPromtoolChecker({
        binary: installed.promtool,
        directory: temporary(),
        clock: systemClock,
        prometheusVersion: async () => installed.version,
      }).check(bundle(config), SIGNAL);

    it('refuses in its own words, with the name of the file that the reader knows', async () => {
      assert.deepEqual(await check('scrape_configs:\n- job_name: a\n  bogus: 1\n'), {
        kind: 'refused',
        message:
          'parsing YAML file prometheus.yml: yaml: unmarshal errors:\n  line 3: field bogus not found in type config.ScrapeConfig',
      });
      assert.deepEqual(await check('scrape_configs:\n- job_name: a\n- job_name: a\n'), {
        kind: 'refused',
        message: 'parsing YAML file prometheus.yml: found multiple scrape configs with job name "a"',
      });
    }).timeout(TIMEOUT_MS);

    it('accepts files that only exist where Prometheus runs, and target files to come', async () => {
      const config = [
        'rule_files: [/nowhere/rules.yml]',
        'scrape_configs:',
        '- job_name: a',
        '  tls_config: {ca_file: /nowhere/ca.pem, cert_file: /nowhere/cert.pem, key_file: /nowhere/key.pem}',
        '  basic_auth: {username: a, password_file: /nowhere/password}',
        '  file_sd_configs: [{files: [targets/a.metrics.json]}]',
        '',
      ].join('\n');
      assert.deepEqual(await check(config), { kind: 'accepted' });
      assert.deepEqual(await readdir(temporary()), []);
    }).timeout(TIMEOUT_MS);
  });
