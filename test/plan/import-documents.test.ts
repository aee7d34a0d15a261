import assert from 'node:assert/strict';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { Endpoint, ScrapeTarget } from '../../controller/api/types.ts';
import { transient } from '../../controller/errors.ts';
import { importDocuments, type ImportedDocument } from '../../controller/plan/import-documents.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/state/desired.ts';
import type { Inventory } from '../../controller/state/inventory.ts';
import type {
  ObservedRegistry,
  ObservedService,
  ServiceRegistryBinding,
} from '../../controller/state/observed.ts';
import {
  boundService,
  inventory,
  NAMESPACE,
  OWNER,
  SAMPLE_TAGS,
  taggedRegistry,
} from '../support/inventories.ts';
import { observedTaskDefinition, portMapping } from '../support/worlds.ts';

const only = (given: Inventory): ImportedDocument => {
  const { documents, skipped } = importDocuments(given, OWNER);
  assert.deepEqual(skipped, []);
  const [document, ...others] = documents;
  assert.ok(document !== undefined && others.length === 0);
  return document;
};

function targetOf({ text }: ImportedDocument): ScrapeTarget {
  const [target] = parseDocuments([{ file: 'import.yaml', text }]).targets;
  assert.ok(target !== undefined, text);
  return target;
}

const reasonsOf = (given: Inventory): readonly string[] =>
  importDocuments(given, OWNER).skipped.map(({ subject, reason }) => `${subject} ${reason}`);

const endpointsOf = (tags: Readonly<Record<string, string>>): readonly string[] =>
  targetOf(only(inventory({ registries: [taggedRegistry(tags)] }))).spec.endpoints.map(inShort);

const inShort = ({ name, port, path }: Endpoint): string =>
  `${name} ${port.kind === 'number' ? port.number : port.name}${path}`;

const bound = (
  arn: string,
  form: Omit<ServiceRegistryBinding, 'registryArn'> = {},
): Partial<ObservedService> => ({
  serviceRegistries: [{ registryArn: arn, ...form }],
});

const named = (name: string, tags: Readonly<Record<string, string>> = SAMPLE_TAGS): ObservedRegistry =>
  taggedRegistry(tags, { id: `srv-${name}`, arn: `arn:${name}`, name });

const HOST = observedTaskDefinition({
  networkMode: 'host',
  containers: [
    { name: 'side', portMappings: [] },
    {
      name: 'node-exporter',
      portMappings: [portMapping({ name: undefined, containerPort: 9100, hostPort: 9100 })],
    },
  ],
});

