import assert from 'node:assert/strict';
import fc from 'fast-check';
import { transient } from '../../controller/errors.ts';
import { discoverTargets } from '../../controller/scrape/discover.ts';
import type { ObservedRegistry } from '../../controller/state/observed.ts';
import type { Discovery, TargetGroup } from '../../controller/state/targets.ts';
import {
  DEFINITION_ARN,
  complete,
  definition,
  document,
  failed,
  hostTask,
  namespace,
  observed,
  scrapeTarget,
  service,
  task,
} from '../support/scrape-world.ts';
import type { World } from '../support/scrape-world.ts';

const BY_NAME = document('', 'port: http');

function discover(world: World, text = document()): Extract<Discovery, { kind: 'discovered' }> {
  const discovery = discoverTargets(scrapeTarget(text), observed(world));
  assert.equal(discovery.kind, 'discovered');
  return discovery;
}

function groupsOf(world: World, text = document()): readonly TargetGroup[] {
  return discover(world, text).endpoints.get('metrics') ?? [];
}

function addresses(world: World, text = document()): readonly string[] {
  return groupsOf(world, text).flatMap(({ targets }) => targets);
}

function reasons(world: World, text = document()): readonly string[] {
  return discover(world, text).skipped.map(({ taskId, reason }) => `${taskId}: ${reason}`);
}

const bridge = complete(definition({ networkMode: 'bridge' }));
const host = complete(definition({ networkMode: 'host' }));
const bound = (hostPort: number, containerName = 'app', containerPort = 3000, protocol = 'tcp') => ({
  containerName,
  containerPort,
  hostPort,
  protocol,
});

