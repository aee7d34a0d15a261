export type NetworkMode = 'awsvpc' | 'bridge' | 'host' | 'none';
export type LaunchType = 'EC2' | 'FARGATE' | 'EXTERNAL';
export type Tags = Map<string, string>;

/** The life of a task, in order. */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface Cluster {
  /** Rises with every resource made: lists are paged in this order. */
  readonly order: string;
  readonly name: string;
  readonly arn: string;
  readonly tags: Tags;
  readonly services: Map<string, Service>;
  readonly containerInstances: Map<string, ContainerInstance>;
  /** By task id, stopped tasks included for as long as ECS shows them. */
  readonly tasks: Map<string, Task>;
}

export interface PortMapping {
  readonly name?: string;
  readonly appProtocol?: string;
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly containerPortRange?: string;
  readonly protocol: 'tcp' | 'udp';
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly portMappings: readonly PortMapping[];
  readonly healthCheck?: Readonly<Record<string, unknown>>;
  readonly dockerLabels?: Readonly<Record<string, string>>;
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** Absent when the caller gave none: on EC2 that means bridge. */
  readonly declaredNetworkMode: NetworkMode | undefined;
  readonly networkMode: NetworkMode;
  readonly containers: readonly ContainerDefinition[];
  readonly compatibilities: readonly string[];
  readonly requiresCompatibilities: readonly string[] | undefined;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly registeredAt: number;
  readonly tags: Tags;
}

export interface ServiceRegistry {
  readonly registryArn: string;
  readonly containerName?: string;
  readonly containerPort?: number;
  readonly port?: number;
}

export interface AwsvpcConfiguration {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: string;
}

export type ResourceManagementType = 'CUSTOMER' | 'ECS';

export interface CapacityProviderItem {
  readonly capacityProvider: string;
  readonly weight: number;
  readonly base: number;
}

/** What a deployment rolls out; a rollback returns to an older one. */
export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: TaskDefinition;
  readonly serviceRegistries: readonly ServiceRegistry[];
  readonly awsvpc: AwsvpcConfiguration | undefined;
  readonly createdAt: number;
}

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

export interface Deployment {
  /** `ecs-svc/…`, the `startedBy` of its tasks. */
  readonly id: string;
  readonly revision: ServiceRevision;
  /** Another one after a rollback that came back to this deployment. */
  record: ServiceDeployment;
  readonly createdAt: number;
  updatedAt: number;
  status: 'PRIMARY' | 'ACTIVE';
  rolloutState: RolloutState;
  rolloutStateReason: string;
  failedTasks: number;
  /** Tasks that could not start make ECS wait before the next attempt. */
  retryAt: number;
}

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOPPED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

/** What ListServiceDeployments remembers of one deployment. */
export interface ServiceDeployment {
  readonly order: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly target: ServiceRevision;
  readonly source: ServiceRevision | undefined;
  status: ServiceDeploymentStatus;
  statusReason: string | undefined;
  updatedAt: number;
  finishedAt: number | undefined;
  failureCount: number;
  rollback:
    { readonly reason: string; readonly startedAt: number; readonly revision: ServiceRevision } | undefined;
}

export interface CircuitBreaker {
  readonly enable: boolean;
  readonly rollback: boolean;
}

export interface DeploymentConfiguration {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly circuitBreaker: CircuitBreaker;
  readonly strategy: string;
}

export interface Service {
  readonly order: string;
  readonly arn: string;
  readonly name: string;
  readonly cluster: Cluster;
  readonly createdAt: number;
  readonly clientToken: string | undefined;
  readonly launchType: LaunchType | undefined;
  readonly capacityProviders: readonly CapacityProviderItem[];
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  /** ECS: an Express service, which AWS manages itself. */
  readonly resourceManagementType: ResourceManagementType;
  readonly deploymentController: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** Classic Load Balancers cannot be combined with service discovery. */
  readonly loadBalancers: readonly Readonly<Record<string, unknown>>[];
  readonly tags: Tags;
  readonly tasks: Set<Task>;
  readonly deployments: Deployment[];
  /** Newest last. */
  readonly history: ServiceDeployment[];
  readonly revisions: ServiceRevision[];
  readonly events: ServiceEvent[];
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  taskDefinition: TaskDefinition;
  serviceRegistries: readonly ServiceRegistry[];
  awsvpc: AwsvpcConfiguration | undefined;
  deploymentConfiguration: DeploymentConfiguration;
  propagateTags: 'TASK_DEFINITION' | 'SERVICE' | 'NONE';
  managedTags: boolean;
  lastCompleted: ServiceRevision | undefined;
  deploymentsStarted: number;
  settleAt: number | undefined;
}

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export interface ContainerInstance {
  readonly order: string;
  readonly id: string;
  readonly arn: string;
  /** `i-…`, or `mi-…` on ECS Anywhere. */
  readonly ec2InstanceId: string;
  readonly privateIp: string;
  readonly availabilityZone: string;
  readonly registeredAt: number;
  readonly tags: Tags;
  /** Host ports in use, such as `tcp/9100`. */
  readonly ports: Set<string>;
  status: 'ACTIVE' | 'DRAINING';
  taskCount: number;
  nextPort: number;
}

export interface PortBinding {
  readonly containerName: string;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface NetworkInterface {
  readonly attachmentId: string;
  readonly interfaceId: string;
  readonly subnet: string;
  readonly mac: string;
  readonly privateIp: string;
}

export type TaskHealth = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface Task {
  readonly order: string;
  readonly id: string;
  readonly arn: string;
  readonly cluster: Cluster;
  readonly service: Service;
  readonly deployment: Deployment;
  readonly definition: TaskDefinition;
  readonly containerInstance: ContainerInstance | undefined;
  readonly networkInterface: NetworkInterface | undefined;
  readonly availabilityZone: string;
  readonly bindings: readonly PortBinding[];
  readonly createdAt: number;
  readonly tags: Tags;
  version: number;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  health: TaskHealth;
  startedAt: number | undefined;
  stoppingAt: number | undefined;
  stoppedAt: number | undefined;
  stopCode: string | undefined;
  stoppedReason: string | undefined;
  /** The Cloud Map service in which the task is registered now. */
  registeredIn: string | undefined;
}
