import type { ScenarioFault } from './fault.ts';

/** What an AWS account holds when a sandbox starts: every service steady, every task running. */
export interface Scenario {
  readonly name: string;
  readonly namespaces?: readonly ScenarioNamespace[];
  readonly registries?: readonly ScenarioRegistry[];
  readonly taskDefinitions?: readonly ScenarioTaskDefinition[];
  readonly clusters?: readonly ScenarioCluster[];
  /** In force from the start; the first that hits a call wins. */
  readonly faults?: readonly ScenarioFault[];
}

export interface ScenarioNamespace {
  readonly name: string;
  /** Default DNS_PRIVATE. */
  readonly type?: 'DNS_PRIVATE' | 'DNS_PUBLIC' | 'HTTP';
  /** Owned by another account and shared with this one. */
  readonly shared?: boolean;
}

export interface ScenarioRegistry {
  /** Name of a namespace of this scenario. */
  readonly namespace: string;
  readonly name: string;
  /** Default A; NONE makes it API-only. */
  readonly recordType?: 'A' | 'AAAA' | 'SRV' | 'NONE';
  readonly ttl?: number;
  readonly customHealth?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ScenarioTaskDefinition {
  readonly family: string;
  /** Absent means that the task definition names none, which is bridge. */
  readonly networkMode?: 'awsvpc' | 'bridge' | 'host' | 'none';
  readonly containers: readonly ScenarioContainer[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ScenarioContainer {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly ScenarioPort[];
  readonly healthCheck?: boolean;
  /** What the container serves when the sandbox's tasks listen. */
  readonly metrics?: ScenarioMetrics;
}

export interface ScenarioPort {
  readonly containerPort: number;
  readonly hostPort?: number;
  /** Name of the port mapping. */
  readonly name?: string;
  readonly protocol?: 'tcp' | 'udp';
}

export interface ScenarioMetrics {
  readonly profile: 'webapp' | 'node-exporter';
  /** Container port. */
  readonly port: number;
  /** Default `/metrics`. */
  readonly path?: string;
}

export interface ScenarioCluster {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** How many EC2 container instances it has. Default 0. */
  readonly containerInstances?: number;
  /** How many instances of ECS Anywhere it has. Default 0. */
  readonly externalInstances?: number;
  readonly services?: readonly ScenarioService[];
}

export interface ScenarioService {
  readonly name: string;
  /** Family, or `family:revision`. */
  readonly taskDefinition: string;
  /** Default EC2. */
  readonly launchType?: 'EC2' | 'FARGATE' | 'EXTERNAL';
  /** Default REPLICA. */
  readonly schedulingStrategy?: 'REPLICA' | 'DAEMON';
  /** Default 1; a DAEMON service has none. */
  readonly desiredCount?: number;
  /** The registry that the service is bound to from the beginning. */
  readonly registry?: {
    readonly namespace: string;
    readonly name: string;
    readonly containerName?: string;
    readonly containerPort?: number;
  };
  readonly circuitBreaker?: { readonly enable: boolean; readonly rollback: boolean };
  readonly deploymentController?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** ECS makes it an Express service. Default CUSTOMER. */
  readonly resourceManagementType?: 'CUSTOMER' | 'ECS';
  /** Default ROLLING. */
  readonly deploymentStrategy?: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
  readonly tags?: Readonly<Record<string, string>>;
}
