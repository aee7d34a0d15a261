import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { StatusStore } from '../../controller/reconcile/ports.ts';
import { readStatus } from '../../controller/status/read-status.ts';
import { writeStatus } from '../../controller/status/stored-status.ts';
import type { StoredTarget } from '../../controller/status/stored-status.ts';
import { storedStatus, storedTarget, STORED_AT } from '../support/stored-status.ts';
import { never, startAws } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const statusOf = (count: number): string =>
  writeStatus(
    storedStatus(Array.from({ length: count }, (_, i) => storedTarget({ name: `app-${i}` }))),
    STORED_AT,
  );

/** Text that cannot be compressed below half of its size. */
const noise = (length: number, seed = ''): string =>
  Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
    createHash('sha256').update(`${seed}${i}`).digest('hex'),
  ).join('');

/** ScrapeTargets with ten tasks each, whose ids and addresses differ as they do in AWS. */
function realisticStatus(count: number): string {
  const target = (i: number): StoredTarget => {
    const name = `team-${i % 17}-service-${i}`;
    const id = (what: string, length: number): string => noise(64, `${name} ${what}`).slice(0, length);
    const scraped = Array.from({ length: 10 }, (_, n) => ({
      endpoint: 'metrics',
      address: `10.${i % 200}.${(i * 7 + n) % 256}.${(n * 31 + i) % 256}:3000`,
      taskId: id(`task ${n}`, 32),
    }));
    return storedTarget({
      name,
      specHash: id('spec', 64),
      service: {
        cluster: 'prod',
        name,
        arn: `arn:aws:ecs:eu-west-1:123456789012:service/prod/${name}`,
        bound: true,
      },
      registry: {
        namespace: 'apps',
        name,
        arn: `arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-${id('registry', 16)}`,
      },
      targets: { count: 10, held: false, scraped, skipped: [] },
    });
  };
  return writeStatus(storedStatus(Array.from({ length: count }, (_, i) => target(i))), STORED_AT);
}

for (const [what, uri, elsewhere] of [
  ['S3', 's3://docs/targets/.scrapectl/', 's3://docs/targets/'],
  ['the Parameter Store', 'ssm:///prom/targets.scrapectl/', 'ssm:///prom/targets/'],
] as const)
  describe(`A status in ${what}`, () => {
    let world: AwsAtSandbox;
    let store: StatusStore;
    const at = (owner: string): StatusStore => world.aws.status(uri, owner);
    beforeEach(async () => {
      world = await startAws();
      world.box.sandbox.s3.createBucket('docs');
      store = at('prod');
    });
    afterEach(() => world.close());

    const remove = (from: string) =>
      from === 'S3'
        ? world.box.s3.send(
            new DeleteObjectCommand({ Bucket: 'docs', Key: 'targets/.scrapectl/prod/status' }),
          )
        : world.box.ssm.send(new DeleteParameterCommand({ Name: '/prom/targets.scrapectl/prod/status' }));
    const refuse = (operation: string, code: string): void =>
      void world.box.sandbox.faults.add({ operation, effect: { kind: 'error', code } });

    it('is not there before it is stored, and is what was stored then', async () => {
      assert.equal(await store.load(never()), undefined);
      await store.save(statusOf(1), never());
      await store.save(statusOf(2), never());
      assert.equal(await store.load(never()), statusOf(2));
      assert.equal(store.uri, `${uri}prod/status`);
    });

    it('is stored again and again by the process that knows it', async () => {
      for (const count of [1, 2, 3]) await store.save(statusOf(count), never());
      const next = at('prod');
      assert.equal(await next.load(never()), statusOf(3));
      await next.save(statusOf(4), never());
      assert.equal(await next.load(never()), statusOf(4));
    });

    it('does not replace what somebody else has stored meanwhile, until that is known', async () => {
      const other = at('prod');
      assert.equal(await store.load(never()), undefined);
      await other.save('first\n', never());
      await assert.rejects(store.save('blind\n', never()), { reason: 'StatusConflict', where: store.uri });
      assert.equal(await store.load(never()), 'first\n');
      await other.save('second\n', never());
      await assert.rejects(store.save('blind\n', never()), { reason: 'StatusConflict' });
      assert.equal(await store.load(never()), 'second\n');
      await store.save('third\n', never());
      assert.equal(await at('prod').load(never()), 'third\n');
    });

    it('that somebody deleted meanwhile is a conflict, too', async () => {
      await store.save('one\n', never());
      world.box.sandbox.s3.createBucket('docs');
      await remove(what);
      await assert.rejects(store.save('two\n', never()), { reason: 'StatusConflict' });
      assert.equal(await store.load(never()), undefined);
      await store.save('two\n', never());
    });

    it('is of one owner alone, also where the name of another begins with it', async () => {
      await store.save('prod\n', never());
      await at('prod-eu').save('prod-eu\n', never());
      await at('a b/c').save('odd\n', never());
      assert.equal(await store.load(never()), 'prod\n');
      assert.equal(await at('prod-eu').load(never()), 'prod-eu\n');
      assert.deepEqual(await store.owners(never()), ['a b/c', 'prod', 'prod-eu']);
    });

    it('is no document to the source beside it', async () => {
      await store.save(statusOf(1), never());
      const snapshot = await world.aws.source(elsewhere).read(never());
      assert.deepEqual([snapshot.kind, snapshot.files], ['complete', []]);
    });

    it('may hold braces that SSM would take for a reference', async () => {
      await store.save('{{x}}\n', never());
      assert.equal(await store.load(never()), '{{x}}\n');
    });

    it('is not taken for missing when it may not be read', async () => {
      refuse(what === 'S3' ? 'GetObject' : 'GetParameter', 'AccessDeniedException');
      await assert.rejects(store.load(never()), { reason: 'AccessDenied', where: store.uri });
    });

    it('says which permission is missing when it may not be written', async () => {
      const operation = what === 'S3' ? 'PutObject' : 'PutParameter';
      refuse(operation, 'AccessDeniedException');
      await assert.rejects(store.save(statusOf(1), never()), (thrown: Error & { remedy?: string }) => {
        assert.match(thrown.remedy ?? '', new RegExp(operation));
        return true;
      });
    });
  });

