import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { scrapectl } from '../support/scrapectl.ts';

const SCOPE = ['--account', '123456789012', '--region', 'eu-west-1', '--cluster', 'prod', '--owner', 'shop'];
const SOURCE = ['--source', 's3://my-bucket/targets/'];

async function policy(
  ...args: readonly string[]
): Promise<{ statements: Record<string, unknown>[]; text: string }> {
  const { code, stdout, stderr } = await scrapectl(['iam', ...args]);
  assert.equal(code, 0, stderr);
  const parsed: unknown = JSON.parse(stdout);
  const statements: unknown = Reflect.get(Object(parsed), 'Statement');
  assert.ok(Array.isArray(statements));
  return { statements, text: stdout };
}

const actionsOf = (statements: readonly Record<string, unknown>[]): string[] =>
  statements.flatMap(({ Action }) => [Action].flat().map(String));

const WRITE = /:(?:Create|Update|Delete|Put|Tag|Untag)/;

describe('scrapectl iam', () => {
  it('lets plan read and nothing else', async () => {
    const { statements } = await policy('--mode', 'plan', ...SCOPE, ...SOURCE);
    assert.deepEqual(
      actionsOf(statements).filter((action) => WRITE.test(action)),
      [],
    );
  });

  it('lets nothing be deleted by a policy that deletes nothing', async () => {
    const { statements } = await policy('--mode', 'run', ...SCOPE, ...SOURCE, '--policy', 'upsert-only');
    assert.ok(!actionsOf(statements).includes('servicediscovery:DeleteService'));
  });

  it('limits every statement to what was named, or says why it cannot', async () => {
    const { stdout, stderr } = await scrapectl(['iam', '--mode', 'run', ...SCOPE, ...SOURCE]);
    for (const { Sid, Resource, Condition } of JSON.parse(stdout).Statement) {
      const narrow = Resource !== '*' || Condition !== undefined;
      assert.ok(narrow || stderr.includes(`${Sid}: `), `${Sid} is wide and nobody says why`);
    }
    assert.ok(!stdout.includes(':*:'), 'account and region are known');
  });

  it('writes only registries of this owner, and its own tags', async () => {
    const { statements } = await policy('--mode', 'apply', ...SCOPE, ...SOURCE);
    for (const sid of ['UpdateRegistries', 'DeleteRegistries'])
      assert.deepEqual(statements.find(({ Sid }) => Sid === sid)?.['Condition'], {
        StringEquals: { 'aws:ResourceTag/ecs-prometheus-operator/owner': 'shop' },
      });
  });

  it('asks for what is switched on, and for nothing that is switched off', async () => {
    const off = await policy('--mode', 'run', ...SCOPE, '--source', 'targets/', '--state', 'off');
    assert.ok(!/"(?:s3|ssm|logs):/.test(off.text));
    const on = await policy(
      '--mode=run',
      ...SCOPE,
      ...SOURCE,
      '--base-config=ssm://PromConfig',
      '--event-log-group=/ops/scrapectl',
      '--lease=s3://state/prod/',
    );
    for (const part of [
      'arn:aws:s3:::my-bucket/targets/*',
      'arn:aws:s3:::my-bucket/targets/.scrapectl/*',
      'arn:aws:ssm:eu-west-1:123456789012:parameter/PromConfig',
      'arn:aws:logs:eu-west-1:123456789012:log-group:/ops/scrapectl:*',
      'arn:aws:s3:::state/prod/*/lease',
    ])
      assert.ok(on.text.includes(`"${part}"`), part);
  });

  it('is the same policy as YAML, with the reasons as comments', async () => {
    const { stdout } = await scrapectl(['iam', '--mode', 'run', ...SCOPE, ...SOURCE, '-o', 'yaml']);
    const { statements } = await policy('--mode', 'run', ...SCOPE, ...SOURCE);
    assert.deepEqual(load(stdout), { Version: '2012-10-17', Statement: statements });
    assert.match(stdout, /# IAM cannot limit it to some task definitions\.\n {2}- Sid: ReadTaskDefinitions/);
  });

  it('knows the partitions of AWS', async () => {
    const { text } = await policy('--mode', 'plan', '--region', 'cn-north-1', ...SOURCE);
    assert.match(text, /arn:aws-cn:ecs:cn-north-1:/);
  });

  it('wants to know the verb', async () => {
    const { code, stderr } = await scrapectl(['iam']);
    assert.equal(code, 1);
    assert.match(stderr, /--mode is missing: say plan, apply, run, get, publish or import/);
  });
});
