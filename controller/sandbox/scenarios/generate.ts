import type { Scenario, ScenarioRegistry, ScenarioService } from './scenario.ts';

export interface GenerateOptions {
  readonly services: number;
  readonly tasksPerService: number;
  /** Begin with a registry for each service, and the service bound to it. Default false. */
  readonly bound?: boolean;
  /** Tags on each generated registry. */
  readonly registryTags?: (service: string) => Readonly<Record<string, string>>;
  /** Spread the services over so many clusters. Default 1. */
  readonly clusters?: number;
}

export const GENERATED_NAMESPACE = 'ecs-services';

const serviceName = (index: number): string => `service-${String(index).padStart(4, '0')}`;
const clusterName = (index: number): string => (index === 0 ? 'generated' : `generated-${index}`);

function generatedService(index: number, options: GenerateOptions): ScenarioService {
  const name = serviceName(index);
  return {
    name,
    taskDefinition: 'generated',
    launchType: 'FARGATE',
    desiredCount: options.tasksPerService,
    ...(options.bound === true && { registry: { namespace: GENERATED_NAMESPACE, name } }),
    tags: { team: `team-${index % 10}` },
  };
}

const generatedRegistry = (index: number, options: GenerateOptions): ScenarioRegistry => ({
  namespace: GENERATED_NAMESPACE,
  name: serviceName(index),
  ...(options.registryTags !== undefined && { tags: options.registryTags(serviceName(index)) }),
});

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Any number of equal awsvpc services in one namespace, for measuring. */
export function generateScenario(options: GenerateOptions): Scenario {
  const { services, tasksPerService, clusters = 1 } = options;
  return {
    name: `generated-${services}x${tasksPerService}`,
    namespaces: [{ name: GENERATED_NAMESPACE }],
    registries:
      options.bound === true ? range(services).map((index) => generatedRegistry(index, options)) : [],
    taskDefinitions: [
      {
        family: 'generated',
        networkMode: 'awsvpc',
        containers: [{ name: 'app', ports: [{ containerPort: 8080, name: 'metrics' }] }],
      },
    ],
    clusters: range(clusters).map((cluster) => ({
      name: clusterName(cluster),
      services: range(services)
        .filter((index) => index % clusters === cluster)
        .map((index) => generatedService(index, options)),
    })),
  };
}
