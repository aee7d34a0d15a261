import type { ObservedInstance, ObservedService, ObservedTask } from '../state/observed.ts';
import type { CloudMapReadApi } from './api-cloudmap.ts';
import { decodeInstance } from './decode-cloudmap.ts';
import { awsErrorName } from './errors.ts';
import type { InstanceCache } from './instance-cache.ts';
import { listInstances } from './list-instances.ts';
import { asRead } from './read.ts';
import { present } from './values.ts';

export interface InstanceReading {
  readonly cloudMap: Pick<CloudMapReadApi, 'listInstances'>;
  /** By registry ARN and task id. */
  readonly instances: InstanceCache;
}

/**
 * A task in bridge or host mode does not know its host's address, but ECS writes it to the task's Cloud
 * Map instance, whose id is the task's id. The registry is read only when some task's instance is not
 * known yet. Throws when that read fails: without it nothing is known of those tasks.
 */
export async function joinInstances(
  reading: InstanceReading,
  service: ObservedService,
  tasks: readonly ObservedTask[],
  signal: AbortSignal,
): Promise<readonly ObservedTask[]> {
  const registryArn = service.serviceRegistries[0]?.registryArn;
  if (registryArn === undefined || !tasks.some(needsInstance)) return tasks;
  const keyOf = ({ id }: { readonly id: string }): string => `${registryArn} ${id}`;
  const due = tasks.some((task) => needsInstance(task) && reading.instances.fresh(keyOf(task)) === undefined);
  const byId = due ? await readInstances(reading, registryArn, keyOf, signal) : NOTHING_READ;
  return tasks.map((task) => {
    // A task that runs is where it was, whatever became of its instance in the registry.
    const instance = needsInstance(task)
      ? (byId.get(task.id) ?? reading.instances.known(keyOf(task)))
      : undefined;
    return instance === undefined ? task : { ...task, instance };
  });
}

/** ECS registers a task while it is ACTIVATING. */
function needsInstance(task: ObservedTask): boolean {
  const registered = task.lastStatus === 'ACTIVATING' || task.lastStatus === 'RUNNING';
  return registered && task.ipv4 === undefined && task.ipv6 === undefined;
}

type InstancesById = ReadonlyMap<string, ObservedInstance>;

const NOTHING_READ: InstancesById = new Map();

async function readInstances(
  { cloudMap, instances }: InstanceReading,
  registryArn: string,
  keyOf: (instance: { readonly id: string }) => string,
  signal: AbortSignal,
): Promise<InstancesById> {
  const where = `instances of registry ${registryArn}`;
  const read = await asRead(listInstances(cloudMap, registryArn, where, signal));
  if (read.kind === 'failed') {
    // A registry that was deleted has no instances; that is an answer, not a failure.
    if (awsErrorName(read.error) === 'ServiceNotFound') return NOTHING_READ;
    throw read.error;
  }
  const decoded = present(read.value.map(decodeInstance));
  return new Map(
    decoded.map((instance) => [instance.id, instances.remember(keyOf(instance), instance)] as const),
  );
}
