import { Ajv2020 } from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeStatus } from '../../controller/status/stored-status.ts';
import { EXAMPLES, scrapectl, start, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import { storedStatus, storedTarget } from '../support/stored-status.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const READY = '"scrapeTarget":"webapp","type":"Ready","status":"True"';

describe('scrapectl get', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();

  const common = (): string[] => ['--endpoint-url', sandbox().url, '--owner', 'prod'];
  const run = (...args: readonly string[]) =>
    start([
      'run',
      ...common(),
      '--config-dir',
      join(directory(), 'out'),
      '--max-rollouts',
      '2',
      '--interval',
      '20ms',
      '--log-format',
      'json',
      '--listen',
      '127.0.0.1:0',
      ...args,
    ]);
  const get = (...args: readonly string[]) => scrapectl(['get', ...common(), ...args]);
  const calls = (operation: string): number => sandbox().recorder.calls({ operation }).length;

  /** Documents in S3, and a controller that has seen them ready for some passes. */
  async function runUntilReady(): Promise<string> {
    sandbox().s3.createBucket('docs');
    for (const name of ['webapp', 'node-exporter'])
      sandbox().s3.putObject(
        'docs',
        `targets/${name}.yaml`,
        await readFile(join(EXAMPLES, `${name}.yaml`), 'utf8'),
      );
    const { code, stderr, stop } = run('--source', 's3://docs/targets/');
    await stderr.shows(READY);
    await passes(5);
    stop.abort();
    assert.equal(await code, 0);
    return stderr.text();
  }

  /** Resolves when the controller has listed its source so many times more. */
  async function passes(count: number): Promise<void> {
    const goal = calls('ListObjectsV2') + count;
    while (calls('ListObjectsV2') < goal) await new Promise(setImmediate);
  }

  it('shows a table of what the controller stored beside its documents, without a call to ECS or Cloud Map', async () => {
    await runUntilReady();
    const before = sandbox().recorder.calls({}).length;
    const { code, stdout, stderr } = await get('--source', 's3://docs/targets/');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^NAME +READY +TARGETS +REGISTRY +BOUND +RELOADED +AGE\nnode-exporter +True +2 +True +True +Unknown +\d+s\nwebapp +True +2 +True +True +Unknown +\d+s\n$/,
    );
    assert.equal(stderr, '');
    const made = sandbox().recorder.calls({}).slice(before);
    assert.deepEqual(
      made.map(({ service, operation }) => `${service} ${operation}`),
      ['s3 GetObject'],
    );
  });

  it('has a controller write only when something changed, and go on from it after a restart', async () => {
    const log = await runUntilReady();
    assert.doesNotMatch(log, /WARN|ERROR|cannot be stored/);
    const written = calls('PutObject');
    assert.ok(written >= 1 && written <= 8, `${written} writes for a start, two rollouts and many passes`);
    const first = (await get('--source', 's3://docs/targets/', '-o', 'json')).stdout;

    const { code, stderr, stop } = run('--source', 's3://docs/targets/');
    await stderr.shows('Controller started');
    await passes(5);
    stop.abort();
    assert.equal(await code, 0);
    assert.equal(calls('PutObject'), written);
    assert.equal((await get('--source', 's3://docs/targets/', '-o', 'json')).stdout, first);
  });

  it('prints what follows the published schema, with each task and its address', async () => {
    await runUntilReady();
    const schema: unknown = JSON.parse(await readFile('schemas/status.v1.schema.json', 'utf8'));
    assert.ok(typeof schema === 'object' && schema !== null);
    const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
    const { stdout } = await get('--source', 's3://docs/targets/', '-o', 'json');
    assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
    const story = await get('webapp', '--state', 's3://docs/targets/.scrapectl/');
    assert.match(story.stdout, /Source: +s3:\/\/docs\/targets\/webapp\.yaml, revision [0-9a-f]{32}/);
    assert.match(story.stdout, /\n  [0-9a-f]{32} +metrics +10\.\d+\.\d+\.\d+:3000\n/);
  });

  it('keeps targets flowing and says once why nothing is stored, when S3 refuses to store it', async () => {
    sandbox().faults.add({ operation: 'PutObject', effect: { kind: 'error', code: 'AccessDenied' } });
    const log = await runUntilReady();
    assert.equal(log.split('The status cannot be stored').length - 1, 1);
    assert.match(log, /Allow the action s3:PutObject/);
    const { code, stderr } = await get('--source', 's3://docs/targets/');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /No status of owner "prod" is stored there\. scrapectl run and scrapectl apply store it/,
    );
  });

  it('shows what apply left, and apply says when it cannot leave it', async () => {
    const args = ['apply', ...common(), '--source', EXAMPLES, '--poll-interval', '10ms'];
    const out = join(directory(), 'out');
    assert.equal((await scrapectl([...args, '--config-dir', out])).code, 0);
    const { stdout, stderr } = await get('webapp', '--config-dir', out);
    assert.match(stdout, /by scrapectl apply/);
    assert.equal(stderr, '');
    const applied = await scrapectl([...args, '--config-dir', out, '--state', 's3://nowhere/']);
    assert.equal(applied.code, 0, applied.stderr);
    assert.match(applied.stderr, /^warning  The status cannot be stored.*NoSuchBucket/m);
    assert.match(
      applied.stderr,
      /^warning  The inventory cannot be used, so nothing is deleted: .*NoSuchBucket/m,
    );
  });

  it('keeps what it tells of others when apply is for --only some, and tells nothing new of them', async () => {
    const out = join(directory(), 'out');
    const args = ['apply', ...common(), '--source', EXAMPLES, '--config-dir', out, '--poll-interval', '10ms'];
    assert.equal((await scrapectl([...args, '--only', 'webapp'])).code, 0);
    assert.match((await get('--config-dir', out)).stdout, /^NAME.*\nwebapp +True.*\n$/);
    assert.equal((await scrapectl(args)).code, 0);
    const applied = await scrapectl([...args, '--only', 'webapp']);
    assert.doesNotMatch(applied.stdout, /node-exporter/);
    assert.match(
      (await get('--config-dir', out)).stdout,
      /^NAME.*\nnode-exporter +True.*\nwebapp +True.*\n$/,
    );
  });

  it('stores nothing with --state off, and nothing in a dry run', async () => {
    const out = join(directory(), 'out');
    const args = ['apply', ...common(), '--source', EXAMPLES, '--config-dir', out, '--poll-interval', '10ms'];
    assert.equal((await scrapectl([...args, '--state', 'off'])).code, 0);
    const { code, stderr, stop } = run('--source', EXAMPLES, '--dry-run');
    await stderr.shows('Dry run');
    stop.abort();
    await code;
    assert.match((await get('--config-dir', out)).stderr, /No status of owner "prod"/);
  });

  describe('of a stored status', () => {
    const state = (): string => join(directory(), 'state');
    const store = async (text: string, owner = 'prod'): Promise<void> => {
      await mkdir(join(state(), owner), { recursive: true });
      await writeFile(join(state(), owner, 'status'), text);
    };
    const now = (): string => new Date().toISOString();
    const show = (...args: readonly string[]) => get('--state', state(), ...args);

    it('shows what is scraped without a document below the table, and not with a name', async () => {
      const registries = [{ namespace: 'apps', name: 'legacy', count: 3 }];
      const tagged = { count: 3, registries, skipped: ['registry apps/old: no port'], unread: [] };
      await store(writeStatus(storedStatus(undefined, { tagged }), now()));
      assert.match(
        (await show()).stdout,
        /^NAME[^]*webapp[^]*\n\nREGISTRY WITHOUT A DOCUMENT   TARGETS\napps\/legacy +3\nnot scraped: /,
      );
      assert.doesNotMatch((await show('webapp')).stdout, /legacy/);
    });

    it('warns when the controller has not been heard of for long, and of what belongs to no ScrapeTarget', async () => {
      const problems = [{ where: 's3://docs/', reason: 'AccessDenied', message: 'No.' }];
      await store(writeStatus(storedStatus(undefined, { problems }), '2026-01-01T00:00:00.000Z'));
      const { code, stderr } = await show();
      assert.equal(code, 0);
      assert.match(
        stderr,
        /^warning  The controller of owner prod was last heard of at 2026-01-01.*\nwarning  s3:\/\/docs\/: No\.\n$/,
      );
    });

    it('names the owners who have one, where this one has none', async () => {
      await store('x', 'prod-eu');
      const { code, stderr } = await show();
      assert.equal(code, 1);
      assert.match(stderr, /There is one of prod-eu: name the right one with --owner\./);
    });

    it('helps with a name that is nearly right', async () => {
      await store(writeStatus(storedStatus(), now()));
      const { code, stderr } = await show('webap');
      assert.deepEqual(
        [code, stderr],
        [1, 'scrapectl get: Owner prod has no ScrapeTarget "webap". Did you mean webapp?\n'],
      );
      assert.match((await show('zzzzzz')).stderr, /scrapectl get without a name lists them all/);
    });

    it('prints one ScrapeTarget as data', async () => {
      await store(writeStatus(storedStatus(), now()));
      assert.deepEqual(JSON.parse((await show('webapp', '-o', 'json')).stdout), storedTarget());
      assert.match((await show('webapp', '-o', 'yaml')).stdout, /^name: webapp\nobservedGeneration: 2\n/);
      assert.match((await show('webapp', '-o', 'wide')).stdout, /^NAME .* SOURCE\nwebapp /);
    });

    for (const [args, message] of [
      [['a', 'b'], /get shows one NAME/],
      [['-o', 'markdown'], /--output is "markdown", but must be one of text, wide, json, yaml/],
      [['--state', 'off'], /Nothing says where the status is stored/],
      [['--state', 'http://x/'], /neither a path nor an s3:/],
      [['--owner', ''], /--owner is empty/],
    ] as const)
      it(`refuses ${args.join(' ')}`, async () => {
        const { code, stderr } = await show(...args);
        assert.equal(code, 1);
        assert.match(stderr, message);
      });

    it('follows it from before there is one, and prints the rows that change', async () => {
      const { code, stdout, stderr, stop } = start([
        'get',
        ...common(),
        '--state',
        state(),
        '--watch',
        '--poll-interval',
        '5ms',
      ]);
      await stderr.shows('No status of owner "prod" is stored there');
      const other = storedTarget({ name: 'other' });
      await store(writeStatus(storedStatus([other, storedTarget()]), now()));
      await stdout.shows('webapp');
      const held = { ...storedTarget().targets, held: true };
      await store(writeStatus(storedStatus([other, storedTarget({ targets: held })]), now()));
      await stdout.shows('1 (held)');
      await store(writeStatus(storedStatus([storedTarget({ targets: held })]), now()));
      await stderr.shows('other: its document is gone');
      stop.abort();
      assert.equal(await code, 0);
      const names = stdout
        .text()
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]);
      assert.deepEqual(names, ['NAME', 'other', 'webapp', 'webapp']);
    });

    it('follows one ScrapeTarget as a stream of JSON', async () => {
      await store(writeStatus(storedStatus([storedTarget({ name: 'other' }), storedTarget()]), now()));
      const { code, stdout, stop } = start([
        'get',
        'webapp',
        ...common(),
        '--state',
        state(),
        '-w',
        '--poll-interval',
        '5ms',
        '-o',
        'json',
      ]);
      await stdout.shows('\n');
      await store(writeStatus(storedStatus([storedTarget({ observedGeneration: 3 })]), now()));
      await stdout.shows('"observedGeneration":3');
      stop.abort();
      assert.equal(await code, 0);
      const lines = stdout
        .text()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      assert.deepEqual(lines, [storedTarget(), storedTarget({ observedGeneration: 3 })]);
    });

    it('cannot follow what can never be read', async () => {
      await store('{"formatVersion": "2.0"}');
      const { code, stderr } = await show('--watch');
      assert.equal(code, 1);
      assert.match(stderr, /Use a newer scrapectl/);
    });
  });
});
