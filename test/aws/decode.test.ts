import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { decodeInstance, decodeNamespace, decodeRegistry } from '../../controller/aws/decode-cloudmap.ts';
import { decodeService, decodeTags } from '../../controller/aws/decode-service.ts';
import { decodeTaskDefinition } from '../../controller/aws/decode-task-definition.ts';
import { decodeTask } from '../../controller/aws/decode-task.ts';
import type { ObservedTask } from '../../controller/state/observed.ts';

const TASK = {
  taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/prod/0123456789abcdef',
  group: 'service:app',
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  healthStatus: 'HEALTHY',
  launchType: 'FARGATE',
  taskDefinitionArn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/app:7',
  attachments: [
    {
      type: 'ElasticNetworkInterface',
      status: 'ATTACHED',
      details: [
        { name: 'subnetId', value: 'subnet-1' },
        { name: 'privateIPv4Address', value: '10.0.0.7' },
      ],
    },
  ],
  containers: [
    {
      name: 'app',
      networkBindings: [{ bindIP: '0.0.0.0', containerPort: 8080, hostPort: 49153, protocol: 'tcp' }],
      networkInterfaces: [{ privateIpv4Address: '10.0.0.7', ipv6Address: '2600::7' }],
    },
  ],
};

const decoded = (raw: unknown): ObservedTask => {
  const found = decodeTask(raw);
  if (found.kind === 'skipped') throw new Error(found.skipped.reason);
  return found.task;
};

/** The sample with any member, at any depth, missing or replaced by anything. */
const damaged = (sample: unknown): fc.Arbitrary<unknown> => {
  if (Array.isArray(sample))
    return fc.oneof({ weight: 4, arbitrary: fc.tuple(...sample.map(damaged)) }, fc.anything());
  if (typeof sample === 'object' && sample !== null) {
    const members = Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, damaged(value)]));
    return fc.oneof({ weight: 4, arbitrary: fc.record(members, { requiredKeys: [] }) }, fc.anything());
  }
  return fc.oneof({ weight: 3, arbitrary: fc.constant(sample) }, fc.anything());
};

