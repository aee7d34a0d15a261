import assert from 'node:assert/strict';
import {
  CreateHttpNamespaceCommand,
  CreatePrivateDnsNamespaceCommand,
  CreatePublicDnsNamespaceCommand,
  CreateServiceCommand,
  DeleteNamespaceCommand,
  GetNamespaceCommand,
  GetOperationCommand,
  ListNamespacesCommand,
  ListOperationsCommand,
  paginateListNamespaces,
  UpdateHttpNamespaceCommand,
  type OperationFilter,
} from '@aws-sdk/client-servicediscovery';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

describe('Cloud Map namespaces', () => {
  const aws = useEmptySandbox();

  const operation = async (OperationId: string | undefined) => {
    const { Operation } = await aws.cloudMap.send(new GetOperationCommand({ OperationId }));
    return Operation;
  };

  const createHttp = async (Name: string): Promise<string> => {
    const { OperationId } = await aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name }));
    aws.clock.advance(5_000);
    return (await operation(OperationId))?.Targets?.NAMESPACE ?? '';
  };

  it('come into being through SUBMITTED, PENDING and SUCCESS', async () => {
    const { OperationId } = await aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'web' }));
    const statuses = [(await operation(OperationId))?.Status];
    for (let step = 0; step < 2; step++) {
      aws.clock.advance(500);
      statuses.push((await operation(OperationId))?.Status);
    }
    assert.deepEqual(statuses, ['SUBMITTED', 'PENDING', 'SUCCESS']);
  });

  it('are not listed before their operation has ended', async () => {
    await aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'web' }));
    const early = await aws.cloudMap.send(new ListNamespacesCommand({}));
    aws.clock.advance(1_000);
    const late = await aws.cloudMap.send(new ListNamespacesCommand({}));
    assert.deepEqual([early.Namespaces?.length, late.Namespaces?.length], [0, 1]);
  });

  it('have ids of ns- and 16 lower-case letters and digits, and operations of 32, a dash and 8', async () => {
    const { OperationId } = await aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'web' }));
    assert.match(OperationId ?? '', /^[a-z0-9]{32}-[a-z0-9]{8}$/);
    assert.match((await operation(OperationId))?.Targets?.NAMESPACE ?? '', /^ns-[a-z0-9]{16}$/);
  });

  it('end in FAIL with a code when AWS cannot create the hosted zone', async () => {
    aws.sandbox.cloudMap.failNextOperation('CREATE_NAMESPACE', {
      code: 'CANNOT_CREATE_HOSTED_ZONE',
      message: 'The VPC is already associated.',
    });
    const { OperationId } = await aws.cloudMap.send(
      new CreatePrivateDnsNamespaceCommand({ Name: 'internal', Vpc: 'vpc-1' }),
    );
    aws.clock.advance(1_000);
    const failed = await operation(OperationId);
    assert.equal(failed?.Status, 'FAIL');
    assert.equal(failed?.ErrorCode, 'CANNOT_CREATE_HOSTED_ZONE');
    const { Namespaces } = await aws.cloudMap.send(new ListNamespacesCommand({}));
    assert.deepEqual(Namespaces, []);
  });

  it('refuse a name that exists with NamespaceAlreadyExists and the id of the other', async () => {
    const NamespaceId = await createHttp('web');
    await assert.rejects(aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'web' })), {
      name: 'NamespaceAlreadyExists',
      NamespaceId,
    });
  });

  it('answer DuplicateRequest with the running operation while the same creation runs', async () => {
    const first = await aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'web' }));
    await assert.rejects(aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'web' })), {
      name: 'DuplicateRequest',
      DuplicateOperationId: first.OperationId,
    });
  });

  it('get another HttpName when their name is taken as one', async () => {
    await createHttp('shop');
    await aws.cloudMap.send(new CreatePrivateDnsNamespaceCommand({ Name: 'shop', Vpc: 'vpc-1' }));
    aws.clock.advance(1_000);
    const { Namespaces = [] } = await aws.cloudMap.send(
      new ListNamespacesCommand({ Filters: [{ Name: 'TYPE', Values: ['DNS_PRIVATE'] }] }),
    );
    const httpName = Namespaces[0]?.Properties?.HttpProperties?.HttpName ?? '';
    assert.match(httpName, /^shop-[a-z0-9]+$/);
  });

  it('have a hosted zone when they are for DNS and none when they are for HTTP', async () => {
    const http = await createHttp('web');
    const dns = aws.sandbox.cloudMap.createNamespace({ name: 'internal', type: 'DNS_PRIVATE' });
    const zones = await Promise.all(
      [http, dns.id].map(async (Id) => {
        const { Namespace } = await aws.cloudMap.send(new GetNamespaceCommand({ Id }));
        return Namespace?.Properties?.DnsProperties?.HostedZoneId !== undefined;
      }),
    );
    assert.deepEqual(zones, [false, true]);
  });

  it('accept a public name only when it is a domain with a dot', async () => {
    await assert.rejects(aws.cloudMap.send(new CreatePublicDnsNamespaceCommand({ Name: 'internal' })), {
      name: 'InvalidInput',
    });
    await aws.cloudMap.send(new CreatePublicDnsNamespaceCommand({ Name: 'shop.example.com' }));
  });

  it('refuse a name that starts with arn:', async () => {
    await assert.rejects(aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'arn:aws' })), {
      name: 'InvalidInput',
    });
  });

  it('change their description asynchronously', async () => {
    const Id = await createHttp('web');
    await aws.cloudMap.send(
      new UpdateHttpNamespaceCommand({ Id, Namespace: { Description: 'new' }, UpdaterRequestId: 'u' }),
    );
    const before = await aws.cloudMap.send(new GetNamespaceCommand({ Id }));
    aws.clock.advance(1_000);
    const after = await aws.cloudMap.send(new GetNamespaceCommand({ Id }));
    assert.deepEqual([before.Namespace?.Description, after.Namespace?.Description], [undefined, 'new']);
  });

  it('cannot be deleted while they hold a service: ResourceInUse', async () => {
    const Id = await createHttp('web');
    await aws.cloudMap.send(new CreateServiceCommand({ Name: 'api', NamespaceId: Id }));
    await assert.rejects(aws.cloudMap.send(new DeleteNamespaceCommand({ Id })), { name: 'ResourceInUse' });
  });

  it('go away asynchronously', async () => {
    const Id = await createHttp('web');
    await aws.cloudMap.send(new DeleteNamespaceCommand({ Id }));
    await aws.cloudMap.send(new GetNamespaceCommand({ Id }));
    aws.clock.advance(1_000);
    await assert.rejects(aws.cloudMap.send(new GetNamespaceCommand({ Id })), { name: 'NamespaceNotFound' });
  });

  it('end a deletion in FAIL when a service came in the meantime', async () => {
    const Id = await createHttp('web');
    const { OperationId } = await aws.cloudMap.send(new DeleteNamespaceCommand({ Id }));
    await aws.cloudMap.send(new CreateServiceCommand({ Name: 'api', NamespaceId: Id }));
    aws.clock.advance(1_000);
    assert.equal((await operation(OperationId))?.Status, 'FAIL');
  });

  it('are filtered after the page is taken, so a page can be empty and still have a token', async () => {
    for (let index = 0; index < 4; index++)
      aws.sandbox.cloudMap.createNamespace({ name: `other-${index}`, type: 'HTTP' });
    aws.sandbox.cloudMap.createNamespace({ name: 'wanted', type: 'HTTP' });
    const sizes: number[] = [];
    const pages = paginateListNamespaces(
      { client: aws.cloudMap, pageSize: 1 },
      { Filters: [{ Name: 'NAME', Values: ['wanted'] }] },
    );
    for await (const page of pages) sizes.push(page.Namespaces?.length ?? 0);
    assert.equal(sizes.length, 5);
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      1,
    );
  });

  it('can be listed by the beginning of their name, and several filters must all match', async () => {
    aws.sandbox.cloudMap.createNamespace({ name: 'shop-a', type: 'HTTP' });
    aws.sandbox.cloudMap.createNamespace({ name: 'shop-b', type: 'DNS_PRIVATE' });
    aws.sandbox.cloudMap.createNamespace({ name: 'blog', type: 'HTTP' });
    const { Namespaces = [] } = await aws.cloudMap.send(
      new ListNamespacesCommand({
        Filters: [
          { Name: 'NAME', Values: ['shop-'], Condition: 'BEGINS_WITH' },
          { Name: 'TYPE', Values: ['HTTP'] },
        ],
      }),
    );
    assert.deepEqual(
      Namespaces.map(({ Name }) => Name),
      ['shop-a'],
    );
  });

  it('give at most 100 a page and refuse to be asked for more', async () => {
    for (let index = 0; index < 101; index++)
      aws.sandbox.cloudMap.createNamespace({ name: `n-${index}`, type: 'HTTP' });
    const { Namespaces, NextToken } = await aws.cloudMap.send(new ListNamespacesCommand({}));
    assert.equal(Namespaces?.length, 100);
    assert.notEqual(NextToken, undefined);
    await assert.rejects(aws.cloudMap.send(new ListNamespacesCommand({ MaxResults: 101 })), {
      name: 'InvalidInput',
    });
  });

  it('of other accounts are found by ARN, by RESOURCE_OWNER, and not by id', async () => {
    const shared = aws.sandbox.cloudMap.createNamespace({ name: 'theirs', type: 'HTTP', shared: true });
    const { Namespace } = await aws.cloudMap.send(new GetNamespaceCommand({ Id: shared.arn }));
    assert.notEqual(Namespace?.ResourceOwner, aws.sandbox.account);
    await assert.rejects(aws.cloudMap.send(new GetNamespaceCommand({ Id: shared.id })), {
      name: 'NamespaceNotFound',
    });
    const list = async (owner: string) => {
      const filter = { Name: 'RESOURCE_OWNER' as const, Values: [owner] };
      return (await aws.cloudMap.send(new ListNamespacesCommand({ Filters: [filter] }))).Namespaces?.length;
    };
    assert.deepEqual([await list('SELF'), await list('OTHER_ACCOUNTS')], [0, 1]);
  });

  it('list operations that succeeded under SUCCEED, although their status reads SUCCESS', async () => {
    await createHttp('web');
    await aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'later' }));
    const { Operations } = await aws.cloudMap.send(
      new ListOperationsCommand({ Filters: [{ Name: 'STATUS', Values: ['SUCCEED'] }] }),
    );
    assert.deepEqual(
      Operations?.map(({ Status }) => Status),
      ['SUCCESS'],
    );
  });

  it('list operations by namespace, type and time of their last change', async () => {
    const id = await createHttp('web');
    aws.clock.advance(60_000);
    await createHttp('later');
    const count = async (...filters: OperationFilter[]) =>
      (await aws.cloudMap.send(new ListOperationsCommand({ Filters: filters }))).Operations?.length;
    const from = (seconds: number) => String(Date.UTC(2026, 0, 1) / 1000 + seconds);
    assert.equal(await count({ Name: 'NAMESPACE_ID', Values: [id] }), 1);
    assert.equal(
      await count({ Name: 'TYPE', Values: ['CREATE_NAMESPACE', 'UPDATE_SERVICE'], Condition: 'IN' }),
      2,
    );
    const minute = {
      Name: 'UPDATE_DATE' as const,
      Values: [from(0), from(30)],
      Condition: 'BETWEEN' as const,
    };
    assert.equal(await count(minute), 1);
    assert.equal(await count(minute, { Name: 'TYPE', Values: ['UPDATE_SERVICE'] }), 0);
  });

  it('refuse filters with a condition that does not fit', async () => {
    const filters: OperationFilter[] = [
      { Name: 'UPDATE_DATE', Values: ['1', '2'] },
      { Name: 'UPDATE_DATE', Values: ['1'], Condition: 'BETWEEN' },
      { Name: 'STATUS', Values: ['FAIL'], Condition: 'BEGINS_WITH' },
      { Name: 'TYPE', Values: [] },
    ];
    for (const filter of filters)
      await assert.rejects(aws.cloudMap.send(new ListOperationsCommand({ Filters: [filter] })), {
        name: 'InvalidInput',
      });
  });

  it('of another type are not updated by the wrong call, nor those of other accounts by any', async () => {
    const dns = aws.sandbox.cloudMap.createNamespace({ name: 'internal', type: 'DNS_PRIVATE' });
    const theirs = aws.sandbox.cloudMap.createNamespace({ name: 'theirs', type: 'HTTP', shared: true });
    const update = (Id: string) =>
      aws.cloudMap.send(new UpdateHttpNamespaceCommand({ Id, Namespace: { Description: 'new' } }));
    await assert.rejects(update(dns.id), { name: 'InvalidInput' });
    await assert.rejects(update(theirs.arn), { name: 'NamespaceNotFound' });
  });

  it('are 50 at most: ResourceLimitExceeded', async () => {
    for (let index = 0; index < 50; index++)
      aws.sandbox.cloudMap.createNamespace({ name: `n-${index}`, type: 'HTTP' });
    await assert.rejects(aws.cloudMap.send(new CreateHttpNamespaceCommand({ Name: 'one-more' })), {
      name: 'ResourceLimitExceeded',
    });
  });

  it('know no operation of another id: OperationNotFound', async () => {
    await assert.rejects(operation('nope'), { name: 'OperationNotFound' });
  });
});