describe('A status in S3 and in the Parameter Store', () => {
  let world: AwsAtSandbox;
  beforeEach(async () => {
    world = await startAws();
    world.box.sandbox.s3.createBucket('docs');
  });
  afterEach(() => world.close());

  it('has room for a thousand ScrapeTargets in S3', async () => {
    const store = world.aws.status('s3://docs', 'prod');
    await store.save(statusOf(1000), never());
    assert.equal(readStatus((await store.load(never())) ?? '', 'x').scrapeTargets.length, 1000);
    assert.equal(store.uri, 's3://docs/prod/status');
  });

  it('says that S3 hides a missing object from those who may not list', async () => {
    world.box.sandbox.faults.add({ operation: 'GetObject', effect: { kind: 'error', code: 'AccessDenied' } });
    await assert.rejects(world.aws.status('s3://docs/x/', 'prod').load(never()), {
      remedy: /Allow the action s3:GetObject.* Allow s3:ListBucket as well/,
    });
  });

  it('is refused by the Parameter Store before a call when it is too large, with the way out', async () => {
    const store = world.aws.status('ssm:///prom/', 'prod');
    await assert.rejects(store.save(noise(600_000), never()), {
      reason: 'StatusTooLarge',
      remedy: /--state s3:\/\//,
    });
    assert.deepEqual(world.box.sandbox.recorder.calls({ operation: 'PutParameter' }), []);
  });

  it('that somebody else wrote into the parameter is handed on as it is', async () => {
    await world.box.ssm.send(
      new PutParameterCommand({ Name: '/prom/prod/status', Value: 'hello', Type: 'String' }),
    );
    assert.equal(await world.aws.status('ssm:///prom/', 'prod').load(never()), 'hello');
  });

  it('has room for four hundred ScrapeTargets with ten tasks each in the Parameter Store', async () => {
    const store = world.aws.status('ssm:///prom/', 'prod');
    const text = realisticStatus(400);
    await store.save(text, never());
    assert.equal(await world.aws.status('ssm:///prom/', 'prod').load(never()), text);
    assert.deepEqual(await store.owners(never()), ['prod']);
  });

  it('in several parameters is the old one while a new one is written, and after a write that was cut off', async () => {
    const store = world.aws.status('ssm:///prom/', 'prod');
    await store.save(noise(50_000, 'old'), never());
    const { faults } = world.box.sandbox;
    faults.add({
      operation: 'PutParameter',
      resource: '/prom/prod/status.3',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    await assert.rejects(store.save(noise(50_000, 'new'), never()), { reason: 'AccessDenied' });
    assert.equal(await store.load(never()), noise(50_000, 'old'));
    faults.clear();
    await store.save(noise(50_000, 'new'), never());
    assert.equal(await store.load(never()), noise(50_000, 'new'));
    await store.save('small\n', never());
    assert.equal(await store.load(never()), 'small\n');
  });

  it('of which a parameter was taken away is told to be incomplete, and is replaced', async () => {
    const store = world.aws.status('ssm:///prom/', 'prod');
    await store.save(noise(50_000), never());
    await world.box.ssm.send(new DeleteParameterCommand({ Name: '/prom/prod/status.2' }));
    await assert.rejects(store.load(never()), { reason: 'IncompleteAnswer', where: store.uri });
    await store.save(noise(50_000, 'x'), never());
    assert.equal(await store.load(never()), noise(50_000, 'x'));
  });
});
