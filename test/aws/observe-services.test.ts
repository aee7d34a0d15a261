import assert from 'node:assert/strict';
import { UpdateServiceCommand, DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { errorOf, manyServices, never, refsOf, startAws, valueOf } from './support.ts';
import type { AwsAtSandbox } from './support.ts';

const NO_REGISTRIES = { registries: [] };

describe('Observing ECS services', () => {
  let world: AwsAtSandbox;
  afterEach(() => world.close());

  const describeCalls = () => world.box.sandbox.recorder.counts()['ecs.DescribeServices'];
  const isAskedFor = (name: string) => (input: unknown) => JSON.stringify(input).includes(`"${name}"`);

  it('describes 25 services of one cluster in three calls', async () => {
    world = await startAws({ scenario: manyServices(25, 1) });
    const services = await world.aws.reader.observeServices(refsOf(25), never());
    assert.equal(services.size, 25);
    assert.equal(valueOf(services.get('prod/app-24'))?.status, 'ACTIVE');
    assert.equal(describeCalls(), 3);
  });

  it('takes a service that ECS reports as MISSING for absent, and its neighbours for present', async () => {
    world = await startAws({ scenario: manyServices(1, 1) });
    const services = await world.aws.reader.observeServices(
      [...refsOf(1), { cluster: 'prod', service: 'nobody' }],
      never(),
    );
    assert.equal(valueOf(services.get('prod/nobody')), undefined);
    assert.equal(valueOf(services.get('prod/app-0'))?.name, 'app-0');
  });

  it('believes that a service is gone only when a second read says so', async () => {
    world = await startAws({ scenario: manyServices(1, 1) });
    await world.aws.reader.observeServices(refsOf(1), never());
    assert.equal(describeCalls(), 1);
    await world.box.ecs.send(
      new UpdateServiceCommand({ cluster: 'prod', service: 'app-0', desiredCount: 0 }),
    );
    world.box.clock.advance(120_000);
    await world.box.ecs.send(new DeleteServiceCommand({ cluster: 'prod', service: 'app-0' }));
    world.box.clock.advance(4 * 3_600_000);
    const gone = await world.aws.reader.observeServices(refsOf(1), never());
    assert.equal(valueOf(gone.get('prod/app-0')), undefined);
    assert.equal(describeCalls(), 3, 'the second observation asked twice');
    await world.aws.reader.observeServices(refsOf(1), never());
    assert.equal(describeCalls(), 4, 'what is known to be gone is asked for once');
  });

  it('takes every service of a missing cluster for absent', async () => {
    world = await startAws({ scenario: manyServices(1, 1) });
    const refs = [{ cluster: 'nowhere', service: 'a' }, ...refsOf(1)];
    const observed = await world.aws.reader.observe({ services: refs, ...NO_REGISTRIES }, never());
    assert.equal(valueOf(observed.services.get('nowhere/a')), undefined);
    assert.deepEqual(valueOf(observed.tasks.get('nowhere/a')), { tasks: [], skipped: [] });
    assert.equal(valueOf(observed.tasks.get('prod/app-0')).tasks.length, 1);
  });

  it('keeps one denied service from hiding the nine others of its batch, and asks for it apart from then on', async () => {
    world = await startAws({ scenario: manyServices(10, 1) });
    world.box.sandbox.faults.add({
      operation: 'DescribeServices',
      matches: isAskedFor('app-3'),
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'User is not authorized.' },
    });
    const first = await world.aws.reader.observeServices(refsOf(10), never());
    const error = errorOf(first.get('prod/app-3'));
    assert.equal(error.family, 'terminal');
    assert.match(error.remedy ?? '', /ecs:DescribeServices/);
    assert.equal([...first.values()].filter((read) => read.kind === 'complete').length, 9);
    world.box.sandbox.recorder.clear();
    const second = await world.aws.reader.observeServices(refsOf(10), never());
    assert.equal([...second.values()].filter((read) => read.kind === 'complete').length, 9);
    assert.equal(describeCalls(), 2);
  });

  it('spends a bounded number of calls on telling services apart where everything is denied', async () => {
    world = await startAws({ scenario: manyServices(200, 1) });
    const allow = world.box.sandbox.faults.add({
      operation: 'DescribeServices',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'User is not authorized.' },
    });
    const denied = await world.aws.reader.observeServices(refsOf(200), never());
    assert.ok([...denied.values()].every((read) => read.kind === 'failed'));
    assert.equal(describeCalls(), 20 + 2 * 40);
    allow();
    const allowed = await world.aws.reader.observeServices(refsOf(200), never());
    assert.ok([...allowed.values()].every((read) => read.kind === 'complete'));
  });

  it('lets one failed batch fail its ten services and no other', async () => {
    world = await startAws({ scenario: manyServices(20, 1) });
    world.box.sandbox.faults.add({
      operation: 'DescribeServices',
      matches: isAskedFor('app-0'),
      effect: { kind: 'error', code: 'ServerException', status: 500 },
    });
    const observed = await world.aws.reader.observe({ services: refsOf(20), ...NO_REGISTRIES }, never());
    const failed = [...observed.services].filter(([, read]) => read.kind === 'failed').map(([key]) => key);
    assert.deepEqual(
      failed,
      Array.from({ length: 10 }, (_, index) => `prod/app-${index}`),
    );
    assert.equal(errorOf(observed.tasks.get('prod/app-0')).family, 'transient');
    assert.equal(valueOf(observed.tasks.get('prod/app-19')).tasks.length, 1);
  });

  it('finds a service whose cluster the document names by ARN', async () => {
    world = await startAws({ scenario: manyServices(1, 1) });
    const cluster = 'arn:aws:ecs:us-east-1:123456789012:cluster/prod';
    const services = await world.aws.reader.observeServices([{ cluster, service: 'app-0' }], never());
    assert.equal(valueOf(services.get('prod/app-0'))?.clusterArn, cluster);
  });

  it('makes no call for an empty scope', async () => {
    world = await startAws();
    await world.aws.reader.observe({ services: [], registries: [] }, never());
    assert.equal(world.box.sandbox.recorder.total(), 0);
  });

  it('throws nothing when it is interrupted: every read says so', async () => {
    world = await startAws({ scenario: manyServices(1, 1) });
    const observed = await world.aws.reader.observe(
      { services: refsOf(1), registries: [{ namespace: 'apps', name: 'app' }] },
      AbortSignal.abort(),
    );
    assert.equal(errorOf(observed.services.get('prod/app-0')).reason, 'Interrupted');
    assert.equal(errorOf(observed.namespaces.get('apps')).reason, 'Interrupted');
  });
});
