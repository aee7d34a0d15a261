import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { EXAMPLES, scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import type { FaultRule } from '../../controller/sandbox/faults.ts';

const NOWHERE = 'http://127.0.0.1:1';

describe('what scrapectl says when AWS cannot be used', () => {
  describe('because of the surroundings', () => {
    useAwsEnvironment({
      AWS_REGION: undefined,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    });

    it('names what to set when there is no region', async () => {
      for (const verb of ['plan', 'render']) {
        const { code, stdout, stderr } = await scrapectl([verb, '--source', EXAMPLES]);
        assert.equal(code, 1);
        assert.equal(stdout, '');
        assert.equal(
          stderr.split('\n').at(-2),
          `scrapectl ${verb}: No AWS region is set. Set --region, AWS_REGION, or \`region\` in the profile of ~/.aws/config.`,
        );
      }
    });

    it('names what to set when there are no credentials, once for everything', async () => {
      const { code, stdout, stderr } = await scrapectl([
        'plan',
        '--source',
        EXAMPLES,
        '--region',
        'eu-west-1',
        '--endpoint-url',
        NOWHERE,
      ]);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.equal(stderr.match(/Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/g)?.length, 1);
      assert.match(stderr, /^scrapectl plan: Nothing could be read from AWS\. /m);
    });
  });

  describe('because it does not answer', () => {
    useAwsEnvironment();
    const directory = useTemporaryDirectory();

    it('names the address, once for everything, and changes no file', async () => {
      const common = ['--source', EXAMPLES, '--endpoint-url', NOWHERE, '--config-dir', directory()];
      const outcomes = await Promise.all(
        ['plan', 'apply', 'render'].map((verb) => scrapectl([verb, ...common])),
      );
      for (const { code, stdout, stderr } of outcomes) {
        assert.equal(code, 1);
        assert.equal(stdout, '');
        assert.equal(stderr.match(/Check that something listens on http:\/\/127\.0\.0\.1:1\./g)?.length, 1);
      }
      assert.deepEqual(await readdir(directory()), []);
    }).timeout(30_000);
  });

  describe('because it refuses', () => {
    useAwsEnvironment();
    const sandbox = useSandbox();

    const planWith = async (...rules: readonly FaultRule[]) => {
      for (const rule of rules) sandbox().faults.add(rule);
      return scrapectl(['plan', '--source', EXAMPLES, '--endpoint-url', sandbox().url]);
    };
    const denied = (operation: string, count?: number): FaultRule => ({
      operation,
      ...(count === undefined ? {} : { count }),
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });

    it('names the permission that is missing, and plans the rest', async () => {
      const { code, stdout } = await planWith(denied('DescribeServices'));
      assert.equal(code, 1);
      assert.match(
        stdout,
        /Allow the action ecs:DescribeServices in the IAM policy of the caller: scrapectl iam prints/,
      );
      assert.match(stdout, /\+ registry ecs-services\/webapp-svc/);
    });

    it('ends with 1 although only what is needed for targets is missing, and says which and why', async () => {
      const { code, stdout, stderr } = await planWith(denied('ListTasks'));
      assert.equal(code, 1);
      assert.match(stdout, /Plan: 2 to create/);
      assert.match(
        stderr,
        /^error {2}ScrapeTarget webapp: its targets stay as they are: tasks of \S+WebAppService: .*Allow the action ecs:ListTasks/m,
      );
    });

    it('tells once that everything is denied', async () => {
      const { code, stderr } = await planWith(denied('DescribeServices'), denied('ListNamespaces'));
      assert.equal(code, 1);
      assert.equal(stderr.match(/Nothing could be read from AWS/g)?.length, 1);
      assert.match(stderr, /Allow the action/);
    });

    it('tells who throttles after it has tried more slowly', async () => {
      const { code, stdout } = await planWith({
        operation: 'DescribeTaskDefinition',
        effect: { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
      });
      assert.equal(code, 1);
      assert.match(stdout, /DescribeTaskDefinition/);
      assert.match(stdout, /Rate exceeded/);
    }).timeout(60_000);

    it('does not fail for a call that is throttled once', async () => {
      const { code, stdout } = await planWith({
        operation: 'DescribeServices',
        count: 1,
        effect: { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
      });
      assert.equal(code, 0);
      assert.match(stdout, /Plan: 2 to create, 2 to update/);
    });

    it('says that credentials have run out, and how they are renewed', async () => {
      const { code, stderr } = await planWith({
        effect: { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired' },
      });
      assert.equal(code, 1);
      assert.match(stderr, /Renew the AWS credentials/);
    });
  });
});
