import fc from 'fast-check';
import type { ScrapeTarget } from '../../controller/api/types.ts';
import { terminal, transient, waiting } from '../../controller/errors.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/state/desired.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedState,
  Read,
} from '../../controller/state/observed.ts';
import {
  complete,
  deployment,
  endpoint,
  observedNamespace,
  observedRegistry,
  observedService,
  observedTaskDefinition,
  OWNER,
  portMapping,
  scrapeTarget,
} from './worlds.ts';

/** Documents and the AWS that they meet, with everything that can be different about either. */
export interface World {
  readonly targets: readonly ScrapeTarget[];
  readonly observed: ObservedState;
}

const NAMES = ['a', 'b', 'c'] as const;
const SPACES = ['ns-one', 'ns-two'] as const;
const registryArn = (name: string): string => `arn:aws:servicediscovery:eu-west-1:1:service/srv-${name}`;
const taskDefinitionArn = (name: string): string => `arn:aws:ecs:eu-west-1:1:task-definition/${name}:1`;

const recordType = fc.constantFrom('A', 'AAAA', 'SRV');
const routingPolicy = fc.constantFrom('WEIGHTED', 'MULTIVALUE');

const read = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Read<T>> =>
  fc.oneof(
    { weight: 9, arbitrary: value.map(complete) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(terminal, waiting, transient)
        .map(
          (make) => ({ kind: 'failed', error: make({ reason: 'ReadFailed', message: 'Failed.' }) }) as const,
        ),
    },
  );

const endpoints = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('metrics', 'ecs', 'jvm-heap'),
    port: fc.oneof(
      fc.constantFrom(80, 3000).map((number) => ({ kind: 'number', number }) as const),
      fc.constantFrom('http', 'absent').map((name) => ({ kind: 'name', name }) as const),
    ),
    path: fc.constantFrom('/metrics', '/m'),
  }),
  { minLength: 1, selector: ({ name }) => name },
);

const port = fc.oneof(
  fc.constant({}),
  fc.constant({ containerName: 'app', containerPort: 3000 }),
  fc.constant({ containerName: 'web', containerPort: 1 }),
);

const target = (name: string): fc.Arbitrary<ScrapeTarget> =>
  fc
    .record({
      namespace: fc.constantFrom(...SPACES),
      description: fc.constantFrom(undefined, 'x', 'y'),
      type: recordType,
      ttl: fc.constantFrom(10, 60),
      routingPolicy,
      port,
      adopt: fc.boolean(),
      endpoints,
      bindingPolicy: fc.constantFrom('Ensure', 'Ensure', 'Observe'),
      suspend: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
    })
    .map((r) =>
      scrapeTarget({
        name,
        registry: {
          namespace: r.namespace,
          dnsRecord: { type: r.type, ttl: r.ttl },
          routingPolicy: r.routingPolicy,
          adopt: r.adopt,
          ...r.port,
          ...(r.description === undefined ? {} : { description: r.description }),
        },
        spec: { endpoints: r.endpoints.map(endpoint), bindingPolicy: r.bindingPolicy, suspend: r.suspend },
      }),
    );

const tags = (name: string): fc.Arbitrary<Record<string, string>> =>
  fc.record(
    {
      [OWNER_TAG]: fc.constantFrom(OWNER, OWNER, 'somebody-else'),
      [SCRAPE_TARGET_TAG]: fc.constantFrom(name, 'former'),
      METRICS_PATH: fc.constantFrom('/metrics', '/old'),
      METRICS_PORT: fc.constantFrom('3000', '1'),
      METRICS_PORT_OLD: fc.constant('1'),
      AmazonECSManaged: fc.constant('true'),
      team: fc.constant('x'),
    },
    { requiredKeys: [] },
  );

