import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../support/sandbox.ts';
import { EXAMPLES, scrapectl, start, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { containersOf, deployed, fields, list } from './template.ts';

/** Asked where one list of a cluster may replace the lists of several services, and of a status in several parts. */
const SELDOM = ['ecs:DescribeClusters', 'ssm:GetParameters'];

/**
 * The template names its namespace, and has one grant for documents and what is stored below them, of which a list that
 * wants a prefix is a part.
 */
const BETTER_KNOWN = /^servicediscovery:CreateService |\/\.scrapectl\/|^s3:ListBucket /;

/** What Prometheus and ECS do with the same role. */
const NOT_OURS = /^(aps|elasticfilesystem):/;

async function statementsOf(
  template: string,
  SourceUri: string,
  given: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const role = (await deployed(template, { SourceUri, ...given })).get('TaskRole');
  return list(role?.['Policies']).flatMap((policy) =>
    list(fields(fields(policy)['PolicyDocument'])['Statement']),
  );
}

const actionsOf = (statement: unknown): readonly string[] =>
  [fields(statement)['Action']]
    .flat()
    .map(String)
    .filter((action) => !NOT_OURS.test(action));

/** Each action with where it is allowed and on what condition. */
function grantsOf(statements: readonly unknown[]): readonly string[] {
  return statements.flatMap((statement) => {
    const { Resource, Condition = {} } = fields(statement);
    const where = [Resource].flat().map(String).toSorted();
    const on = JSON.stringify(Condition).replaceAll(/\[("[^"]*")\]/g, '$1');
    return actionsOf(statement).map((action) => `${action} ${where.join(' ')} ${on}`);
  });
}

/** Takes a flag and its value out of a command. */
function without(words: readonly string[], flag: string): readonly string[] {
  const index = words.indexOf(flag);
  return index < 0 ? words : words.toSpliced(index, 2);
}

/**
 * The command of the controller's container, with the bundle in a directory of ours, nobody to reload, and no lease:
 * the first one is held only after a while.
 */
async function commandOf(template: string, SourceUri: string, directory: string): Promise<readonly string[]> {
  const resources = await deployed(template, { SourceUri });
  const controller = containersOf(resources.get('TaskDefinition')).get('controller');
  const words = list(controller?.['Command']).map((word) => String(word).replace(/^\/bundle$/, directory));
  const state = list(controller?.['Environment'])
    .map(fields)
    .find(({ Name }) => Name === 'SCRAPECTL_STATE')?.['Value'];
  const alone = without(without(words, '--prometheus-url'), '--lease');
  return [...alone, ...(typeof state === 'string' ? ['--state', state] : [])];
}

/** Access key id of the task. */
const CONTROLLER = 'controller';

describe('the task role of the templates', function () {
  this.timeout(60_000);
  useAwsEnvironment({ REMOTE_WRITE_URL: 'http://127.0.0.1:1' });
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const documents = (): string => join(directory(), 'documents');
  let stop: AbortController | undefined;
  afterEach(() => stop?.abort());

  beforeEach(async () => {
    const config = clientConfig(sandbox());
    const [s3, ssm] = [new S3Client({ ...config, forcePathStyle: true }), new SSMClient(config)];
    await s3.send(new CreateBucketCommand({ Bucket: 'my-bucket' }));
    const base = { Name: '/prometheus/base-config', Value: 'global: {}', Type: 'String' } as const;
    await ssm.send(new PutParameterCommand(base));
    s3.destroy();
    ssm.destroy();
    await cp(EXAMPLES, documents(), { recursive: true });
  });

  /** Without an edit the document is published no more. */
  async function publish(to: string, edit: ((text: string) => string) | undefined): Promise<void> {
    const webapp = join(documents(), 'webapp.yaml');
    if (edit === undefined) await rm(webapp);
    else await writeFile(webapp, edit(await readFile(webapp, 'utf8')));
    const prune = ['--prune', '--max-prune', '100', '--yes'];
    const outcome = await scrapectl([
      'publish',
      documents(),
      '--to',
      to,
      '--endpoint-url',
      sandbox().url,
      ...prune,
    ]);
    assert.equal(outcome.code, 0, outcome.stderr);
  }

  /** Everybody else may do everything. */
  async function runUntil(command: readonly string[], ...said: readonly string[]): Promise<void> {
    process.env['AWS_ACCESS_KEY_ID'] = CONTROLLER;
    const ours = ['--endpoint-url', sandbox().url, '--interval', '200ms', '--listen', 'off'];
    const env = { AWS_REGION: 'us-east-1', REMOTE_WRITE_URL: 'http://127.0.0.1:1' };
    const controller = start([...command, '--max-rollouts', '2', '--log-format', 'json', ...ours], { env });
    stop = controller.stop;
    for (const text of said) await controller.stderr.shows(text);
    controller.stop.abort();
    assert.equal(await controller.code, 0);
    process.env['AWS_ACCESS_KEY_ID'] = 'publisher';
  }

  for (const [template, uri] of [
    ['operator.yaml', 's3://my-bucket/targets/'],
    ['operator.yaml', 'ssm:///prometheus/targets/'],
    ['minimum.yaml', 's3://my-bucket/targets/'],
  ] as const)
    it(`of ${template} allows exactly what the controller calls with documents in ${uri}`, async () => {
      const command = await commandOf(template, uri, join(directory(), 'bundle'));
      const [namespace] = sandbox().cloudMap.idsOf('ecs-services');
      const statements = JSON.stringify(await statementsOf(template, uri));
      const Statement: unknown = JSON.parse(statements.replace(/(?<=:namespace\/)[^"]+/, String(namespace)));
      const { unused } = sandbox().iam.limit(CONTROLLER, { Statement });
      await publish(uri, (text) =>
        text.replace(
          'endpoints:',
          'deletionPolicy: Delete\n  endpoints:\n    - { name: jvm, portNumber: 3000, path: /jvm }',
        ),
      );
      const ready = (name: string) => `"scrapeTarget":"${name}","type":"Ready","status":"True"`;
      await runUntil(command, ready('webapp'), ready('node-exporter'));
      await publish(uri, (text) =>
        text
          .replace(/\n.*name: jvm.*/, '')
          .replace('ttl: 10', 'ttl: 20')
          .replace('path: /metrics', 'path: /m'),
      );
      await runUntil(command, '"change":"updateRegistry"');
      await publish(uri, undefined);
      await runUntil(command, '"change":"deleteRegistry"');
      const refused = sandbox().recorder.calls({ caller: CONTROLLER, done: false });
      assert.deepEqual(
        refused.filter(({ outcome }) => outcome.startsWith('AccessDenied')),
        [],
      );
      const inVain = unused().map((grant) => grant.split(' ')[1] ?? '');
      assert.deepEqual(
        inVain.filter((action) => !NOT_OURS.test(action) && !SELDOM.includes(action)),
        [],
      );
    });

  for (const uri of ['s3://my-bucket/targets/', 'ssm:///prometheus/targets/'] as const)
    it(`of operator.yaml allows what scrapectl iam prints for documents in ${uri}`, async () => {
      const command = await commandOf('operator.yaml', uri, '/bundle');
      const state = command.indexOf('--state');
      const where = '--cluster ecs-prometheus-cluster --account 123456789012 --region us-east-1';
      const what = `--source ${uri} --base-config ssm:///prometheus/base-config`;
      const words = `iam --mode run ${what} ${where} -o json`.split(' ');
      const { stdout } = await scrapectl([...words, ...(state < 0 ? [] : command.slice(state, state + 2))]);
      const printed = grantsOf(list(fields(JSON.parse(stdout))['Statement']));
      const allowed = grantsOf(await statementsOf('operator.yaml', uri));
      const differing = (these: readonly string[], those: readonly string[]) =>
        these.filter((grant) => !those.includes(grant) && !BETTER_KNOWN.test(grant));
      assert.deepEqual(differing(printed, allowed), []);
      assert.deepEqual(differing(allowed, printed), []);
    });

  it('is told whole in docs/install.md, and nothing else', async () => {
    const page = await readFile('docs/install.md', 'utf8');
    const section = page.slice(page.indexOf('**The task**'), page.indexOf('**ECS, to start the task**'));
    const table = section.split('\n').filter((line) => line.startsWith('|'));
    const told = [...table.join().matchAll(/`([a-z0-9]+:[A-Z]\w+)`/g)].map(([, action = '']) => action);
    const roles = [
      ...(await statementsOf('operator.yaml', 's3://my-bucket/targets/')),
      ...(await statementsOf('operator.yaml', 'ssm:///targets/', { EfsFileSystemId: 'fs-1' })),
    ];
    const allowed = roles.flatMap((statement) => [fields(statement)['Action']].flat().map(String));
    assert.deepEqual([...new Set(told)].toSorted(), [...new Set(allowed)].toSorted());
  });
});
