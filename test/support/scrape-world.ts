import assert from 'node:assert/strict';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { ScrapeTarget } from '../../controller/api/types.ts';
import { transient } from '../../controller/errors.ts';
import type {
  ObservedNamespace,
  ObservedService,
  ObservedState,
  ObservedTask,
  ObservedTaskDefinition,
  ObservedTasks,
  Read,
} from '../../controller/state/observed.ts';

const ACCOUNT = 'eu-west-1:123456789012';

/** A valid document with one endpoint; `spec` is added to it, in the indentation of a spec. */
export function document(spec = '', endpoint = 'portNumber: 3000', name = 'webapp'): string {
  return `apiVersion: monitoring.ecs/v1alpha1
kind: ScrapeTarget
metadata: {name: ${name}}
spec:
  serviceRef: {cluster: shop, service: ${name}}
  registry: {namespace: ecs-services, name: ${name}-svc}
${spec}
  endpoints:
    - name: metrics
      ${endpoint.trim().replaceAll('\n', '\n      ')}
`;
}

/** ScrapeTargets as the program itself reads them, so that every test input is one a person could write. */
export function scrapeTargets(...documents: readonly string[]): readonly ScrapeTarget[] {
  const { targets, errors } = parseDocuments([{ file: 'targets.yaml', text: documents.join('---\n') }]);
  assert.deepEqual(errors, []);
  return targets;
}

export function scrapeTarget(text = document()): ScrapeTarget {
  const [target, ...others] = scrapeTargets(text);
  assert.ok(target !== undefined && others.length === 0);
  return target;
}

export function complete<T>(value: T): Read<T> {
  return { kind: 'complete', value };
}

export function failed(reason = 'ThrottlingException'): Extract<Read<never>, { kind: 'failed' }> {
  return { kind: 'failed', error: transient({ reason, message: 'Rate exceeded.' }) };
}

export function service(overrides: Partial<ObservedService> = {}): ObservedService {
  return {
    arn: `arn:aws:ecs:${ACCOUNT}:service/shop/webapp`,
    name: 'webapp',
    clusterArn: `arn:aws:ecs:${ACCOUNT}:cluster/shop`,
    clusterName: 'shop',
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    launchType: 'FARGATE',
    schedulingStrategy: 'REPLICA',
    deploymentController: 'ECS',
    deploymentStrategy: 'ROLLING',
    resourceManagementType: undefined,
    classicLoadBalancer: false,
    taskDefinitionArn: DEFINITION_ARN,
    serviceRegistries: [],
    deployments: [],
    tags: {},
    ...overrides,
  };
}

export const DEFINITION_ARN = `arn:aws:ecs:${ACCOUNT}:task-definition/web:3`;

export function definition(overrides: Partial<ObservedTaskDefinition> = {}): ObservedTaskDefinition {
  return {
    arn: DEFINITION_ARN,
    family: 'web',
    revision: 3,
    networkMode: 'awsvpc',
    containers: [
      {
        name: 'app',
        portMappings: [
          {
            name: 'http',
            containerPort: 3000,
            hostPort: 3000,
            containerPortRange: undefined,
            protocol: 'tcp',
          },
        ],
      },
    ],
    ...overrides,
  };
}

/** A running Fargate task. */
export function task(id: string, overrides: Partial<ObservedTask> = {}): ObservedTask {
  return {
    arn: `arn:aws:ecs:${ACCOUNT}:task/shop/${id}`,
    id,
    group: 'service:webapp',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'UNKNOWN',
    launchType: 'FARGATE',
    platformFamily: 'Linux',
    platformVersion: '1.4.0',
    availabilityZone: 'eu-west-1a',
    subnetId: 'subnet-1',
    taskDefinitionArn: DEFINITION_ARN,
    containerInstanceArn: undefined,
    ipv4: '10.0.0.1',
    ipv6: undefined,
    instance: undefined,
    networkBindings: [],
    ...overrides,
  };
}

/** A running task without an address of its own, on a host that its registry instance names. */
export function hostTask(id: string, ipv4: string, overrides: Partial<ObservedTask> = {}): ObservedTask {
  return task(id, {
    launchType: 'EC2',
    platformFamily: undefined,
    platformVersion: undefined,
    subnetId: undefined,
    containerInstanceArn: `arn:aws:ecs:${ACCOUNT}:container-instance/shop/1`,
    ipv4: undefined,
    instance: { id, ipv4, ipv6: undefined, port: undefined, ec2InstanceId: 'i-1' },
    ...overrides,
  });
}

export function namespace(tags: Readonly<Record<string, string>> = {}): ObservedNamespace {
  const registry = {
    id: 'srv-1',
    arn: `arn:aws:servicediscovery:${ACCOUNT}:service/srv-1`,
    name: 'webapp-svc',
    description: '',
    dnsRecords: [{ type: 'A', ttl: 10 }],
    routingPolicy: 'WEIGHTED',
    tags: complete(tags),
  };
  return {
    id: 'ns-1',
    arn: `arn:aws:servicediscovery:${ACCOUNT}:namespace/ns-1`,
    name: 'ecs-services',
    type: 'DNS_PRIVATE',
    shared: false,
    registries: new Map([['webapp-svc', registry]]),
  };
}

export interface World {
  readonly service?: Read<ObservedService | undefined>;
  readonly tasks?: readonly ObservedTask[] | Read<ObservedTasks>;
  readonly definition?: Read<ObservedTaskDefinition>;
  readonly namespace?: Read<ObservedNamespace | undefined>;
}

/** What AWS says about the service `shop/webapp` of {@link document}. */
export function observed(world: World = {}): ObservedState {
  const tasks = world.tasks ?? [task('aaa')];
  return {
    namespaces: new Map([['ecs-services', world.namespace ?? complete(namespace())]]),
    services: new Map([['shop/webapp', world.service ?? complete(service())]]),
    taskDefinitions: new Map([[DEFINITION_ARN, world.definition ?? complete(definition())]]),
    tasks: new Map([['shop/webapp', 'kind' in tasks ? tasks : complete({ tasks, skipped: [] })]]),
  };
}
