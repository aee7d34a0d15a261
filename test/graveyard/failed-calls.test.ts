import assert from 'node:assert/strict';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { installationOf } from '../support/accounts.ts';
import { useInstallation } from '../support/installation.ts';
import type { Installation } from '../support/installation.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import {
  assertCalm,
  assertDiscovered,
  assertKept,
  DESCRIBED_AGAIN_MS,
  READ_AGAIN_MS,
} from './expectations.ts';

const scale = (installation: Installation, cluster: string, service: string, desiredCount: number) =>
  installation.aws.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount }));

/** Lets a rollout or a change of size come to its end. */
const settle = ({ aws }: Installation): void => aws.clock.advance(120_000);

describe('Graveyard: calls that fail', () => {
  const install = useInstallation(useTemporaryDirectory());

  it('one failed list call keeps the targets of that service, and moves the others on', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', cluster: 'edge' }));
    await it.pass();
    const before = await it.targets('web');
    it.aws.sandbox.faults.add({
      operation: 'ListTasks',
      resource: 'web',
      effect: { kind: 'serverError' },
    });
    await scale(it, 'edge', 'api', 3);
    await scale(it, 'prod', 'web', 3);
    settle(it);
    await it.pass();
    assert.equal(before?.length, 2);
    assert.deepEqual(await it.targets('web'), before);
    assertKept(it, 'web', /^tasks of prod\/web: ECS ListTasks failed: InternalFailure/);
    assert.equal((await it.targets('api'))?.length, 3);
    assertDiscovered(it, 'api');
  });

  it('one denied Describe call keeps the targets of that cluster, and says so', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', cluster: 'edge' }));
    await it.pass();
    const before = await it.targets('web');
    it.aws.sandbox.faults.add({
      operation: 'DescribeTasks',
      resource: 'prod',
      effect: { kind: 'accessDenied' },
    });
    await scale(it, 'prod', 'web', 4);
    await scale(it, 'edge', 'api', 1);
    settle(it);
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assertKept(
      it,
      'web',
      /tasks of cluster prod: ECS DescribeTasks failed: AccessDeniedException/,
      /Allow the action ecs:DescribeTasks in the IAM policy/,
    );
    assert.equal((await it.targets('api'))?.length, 1);
    assertCalm(it);
  });

  it('a throttled Describe call keeps the targets as long as it lasts, and the next answer is believed', async () => {
    const it = await install(installationOf({ name: 'web' }));
    await it.pass();
    const before = await it.targets('web');
    const heal = it.aws.sandbox.faults.add({ operation: 'DescribeServices', effect: { kind: 'throttle' } });
    await scale(it, 'prod', 'web', 1);
    settle(it);
    for (let cycle = 0; cycle < 3; cycle += 1) {
      await it.pass();
      assert.deepEqual(await it.targets('web'), before);
    }
    assertKept(it, 'web', /ECS services web in cluster prod/, /ThrottlingException: Rate exceeded/);
    heal();
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 1);
    assertDiscovered(it, 'web');
  });

  it('a Describe call that fails after its tasks are known takes nothing away and is not even noticed', async () => {
    const it = await install(installationOf({ name: 'web' }));
    await it.pass();
    const before = await it.targets('web');
    it.aws.clock.advance(DESCRIBED_AGAIN_MS);
    it.aws.sandbox.faults.add({ operation: 'DescribeTasks', effect: { kind: 'serverError', status: 503 } });
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assertDiscovered(it, 'web', /Targets: 2 of metrics/);
  });

  it('the second of two namespaces denied keeps its own targets, and the first goes on', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', namespace: 'internal' }));
    await it.pass();
    const before = await it.targets('api');
    it.aws.sandbox.faults.add({
      operation: 'ListServices',
      service: 'servicediscovery',
      resource: 'internal',
      effect: { kind: 'accessDenied' },
    });
    await scale(it, 'prod', 'web', 3);
    await scale(it, 'prod', 'api', 3);
    settle(it);
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 3);
    assert.deepEqual(await it.targets('api'), before);
    assertKept(it, 'api', /^namespace internal: /, /AccessDenied/, /servicediscovery:ListServices/);
    assertCalm(it);
  });

  it('a list of namespaces that nobody may read keeps all targets and creates nothing', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', namespace: 'internal' }));
    await it.pass();
    const before = [await it.targets('web'), await it.targets('api')];
    it.aws.sandbox.faults.add({ operation: 'ListNamespaces', effect: { kind: 'throttle' } });
    it.aws.clock.advance(READ_AGAIN_MS);
    await it.pass();
    assert.deepEqual([await it.targets('web'), await it.targets('api')], before);
    assertKept(it, 'web', /^Cloud Map namespaces: /, /slowly/);
    assert.match(it.condition('web', 'RegistrySynced').message, /Waits for namespace apps/);
    assertCalm(it);
  });

  it('throttled tags cost no target and no write: only what the tags decide waits', async () => {
    const it = await install(installationOf({ name: 'web' }));
    it.aws.sandbox.faults.add({ operation: 'ListTagsForResource', effect: { kind: 'throttle' } });
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assertDiscovered(it, 'web');
    const { status, message } = it.condition('web', 'RegistrySynced');
    assert.equal(status, 'Unknown');
    assert.match(message, /registry apps\/web: .*ListTagsForResource failed: .*Rate exceeded/);
    assertCalm(it);
  });

  it('an unreadable registry keeps the addresses that only it tells', async () => {
    const it = await install(installationOf({ name: 'api', mode: 'bridge' }, { name: 'web' }));
    await it.pass();
    const before = await it.targets('api');
    it.aws.sandbox.faults.add({ operation: 'ListInstances', effect: { kind: 'accessDenied' } });
    await scale(it, 'prod', 'api', 4);
    await scale(it, 'prod', 'web', 4);
    settle(it);
    await it.pass();
    assert.equal(before?.length, 2);
    assert.deepEqual(await it.targets('api'), before);
    assertKept(it, 'api', /^instances of registry arn:/, /Allow the action servicediscovery:ListInstances/);
    assert.equal((await it.targets('web'))?.length, 4);
  });

  it('a batch that AWS refuses because of one service is asked again without it', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api' }, { name: 'secret' }));
    it.aws.sandbox.faults.add({
      operation: 'DescribeServices',
      resource: 'secret',
      effect: { kind: 'accessDenied' },
    });
    await it.pass();
    assertDiscovered(it, 'web');
    assertDiscovered(it, 'api');
    assert.match(
      it.condition('secret', 'TargetsDiscovered').message,
      /ECS services secret in cluster prod: .*AccessDenied.* as they were found on disk\. Allow the action/,
    );
  });

  it('what is on the second page is scraped too', async () => {
    const members = Array.from({ length: 12 }, (_, n) => ({ name: `svc-${n}`, tasks: 1 }));
    const it = await install(installationOf(...members, { name: 'web', tasks: 130 }));
    it.aws.sandbox.faults.add({
      operation: ['ListNamespaces', 'ListServices', 'ListTasks', 'ListInstances'],
      effect: { kind: 'partialPage', keep: 5, token: 'kept' },
    });
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 130);
    for (const { name } of members) assert.equal((await it.targets(name))?.length, 1);
    assertCalm(it);
  });

  it('a second page that fails takes the first one with it, not the targets', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 130 }));
    await it.pass();
    const before = await it.targets('web');
    it.aws.sandbox.faults.add({
      operation: 'ListTasks',
      matches: (input) => typeof input === 'object' && input !== null && 'nextToken' in input,
      effect: { kind: 'reset', when: 'before' },
    });
    await it.pass();
    assert.equal(before?.length, 130);
    assert.deepEqual(await it.targets('web'), before);
    assertKept(it, 'web', /tasks of prod\/web: ECS ListTasks got no answer/);
  });

  it('a service that is scaled to zero loses its targets in one cycle, and no empty batch is described', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api' }));
    await it.pass();
    await scale(it, 'prod', 'web', 0);
    settle(it);
    await it.pass();
    assert.deepEqual(await it.targets('web'), []);
    assert.equal((await it.targets('api'))?.length, 2);
    const { status, reason, message } = it.condition('web', 'TargetsDiscovered');
    assert.deepEqual(
      [status, reason, message],
      ['False', 'NoRunningTasks', 'The ECS service runs no tasks.'],
    );
    assert.equal(it.condition('web', 'Ready').status, 'True');
    for (const { input } of it.aws.sandbox.recorder.calls({ operation: 'DescribeTasks' }))
      assert.notDeepEqual(Object(input).tasks, []);
    assertCalm(it);
  });

  it('a list that lost its next page takes no target away, and says which counts do not agree', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 3 }, { name: 'api', cluster: 'edge' }));
    await it.pass();
    const before = await it.targets('web');
    const heal = it.aws.sandbox.faults.add({
      operation: 'ListTasks',
      resource: 'web',
      effect: { kind: 'partialPage', keep: 1, token: 'lost' },
    });
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assertKept(it, 'web', /^tasks of prod\/web: AWS listed 1 of them but counts 3/, /read again/);
    assertDiscovered(it, 'api');
    heal();
    await it.pass();
    assertDiscovered(it, 'web');
    assertCalm(it);
  });

  it('a sudden loss of most targets is held until a second complete read says the same', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 20 }, { name: 'api' }));
    await it.pass();
    const before = await it.targets('web');
    await scale(it, 'prod', 'web', 0);
    settle(it);
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assertKept(it, 'web', /20 of 22 targets would go at once/, /--max-target-loss/);
    await it.pass();
    assert.deepEqual(await it.targets('web'), []);
  });
});
