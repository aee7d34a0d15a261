import assert from 'node:assert/strict';
import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DeregisterInstanceCommand } from '@aws-sdk/client-servicediscovery';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentOf, installationOf } from '../support/accounts.ts';
import { readTargetFiles, useInstallation } from '../support/installation.ts';
import type { Installation } from '../support/installation.ts';
import type { Tamper } from '../support/tampering-proxy.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { assertCalm, assertDiscovered, DESCRIBED_AGAIN_MS, READ_AGAIN_MS } from './expectations.ts';

type Json = Readonly<Record<string, unknown>>;

/** Changes each item of one list in the answers of one operation. */
const changeItems =
  (operation: string, list: string, change: (item: Json, index: number) => unknown): Tamper =>
  (called, answer) => {
    const told: Json = { ...Object(answer) };
    const items = told[list];
    if (called !== operation || !Array.isArray(items)) return answer;
    return { ...told, [list]: items.map((item: unknown, index) => change({ ...Object(item) }, index)) };
  };

const first =
  (change: (item: Json) => unknown) =>
  (item: Json, index: number): unknown =>
    index === 0 ? change(item) : item;

const HOST_AND_PORT = /^\d+\.\d+\.\d+\.\d+:\d+$/;

async function assertAddressed({ config }: Installation): Promise<void> {
  for (const addresses of (await readTargetFiles(config)).values())
    for (const address of addresses) assert.match(address, HOST_AND_PORT);
}

const scale = ({ aws }: Installation, service: string, desiredCount: number) =>
  aws.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service, desiredCount }));

