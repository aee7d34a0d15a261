import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from 'js-yaml';
import { document } from '../support/scrape-world.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { scrapectl } from '../support/scrapectl.ts';

const GOOD = document();
const BAD = document('', 'portNumber: 99999', 'db');

describe('scrapectl validate', () => {
  const directory = useTemporaryDirectory();

  const write = (name: string, text: string): Promise<void> => writeFile(join(directory(), name), text);

  it('accepts the examples', async () => {
    const { code, stdout } = await scrapectl(['validate', 'examples/']);
    assert.equal(code, 0);
    assert.match(stdout, /^ok +examples\/scrape-targets\/webapp\.yaml:\d+ +webapp$/m);
    assert.match(stdout, /^\d+ valid, 0 invalid/m);
  });

  it('names file, line and path of a broken document, and still lists the good ones', async () => {
    await write('good.yaml', GOOD);
    await write('bad.yaml', BAD);
    const { code, stdout } = await scrapectl(['validate', directory()]);
    assert.equal(code, 1);
    assert.match(stdout, /^ok +\S+good\.yaml:1 +webapp$/m);
    assert.match(
      stdout,
      /^error +\S+bad\.yaml:10:\d+: ScrapeTarget db: spec\.endpoints\[0\]\.portNumber: .+$/m,
    );
    assert.match(stdout, /\n1 valid, 1 invalid\.\n$/);
  });

  it('checks several paths as one set', async () => {
    await mkdir(join(directory(), 'a'));
    await mkdir(join(directory(), 'b'));
    await write('a/one.yaml', GOOD);
    await write('b/two.yaml', GOOD);
    const { code, stdout } = await scrapectl([
      'validate',
      join(directory(), 'a'),
      join(directory(), 'b/two.yaml'),
    ]);
    assert.equal(code, 1);
    assert.match(stdout, /webapp/);
  });

  it('ends with 2 when a path does not exist, and says which', async () => {
    await write('good.yaml', GOOD);
    const missing = join(directory(), 'nowhere');
    const { code, stdout, stderr } = await scrapectl(['validate', directory(), missing]);
    assert.equal(code, 2);
    assert.match(stdout, /1 valid/);
    assert.ok(stderr.startsWith(`scrapectl validate: ${missing}: `));
  });

  it('ends with 2 when no path is given', async () => {
    const { code, stderr } = await scrapectl(['validate']);
    assert.equal(code, 2);
    assert.match(stderr, /at least one PATH.*See scrapectl validate --help\./);
  });

  for (const [format, parse] of [
    ['json', (text: string): unknown => JSON.parse(text)],
    ['yaml', (text: string): unknown => load(text)],
  ] as const) {
    it(`prints the same report as ${format}`, async () => {
      await write('good.yaml', GOOD);
      await write('bad.yaml', BAD);
      const { code, stdout } = await scrapectl(['validate', directory(), '-o', format]);
      assert.equal(code, 1);
      const file = join(directory(), 'good.yaml');
      const report: unknown = parse(stdout);
      assert.ok(typeof report === 'object' && report !== null && 'errors' in report && 'targets' in report);
      assert.deepEqual(report.targets, [{ name: 'webapp', file, documentIndex: 0, line: 1 }]);
      assert.ok(Array.isArray(report.errors));
      const [error]: unknown[] = report.errors;
      assert.ok(typeof error === 'object' && error !== null && 'path' in error && 'line' in error);
      assert.deepEqual([error.path, error.line], ['spec.endpoints[0].portNumber', 10]);
      assert.ok('valid' in report && report.valid === false);
    });
  }

  it('names documents of other kinds that it skipped, and counts them', async () => {
    await write('other.yaml', `apiVersion: apps/v1\nkind: Deployment\n---\n${GOOD}`);
    const { code, stdout } = await scrapectl(['validate', directory()]);
    assert.equal(code, 0);
    assert.match(stdout, /^skip +\S+other\.yaml:1 +Deployment \(apps\/v1\)$/m);
    assert.match(stdout, /\n1 valid, 0 invalid, 1 of other kinds skipped\.\n$/);
  });

  it('lists skipped documents in the JSON report', async () => {
    await write('other.yaml', `${GOOD}\n---\nkind: Deployment\n`);
    const { stdout } = await scrapectl(['validate', directory(), '-o', 'json']);
    const file = join(directory(), 'other.yaml');
    const line = GOOD.split('\n').length + 2;
    assert.deepEqual(JSON.parse(stdout).skipped, [{ file, documentIndex: 1, line, what: '"Deployment"' }]);
  });
});

/** Writes the address of every module that is loaded to a file. */
const LOAD_HOOK = `
import { appendFileSync } from 'node:fs';
let file = '';
export const initialize = (data) => { file = data; };
export const load = (url, context, next) => { appendFileSync(file, url + '\\n'); return next(url, context); };
`;

describe('what scrapectl loads', () => {
  const directory = useTemporaryDirectory();

  async function loadedModules(...argv: readonly string[]): Promise<string> {
    const hook = join(directory(), 'hook.mjs');
    const register = join(directory(), 'register.mjs');
    const loaded = join(directory(), 'loaded.txt');
    await writeFile(hook, LOAD_HOOK);
    await writeFile(
      register,
      `import { register } from 'node:module';
register(${JSON.stringify(pathToFileURL(hook).href)}, { data: ${JSON.stringify(loaded)} });`,
    );
    const args = ['--import', 'tsx', '--import', register, 'controller/cli/main.ts', ...argv];
    await new Promise<void>((resolve) => {
      execFile(process.execPath, args, () => resolve());
    });
    return readFile(loaded, 'utf8');
  }

  it('holds no AWS client, no sandbox and no Prometheus edge when documents are validated', async () => {
    const loaded = await loadedModules('validate', 'examples/');
    assert.match(loaded, /controller\/api\/parse\.ts/);
    assert.doesNotMatch(loaded, /@aws-sdk|@smithy|controller\/(aws|sandbox|prometheus|reconcile)\//);
  }).timeout(20_000);

  it('holds the AWS clients when AWS is asked', async () => {
    const loaded = await loadedModules(
      'plan',
      '--source=examples/',
      '--region=eu-west-1',
      '--endpoint-url=http://127.0.0.1:1',
    );
    assert.match(loaded, /@aws-sdk\/client-ecs/);
  }).timeout(20_000);
});
