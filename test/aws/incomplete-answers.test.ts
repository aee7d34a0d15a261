import assert from 'node:assert/strict';
import type { Malformation } from '../../controller/sandbox/effects/effect.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { ObservedState } from '../../controller/state/observed.ts';
import { accountOf } from '../support/accounts.ts';
import { errorOf, never, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

/** Settled tasks are described again after this. */
const DESCRIBED_AGAIN_MS = 400_000;

const SCENARIO: Scenario = accountOf([{ name: 'web' }, { name: 'api', mode: 'bridge' }]);

describe('Answers of AWS that are not whole', () => {
  let world: AwsAtSandbox;
  beforeEach(async () => {
    world = await startAws({ scenario: SCENARIO });
  });
  afterEach(() => world.close());

  const observe = (registry = 'web'): Promise<ObservedState> => {
    world.box.clock.advance(DESCRIBED_AGAIN_MS);
    const services = ['web', 'api'].map((service) => ({ cluster: 'prod', service }));
    return world.aws.reader.observe(
      { services, registries: [{ namespace: 'apps', name: registry }] },
      never(),
    );
  };
  const lose = (operation: string, at: string, change: Malformation = 'drop') =>
    world.box.sandbox.faults.add({ operation, effect: { kind: 'malformed', change, at: [at] } });
  const tasksOf = (state: ObservedState, name: string) => valueOf(state.tasks.get(`prod/${name}`)).tasks;

  for (const at of ['tasks.*.attachments', 'tasks.*.containers', 'tasks.*.group', 'tasks.*.lastStatus'])
    it(`does not forget a task that was known because ${at} is missing`, async () => {
      const before = await observe();
      for (const place of ['tasks.*.containers', at]) lose('DescribeTasks', place);
      // Longer than a task is remembered that no list shows.
      for (let passes = 0; passes < 3; passes += 1) await observe();
      const after = await observe();
      for (const name of ['web', 'api'])
        assert.deepEqual(
          tasksOf(after, name).map(({ ipv4, networkBindings, instance }) => [
            ipv4,
            networkBindings,
            instance,
          ]),
          tasksOf(before, name).map(({ ipv4, networkBindings, instance }) => [
            ipv4,
            networkBindings,
            instance,
          ]),
        );
    });

  for (const change of ['drop', 'wrongType'] as const)
    it(`takes task ARNs for unread, not for fewer tasks (${change})`, async () => {
      lose('ListTasks', change === 'drop' ? 'taskArns' : 'taskArns.0', change);
      const { tasks } = await observe();
      assert.equal(errorOf(tasks.get('prod/web')).reason, 'IncompleteAnswer');
    });

  for (const at of ['Instances.*.Attributes', 'Instances.*.Id'])
    it(`keeps the host address of a task when ${at} is missing`, async () => {
      const before = await observe();
      lose('ListInstances', at);
      const reads = () => world.box.sandbox.recorder.counts()['servicediscovery.ListInstances'];
      for (let waits = 0; waits < 2; waits += 1) await observe();
      assert.equal(reads(), 1);
      // Longer than an instance is remembered that no read confirms.
      for (let waits = 0; waits < 6; waits += 1) await observe();
      const after = await observe();
      assert.ok(Number(reads()) > 1);
      assert.deepEqual(
        tasksOf(after, 'api').map(({ instance }) => instance),
        tasksOf(before, 'api').map(({ instance }) => instance),
      );
    });

  it('asks again at once for the instance that had no address', async () => {
    const heal = lose('ListInstances', 'Instances.*.Attributes.AWS_INSTANCE_IPV4');
    assert.equal(tasksOf(await observe(), 'api')[0]?.instance?.ipv4, undefined);
    heal();
    const services = [{ cluster: 'prod', service: 'api' }];
    const after = await world.aws.reader.observe({ services, registries: [] }, never());
    assert.match(tasksOf(after, 'api')[0]?.instance?.ipv4 ?? '', /^10\./);
  });

  it('remembers no task definition that came without its containers', async () => {
    const heal = lose('DescribeTaskDefinition', '**.containerDefinitions');
    const { taskDefinitions } = await observe();
    for (const read of taskDefinitions.values()) assert.equal(errorOf(read).reason, 'IncompleteAnswer');
    heal();
    for (const read of (await observe()).taskDefinitions.values())
      assert.equal(valueOf(read).containers.length, 1);
  });

  it('asks once more for a task definition after an hour, and lets no answer take back what was told', async () => {
    const port = async () => {
      const states = [...(await observe()).taskDefinitions.values()].map(valueOf);
      return states.map(({ containers }) => containers[0]?.portMappings[0]?.name);
    };
    const heal = lose('DescribeTaskDefinition', '**.portMappings.*.name');
    assert.deepEqual(await port(), [undefined, undefined]);
    heal();
    world.box.clock.advance(3_600_000);
    assert.deepEqual(await port(), ['metrics', 'metrics']);
    lose('DescribeTaskDefinition', '**.portMappings.*.name');
    world.box.clock.advance(3_600_000);
    assert.deepEqual(await port(), ['metrics', 'metrics']);
  });

  for (const list of ['serviceRegistries', 'deployments'])
    it(`fails the read of a service whose ${list} are missing, instead of finding none`, async () => {
      await observe();
      lose('DescribeServices', `services.0.${list}`);
      const { services } = await observe();
      assert.match(errorOf(services.get('prod/web')).message, new RegExp(`without all of its ${list}`));
      assert.equal(valueOf(services.get('prod/api'))?.name, 'api');
    });

  for (const list of ['serviceRegistries', 'deployments'] as const)
    it(`believes an endpoint that leaves out the ${list} of a service when it never told any`, async () => {
      lose('DescribeServices', `services.0.${list}`);
      const web = valueOf((await observe()).services.get('prod/web'));
      assert.deepEqual(web?.[list], []);
    });

  it('fails the read of a service when one of its bindings does not say to which registry', async () => {
    lose('DescribeServices', 'services.0.serviceRegistries.*.registryArn');
    assert.equal(errorOf((await observe()).services.get('prod/web')).reason, 'IncompleteAnswer');
  });

  for (const at of ['Tags', 'Tags.0.Key', 'Tags.0.Value'])
    it(`fails the read of tags that came without ${at}`, async () => {
      lose('ListTagsForResource', at);
      const namespace = valueOf((await observe()).namespaces.get('apps'));
      assert.equal(errorOf(namespace?.registries.get('web')?.tags).reason, 'IncompleteAnswer');
    });

  it('says of a registry without a name that the one that is looked for may be it', async () => {
    lose('ListServices', 'Services.*.Name');
    const namespace = valueOf((await observe()).namespaces.get('apps'));
    assert.equal(namespace?.registries.size, 0);
    assert.equal(namespace?.unread?.reason, 'IncompleteAnswer');
  });

  it('says of a namespace without a name that the one that is looked for may be it', async () => {
    lose('ListNamespaces', 'Namespaces.*.Name');
    assert.equal(errorOf((await observe()).namespaces.get('apps')).reason, 'IncompleteAnswer');
  });
});
