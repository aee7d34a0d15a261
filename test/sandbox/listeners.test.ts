import assert from 'node:assert/strict';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { createListeners, probeListeners } from '../../controller/sandbox/listeners.ts';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { CLUSTER, describeService, startTestSandbox, tasksOf } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

/** Where only 127.0.0.1 exists there is nothing to listen on: what then holds is shown in its place. */
const possible = (await probeListeners(true)).kind === 'listening';

describe('Tasks that listen', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox({ listen: true });
  });
  afterEach(() => aws.close());

  const addressOf = async (service: string): Promise<string> => {
    const [task] = await tasksOf(aws, service);
    return task?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? '';
  };
  const metrics = async (authority: string) => {
    const response = await fetch(`http://${authority}/metrics`);
    return { type: response.headers.get('content-type'), body: await response.text() };
  };
  const valueOf = (body: string, series: string): number =>
    Number(
      body
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1),
    );
  const authority = (port: number) =>
    aws.sandbox.listeners.listening().find((each) => each.endsWith(`:${port}`)) ?? '';

  it('says whether they do', () => {
    assert.equal(aws.sandbox.listeners.state.kind, possible ? 'listening' : 'unavailable');
    assert.deepEqual(aws.sandbox.listeners.failures(), []);
  });

  it('do not listen unless asked, and have addresses of an ordinary subnet then', async () => {
    await aws.close();
    aws = await startTestSandbox();
    assert.equal(aws.sandbox.listeners.state.kind, 'off');
    assert.match(await addressOf('WebAppService'), /^10\./);
  });

  if (!possible) return;

  it('have a loopback address each: two web apps, and one node exporter per container instance', async () => {
    const listening = aws.sandbox.listeners.listening();
    assert.equal(listening.filter((each) => /^127\.\d+\.\d+\.\d+:3000$/.test(each)).length, 2);
    assert.equal(listening.filter((each) => /^127\.\d+\.\d+\.\d+:9100$/.test(each)).length, 2);
    assert.match(await addressOf('WebAppService'), /^127\./);
  });

  it('serve the text exposition format, and 404 elsewhere', async () => {
    assert.match((await metrics(authority(3000))).type ?? '', /^text\/plain; version=0\.0\.4/);
    assert.equal((await fetch(`http://${authority(3000)}/nothing`)).status, 404);
  });

  it('of the web app serve request counters and a histogram that move with the clock', async () => {
    const total = 'http_requests_total{method="GET",path="/",status="200"}';
    const at = authority(3000);
    aws.clock.advance(60_000);
    const before = await metrics(at);
    aws.clock.advance(60_000);
    const { body } = await metrics(at);
    assert.ok(valueOf(body, total) > valueOf(before.body, total));
    const bucket = (le: string) =>
      valueOf(body, `request_duration_milliseconds_bucket{method="GET",path="/",le="${le}"}`);
    const buckets = ['50', '100', '250', '500', '+Inf'].map(bucket);
    assert.deepEqual(
      buckets,
      [...buckets].sort((a, b) => a - b),
    );
    assert.equal(bucket('+Inf'), valueOf(body, 'request_duration_milliseconds_count{method="GET",path="/"}'));
    assert.ok(bucket('50') > 0);
  });

  it('of the node exporter serve series of node_exporter', async () => {
    const { body } = await metrics(authority(9100));
    for (const series of [
      'node_cpu_seconds_total',
      'node_memory_MemTotal_bytes',
      'node_network_receive_bytes_total',
    ])
      assert.match(body, new RegExp(`^# TYPE ${series} (counter|gauge)$`, 'm'));
    assert.ok(valueOf(body, 'node_memory_MemTotal_bytes') > 0);
  });

  it('stop listening when they are STOPPED, and their successors listen when RUNNING', async () => {
    const old = aws.sandbox.listeners.listening();
    for (const service of ['WebAppService', 'NodeExporterService'])
      await aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, forceNewDeployment: true }));
    aws.clock.advance(120_000);
    await aws.sandbox.listeners.settled();
    assert.equal((await describeService(aws, 'WebAppService')).deployments?.length, 1);
    const now = aws.sandbox.listeners.listening();
    assert.equal(now.length, 4);
    const webapps = (all: readonly string[]) => all.filter((each) => each.endsWith(':3000'));
    for (const address of webapps(now)) assert.ok(!old.includes(address));
    assert.deepEqual(
      now.filter((each) => each.endsWith(':9100')),
      old.filter((each) => each.endsWith(':9100')),
      'host-mode tasks come back on the addresses of their instances',
    );
    const [gone = ''] = webapps(old);
    await assert.rejects(metrics(gone), { message: 'fetch failed' });
    await metrics(authority(9100));
    assert.deepEqual(aws.sandbox.listeners.failures(), []);
  });

  it('let two sandboxes run side by side', async () => {
    const other = await startTestSandbox({ listen: true });
    try {
      assert.deepEqual(other.sandbox.listeners.failures(), []);
      assert.equal(other.sandbox.listeners.listening().length, 4);
    } finally {
      await other.close();
    }
  });

  it('do nothing where the loopback addresses are missing', async () => {
    const listeners = createListeners({ kind: 'unavailable', reason: 'none here' }, virtualClock());
    for (const task of aws.sandbox.ecs.tasks()) listeners.follow(task);
    await listeners.settled();
    assert.deepEqual(listeners.listening(), []);
  });
});
