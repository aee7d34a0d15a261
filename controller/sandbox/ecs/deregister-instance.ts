import { requestSettle, taskEvents } from './scheduler.ts';
import { stopTask } from './tasks.ts';
import { ecsInput, invalidParameter, lastSegment, requireCluster } from './world.ts';
import type { Cluster, ContainerInstance, Task } from './model.ts';
import type { Members } from '../members.ts';
import type { EcsWorld } from './world.ts';

const tasksOn = (cluster: Cluster, instance: ContainerInstance): Task[] =>
  [...cluster.tasks.values()].filter(
    (task) => task.containerInstance === instance && task.lastStatus !== 'STOPPED',
  );

/**
 * Takes an instance out of its cluster. With `force` its tasks go too, which is what becomes of them when the machine
 * under them is terminated; ECS starts others elsewhere.
 */
function deregister(world: EcsWorld, input: Members): ContainerInstance {
  const cluster = requireCluster(world, input.text('cluster'));
  const instance = cluster.containerInstances.get(lastSegment(input.requiredText('containerInstance')));
  if (instance === undefined) throw invalidParameter('The referenced container instance was not found.');
  const tasks = tasksOn(cluster, instance);
  if (tasks.length > 0 && !input.flag('force'))
    throw invalidParameter('Found running tasks on the instance.');
  cluster.containerInstances.delete(instance.id);
  const reason = `Host EC2 (instance ${instance.ec2InstanceId}) terminated.`;
  for (const task of tasks) {
    stopTask(world, task, { code: 'TerminationNotice', reason }, taskEvents(world));
  }
  for (const service of cluster.services.values()) requestSettle(world, service);
  return instance;
}

export const instanceOperations = (world: EcsWorld) => ({
  DeregisterContainerInstance(raw: Record<string, unknown>) {
    const { arn, ec2InstanceId } = deregister(world, ecsInput(raw));
    return { containerInstance: { containerInstanceArn: arn, ec2InstanceId, status: 'INACTIVE' } };
  },
});
