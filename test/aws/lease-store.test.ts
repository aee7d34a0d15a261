import assert from 'node:assert/strict';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { isOperatorError } from '../../controller/errors.ts';
import type { LeaseRecord } from '../../controller/reconcile/ports.ts';
import { never, startAws } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const record = (overrides: Partial<LeaseRecord> = {}): LeaseRecord => ({
  holder: 'controller-1',
  epoch: 1,
  renewals: 0,
  ...overrides,
});

describe('A lease in S3', () => {
  let world: AwsAtSandbox;
  beforeEach(async () => {
    world = await startAws();
    world.box.sandbox.s3.createBucket('docs');
  });
  afterEach(() => world.close());

  const store = (owner = 'prod') => world.aws.lease('s3://docs/state/', owner);

  it('is not there before anybody took it', async () => {
    assert.equal(await store().read(never()), undefined);
  });

  it('goes to one of two who create it', async () => {
    const [first, second] = await Promise.all([
      store().write(record(), undefined, never()),
      store().write(record({ holder: 'controller-2' }), undefined, never()),
    ]);
    assert.equal([first, second].filter((version) => version !== undefined).length, 1);
  });

  it('is replaced only as it was read', async () => {
    const one = await store().write(record(), undefined, never());
    assert.ok(one);
    const two = await store().write(record({ renewals: 1 }), one, never());
    assert.ok(two !== undefined && two !== one);
    assert.equal(await store().write(record({ holder: 'controller-2', epoch: 2 }), one, never()), undefined);
    assert.deepEqual(await store().read(never()), { record: record({ renewals: 1 }), version: two });
  });

  it('cannot be renewed after somebody deleted it', async () => {
    assert.equal(await store().write(record({ renewals: 1 }), '"0123"', never()), undefined);
  });

  it('is another one for each owner, also where one name begins with the other', async () => {
    await store('prod').write(record(), undefined, never());
    assert.equal(await store('prod-eu').read(never()), undefined);
  });

  for (const text of [
    '',
    'no JSON',
    '{}',
    '[]',
    '{"holder":1,"epoch":"x"}',
    '{"holder":"a","epoch":-1,"renewals":0}',
  ])
    it(`is that of somebody unknown when the object holds ${JSON.stringify(text)}`, async () => {
      await world.box.s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'state/prod/lease', Body: text }));
      const found = await store().read(never());
      assert.deepEqual(found?.record, { holder: 'unknown', epoch: 0, renewals: 0 });
    });

  it('cannot be in the Parameter Store, which has no conditions', () => {
    assert.throws(
      () => world.aws.lease('ssm:///prom/', 'prod'),
      (thrown) => isOperatorError(thrown) && thrown.family === 'terminal' && /S3/.test(thrown.message),
    );
  });
});
