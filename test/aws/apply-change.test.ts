import assert from 'node:assert/strict';
import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  CreateServiceCommand,
  GetServiceCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-servicediscovery';
import { waiting } from '../../controller/errors.ts';
import { OWNER_TAG } from '../../controller/plan/types.ts';
import type { BindService, CreateRegistry, RegistryRef } from '../../controller/plan/types.ts';
import type { ChangeResult, CloudWriter } from '../../controller/reconcile/ports.ts';
import { OURS, OWNER, never, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const SERVICE = { cluster: 'ecs-prometheus-cluster', service: 'WebAppService' };
const REGISTRY = { namespace: 'ecs-services', name: 'webapp-svc' };

describe('Changing AWS', () => {
  let world: AwsAtSandbox;
  let writer: CloudWriter;
  beforeEach(async () => {
    world = await startAws();
    writer = world.aws.writer(OWNER);
  });
  afterEach(() => world.close());

  const apply = (
    change: Parameters<CloudWriter['apply']>[0],
    arns: ReadonlyMap<string, string> = new Map(),
  ) => writer.apply(change, arns, never());
  const observe = () => world.aws.reader.observe({ services: [SERVICE], registries: [REGISTRY] }, never());
  const namespace = async () => {
    const found = valueOf((await observe()).namespaces.get('ecs-services'));
    assert.ok(found);
    return found;
  };
  const creation = async (): Promise<CreateRegistry> => {
    const { id, arn, name } = await namespace();
    return {
      kind: 'createRegistry',
      target: 'webapp',
      namespace: { id, arn, name },
      name: REGISTRY.name,
      description: 'Metrics of webapp',
      dns: { recordType: 'A', ttl: 10, routingPolicy: 'WEIGHTED' },
      tags: { ...OURS, METRICS_PATH: '/metrics', METRICS_PORT: '3000' },
      creatorRequestId: 'deterministic',
    };
  };
  const create = async (): Promise<RegistryRef> => {
    const result = await apply(await creation());
    assert.equal(result.kind, 'applied');
    const arn = result.kind === 'applied' ? (result.registryArn ?? '') : '';
    return { ...REGISTRY, arn, id: arn.slice(arn.lastIndexOf('/') + 1) };
  };
  const binding = async (registryArn: string | undefined): Promise<BindService> => {
    const service = valueOf((await observe()).services.get('ecs-prometheus-cluster/WebAppService'));
    assert.ok(service);
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    return {
      kind: 'bindService',
      target: 'webapp',
      specHash: 'hash-1',
      ...(primary !== undefined && { deployment: primary.id }),
      service,
      registry: REGISTRY,
      before: service.serviceRegistries,
      after: { registryArn },
    };
  };
  const tagsNow = async (arn: string) => {
    const { Tags = [] } = await world.box.cloudMap.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
  };
  const serviceNow = async () => {
    const { services = [] } = await world.box.ecs.send(
      new DescribeServicesCommand({ cluster: SERVICE.cluster, services: [SERVICE.service] }),
    );
    return services[0];
  };
  const writes = () => world.box.sandbox.recorder.calls({ kind: 'write' });
  const lose = (operation: string) =>
    world.box.sandbox.faults.add({ operation, count: 1, effect: { kind: 'reset', when: 'after' } });
  const refusedWith = (result: ChangeResult, reason: string, family: string) => {
    assert.ok(result.kind === 'failed', result.kind);
    assert.deepEqual([result.error.reason, result.error.family], [reason, family]);
    return result.error;
  };

  describe('createRegistry', () => {
    it('creates the registry with its tags and a deterministic request id in one call', async () => {
      const { arn, id } = await create();
      const { Service } = await world.box.cloudMap.send(new GetServiceCommand({ Id: id }));
      assert.equal(Service?.CreatorRequestId, 'deterministic');
      assert.deepEqual(Service?.DnsConfig?.DnsRecords, [{ Type: 'A', TTL: 10 }]);
      assert.equal(Service?.DnsConfig?.RoutingPolicy, 'WEIGHTED');
      assert.deepEqual(await tagsNow(arn), { ...OURS, METRICS_PATH: '/metrics', METRICS_PORT: '3000' });
      assert.equal(writes().length, 1);
    });

    it('recognises its own registry when the answer to an earlier attempt was lost', async () => {
      const { arn } = await create();
      assert.deepEqual(await apply(await creation()), { kind: 'unchanged', registryArn: arn });
    });

    it('finds what it created when the connection broke after the effect, and sends nothing twice', async () => {
      const change = await creation();
      lose('CreateService');
      const result = await apply(change);
      assert.equal(result.kind, 'unchanged');
      assert.equal(writes().length, 1);
    });

    it('refuses a registry of the same name that carries no owner tag of ours', async () => {
      const change = await creation();
      await world.box.cloudMap.send(
        new CreateServiceCommand({ Name: change.name, NamespaceId: change.namespace.id }),
      );
      refusedWith(await apply(change), 'ConflictingOwner', 'terminal');
    });

    it('passes on what Cloud Map refuses', async () => {
      const change = await creation();
      refusedWith(await apply({ ...change, name: '-bad-' }), 'InvalidRequest', 'terminal');
    });
  });

  describe('updateRegistry', () => {
    const update = (registry: RegistryRef, ttl: number, description: string) =>
      apply({
        kind: 'updateRegistry',
        target: 'webapp',
        registry,
        before: { ttl: 10, description: 'Metrics of webapp' },
        after: { ttl, description },
      });

    it('changes TTL and description and keeps the record, because AWS deletes what an update omits', async () => {
      const registry = await create();
      assert.deepEqual(await update(registry, 60, 'New words'), { kind: 'applied' });
      const { Service } = await world.box.cloudMap.send(new GetServiceCommand({ Id: registry.id }));
      assert.equal(Service?.Description, 'New words');
      assert.deepEqual(Service?.DnsConfig?.DnsRecords, [{ Type: 'A', TTL: 60 }]);
    });

    it('sends nothing when the registry already is as wanted', async () => {
      const registry = await create();
      assert.deepEqual(await update(registry, 10, 'Metrics of webapp'), { kind: 'unchanged' });
      assert.equal(writes().length, 1);
    });

    it('touches no registry whose owner tag names somebody else', async () => {
      const registry = await create();
      await world.box.cloudMap.send(
        new TagResourceCommand({ ResourceARN: registry.arn, Tags: [{ Key: OWNER_TAG, Value: 'other' }] }),
      );
      const error = refusedWith(await update(registry, 60, ''), 'ConflictingOwner', 'terminal');
      assert.match(error.message, /"other"/);
    });

    it('sends nothing when the fresh read lacks the DNS records, which the update would delete', async () => {
      const registry = await create();
      const before = writes().length;
      world.box.sandbox.faults.add({
        operation: 'GetService',
        effect: { kind: 'malformed', change: 'drop', at: ['**.DnsRecords.*.Type'] },
      });
      refusedWith(await update(registry, 60, ''), 'IncompleteAnswer', 'transient');
      assert.equal(writes().length, before);
    });

    it('shows the new TTL in the next observation', async () => {
      const registry = await create();
      await update(registry, 60, 'New words');
      const seen = (await namespace()).registries.get(REGISTRY.name);
      assert.deepEqual([seen?.dnsRecords[0]?.ttl, seen?.description], [60, 'New words']);
    });
  });

  describe('tags', () => {
    const tag = (registry: RegistryRef, after: Record<string, string>, adopts = false) =>
      apply({ kind: 'tagRegistry', target: 'webapp', registry, adopts, before: {}, after });

    it('writes only the tags that differ and leaves foreign ones alone', async () => {
      const registry = await create();
      await world.box.cloudMap.send(
        new TagResourceCommand({ ResourceARN: registry.arn, Tags: [{ Key: 'team', Value: 'web' }] }),
      );
      const result = await tag(registry, { METRICS_PORT: '4000', METRICS_PATH: '/metrics' });
      assert.equal(result.kind, 'applied');
      const tags = await tagsNow(registry.arn);
      assert.deepEqual([tags['METRICS_PORT'], tags['team']], ['4000', 'web']);
      const [sent] = world.box.sandbox.recorder.calls({ operation: 'TagResource' }).slice(-1);
      assert.ok(!JSON.stringify(sent?.input).includes('METRICS_PATH'));
    });

    it('adopts a registry without owner, but never one that has another', async () => {
      const registry = await create();
      const ResourceARN = registry.arn;
      await apply({ kind: 'untagRegistry', target: 'webapp', registry, before: { [OWNER_TAG]: OWNER } });
      assert.equal((await tagsNow(ResourceARN))[OWNER_TAG], undefined);
      refusedWith(await tag(registry, { METRICS_PORT: '1' }), 'ConflictingOwner', 'terminal');
      assert.equal((await tag(registry, OURS, true)).kind, 'applied');
      await world.box.cloudMap.send(
        new TagResourceCommand({ ResourceARN, Tags: [{ Key: OWNER_TAG, Value: 'other' }] }),
      );
      refusedWith(await tag(registry, OURS, true), 'ConflictingOwner', 'terminal');
    });

    it('removes only tags that still have the value that the plan saw', async () => {
      const registry = await create();
      const result = await apply({
        kind: 'untagRegistry',
        target: 'webapp',
        registry,
        before: { METRICS_PATH: '/metrics', METRICS_PORT: '9999' },
      });
      assert.equal(result.kind, 'applied');
      const tags = await tagsNow(registry.arn);
      assert.deepEqual([tags['METRICS_PATH'], tags['METRICS_PORT']], [undefined, '3000']);
    });

    it('takes a lost answer for success when the tags are there', async () => {
      const registry = await create();
      lose('TagResource');
      assert.equal((await tag(registry, { METRICS_PORT: '4000' })).kind, 'applied');
      assert.equal(world.box.sandbox.recorder.counts()['servicediscovery.TagResource'], 1);
    });

    it('shows its own tags in the next observation, past the cache', async () => {
      const registry = await create();
      await namespace();
      await tag(registry, { METRICS_PORT: '4000' });
      const seen = (await namespace()).registries.get(REGISTRY.name);
      assert.equal(valueOf(seen?.tags)['METRICS_PORT'], '4000');
    });
  });

  describe('a controller that lost its lease', () => {
    it('sends no write, and says so at the moment at which it would have been sent', async () => {
      const lost = waiting({ reason: 'LeaseLost', message: 'Another controller writes now.' });
      const writer = world.aws.writer(OWNER, () => {
        throw lost;
      });
      const result = await writer.apply(await creation(), new Map(), never());
      assert.deepEqual(result, { kind: 'failed', error: lost });
      assert.equal(writes().length, 0);
    });
  });

  describe('bindService', () => {
    it('sends nothing but cluster, service and registry, and ECS starts one deployment', async () => {
      const { arn } = await create();
      const change = await binding(undefined);
      const result = await apply(change, new Map([['ecs-services/webapp-svc', arn]]));
      assert.deepEqual(result, { kind: 'applied' });
      const [sent] = world.box.sandbox.recorder.calls({ operation: 'UpdateService' });
      assert.deepEqual(sent?.input, {
        cluster: change.service.clusterArn,
        service: 'WebAppService',
        serviceRegistries: [{ registryArn: arn }],
      });
      assert.equal((await serviceNow())?.deployments?.length, 2);
    });

    it('waits while the registry that it needs has not been created', async () => {
      refusedWith(await apply(await binding(undefined)), 'RegistryNotReady', 'waiting');
      assert.equal(writes().length, 0);
    });

    it('sends nothing when the service is bound already', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      await apply(change);
      assert.deepEqual(await apply(change), { kind: 'unchanged' });
      assert.equal(world.box.sandbox.recorder.counts()['ecs.UpdateService'], 1);
    });

    it('waits while another deployment of the service runs', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      await world.box.ecs.send(new UpdateServiceCommand({ ...SERVICE, forceNewDeployment: true }));
      refusedWith(await apply(change), 'RolloutInProgress', 'waiting');
    });

    it('binds a service whose deployments have all failed: ECS has given up on them', async () => {
      const { arn } = await create();
      const crash = world.box.sandbox.ecs.crashWhen(() => true);
      const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
      await world.box.ecs.send(
        new UpdateServiceCommand({ ...SERVICE, forceNewDeployment: true, deploymentConfiguration }),
      );
      world.box.clock.advance(20 * 60_000);
      crash();
      const { deployments = [] } = (await serviceNow()) ?? {};
      assert.deepEqual(
        deployments.map(({ rolloutState }) => rolloutState),
        ['FAILED', 'COMPLETED'],
      );
      assert.deepEqual(await apply(await binding(arn)), { kind: 'applied' });
    });

    it('sends nothing when somebody deployed the service after the plan was made', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      await world.box.ecs.send(new UpdateServiceCommand({ ...SERVICE, forceNewDeployment: true }));
      world.box.clock.advance(20 * 60_000);
      refusedWith(await apply(change), 'ChangedSincePlan', 'waiting');
    });

    it('refuses a slot that somebody took after the plan was made', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      const { id } = await namespace();
      const { Service: other } = await world.box.cloudMap.send(
        new CreateServiceCommand({
          Name: 'other',
          NamespaceId: id,
          DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
        }),
      );
      await world.box.ecs.send(
        new UpdateServiceCommand({ ...SERVICE, serviceRegistries: [{ registryArn: other?.Arn }] }),
      );
      const error = refusedWith(await apply(change), 'RegistrySlotTaken', 'terminal');
      assert.ok(error.message.includes(other?.Arn ?? '?'));
    });

    it('sends UpdateService once when its answer is lost, and finds by reading that it took effect', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      lose('UpdateService');
      assert.deepEqual(await apply(change), { kind: 'applied' });
      assert.equal(world.box.sandbox.recorder.counts()['ecs.UpdateService'], 1);
    });

    it('reports a write that did not arrive, without sending it again', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      world.box.sandbox.faults.add({
        operation: 'UpdateService',
        service: 'ecs',
        count: 1,
        effect: { kind: 'reset', when: 'before' },
      });
      const result = await apply(change);
      refusedWith(result, 'Unreachable', 'transient');
      assert.equal(world.box.sandbox.recorder.counts()['ecs.UpdateService'], 1);
    });

    it('sends a throttled write again, because AWS refused it before it had an effect', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      world.box.sandbox.faults.add({
        operation: 'UpdateService',
        count: 1,
        effect: { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
      });
      assert.deepEqual(await apply(change), { kind: 'applied' });
    });

    it('reads the service again before a throttled write is sent again, and yields to a deployment', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      const { sandbox, clock } = world.box;
      sandbox.faults.add({
        operation: 'UpdateService',
        count: 1,
        effect: { kind: 'throttle' },
        // While the call waits for its second turn, time passes and somebody deploys.
        matches() {
          sandbox.ecs.service.operations['UpdateService']?.({ ...SERVICE, forceNewDeployment: true });
          clock.advance(2000);
          return true;
        },
      });
      refusedWith(await apply(change), 'RolloutInProgress', 'waiting');
      assert.equal((await serviceNow())?.deployments?.length, 2);
    });

    it('names the missing permission when ECS denies the update', async () => {
      const { arn } = await create();
      const change = await binding(arn);
      world.box.sandbox.faults.add({
        operation: 'UpdateService',
        effect: { kind: 'error', code: 'AccessDeniedException' },
      });
      const error = refusedWith(await apply(change), 'AccessDenied', 'terminal');
      assert.match(error.remedy ?? '', /ecs:UpdateService/);
    });
  });

  it('makes no write call while it only observes', async () => {
    await observe();
    assert.deepEqual(writes(), []);
  });
});
