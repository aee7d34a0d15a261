import { GENERATED_NAMESPACE, generateScenario } from '../../controller/sandbox/scenarios/generate.ts';
import type { Scenario, ScenarioService } from '../../controller/sandbox/scenarios/scenario.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/state/desired.ts';
import type { Size } from './sizes.ts';

export const OWNER = 'bench';
const PORT = 8080;

/**
 * The account of one size. A bound one is what the documents of {@link documentsOf} ask for, so that nothing is left
 * to change. Each service has a task definition of its own, as services have; the generator gives them one.
 */
export function scenarioOf({ services, tasksPerService }: Size, bound: boolean): Scenario {
  const generated = generateScenario({ services, tasksPerService, bound, registryTags });
  const clusters = (generated.clusters ?? []).map((cluster) => ({
    ...cluster,
    services: (cluster.services ?? []).map(withOwnTaskDefinition),
  }));
  const taskDefinitions = clusters.flatMap((cluster) =>
    cluster.services.flatMap(({ name }) =>
      (generated.taskDefinitions ?? []).map((definition) => ({ ...definition, family: name })),
    ),
  );
  return { ...generated, clusters, taskDefinitions };
}

const withOwnTaskDefinition = (service: ScenarioService): ScenarioService => ({
  ...service,
  taskDefinition: service.name,
});

const registryTags = (service: string): Readonly<Record<string, string>> => ({
  [OWNER_TAG]: OWNER,
  [SCRAPE_TARGET_TAG]: service,
  METRICS_PATH: '/metrics',
  METRICS_PORT: String(PORT),
});

/** One ScrapeTarget document for each service, by file name. */
export function documentsOf(size: Size): ReadonlyMap<string, string> {
  const clusters = scenarioOf(size, false).clusters ?? [];
  return new Map(
    clusters.flatMap(({ name: cluster, services = [] }) =>
      services.map(({ name }) => [`${name}.yaml`, documentText(cluster, name)] as const),
    ),
  );
}

const documentText = (cluster: string, service: string): string => `apiVersion: monitoring.ecs/v1alpha1
kind: ScrapeTarget
metadata:
  name: ${service}
  labels: { tier: backend }
spec:
  serviceRef:
    cluster: ${cluster}
    service: ${service}
  registry:
    namespace: ${GENERATED_NAMESPACE}
    name: ${service}
    dnsRecord: { type: A, ttl: 10 }
    routingPolicy: WEIGHTED
  endpoints:
    - name: metrics
      portNumber: ${PORT}
      path: /metrics
      interval: 30s
      scrapeTimeout: 10s
      metricRelabelings:
        - { action: drop, sourceLabels: [__name__], regex: "go_gc_.*" }
  targetLabels: [team]
  labels: { env: production }
`;
