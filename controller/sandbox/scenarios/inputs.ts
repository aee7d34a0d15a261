import { METRICS_LABELS } from '../metrics-labels.ts';
import type { ScenarioContainer, ScenarioRegistry, ScenarioService } from './scenario.ts';

/** What the parts of a scenario are as inputs of AWS calls. */

type Input = Record<string, unknown>;
type Tags = Readonly<Record<string, string>>;

export const ecsTags = (tags: Tags = {}) => Object.entries(tags).map(([key, value]) => ({ key, value }));

const cloudMapTags = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function registryInput(registry: ScenarioRegistry, namespaceId: string): Input {
  const { name, recordType = 'A', ttl = 10, customHealth = false, tags } = registry;
  return {
    Name: name,
    NamespaceId: namespaceId,
    ...(recordType !== 'NONE' && {
      DnsConfig: {
        RoutingPolicy: recordType === 'SRV' ? 'MULTIVALUE' : 'WEIGHTED',
        DnsRecords: [{ Type: recordType, TTL: ttl }],
      },
    }),
    ...(customHealth && { HealthCheckCustomConfig: {} }),
    ...(tags !== undefined && { Tags: cloudMapTags(tags) }),
  };
}

function metricsLabels(container: ScenarioContainer): Record<string, string> {
  const { metrics } = container;
  if (metrics === undefined) return {};
  return {
    [METRICS_LABELS.profile]: metrics.profile,
    [METRICS_LABELS.port]: String(metrics.port),
    [METRICS_LABELS.path]: metrics.path ?? '/metrics',
  };
}

export const containerInput = (container: ScenarioContainer): Input => ({
  name: container.name,
  image: container.image ?? `${container.name}:latest`,
  essential: true,
  portMappings: container.ports ?? [],
  ...(container.healthCheck === true && { healthCheck: { command: ['CMD-SHELL', 'true'] } }),
  ...(container.metrics !== undefined && { dockerLabels: metricsLabels(container) }),
});

const NETWORK = {
  awsvpcConfiguration: {
    subnets: ['subnet-0000000000000000a', 'subnet-0000000000000000b'],
    securityGroups: ['sg-00000000000000001'],
    assignPublicIp: 'DISABLED',
  },
};

type Registry = NonNullable<ScenarioService['registry']>;

function bindingOf({ registry }: ScenarioService, registryArn: (registry: Registry) => string): Input[] {
  if (registry === undefined) return [];
  const { namespace: _namespace, name: _name, ...container } = registry;
  return [{ registryArn: registryArn(registry), ...container }];
}

/** The input of CreateService. */
export function serviceInput(
  cluster: string,
  service: ScenarioService,
  awsvpc: boolean,
  registryArn: (registry: Registry) => string,
): Input {
  const {
    circuitBreaker,
    deploymentController,
    deploymentStrategy,
    schedulingStrategy = 'REPLICA',
  } = service;
  return {
    cluster,
    serviceName: service.name,
    taskDefinition: service.taskDefinition,
    launchType: service.launchType ?? 'EC2',
    schedulingStrategy,
    ...(schedulingStrategy === 'REPLICA' && { desiredCount: service.desiredCount ?? 1 }),
    ...(awsvpc && { networkConfiguration: NETWORK }),
    serviceRegistries: bindingOf(service, registryArn),
    deploymentConfiguration: {
      ...(circuitBreaker !== undefined && { deploymentCircuitBreaker: circuitBreaker }),
      ...(deploymentStrategy !== undefined && { strategy: deploymentStrategy }),
    },
    ...(deploymentController !== undefined && { deploymentController: { type: deploymentController } }),
    tags: ecsTags(service.tags),
  };
}