describe('Graveyard: tasks that are not as expected', () => {
  const install = useInstallation(useTemporaryDirectory());

  it('one vanished network interface skips one task and says which, and the others are scraped', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 3 }));
    it.proxy.tamper = changeItems(
      'DescribeTasks',
      'tasks',
      first((task) => ({ ...task, attachments: [], containers: [] })),
    );
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assertDiscovered(
      it,
      'web',
      /Targets: 2 of metrics\. Task [0-9a-f]{32} skipped: endpoint metrics: no private IPv4 address yet\./,
    );
    assertCalm(it);
  });

  it('a network interface that is missing from a later answer does not take a target that was known', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 3 }));
    await it.pass();
    const before = await it.targets('web');
    it.proxy.tamper = changeItems(
      'DescribeTasks',
      'tasks',
      first((task) => ({ ...task, attachments: [], containers: [] })),
    );
    it.aws.clock.advance(DESCRIBED_AGAIN_MS);
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assertDiscovered(it, 'web');
  });

  it('a host of ECS Anywhere in the cluster hinders no service but its own, and that is told why', async () => {
    const it = await install(
      installationOf(
        { name: 'web' },
        { name: 'api', mode: 'bridge' },
        { name: 'factory', mode: 'host', launchType: 'EXTERNAL' },
      ),
    );
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assert.equal((await it.targets('api'))?.length, 2);
    assert.deepEqual(await it.targets('factory'), []);
    assert.match(
      it.condition('factory', 'ServiceBound').message,
      /external instances, which do not support service discovery.*bindingPolicy: Observe/,
    );
    assert.match(
      it.condition('factory', 'TargetsDiscovered').message,
      /Task [0-9a-f]{32} skipped: endpoint metrics: its host address is not in the registry yet\./,
    );
    assertCalm(it);
  });

  it('a task that somebody started by hand, in a group without a colon, is passed over', async () => {
    const members = Array.from({ length: 6 }, (_, n) => ({ name: `svc-${n}`, tasks: 1 }));
    const it = await install(installationOf(...members, { name: 'web' }));
    // Among so many services one list of the whole cluster is cheaper, and that shows strangers too.
    const strangers = new Set((await it.running('svc-0')).map((task) => task.taskArn));
    const regroup = changeItems('DescribeTasks', 'tasks', (task) =>
      strangers.has(String(task['taskArn'])) ? { ...task, group: 'migration' } : task,
    );
    const uncount = changeItems('DescribeServices', 'services', (service) =>
      service['serviceName'] === 'svc-0' ? { ...service, runningCount: 0 } : service,
    );
    it.proxy.tamper = (operation, answer, input) =>
      regroup(operation, uncount(operation, answer, input), input);
    await it.pass();
    const lists = it.aws.sandbox.recorder.calls({ operation: 'ListTasks', caller: 'sandbox' });
    assert.equal(lists.length, 1);
    assert.deepEqual(await it.targets('svc-0'), []);
    assert.equal((await it.targets('web'))?.length, 2);
    assertDiscovered(it, 'web');
    assertCalm(it);
  });

  it('a task that is still starting is no target yet, and the message names it and its state', async () => {
    const it = await install(installationOf({ name: 'web' }));
    await it.pass();
    await scale(it, 'web', 3);
    it.aws.clock.advance(5_000);
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assertDiscovered(it, 'web', /Task [0-9a-f]{32} skipped: the task is PROVISIONING, not RUNNING yet\./);
    it.aws.clock.advance(60_000);
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 3);
  });

  it('a starting task without an address never becomes ":port", also where the document wants starting tasks', async () => {
    const endpoint = 'portNumber: 8080\n      filterRunning: false';
    const it = await install(
      installationOf({ name: 'web', endpoint }, { name: 'api', mode: 'bridge', endpoint }),
    );
    await scale(it, 'web', 4);
    await scale(it, 'api', 4);
    for (let second = 0; second < 25; second += 5) {
      it.aws.clock.advance(5_000);
      await it.pass();
      await assertAddressed(it);
    }
    assert.equal((await it.targets('web'))?.length, 4);
  });

  it('a task in bridge mode whose host is gone never becomes ":port"', async () => {
    const it = await install(installationOf({ name: 'api', mode: 'bridge' }));
    it.proxy.tamper = changeItems('ListInstances', 'Instances', ({ Attributes, ...instance }) => {
      const { AWS_INSTANCE_IPV4: _, ...attributes } = Object(Attributes);
      return { ...instance, Attributes: attributes };
    });
    await it.pass();
    assert.deepEqual(await it.targets('api'), []);
    const { status, message } = it.condition('api', 'TargetsDiscovered');
    assert.equal(status, 'False');
    assert.match(
      message,
      /No task can be scraped\. Task [0-9a-f]{32} skipped: endpoint metrics: no private IPv4/,
    );
    it.proxy.tamper = undefined;
    await it.pass();
    assert.equal((await it.targets('api'))?.length, 2);
  });

  it('one bad instance in a registry skips its own task, and the rest of the registry is used', async () => {
    const it = await install(installationOf({ name: 'api', mode: 'bridge', tasks: 3 }, { name: 'web' }));
    it.proxy.tamper = changeItems(
      'ListInstances',
      'Instances',
      first((instance) => ({ ...instance, Attributes: { AWS_ALIAS_DNS_NAME: 'lb.example.com' } })),
    );
    await it.pass();
    assert.equal((await it.targets('api'))?.length, 2);
    assertDiscovered(it, 'api', /Task [0-9a-f]{32} skipped: endpoint metrics: no private IPv4 address yet/);
    assertDiscovered(it, 'web');
    assertCalm(it);
  });

  it('an instance that somebody deregistered by hand leaves its task waiting for it, not the cycle', async () => {
    const it = await install(installationOf({ name: 'api', mode: 'bridge' }));
    const [task] = await it.running('api');
    const registry = it.aws.sandbox.cloudMap.idsOf('api')[0];
    const InstanceId = task?.taskArn?.split('/').at(-1);
    await it.aws.cloudMap.send(new DeregisterInstanceCommand({ ServiceId: registry, InstanceId }));
    it.aws.clock.advance(60_000);
    await it.pass();
    assert.equal((await it.targets('api'))?.length, 1);
    assertDiscovered(
      it,
      'api',
      new RegExp(`Task ${InstanceId} skipped: .* host address is not in the registry yet`),
    );
  });

  it('a sidecar that AWS injected, which no task definition knows, changes nothing', async () => {
    const sidecar = {
      name: 'aws-guardduty-agent-Ab12',
      lastStatus: 'RUNNING',
      networkBindings: [],
      networkInterfaces: [],
    };
    const endpoint = 'port: metrics';
    const it = await install(
      installationOf({ name: 'web', endpoint }, { name: 'api', mode: 'bridge', endpoint }),
    );
    it.proxy.tamper = changeItems('DescribeTasks', 'tasks', (task) => ({
      ...task,
      containers: [sidecar, ...(Array.isArray(task['containers']) ? (task['containers'] as unknown[]) : [])],
    }));
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assert.equal((await it.targets('api'))?.length, 2);
    assertDiscovered(it, 'web', /^Targets: 2 of metrics\.$/);
    assertDiscovered(it, 'api', /^Targets: 2 of metrics\.$/);
  });

  it('a port range in a task definition is no crash: the endpoint is told to name a single port', async () => {
    const it = await install(installationOf({ name: 'web', endpoint: 'port: metrics' }, { name: 'api' }));
    await it.pass();
    const before = await it.targets('web');
    await it.aws.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [
          { name: 'app', image: 'app', portMappings: [{ containerPortRange: '8080-8090', name: 'metrics' }] },
        ],
      }),
    );
    await it.aws.ecs.send(
      new UpdateServiceCommand({ cluster: 'prod', service: 'web', taskDefinition: 'web:2' }),
    );
    it.aws.clock.advance(300_000);
    await it.pass();
    assert.equal(before?.length, 2);
    assert.deepEqual(await it.targets('web'), []);
    assert.match(
      it.condition('web', 'TargetsDiscovered').message,
      /port mapping "metrics" of task definition web:2 is a range, name a single port instead/,
    );
    assertDiscovered(it, 'api');
  });

  it('a failure without a detail is an answer like any other', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 3 }, { name: 'api' }));
    let lost = '';
    it.proxy.tamper = (operation, answer) => {
      if (operation !== 'DescribeTasks') return answer;
      const { tasks = [] } = Object(answer) as { tasks?: readonly Json[] };
      const gone = tasks.find(({ group }) => group === 'service:web')?.['taskArn'];
      if (typeof gone === 'string') lost = gone;
      const others = tasks.filter(({ taskArn }) => taskArn !== lost);
      return { tasks: others, failures: [{ arn: lost, reason: 'MISSING' }] };
    };
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assertDiscovered(
      it,
      'web',
      new RegExp(`Task ${lost.split('/').at(-1)} skipped: ECS listed the task but no longer`),
    );
    assertDiscovered(it, 'api');
    assertCalm(it);
  });

  it('an answer without the tasks that were asked for keeps the targets instead of dropping them', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', cluster: 'edge' }));
    it.proxy.tamper = (operation, answer, input) =>
      operation === 'DescribeTasks' && String(Object(input).cluster).endsWith('/prod') ? {} : answer;
    await it.pass();
    assert.equal(await it.targets('web'), undefined);
    assert.match(
      it.condition('web', 'TargetsDiscovered').message,
      /^task [0-9a-f]{32}: ECS DescribeTasks did not describe this task: .* as they were found on disk\./,
    );
    assertDiscovered(it, 'api');
    it.proxy.tamper = undefined;
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
  });

  it('a list that comes without its items is a failed read, not an empty cluster', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', mode: 'bridge' }));
    await it.pass();
    const before = [await it.targets('web'), await it.targets('api')];
    it.proxy.tamper = (operation, answer) => (operation.startsWith('List') ? {} : answer);
    it.aws.clock.advance(READ_AGAIN_MS);
    await it.pass();
    assert.deepEqual([await it.targets('web'), await it.targets('api')], before);
    for (const name of ['web', 'api'])
      assert.match(it.condition(name, 'TargetsDiscovered').message, /came without its items/);
    assertCalm(it);
  });

  it('in a rolling update the tasks of both deployments are scraped, each with the labels of its service', async () => {
    const it = await install(installationOf({ name: 'web', tasks: 4 }));
    await it.pass();
    const old = new Set((await it.running('web')).map(({ taskArn }) => taskArn));
    let survivor: string | undefined;
    // One task of the new deployment comes up, so that the two stand beside one another.
    it.aws.sandbox.ecs.crashWhen(({ arn }) => !old.has(arn) && (survivor ??= arn) !== arn);
    await it.aws.ecs.send(
      new UpdateServiceCommand({ cluster: 'prod', service: 'web', forceNewDeployment: true }),
    );
    it.aws.clock.advance(30_000);
    await it.pass();
    const running = await it.running('web');
    assert.equal(new Set(running.map(({ startedBy }) => startedBy)).size, 2);
    assert.equal((await it.targets('web'))?.length, running.length);
    const file = await readFile(join(it.config, 'targets/web.metrics.json'), 'utf8');
    for (const { labels } of JSON.parse(file)) assert.equal(labels.service, 'web');
  });

  it('clusters given by name and by ARN are the same cluster', async () => {
    const web = { name: 'web' };
    const api = { name: 'api', cluster: 'prod' };
    const { scenario } = installationOf(web, api);
    const byArn = documentOf(api).replace(
      'cluster: prod',
      'cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/prod"',
    );
    const it = await install({ scenario, documents: { 'web.yaml': documentOf(web), 'api.yaml': byArn } });
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
    assert.deepEqual((await it.targets('api'))?.length, 2, it.condition('api', 'TargetsDiscovered').message);
    assertCalm(it);
  });

  it('two tasks at one address become one target, and the other is named', async () => {
    const it = await install(installationOf({ name: 'web' }));
    it.proxy.tamper = changeItems('DescribeTasks', 'tasks', (task) => ({
      ...task,
      attachments: [],
      containers: [{ name: 'app', networkInterfaces: [{ privateIpv4Address: '10.0.0.9' }] }],
    }));
    await it.pass();
    assert.deepEqual(await it.targets('web'), ['10.0.0.9:8080']);
    assertDiscovered(it, 'web', /10\.0\.0\.9:8080 is already the address of task [0-9a-f]{32}/);
  });
});
