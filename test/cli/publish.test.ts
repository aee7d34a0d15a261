import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { clientConfig } from '../support/sandbox.ts';
import { versioned } from '../support/publishing.ts';
import { scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import type { Surroundings } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const execute = promisify(execFile);

describe('scrapectl publish', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  let s3: S3Client;

  beforeEach(async () => {
    s3 = new S3Client({ ...clientConfig(sandbox()), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'docs' }));
    sandbox().recorder.clear();
  });
  afterEach(() => s3.destroy());

  const targets = () => join(directory(), 'targets');
  const write = async (texts: Readonly<Record<string, string>>) => {
    await mkdir(targets(), { recursive: true });
    for (const [name, text] of Object.entries(texts)) await writeFile(join(targets(), name), text);
  };
  const publish = (args: readonly string[] = [], surroundings: Surroundings = {}) =>
    scrapectl(
      ['publish', targets(), '--to', 's3://docs/targets/', '--endpoint-url', sandbox().url, ...args],
      surroundings,
    );
  const writes = () => sandbox().recorder.calls({ kind: 'write' });
  const stored = (name: string) => sandbox().s3.readObject('docs', `targets/${name}`)?.toString();
  const several = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`app-${index}.yaml`, versioned(`app-${index}`)]),
    );

  for (const [from, to] of [
    ['examples/', 's3://docs/examples/'],
    ['examples/scrape-targets/', 'ssm:///prom/examples/'],
  ] as const) {
    it(`publishes ${from} to ${to}, whence plan reads the same as from the directory`, async () => {
      const common = ['--endpoint-url', sandbox().url];
      const { code, stdout } = await scrapectl(['publish', from, '--to', to, ...common]);
      assert.equal(code, 0);
      assert.match(stdout, /\nPublished: (\d+) of \1 changes made, 0 failed, 0 unchanged\.\n$/);
      const plan = (source: string) => scrapectl(['plan', '--source', source, '-o', 'json', ...common]);
      const [published, local] = await Promise.all([plan(to), plan(from)]);
      assert.equal(published.code, local.code);
      assert.deepEqual(JSON.parse(published.stdout), JSON.parse(local.stdout));

      sandbox().recorder.clear();
      const again = await scrapectl(['publish', from, '--to', to, '--prune', '--yes', ...common]);
      assert.equal(again.code, 0);
      assert.match(again.stdout, /^No changes\. \S+ matches the directory, \d+ documents\.\n$/m);
      assert.deepEqual(writes(), []);
    });
  }

  it('only tells with --dry-run what it would do, in every format', async () => {
    await write({ 'a.yaml': versioned('a') });
    const text = await publish(['--dry-run']);
    assert.equal(text.code, 0);
    assert.match(text.stdout, /\nPublish: 1 to create, 0 to update, 0 to delete, 0 unchanged\.\n$/);
    const json = await publish(['--dry-run', '-o', 'json']);
    const yaml = await publish(['--dry-run', '-o', 'yaml']);
    assert.deepEqual(load(yaml.stdout), JSON.parse(json.stdout));
    assert.match(
      (await publish(['--dry-run', '-o', 'markdown'])).stdout,
      /^<!-- ecs-prometheus-operator:publish/,
    );
    assert.deepEqual(writes(), []);
  });

  it('tells changes by its exit code when asked to', async () => {
    await write({ 'a.yaml': versioned('a') });
    const codes = [];
    for (const args of [['--dry-run'], [], ['--dry-run'], []])
      codes.push((await publish([...args, '--detailed-exitcode'])).code);
    assert.deepEqual(codes, [2, 2, 0, 0]);
  });

  it('prints JSON that follows the published schema, whatever came of it', async () => {
    const schema: unknown = JSON.parse(await readFile('schemas/publish.v1.schema.json', 'utf8'));
    assert.ok(typeof schema === 'object' && schema !== null);
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
    const follows = async (...args: readonly string[]) => {
      const { stdout } = await publish(['-o', 'json', ...args]);
      assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
    };
    await write(several(3));
    await follows('--dry-run');
    sandbox().faults.add({ operation: 'PutObject', count: 1, effect: { kind: 'accessDenied' } });
    await follows();
    await follows('--revision', 'abc');
    await rm(join(targets(), 'app-0.yaml'));
    await follows();
    await follows('--prune');
    await write({ 'bad.yaml': versioned('bad', 'soon') });
    await follows();
  });

  it('prints what became of each object as JSON', async () => {
    await write({ 'a.yaml': versioned('a') });
    const { stdout } = await publish(['-o', 'json', '--revision', 'abc']);
    const { revision, changes } = JSON.parse(stdout);
    assert.equal(revision, 'abc');
    assert.equal(changes[0].outcome, 'written');
  });

  it('publishes nothing when one document is invalid, and lists all faults', async () => {
    await write({
      'a.yaml': versioned('a'),
      'b.yaml': versioned('b', 'soon'),
      'c.yaml': 'kind: ScrapeTarget\n',
    });
    const { code, stdout, stderr } = await publish();
    assert.equal(code, 1);
    assert.equal(stdout, 'Nothing is published.\n');
    assert.match(stderr, /^error {2}\S+b\.yaml:11:\d+: ScrapeTarget b: spec\.endpoints\[0\]\.interval: /m);
    assert.match(stderr, /^error {2}\S+c\.yaml:/m);
    assert.deepEqual(writes(), []);
  });

  it('explains before the first write what SSM would refuse', async () => {
    await write({ 'a.yaml': versioned('a'), 'b.yaml': `${versioned('b')}# {{ stage }}\n` });
    const { code, stderr } = await publish(['--to', 'ssm:///prom/']);
    assert.equal(code, 1);
    assert.match(stderr, /b\.yaml: Line 12 holds \{\{, .*publish to s3:\/\//);
    assert.deepEqual(writes(), []);
  });

  it('holds back a pruning that deletes too much, and says which flag allows it', async () => {
    await write(several(10));
    await publish();
    for (const index of [1, 2, 3]) await rm(join(targets(), `app-${index}.yaml`));
    const held = await publish(['--prune', '--yes']);
    assert.equal(held.code, 1);
    assert.match(held.stderr, /would delete 3 of 10 documents .*use --max-prune 30\./);
    assert.ok(stored('app-1.yaml'));
    assert.equal((await publish(['--prune', '--yes', '--max-prune', '30'])).code, 0);
    assert.equal(stored('app-1.yaml'), undefined);
  });

  it('deletes all only when that is allowed', async () => {
    await write(several(3));
    await publish();
    await rm(targets(), { recursive: true });
    await mkdir(targets());
    const held = await publish(['--prune', '--yes']);
    assert.equal(held.code, 1);
    assert.match(held.stderr, /--allow-empty/);
    assert.equal((await publish(['--prune', '--yes', '--allow-empty'])).code, 0);
    assert.equal(stored('app-0.yaml'), undefined);
  });

  it('never publishes a directory that does not exist as an empty one', async () => {
    const { code, stderr } = await publish(['--prune', '--allow-empty', '--yes']);
    assert.equal(code, 1);
    assert.match(stderr, /targets: .*Create it, or name another path\./);
    assert.deepEqual(writes(), []);
  });

  it('asks on a terminal before it deletes, and takes no for an answer', async () => {
    await write(several(6));
    await publish();
    await rm(join(targets(), 'app-1.yaml'));
    const questions: string[] = [];
    const answer = (yes: boolean) => ({
      terminal: true,
      confirm: (question: string) => Promise.resolve(questions.push(question) > 0 && yes),
    });
    const no = await publish(['--prune'], answer(false));
    assert.equal(no.code, 1);
    assert.match(no.stderr, /Nothing was published\./);
    assert.ok(stored('app-1.yaml'));
    assert.equal((await publish(['--prune'], answer(true))).code, 0);
    assert.equal(stored('app-1.yaml'), undefined);
    assert.deepEqual(
      questions,
      Array.from({ length: 2 }, () => 'This deletes app-1.yaml from s3://docs/targets/. Go ahead?'),
    );
  });

  it('does not ask before it only writes', async () => {
    await write({ 'a.yaml': versioned('a') });
    const confirm = () => Promise.reject(new Error('nobody was to be asked'));
    assert.equal((await publish(['--prune'], { terminal: true, confirm })).code, 0);
  });

  it('ends with 1 when something was not written, and names it', async () => {
    await write({ 'a.yaml': versioned('a'), 'b.yaml': versioned('b') });
    sandbox().faults.add({ operation: 'PutObject', count: 1, effect: { kind: 'accessDenied' } });
    const { code, stdout } = await publish(['--detailed-exitcode']);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^failed {3}[ab]\.yaml: s3:\/\/docs\/targets\/[ab]\.yaml: .*Allow the action s3:PutObject/m,
    );
    assert.match(stdout, /\nPublished: 1 of 2 changes made, 1 failed, 0 unchanged\.\n$/);
  });

  it('changes nothing when the destination cannot be listed', async () => {
    await write({ 'a.yaml': versioned('a') });
    for (const effect of [{ kind: 'accessDenied' }, { kind: 'serverError' }] as const) {
      const remove = sandbox().faults.add({ operation: 'ListObjectsV2', effect });
      const { code, stderr } = await publish(['--prune', '--yes']);
      remove();
      assert.equal(code, 1);
      assert.match(
        stderr,
        /s3:\/\/docs\/targets\/: The destination could not be read whole, so nothing is published\./,
      );
    }
    assert.deepEqual(writes(), []);
  });

  it('says what is wrong with its command line', async () => {
    for (const [argv, words] of [
      [['publish'], /publish takes one DIR/],
      [['publish', 'a', 'b', '--to', 's3://docs/'], /publish takes one DIR/],
      [['publish', 'a'], /--to is missing/],
      [['publish', 's3://docs/a/', '--to', 's3://docs/b/'], /must be a path/],
      [['publish', 'a', '--to', './there'], /must begin with s3:\/\/ or ssm:\/\/\//],
      [['publish', 'a', '--to', 's3://docs/', '--tier', 'large'], /one of standard, advanced, intelligent/],
      [['publish', 'a', '--to', 's3://docs/', '--max-prune', '101'], /from 0 to 100/],
    ] as const) {
      const { code, stderr } = await scrapectl(argv, {});
      assert.equal(code, 1);
      assert.match(stderr, words);
    }
    await write({ 'a.yaml': versioned('a') });
    assert.match((await publish(['--revision', 'with space'])).stderr, /--revision must be/);
    assert.match(
      (await publish(['--to', 's3://docs/a.yaml'])).stderr,
      /one document where a prefix is wanted/,
    );
    assert.match((await publish(['--to', 's3://nowhere/t/'])).stderr, /NoSuchBucket/);
  });

  it('stamps what it writes with the commit of the directory', async () => {
    await cp('examples/scrape-targets', targets(), { recursive: true });
    const git = (...args: readonly string[]) =>
      execute('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
        cwd: directory(),
      });
    const stampOf = async (name: string) =>
      (await s3.send(new HeadObjectCommand({ Bucket: 'docs', Key: `targets/${name}` }))).Metadata;
    await publish();
    assert.deepEqual(await stampOf('webapp.yaml'), {});

    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'Add targets');
    const head = (await git('rev-parse', 'HEAD')).stdout.trim();
    await cp('examples/more/relabeling.yaml', join(targets(), 'relabeling.yaml'));
    await publish();
    assert.deepEqual(await stampOf('relabeling.yaml'), { 'scrapectl-revision': `${head}-dirty` });
    assert.deepEqual(await stampOf('webapp.yaml'), {});

    await git('add', '.');
    await git('commit', '--quiet', '--message', 'Add relabeling');
    await cp('examples/more/basic-auth.yaml', join(targets(), 'basic-auth.yaml'));
    await publish(['--revision', 'release-7']);
    assert.deepEqual(await stampOf('basic-auth.yaml'), { 'scrapectl-revision': 'release-7' });
  });
});
