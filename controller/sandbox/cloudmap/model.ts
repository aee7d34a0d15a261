import type { LaggingMap } from '../lagging.ts';

export type NamespaceType = 'DNS_PRIVATE' | 'DNS_PUBLIC' | 'HTTP';
export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'SRV';
export type RoutingPolicy = 'MULTIVALUE' | 'WEIGHTED';
export type Health = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface Namespace {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly httpName: string;
  readonly type: NamespaceType;
  /** Account that made the namespace; another account's namespace is one shared with us. */
  readonly owner: string;
  readonly description: string | undefined;
  readonly creatorRequestId: string | undefined;
  readonly createdAt: number;
  /** DNS namespaces only. */
  readonly hostedZone: { readonly id: string; readonly soaTtl: number; readonly vpc?: string } | undefined;
  readonly tags: LaggingMap<string>;
}

export interface DnsRecord {
  readonly type: RecordType;
  readonly ttl: number;
}

export interface DnsConfig {
  readonly routingPolicy: RoutingPolicy;
  readonly records: readonly DnsRecord[];
}

export interface HealthCheck {
  readonly type: 'HTTP' | 'HTTPS' | 'TCP';
  readonly resourcePath: string | undefined;
  readonly failureThreshold: number;
}

export interface Service {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespaceId: string;
  readonly description: string | undefined;
  readonly creatorRequestId: string | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly type: 'DNS_HTTP' | 'HTTP';
  readonly dns: DnsConfig | undefined;
  readonly healthCheck: HealthCheck | undefined;
  readonly customHealth: boolean;
  readonly tags: LaggingMap<string>;
  readonly attributes: Map<string, string>;
  readonly instances: LaggingMap<Instance>;
  /** Rises on every registration and deregistration, never on a change of health. */
  readonly revision: { value: number };
}

export interface Instance {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly health: Health;
  readonly registeredBy: string;
  readonly creatorRequestId: string | undefined;
}

export type OperationType =
  | 'CREATE_NAMESPACE'
  | 'DELETE_NAMESPACE'
  | 'DEREGISTER_INSTANCE'
  | 'REGISTER_INSTANCE'
  | 'UPDATE_NAMESPACE'
  | 'UPDATE_SERVICE';

export type OperationTargets = Readonly<Partial<Record<'NAMESPACE' | 'SERVICE' | 'INSTANCE', string>>>;

export interface OperationFailure {
  readonly code:
    | 'ACCESS_DENIED'
    | 'CANNOT_CREATE_HOSTED_ZONE'
    | 'EXPIRED_TOKEN'
    | 'HOSTED_ZONE_NOT_FOUND'
    | 'INTERNAL_FAILURE'
    | 'INVALID_CHANGE_BATCH'
    | 'THROTTLED_REQUEST';
  readonly message: string;
}

export interface Operation {
  readonly id: string;
  readonly type: OperationType;
  readonly status: 'SUBMITTED' | 'PENDING' | 'SUCCESS' | 'FAIL';
  readonly targets: OperationTargets;
  /** Account that owns the namespace the operation works on. */
  readonly owner: string;
  readonly namespaceId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly failure?: OperationFailure;
}
