import assert from 'node:assert/strict';
import {
  CreateServiceCommand,
  DeleteNamespaceCommand,
  DeleteServiceCommand,
  DeregisterInstanceCommand,
  DiscoverInstancesCommand,
  DiscoverInstancesRevisionCommand,
  GetInstanceCommand,
  GetInstancesHealthStatusCommand,
  GetOperationCommand,
  GetServiceCommand,
  ListInstancesCommand,
  ListServicesCommand,
  paginateListInstances,
  RegisterInstanceCommand,
  ServiceNotFound,
  UpdateInstanceCustomHealthStatusCommand,
  type CreateServiceCommandInput,
  type DiscoverInstancesCommandInput,
} from '@aws-sdk/client-servicediscovery';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

const IP = { AWS_INSTANCE_IPV4: '10.0.0.1' };

describe('Cloud Map instances', () => {
  const aws = useEmptySandbox({ cloudMap: { quotas: { instancesPerService: 1000 } } });

  const createService = async (input: Partial<CreateServiceCommandInput> = {}): Promise<string> => {
    const { id } = aws.sandbox.cloudMap.createNamespace({ name: 'internal', type: 'DNS_PRIVATE' });
    const { Service } = await aws.cloudMap.send(
      new CreateServiceCommand({
        Name: 'api',
        NamespaceId: id,
        DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
        ...input,
      }),
    );
    return Service?.Id ?? '';
  };

  const register = (ServiceId: string, InstanceId: string, Attributes: Record<string, string> = IP) =>
    aws.cloudMap.send(new RegisterInstanceCommand({ ServiceId, InstanceId, Attributes }));

  const ids = async (ServiceId: string) => {
    const { Instances } = await aws.cloudMap.send(new ListInstancesCommand({ ServiceId }));
    return Instances?.map(({ Id }) => Id);
  };

  const discover = (input: Partial<DiscoverInstancesCommandInput> = {}) =>
    aws.cloudMap.send(
      new DiscoverInstancesCommand({ NamespaceName: 'internal', ServiceName: 'api', ...input }),
    );

  const discovered = async (input: Partial<DiscoverInstancesCommandInput> = {}) =>
    (await discover(input)).Instances?.map(({ InstanceId }) => InstanceId).sort();

  describe('registered', () => {
    it('appear when their operation has ended', async () => {
      const service = await createService();
      const { OperationId } = await register(service, 'i-1');
      assert.deepEqual(await ids(service), []);
      aws.clock.advance(1_000);
      assert.deepEqual(await ids(service), ['i-1']);
      const { Operation } = await aws.cloudMap.send(new GetOperationCommand({ OperationId }));
      assert.deepEqual(Operation?.Targets, { SERVICE: service, INSTANCE: 'i-1' });
    });

    it('answer DuplicateRequest while an operation for the same instance runs', async () => {
      const service = await createService();
      const { OperationId } = await register(service, 'i-1');
      await assert.rejects(register(service, 'i-1'), {
        name: 'DuplicateRequest',
        DuplicateOperationId: OperationId,
      });
      await register(service, 'i-2');
    });

    it('again under the same id are replaced', async () => {
      const service = await createService();
      await register(service, 'i-1');
      aws.clock.advance(1_000);
      await register(service, 'i-1', { AWS_INSTANCE_IPV4: '10.0.0.2' });
      aws.clock.advance(1_000);
      const { Instance } = await aws.cloudMap.send(
        new GetInstanceCommand({ ServiceId: service, InstanceId: 'i-1' }),
      );
      assert.equal(Instance?.Attributes?.['AWS_INSTANCE_IPV4'], '10.0.0.2');
    });

    const records = (Type: 'A' | 'AAAA' | 'SRV') => ({ DnsConfig: { DnsRecords: [{ Type, TTL: 10 }] } });

    const refusals: readonly (readonly [
      string,
      Partial<CreateServiceCommandInput>,
      Record<string, string>,
    ])[] = [
      ['A needs AWS_INSTANCE_IPV4', records('A'), { other: 'x' }],
      ['AAAA needs AWS_INSTANCE_IPV6', records('AAAA'), IP],
      ['SRV needs AWS_INSTANCE_PORT', records('SRV'), IP],
      ['SRV needs an address', records('SRV'), { AWS_INSTANCE_PORT: '80' }],
      ['an address must be one', records('A'), { AWS_INSTANCE_IPV4: 'localhost' }],
      ['a port must be at most 65535', records('SRV'), { ...IP, AWS_INSTANCE_PORT: '65536' }],
      ['a custom attribute has no spaces in its key', records('A'), { ...IP, 'a b': 'x' }],
      ['a value has 1024 characters at most', records('A'), { ...IP, long: 'x'.repeat(1025) }],
      [
        'an initial health needs a custom health check',
        records('A'),
        { ...IP, AWS_INIT_HEALTH_STATUS: 'HEALTHY' },
      ],
      ['an EC2 instance id needs an HTTP namespace', records('A'), { AWS_EC2_INSTANCE_ID: 'i-0abc' }],
      [
        'there are at most 30 custom attributes',
        records('A'),
        { ...IP, ...Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`k${index}`, 'v'])) },
      ],
      [
        'all attributes together have at most 5000 characters',
        records('A'),
        {
          ...IP,
          ...Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`k${index}`, 'v'.repeat(1024)])),
        },
      ],
    ];
    const weighted = { DnsConfig: { ...records('A').DnsConfig, RoutingPolicy: 'WEIGHTED' as const } };
    const alias = { AWS_ALIAS_DNS_NAME: 'lb.example.com' };

    it('may be an alias of a load balancer when the policy is WEIGHTED', async () => {
      await register(await createService(weighted), 'i-1', alias);
    });

    it('must not be an alias when the policy is MULTIVALUE, or with an address', async () => {
      const error = { name: 'InvalidInput' };
      await assert.rejects(register(await createService(records('A')), 'i-1', alias), error);
      await assert.rejects(register(await createService(weighted), 'i-1', { ...alias, ...IP }), error);
    });

    it('in an HTTP namespace may be an EC2 instance, with no other attribute', async () => {
      const { id } = aws.sandbox.cloudMap.createNamespace({ name: 'web', type: 'HTTP' });
      const service = await createService({ NamespaceId: id, DnsConfig: undefined });
      const ec2 = { AWS_EC2_INSTANCE_ID: 'i-0abc' };
      await register(service, 'i-1', ec2);
      await assert.rejects(register(service, 'i-2', { ...ec2, ...IP }), { name: 'InvalidInput' });
    });

    for (const [rule, service, attributes] of refusals)
      it(`are refused because ${rule}`, async () => {
        const id = await createService(service);
        await assert.rejects(register(id, 'i-1', attributes), { name: 'InvalidInput' });
      });

    it('say what is missing for SRV in the words of AWS', async () => {
      const id = await createService(records('SRV'));
      await assert.rejects(register(id, 'i-1'), {
        message: 'A port must be supplied in order to register this instance.',
      });
    });

    it('may have ids of letters, digits and _ / : . @ - up to 64', async () => {
      const id = await createService();
      await register(id, 'task/a:b.c@d_e-1');
      await assert.rejects(register(id, 'a b'), { name: 'InvalidInput' });
      await assert.rejects(register(id, 'x'.repeat(65)), { name: 'InvalidInput' });
    });

    it('keep their service from being deleted already while they register', async () => {
      const id = await createService();
      await register(id, 'i-1');
      await assert.rejects(aws.cloudMap.send(new DeleteServiceCommand({ Id: id })), {
        name: 'ResourceInUse',
      });
    });
  });

  describe('deregistered', () => {
    it('disappear when their operation has ended', async () => {
      const service = await createService();
      aws.sandbox.cloudMap.instances.register(service, 'i-1', IP);
      await aws.cloudMap.send(new DeregisterInstanceCommand({ ServiceId: service, InstanceId: 'i-1' }));
      assert.deepEqual(await ids(service), ['i-1']);
      aws.clock.advance(1_000);
      assert.deepEqual(await ids(service), []);
    });

    it('answer InstanceNotFound when they are unknown', async () => {
      const ServiceId = await createService();
      await assert.rejects(
        aws.cloudMap.send(new DeregisterInstanceCommand({ ServiceId, InstanceId: 'i-1' })),
        { name: 'InstanceNotFound' },
      );
    });
  });

  describe('listed', () => {
    it('come 100 a page, without health, and are counted by their service', async () => {
      const ServiceId = await createService();
      for (let index = 0; index < 250; index++)
        aws.sandbox.cloudMap.instances.register(ServiceId, `i-${index}`, IP);
      const pages: number[] = [];
      for await (const page of paginateListInstances({ client: aws.cloudMap }, { ServiceId })) {
        pages.push(page.Instances?.length ?? 0);
        assert.equal('HealthStatus' in (page.Instances?.[0] ?? {}), false);
      }
      assert.deepEqual(pages, [100, 100, 50]);
      const { Service } = await aws.cloudMap.send(new GetServiceCommand({ Id: ServiceId }));
      assert.equal(Service?.InstanceCount, 250);
    });
  });

  describe('with health', () => {
    const health = async (ServiceId: string, Instances?: string[]) =>
      (await aws.cloudMap.send(new GetInstancesHealthStatusCommand({ ServiceId, Instances }))).Status;

    it('are UNKNOWN without any health check', async () => {
      const service = await createService();
      aws.sandbox.cloudMap.instances.register(service, 'i-1', IP);
      assert.deepEqual(await health(service), { 'i-1': 'UNKNOWN' });
    });

    it('start HEALTHY with a custom health check, or as AWS_INIT_HEALTH_STATUS says', async () => {
      const service = await createService({ HealthCheckCustomConfig: {} });
      aws.sandbox.cloudMap.instances.register(service, 'i-1', IP);
      aws.sandbox.cloudMap.instances.register(service, 'i-2', { ...IP, AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' });
      assert.deepEqual(await health(service), { 'i-1': 'HEALTHY', 'i-2': 'UNHEALTHY' });
    });

    it('keep AWS_INIT_HEALTH_STATUS as it was when their health changes', async () => {
      const service = await createService({ HealthCheckCustomConfig: {} });
      const { instances } = aws.sandbox.cloudMap;
      instances.register(service, 'i-1', { ...IP, AWS_INIT_HEALTH_STATUS: 'UNHEALTHY' });
      instances.setHealth(service, 'i-1', 'HEALTHY');
      assert.deepEqual(await health(service, ['i-1']), { 'i-1': 'HEALTHY' });
      const { Instance } = await aws.cloudMap.send(
        new GetInstanceCommand({ ServiceId: service, InstanceId: 'i-1' }),
      );
      assert.equal(Instance?.Attributes?.['AWS_INIT_HEALTH_STATUS'], 'UNHEALTHY');
    });

    it('change 30 seconds after UpdateInstanceCustomHealthStatus', async () => {
      const ServiceId = await createService({ HealthCheckCustomConfig: {} });
      aws.sandbox.cloudMap.instances.register(ServiceId, 'i-1', IP);
      await aws.cloudMap.send(
        new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'i-1', Status: 'UNHEALTHY' }),
      );
      aws.clock.advance(29_999);
      assert.deepEqual(await health(ServiceId), { 'i-1': 'HEALTHY' });
      aws.clock.advance(1);
      assert.deepEqual(await health(ServiceId), { 'i-1': 'UNHEALTHY' });
    });

    it('stay as they are when the opposite is reported within the 30 seconds', async () => {
      const ServiceId = await createService({ HealthCheckCustomConfig: {} });
      aws.sandbox.cloudMap.instances.register(ServiceId, 'i-1', IP);
      const seen: (string | undefined)[] = [];
      for (const Status of ['UNHEALTHY', 'HEALTHY'] as const) {
        await aws.cloudMap.send(
          new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'i-1', Status }),
        );
        aws.clock.advance(20_000);
        seen.push((await health(ServiceId))?.['i-1']);
      }
      aws.clock.advance(20_000);
      seen.push((await health(ServiceId))?.['i-1']);
      assert.deepEqual(seen, ['HEALTHY', 'HEALTHY', 'HEALTHY']);
    });

    it('change no sooner when the same is reported again', async () => {
      const ServiceId = await createService({ HealthCheckCustomConfig: {} });
      aws.sandbox.cloudMap.instances.register(ServiceId, 'i-1', IP);
      const report = () =>
        aws.cloudMap.send(
          new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'i-1', Status: 'UNHEALTHY' }),
        );
      await report();
      aws.clock.advance(20_000);
      await report();
      assert.deepEqual(await health(ServiceId), { 'i-1': 'HEALTHY' });
      aws.clock.advance(10_000);
      assert.deepEqual(await health(ServiceId), { 'i-1': 'UNHEALTHY' });
    });

    it('cannot be set without a custom health check: CustomHealthNotFound', async () => {
      const ServiceId = await createService();
      aws.sandbox.cloudMap.instances.register(ServiceId, 'i-1', IP);
      await assert.rejects(
        aws.cloudMap.send(
          new UpdateInstanceCustomHealthStatusCommand({ ServiceId, InstanceId: 'i-1', Status: 'HEALTHY' }),
        ),
        { name: 'CustomHealthNotFound' },
      );
    });

    it('answer InstanceNotFound when asked by an unknown id', async () => {
      const service = await createService();
      await assert.rejects(health(service, ['i-1']), { name: 'InstanceNotFound' });
    });
  });

  describe('discovered', () => {
    const withHealth = async (...states: ('HEALTHY' | 'UNHEALTHY')[]) => {
      const service = await createService({ HealthCheckCustomConfig: {} });
      states.forEach((state, index) => {
        aws.sandbox.cloudMap.instances.register(service, `i-${index}`, {
          ...IP,
          AWS_INIT_HEALTH_STATUS: state,
          index: String(index),
          parity: String(index % 2),
        });
      });
      return service;
    };

    it('are the healthy ones unless told otherwise', async () => {
      await withHealth('HEALTHY', 'UNHEALTHY');
      assert.deepEqual(await discovered(), ['i-0']);
      assert.deepEqual(await discovered({ HealthStatus: 'UNHEALTHY' }), ['i-1']);
      assert.deepEqual(await discovered({ HealthStatus: 'ALL' }), ['i-0', 'i-1']);
    });

    it('are all under HEALTHY_OR_ELSE_ALL when none is healthy', async () => {
      await withHealth('UNHEALTHY', 'UNHEALTHY');
      assert.deepEqual(await discovered({ HealthStatus: 'HEALTHY_OR_ELSE_ALL' }), ['i-0', 'i-1']);
      assert.deepEqual(await discovered(), []);
    });

    it('are all when the service has no health check, whatever the filter', async () => {
      const service = await createService();
      aws.sandbox.cloudMap.instances.register(service, 'i-0', IP);
      assert.deepEqual(await discovered({ HealthStatus: 'UNHEALTHY' }), ['i-0']);
    });

    it('must match every query parameter', async () => {
      await withHealth('HEALTHY', 'HEALTHY', 'HEALTHY');
      assert.deepEqual(await discovered({ QueryParameters: { parity: '0' } }), ['i-0', 'i-2']);
      assert.deepEqual(await discovered({ QueryParameters: { parity: '0', index: '1' } }), []);
    });

    it('match optional parameters only when something does', async () => {
      await withHealth('HEALTHY', 'HEALTHY');
      assert.deepEqual(await discovered({ OptionalParameters: { index: '1' } }), ['i-1']);
      assert.deepEqual(await discovered({ OptionalParameters: { index: '9' } }), ['i-0', 'i-1']);
    });

    it('are 100 unless more are asked for, 1000 at most, and never paged', async () => {
      const service = await createService();
      for (let index = 0; index < 150; index++)
        aws.sandbox.cloudMap.instances.register(service, `i-${index}`, IP);
      assert.equal((await discovered())?.length, 100);
      assert.equal((await discovered({ MaxResults: 1000 }))?.length, 150);
      await assert.rejects(discover({ MaxResults: 1001 }), { name: 'InvalidInput' });
    });

    it('come in random order', async () => {
      const service = await createService();
      for (let index = 0; index < 20; index++)
        aws.sandbox.cloudMap.instances.register(service, `i-${index}`, IP);
      const order = async () => (await discover()).Instances?.map(({ InstanceId }) => InstanceId).join();
      assert.notEqual(await order(), await order());
    });

    it('are found by HttpName, not by Name', async () => {
      aws.sandbox.cloudMap.createNamespace({ name: 'twice', type: 'HTTP', httpName: 'twice-1a2b' });
      await assert.rejects(discover({ NamespaceName: 'twice' }), { name: 'NamespaceNotFound' });
      await assert.rejects(discover({ NamespaceName: 'twice-1a2b' }), { name: 'ServiceNotFound' });
    });

    it('of a shared namespace need its owner', async () => {
      const shared = aws.sandbox.cloudMap.createNamespace({ name: 'theirs', type: 'HTTP', shared: true });
      await aws.cloudMap.send(new CreateServiceCommand({ Name: 'api', NamespaceId: shared.arn }));
      await assert.rejects(discover({ NamespaceName: 'theirs' }), { name: 'NamespaceNotFound' });
      assert.deepEqual(await discovered({ NamespaceName: 'theirs', OwnerAccount: shared.owner }), []);
    });

    it('have a revision that rises when one comes or goes, and not when health changes', async () => {
      const service = await withHealth('HEALTHY');
      const revision = async () =>
        (
          await aws.cloudMap.send(
            new DiscoverInstancesRevisionCommand({ NamespaceName: 'internal', ServiceName: 'api' }),
          )
        ).InstancesRevision ?? 0;
      const first = await revision();
      aws.sandbox.cloudMap.instances.setHealth(service, 'i-0', 'UNHEALTHY');
      assert.equal(await revision(), first);
      aws.sandbox.cloudMap.instances.deregister(service, 'i-0');
      const second = await revision();
      assert.ok(second > first);
      assert.equal((await discover()).InstancesRevision, second);
    });
  });
});

