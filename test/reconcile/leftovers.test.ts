import assert from 'node:assert/strict';
import { withLeftovers } from '../../controller/reconcile/leftovers.ts';
import { discoverTargets } from '../../controller/scrape/discover.ts';
import type { ObservedTask } from '../../controller/state/observed.ts';
import {
  complete,
  definition,
  DEFINITION_ARN,
  document,
  failed,
  hostTask,
  observed,
  scrapeTarget,
  task,
} from '../support/scrape-world.ts';
import type { World } from '../support/scrape-world.ts';

const ON_DISK = new Map([
  [
    'metrics',
    ['aaa', 'bbb'].map((taskid, index) => ({
      targets: [`10.0.0.${index + 1}:3000`],
      labels: { taskid, __meta_ecs_task_definition: DEFINITION_ARN },
    })),
  ],
]);

/** The addresses after the first look of a process, and what is kept for the next one. */
function completed(world: World, text = document()) {
  const [target, state] = [scrapeTarget(text), observed(world)];
  const { discovery, leftovers } = withLeftovers(discoverTargets(target, state), target, state, ON_DISK);
  if (discovery.kind === 'unknown') return { addresses: 'unknown', leftovers };
  const groups = [...discovery.endpoints.values()].flat();
  return {
    addresses: groups.flatMap(({ targets }) => targets),
    reasons: discovery.skipped.map(({ taskId, reason }) => `${taskId}: ${reason}`),
    leftovers: leftovers?.get('metrics')?.flatMap(({ targets }) => targets),
  };
}

const nowhere = (id: string, more: Partial<ObservedTask> = {}): ObservedTask =>
  task(id, { ipv4: undefined, ...more });

