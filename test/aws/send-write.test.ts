import assert from 'node:assert/strict';
import { sendWrite } from '../../controller/aws/send-write.ts';
import { terminal, transient } from '../../controller/errors.ts';

const reset = transient({
  reason: 'NetworkError',
  message: 'The connection broke.',
  where: 'service prod/web',
});
const denied = terminal({ reason: 'AccessDenied', message: 'Reading is not allowed.' });

const fails = (error: Error) => async (): Promise<never> => {
  throw error;
};

describe('A write without an answer', () => {
  it('is done when its effect is there', async () => {
    assert.equal(await sendWrite(fails(reset), async () => 'bound'), 'bound');
  });

  it('has failed as it did when its effect is not there', async () => {
    await assert.rejects(
      sendWrite(fails(reset), async () => undefined),
      reset,
    );
  });

  it('may still have had its effect when that cannot be read, whoever forbids it', async () => {
    await assert.rejects(sendWrite(fails(reset), fails(denied)), {
      family: 'transient',
      reason: 'NetworkError',
      where: 'service prod/web',
      message: 'The connection broke. Whether it had its effect cannot be read: Reading is not allowed.',
    });
  });

  it('is not looked for when it was refused', async () => {
    await assert.rejects(
      sendWrite(fails(denied), async () => assert.fail('looked')),
      denied,
    );
  });
});
