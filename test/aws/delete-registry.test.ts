import assert from 'node:assert/strict';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetServiceCommand, TagResourceCommand } from '@aws-sdk/client-servicediscovery';
import { OWNER_TAG } from '../../controller/plan/types.ts';
import type { DeleteRegistry, RegistryRef, UnbindService } from '../../controller/plan/types.ts';
import type { ChangeResult, CloudWriter } from '../../controller/reconcile/ports.ts';
import { accountOf } from '../support/accounts.ts';
import { OWNER, never, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const WEB = { cluster: 'prod', service: 'web' };

/** Two services, each registered in a registry of ours. */
describe('Taking away what a document has left behind', () => {
  let world: AwsAtSandbox;
  let writer: CloudWriter;
  beforeEach(async () => {
    world = await startAws({ scenario: accountOf([{ name: 'web' }, { name: 'api' }]) });
    writer = world.aws.writer(OWNER);
  });
  afterEach(() => world.close());

  const look = () =>
    world.aws.reader.observe({ services: [WEB], registries: [{ namespace: 'apps', name: 'web' }] }, never());
  const service = async () => {
    const found = valueOf((await look()).services.get('prod/web'));
    assert.ok(found !== undefined);
    return found;
  };
  const registry = async (): Promise<RegistryRef> => {
    const found = valueOf((await look()).namespaces.get('apps'))?.registries.get('web');
    assert.ok(found !== undefined);
    return { id: found.id, arn: found.arn, name: 'web', namespace: 'apps' };
  };
  const unbinding = async (): Promise<UnbindService> => {
    const [target, ref] = [await service(), await registry()];
    return {
      kind: 'unbindService',
      target: 'web',
      service: target,
      registry: ref,
      before: target.serviceRegistries,
      after: target.serviceRegistries.filter(({ registryArn }) => registryArn !== ref.arn),
    };
  };
  const deletion = async (): Promise<DeleteRegistry> => ({
    kind: 'deleteRegistry',
    target: 'web',
    registry: await registry(),
  });
  const apply = (change: UnbindService | DeleteRegistry) => writer.apply(change, new Map(), never());
  const writes = () =>
    world.box.sandbox.recorder.calls({ kind: 'write', caller: 'test' }).map(({ operation }) => operation);
  const refusedWith = (result: ChangeResult, reason: string, family: string): string => {
    assert.ok(result.kind === 'failed', result.kind);
    assert.deepEqual([result.error.reason, result.error.family], [reason, family]);
    return result.error.message;
  };
  const lose = (operation: string) =>
    world.box.sandbox.faults.add({ operation, count: 1, effect: { kind: 'reset', when: 'after' } });
  const giveAway = async (arn: string, owner: string): Promise<void> => {
    const Tags = [{ Key: OWNER_TAG, Value: owner }];
    await world.box.cloudMap.send(new TagResourceCommand({ ResourceARN: arn, Tags }));
  };
  /** The service has left the registry, and its last task is gone from it. */
  const leave = async (): Promise<DeleteRegistry> => {
    const change = await deletion();
    assert.deepEqual(await apply(await unbinding()), { kind: 'applied' });
    world.box.clock.advance(600_000);
    return change;
  };
  const exists = ({ registry: { id } }: DeleteRegistry): Promise<boolean> =>
    world.box.cloudMap.send(new GetServiceCommand({ Id: id })).then(
      () => true,
      () => false,
    );

  it('takes the registry out of the service once, and waits while tasks are registered', async () => {
    const [change, later] = [await unbinding(), await deletion()];
    assert.deepEqual(await apply(change), { kind: 'applied' });
    assert.deepEqual((await service()).serviceRegistries, []);
    assert.deepEqual(await apply(change), { kind: 'unchanged' });
    assert.match(refusedWith(await apply(later), 'InstancesRegistered', 'waiting'), /^2 instances are still/);
    world.box.clock.advance(600_000);
    assert.deepEqual(await apply(later), { kind: 'applied' });
    assert.deepEqual(await apply(later), { kind: 'unchanged' });
    assert.deepEqual(writes(), ['UpdateService', 'DeleteService']);
  });

  it('sends nothing twice when an answer is lost', async () => {
    lose('UpdateService');
    const change = await leave();
    lose('DeleteService');
    assert.deepEqual(await apply(change), { kind: 'applied' });
    assert.deepEqual(writes(), ['UpdateService', 'DeleteService']);
  });

  it('does not delete what any ECS service of the account names', async () => {
    const change = await leave();
    await world.box.ecs.send(
      new UpdateServiceCommand({
        cluster: 'prod',
        service: 'api',
        desiredCount: 0,
        serviceRegistries: [{ registryArn: change.registry.arn }],
      }),
    );
    world.box.clock.advance(600_000);
    assert.match(
      refusedWith(await apply(change), 'RegistryInUse', 'terminal'),
      /ECS service prod\/api names it/,
    );
    assert.ok(await exists(change));
  });

  it('deletes nothing when not every service could be read', async () => {
    const change = await leave();
    const heal = world.box.sandbox.faults.add({
      operation: 'ListServices',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    refusedWith(await apply(change), 'AccessDenied', 'terminal');
    heal();
    assert.deepEqual(await apply(change), { kind: 'applied' });
  });

  for (const owner of ['prod-eu', 'pro', 'PROD'])
    it(`touches nothing that belongs to ${owner} by now`, async () => {
      const [unbind, change] = [await unbinding(), await leave()];
      await giveAway(change.registry.arn, owner);
      refusedWith(await apply(change), 'ConflictingOwner', 'terminal');
      assert.ok(await exists(change));
      const { arn, id } = change.registry;
      await world.box.ecs.send(
        new UpdateServiceCommand({ ...WEB, serviceRegistries: [{ registryArn: arn }] }),
      );
      world.box.clock.advance(600_000);
      refusedWith(
        await apply({ ...unbind, registry: { ...unbind.registry, id } }),
        'ConflictingOwner',
        'terminal',
      );
    });

  it('does not delete another registry than the one that was planned', async () => {
    const change = await leave();
    const other = { ...change, registry: { ...change.registry, arn: `${change.registry.arn}x` } };
    refusedWith(await apply(other), 'ChangedSincePlan', 'terminal');
    assert.ok(await exists(change));
  });

  it('leaves a service alone that runs a deployment', async () => {
    const change = await unbinding();
    await world.box.ecs.send(new UpdateServiceCommand({ ...WEB, forceNewDeployment: true }));
    refusedWith(await apply(change), 'RolloutInProgress', 'waiting');
    assert.equal(writes().length, 1);
  });
});
