import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createAws } from '../../controller/aws/create-aws.ts';
import { systemClock } from '../../controller/cli/clock.ts';
import type { Limit } from '../../controller/sandbox/iam/iam.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { Sandbox } from '../../controller/sandbox/server.ts';
import { accountOf, documentOf } from './accounts.ts';
import type { Member } from './accounts.ts';
import { clientConfig } from './sandbox.ts';
import { scrapectl, start } from './scrapectl.ts';
import { storedStatus, storedTarget } from './stored-status.ts';
import { useTemporaryDirectory } from './temporary-directory.ts';

export const CALLER = 'test';
const ROOT = { accessKeyId: 'root', secretAccessKey: 'root' };
export const BUCKET = 'docs';
export const S3 = `s3://${BUCKET}/targets/`;
export const SSM = 'ssm:///prometheus/targets/';
export const SOURCES = [S3, SSM];

/** Some in their own network, whose addresses ECS tells, and some on a host, which only Cloud Map tells. */
export const MEMBERS: readonly Member[] = [
  { name: 'cart', spec: 'deletionPolicy: Delete' },
  { name: 'checkout' },
  { name: 'search' },
  { name: 'agent', mode: 'bridge' },
  { name: 'node', mode: 'host' },
];

/** Of two tasks on two hosts, none can give way to its successor: what binds them is not tried. */
export const BINDABLE = MEMBERS.filter(({ mode }) => mode !== 'host');

const ALL_BOUND = accountOf(MEMBERS);

/** Tagged for scraping, and no service names it: who is registered there tells whose it is. */
const LEGACY = { namespace: 'apps', name: 'legacy', tags: { METRICS_PORT: '80' } };

export const BOUND: Scenario = { ...ALL_BOUND, registries: [...(ALL_BOUND.registries ?? []), LEGACY] };

/** What the policy is printed for: the account that the sandbox plays, and no more of it than is used. */
const PLACE = '--account 123456789012 --region us-east-1';
/** Ends at once what would take minutes. */
export const QUICK = '--poll-interval 10ms --max-rollouts 5 --yes --max-prune 100';

export const wordsOf = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

const s3Place = (uri: string): { Bucket: string; Key: string } => {
  const { host, pathname } = new URL(uri);
  return { Bucket: host, Key: pathname.slice(1) };
};

/** Somebody who may do everything, and prepares what the others find. */
function administrator(sandbox: Sandbox) {
  const config = { ...clientConfig(sandbox), credentials: ROOT };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const ssm = new SSMClient(config);
  const Name = (uri: string): string => uri.slice('ssm://'.length);
  return {
    async put(uri: string, text: string): Promise<void> {
      const { Bucket, Key } = s3Place(uri);
      if (uri.startsWith('s3:')) sandbox.s3.putObject(Bucket, Key, text);
      else
        await ssm.send(
          new PutParameterCommand({ Name: Name(uri), Value: text, Type: 'String', Overwrite: true }),
        );
    },
    async remove(uri: string): Promise<void> {
      if (uri.startsWith('s3:')) await s3.send(new DeleteObjectCommand(s3Place(uri)));
      else await ssm.send(new DeleteParameterCommand({ Name: Name(uri) }));
    },
    /** So large that the Parameter Store holds it in several parts. */
    async storeStatus(uri: string): Promise<void> {
      const aws = createAws({
        clock: systemClock,
        region: sandbox.region,
        endpointUrl: sandbox.url,
        credentials: ROOT,
      });
      const names = Array.from({ length: 200 }, (_, index) => `old-${(index * 2_654_435_761) % 99_991}`);
      const text = JSON.stringify(storedStatus(names.map((name) => storedTarget({ name, specHash: name }))));
      await aws.status(uri, 'prod').save(text, AbortSignal.timeout(20_000));
      aws.close();
    },
    close() {
      for (const client of [s3, ssm]) client.destroy();
    },
  };
}

interface Statement {
  readonly Action: readonly string[];
}

/** Calls that were refused, also those that nobody was told of. */
export const denials = (sandbox: Sandbox): readonly string[] =>
  sandbox.recorder
    .calls()
    .filter(({ outcome }) => outcome.startsWith('AccessDenied'))
    .map(({ service, operation }) => `${service}:${operation}`);

export function useLimits(sandbox: () => Sandbox) {
  const directory = useTemporaryDirectory();
  let admin: ReturnType<typeof administrator> | undefined;
  beforeEach(() => {
    admin = administrator(sandbox());
    sandbox().s3.createBucket(BUCKET);
  });
  afterEach(() => admin?.close());
  const required = () => admin ?? assert.fail('there is an administrator inside of tests only');
  const command = (verb: string, text: string): readonly string[] => [
    verb,
    ...wordsOf(text),
    '--endpoint-url',
    sandbox().url,
  ];
  const policyOf = async (
    mode: string,
    options: string,
  ): Promise<{ readonly Statement: readonly Statement[] }> => {
    const { code, stdout, stderr } = await scrapectl([
      'iam',
      '--mode',
      mode,
      ...wordsOf(`${PLACE} ${options}`),
    ]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  return {
    bundle: (): string => `--config-dir ${join(directory(), 'bundle')}`,
    documents: (): string => join(directory(), 'documents'),
    admin: required,
    async publish(source: string, members = MEMBERS): Promise<void> {
      for (const member of members) await required().put(`${source}${member.name}.yaml`, documentOf(member));
    },
    policyOf,
    limit: async (mode: string, options: string): Promise<Limit> =>
      sandbox().iam.limit(CALLER, await policyOf(mode, options)),
    begin: (verb: string, text: string) => start(command(verb, text)),
    async does(verb: string, text: string): Promise<string> {
      const { code, stdout, stderr } = await scrapectl(command(verb, text));
      assert.deepEqual([code, denials(sandbox())], [0, []], stdout + stderr);
      return stdout;
    },
    /** Nothing was refused, and nothing was allowed in vain but what is named. */
    fits(limit: Limit, ...inVain: readonly string[]): void {
      assert.deepEqual([denials(sandbox()), limit.unused()], [[], inVain]);
    },
  };
}
