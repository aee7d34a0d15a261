import type { Endpoint, ScrapeTarget } from '../../controller/api/types.ts';
import { serviceKey } from '../../controller/state/keys.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedState,
  ObservedTaskDefinition,
  Read,
} from '../../controller/state/observed.ts';

/** Builders of documents and of what AWS holds: each gives a healthy default that a test bends. */

export const OWNER = 'team-a';
export const NAMESPACE = 'ecs-services';
export const TASK_DEFINITION_ARN = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/webapp:7';
export const WEBAPP_REGISTRY_ARN = 'arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-webapp-svc';

export const complete = <T>(value: T): Read<T> => ({ kind: 'complete', value });

export function endpoint(overrides: Partial<Endpoint> = {}): Endpoint {
  return {
    name: 'metrics',
    port: { kind: 'number', number: 3000 },
    path: '/metrics',
    scheme: 'http',
    params: {},
    honorLabels: false,
    honorTimestamps: true,
    filterRunning: true,
    relabelings: [],
    metricRelabelings: [],
    ...overrides,
  };
}

export interface TargetOverrides {
  readonly name?: string;
  readonly specHash?: string;
  readonly spec?: Partial<ScrapeTarget['spec']>;
  readonly registry?: Partial<ScrapeTarget['spec']['registry']>;
}

/** A webapp that is scraped on port 3000 and registers A records. */
export function scrapeTarget({
  name = 'webapp',
  specHash = 'hash-1',
  spec,
  registry,
}: TargetOverrides = {}): ScrapeTarget {
  return {
    metadata: { name, labels: {}, annotations: {} },
    origin: { file: `${name}.yaml`, documentIndex: 0, line: 1 },
    specHash,
    spec: {
      serviceRef: { cluster: 'demo', service: `${name}-service` },
      endpoints: [endpoint()],
      targetLabels: [],
      labels: {},
      limits: {},
      bindingPolicy: 'Ensure',
      deletionPolicy: 'Retain',
      suspend: false,
      ...spec,
      registry: {
        namespace: NAMESPACE,
        name: `${name}-svc`,
        dnsRecord: { type: 'A', ttl: 10 },
        routingPolicy: 'WEIGHTED',
        adopt: false,
        ...registry,
      },
    },
  };
}

export function observedNamespace(
  registries: readonly ObservedRegistry[] = [],
  overrides: Partial<ObservedNamespace> = {},
): ObservedNamespace {
  return {
    id: 'ns-1',
    arn: 'arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-1',
    name: NAMESPACE,
    type: 'DNS_PRIVATE',
    shared: false,
    registries: new Map(registries.map((registry) => [registry.name, registry])),
    ...overrides,
  };
}

export const OWN_TAGS = {
  METRICS_PATH: '/metrics',
  METRICS_PORT: '3000',
  'ecs-prometheus-operator/owner': OWNER,
  'ecs-prometheus-operator/scrape-target': 'webapp',
} as const;

/** The registry that {@link scrapeTarget} asks for, ours and in order. */
export function observedRegistry(overrides: Partial<ObservedRegistry> = {}): ObservedRegistry {
  return {
    id: 'srv-webapp-svc',
    arn: WEBAPP_REGISTRY_ARN,
    name: 'webapp-svc',
    description: '',
    dnsRecords: [{ type: 'A', ttl: 10 }],
    routingPolicy: 'WEIGHTED',
    tags: complete({ ...OWN_TAGS }),
    ...overrides,
  };
}

/** The service of {@link scrapeTarget}: steady, two tasks, not bound to anything. */
export function observedService(overrides: Partial<ObservedService> = {}): ObservedService {
  return {
    arn: 'arn:aws:ecs:eu-west-1:111122223333:service/demo/webapp-service',
    name: 'webapp-service',
    clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/demo',
    clusterName: 'demo',
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    launchType: 'FARGATE',
    schedulingStrategy: 'REPLICA',
    deploymentController: 'ECS',
    deploymentStrategy: 'ROLLING',
    resourceManagementType: undefined,
    classicLoadBalancer: false,
    taskDefinitionArn: TASK_DEFINITION_ARN,
    serviceRegistries: [],
    deployments: [deployment()],
    tags: {},
    ...overrides,
  };
}

export function deployment(
  overrides: Partial<ObservedService['deployments'][number]> = {},
): ObservedService['deployments'][number] {
  return {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment ecs-svc/1 completed.',
    taskDefinitionArn: TASK_DEFINITION_ARN,
    desiredCount: 2,
    runningCount: 2,
    ...overrides,
  };
}

export function observedTaskDefinition(
  overrides: Partial<ObservedTaskDefinition> = {},
): ObservedTaskDefinition {
  return {
    arn: TASK_DEFINITION_ARN,
    family: 'webapp',
    revision: 7,
    networkMode: 'awsvpc',
    containers: [{ name: 'app', portMappings: [portMapping()] }],
    ...overrides,
  };
}

type PortMapping = ObservedTaskDefinition['containers'][number]['portMappings'][number];

export function portMapping(overrides: Partial<PortMapping> = {}): PortMapping {
  return {
    name: 'http',
    containerPort: 3000,
    hostPort: 3000,
    containerPortRange: undefined,
    protocol: 'tcp',
    ...overrides,
  };
}

export interface WorldParts {
  readonly namespace?: Read<ObservedNamespace | undefined>;
  readonly service?: Read<ObservedService | undefined>;
  readonly taskDefinition?: Read<ObservedTaskDefinition>;
}

/** What AWS holds for the one target of {@link scrapeTarget}. */
export function observedState(parts: WorldParts = {}): ObservedState {
  const { namespace, service, taskDefinition } = {
    namespace: complete(observedNamespace()),
    service: complete(observedService()),
    taskDefinition: complete(observedTaskDefinition()),
    ...parts,
  };
  return {
    namespaces: new Map([[NAMESPACE, namespace]]),
    services: new Map([[serviceKey({ cluster: 'demo', service: 'webapp-service' }), service]]),
    taskDefinitions: new Map([[TASK_DEFINITION_ARN, taskDefinition]]),
    tasks: new Map(),
  };
}
