import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXAMPLES, scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

describe('what scrapectl says to who tries it for the first time', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const out = (): string => join(directory(), 'out');
  const common = (source: string): string[] => [
    '--source',
    source,
    '--endpoint-url',
    sandbox().url,
    '--config-dir',
    out(),
  ];
  const IN_ORDER = /No changes\. AWS and Prometheus match the documents\./;

  it('warns that a source without documents may be the wrong one', async () => {
    await mkdir(join(directory(), 'empty'));
    for (const verb of ['plan', 'apply', 'render']) {
      const { code, stderr } = await scrapectl([verb, ...common(join(directory(), 'empty'))]);
      assert.equal(code, 0);
      assert.match(stderr, /^warning {2}No --source holds a ScrapeTarget document\.$/m);
    }
    const full = await scrapectl(['plan', ...common(EXAMPLES)]);
    assert.doesNotMatch(full.stderr, /warning/);
  });

  it('says in plain words that a source does not exist', async () => {
    for (const verb of ['plan', 'apply', 'render']) {
      const { code, stderr } = await scrapectl([verb, ...common(join(directory(), 'nowhere'))]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /nowhere: There is no such file or directory\. Create it, or name another path\.\n$/,
      );
    }
  });

  it('does not call the world in order when a document is invalid', async () => {
    await writeFile(join(directory(), 'bad.yaml'), 'kind: ScrapeTarget\n');
    const { code, stdout, stderr } = await scrapectl([
      'plan',
      '--source',
      join(directory(), 'bad.yaml'),
      '--endpoint-url',
      sandbox().url,
    ]);
    assert.equal(code, 1);
    assert.doesNotMatch(stdout, IN_ORDER);
    assert.match(stdout, /^Plan: 0 to create/m);
    assert.match(stderr, /bad\.yaml:1:1/);
  });

  it('does not call the world in order when the namespaces to discover cannot be read', async () => {
    sandbox().faults.add({ operation: 'ListNamespaces', effect: { kind: 'accessDenied' } });
    for (const format of ['text', 'markdown']) {
      const { code, stdout, stderr } = await scrapectl([
        'plan',
        '--discover-namespaces',
        'ecs-services',
        '--endpoint-url',
        sandbox().url,
        '-o',
        format,
      ]);
      assert.equal(code, 1);
      assert.doesNotMatch(stdout, IN_ORDER);
      assert.match(stderr, /Allow the action servicediscovery:ListNamespaces/);
    }
  });

  // /proc is Linux's own.
  if (process.platform === 'linux')
    it('changes nothing in AWS when the directory for the files cannot be made', async () => {
      const args = [
        '--source',
        EXAMPLES,
        '--endpoint-url',
        sandbox().url,
        '--config-dir',
        '/proc/no/such/place',
      ];
      const { code, stderr } = await scrapectl(['apply', ...args]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^scrapectl apply: \/proc\/no\/such\/place: Cannot create the directory.*Name a directory/m,
      );
      assert.deepEqual(sandbox().recorder.calls({ kind: 'write' }), []);
    });

  it('ends when it cannot start, although it watches a directory already', async () => {
    await writeFile(out(), 'a file');
    const main = ['--import', 'tsx', 'controller/cli/main.ts'];
    const args = ['run', ...common(EXAMPLES), '--listen', 'off'];
    const child = spawn(process.execPath, [...main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (text) => (told += String(text)));
    const [code] = await once(child, 'exit');
    assert.equal(code, 1);
    assert.match(told, /A part of the path is a file; name a directory\.\n$/);
    assert.doesNotMatch(told, /Give the controller read access/);
  }).timeout(30_000);

  if (process.platform === 'linux')
    it('says where the demo cannot keep its files, without a stack trace', async () => {
      const { code, stderr } = await scrapectl(['demo', '--once', '--dir', '/proc/no/such/place']);
      assert.equal(code, 1);
      assert.match(stderr, /^scrapectl demo: \/proc\/no\/such\/place: the demo cannot keep.*--dir\.\n$/);
    });

  it('says in whole sentences why the sandbox cannot start', async () => {
    const port = await scrapectl(['sandbox', '--port', new URL(sandbox().url).port]);
    assert.match(
      port.stderr,
      /The sandbox cannot listen here: .* address already in use .*\. Choose another port/,
    );
    const scenario = await scrapectl(['sandbox', '--scenario', join(directory(), 'none.yaml')]);
    assert.match(scenario.stderr, /none\.yaml'\. Name a file, or a scenario/);
  });

  it('wants a promtool that is named to be there', async () => {
    for (const name of ['no-such-promtool', './no/such/promtool']) {
      const { code, stderr } = await scrapectl(['plan', ...common(EXAMPLES), '--promtool', name], {
        env: { PATH: directory() },
      });
      assert.equal(code, 1);
      assert.match(stderr, /--promtool is \S+, but there is no such program\. See scrapectl plan --help/);
    }
  });

  it('says that a directory is no saved plan, and where documents are named', async () => {
    const { code, stderr } = await scrapectl(['apply', EXAMPLES]);
    assert.equal(code, 1);
    assert.match(stderr, /There is no saved plan to read: EISDIR.*Documents are named with --source\.\n$/);
  });

  it('says beside which sources a status is stored', async () => {
    const { code, stderr } = await scrapectl(['get', '--source', EXAMPLES]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /name it with --state, or give the s3:\/\/ or ssm:\/\/ --source of the controller, or its --config-dir/,
    );
  });

  it('refuses for every verb that has it a name that no document has', async () => {
    for (const verb of ['plan', 'apply']) {
      const { code, stdout, stderr } = await scrapectl([verb, ...common(EXAMPLES), '--only', 'nobody']);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /--only names nobody, but no document has that name\./);
    }
    assert.deepEqual(await readdir(directory()), []);
  });
});
