import assert from 'node:assert/strict';
import { never, startAws } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

describe('The AWS identity', () => {
  let world: AwsAtSandbox;
  beforeEach(async () => {
    world = await startAws();
  });
  afterEach(() => world.close());

  it('is asked for once', async () => {
    const identity = { account: '123456789012', region: 'us-east-1' };
    assert.deepEqual(await world.aws.identity(never()), identity);
    assert.deepEqual(await world.aws.identity(never()), identity);
    assert.equal(world.box.sandbox.recorder.total(), 1);
  });

  it('is unknown, and no error, where the endpoint refuses STS', async () => {
    world.box.sandbox.faults.add({
      service: 'sts',
      effect: { kind: 'error', code: 'AccessDenied', status: 403 },
    });
    assert.equal(await world.aws.identity(never()), undefined);
  });
});
