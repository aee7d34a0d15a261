import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { clientConfig } from '../support/sandbox.ts';
import { document } from '../support/scrape-world.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { EXAMPLES, scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

describe('scrapectl plan', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();

  const plan = (...args: readonly string[]) =>
    scrapectl(['plan', '--source', EXAMPLES, '--endpoint-url', sandbox().url, ...args]);

  it('shows what apply would do, and ends with the stable line', async () => {
    const { code, stdout } = await plan('--config-dir', directory());
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}\+ registry ecs-services\/webapp-svc$/m);
    assert.match(stdout, /^ {2}! service ecs-prometheus-cluster\/WebAppService: rolls 2 tasks/m);
    assert.match(stdout, /^ {2}\+ prometheus\.yml /m);
    assert.match(stdout, /\nPlan: 2 to create, 2 to update, 0 to delete, 2 disruptive, 0 blocked\.\n$/);
  });

  it('warns of a file that a document names and that is not there, and plans all the same', async () => {
    const secrets = join(directory(), 'secrets');
    const seen = join(directory(), 'documents.yaml');
    const files = `portNumber: 3000\nauthorization: {credentialsFile: ${secrets}/token}`;
    await writeFile(seen, document('', files));
    const args = ['plan', '--source', seen, '--endpoint-url', sandbox().url, '--file-access-dir', secrets];
    const { stdout, stderr } = await scrapectl(args);
    assert.match(
      stderr,
      /^warning {2}webapp\/metrics: credentialsFile \S+\/token of endpoint metrics is not there/m,
    );
    assert.match(stdout, /^Plan: /m);
  });

  it('makes no call that writes', async () => {
    for (const format of ['text', 'json', 'yaml', 'markdown'])
      await plan('-o', format, '--config-dir', directory());
    assert.notEqual(sandbox().recorder.total(), 0);
    assert.deepEqual(sandbox().recorder.calls({ kind: 'write' }), []);
  });

  it('prints JSON that follows the published schema', async () => {
    const { code, stdout } = await plan('-o', 'json', '--config-dir', directory());
    assert.equal(code, 0);
    const schema: unknown = JSON.parse(await readFile('schemas/plan.v1.schema.json', 'utf8'));
    assert.ok(typeof schema === 'object' && schema !== null);
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
    assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
  });

  it('prints the same in YAML as in JSON', async () => {
    const [json, yaml] = await Promise.all([plan('-o', 'json'), plan('-o', 'yaml')]);
    assert.deepEqual(load(yaml.stdout), JSON.parse(json.stdout));
  });

  it('prints markdown for a pull request', async () => {
    const { code, stdout } = await plan('-o', 'markdown');
    assert.equal(code, 0);
    assert.match(stdout, /^#+ /m);
    assert.match(stdout, /Plan: 2 to create/);
  });

  it('tells changes by its exit code when asked to', async () => {
    assert.equal((await plan('--detailed-exitcode')).code, 2);
    assert.equal((await plan()).code, 0);
  });

  it('tells by its exit code that nothing would change', async () => {
    const common = ['--source', EXAMPLES, '--endpoint-url', sandbox().url, '--config-dir', directory()];
    await scrapectl(['apply', ...common, '--poll-interval', '10ms']);
    const { code, stdout } = await scrapectl(['plan', ...common, '--detailed-exitcode']);
    assert.equal(stdout, 'No changes. AWS and Prometheus match the documents.\n');
    assert.equal(code, 0);
  });

  it('shows under each policy what apply would do under it, and the rest as drift', async () => {
    const common = ['--endpoint-url', sandbox().url, '--config-dir', directory(), '--poll-interval', '10ms'];
    await scrapectl(['apply', '--source', EXAMPLES, ...common]);
    const edited = join(directory(), 'webapp.yaml');
    const text = await readFile(join(EXAMPLES, 'webapp.yaml'), 'utf8');
    await writeFile(edited, text.replace('ttl: 10', 'ttl: 60'));
    const under = async (policy: string): Promise<string> => {
      const { stdout } = await scrapectl([
        'plan',
        '--source',
        edited,
        '--source',
        join(EXAMPLES, 'node-exporter.yaml'),
        ...common.slice(0, 2),
        '--policy',
        policy,
        '--only',
        'webapp',
      ]);
      return stdout;
    };
    assert.match(await under('sync'), / {6}ttl: 10 -> 60\n/);
    assert.match(await under('upsert-only'), / {6}ttl: 10 -> 60\n/);
    const created = await under('create-only');
    assert.match(created, /drift in registry ecs-services\/webapp-svc\n.*\n.*policy create-only leaves it/);
    assert.match(created, /\nPlan: 0 to create, 0 to update, 0 to delete, 0 disruptive, 0 blocked\.\n$/);
  });

  it('plans for the ScrapeTargets that --only names', async () => {
    const { stdout } = await plan('--only', 'webapp');
    assert.match(stdout, /webapp-svc/);
    assert.doesNotMatch(stdout, /node-exporter/);
  });

  it('calls nothing a change that is only blocked', async () => {
    const common = ['--source', EXAMPLES, '--endpoint-url', sandbox().url, '--config-dir', directory()];
    await scrapectl(['apply', ...common, '--no-disruption']);
    const { code, stdout } = await scrapectl(['plan', ...common, '--no-disruption', '--detailed-exitcode']);
    assert.match(stdout, /\nPlan: 0 to create, 0 to update, 0 to delete, 0 disruptive, 2 blocked\.\n$/);
    assert.equal(code, 0);
  });

  it('plans the good documents, names the broken one, and ends with 1', async () => {
    await writeFile(join(directory(), 'bad.yaml'), document('', 'portNumber: 0', 'bad'));
    const { code, stdout, stderr } = await plan('--source', directory(), '--detailed-exitcode');
    assert.equal(code, 1);
    assert.match(stdout, /Plan: 2 to create/);
    assert.match(stderr, /bad\.yaml:10:\d+: ScrapeTarget bad: spec\.endpoints\[0\]\.portNumber/);
  });

  it('does not call the world in order when its source does not exist', async () => {
    const missing = join(directory(), 'nowhere');
    const { code, stdout, stderr } = await scrapectl([
      'plan',
      '--source',
      missing,
      '--endpoint-url',
      sandbox().url,
    ]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /scrapectl plan: .*nowhere: .*Create it, or name another path\./);
  });

  it('wants to know where the documents are', async () => {
    const { code, stderr } = await scrapectl(['plan']);
    assert.equal(code, 1);
    assert.match(stderr, /--source is missing/);
  });

  it('writes nothing into the directory of Prometheus', async () => {
    const out = join(directory(), 'not-yet-there');
    assert.equal((await plan('--config-dir', out)).code, 0);
    await assert.rejects(readFile(join(out, 'prometheus.yml')), { code: 'ENOENT' });
  });

  it('reads documents from S3 and the base configuration from Parameter Store', async () => {
    const s3 = new S3Client({ ...clientConfig(sandbox()), forcePathStyle: true });
    const ssm = new SSMClient(clientConfig(sandbox()));
    const text = await readFile(join(EXAMPLES, 'webapp.yaml'), 'utf8');
    await s3.send(new CreateBucketCommand({ Bucket: 'documents' }));
    await s3.send(new PutObjectCommand({ Bucket: 'documents', Key: 'targets/webapp.yaml', Body: text }));
    const base = 'global: {scrape_interval: 7s, external_labels: {env: "${STAGE}"}}\n';
    await ssm.send(new PutParameterCommand({ Name: '/prometheus/base', Type: 'String', Value: base }));
    s3.destroy();
    ssm.destroy();
    const args = [
      'render',
      '--source',
      's3://documents/targets/',
      '--endpoint-url',
      sandbox().url,
      '--base-config',
      'ssm:///prometheus/base',
      '--base-config-env',
      'STAGE',
    ];
    const { code, stdout } = await scrapectl(args, { env: { STAGE: 'blue' } });
    assert.equal(code, 0);
    assert.match(stdout, /scrape_interval: 7s, external_labels: \{ ?env: "blue"/);
    assert.match(stdout, /job_name: webapp\/metrics/);

    const unset = await scrapectl(args);
    assert.equal(unset.code, 1);
    assert.match(unset.stderr, /names STAGE, but the environment variable STAGE is not set/);
  });

  it('says what is wrong with a source that is none', async () => {
    const missing = await plan('--source', 's3://no-such-bucket/targets/');
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /s3:\/\/no-such-bucket\/targets\/.*NoSuchBucket/);
    const odd = await plan('--source', 'http://example.com/');
    assert.equal(odd.code, 1);
    assert.match(odd.stderr, /http:\/\/example\.com\/ is neither a path nor an s3:\/\/ or ssm:\/\/ URI/);
  });
});