describe('what an earlier process left on disk', () => {
  it('stays for a task that is listed and does not say where it is, and the reason says so', () => {
    assert.deepEqual(completed({ tasks: [task('aaa'), nowhere('bbb')] }), {
      addresses: ['10.0.0.1:3000', '10.0.0.2:3000'],
      reasons: ['bbb: endpoint metrics: no private IPv4 address yet; its target on disk stays'],
      leftovers: ['10.0.0.2:3000'],
    });
  });

  it('goes with a task that is not listed any more, or that comes to its end', () => {
    for (const tasks of [[task('aaa')], [task('aaa'), nowhere('bbb', { lastStatus: 'DEACTIVATING' })]])
      assert.deepEqual(completed({ tasks }).addresses, ['10.0.0.1:3000']);
  });

  it('goes when all is told, and is not looked at again', () => {
    const { addresses, leftovers } = completed({ tasks: [task('aaa'), task('bbb', { ipv4: '10.0.0.9' })] });
    assert.deepEqual(addresses, ['10.0.0.1:3000', '10.0.0.9:3000']);
    assert.equal(leftovers, undefined);
  });

  it('gives way to another task at its address', () => {
    const tasks = [task('ccc', { ipv4: '10.0.0.2' }), nowhere('bbb')];
    assert.deepEqual(completed({ tasks }).addresses, ['10.0.0.2:3000']);
  });

  it('is not added for a task in host mode whose port is another one by now', () => {
    const world: World = {
      tasks: [hostTask('aaa', '10.0.0.1')],
      definition: complete(definition({ networkMode: 'host' })),
    };
    assert.deepEqual(completed(world, document('', 'portNumber: 4000')).addresses, ['10.0.0.1:4000']);
  });

  it('stays when the same revision of a task definition comes without the name of the port', () => {
    const world: World = { tasks: [task('aaa')], definition: complete(definition({ containers: [] })) };
    assert.deepEqual(completed(world, document('', 'port: http')).addresses, ['10.0.0.1:3000']);
  });

  it('goes when a new revision lacks the name of the port', () => {
    const arn = DEFINITION_ARN.replace(/3$/, '4');
    const state = observed({ tasks: [task('aaa', { taskDefinitionArn: arn })] });
    const target = scrapeTarget(document('', 'port: http'));
    const definitions = new Map([[arn, complete(definition({ arn, revision: 4, containers: [] }))]]);
    const world = { ...state, taskDefinitions: definitions };
    const { discovery } = withLeftovers(discoverTargets(target, world), target, world, ON_DISK);
    assert.deepEqual(discovery.kind === 'discovered' && discovery.endpoints.get('metrics'), []);
  });

  it('is remembered while nothing can be read', () => {
    const { addresses, leftovers } = completed({ tasks: failed() });
    assert.equal(addresses, 'unknown');
    assert.equal(leftovers, ON_DISK);
  });

  it('stays for a task that the answer names and tells nothing of', () => {
    const skipped = [{ taskId: 'bbb', reason: 'it has no ARN' }];
    const { addresses } = completed({ tasks: complete({ tasks: [task('aaa')], skipped }) });
    assert.deepEqual(addresses, ['10.0.0.1:3000', '10.0.0.2:3000']);
  });

  it('gives way as a whole when another task has one of its addresses', () => {
    const [target, state] = [scrapeTarget(), observed({ tasks: [task('ccc'), nowhere('bbb')] })];
    const both = [{ targets: ['10.0.0.1:3000', '10.0.0.2:3000'], labels: { taskid: 'bbb' } }];
    const onDisk = new Map([['metrics', both]]);
    const result = withLeftovers(discoverTargets(target, state), target, state, onDisk);
    assert.equal(result.leftovers, undefined);
  });

  it('is kept by endpoint: one that had nothing on disk gets nothing', () => {
    const text = `${document()}    - name: admin\n      portNumber: 9090\n`;
    const [target, state] = [scrapeTarget(text), observed({ tasks: [nowhere('aaa')] })];
    const { discovery } = withLeftovers(discoverTargets(target, state), target, state, ON_DISK);
    assert.ok(discovery.kind === 'discovered');
    assert.deepEqual(
      [...discovery.endpoints].map(([name, groups]) => [name, groups.flatMap(({ targets }) => targets)]),
      [
        ['metrics', ['10.0.0.1:3000']],
        ['admin', []],
      ],
    );
  });

  it('goes with a task that tells where it is and is no target all the same', () => {
    const pending = { lastStatus: 'PENDING' };
    const bindings = [{ containerName: 'app', containerPort: 3000, hostPort: 32768, protocol: 'tcp' }];
    const overIpv6 = { id: 'aaa', ipv4: undefined, ipv6: 'fd00::1', port: undefined, ec2InstanceId: 'i-1' };
    const cases: readonly (readonly [string, ObservedTask, 'goes' | 'stays'])[] = [
      ['awsvpc', task('aaa', pending), 'goes'],
      ['host', hostTask('aaa', '10.0.0.1', pending), 'goes'],
      ['host', hostTask('aaa', '', { ...pending, instance: overIpv6 }), 'goes'],
      ['host', hostTask('aaa', '', { ...pending, instance: undefined }), 'stays'],
      ['bridge', hostTask('aaa', '10.0.0.1', { ...pending, networkBindings: bindings }), 'goes'],
      ['bridge', hostTask('aaa', '10.0.0.1', pending), 'stays'],
      ['none', hostTask('aaa', '10.0.0.1', { ...pending, networkBindings: bindings }), 'stays'],
      ['host', hostTask('aaa', '10.0.0.1', { ...pending, taskDefinitionArn: undefined }), 'stays'],
    ];
    for (const [networkMode, one, what] of cases) {
      const world = { tasks: [one], definition: complete(definition({ networkMode })) };
      assert.deepEqual(
        [networkMode, completed(world).addresses?.length],
        [networkMode, what === 'goes' ? 0 : 1],
      );
    }
  });

  it('stays for a task on a host while its task definition, and so its network mode, cannot be read', () => {
    const world = { tasks: [hostTask('aaa', '10.0.0.1', { lastStatus: 'PENDING' })], definition: failed() };
    assert.deepEqual(completed(world).addresses, ['10.0.0.1:3000']);
  });
});
