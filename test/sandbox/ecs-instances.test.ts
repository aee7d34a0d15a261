import assert from 'node:assert/strict';
import {
  DeregisterContainerInstanceCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
} from '@aws-sdk/client-ecs';
import { CLUSTER, startTestSandbox, tasksOf } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

describe('DeregisterContainerInstance', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  const instances = async () => {
    const { containerInstanceArns = [] } = await aws.ecs.send(
      new ListContainerInstancesCommand({ cluster: CLUSTER }),
    );
    return containerInstanceArns;
  };
  const deregister = (containerInstance: string | undefined, force?: boolean) =>
    aws.ecs.send(new DeregisterContainerInstanceCommand({ cluster: CLUSTER, containerInstance, force }));

  it('is refused while tasks run on the instance', async () => {
    const [task] = await tasksOf(aws, 'NodeExporterService');
    await assert.rejects(deregister(task?.containerInstanceArn), {
      name: 'InvalidParameterException',
      message: 'Found running tasks on the instance.',
    });
    assert.equal((await instances()).length, 2);
  });

  it('with force takes the tasks away too, and ECS starts others elsewhere', async () => {
    const before = await tasksOf(aws, 'NodeExporterService');
    const [task] = before;
    const { containerInstance } = await deregister(task?.containerInstanceArn, true);
    assert.deepEqual(
      [containerInstance?.containerInstanceArn, containerInstance?.status],
      [task?.containerInstanceArn, 'INACTIVE'],
    );
    assert.equal((await instances()).length, 1);
    aws.clock.advance(60_000);
    const { tasks: [gone] = [] } = await aws.ecs.send(
      new DescribeTasksCommand({ cluster: CLUSTER, tasks: [task?.taskArn ?? ''] }),
    );
    assert.equal(gone?.lastStatus, 'STOPPED');
    assert.match(gone?.stoppedReason ?? '', /^Host EC2 \(instance i-[0-9a-f]+\) terminated\.$/);
  });

  it('is refused for an instance that is not there', () =>
    assert.rejects(deregister('none'), { name: 'InvalidParameterException' }));
});
