import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../support/sandbox.ts';
import { EXAMPLES, scrapectl, start, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { containersOf, deployed, fields, list } from './template.ts';

/** Operations whose permission has another name, or that need none. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  's3.ListObjectsV2': ['s3:ListBucket'],
  'sts.GetCallerIdentity': [],
};

/** Asked where one list of a cluster may replace the lists of several services. */
const ONLY_WITH_MORE = ['ecs:DescribeClusters'];

/** What Prometheus and ECS do with the same role. */
const NOT_OURS = /^(aps|elasticfilesystem):/;

async function allowedBy(template: string, SourceUri: string): Promise<ReadonlySet<string>> {
  const role = (await deployed(template, { SourceUri })).get('TaskRole');
  const actions = list(role?.['Policies'])
    .flatMap((policy) => list(fields(fields(policy)['PolicyDocument'])['Statement']))
    .flatMap((statement) => [fields(statement)['Action']].flat().map(String));
  return new Set(actions.filter((action) => !NOT_OURS.test(action)));
}

/** The command of the controller's container, with the bundle in a directory of ours and nobody to reload. */
async function commandOf(template: string, SourceUri: string, directory: string): Promise<readonly string[]> {
  const controller = containersOf((await deployed(template, { SourceUri })).get('TaskDefinition')).get(
    'controller',
  );
  const words = list(controller?.['Command']).map((word) => String(word).replace(/^\/bundle$/, directory));
  const url = words.indexOf('--prometheus-url');
  const state = list(controller?.['Environment'])
    .map(fields)
    .find(({ Name }) => Name === 'SCRAPECTL_STATE')?.['Value'];
  return [...words.toSpliced(url, 2), ...(typeof state === 'string' ? ['--state', state] : [])];
}

describe('the task role of the templates', function () {
  this.timeout(60_000);
  useAwsEnvironment({ REMOTE_WRITE_URL: 'http://127.0.0.1:1' });
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const documents = (): string => join(directory(), 'documents');

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

  async function publish(to: string, edit: (text: string) => string): Promise<void> {
    const webapp = join(documents(), 'webapp.yaml');
    await writeFile(webapp, edit(await readFile(webapp, 'utf8')));
    const outcome = await scrapectl(['publish', documents(), '--to', to, '--endpoint-url', sandbox().url]);
    assert.equal(outcome.code, 0, outcome.stderr);
  }

  /** Actions that the controller needed until it said something. */
  async function runUntil(
    command: readonly string[],
    ...said: readonly string[]
  ): Promise<readonly string[]> {
    sandbox().recorder.clear();
    const ours = ['--endpoint-url', sandbox().url, '--interval', '200ms', '--listen', 'off'];
    const env = { AWS_REGION: 'us-east-1', REMOTE_WRITE_URL: 'http://127.0.0.1:1' };
    const controller = start([...command, '--max-rollouts', '2', '--log-format', 'json', ...ours], { env });
    for (const text of said) await controller.stderr.shows(text);
    controller.stop.abort();
    assert.equal(await controller.code, 0);
    return Object.keys(sandbox().recorder.counts()).flatMap(
      (operation) => ACTIONS[operation] ?? [operation.replace('.', ':')],
    );
  }

  for (const [template, uri] of [
    ['operator.yaml', 's3://my-bucket/targets/'],
    ['operator.yaml', 'ssm:///prometheus/targets/'],
    ['minimum.yaml', 's3://my-bucket/targets/'],
  ] as const)
    it(`of ${template} allows exactly what the controller calls with documents in ${uri}`, async () => {
      const command = await commandOf(template, uri, join(directory(), 'bundle'));
      await publish(uri, (text) =>
        text.replace('endpoints:', 'endpoints:\n    - { name: jvm, portNumber: 3000, path: /jvm }'),
      );
      const ready = (name: string) => `"scrapeTarget":"${name}","type":"Ready","status":"True"`;
      const first = await runUntil(command, ready('webapp'), ready('node-exporter'));
      await publish(uri, (text) =>
        text
          .replace(/\n.*name: jvm.*/, '')
          .replace('ttl: 10', 'ttl: 20')
          .replace('path: /metrics', 'path: /m'),
      );
      const second = await runUntil(command, '"change":"updateRegistry"');
      const used = new Set([...first, ...second, ...ONLY_WITH_MORE]);
      assert.deepEqual([...used].toSorted(), [...(await allowedBy(template, uri))].toSorted());
    });
});
