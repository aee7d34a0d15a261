import { taskAddress } from './ecs/registration.ts';
import type { CloudMap } from './cloudmap/cloudmap.ts';
import type { Ecs } from './ecs/ecs.ts';
import type { Service, ServiceRegistry, Task } from './ecs/model.ts';
import type { Logs, TrueLogGroup } from './logs/logs.ts';
import type { Recorder, WriteCounts } from './recorder.ts';

/** What is really there at this moment, for those who check what a client made of it. */
export interface Truth {
  /** Services that were not deleted, by cluster and name. */
  readonly services: readonly TrueService[];
  /** By namespace and name. */
  readonly registries: readonly TrueRegistry[];
  /** By name. */
  readonly logGroups: readonly TrueLogGroup[];
  /** See `Recorder.writes`. */
  readonly writes: Readonly<Record<string, WriteCounts>>;
}

export interface TrueService {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string;
  readonly status: Service['status'];
  readonly desiredCount: number;
  /** ARN of what the service is configured to run. */
  readonly taskDefinition: string;
  /** What the service is configured to be bound to; a rollback changes it. */
  readonly bindings: readonly ServiceRegistry[];
  /** Deployments that were ever started, rollbacks to a kept deployment not counted. */
  readonly deployments: number;
  readonly rolloutState: string | undefined;
  /** Those that are RUNNING, by id. */
  readonly tasks: readonly TrueTask[];
}

export interface TrueTask {
  readonly id: string;
  readonly arn: string;
  readonly taskDefinition: string;
  /** Private address of the task's own interface, or of the instance it runs on. */
  readonly ip: string | undefined;
  readonly ports: readonly TruePort[];
}

export interface TruePort {
  readonly container: string;
  readonly name: string | undefined;
  readonly containerPort: number;
  /** The port at which the task's address is reached. */
  readonly port: number;
}

export interface TrueRegistry {
  readonly namespace: string;
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** TTL of its DNS records; undefined without any. */
  readonly ttl: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Attributes by instance id, which ECS makes the id of the task. */
  readonly instances: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function portsOf(task: Task): TruePort[] {
  return task.definition.containers.flatMap(({ name: container, portMappings }) =>
    portMappings.flatMap(({ containerPort, name }) => {
      if (containerPort === undefined) return [];
      const bound = task.bindings.find(
        (binding) => binding.containerName === container && binding.containerPort === containerPort,
      );
      const port = task.networkInterface === undefined ? bound?.hostPort : containerPort;
      return port === undefined ? [] : [{ container, name, containerPort, port }];
    }),
  );
}

const trueTask = (task: Task): TrueTask => ({
  id: task.id,
  arn: task.arn,
  taskDefinition: task.definition.arn,
  ip: taskAddress(task),
  ports: portsOf(task),
});

const trueService = (service: Service): TrueService => ({
  cluster: service.cluster.name,
  name: service.name,
  arn: service.arn,
  status: service.status,
  desiredCount: service.desiredCount,
  taskDefinition: service.taskDefinition.arn,
  bindings: service.serviceRegistries,
  deployments: service.deploymentsStarted,
  rolloutState: service.deployments.find(({ status }) => status === 'PRIMARY')?.rolloutState,
  tasks: [...service.tasks]
    .filter(({ lastStatus }) => lastStatus === 'RUNNING')
    .map(trueTask)
    .sort((a, b) => compare(a.id, b.id)),
});

function trueRegistries(cloudMap: CloudMap): TrueRegistry[] {
  return cloudMap.registries().map(({ namespace, service }) => ({
    namespace: namespace.name,
    name: service.name,
    id: service.id,
    arn: service.arn,
    description: service.description,
    ttl: service.dns?.records[0]?.ttl,
    tags: Object.fromEntries([...service.tags.current].sort(([a], [b]) => compare(a, b))),
    instances: Object.fromEntries(
      [...service.instances.current.values()]
        .sort((a, b) => compare(a.id, b.id))
        .map(({ id, attributes }) => [id, attributes]),
    ),
  }));
}

export function readTruth(
  { ecs, cloudMap, logs }: { readonly ecs: Ecs; readonly cloudMap: CloudMap; readonly logs: Logs },
  recorder: Recorder,
): Truth {
  return {
    services: ecs
      .services()
      .filter(({ status }) => status !== 'INACTIVE')
      .map(trueService)
      .sort((a, b) => compare(a.cluster, b.cluster) || compare(a.name, b.name)),
    registries: trueRegistries(cloudMap).sort(
      (a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name),
    ),
    logGroups: logs.groups(),
    writes: recorder.writes(),
  };
}
