import fc from 'fast-check';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/state/desired.ts';
import type { Inventory } from '../../controller/state/inventory.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedState,
  ObservedTaskDefinition,
} from '../../controller/state/observed.ts';
import {
  complete,
  NAMESPACE,
  observedNamespace,
  observedRegistry,
  observedService,
  observedTaskDefinition,
  OWNER,
  portMapping,
  WEBAPP_REGISTRY_ARN,
} from './worlds.ts';

/** Registry tags as somebody writes them who follows the AWS sample. */
export const SAMPLE_TAGS = { METRICS_PATH: '/metrics', METRICS_PORT: '3000' } as const;

export interface InventoryParts {
  readonly namespace?: Partial<ObservedNamespace>;
  readonly registries?: readonly ObservedRegistry[];
  readonly services?: readonly ObservedService[];
  readonly taskDefinitions?: readonly ObservedTaskDefinition[];
  readonly registrants?: Inventory['registrants'];
  readonly unread?: Inventory['unread'];
  readonly scope?: Inventory['scope'];
}

/** A registry tagged by hand and the service that is bound to it; each part can be bent. */
export function inventory(parts: InventoryParts = {}): Inventory {
  const {
    registries = [taggedRegistry()],
    services = [boundService()],
    taskDefinitions = [observedTaskDefinition()],
    registrants = new Map(),
    unread = [],
    scope = { kind: 'namespaces', names: [NAMESPACE] },
  } = parts;
  const namespace = observedNamespace(registries, parts.namespace);
  return { scope, observed: stateOf([namespace], services, taskDefinitions), registrants, unread };
}

export const taggedRegistry = (
  tags: Readonly<Record<string, string>> = SAMPLE_TAGS,
  overrides: Partial<ObservedRegistry> = {},
): ObservedRegistry => observedRegistry({ tags: complete(tags), ...overrides });

export const boundService = (overrides: Partial<ObservedService> = {}): ObservedService =>
  observedService({ serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN }], ...overrides });

function stateOf(
  namespaces: readonly ObservedNamespace[],
  services: readonly ObservedService[],
  taskDefinitions: readonly ObservedTaskDefinition[],
): ObservedState {
  return {
    namespaces: new Map(namespaces.map((each) => [each.name, complete(each)])),
    services: new Map(services.map((each) => [`${each.clusterName}/${each.name}`, complete(each)])),
    taskDefinitions: new Map(taskDefinitions.map((each) => [each.arn, complete(each)])),
    tasks: new Map(),
  };
}

const HOSTILE = ['a\nkind: Secret', '# x', "'", '"', ': {', '${HOME}', '\u2028- x', 'null', '-', '%'];
const ARN = 'arn:aws:servicediscovery:eu-west-1:1:service/srv-';

const port = fc.constantFrom(0, 80, 3000, 9100, 9404, 65_535);
const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 8 }));

const oddTags = fc
  .tuple(
    fc.record(
      {
        METRICS_PATH: fc.oneof(fc.constantFrom('/metrics', 'metrics', '', '/a?b=c'), text),
        METRICS_PORT: fc.oneof(port.map(String), fc.constantFrom('03000', 'http', '70000')),
        ECS_METRICS_PATH: fc.constant('/ecs'),
        ECS_METRICS_PORT: port.map(String),
        METRICS_PORT_METRICS: fc.constant('3001'),
        METRICS_PORT_ECS: fc.constant('3002'),
        METRICS_PORT_JVM_HEAP: fc.constant('3003'),
        METRICS_PATH_JVM_HEAP: fc.constant('/heap'),
        METRICS_PORT_A_: fc.constant('3004'),
        METRICS_PORT_lower: fc.constant('1'),
        team: text,
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        [OWNER_TAG]: fc.constantFrom(OWNER, `${OWNER}-eu`),
        [SCRAPE_TARGET_TAG]: fc.oneof(fc.constantFrom('webapp', 'other'), text),
        AmazonECSManaged: fc.constant('true'),
      },
      { requiredKeys: [] },
    ),
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([own, marks, marked]) => ({ ...own, ...(marked === 0 ? marks : {}) }));

const tags: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(SAMPLE_TAGS) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({}, { [OWNER_TAG]: OWNER }, { ...SAMPLE_TAGS, [OWNER_TAG]: OWNER }),
  },
  { weight: 3, arbitrary: oddTags },
);

const registryName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('webapp', 'WebApp', 'web_app', 'web.app', 'a', 'b', '_') },
  { weight: 1, arbitrary: fc.oneof(text, fc.constant('x'.repeat(80))) },
);

