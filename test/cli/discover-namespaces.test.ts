import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  CreateServiceCommand,
  DeregisterInstanceCommand,
  ListInstancesCommand,
  ListNamespacesCommand,
  ListServicesCommand,
  ServiceDiscoveryClient,
  type DnsConfig,
} from '@aws-sdk/client-servicediscovery';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientConfig } from '../support/sandbox.ts';
import { EXAMPLES, scrapectl, start, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const CLUSTER = 'ecs-prometheus-cluster';
const PARAMETER = 'ECS-ServiceDiscovery-Namespaces';

const entry = (address: string, service: string, taskdefinition: string, more = {}) => ({
  targets: [address],
  labels: { __metrics_path__: '/metrics', cluster: CLUSTER, service, taskdefinition, ...more },
});

const SAMPLE = [
  entry('10.0.16.1:9100', 'NodeExporterService', 'NodeExporterTask'),
  entry('10.0.16.2:9100', 'NodeExporterService', 'NodeExporterTask'),
  entry('10.0.16.5:3000', 'WebAppService', 'WebAppTask'),
  entry('10.0.16.6:3000', 'WebAppService', 'WebAppTask'),
];

describe('Registries without a document', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const out = (): string => join(directory(), 'out');
  const services = async (): Promise<unknown> =>
    JSON.parse(await readFile(join(out(), 'ecs-services.json'), 'utf8'));
  const config = (): Promise<string> => readFile(join(out(), 'prometheus.yml'), 'utf8');

  const render = (...args: readonly string[]) =>
    scrapectl(['render', '--config-dir', out(), '--endpoint-url', sandbox().url, ...args]);
  const discover = (...args: readonly string[]) =>
    render('--discover-namespaces', 'ecs-services', '--sample-labels-only', ...args);

  const registered = async (cloudMap: ServiceDiscoveryClient, arn: string): Promise<void> => {
    const ServiceId = arn.slice(arn.lastIndexOf('/') + 1);
    const { Instances = [] } = await cloudMap.send(new ListInstancesCommand({ ServiceId }));
    if (Instances.length < 2) await registered(cloudMap, arn);
  };

  const withoutInstances = async (name: string): Promise<void> => {
    const cloudMap = new ServiceDiscoveryClient(clientConfig(sandbox()));
    const { Services = [] } = await cloudMap.send(new ListServicesCommand({}));
    const ServiceId = Services.find(({ Name }) => Name === name)?.Id;
    const { Instances = [] } = await cloudMap.send(new ListInstancesCommand({ ServiceId }));
    for (const { Id } of Instances)
      await cloudMap.send(new DeregisterInstanceCommand({ ServiceId, InstanceId: Id }));
    const left = async (): Promise<number> =>
      (await cloudMap.send(new ListInstancesCommand({ ServiceId }))).Instances?.length ?? 0;
    while ((await left()) > 0);
    cloudMap.destroy();
  };

  /** Registries, tags and bindings as the AWS sample's own script makes them. */
  beforeEach(async () => {
    const cloudMap = new ServiceDiscoveryClient(clientConfig(sandbox()));
    const ecs = new ECSClient(clientConfig(sandbox()));
    const ssm = new SSMClient(clientConfig(sandbox()));
    const { Namespaces = [] } = await cloudMap.send(new ListNamespacesCommand({}));
    const create = async (Name: string, DnsConfig: DnsConfig, port: string): Promise<string> => {
      const { Service } = await cloudMap.send(
        new CreateServiceCommand({
          Name,
          NamespaceId: Namespaces[0]?.Id,
          DnsConfig,
          Tags: [
            { Key: 'METRICS_PATH', Value: '/metrics' },
            { Key: 'METRICS_PORT', Value: port },
          ],
        }),
      );
      return Service?.Arn ?? '';
    };
    const records = (Type: 'A' | 'SRV'): DnsConfig => ({ DnsRecords: [{ Type, TTL: 10 }] });
    const web = await create('webapp-svc', records('A'), '3000');
    const node = await create('node-exporter-svc', records('SRV'), '9100');
    const bind = (service: string, registry: object) =>
      ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, serviceRegistries: [registry] }));
    await bind('WebAppService', { registryArn: web });
    await bind('NodeExporterService', {
      registryArn: node,
      containerName: 'node-exporter',
      containerPort: 9100,
    });
    await ssm.send(
      new PutParameterCommand({ Name: PARAMETER, Type: 'String', Value: ' ecs-services , elsewhere' }),
    );
    await ssm.send(
      new PutParameterCommand({
        Name: 'ECS-Prometheus-Configuration',
        Type: 'String',
        Value: 'global:\n  evaluation_interval: 7s\n',
      }),
    );
    for (const arn of [web, node]) await registered(cloudMap, arn);
    for (const client of [cloudMap, ecs, ssm]) client.destroy();
    sandbox().recorder.clear();
  });

  it('gives the entries that the AWS sample publishes, and its job, without a document', async () => {
    const { code, stderr } = await discover();
    assert.equal(code, 0, stderr);
    assert.deepEqual(await services(), SAMPLE);
    assert.match(await config(), /job_name: ecs_services\n {4}file_sd_configs:\n/);
    assert.deepEqual(sandbox().recorder.calls({ kind: 'write' }), []);
  });

  it('looks in the namespaces that a parameter names, and warns of one that does not exist', async () => {
    const { code, stderr } = await render(
      '--discover-namespaces-parameter',
      PARAMETER,
      '--sample-labels-only',
    );
    assert.equal(code, 0, stderr);
    assert.deepEqual(await services(), SAMPLE);
    assert.match(stderr, /warning {2}not scraped by its tags: namespace elsewhere: Cloud Map has none/);
  });

  it('adds namespace and task to the labels unless only those of the sample are wanted', async () => {
    assert.equal((await render('--discover-namespaces', 'ecs-services')).code, 0);
    assert.match(
      JSON.stringify(await services()),
      /"namespace":"ecs-services","service":"WebAppService","taskdefinition":"WebAppTask","taskid":"[0-9a-f]{32}"/,
    );
  });

  it('leaves the job to the base configuration where that reads the file', async () => {
    await mkdir(directory(), { recursive: true });
    const base = join(directory(), 'base.yml');
    const own = [
      'scrape_configs:',
      '  - job_name: ecs_services',
      '    file_sd_configs:',
      '      - files: [/etc/config/ecs-services.json]',
      '',
    ].join('\n');
    await writeFile(base, own);
    assert.equal((await discover('--base-config', base)).code, 0);
    assert.equal((await config()).match(/job_name/g)?.length, 1);
    assert.deepEqual(await services(), SAMPLE);
  });

  it('refuses a base configuration whose job of that name reads something else', async () => {
    const base = join(directory(), 'base.yml');
    await writeFile(base, 'scrape_configs:\n  - job_name: ecs_services\n');
    const { code, stderr } = await discover('--base-config', base);
    assert.equal(code, 1);
    assert.match(stderr, /Its job ecs_services does not read ecs-services\.json/);
  });

  it('does not scrape a registry twice that a document names', async () => {
    const { code, stderr } = await discover('--source', join(EXAMPLES, 'webapp.yaml'));
    assert.equal(code, 0, stderr);
    assert.deepEqual(await services(), SAMPLE.slice(0, 2));
    const own = await readFile(join(out(), 'targets', 'webapp.metrics.json'), 'utf8');
    assert.match(own, /10\.0\.16\.5:3000/);
  });

  it('keeps the entries of what cannot be read, also after a restart and without a memory', async () => {
    await discover();
    for (const operation of ['ListInstances', 'ListServices', 'ListNamespaces', 'ListTagsForResource']) {
      sandbox().faults.clear();
      sandbox().faults.add({ operation, effect: { kind: 'accessDenied' } });
      const { code } = await discover();
      assert.equal(code, 1, operation);
      assert.deepEqual(await services(), SAMPLE, operation);
      await rm(join(out(), '.scrapectl-memory.json'));
    }
  });

  it('reads every page, and believes a list that is empty to its end', async () => {
    await discover();
    sandbox().faults.add({ operation: 'ListInstances', count: 2, effect: { kind: 'emptyPage' } });
    assert.equal((await discover()).code, 0);
    assert.deepEqual(await services(), SAMPLE);
    sandbox().faults.clear();
    await withoutInstances('webapp-svc');
    assert.equal((await discover()).code, 0);
    assert.deepEqual(await services(), SAMPLE.slice(0, 2));
  });

  it('keeps the entries of one registry that cannot be read, and moves on with the others', async () => {
    await discover();
    await withoutInstances('webapp-svc');
    sandbox().faults.add({
      operation: 'ListInstances',
      resource: 'node-exporter-svc',
      effect: { kind: 'accessDenied' },
    });
    assert.equal((await discover()).code, 1);
    assert.deepEqual(await services(), SAMPLE.slice(0, 2));
  });

  it('are what run publishes with nothing but the environment of the sample', async () => {
    const env = {
      CONFIG_FILE_DIR: out(),
      CONFIG_RELOAD_FREQUENCY: '30',
      PROMETHEUS_CONFIG_PARAMETER_NAME: 'ECS-Prometheus-Configuration',
      DISCOVERY_NAMESPACES_PARAMETER_NAME: PARAMETER,
      SCRAPECTL_SAMPLE_LABELS_ONLY: 'true',
    };
    const args = ['run', '--endpoint-url', sandbox().url, '--listen', 'off'];
    const { code, stderr, stop } = start(args, { env });
    await stderr.shows('Wrote Prometheus files');
    assert.deepEqual(await services(), SAMPLE);
    const text = await readFile(join(out(), 'prometheus.yaml'), 'utf8');
    assert.match(text, /evaluation_interval: 7s[^]*job_name: ecs_services/);
    await assert.rejects(config(), { code: 'ENOENT' });
    stop.abort();
    assert.equal(await code, 0);
  });

  it('are shown over HTTP without any file', async () => {
    const env = { DISCOVERY_NAMESPACES_PARAMETER_NAME: PARAMETER, SCRAPECTL_SAMPLE_LABELS_ONLY: 'true' };
    const args = ['run', '--endpoint-url', sandbox().url, '--listen', 'off', '--interval', '20ms'];
    const log = ['--log-format', 'json', '--log-level', 'debug'];
    const { code, stderr, stop } = start([...args, ...log, '--targets-listen', '127.0.0.1:0'], { env });
    await stderr.shows('"msg":"Pass done"');
    const url = /"targetsListen":"([^"]+)"/.exec(stderr.text())?.[1] ?? '';
    // The first pass is logged right before its targets are shown.
    let response = await fetch(`${url}/prometheus-targets`);
    while (response.status === 503) response = await fetch(`${url}/prometheus-targets`);
    assert.deepEqual(await response.json(), SAMPLE);
    stop.abort();
    assert.equal(await code, 0);
    await assert.rejects(services(), { code: 'ENOENT' });
  });

  it('are said not to be looked for, where only documents are, whose targets are shown beside', async () => {
    const args = ['run', '--source', EXAMPLES, '--endpoint-url', sandbox().url, '--listen', '127.0.0.1:0'];
    const log = ['--log-format', 'json', '--interval', '20ms', '--max-rollouts', '2'];
    const { code, stderr, stop } = start([...args, ...log, '--targets-listen', '127.0.0.1:0']);
    await stderr.shows('Controller started');
    for (const url of stderr
      .text()
      .match(/http:\/\/127\.0\.0\.1:\d+(?=")/g)
      ?.slice(-2) ?? []) {
      let response = await fetch(`${url}/targets/webapp`);
      while (response.status === 503 || (await response.clone().text()) === '[]\n')
        response = await fetch(`${url}/targets/webapp`);
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
      const [group] = (await response.json()) as { labels: Record<string, string> }[];
      assert.equal(group?.labels['service'], 'WebAppService');
      assert.equal((await fetch(`${url}/prometheus-targets`)).status, 404);
    }
    stop.abort();
    assert.equal(await code, 0);
  });

  it('wants the name of a namespace', async () => {
    const { code, stderr } = await render('--discover-namespaces', ' , ');
    assert.equal(code, 1);
    assert.match(stderr, /--discover-namespaces names no namespace/);
  });
});