describe('the instance registry that ECS uses', () => {
  const aws = useEmptySandbox();

  const createService = async (shared = false, input: Partial<CreateServiceCommandInput> = {}) => {
    const { arn } = aws.sandbox.cloudMap.createNamespace({ name: 'internal', type: 'DNS_PRIVATE', shared });
    const { Service } = await aws.cloudMap.send(
      new CreateServiceCommand({ Name: 'api', NamespaceId: arn, ...input }),
    );
    return { id: Service?.Id ?? '', arn: Service?.Arn ?? '' };
  };

  it('describes a registry by its ARN', async () => {
    const { id, arn } = await createService(false, {
      DnsConfig: { DnsRecords: [{ Type: 'SRV', TTL: 10 }] },
      HealthCheckCustomConfig: {},
    });
    assert.deepEqual(aws.sandbox.cloudMap.instances.registry(arn), {
      id,
      arn,
      namespaceType: 'DNS_PRIVATE',
      shared: false,
      recordTypes: ['SRV'],
      customHealth: true,
    });
  });

  it('says that a registry is shared from another account', async () => {
    const { arn } = await createService(true);
    assert.equal(aws.sandbox.cloudMap.instances.registry(arn)?.shared, true);
  });

  it('knows no registry by its id, by a namespace ARN, or after it is deleted', async () => {
    const { id, arn } = await createService();
    const { registry } = aws.sandbox.cloudMap.instances;
    await aws.cloudMap.send(new DeleteServiceCommand({ Id: id }));
    assert.deepEqual(
      [registry(id), registry(arn.replace('service/srv', 'namespace/ns')), registry(arn)],
      [undefined, undefined, undefined],
    );
  });

  it('refuses to register where there is no registry, and does not mind to deregister', () => {
    const { instances } = aws.sandbox.cloudMap;
    assert.throws(() => instances.register('srv-unknown', 'i-1', IP), { code: 'ServiceNotFound' });
    instances.deregister('srv-unknown', 'i-1');
    instances.setHealth('srv-unknown', 'i-1', 'HEALTHY');
  });
});