describe('discoverTargets', () => {
  describe('addresses', () => {
    it('takes an awsvpc task at its own address and the container port', () => {
      assert.deepEqual(addresses({}), ['10.0.0.1:3000']);
    });

    it('needs no port mapping for a numbered port of an awsvpc task', () => {
      assert.deepEqual(addresses({}, document('', 'portNumber: 9102')), ['10.0.0.1:9102']);
    });

    it('finds a named port in the task definition of the task itself', () => {
      assert.deepEqual(addresses({}, BY_NAME), ['10.0.0.1:3000']);
    });

    it('writes an IPv6 address in brackets when the task has no IPv4 address', () => {
      const tasks = [task('aaa', { ipv4: undefined, ipv6: '2001:db8::1' })];
      assert.deepEqual(addresses({ tasks }), ['[2001:db8::1]:3000']);
    });

    it('takes a task in host mode at the address of its registry instance and the container port', () => {
      const tasks = [hostTask('aaa', '10.0.1.5')];
      assert.deepEqual(addresses({ tasks, definition: host }), ['10.0.1.5:3000']);
    });

    it('takes a task in bridge mode at the host port that its container port got', () => {
      const tasks = [
        hostTask('aaa', '10.0.1.5', { networkBindings: [bound(32768, 'app', 80), bound(32769)] }),
        hostTask('bbb', '10.0.1.5', { networkBindings: [bound(32770)] }),
      ];
      assert.deepEqual(addresses({ tasks, definition: bridge }), ['10.0.1.5:32769', '10.0.1.5:32770']);
    });

    it('takes the binding of the container that owns the named port', () => {
      const networkBindings = [bound(32768, 'aaa-sidecar'), bound(32769, 'app')];
      const tasks = [hostTask('aaa', '10.0.1.5', { networkBindings })];
      assert.deepEqual(addresses({ tasks, definition: bridge }, BY_NAME), ['10.0.1.5:32769']);
    });

    it('falls back to the port of the registry instance when the registry is bound to that container port', () => {
      const instance = { id: 'aaa', ipv4: '10.0.1.5', ipv6: undefined, port: 32771, ec2InstanceId: 'i-1' };
      const tasks = [hostTask('aaa', '10.0.1.5', { instance })];
      const text = document().replace(
        'name: webapp-svc}',
        'name: webapp-svc, dnsRecord: {type: SRV, ttl: 10}, containerName: app, containerPort: 3000}',
      );
      assert.deepEqual(addresses({ tasks, definition: bridge }, text), ['10.0.1.5:32771']);
      assert.deepEqual(addresses({ tasks, definition: bridge }), []);
    });

    it('does not need the task definition of an awsvpc task with a numbered port', () => {
      assert.deepEqual(addresses({ definition: failed() }), ['10.0.0.1:3000']);
    });
  });

  describe('tasks without a target', () => {
    const cases: readonly (readonly [string, World, string, string?])[] = [
      [
        'has no address yet',
        { tasks: [task('aaa', { ipv4: undefined })] },
        'endpoint metrics: no private IPv4 address yet',
      ],
      [
        'is not running yet',
        { tasks: [task('aaa', { lastStatus: 'PENDING' })] },
        'the task is PENDING, not RUNNING yet',
      ],
      ['is ending', { tasks: [task('aaa', { lastStatus: 'DEACTIVATING' })] }, 'the task is DEACTIVATING'],
      [
        'is on a host that is not in the registry',
        { tasks: [hostTask('aaa', '', { instance: undefined })], definition: host },
        'endpoint metrics: its host address is not in the registry yet',
      ],
      [
        'has no host port yet',
        { tasks: [hostTask('aaa', '10.0.1.5')], definition: bridge },
        'endpoint metrics: no host port for container port 3000 yet',
      ],
      [
        'publishes the port for UDP only',
        {
          tasks: [hostTask('aaa', '10.0.1.5', { networkBindings: [bound(1, 'app', 3000, 'udp')] })],
          definition: bridge,
        },
        'endpoint metrics: no host port for container port 3000 yet',
      ],
      [
        'has no network',
        { tasks: [hostTask('aaa', '10.0.1.5')], definition: complete(definition({ networkMode: 'none' })) },
        'endpoint metrics: network mode "none" gives the task no address',
      ],
      [
        'has an address that is none',
        { tasks: [task('aaa', { ipv4: 'pending"' })] },
        'endpoint metrics: "pending"" is not an IP address',
      ],
      [
        'has a task definition without that port name',
        {},
        'endpoint metrics: task definition web:3 has no port mapping named "admin"',
        document('', 'port: admin'),
      ],
      [
        'names a range of ports',
        {
          definition: complete(
            definition({
              containers: [
                {
                  name: 'app',
                  portMappings: [
                    {
                      name: 'http',
                      containerPort: undefined,
                      hostPort: undefined,
                      containerPortRange: '3000-3010',
                      protocol: 'tcp',
                    },
                  ],
                },
              ],
            }),
          ),
        },
        'endpoint metrics: port mapping "http" of task definition web:3 is a range, name a single port instead',
        BY_NAME,
      ],
    ];
    for (const [why, world, reason, text] of cases)
      it(`says why, when a task ${why}`, () => {
        assert.deepEqual(addresses(world, text), []);
        assert.deepEqual(reasons(world, text), [`aaa: ${reason}`]);
      });

    it('are not made by a task that is starting when filterRunning is off', () => {
      const tasks = [
        task('aaa', { lastStatus: 'ACTIVATING' }),
        task('bbb', { lastStatus: 'STOPPING', ipv4: '10.0.0.2' }),
      ];
      const text = document('', 'portNumber: 3000\nfilterRunning: false');
      assert.deepEqual(addresses({ tasks }, text), ['10.0.0.1:3000']);
    });

    it('are the later ones of two tasks at one address, and the report names the other', () => {
      const tasks = [task('bbb'), task('aaa')];
      assert.deepEqual(
        groupsOf({ tasks }).map(({ labels }) => labels['taskid']),
        ['aaa'],
      );
      assert.deepEqual(reasons({ tasks }), [
        'bbb: endpoint metrics: 10.0.0.1:3000 is already the address of task aaa',
      ]);
    });

    it('are reported once when several endpoints skip them for one reason', () => {
      const two = `${document()}    - {name: admin, portNumber: 9000}\n`;
      assert.deepEqual(reasons({ tasks: [task('aaa', { lastStatus: 'PENDING' })] }, two), [
        'aaa: the task is PENDING, not RUNNING yet',
      ]);
    });
  });

  describe('what AWS did not say', () => {
    const ec2 = [hostTask('aaa', '10.0.1.5')];
    const cases: readonly (readonly [string, World, string?])[] = [
      ['the service could not be read', { service: failed() }],
      ['the tasks could not be read', { tasks: failed() }],
      ['the namespace could not be read', { namespace: failed() }],
      ['a task definition with the named port could not be read', { definition: failed() }, BY_NAME],
      ['the network mode of a task could not be read', { definition: failed(), tasks: ec2 }],
    ];
    for (const [why, world, text] of cases)
      it(`leaves the targets unknown when ${why}`, () => {
        const discovery = discoverTargets(scrapeTarget(text), observed(world));
        assert.equal(discovery.kind, 'unknown');
        assert.equal(discovery.error.reason, 'ThrottlingException');
      });

    it('leaves the targets unknown when a service was not read at all', () => {
      const world = { ...observed(), services: new Map() };
      const discovery = discoverTargets(scrapeTarget(), world);
      assert.equal(discovery.kind === 'unknown' && discovery.error.reason, 'NotObserved');
    });

    it('leaves the targets unknown when registry tags that become labels could not be read', () => {
      const registry = namespace().registries.get('webapp-svc')!;
      const untagged = {
        ...namespace(),
        registries: new Map([['webapp-svc', { ...registry, tags: failed() }]]),
      };
      const world = { namespace: complete(untagged), service: complete(service({ tags: { team: 'a' } })) };
      const wants = (key: string) => scrapeTarget(document(`  targetLabels: [${key}]`));
      assert.equal(discoverTargets(wants('owner'), observed(world)).kind, 'unknown');
      assert.equal(discoverTargets(wants('team'), observed(world)).kind, 'discovered');
    });

    it('leaves the targets unknown when their registry may be one that did not say its name', () => {
      const error = transient({ reason: 'IncompleteAnswer', message: 'no name' });
      const partly = (registries: ReadonlyMap<string, ObservedRegistry>) =>
        discoverTargets(
          scrapeTarget(),
          observed({ namespace: complete({ ...namespace(), registries, unread: error }) }),
        ).kind;
      assert.equal(partly(new Map()), 'unknown');
      assert.equal(partly(namespace().registries), 'discovered');
    });

    it('believes an address of its own more than a task definition that says bridge', () => {
      const world = { definition: complete(definition({ networkMode: 'bridge' })), tasks: [task('aaa')] };
      assert.equal(discover(world).endpoints.get('metrics')?.length, 1);
    });

    it('is not needed once the service is confirmed to be gone', () => {
      const world = { service: complete(undefined), namespace: failed(), tasks: failed() };
      assert.deepEqual([...discover(world).endpoints], [['metrics', []]]);
      assert.deepEqual(addresses({ ...world, service: complete(service({ status: 'INACTIVE' })) }), []);
    });
  });

  describe('labels', () => {
    const labelsOf = (world: World, text = document()) => groupsOf(world, text)[0]?.labels ?? {};

    it('tell cluster, service, task and job, and how to scrape it', () => {
      const text = document(
        '  labels: {env: demo}',
        'portNumber: 3000\npath: /stats\nscheme: https\ninterval: 15s\nscrapeTimeout: 5s\nparams: {format: [prom], many: [a, b]}',
      );
      const own = Object.entries(labelsOf({}, text)).filter(([name]) => !name.startsWith('__meta_'));
      assert.deepEqual(Object.fromEntries(own), {
        __metrics_path__: '/stats',
        __param_format: 'prom',
        __scheme__: 'https',
        __scrape_interval__: '15s',
        __scrape_timeout__: '5s',
        cluster: 'shop',
        endpoint: 'metrics',
        env: 'demo',
        job: 'webapp',
        namespace: 'ecs-services',
        service: 'webapp',
        taskdefinition: 'web',
        taskid: 'aaa',
      });
    });

    it('have the names of the ECS discovery of Prometheus', () => {
      const world = { service: complete(service({ tags: { 'aws:team/name': 'shop' } })) };
      const meta = Object.entries(labelsOf(world)).filter(([name]) => name.startsWith('__meta_'));
      assert.deepEqual(Object.fromEntries(meta), {
        __meta_ecs_availability_zone: 'eu-west-1a',
        __meta_ecs_cluster: 'shop',
        __meta_ecs_cluster_arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
        __meta_ecs_desired_status: 'RUNNING',
        __meta_ecs_health_status: 'UNKNOWN',
        __meta_ecs_ip_address: '10.0.0.1',
        __meta_ecs_last_status: 'RUNNING',
        __meta_ecs_launch_type: 'FARGATE',
        __meta_ecs_network_mode: 'awsvpc',
        __meta_ecs_platform_family: 'Linux',
        __meta_ecs_platform_version: '1.4.0',
        __meta_ecs_region: 'eu-west-1',
        __meta_ecs_service: 'webapp',
        __meta_ecs_service_arn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/webapp',
        __meta_ecs_service_status: 'ACTIVE',
        __meta_ecs_subnet_id: 'subnet-1',
        __meta_ecs_tag_service_aws_team_name: 'shop',
        __meta_ecs_task_arn: 'arn:aws:ecs:eu-west-1:123456789012:task/shop/aaa',
        __meta_ecs_task_definition: DEFINITION_ARN,
        __meta_ecs_task_group: 'service:webapp',
      });
    });

    it('name the host of a task that runs on one', () => {
      const labels = labelsOf({ tasks: [hostTask('aaa', '10.0.1.5')], definition: host });
      assert.equal(labels['__meta_ecs_ec2_instance_id'], 'i-1');
      assert.equal(labels['__meta_ecs_network_mode'], 'host');
      assert.match(labels['__meta_ecs_container_instance_arn'] ?? '', /container-instance\/shop\/1$/);
    });

    it('take target labels from the tags of the service before those of the registry', () => {
      const world = {
        service: complete(service({ tags: { team: 'of-service' } })),
        namespace: complete(namespace({ team: 'of-registry', 'cost center': '7' })),
      };
      const labels = labelsOf(world, document('  targetLabels: [team, cost center, missing]'));
      assert.equal(labels['team'], 'of-service');
      assert.equal(labels['cost_center'], '7');
      assert.equal('missing' in labels, false);
    });

    it('take the job from the tag that jobLabel names, and from the document where it is missing', () => {
      const world = { service: complete(service({ tags: { app: 'storefront' } })) };
      assert.equal(labelsOf(world, document('  jobLabel: app'))['job'], 'storefront');
      assert.equal(labelsOf(world, document('  jobLabel: nothing'))['job'], 'webapp');
    });

    it('cannot be steered by a tag, even if a document got through that asks for it', () => {
      const tags = { __address__: 'evil:1', instance: 'x', cluster: 'y', __param_debug: '1' };
      const target = scrapeTarget();
      const steered = { ...target, spec: { ...target.spec, targetLabels: Object.keys(tags) } };
      const discovery = discoverTargets(steered, observed({ service: complete(service({ tags })) }));
      assert.equal(discovery.kind, 'discovered');
      const labels = discovery.endpoints.get('metrics')?.[0]?.labels ?? {};
      assert.equal(labels['cluster'], 'shop');
      for (const name of ['__address__', 'instance', '__param_debug']) assert.equal(name in labels, false);
    });

    it('have no namespace while the registry does not exist', () => {
      assert.equal('namespace' in labelsOf({ namespace: complete(undefined) }), false);
    });

    it('keep a parameter out that a label cannot carry', () => {
      const text = document('', "portNumber: 3000\nparams: {'match[]': [up], empty: ['']}");
      assert.deepEqual(
        Object.keys(labelsOf({}, text)).filter((name) => name.startsWith('__param')),
        [],
      );
    });
  });

  it('finds only targets with a host and a port, one group per task, whatever AWS leaves out', () => {
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const ip = fc.constantFrom('10.0.0.1', '10.0.0.2', '::1', '', 'x', ':');
    const port = fc.constantFrom(3000, 32768, 0, -1, 70000, Number.NaN);
    const arbitraryTask = fc
      .record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        lastStatus: fc.constantFrom('RUNNING', 'PENDING', 'STOPPED', '', 'NEW'),
        ipv4: maybe(ip),
        ipv6: maybe(ip),
        taskDefinitionArn: maybe(fc.constant(DEFINITION_ARN)),
        instance: maybe(
          fc.record({
            id: fc.constant('x'),
            ipv4: maybe(ip),
            ipv6: maybe(ip),
            port: maybe(port),
            ec2InstanceId: fc.constant(undefined),
          }),
        ),
        networkBindings: fc.array(
          fc.record({
            containerName: fc.constantFrom('app', 'other'),
            containerPort: port,
            hostPort: port,
            protocol: fc.constantFrom('tcp', 'udp'),
          }),
        ),
      })
      .map((fields) => task(fields.id, fields));
    const networkMode = fc.constantFrom('awsvpc', 'bridge', 'host', 'none', 'default');
    fc.assert(
      fc.property(fc.array(arbitraryTask), networkMode, (tasks, networkMode) => {
        const world = observed({ tasks, definition: complete(definition({ networkMode })) });
        const discovery = discoverTargets(scrapeTarget(), world);
        if (discovery.kind === 'unknown') return;
        const all = [...discovery.endpoints.values()].flat();
        for (const { targets } of all) {
          assert.equal(targets.length, 1);
          assert.match(targets[0] ?? '', /^(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):[1-9]\d*$/);
        }
        assert.equal(new Set(all.map(({ targets }) => targets[0])).size, all.length);
      }),
    );
  });
});