const registry = (index: number, type: ObservedNamespace['type']): fc.Arbitrary<ObservedRegistry> =>
  fc
    .record({
      name: registryName,
      description: text,
      types:
        type === 'HTTP'
          ? fc.constant([])
          : fc.oneof(
              { weight: 5, arbitrary: fc.constantFrom(['A'], ['AAAA'], ['SRV']) },
              { weight: 1, arbitrary: fc.constantFrom([], ['A', 'SRV'], ['CNAME']) },
            ),
      ttl: fc.constantFrom(0, 10, 10, 60, 60, 3_000_000_000),
      routingPolicy: fc.constantFrom('WEIGHTED', 'MULTIVALUE', undefined),
      tags: tags.map(complete),
    })
    .map(({ types, ttl, ...rest }) =>
      observedRegistry({
        id: `srv-${index}`,
        arn: `${ARN}${index}`,
        dnsRecords: types.map((each) => ({ type: each, ttl })),
        ...rest,
      }),
    );

const namespace = fc
  .constantFrom('DNS_PRIVATE' as const, 'DNS_PUBLIC' as const, 'HTTP' as const)
  .chain((type) =>
    fc
      .record({
        registries: fc.tuple(...[0, 1, 2, 3].map((index) => registry(index, type))),
        shared: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
      })
      .map(({ registries, shared }) => observedNamespace(registries, { type, shared })),
  );

const binding = (own: number) =>
  fc.record({
    registryArn: fc.constantFrom(own, own, own, own, 3, 9).map((index) => `${ARN}${index}`),
    form: fc.constantFrom(
      {},
      {},
      { containerName: 'app', containerPort: 3000 },
      { containerName: 'absent', containerPort: 1 },
      { port: 3000 },
    ),
  });

const service = (name: string, index: number): fc.Arbitrary<ObservedService> =>
  fc
    .record({
      status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAINING'),
      deploymentController: fc.constantFrom('ECS', 'ECS', 'ECS', 'ECS', 'ECS', 'CODE_DEPLOY', 'EXTERNAL'),
      resourceManagementType: fc.constantFrom(undefined, undefined, undefined, undefined, 'ECS'),
      bindings: fc.array(binding(index), { minLength: 0, maxLength: 1, size: 'max' }),
      taskDefinition: fc.constantFrom('awsvpc', 'bridge', 'host', undefined),
    })
    .map(({ bindings, taskDefinition, ...rest }) =>
      observedService({
        ...rest,
        name,
        taskDefinitionArn: taskDefinition,
        serviceRegistries: bindings.map(({ registryArn, form }) => ({ registryArn, ...form })),
      }),
    );

const taskDefinition = (networkMode: string): fc.Arbitrary<ObservedTaskDefinition> =>
  fc
    .array(
      fc.record({
        name: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('app', 'node-exporter') }, text),
        portMappings: fc.array(
          fc
            .record({
              name: fc.oneof(fc.constantFrom(undefined, 'metrics', 'http', 'Prom_1'), text),
              containerPort: fc.constantFrom(undefined, 3000, 9100, 9404),
              hostPort: fc.constantFrom(0, 80, 3000),
              protocol: fc.constantFrom('tcp', 'tcp', 'udp'),
            })
            .map(portMapping),
          { maxLength: 3 },
        ),
      }),
      { maxLength: 2 },
    )
    .map((containers) => observedTaskDefinition({ arn: networkMode, networkMode, containers }));

const SERVICES = ['web', 'node', 'batch'];

/** An account in which everything that an import reads may be odd. */
export const inventories: fc.Arbitrary<Inventory> = fc
  .record({
    namespace,
    services: fc.tuple(...SERVICES.map(service)),
    taskDefinitions: fc.tuple(...['awsvpc', 'bridge', 'host'].map(taskDefinition)),
    registrants: fc.array(
      fc.tuple(
        fc.constantFrom(0, 1, 2, 3).map((index) => `${ARN}${index}`),
        fc.subarray([...SERVICES, 'gone'], { maxLength: 2 }),
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ namespace, services, taskDefinitions, registrants }) => ({
    scope: { kind: 'namespaces', names: [NAMESPACE] },
    observed: stateOf([namespace], services, taskDefinitions),
    registrants: new Map(
      registrants.map(([arn, names]) => [arn, names.map((service) => ({ cluster: 'demo', service }))]),
    ),
    unread: [],
  }));

export { NAMESPACE, OWNER };
