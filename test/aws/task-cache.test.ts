import assert from 'node:assert/strict';
import { decodeTask } from '../../controller/aws/decode-task.ts';
import { createTaskCache } from '../../controller/aws/task-cache.ts';
import type { ObservedTask } from '../../controller/state/observed.ts';
import { instantClock } from '../support/fake-clock.ts';
import { never } from './support.ts';

function taskOf(id: string, health = 'HEALTHY'): ObservedTask {
  const details = [{ name: 'privateIPv4Address', value: '10.0.0.1' }];
  const decoded = decodeTask({
    taskArn: `arn:aws:ecs:eu-central-1:123456789012:task/shop/${id}`,
    lastStatus: 'RUNNING',
    group: 'service:web',
    healthStatus: health,
    attachments: [{ type: 'ElasticNetworkInterface', details }],
  });
  assert.equal(decoded.kind, 'task');
  return decoded.task;
}

describe('The cache of tasks', () => {
  it('hands out a task as it was known when an answer tells nothing new of it', () => {
    const cache = createTaskCache(instantClock());
    const first = cache.remember(taskOf('a'));
    assert.equal(cache.remember(taskOf('a')), first);
    assert.equal(cache.get(first.arn), first);
    assert.equal(cache.remember(taskOf('a', 'UNHEALTHY')).healthStatus, 'UNHEALTHY');
    assert.equal(cache.get(first.arn)?.healthStatus, 'UNHEALTHY');
  });

  it('has settled tasks described again a tenth at a time, the longest due first, and all that wait too long', async () => {
    const clock = instantClock();
    const cache = createTaskCache(clock);
    const tasks = Array.from({ length: 2000 }, (_, index) => taskOf(`task-${index}`));
    const arns = tasks.map(({ arn }) => arn);
    assert.equal(cache.due(arns).length, 2000);
    for (const task of tasks) cache.remember(task);
    assert.equal(cache.due(arns).length, 0);
    const counts: number[] = [];
    for (let pass = 0; pass < 24; pass += 1) {
      await clock.sleep(30_000, never());
      const due = new Set(cache.due(arns));
      counts.push(due.size);
      for (const task of tasks) if (due.has(task.arn)) cache.remember(task);
    }
    assert.ok(Math.max(...counts) <= 200, counts.join());
    assert.ok(counts.reduce((sum, each) => sum + each) >= 2000, counts.join());
    await clock.sleep(700_000, never());
    assert.ok(cache.due(arns).length > 1000);
  });

  it('has a task that has not settled described every time', () => {
    const cache = createTaskCache(instantClock());
    const pending = cache.remember({ ...taskOf('a'), lastStatus: 'PENDING' });
    assert.deepEqual(cache.due([pending.arn]), [pending.arn]);
  });
});
