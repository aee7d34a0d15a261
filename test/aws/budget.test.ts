import assert from 'node:assert/strict';
import { createBudget } from '../../controller/aws/budget.ts';
import type { BudgetOptions } from '../../controller/aws/budget.ts';
import { instantClock } from '../support/fake-clock.ts';
import { never } from './support.ts';

const context = () => ({ where: 'cluster prod', signal: never() });

function awsError(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(`${name} message`), { name, $metadata: { httpStatusCode } });
}

/** Fails with each of `errors`, then answers. */
function failing(...errors: Error[]): { send: () => Promise<string>; sent: () => number } {
  let sent = 0;
  return {
    sent: () => sent,
    async send() {
      const error = errors[sent];
      sent += 1;
      if (error !== undefined) throw error;
      return 'answer';
    },
  };
}

describe('The API budget', () => {
  const start = (options: Partial<BudgetOptions> = {}) => {
    const clock = instantClock();
    return { clock, budget: createBudget({ clock, random: () => 1, ...options }) };
  };

  it('counts calls by API in a stable order', async () => {
    const { budget } = start();
    const ok = () => Promise.resolve('ok');
    await budget.call('servicediscovery:ListNamespaces', context(), ok);
    await budget.call('ecs:ListTasks', context(), ok);
    await budget.call('ecs:ListTasks', context(), ok);
    assert.deepEqual(Object.entries(budget.callsByApi()), [
      ['ecs:ListTasks', 2],
      ['servicediscovery:ListNamespaces', 1],
    ]);
  });

  it('keeps to half of the documented burst and rate by default', async () => {
    const { budget, clock } = start();
    const begin = clock.now();
    const call = () => budget.call('ecs:UpdateService', context(), () => Promise.resolve('ok'));
    await Promise.all(Array.from({ length: 30 }, call));
    assert.equal(clock.slept.filter((ms) => ms === 0).length, 25);
    assert.ok(clock.now() - begin >= 5 * 400, `${clock.now() - begin} ms`);
  });

  it('makes APIs of one group share a bucket, and leaves other groups alone', async () => {
    const { budget, clock } = start({ share: 0.02 });
    const ok = () => Promise.resolve('ok');
    await budget.call('ecs:ListTasks', context(), ok);
    await budget.call('ecs:DescribeTasks', context(), ok);
    await budget.call('ecs:DescribeServices', context(), ok);
    const waits = clock.slept.filter((ms) => ms > 0);
    assert.equal(waits.length, 0, 'a burst of two is left');
    await budget.call('ecs:ListTasks', context(), ok);
    assert.equal(clock.slept.filter((ms) => ms > 0).length, 1);
  });

  it('repeats a read that failed in passing', async () => {
    const { budget } = start();
    const { send, sent } = failing(awsError('ServerException', 500), awsError('InternalError', 503));
    assert.equal(await budget.call('ecs:ListTasks', context(), send), 'answer');
    assert.equal(sent(), 3);
  });

  it('gives up after four attempts, with an error that names call and resource', async () => {
    const { budget } = start();
    const { send, sent } = failing(...Array.from({ length: 9 }, () => awsError('ServerException', 500)));
    await assert.rejects(budget.call('ecs:ListTasks', context(), send), {
      family: 'transient',
      where: 'cluster prod',
      message: /^ECS ListTasks failed: ServerException/,
    });
    assert.equal(sent(), 4);
  });

  it('never repeats a write whose fate is unknown', async () => {
    const { budget } = start();
    const { send, sent } = failing(awsError('ServerException', 500));
    await assert.rejects(budget.call('ecs:UpdateService', context(), send));
    assert.equal(sent(), 1);
  });

  it('repeats a throttled call, a write too, and slows its group down', async () => {
    const { budget, clock } = start();
    const { send } = failing(awsError('ThrottlingException'), awsError('ThrottlingException'));
    assert.equal(await budget.call('ecs:UpdateService', context(), send), 'answer');
    assert.deepEqual(budget.throttlesByApi(), { 'ecs:UpdateService': 2 });
    assert.deepEqual(
      clock.slept.filter((ms) => ms >= 1000),
      [1000, 2000],
      'the backoff doubles',
    );
  });

  it('does not repeat what a person must mend', async () => {
    const { budget } = start();
    for (const name of ['AccessDeniedException', 'LimitExceededException', 'InvalidParameterException']) {
      const { send, sent } = failing(awsError(name));
      await assert.rejects(budget.call('ecs:ListTasks', context(), send), { family: 'terminal' });
      assert.equal(sent(), 1, name);
    }
  });

  it('sends again once the SDK has corrected its clock', async () => {
    const { budget } = start();
    const skewed = Object.assign(new Error('late'), {
      name: 'RequestTimeTooSkewed',
      $metadata: { httpStatusCode: 403, clockSkewCorrected: true },
    });
    const { send } = failing(skewed);
    assert.equal(await budget.call('ecs:UpdateService', context(), send), 'answer');
  });

  it('sends nothing any more once it is interrupted', async () => {
    const { budget } = start();
    const { send, sent } = failing();
    const signal = AbortSignal.abort();
    await assert.rejects(budget.call('ecs:ListTasks', { where: 'x', signal }, send), {
      reason: 'Interrupted',
      family: 'transient',
    });
    assert.equal(sent(), 0);
  });

  it('drops a read that is interrupted on its way, but waits for a write', async () => {
    const { budget } = start();
    const stop = new AbortController();
    const during = (options: { abortSignal?: AbortSignal }) => {
      stop.abort();
      return options.abortSignal?.aborted === true
        ? Promise.reject(new DOMException('aborted', 'AbortError'))
        : Promise.resolve('answer');
    };
    const context = () => ({ where: 'x', signal: stop.signal });
    assert.equal(await budget.call('ecs:UpdateService', context(), during), 'answer');
    await assert.rejects(budget.call('ecs:UpdateService', context(), during), { reason: 'Interrupted' });
    const reading = new AbortController();
    const read = budget.call('ecs:ListTasks', { where: 'x', signal: reading.signal }, async (options) => {
      reading.abort();
      options.abortSignal?.throwIfAborted();
    });
    await assert.rejects(read, { reason: 'Interrupted', message: 'ECS ListTasks was interrupted.' });
  });

  it('stops between two attempts when it is interrupted', async () => {
    const { budget } = start();
    const stop = new AbortController();
    let sent = 0;
    const send = async () => {
      sent += 1;
      stop.abort();
      throw awsError('ServerException', 500);
    };
    await assert.rejects(budget.call('ecs:ListTasks', { where: 'x', signal: stop.signal }, send), {
      reason: 'Interrupted',
    });
    assert.equal(sent, 1);
  });
});