describe('import: the document of a registry that was tagged by hand', () => {
  it('asks for the registry and the binding exactly as they are, and adopts', () => {
    const { spec, metadata } = targetOf(only(inventory()));
    assert.equal(metadata.name, 'webapp-svc');
    assert.deepEqual(spec.serviceRef, { cluster: 'demo', service: 'webapp-service' });
    assert.deepEqual(spec.registry, {
      namespace: NAMESPACE,
      name: 'webapp-svc',
      dnsRecord: { type: 'A', ttl: 10 },
      routingPolicy: 'WEIGHTED',
      adopt: true,
    });
    assert.equal(spec.bindingPolicy, 'Ensure');
  });

  it('says in comments where each value came from', () => {
    const { text } = only(inventory());
    assert.match(
      text,
      /^# Registry ecs-services\/webapp-svc of ECS service demo\/webapp-service \(task definition webapp, network mode awsvpc\)\.$/m,
    );
    assert.match(text, /portNumber: 3000 # tag METRICS_PORT; port mapping "http" of container app$/m);
    assert.match(text, /path: \/metrics # tag METRICS_PATH$/m);
  });

  it('leaves the description out, so that the one that is there stays', () => {
    const document = only(inventory({ registries: [taggedRegistry(SAMPLE_TAGS, { description: 'mine' })] }));
    assert.equal(targetOf(document).spec.registry.description, undefined);
  });

  it('does not adopt what is ours already, and keeps the name of the document that it had', () => {
    const tags = { ...SAMPLE_TAGS, [OWNER_TAG]: OWNER, [SCRAPE_TARGET_TAG]: 'shop' };
    const document = only(inventory({ registries: [taggedRegistry(tags)] }));
    assert.equal(document.name, 'shop');
    assert.equal(document.adopts, false);
    assert.equal(targetOf(document).spec.registry.adopt, false);
  });

  it('names container and port of an SRV binding as bound', () => {
    const registry = taggedRegistry(
      { ...SAMPLE_TAGS, METRICS_PORT: '9100' },
      { dnsRecords: [{ type: 'SRV', ttl: 60 }] },
    );
    const service = boundService(
      bound(registry.arn, { containerName: 'node-exporter', containerPort: 9100 }),
    );
    const document = only(
      inventory({ registries: [registry], services: [service], taskDefinitions: [HOST] }),
    );
    const { registry: written, bindingPolicy } = targetOf(document).spec;
    assert.deepEqual(written.dnsRecord, { type: 'SRV', ttl: 60 });
    assert.equal(written.containerName, 'node-exporter');
    assert.equal(written.containerPort, 9100);
    assert.equal(bindingPolicy, 'Ensure');
  });

  it('finds the container of an SRV binding that names a port alone', () => {
    const registry = taggedRegistry(SAMPLE_TAGS, { dnsRecords: [{ type: 'SRV', ttl: 10 }] });
    const services = [boundService(bound(registry.arn, { port: 3000 }))];
    const { spec } = targetOf(only(inventory({ registries: [registry], services })));
    assert.equal(spec.registry.containerName, 'app');
    assert.equal(spec.bindingPolicy, 'Ensure');
  });

  it('can name the container port also in an HTTP namespace', () => {
    const registry = taggedRegistry(SAMPLE_TAGS, { dnsRecords: [], routingPolicy: undefined });
    const services = [boundService(bound(registry.arn, { containerName: 'app', containerPort: 3000 }))];
    const { spec } = targetOf(
      only(inventory({ namespace: { type: 'HTTP' }, registries: [registry], services })),
    );
    assert.equal(spec.registry.containerPort, 3000);
    assert.equal(spec.bindingPolicy, 'Ensure');
  });
});

describe('import: names', () => {
  const cases: readonly (readonly [registries: readonly string[], names: readonly string[]])[] = [
    [['Web_App.v2'], ['web-app-v2']],
    [
      ['web.app', 'web_app'],
      ['web-app', 'web-app-2'],
    ],
    [['_'], ['service-0']],
    [[`${'x'.repeat(63)}.y`], ['x'.repeat(63)]],
  ];
  for (const [registries, names] of cases)
    it(`${registries.join(' and ')} become ${names.join(' and ')}, and stay what they are in AWS`, () => {
      const { documents } = importDocuments(
        inventory({
          registries: registries.map((name) => named(name)),
          services: registries.map((name, index) =>
            boundService({ name: `service-${index}`, ...bound(`arn:${name}`) }),
          ),
        }),
        OWNER,
      );
      assert.deepEqual(
        documents.map(({ name }) => name),
        names,
      );
      assert.deepEqual(
        documents.map((document) => targetOf(document).spec.registry.name),
        registries,
      );
    });
});

describe('import: endpoints from tags', () => {
  const cases: readonly (readonly [
    what: string,
    tags: Readonly<Record<string, string>>,
    endpoints: readonly string[],
  ])[] = [
    ['METRICS_* are the endpoint metrics', SAMPLE_TAGS, ['metrics 3000/metrics']],
    [
      'ECS_METRICS_* are the endpoint ecs',
      { ...SAMPLE_TAGS, ECS_METRICS_PATH: '/e', ECS_METRICS_PORT: '9779' },
      ['metrics 3000/metrics', 'ecs 9779/e'],
    ],
    [
      'a suffix is the name of an endpoint',
      { ...SAMPLE_TAGS, METRICS_PATH_JVM_HEAP: '/heap', METRICS_PORT_JVM_HEAP: '9404' },
      ['metrics 3000/metrics', 'jvm-heap 9404/heap'],
    ],
    [
      'a suffix that takes the name of the first endpoint gives it another',
      { ...SAMPLE_TAGS, METRICS_PORT_METRICS: '9404' },
      ['default 3000/metrics', 'metrics 9404/metrics'],
    ],
    ['a missing path is /metrics', { METRICS_PORT: '3000' }, ['metrics 3000/metrics']],
    ['a path without a slash gets one', { METRICS_PATH: 'm', METRICS_PORT: '3000' }, ['metrics 3000/m']],
  ];
  for (const [what, tags, endpoints] of cases)
    it(what, () => {
      assert.deepEqual(endpointsOf(tags), endpoints);
    });

  it('a missing port is the one that ECS registers', () => {
    const registry = taggedRegistry({ METRICS_PATH: '/m' }, { dnsRecords: [{ type: 'SRV', ttl: 10 }] });
    const services = [
      boundService(bound(registry.arn, { containerName: 'node-exporter', containerPort: 9100 })),
    ];
    const document = only(inventory({ registries: [registry], services, taskDefinitions: [HOST] }));
    assert.deepEqual(targetOf(document).spec.endpoints.map(inShort), ['metrics 9100/m']);
  });

  it('a tag with the fixed host port of a bridge task means the container port behind it, and says so', () => {
    const registry = taggedRegistry(
      { METRICS_PATH: '/metrics', METRICS_PORT: '8080' },
      { dnsRecords: [{ type: 'SRV', ttl: 10 }] },
    );
    const document = only(
      inventory({
        registries: [registry],
        services: [boundService(bound(registry.arn, { containerName: 'app', containerPort: 3000 }))],
        taskDefinitions: [
          observedTaskDefinition({
            networkMode: 'bridge',
            containers: [{ name: 'app', portMappings: [portMapping({ hostPort: 8080 })] }],
          }),
        ],
      }),
    );
    assert.deepEqual(targetOf(document).spec.endpoints.map(inShort), ['metrics 3000/metrics']);
    assert.deepEqual(document.notes, ['The first apply changes the tag METRICS_PORT from "8080" to "3000".']);
  });

  for (const port of ['', 'http', '0', '70000'])
    it(`a port of ${JSON.stringify(port)} is told and not guessed at`, () => {
      const registries = [taggedRegistry({ METRICS_PATH: '/metrics', METRICS_PORT: port })];
      assert.deepEqual(reasonsOf(inventory({ registries })), [
        'registry ecs-services/webapp-svc InvalidTags',
      ]);
    });
});

describe('import: port mappings that look like metrics', () => {
  const withMapping = (
    name: string | undefined,
    containerPort: number,
    protocol = 'tcp',
    container = 'app',
  ) => [
    observedTaskDefinition({
      containers: [{ name: container, portMappings: [portMapping({ name, containerPort, protocol })] }],
    }),
  ];

  it('are proposed beside the endpoints of the tags, as comments', () => {
    const document = only(inventory({ taskDefinitions: withMapping('jmx-metrics', 9404) }));
    assert.equal(targetOf(document).spec.endpoints.length, 1);
    assert.match(document.text, /^ {4}# - name: jmx-metrics\n {4}# {3}portNumber: 9404 /m);
  });

  it('make a registry without tags a proposal that is commented out as a whole', () => {
    const document = only(
      inventory({ registries: [taggedRegistry({})], taskDefinitions: withMapping('metrics', 3000) }),
    );
    assert.equal(document.proposal, true);
    assert.ok(
      document.text
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('# ')),
    );
    assert.match(document.text, /portNumber: 3000/);
  });

  const cases: readonly (readonly [
    name: string | undefined,
    port: number,
    protocol: string,
    container: string,
    likely: boolean,
  ])[] = [
    ['prometheus', 1234, 'tcp', 'app', true],
    [undefined, 9113, 'tcp', 'app', true],
    [undefined, 2112, 'tcp', 'app', true],
    [undefined, 80, 'tcp', 'redis-exporter', true],
    ['http', 8080, 'tcp', 'app', false],
    [undefined, 9200, 'tcp', 'app', false],
    ['metrics', 8125, 'udp', 'statsd', false],
  ];
  for (const [name, port, protocol, container, likely] of cases)
    it(`${likely ? 'include' : 'do not include'} ${protocol} port ${port} named ${name ?? 'nothing'} of container ${container}`, () => {
      const given = inventory({
        registries: [taggedRegistry({})],
        taskDefinitions: withMapping(name, port, protocol, container),
      });
      assert.equal(importDocuments(given, OWNER).documents.length, likely ? 1 : 0);
      if (!likely) assert.deepEqual(reasonsOf(given), ['registry ecs-services/webapp-svc NoEndpoint']);
    });
});

describe('import: bindings that are only observed', () => {
  const cases: readonly (readonly [what: string, service: Partial<ObservedService>])[] = [
    ['CODE_DEPLOY', { deploymentController: 'CODE_DEPLOY' }],
    ['EXTERNAL', { deploymentController: 'EXTERNAL' }],
    ['Express', { resourceManagementType: 'ECS' }],
    ['BLUE_GREEN', { deploymentStrategy: 'BLUE_GREEN' }],
  ];
  for (const [what, service] of cases)
    it(`are those of ${what} services, and the document says why`, () => {
      const document = only(inventory({ services: [boundService(service)] }));
      assert.equal(document.bindingPolicy, 'Observe');
      assert.match(document.text, new RegExp(`bindingPolicy: Observe # .*${what}`));
    });

  it('are those of services known from instances alone, whose slot is free or taken', () => {
    const registrants = new Map([[taggedRegistry().arn, [{ cluster: 'demo', service: 'webapp-service' }]]]);
    for (const service of [boundService({ serviceRegistries: [] }), boundService(bound('arn:other'))]) {
      const document = only(inventory({ services: [service], registrants }));
      assert.equal(targetOf(document).spec.bindingPolicy, 'Observe');
    }
  });
});

describe('import: what is told and not written', () => {
  const cases: readonly (readonly [reason: string, given: Inventory])[] = [
    [
      'ConflictingOwner',
      inventory({ registries: [taggedRegistry({ ...SAMPLE_TAGS, [OWNER_TAG]: `${OWNER}-eu` })] }),
    ],
    [
      'ManagedByEcs',
      inventory({ registries: [taggedRegistry({ ...SAMPLE_TAGS, AmazonECSManaged: 'true' })] }),
    ],
    ['NoService', inventory({ services: [] })],
    ['NotScraped', inventory({ services: [], registries: [taggedRegistry({})] })],
    ['SeveralServices', inventory({ services: [boundService(), boundService({ name: 'second' })] })],
    ['ServiceNotActive', inventory({ services: [boundService({ status: 'DRAINING' })] })],
    ['NotDescribable', inventory({ registries: [taggedRegistry(SAMPLE_TAGS, { dnsRecords: [] })] })],
    ['Invalid', inventory({ registries: [taggedRegistry({ METRICS_PATH: '/a b', METRICS_PORT: '80' })] })],
    [
      'Unreachable',
      inventory({
        registries: [
          taggedRegistry(SAMPLE_TAGS, {
            tags: { kind: 'failed', error: transient({ reason: 'Unreachable', message: 'No answer.' }) },
          }),
        ],
      }),
    ],
  ];
  for (const [reason, given] of cases)
    it(`a registry with the reason ${reason}`, () => {
      assert.deepEqual(importDocuments(given, OWNER).documents, []);
      assert.deepEqual(reasonsOf(given), [`registry ecs-services/webapp-svc ${reason}`]);
    });

  it('is never called unused while something could not be read', () => {
    const unread = [transient({ reason: 'AccessDenied', message: 'No.' })];
    const [skipped] = importDocuments(inventory({ services: [], unread }), OWNER).skipped;
    assert.match(skipped?.message ?? '', /Not everything could be read, so there may be one all the same\.$/);
  });

  it('a service has one document: that of the registry which it names itself', () => {
    const registries = [named('a'), named('b')];
    const registrants = new Map([['arn:a', [{ cluster: 'demo', service: 'webapp-service' }]]]);
    const given = inventory({ registries, services: [boundService(bound('arn:b'))], registrants });
    assert.deepEqual(
      importDocuments(given, OWNER).documents.map(({ registry }) => registry),
      ['ecs-services/b'],
    );
    assert.deepEqual(reasonsOf(given), ['registry ecs-services/a DuplicateService']);
  });

  it('services of a cluster without a registry, or with one that is gone, are told', () => {
    const services = [
      boundService(),
      boundService({ name: 'loose', serviceRegistries: [] }),
      boundService({ name: 'lost', ...bound('arn:lost') }),
    ];
    const scope = { kind: 'clusters', names: ['demo'], service: undefined } as const;
    assert.deepEqual(reasonsOf(inventory({ services, scope })), [
      'service demo/loose NoRegistry',
      'service demo/lost RegistryNotFound',
    ]);
  });

  it('tags that no document can stand for are told before they go', () => {
    const { notes } = only(inventory({ registries: [taggedRegistry({ METRICS_PORT_JMX: '9404' })] }));
    assert.deepEqual(notes, ['The first apply removes the tags METRICS_PORT_JMX.']);
  });

  it('text of AWS never gets out of its comment or its value', () => {
    const containers = [{ name: 'app\nkind: Secret', portMappings: [portMapping({ name: '" # x\n- y' })] }];
    const document = only(inventory({ taskDefinitions: [observedTaskDefinition({ containers })] }));
    assert.equal(targetOf(document).metadata.name, 'webapp-svc');
    assert.doesNotMatch(document.text, /^(?:kind: Secret|- y)/m);
  });
});
