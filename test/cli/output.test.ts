import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLogger } from '../../controller/cli/logger.ts';
import { createProgress } from '../../controller/cli/progress.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import {
  EXAMPLES,
  recordedStream,
  scrapectl,
  start,
  useAwsEnvironment,
  useSandbox,
} from '../support/scrapectl.ts';
import type { Surroundings } from '../support/scrapectl.ts';

const ESCAPE = '\u001b[';

describe('colour', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();

  const isColoured = async (surroundings: Surroundings, ...args: readonly string[]): Promise<boolean> => {
    const argv = ['plan', '--source', EXAMPLES, '--endpoint-url', sandbox().url, ...args];
    return (await scrapectl(argv, surroundings)).stdout.includes(ESCAPE);
  };

  for (const [what, surroundings, args, expected] of [
    ['a terminal has it', { terminal: true }, [], true],
    ['a file has none', {}, [], false],
    ['a terminal that can nothing has none', { terminal: true, env: { TERM: 'dumb' } }, [], false],
    ['NO_COLOR forbids it', { terminal: true, env: { NO_COLOR: '1' } }, [], false],
    ['an empty NO_COLOR forbids nothing', { terminal: true, env: { NO_COLOR: '' } }, [], true],
    ['FORCE_COLOR wants it in a file', { env: { FORCE_COLOR: '1' } }, [], true],
    ['FORCE_COLOR=0 forbids it', { terminal: true, env: { FORCE_COLOR: '0' } }, [], false],
    ['--no-color forbids it over all', { terminal: true, env: { FORCE_COLOR: '1' } }, ['--no-color'], false],
    ['JSON never has it', { terminal: true, env: { FORCE_COLOR: '1' } }, ['-o', 'json'], false],
  ] as const) {
    it(what, async () => assert.equal(await isColoured(surroundings, ...args), expected));
  }
});

describe('progress', () => {
  const report = (terminal: boolean, env: Readonly<Record<string, string>> = {}): string => {
    const stderr = recordedStream(terminal);
    const { signal } = new AbortController();
    const progress = createProgress({ stdout: recordedStream(), stderr, env, signal, confirm: undefined });
    for (const message of ['reading', 'reading', 'writing']) progress.report(message);
    progress.done();
    return stderr.text();
  };

  it('is one line that changes on a terminal, and is gone at the end', () => {
    assert.equal(report(true), '\r\u001b[2Kreading\r\u001b[2Kwriting\r\u001b[2K');
  });

  it('is a line for each change in a log', () => {
    assert.equal(report(false), 'reading\nwriting\n');
    assert.equal(report(true, { TERM: 'dumb' }), 'reading\nwriting\n');
  });
});

describe('the log', () => {
  const logged = (format: string, level = 'info'): string => {
    const stream = recordedStream();
    const log = createLogger({ stream, level, format, now: () => new Date(Date.UTC(2026, 0, 1)) });
    log.debug('Hidden');
    log.warn('Condition changed', {
      type: 'Ready',
      message: 'it is "so"',
      files: ['a', 'b'],
      none: undefined,
    });
    return stream.text();
  };

  it('is one line of text for people', () => {
    assert.equal(
      logged('text'),
      '2026-01-01T00:00:00.000Z WARN  Condition changed type=Ready message="it is \\"so\\"" files=a,b\n',
    );
  });

  it('is one object of JSON for collectors', () => {
    assert.deepEqual(JSON.parse(logged('json')), {
      time: '2026-01-01T00:00:00.000Z',
      level: 'warn',
      msg: 'Condition changed',
      type: 'Ready',
      message: 'it is "so"',
      files: ['a', 'b'],
    });
  });

  it('leaves out what is below its level', () => {
    assert.equal(logged('text', 'error'), '');
    assert.match(logged('text', 'debug'), /DEBUG Hidden/);
  });
});

describe('scrapectl render', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();

  const render = (...args: readonly string[]) =>
    scrapectl(['render', '--source', EXAMPLES, '--endpoint-url', sandbox().url, ...args]);

  it('prints every file, and writes nothing to AWS', async () => {
    const { code, stdout } = await render();
    assert.equal(code, 0);
    assert.match(stdout, /^# prometheus\.yml\nglobal:/);
    assert.match(stdout, /^# targets\/webapp\.metrics\.json\n\[/m);
    assert.deepEqual(sandbox().recorder.calls({ kind: 'write' }), []);
  });

  it('prints the same bytes each time', async () => {
    assert.equal((await render()).stdout, (await render()).stdout);
  });

  it('prints the files as one JSON object', async () => {
    const { stdout } = await render('-o', 'json');
    const bundle: unknown = JSON.parse(stdout);
    assert.ok(typeof bundle === 'object' && bundle !== null && 'files' in bundle);
    assert.deepEqual(Object.keys(bundle.files ?? {}), [
      'prometheus.yml',
      'targets/node-exporter.metrics.json',
      'targets/webapp.metrics.json',
    ]);
  });

  it('writes the files into a directory, and none of them again', async () => {
    const out = join(directory(), 'out');
    const first = await render('--config-dir', out);
    assert.equal(first.code, 0);
    assert.match(first.stdout, /3 written, 0 deleted, 0 unchanged\.\n$/);
    assert.match((await render('--config-dir', out)).stdout, /0 written, 0 deleted, 3 unchanged\.\n$/);
    assert.deepEqual((await readdir(join(out, 'targets'))).length, 2);
    assert.match(await readFile(join(out, 'prometheus.yml'), 'utf8'), /job_name: webapp\/metrics/);
    assert.deepEqual(sandbox().recorder.calls({ kind: 'write' }), []);
  });

  it('keeps the targets on disk that it cannot read, and ends with 1', async () => {
    const out = join(directory(), 'out');
    await render('--config-dir', out);
    sandbox().faults.add({
      operation: 'ListTasks',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });
    const { code, stdout, stderr } = await render('--config-dir', out);
    assert.equal(code, 1);
    assert.match(stdout, /0 written, 0 deleted/);
    assert.match(stderr, /error +ScrapeTarget webapp: .*ecs:ListTasks/);
  });
});

describe('scrapectl sandbox', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();

  it('serves until it is stopped, and says how to use it', async () => {
    const { code, stdout, stop } = start(['sandbox', '--scenario', 'generated-2x1']);
    await stdout.shows('AWS_SECRET_ACCESS_KEY');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout.text())?.[0] ?? '';
    const answer = await fetch(url, { method: 'POST' });
    assert.ok(answer.status >= 400);
    await answer.text();
    stop.abort();
    assert.equal(await code, 0);
  });

  it('says that its port is taken', async () => {
    const { code, stderr } = await scrapectl(['sandbox', '--port', String(sandbox().port)]);
    assert.equal(code, 1);
    assert.match(stderr, /127\.0\.0\.1:\d+: .*EADDRINUSE.*Choose another port/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });

  it('says that its scenario does not exist', async () => {
    const { code, stderr } = await scrapectl(['sandbox', '--scenario', 'nowhere.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /nowhere\.yaml: .*Name a file, or a scenario/);
  });
});
