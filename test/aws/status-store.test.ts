import assert from 'node:assert/strict';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { StatusStore } from '../../controller/reconcile/ports.ts';
import { readStatus } from '../../controller/status/read-status.ts';
import { writeStatus } from '../../controller/status/stored-status.ts';
import { storedStatus, storedTarget, STORED_AT } from '../support/stored-status.ts';
import { never, startAws } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const statusOf = (count: number): string =>
  writeStatus(
    storedStatus(Array.from({ length: count }, (_, i) => storedTarget({ name: `app-${i}` }))),
    STORED_AT,
  );

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

    const refuse = (operation: string, code: string): void =>
      void world.box.sandbox.faults.add({ operation, effect: { kind: 'error', code } });

    it('is not there before it is stored, and is what was stored then', async () => {
      assert.equal(await store.load(never()), undefined);
      await store.save(statusOf(1), never());
      await store.save(statusOf(2), never());
      assert.equal(await store.load(never()), statusOf(2));
      assert.equal(store.uri, `${uri}prod/status`);
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
    const text = Array.from({ length: 9000 }, (_, i) => i.toString(36)).join(' ');
    await assert.rejects(store.save(text, never()), {
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
});
