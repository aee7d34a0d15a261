import assert from 'node:assert/strict';
import { DeleteServiceCommand } from '@aws-sdk/client-servicediscovery';
import { createRecentWrites, withRecentBinding } from '../../controller/aws/recent-writes.ts';
import { decodeService } from '../../controller/aws/decode-service.ts';
import type { CreateRegistry } from '../../controller/plan/types.ts';
import { instantClock } from '../support/fake-clock.ts';
import { OURS, OWNER, never, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const REGISTRY = { namespace: 'ecs-services', name: 'webapp-svc' };

describe('Reads that lag behind our own writes', () => {
  describe('of registries', () => {
    let world: AwsAtSandbox;
    beforeEach(async () => {
      world = await startAws({ cloudMap: { listLagMs: 30_000 } });
      world.box.clock.advance(30_000);
    });
    afterEach(() => world.close());

    const namespace = async () => {
      const scope = { services: [], registries: [REGISTRY] };
      const found = valueOf((await world.aws.reader.observe(scope, never())).namespaces.get('ecs-services'));
      assert.ok(found);
      return found;
    };
    const create = async () => {
      const { id, arn, name } = await namespace();
      const change: CreateRegistry = {
        kind: 'createRegistry',
        target: 'webapp',
        namespace: { id, arn, name },
        name: REGISTRY.name,
        description: '',
        dns: { recordType: 'A', ttl: 10, routingPolicy: 'WEIGHTED' },
        tags: OURS,
        creatorRequestId: 'x',
      };
      const result = await world.aws.writer(OWNER).apply(change, new Map(), never());
      assert.ok(result.kind === 'applied');
      return result.registryArn ?? '';
    };
    const seen = async () => (await namespace()).registries.get(REGISTRY.name);

    it('show a registry that we created, with its tags, before the list does', async () => {
      const arn = await create();
      const registry = await seen();
      assert.equal(registry?.arn, arn);
      assert.deepEqual(valueOf(registry?.tags), OURS);
    });

    it('believe the list again once it has shown the registry', async () => {
      const arn = await create();
      world.box.clock.advance(30_000);
      assert.equal((await seen())?.arn, arn);
      await world.box.cloudMap.send(new DeleteServiceCommand({ Id: arn.slice(arn.lastIndexOf('/') + 1) }));
      world.box.clock.advance(29_000);
      await seen();
      world.box.clock.advance(1000);
      assert.equal(await seen(), undefined);
    });
  });

  describe('of bindings', () => {
    const service = (...registryArns: string[]) => {
      const decoded = decodeService({
        serviceArn: 'arn:aws:ecs:r:1:service/prod/app',
        clusterArn: 'arn:aws:ecs:r:1:cluster/prod',
        serviceRegistries: registryArns.map((registryArn) => ({ registryArn })),
        deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED' }],
      });
      assert.ok(decoded);
      return decoded;
    };
    const remembered = () => {
      const clock = instantClock();
      const writes = createRecentWrites(clock);
      writes.bound.set('arn:aws:ecs:r:1:service/prod/app', [{ registryArn: 'arn:new' }]);
      return { clock, writes };
    };

    it('show the binding that we sent, and its deployment as in progress', () => {
      const { writes } = remembered();
      const shown = withRecentBinding(service('arn:old'), writes);
      assert.deepEqual(shown.serviceRegistries, [{ registryArn: 'arn:new' }]);
      assert.equal(shown.deployments[0]?.rolloutState, 'IN_PROGRESS');
    });

    it('are believed from the moment one of them shows our binding, also when it is undone later', () => {
      const { writes } = remembered();
      assert.deepEqual(withRecentBinding(service('arn:new'), writes), service('arn:new'));
      assert.deepEqual(withRecentBinding(service('arn:old'), writes), service('arn:old'));
    });

    it('are believed again after a minute in any case', async () => {
      const { clock, writes } = remembered();
      await clock.sleep(60_000, never());
      assert.deepEqual(withRecentBinding(service('arn:old'), writes), service('arn:old'));
    });
  });
});
