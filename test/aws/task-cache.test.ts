import assert from 'node:assert/strict';
import { decodeTask } from '../../controller/aws/decode-task.ts';
import { createTaskCache } from '../../controller/aws/task-cache.ts';
import type { ObservedTask } from '../../controller/state/observed.ts';
import { instantClock } from '../support/fake-clock.ts';

function taskOf(id: string, health = 'HEALTHY'): ObservedTask {
  const details = [{ name: 'privateIPv4Address', value: '10.0.0.1' }];
  const decoded = decodeTask({
    taskArn: `arn:aws:ecs:eu-central-1:123456789012:task/shop/${id}`,
    lastStatus: 'RUNNING',
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
    assert.equal(cache.fresh(first.arn), first);
    assert.equal(cache.remember(taskOf('a', 'UNHEALTHY')).healthStatus, 'UNHEALTHY');
    assert.equal(cache.known(first.arn)?.healthStatus, 'UNHEALTHY');
  });
});
