import type { OperatorError } from '../errors.ts';

/**
 * What one read returned. A complete read is believed, also when it says "nothing there" (`undefined`);
 * a failed read says nothing about the world and must change nothing.
 */
export type Read<T> =
  | { readonly kind: 'complete'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: OperatorError };

/** What AWS holds of the things that documents name. Only what was asked for is in the maps. */
export interface ObservedState {
  /** By namespace name. */
  readonly namespaces: ReadonlyMap<string, Read<ObservedNamespace | undefined>>;
  /** By {@link serviceKey}. */
  readonly services: ReadonlyMap<string, Read<ObservedService | undefined>>;
  /** By task definition ARN. */
  readonly taskDefinitions: ReadonlyMap<string, Read<ObservedTaskDefinition>>;
  /** By {@link serviceKey}: the tasks that ECS wants to run for that service. */
  readonly tasks: ReadonlyMap<string, Read<ObservedTasks>>;
}

export interface ObservedNamespace {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: 'DNS_PRIVATE' | 'DNS_PUBLIC' | 'HTTP';
  /** Owned by another account and shared through AWS RAM: no tags, and ECS cannot register there. */
  readonly shared: boolean;
  /** All Cloud Map services of the namespace, by name. */
  readonly registries: ReadonlyMap<string, ObservedRegistry>;
  /** Some of them came without name or id: a name that is not in the map may exist all the same. */
  readonly unread?: OperatorError;
}

export interface ObservedRegistry {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly dnsRecords: readonly { readonly type: string; readonly ttl: number }[];
  /** Absent for API-only services. */
  readonly routingPolicy: string | undefined;
  /** As the list of registries tells it; it lags behind. */
  readonly instanceCount?: number;
  /** Read for registries that a document names. */
  readonly tags: Read<Readonly<Record<string, string>>> | undefined;
}

export interface ServiceRegistryBinding {
  readonly registryArn: string;
  readonly containerName?: string;
  readonly containerPort?: number;
  readonly port?: number;
}

export interface ObservedDeployment {
  readonly id: string;
  readonly status: string;
  /** Absent where ECS does not report it (other deployment controllers, Classic Load Balancers). */
  readonly rolloutState: string | undefined;
  readonly rolloutStateReason: string | undefined;
  readonly taskDefinitionArn: string | undefined;
  readonly desiredCount: number;
  readonly runningCount: number;
}

export interface ObservedService {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly clusterName: string;
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly launchType: string | undefined;
  readonly schedulingStrategy: string | undefined;
  /** ECS, CODE_DEPLOY or EXTERNAL. */
  readonly deploymentController: string;
  /** ROLLING, BLUE_GREEN, LINEAR or CANARY. */
  readonly deploymentStrategy: string;
  /** ECS means an Express service that AWS manages itself. */
  readonly resourceManagementType: string | undefined;
  readonly classicLoadBalancer: boolean;
  readonly taskDefinitionArn: string | undefined;
  readonly serviceRegistries: readonly ServiceRegistryBinding[];
  readonly deployments: readonly ObservedDeployment[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface ObservedTaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** awsvpc, bridge, host or none; `bridge` where ECS reports none. */
  readonly networkMode: string;
  readonly containers: readonly ObservedContainerDefinition[];
}

export interface ObservedContainerDefinition {
  readonly name: string;
  readonly portMappings: readonly ObservedPortMapping[];
}

export interface ObservedPortMapping {
  readonly name: string | undefined;
  /** Absent when the mapping is a range. */
  readonly containerPort: number | undefined;
  readonly hostPort: number | undefined;
  readonly containerPortRange: string | undefined;
  readonly protocol: string;
}

/** The tasks of one service, plus what could not be used and why. */
export interface ObservedTasks {
  readonly tasks: readonly ObservedTask[];
  readonly skipped: readonly SkippedTask[];
}

/** A task, or an instance, that gives no target, with a reason that a person understands. */
export interface SkippedTask {
  readonly taskId: string;
  readonly reason: string;
}

export interface ObservedTask {
  readonly arn: string;
  /** Last part of the ARN; also the Cloud Map instance id. */
  readonly id: string;
  readonly group: string | undefined;
  readonly lastStatus: string;
  readonly desiredStatus: string | undefined;
  readonly healthStatus: string | undefined;
  readonly launchType: string | undefined;
  readonly platformFamily: string | undefined;
  readonly platformVersion: string | undefined;
  readonly availabilityZone: string | undefined;
  readonly subnetId: string | undefined;
  readonly taskDefinitionArn: string | undefined;
  readonly containerInstanceArn: string | undefined;
  /** Private addresses of the task's own network interface (awsvpc). */
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  /** The task's Cloud Map instance, read where the task itself does not tell its host's address (bridge, host). */
  readonly instance: ObservedInstance | undefined;
  readonly networkBindings: readonly ObservedNetworkBinding[];
}

export interface ObservedInstance {
  readonly id: string;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  readonly port: number | undefined;
  readonly ec2InstanceId: string | undefined;
}

export interface ObservedNetworkBinding {
  readonly containerName: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: string;
}