const registry = (name: string, http: boolean): fc.Arbitrary<ObservedRegistry> =>
  fc
    .record({
      description: fc.constantFrom('', 'x', 'y'),
      types: fc.uniqueArray(recordType, { maxLength: http ? 0 : 2 }),
      ttl: fc.constantFrom(10, 60),
      routingPolicy: fc.oneof(routingPolicy, fc.constant(undefined)),
      tags: fc.oneof(
        { weight: 9, arbitrary: read(tags(name)) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
    })
    .map(({ types, ttl, ...rest }) =>
      observedRegistry({
        id: `srv-${name}-svc`,
        arn: registryArn(`${name}-svc`),
        name: `${name}-svc`,
        dnsRecords: types.map((type) => ({ type, ttl })),
        ...rest,
      }),
    );

const namespace = (name: string): fc.Arbitrary<ObservedNamespace> =>
  fc.constantFrom('DNS_PRIVATE', 'DNS_PUBLIC', 'HTTP').chain((type) =>
    fc
      .record({
        registries: fc
          .tuple(...NAMES.map((one) => fc.option(registry(one, type === 'HTTP'), { nil: undefined })))
          .map((all) => all.filter((one) => one !== undefined)),
        shared: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      })
      .map(({ registries, shared }) => observedNamespace(registries, { id: name, name, type, shared })),
  );

const deployments = fc.constantFrom(
  [deployment()],
  [deployment({ rolloutState: 'IN_PROGRESS' }), deployment({ status: 'ACTIVE' })],
  [deployment({ rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId x.' })],
);

const service = (name: string): fc.Arbitrary<ObservedService> =>
  fc
    .record({
      status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAINING'),
      desiredCount: fc.constantFrom(2, 2, 2, 600),
      deploymentController: fc.constantFrom('ECS', 'ECS', 'ECS', 'CODE_DEPLOY'),
      deploymentStrategy: fc.constantFrom('ROLLING', 'ROLLING', 'CANARY'),
      serviceRegistries: fc.oneof(
        fc.constant([]),
        fc
          .constantFrom(...NAMES, 'other')
          .chain((to) => port.map((p) => [{ registryArn: registryArn(`${to}-svc`), ...p }])),
      ),
      deployments,
    })
    .map((overrides) =>
      observedService({ name: `${name}-service`, taskDefinitionArn: taskDefinitionArn(name), ...overrides }),
    );

const taskDefinition = (name: string) =>
  fc
    .record({
      networkMode: fc.constantFrom('awsvpc', 'awsvpc', 'bridge', 'host', 'none'),
      mapped: fc.boolean(),
    })
    .map(({ networkMode, mapped }) =>
      observedTaskDefinition({
        arn: taskDefinitionArn(name),
        networkMode,
        containers: [{ name: 'app', portMappings: mapped ? [portMapping()] : [] }],
      }),
    );

const keyed = <T>(
  keys: readonly string[],
  value: (key: string) => fc.Arbitrary<T>,
): fc.Arbitrary<Map<string, T>> =>
  fc
    .tuple(...keys.map((key) => value(key)))
    .map((values) => new Map(values.map((one, i) => [keys[i] ?? '', one])));

const observedState: fc.Arbitrary<ObservedState> = fc
  .record({
    namespaces: keyed(SPACES, (name) => read(fc.option(namespace(name), { nil: undefined, freq: 9 }))),
    services: keyed(NAMES, (name) => read(fc.option(service(name), { nil: undefined, freq: 9 }))),
    taskDefinitions: keyed(NAMES, (name) => read(taskDefinition(name))),
  })
  .map(({ namespaces, services, taskDefinitions }) => ({
    namespaces,
    services: new Map([...services].map(([name, value]) => [`demo/${name}-service`, value])),
    taskDefinitions: new Map([...taskDefinitions].map(([name, value]) => [taskDefinitionArn(name), value])),
    tasks: new Map(),
  }));

export const worlds: fc.Arbitrary<World> = fc.record({
  targets: fc.tuple(...NAMES.map(target)),
  observed: observedState,
});