describe('Decoding answers of ECS and Cloud Map', () => {
  it('reads address, subnet and IPv6 of an awsvpc task in either spelling', () => {
    const task = decoded(TASK);
    assert.deepEqual([task.ipv4, task.ipv6, task.subnetId], ['10.0.0.7', '2600::7', 'subnet-1']);
    const fromContainer = decoded({ ...TASK, attachments: [] });
    assert.equal(fromContainer.ipv4, '10.0.0.7');
    const [attachment] = TASK.attachments;
    assert.equal(decoded({ ...TASK, attachments: [{ ...attachment, type: 'eni' }] }).subnetId, 'subnet-1');
  });

  it('takes no address from a network interface that is gone', () => {
    const [attachment] = TASK.attachments;
    const task = decoded({ ...TASK, containers: [], attachments: [{ ...attachment, status: 'DELETED' }] });
    assert.equal(task.ipv4, undefined);
  });

  it('reads a dynamic host port, and a range port by port', () => {
    assert.deepEqual(decoded(TASK).networkBindings, [
      { containerName: 'app', containerPort: 8080, hostPort: 49153, protocol: 'tcp' },
    ]);
    const range = { containerPortRange: '80-82', hostPortRange: '49200-49202', protocol: 'tcp' };
    const task = decoded({ ...TASK, containers: [{ name: 'app', networkBindings: [range] }] });
    assert.deepEqual(
      task.networkBindings.map(({ containerPort, hostPort }) => [containerPort, hostPort]),
      [
        [80, 49200],
        [81, 49201],
        [82, 49202],
      ],
    );
  });

  it('skips a task without ARN or status and says why', () => {
    const { lastStatus: _, ...stateless } = TASK;
    const skipped = decodeTask(stateless);
    assert.ok(skipped.kind === 'skipped');
    assert.equal(skipped.skipped.taskId, '0123456789abcdef');
    assert.match(skipped.skipped.reason, /state/);
    assert.equal(decodeTask({ lastStatus: 'RUNNING' }).kind, 'skipped');
  });

  it('never throws on a task, and never yields an address or port that nothing can connect to', () => {
    fc.assert(
      fc.property(damaged(TASK), (raw) => {
        const found = decodeTask(raw);
        if (found.kind === 'skipped') return;
        const { id, ipv4, ipv6, networkBindings } = found.task;
        assert.ok(id.length >= 0);
        assert.ok(ipv4 === undefined || isIP(ipv4) === 4);
        assert.ok(ipv6 === undefined || isIP(ipv6) === 6);
        for (const { containerPort, hostPort } of networkBindings)
          for (const port of [containerPort, hostPort]) assert.ok(port > 0 && port < 65_536);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on a service, task definition, namespace, registry or instance, and never invents an identity', () => {
    const arn = 'arn:aws:ecs:us-east-1:123456789012:service/prod/app';
    const service = {
      serviceArn: arn,
      clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/prod',
      serviceRegistries: [{ registryArn: 'arn:x', containerPort: 80 }],
      deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED' }],
      tags: [{ key: 'team', value: 'web' }],
    };
    const definition = {
      family: 'app',
      containerDefinitions: [{ name: 'a', portMappings: [{ containerPort: 1 }] }],
    };
    const namespace = { Id: 'ns-1', Arn: 'arn:ns', Name: 'apps', Type: 'HTTP' };
    const registry = {
      Id: 'srv-1',
      Arn: 'arn:srv',
      Name: 'app',
      DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 5 }] },
    };
    const instance = { Id: 'i', Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1', AWS_INSTANCE_PORT: '80' } };
    fc.assert(
      fc.property(
        fc.tuple(...[service, definition, namespace, registry, instance].map(damaged)),
        ([aService, aDefinition, aNamespace, aRegistry, anInstance]) => {
          assert.notEqual(decodeService(aService)?.arn, '');
          assert.equal(decodeTaskDefinition('arn:task-definition/app:1', aDefinition).arn.length, 25);
          assert.notEqual(decodeNamespace(aNamespace)?.id, '');
          assert.notEqual(decodeRegistry(aRegistry)?.registry.arn, '');
          const address = decodeInstance(anInstance)?.ipv4;
          assert.ok(address === undefined || isIP(address) === 4);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('fills in what ECS leaves out because it is the default', () => {
    const service = decodeService({
      serviceArn: 'arn:aws:ecs:r:1:service/prod/app',
      clusterArn: 'arn:aws:ecs:r:1:cluster/prod',
    });
    assert.deepEqual(
      [service?.name, service?.deploymentController, service?.deploymentStrategy, service?.serviceRegistries],
      ['app', 'ECS', 'ROLLING', []],
    );
    const definition = decodeTaskDefinition('arn:aws:ecs:r:1:task-definition/app:12', {});
    assert.deepEqual([definition.family, definition.revision, definition.networkMode], ['app', 12, 'bridge']);
  });

  it('tells a Classic Load Balancer from one with a target group', () => {
    const balanced = (loadBalancer: object) =>
      decodeService({ serviceArn: 'a/s', clusterArn: 'a/c', loadBalancers: [loadBalancer] })
        ?.classicLoadBalancer;
    assert.equal(balanced({ loadBalancerName: 'old' }), true);
    assert.equal(balanced({ targetGroupArn: 'arn:tg' }), false);
  });

  it('calls the routing policy MULTIVALUE where a DNS registry names none, and none where there is no DNS', () => {
    const registry = { Id: 'srv-1', Arn: 'arn:srv', Name: 'app' };
    assert.equal(
      decodeRegistry({ ...registry, DnsConfig: { DnsRecords: [] } })?.registry.routingPolicy,
      'MULTIVALUE',
    );
    assert.equal(decodeRegistry(registry)?.registry.routingPolicy, undefined);
  });

  it('keeps tags with an empty value and drops what is no tag', () => {
    const raw = [{ Key: 'a', Value: '' }, { Key: 'b' }, { Value: 'c' }, 7, { Key: 'd', Value: 4 }];
    assert.deepEqual(decodeTags(raw, 'Key', 'Value'), { a: '', b: '' });
  });
});
