import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ListClustersCommand, ListServicesCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { load } from 'js-yaml';
import { EFFECT_KINDS } from '../../controller/sandbox/scenarios/fault-schema.ts';
import { parseScenario } from '../../controller/sandbox/scenarios/load.ts';
import { CLUSTER, describeService, startTestSandbox } from '../support/sandbox.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const parsed = (faults: string) => parseScenario(`name: x\nfaults:\n${faults}`, 'x.yaml');

describe('The faults of a scenario file', () => {
  let aws: TestSandbox | undefined;
  afterEach(async () => {
    await aws?.close();
    aws = undefined;
  });

  const start = async (faults: string): Promise<TestSandbox> => {
    aws = await startTestSandbox({ scenario: { ...prometheusForEcs, faults: parsed(faults).faults ?? [] } });
    return aws;
  };
  const listClusters = (box: TestSandbox) => box.ecs.send(new ListClustersCommand({}));

  it('are in force from the start, each on the calls that it names', async () => {
    const box = await start(`
  - {service: ecs, operation: [ListTasks, DescribeTasks], resource: WebAppService, effect: {kind: accessDenied}}
  - {operation: ListServices, nth: 2, effect: {kind: throttle}}`);
    const tasks = (serviceName: string) =>
      box.ecs.send(new ListTasksCommand({ cluster: CLUSTER, serviceName }));
    await assert.rejects(tasks('WebAppService'), { name: 'AccessDeniedException' });
    await tasks('NodeExporterService');
    const services = () => box.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
    await services();
    await assert.rejects(services(), { name: 'ThrottlingException' });
  });

  it('last from a time after the start until another', async () => {
    const box = await start('  - {window: {from: 1m, until: 90s}, effect: {kind: serverError, status: 503}}');
    await listClusters(box);
    box.clock.advance(60_000);
    await assert.rejects(listClusters(box), { name: 'ServiceUnavailable' });
    box.clock.advance(30_000);
    await listClusters(box);
  });

  it('spell times as durations', async () => {
    const box = await start(`
  - {operation: ListClusters, effect: {kind: latency, delay: 1m30s, clock: elapse}}
  - {effect: {kind: staleRead, age: 5m}}`);
    const before = box.clock.now();
    await listClusters(box);
    assert.equal(box.clock.now() - before, 90_000);
    box.clock.advance(1);
    await box.sandbox.ecs.service.operations['UpdateService']?.({
      cluster: CLUSTER,
      service: 'WebAppService',
      desiredCount: 9,
    });
    box.clock.advance(1000);
    assert.equal((await describeService(box, 'WebAppService')).desiredCount, 2);
  });

  describe('that are wrong', () => {
    const refused = (faults: string, message: string) =>
      assert.throws(() => parsed(faults), { reason: 'InvalidScenario', where: 'x.yaml', message });

    it('are told all at once, with their paths', () =>
      refused(
        `
  - {effect: {kind: explode}}
  - {service: ec2, effect: {kind: throttle}}
  - {probability: 2, efect: {kind: throttle}}`,
        [
          `faults[0].effect: kind must be one of ${EFFECT_KINDS.join(', ')}`,
          'faults[1].service: must be one of ecs, servicediscovery, ssm, logs, s3, sts',
          "faults[2]: must have required property 'effect'",
          'faults[2]: unknown field efect',
          'faults[2].probability: must be <= 1',
        ].join('; '),
      ));

    it('say what an effect needs, and what it does not know', () =>
      refused(
        `
  - {effect: {kind: partialPage}}
  - {effect: {kind: latency, delay: 5 seconds}}
  - {effect: {kind: throttle, status: 429}}`,
        [
          "faults[0].effect: must have required property 'token'",
          'faults[1].effect.delay: must be a duration such as 30s or 5m',
          'faults[2].effect: unknown field status',
        ].join('; '),
      ));

    it('keep the sandbox from starting where they name an operation that it does not have', () =>
      assert.rejects(
        start(`
  - {service: ecs, operation: ListTask, effect: {kind: throttle}}
  - {operation: [PutMetricData], effect: {kind: throttle}}
  - {service: s3, operation: GetObject, effect: {kind: throttle}}`),
        {
          reason: 'InvalidScenario',
          where: 'prometheus-for-ecs',
          message:
            'faults[0].operation: ecs has no operation ListTask. Did you mean ListTasks?; faults[1].operation: the sandbox has no operation PutMetricData.',
        },
      ));

    it('keep the sandbox from starting where they contradict themselves', () =>
      assert.rejects(
        start(`
  - {nth: 2, count: 3, effect: {kind: throttle}}
  - {window: {from: 2m, until: 1m}, effect: {kind: throttle}}`),
        {
          message:
            'faults[0].nth names one call: leave out after and count; faults[1].window: until 1m must be later than from 2m',
        },
      ));
  });

  describe('in the documentation', () => {
    const blocks = async (): Promise<string[]> => {
      const page = await readFile(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
      return [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);
    };
    const effectsIn = (faults: readonly unknown[]): unknown[] =>
      faults.map((fault) => Object(Object(fault).effect).kind);

    it('start a sandbox, each of them', async () => {
      for (const block of await blocks()) {
        const box = await startTestSandbox({ scenario: parseScenario(block, 'docs/sandbox.md') });
        await box.close();
      }
    });

    it('show every effect', async () => {
      const shown = (await blocks()).flatMap((block) => effectsIn(Object(load(block)).faults ?? []));
      assert.deepEqual(new Set(shown), new Set(EFFECT_KINDS));
    });
  });
});
