import type { Scenario, ScenarioTaskDefinition } from '../../controller/sandbox/scenarios/scenario.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/state/desired.ts';
import { OWNER } from './installation.ts';

/** One ECS service with its document; in the end both match. */
export interface Member {
  readonly name: string;
  /** Default `prod`. */
  readonly cluster?: string;
  /** Default `apps`. */
  readonly namespace?: string;
  /** Default `awsvpc` on Fargate; the others run on EC2. */
  readonly mode?: 'awsvpc' | 'bridge' | 'host';
  readonly launchType?: 'EC2' | 'FARGATE' | 'EXTERNAL';
  /** Default 2. */
  readonly tasks?: number;
  /** Lines of the endpoint in the document. Default: port 8080 by number. */
  readonly endpoint?: string;
  readonly spec?: string;
}

const PORT = 8080;

const modeOf = ({ mode = 'awsvpc' }: Member) => mode;
const clusterOf = ({ cluster = 'prod' }: Member) => cluster;
const namespaceOf = ({ namespace = 'apps' }: Member) => namespace;

function taskDefinition(member: Member): ScenarioTaskDefinition {
  return {
    family: member.name,
    networkMode: modeOf(member),
    containers: [{ name: 'app', ports: [{ containerPort: PORT, name: 'metrics' }] }],
  };
}

const bindsPort = (member: Member): boolean => modeOf(member) !== 'awsvpc';

const registryTags = (name: string) => ({
  [OWNER_TAG]: OWNER,
  [SCRAPE_TARGET_TAG]: name,
  METRICS_PATH: '/metrics',
  METRICS_PORT: String(PORT),
});

function clusters(
  members: readonly Member[],
  services: 'bound' | 'unbound',
): NonNullable<Scenario['clusters']> {
  return [...new Set(members.map(clusterOf))].map((name) => {
    const own = members.filter((member) => clusterOf(member) === name);
    return {
      name,
      containerInstances: own.some(bindsPort) ? 2 : 0,
      externalInstances: own.some(({ launchType }) => launchType === 'EXTERNAL') ? 2 : 0,
      services: own.map((member) => ({
        name: member.name,
        taskDefinition: member.name,
        launchType: member.launchType ?? (bindsPort(member) ? 'EC2' : 'FARGATE'),
        desiredCount: member.tasks ?? 2,
        ...(services === 'bound' &&
          member.launchType !== 'EXTERNAL' && {
            registry: {
              namespace: namespaceOf(member),
              name: member.name,
              ...(bindsPort(member) && { containerName: 'app', containerPort: PORT }),
            },
          }),
      })),
    };
  });
}

/** An account in which every service runs and is registered as its document asks. */
export function accountOf(members: readonly Member[]): Scenario {
  return {
    name: 'account',
    namespaces: [...new Set(members.map(namespaceOf))].map((name) => ({ name })),
    registries: members.map((member) => ({
      namespace: namespaceOf(member),
      name: member.name,
      recordType: bindsPort(member) ? ('SRV' as const) : ('A' as const),
      ttl: 10,
      tags: registryTags(member.name),
    })),
    taskDefinitions: members.map(taskDefinition),
    clusters: clusters(members, 'bound'),
  };
}

/** The same account before anything was registered or bound. */
export const bareAccountOf = (members: readonly Member[]): Scenario => ({
  ...accountOf(members),
  registries: [],
  clusters: clusters(members, 'unbound'),
});

export function documentOf(member: Member): string {
  const { name, endpoint = `portNumber: ${PORT}`, spec = '' } = member;
  const record = bindsPort(member)
    ? `routingPolicy: MULTIVALUE, dnsRecord: {type: SRV, ttl: 10}, containerName: app, containerPort: ${PORT}`
    : 'routingPolicy: WEIGHTED, dnsRecord: {type: A, ttl: 10}';
  return `apiVersion: monitoring.ecs/v1alpha1
kind: ScrapeTarget
metadata: {name: ${name}}
spec:
  serviceRef: {cluster: ${clusterOf(member)}, service: ${name}}
  registry: {namespace: ${namespaceOf(member)}, name: ${name}, ${record}}
  endpoints:
    - name: metrics
      ${endpoint}
${spec === '' ? '' : `  ${spec}\n`}`;
}

export function installationOf(...members: readonly Member[]) {
  return {
    scenario: accountOf(members),
    documents: Object.fromEntries(members.map((member) => [`${member.name}.yaml`, documentOf(member)])),
  };
}
