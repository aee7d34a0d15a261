import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  ListServicesCommand,
  ListTagsForResourceCommand,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { compareText } from '../../controller/state/keys.ts';
import { clientConfig } from '../support/sandbox.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { EXAMPLES, scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import type { Surroundings } from '../support/scrapectl.ts';

const TAGS = {
  'node-exporter-svc': {
    METRICS_PATH: '/metrics',
    METRICS_PORT: '9100',
    'ecs-prometheus-operator/owner': 'prod',
    'ecs-prometheus-operator/scrape-target': 'node-exporter',
  },
  'webapp-svc': {
    METRICS_PATH: '/metrics',
    METRICS_PORT: '3000',
    'ecs-prometheus-operator/owner': 'prod',
    'ecs-prometheus-operator/scrape-target': 'webapp',
  },
};

/** A binding that ECS refuses for a task in network mode host. */
const NEEDS_SRV = `apiVersion: monitoring.ecs/v1alpha1
kind: ScrapeTarget
metadata: {name: exporter}
spec:
  serviceRef: {cluster: ecs-prometheus-cluster, service: NodeExporterService}
  registry: {namespace: ecs-services}
  endpoints: [{name: metrics, portNumber: 9100}]
`;

describe('scrapectl apply', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const out = (): string => join(directory(), 'out');

  const common = (): string[] => [
    '--endpoint-url',
    sandbox().url,
    '--config-dir',
    out(),
    '--owner',
    'prod',
    '--poll-interval',
    '10ms',
  ];
  const apply = (args: readonly string[] = [], surroundings: Surroundings = {}) =>
    scrapectl(['apply', '--source', EXAMPLES, ...common(), ...args], surroundings);

  it('does not send a binding again that it saw rolled back, until the document changes', async () => {
    const document = join(directory(), 'webapp.yaml');
    const text = await readFile(join(EXAMPLES, 'webapp.yaml'), 'utf8');
    await writeFile(document, text);
    const mend = sandbox().actions.failDeployments({
      cluster: 'ecs-prometheus-cluster',
      service: 'WebAppService',
    });
    const once = (verb: string) => scrapectl([verb, '--source', document, ...common().slice(0, 6)]);
    assert.match((await scrapectl(['apply', '--source', document, ...common()])).stdout, /was rolled back/);
    mend();
    const { stdout } = await once('plan');
    assert.match(stdout, /blocked: service \S+WebAppService: RollbackDetected/);
    assert.match((await once('apply')).stdout, /^Plan: .* 0 disruptive, 1 blocked\.$/m);
    assert.equal(writes().filter((operation) => operation === 'UpdateService').length, 1);
    await writeFile(document, text.replace('30s', '20s'));
    assert.match((await once('plan')).stdout, / 1 disruptive, 0 blocked\.$/m);
  });

  const writes = (): string[] =>
    sandbox()
      .recorder.calls({ kind: 'write' })
      .map(({ operation }) => operation);

  async function registryTags(): Promise<Record<string, Record<string, string>>> {
    const client = new ServiceDiscoveryClient(clientConfig(sandbox()));
    const { Services = [] } = await client.send(new ListServicesCommand({}));
    const tags: [string, Record<string, string>][] = [];
    for (const { Name = '', Arn } of Services) {
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN: Arn }));
      tags.push([Name, Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))]);
    }
    client.destroy();
    return Object.fromEntries(tags.sort(([a], [b]) => compareText(a, b)));
  }

  async function bindings(): Promise<number[]> {
    const client = new ECSClient(clientConfig(sandbox()));
    const { services = [] } = await client.send(
      new DescribeServicesCommand({
        cluster: 'ecs-prometheus-cluster',
        services: ['WebAppService', 'NodeExporterService'],
      }),
    );
    client.destroy();
    return services.map(({ serviceRegistries = [] }) => serviceRegistries.length);
  }

  it('creates the registries with exactly the tags that the documents ask for, and binds the services', async () => {
    const { code, stdout } = await apply();
    assert.equal(code, 0);
    assert.deepEqual(await registryTags(), TAGS);
    assert.deepEqual(await bindings(), [1, 1]);
    assert.match(stdout, /createRegistry registry ecs-services\/webapp-svc: applied/);
    assert.match(stdout, /^webapp +True +2 +True +True +Unknown$/m);
  });

  it('writes the files of four targets', async () => {
    await apply();
    const config = await readFile(join(out(), 'prometheus.yml'), 'utf8');
    assert.match(config, /job_name: webapp\/metrics/);
    const groups: unknown = JSON.parse(await readFile(join(out(), 'targets/webapp.metrics.json'), 'utf8'));
    assert.ok(Array.isArray(groups));
    assert.equal(groups.length, 2);
  });

  it('has nothing to do the second time', async () => {
    await apply();
    const before = writes().length;
    const { code, stdout } = await apply();
    assert.equal(code, 0);
    assert.match(stdout, /^No changes\. AWS and Prometheus match the documents\.$/m);
    assert.match(stdout, /Prometheus files: 0 written, 0 deleted, 3 unchanged/);
    assert.equal(writes().length, before);
  });

  it('does the rest and ends with 3 when something is blocked', async () => {
    await writeFile(join(directory(), 'exporter.yaml'), NEEDS_SRV);
    const web = join(EXAMPLES, 'webapp.yaml');
    const { code, stdout } = await scrapectl([
      'apply',
      '--source',
      web,
      '--source',
      join(directory(), 'exporter.yaml'),
      ...common(),
    ]);
    assert.equal(code, 3);
    assert.match(
      stdout,
      /blocked: service ecs-prometheus-cluster\/NodeExporterService: UnsupportedRecordType/,
    );
    assert.match(stdout, /^webapp +True/m);
    assert.match(stdout, /^exporter +False/m);
  });

  it('changes AWS for the ScrapeTargets that --only names, and writes the files whole', async () => {
    const { code } = await apply(['--only', 'webapp']);
    assert.equal(code, 0);
    assert.deepEqual(writes(), ['CreateService', 'UpdateService']);
    const config = await readFile(join(out(), 'prometheus.yml'), 'utf8');
    assert.match(config, /webapp\/metrics/);
    assert.match(config, /node-exporter\/metrics/);
  });

  it('changes nothing when --only names what no document is called', async () => {
    const { code, stderr } = await apply(['--only', 'webap']);
    assert.equal(code, 1);
    assert.match(stderr, /--only names webap, but no document has that name/);
    assert.deepEqual(writes(), []);
  });

  it('touches nothing that exists under --policy create-only, and tells what differs', async () => {
    await apply();
    const documents = join(directory(), 'documents');
    await mkdir(documents);
    const text = await readFile(join(EXAMPLES, 'webapp.yaml'), 'utf8');
    await writeFile(join(documents, 'webapp.yaml'), text.replace('ttl: 10', 'ttl: 60'));
    const before = writes().length;
    const { code, stdout } = await scrapectl([
      'apply',
      '--source',
      documents,
      ...common(),
      '--policy',
      'create-only',
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /The policy create-only leaves it as it is/);
    assert.equal(writes().length, before);
  });

  it('replaces no task under --no-disruption, and ends with 3 because bindings are held back', async () => {
    const { code, stdout } = await apply(['--no-disruption']);
    assert.equal(code, 3);
    assert.ok(!writes().includes('UpdateService'));
    assert.deepEqual(Object.keys(await registryTags()), ['node-exporter-svc', 'webapp-svc']);
    assert.match(stdout, /^ {2}blocked: service ecs-prometheus-cluster\/WebAppService: WaitingForWindow$/m);
    assert.match(stdout, /^Plan: 2 to create, 0 to update, 0 to delete, 0 disruptive, 2 blocked\.$/m);
    assert.match(stdout, /^service ecs-prometheus-cluster\/WebAppService: blocked: WaitingForWindow$/m);
  });

  it('says in the condition and in the JSON output that a binding waits for its window', async () => {
    const { stdout } = await apply(['--no-disruption', '-o', 'json']);
    const report = JSON.parse(stdout) as {
      blocked: { target: string; reason: string }[];
      scrapeTargets: { name: string; conditions: { type: string; status: string; reason: string }[] }[];
    };
    assert.deepEqual(
      report.blocked.map(({ target, reason }) => [target, reason]),
      [
        ['node-exporter', 'WaitingForWindow'],
        ['webapp', 'WaitingForWindow'],
      ],
    );
    const bound = report.scrapeTargets.map(({ name, conditions }) => {
      const condition = conditions.find(({ type }) => type === 'ServiceBound');
      return [name, condition?.status, condition?.reason];
    });
    assert.deepEqual(bound, [
      ['node-exporter', 'False', 'WaitingForWindow'],
      ['webapp', 'False', 'WaitingForWindow'],
    ]);
  });

  it('asks on a terminal before tasks are replaced, and changes nothing on no', async () => {
    const questions: string[] = [];
    const confirm = async (question: string): Promise<boolean> => {
      questions.push(question);
      return false;
    };
    const { code, stderr } = await apply([], { confirm });
    assert.equal(code, 1);
    assert.deepEqual(questions, [
      'This replaces the tasks of service ecs-prometheus-cluster/NodeExporterService, service ecs-prometheus-cluster/WebAppService. Go ahead?',
    ]);
    assert.match(stderr, /Nothing was changed\.\n$/);
    assert.deepEqual(writes(), []);
  });

  it('goes ahead on yes, on --yes, and where nothing is disruptive', async () => {
    const refuse = (): Promise<boolean> => assert.fail('nothing was to be asked');
    assert.equal((await apply(['--no-disruption'], { confirm: refuse })).code, 3);
    assert.equal((await apply([], { confirm: async () => true })).code, 0);
    assert.equal((await apply([], { confirm: refuse })).code, 0);
    assert.equal((await apply(['--yes'], { confirm: refuse })).code, 0);
  });

  it('prints one JSON document of what became of everything', async () => {
    const { code, stdout } = await apply(['-o', 'json']);
    assert.equal(code, 0);
    const report: unknown = JSON.parse(stdout);
    assert.ok(typeof report === 'object' && report !== null && 'changes' in report);
    assert.ok(Array.isArray(report.changes));
    assert.equal(report.changes.length, 4);
    assert.ok('scrapeTargets' in report && 'files' in report);
  });

  it('ends with 1 when a change fails, and says which and why', async () => {
    sandbox().faults.add({
      operation: 'CreateService',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });
    const { code, stdout } = await apply();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /createRegistry registry ecs-services\/webapp-svc: failed: .*Allow the action servicediscovery:CreateService/,
    );
    assert.match(stdout, /bindService .*: held: .*an earlier change/);
  });

  it('changes nothing in AWS when the directory for the files is none', async () => {
    await writeFile(out(), 'a file');
    const file = await apply();
    assert.equal(file.code, 1);
    assert.match(file.stderr, /out\/\S+: Cannot read the file \(ENOTDIR\).*name a directory\./);
    assert.deepEqual(writes(), []);
    await rm(out());
    await mkdir(join(out(), 'prometheus.yml'), { recursive: true });
    const blocked = await apply();
    assert.equal(blocked.code, 1);
    assert.match(blocked.stderr, /out\/prometheus\.yml: Cannot read the file \(EISDIR\).*remove it\./);
    assert.deepEqual(writes(), []);
  });

  it('says that Prometheus does not answer, with exit code 1, and leaves the files', async () => {
    const { code, stdout } = await apply(['--prometheus-url', 'http://127.0.0.1:1']);
    assert.equal(code, 1);
    assert.match(stdout, /the reload is still owed: http:\/\/127\.0\.0\.1:1: Prometheus does not answer/);
    assert.match(await readFile(join(out(), 'prometheus.yml'), 'utf8'), /webapp\/metrics/);
  });

  it('wants to know where the files go', async () => {
    const { code, stderr } = await scrapectl(['apply', '--source', EXAMPLES]);
    assert.equal(code, 1);
    assert.match(stderr, /--config-dir is missing.*See scrapectl apply --help\./);
  });

  it('refuses an address that is none of Prometheus', async () => {
    const { code, stderr } = await apply(['--prometheus-url', 'localhost:9090']);
    assert.equal(code, 1);
    assert.match(stderr, /Write it like http:\/\/127\.0\.0\.1:9090/);
    assert.deepEqual(writes(), []);
  });

  it('holds back what is left when it is stopped, and does not call that done', async () => {
    const stop = new AbortController();
    sandbox().faults.add({
      operation: 'CreateService',
      matches: () => (stop.abort(), false),
      effect: { kind: 'latency', ms: 0 },
    });
    const { code } = await apply([], { stop });
    assert.notEqual(code, 0);
    assert.ok(!writes().includes('UpdateService'));
  });
});
