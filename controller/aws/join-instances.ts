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
  const fresh = ({ id }: ObservedTask) => reading.instances.fresh(instanceKey(registryArn, id));
  const due = tasks.some((task) => needsInstance(task) && fresh(task) === undefined);
  const { byId, whole } = due ? await readInstances(reading, registryArn, signal) : NOTHING_READ;
  // Whose the unnamed one is nobody knows, so all that were known are still there.
  const unlisted = whole
    ? fresh
    : ({ id }: ObservedTask) => reading.instances.known(instanceKey(registryArn, id));
  return tasks.map((task) => {
    const instance = needsInstance(task) ? (byId.get(task.id) ?? unlisted(task)) : undefined;
    return instance === undefined ? task : { ...task, instance };
  });
}

/** ECS registers a task while it is ACTIVATING. */
function needsInstance(task: ObservedTask): boolean {
  const registered = task.lastStatus === 'ACTIVATING' || task.lastStatus === 'RUNNING';
  return registered && task.ipv4 === undefined && task.ipv6 === undefined;
}

const instanceKey = (registryArn: string, taskId: string): string => `${registryArn} ${taskId}`;

interface ReadInstances {
  readonly byId: ReadonlyMap<string, ObservedInstance>;
  /** Whether each of them said its id. */
  readonly whole: boolean;
}

const NOTHING_READ: ReadInstances = { byId: new Map(), whole: true };

async function readInstances(
  { cloudMap, instances }: InstanceReading,
  registryArn: string,
  signal: AbortSignal,
): Promise<ReadInstances> {
  const where = `instances of registry ${registryArn}`;
  const read = await asRead(listInstances(cloudMap, registryArn, where, signal));
  if (read.kind === 'failed') {
    // A registry that was deleted has no instances; that is an answer, not a failure.
    if (awsErrorName(read.error) === 'ServiceNotFound') return NOTHING_READ;
    throw read.error;
  }
  const decoded = present(read.value.map(decodeInstance));
  const byId = new Map(
    decoded.map((instance) => [
      instance.id,
      instances.remember(instanceKey(registryArn, instance.id), instance),
    ]),
  );
  return { byId, whole: decoded.length === read.value.length };
}
