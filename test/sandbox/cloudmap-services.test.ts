import assert from 'node:assert/strict';
import {
  CreateServiceCommand,
  DeleteServiceAttributesCommand,
  DeleteServiceCommand,
  GetOperationCommand,
  GetServiceAttributesCommand,
  GetServiceCommand,
  ListServicesCommand,
  paginateListServices,
  UpdateServiceAttributesCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type ServiceChange,
} from '@aws-sdk/client-servicediscovery';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

const A_RECORD = { DnsRecords: [{ Type: 'A' as const, TTL: 10 }] };

describe('Cloud Map services', () => {
  const aws = useEmptySandbox();

  const namespace = (type: 'DNS_PRIVATE' | 'DNS_PUBLIC' | 'HTTP' = 'DNS_PRIVATE', shared = false) =>
    aws.sandbox.cloudMap.createNamespace({ name: `${type.toLowerCase()}.example`, type, shared });

  const create = async (input: Partial<CreateServiceCommandInput> = {}) => {
    const NamespaceId = input.NamespaceId ?? namespace().id;
    const { Service } = await aws.cloudMap.send(
      new CreateServiceCommand({ Name: 'api', DnsConfig: A_RECORD, ...input, NamespaceId }),
    );
    return Service;
  };

  const refused = (input: Partial<CreateServiceCommandInput>, error: object = { name: 'InvalidInput' }) =>
    assert.rejects(create(input), error);

  const update = async (Id: string | undefined, Service: ServiceChange) => {
    const { OperationId } = await aws.cloudMap.send(new UpdateServiceCommand({ Id, Service }));
    aws.clock.advance(1_000);
    const { Service: after } = await aws.cloudMap.send(new GetServiceCommand({ Id }));
    const OwnerAccount = after?.ResourceOwner;
    const { Operation } = await aws.cloudMap.send(new GetOperationCommand({ OperationId, OwnerAccount }));
    assert.equal(Operation?.Status, 'SUCCESS');
    return after;
  };

  describe('created', () => {
    it('exist at once', async () => {
      const service = await create({ Description: 'the api', CreatorRequestId: 'r-1' });
      assert.match(service?.Id ?? '', /^srv-[a-z0-9]{16}$/);
      const { Service } = await aws.cloudMap.send(new GetServiceCommand({ Id: service?.Id }));
      assert.deepEqual(Service, service);
      assert.equal(Service?.CreatorRequestId, 'r-1');
      assert.equal(Service?.CreateDate?.getTime(), Date.UTC(2026, 0, 1));
    });

    it('route MULTIVALUE unless told otherwise, and repeat the namespace in DnsConfig', async () => {
      const service = await create();
      assert.equal(service?.DnsConfig?.RoutingPolicy, 'MULTIVALUE');
      assert.equal(service?.DnsConfig?.NamespaceId, service?.NamespaceId);
      assert.equal(service?.Type, 'DNS_HTTP');
    });

    it('are refused in an unknown namespace with NamespaceNotFound', () =>
      refused({ NamespaceId: 'ns-unknown' }, { name: 'NamespaceNotFound' }));

    it('are refused under a name that exists, with id, ARN and request id of the first', async () => {
      const NamespaceId = namespace().id;
      const first = await create({ NamespaceId, CreatorRequestId: 'first' });
      await refused(
        { NamespaceId, CreatorRequestId: 'second' },
        {
          name: 'ServiceAlreadyExists',
          ServiceId: first?.Id,
          ServiceArn: first?.Arn,
          CreatorRequestId: 'first',
        },
      );
    });

    it('must not differ by case alone in a DNS namespace', async () => {
      const NamespaceId = namespace().id;
      await create({ NamespaceId, Name: 'Example' });
      await refused({ NamespaceId, Name: 'EXAMPLE' }, { name: 'ServiceAlreadyExists' });
    });

    it('may differ by case alone in an HTTP namespace', async () => {
      const NamespaceId = namespace('HTTP').id;
      await create({ NamespaceId, Name: 'Example', DnsConfig: undefined });
      await create({ NamespaceId, Name: 'EXAMPLE', DnsConfig: undefined });
    });

    for (const Name of ['_http._tcp', 'a', 'web.api', '.', 'a'.repeat(63)])
      it(`may be called ${Name}`, async () => {
        assert.equal((await create({ Name }))?.Name, Name);
      });

    for (const Name of ['-web', 'web-', 'we b', 'a'.repeat(64), 'web..api', `${'a.'.repeat(63)}aa`])
      it(`must not be called ${Name}`, () => refused({ Name }));

    const combinations: readonly (readonly ('A' | 'AAAA' | 'SRV' | 'CNAME')[])[] = [
      ['A'],
      ['AAAA'],
      ['A', 'AAAA'],
      ['SRV'],
    ];
    for (const types of combinations)
      it(`may have the records ${types.join(' and ')}`, async () => {
        const DnsRecords = types.map((Type) => ({ Type, TTL: 60 }));
        assert.deepEqual((await create({ DnsConfig: { DnsRecords } }))?.DnsConfig?.DnsRecords, DnsRecords);
      });

    it('must not combine A and SRV', () =>
      refused({
        DnsConfig: {
          DnsRecords: [
            { Type: 'A', TTL: 60 },
            { Type: 'SRV', TTL: 60 },
          ],
        },
      }));

    it('need the routing policy WEIGHTED for CNAME', async () => {
      const DnsRecords = [{ Type: 'CNAME' as const, TTL: 60 }];
      await refused({ DnsConfig: { DnsRecords } });
      await create({
        Name: 'weighted',
        NamespaceId: namespace('DNS_PUBLIC').id,
        DnsConfig: { DnsRecords, RoutingPolicy: 'WEIGHTED' },
      });
    });

    it('must not combine CNAME and a Route 53 health check', () =>
      refused({
        NamespaceId: namespace('DNS_PUBLIC').id,
        DnsConfig: { RoutingPolicy: 'WEIGHTED', DnsRecords: [{ Type: 'CNAME', TTL: 60 }] },
        HealthCheckConfig: { Type: 'HTTP' },
      }));

    it('need a TTL from 0 to 2147483647', async () => {
      await refused({ DnsConfig: { DnsRecords: [{ Type: 'A', TTL: -1 }] } });
      await refused({ DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 2_147_483_648 }] } });
    });

    it('must have no DnsConfig in an HTTP namespace', () => refused({ NamespaceId: namespace('HTTP').id }));

    it('are API-only in a DNS namespace with the type HTTP', async () => {
      const service = await create({ DnsConfig: undefined, Type: 'HTTP' });
      assert.equal(service?.Type, 'HTTP');
    });

    it('must have no Route 53 health check in a private DNS namespace', () =>
      refused({ HealthCheckConfig: { Type: 'HTTP' } }));

    it('must not have both kinds of health check', () =>
      refused({
        NamespaceId: namespace('DNS_PUBLIC').id,
        HealthCheckConfig: { Type: 'HTTP' },
        HealthCheckCustomConfig: {},
      }));

    it('must have no ResourcePath on a TCP health check', () =>
      refused({
        NamespaceId: namespace('DNS_PUBLIC').id,
        HealthCheckConfig: { Type: 'TCP', ResourcePath: '/' },
      }));

    it('have the failure threshold 1 on a custom health check whatever is asked', async () => {
      const service = await create({ HealthCheckCustomConfig: { FailureThreshold: 5 } });
      assert.equal(service?.HealthCheckCustomConfig?.FailureThreshold, 1);
    });

    it('take a CreatorRequestId of 64 characters at most', () =>
      refused({ CreatorRequestId: 'x'.repeat(65) }));
  });

  describe('listed', () => {
    it('are filtered by namespace after the page is taken', async () => {
      const wanted = namespace().id;
      const other = namespace('HTTP').id;
      for (const Name of ['a', 'b', 'c']) await create({ Name, NamespaceId: other, DnsConfig: undefined });
      await create({ Name: 'wanted', NamespaceId: wanted });
      const names: (string | undefined)[] = [];
      let pages = 0;
      const filter = { Name: 'NAMESPACE_ID' as const, Values: [wanted] };
      for await (const page of paginateListServices(
        { client: aws.cloudMap, pageSize: 1 },
        { Filters: [filter] },
      )) {
        pages += 1;
        names.push(...(page.Services ?? []).map(({ Name }) => Name));
      }
      assert.equal(pages, 4);
      assert.deepEqual(names, ['wanted']);
    });

    it('accept a namespace ARN as filter', async () => {
      const { id, arn } = namespace();
      await create({ NamespaceId: id });
      const { Services } = await aws.cloudMap.send(
        new ListServicesCommand({ Filters: [{ Name: 'NAMESPACE_ID', Values: [arn] }] }),
      );
      assert.equal(Services?.length, 1);
    });

    it('refuse two values for EQ', () =>
      assert.rejects(
        aws.cloudMap.send(
          new ListServicesCommand({ Filters: [{ Name: 'NAMESPACE_ID', Values: ['ns-a', 'ns-b'] }] }),
        ),
        { name: 'InvalidInput' },
      ));

    it('carry no tags', async () => {
      await create({ Tags: [{ Key: 'METRICS_PORT', Value: '3000' }] });
      const { Services } = await aws.cloudMap.send(new ListServicesCommand({}));
      assert.equal('Tags' in (Services?.[0] ?? {}), false);
    });
  });

  describe('updated', () => {
    it('change asynchronously', async () => {
      const service = await create();
      await aws.cloudMap.send(
        new UpdateServiceCommand({ Id: service?.Id, Service: { Description: 'new', DnsConfig: A_RECORD } }),
      );
      const { Service } = await aws.cloudMap.send(new GetServiceCommand({ Id: service?.Id }));
      assert.equal(Service?.Description, undefined);
    });

    it('take a new TTL and keep their routing policy', async () => {
      const service = await create({ DnsConfig: { ...A_RECORD, RoutingPolicy: 'WEIGHTED' } });
      const after = await update(service?.Id, { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 99 }] } });
      assert.deepEqual(after?.DnsConfig?.DnsRecords, [{ Type: 'A', TTL: 99 }]);
      assert.equal(after?.DnsConfig?.RoutingPolicy, 'WEIGHTED');
    });

    it('lose the records that the update leaves out', async () => {
      const service = await create();
      const after = await update(service?.Id, { Description: 'no records' });
      assert.equal(after?.DnsConfig, undefined);
    });

    it('lose one of two records that the update leaves out', async () => {
      const both = [
        { Type: 'A' as const, TTL: 10 },
        { Type: 'AAAA' as const, TTL: 10 },
      ];
      const service = await create({ DnsConfig: { DnsRecords: both } });
      const after = await update(service?.Id, { DnsConfig: A_RECORD });
      assert.deepEqual(after?.DnsConfig?.DnsRecords, A_RECORD.DnsRecords);
    });

    it('lose the Route 53 health check that the update leaves out', async () => {
      const NamespaceId = namespace('DNS_PUBLIC').id;
      const service = await create({ NamespaceId, HealthCheckConfig: { Type: 'HTTP' } });
      assert.equal(service?.HealthCheckConfig?.ResourcePath, '/');
      const after = await update(service?.Id, { DnsConfig: A_RECORD });
      assert.equal(after?.HealthCheckConfig, undefined);
    });

    it('keep the custom health check that no update can name', async () => {
      const service = await create({ HealthCheckCustomConfig: {} });
      const after = await update(service?.Id, { DnsConfig: A_RECORD });
      assert.deepEqual(after?.HealthCheckCustomConfig, { FailureThreshold: 1 });
    });

    const refusedUpdate = (Id: string | undefined, Service: ServiceChange, name = 'InvalidInput') =>
      assert.rejects(aws.cloudMap.send(new UpdateServiceCommand({ Id, Service })), { name });

    it('cannot change the type of a record', async () => {
      const service = await create();
      await refusedUpdate(service?.Id, { DnsConfig: { DnsRecords: [{ Type: 'AAAA', TTL: 10 }] } });
    });

    it('cannot change the type of a health check', async () => {
      const NamespaceId = namespace('DNS_PUBLIC').id;
      const service = await create({ NamespaceId, HealthCheckConfig: { Type: 'HTTP' } });
      await refusedUpdate(service?.Id, { DnsConfig: A_RECORD, HealthCheckConfig: { Type: 'TCP' } });
    });

    it('cannot have a Route 53 health check beside a custom one', async () => {
      const NamespaceId = namespace('DNS_PUBLIC').id;
      const service = await create({ NamespaceId, HealthCheckCustomConfig: {} });
      await refusedUpdate(service?.Id, { DnsConfig: A_RECORD, HealthCheckConfig: { Type: 'HTTP' } });
    });

    it('cannot be updated at all in an HTTP namespace', async () => {
      const service = await create({ NamespaceId: namespace('HTTP').id, DnsConfig: undefined });
      await refusedUpdate(service?.Id, { Description: 'new' });
    });

    it('answer DuplicateRequest while an update runs', async () => {
      const service = await create();
      const change = { DnsConfig: A_RECORD };
      const { OperationId } = await aws.cloudMap.send(
        new UpdateServiceCommand({ Id: service?.Id, Service: change }),
      );
      await assert.rejects(
        aws.cloudMap.send(new UpdateServiceCommand({ Id: service?.Id, Service: change })),
        {
          name: 'DuplicateRequest',
          DuplicateOperationId: OperationId,
        },
      );
    });

    it('answer ServiceNotFound when they do not exist', () =>
      refusedUpdate('srv-unknown', { Description: 'x' }, 'ServiceNotFound'));
  });

  describe('deleted', () => {
    it('are gone at once, with their tags', async () => {
      const service = await create();
      await aws.cloudMap.send(new DeleteServiceCommand({ Id: service?.Arn }));
      await assert.rejects(aws.cloudMap.send(new DeleteServiceCommand({ Id: service?.Id })), {
        name: 'ServiceNotFound',
      });
    });

    it('answer ResourceInUse while any instance is registered', async () => {
      const service = await create();
      aws.sandbox.cloudMap.instances.register(service?.Id ?? '', 'i-1', { AWS_INSTANCE_IPV4: '10.0.0.1' });
      await assert.rejects(aws.cloudMap.send(new DeleteServiceCommand({ Id: service?.Id })), {
        name: 'ResourceInUse',
        message: 'Service contains registered instances; delete the instances before deleting the service',
      });
      aws.sandbox.cloudMap.instances.deregister(service?.Id ?? '', 'i-1');
      await aws.cloudMap.send(new DeleteServiceCommand({ Id: service?.Id }));
    });
  });

  describe('with attributes of their own', () => {
    const attributes = async (ServiceId: string | undefined) =>
      (await aws.cloudMap.send(new GetServiceAttributesCommand({ ServiceId }))).ServiceAttributes?.Attributes;

    it('merge new attributes into the old, and lose those that are deleted', async () => {
      const ServiceId = (await create())?.Arn;
      await aws.cloudMap.send(
        new UpdateServiceAttributesCommand({ ServiceId, Attributes: { a: '1', b: '{"json": "fits"}' } }),
      );
      await aws.cloudMap.send(new UpdateServiceAttributesCommand({ ServiceId, Attributes: { a: '2' } }));
      assert.deepEqual(await attributes(ServiceId), { a: '2', b: '{"json": "fits"}' });
      await aws.cloudMap.send(new DeleteServiceAttributesCommand({ ServiceId, Attributes: ['a'] }));
      assert.deepEqual(await attributes(ServiceId), { b: '{"json": "fits"}' });
    });

    it('hold 30 at most', async () => {
      const ServiceId = (await create())?.Id;
      const Attributes = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`k${index}`, 'v']));
      await assert.rejects(aws.cloudMap.send(new UpdateServiceAttributesCommand({ ServiceId, Attributes })), {
        name: 'ServiceAttributesLimitExceededException',
      });
    });
  });

  describe('in a namespace shared by another account', () => {
    it('are created and found by ARN only', async () => {
      const service = await create({ NamespaceId: namespace('DNS_PRIVATE', true).arn });
      assert.notEqual(service?.ResourceOwner, aws.sandbox.account);
      assert.equal(service?.CreatedByAccount, aws.sandbox.account);
      await aws.cloudMap.send(new GetServiceCommand({ Id: service?.Arn }));
      await assert.rejects(aws.cloudMap.send(new GetServiceCommand({ Id: service?.Id })), {
        name: 'ServiceNotFound',
      });
    });

    it('cannot be created with tags', async () => {
      const NamespaceId = namespace('DNS_PRIVATE', true).arn;
      await refused(
        { NamespaceId, Tags: [{ Key: 'team', Value: 'shop' }] },
        { name: 'AccessDeniedException' },
      );
    });

    it('accept attributes', async () => {
      const service = await create({ NamespaceId: namespace('DNS_PRIVATE', true).arn });
      await aws.cloudMap.send(
        new UpdateServiceAttributesCommand({ ServiceId: service?.Arn, Attributes: { a: '1' } }),
      );
    });

    it('have operations that are found only by naming the owner', async () => {
      const service = await create({ NamespaceId: namespace('DNS_PRIVATE', true).arn });
      const change = { DnsConfig: A_RECORD };
      const { OperationId } = await aws.cloudMap.send(
        new UpdateServiceCommand({ Id: service?.Arn, Service: change }),
      );
      await assert.rejects(aws.cloudMap.send(new GetOperationCommand({ OperationId })), {
        name: 'OperationNotFound',
      });
      const OwnerAccount = service?.ResourceOwner;
      await aws.cloudMap.send(new GetOperationCommand({ OperationId, OwnerAccount }));
    });

    it('cannot be updated once another account has registered instances', async () => {
      const service = await create({ NamespaceId: namespace('DNS_PRIVATE', true).arn });
      await update(service?.Arn, { DnsConfig: A_RECORD, Description: 'mine alone' });
      aws.sandbox.cloudMap.registerForeign(service?.Id ?? '', 'i-1', { AWS_INSTANCE_IPV4: '10.0.0.1' });
      await assert.rejects(update(service?.Arn, { DnsConfig: A_RECORD }), { name: 'InvalidInput' });
    });
  });
});