describe('Cloud Map quotas', () => {
  const aws = useEmptySandbox({ cloudMap: { quotas: { namespaces: 1, instancesPerService: 1 } } });

  it('refuse one instance more than a service may have: ResourceLimitExceeded', async () => {
    const { id } = aws.sandbox.cloudMap.createNamespace({ name: 'web', type: 'HTTP' });
    const { Service } = await aws.cloudMap.send(new CreateServiceCommand({ Name: 'api', NamespaceId: id }));
    aws.sandbox.cloudMap.instances.register(Service?.Id ?? '', 'i-1', IP);
    await assert.rejects(
      aws.cloudMap.send(
        new RegisterInstanceCommand({ ServiceId: Service?.Id, InstanceId: 'i-2', Attributes: IP }),
      ),
      { name: 'ResourceLimitExceeded' },
    );
  });
});

describe('Cloud Map with eventual consistency', () => {
  const aws = useEmptySandbox({ cloudMap: { listLagMs: 2_000 } });

  it('lists a new instance later than it knows it by id', async () => {
    const { id } = aws.sandbox.cloudMap.createNamespace({ name: 'web', type: 'HTTP' });
    const { Service } = await aws.cloudMap.send(new CreateServiceCommand({ Name: 'api', NamespaceId: id }));
    const ServiceId = Service?.Id ?? '';
    aws.sandbox.cloudMap.instances.register(ServiceId, 'i-1', IP);
    await aws.cloudMap.send(new GetInstanceCommand({ ServiceId, InstanceId: 'i-1' }));
    const listed = async () =>
      (await aws.cloudMap.send(new ListInstancesCommand({ ServiceId }))).Instances?.length;
    const early = await listed();
    aws.clock.advance(2_000);
    assert.deepEqual([early, await listed()], [0, 1]);
  });

  it('still lists a service for a while after it and its namespace were deleted', async () => {
    const { id } = aws.sandbox.cloudMap.createNamespace({ name: 'web', type: 'HTTP' });
    const { Service } = await aws.cloudMap.send(new CreateServiceCommand({ Name: 'api', NamespaceId: id }));
    aws.clock.advance(2_000);
    await aws.cloudMap.send(new DeleteServiceCommand({ Id: Service?.Id }));
    await aws.cloudMap.send(new DeleteNamespaceCommand({ Id: id }));
    aws.clock.advance(1_000);
    const listed = async () => (await aws.cloudMap.send(new ListServicesCommand({}))).Services?.length;
    const early = await listed();
    aws.clock.advance(1_000);
    assert.deepEqual([early, await listed()], [1, 0]);
  });
});

describe('Cloud Map with the statuses of its service model', () => {
  const aws = useEmptySandbox({ cloudMap: { declaredStatuses: true } });

  it('answers 404 where a thing is not found', () =>
    assert.rejects(aws.cloudMap.send(new GetServiceCommand({ Id: 'srv-unknown' })), (error: unknown) => {
      assert.ok(error instanceof ServiceNotFound);
      assert.equal(error.$metadata.httpStatusCode, 404);
      return true;
    }));
});
