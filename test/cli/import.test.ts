import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  CreateServiceCommand,
  ListNamespacesCommand,
  ServiceDiscoveryClient,
  type DnsConfig,
} from '@aws-sdk/client-servicediscovery';
import { clientConfig } from '../support/sandbox.ts';
import { scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const CLUSTER = 'ecs-prometheus-cluster';

describe('scrapectl import', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const targets = (): string => join(directory(), 'targets');

  const verb = (name: string, ...args: string[]) =>
    scrapectl([name, '--endpoint-url', sandbox().url, ...args]);
  const importTargets = (...args: string[]) =>
    verb('import', '--namespace', 'ecs-services', '--output-dir', targets(), ...args);

  /** Registries, tags and bindings as the AWS sample's own script makes them. */
  beforeEach(async () => {
    const cloudMap = new ServiceDiscoveryClient(clientConfig(sandbox()));
    const ecs = new ECSClient(clientConfig(sandbox()));
    const { Namespaces = [] } = await cloudMap.send(new ListNamespacesCommand({}));
    const create = async (Name: string, DnsConfig: DnsConfig, port: string): Promise<string> => {
      const { Service } = await cloudMap.send(
        new CreateServiceCommand({
          Name,
          NamespaceId: Namespaces[0]?.Id,
          Description: `${Name} by hand`,
          DnsConfig,
          Tags: [
            { Key: 'METRICS_PATH', Value: '/metrics' },
            { Key: 'METRICS_PORT', Value: port },
          ],
        }),
      );
      return Service?.Arn ?? '';
    };
    const web = await create(
      'webapp-svc',
      { RoutingPolicy: 'WEIGHTED', DnsRecords: [{ Type: 'A', TTL: 15 }] },
      '3000',
    );
    const node = await create('node-exporter-svc', { DnsRecords: [{ Type: 'SRV', TTL: 10 }] }, '9100');
    const bind = (service: string, registry: object) =>
      ecs.send(
        new UpdateServiceCommand({
          cluster: CLUSTER,
          service,
          serviceRegistries: [registry],
        }),
      );
    await bind('WebAppService', { registryArn: web });
    await bind('NodeExporterService', {
      registryArn: node,
      containerName: 'node-exporter',
      containerPort: 9100,
    });
    cloudMap.destroy();
    ecs.destroy();
    sandbox().recorder.clear();
  });

  it('takes over a namespace that was built by hand, without replacing a task', async () => {
    const imported = await importTargets();
    assert.equal(imported.code, 0, imported.stderr);
    assert.match(imported.stderr, /^2 documents \(2 adopt their registry\), 0 proposals, 0 skipped\.$/m);
    assert.deepEqual(sandbox().recorder.calls({ kind: 'write' }), []);
    assert.equal((await scrapectl(['validate', targets()])).code, 0);

    const source = ['--source', targets()];
    const planned = await verb('plan', ...source);
    const marks = planned.stdout
      .split('\n')
      .flatMap((line) => /^ {2}(\S+) (?:registry|service)/.exec(line)?.[1] ?? []);
    assert.deepEqual(marks, ['<=', '<=']);
    assert.match(planned.stdout, /Plan: 0 to create, 2 to update, 0 to delete, 0 disruptive, 0 blocked\.\n$/);

    const applied = await verb(
      'apply',
      ...source,
      '--config-dir',
      join(directory(), 'out'),
      '--no-disruption',
    );
    assert.equal(applied.code, 0, applied.stderr);
    const again = await verb('plan', ...source, '--detailed-exitcode');
    assert.equal(again.stdout, 'No changes. AWS and Prometheus match the documents.\n');
    assert.equal(again.code, 0);
    const writes = sandbox().recorder.calls({ kind: 'write' });
    assert.deepEqual([...new Set(writes.map(({ operation }) => operation))], ['TagResource']);
  });

  it('prints the documents of a namespace and of its cluster alike, the same each time', async () => {
    const [first, second, cluster] = [
      await verb('import', '--namespace', 'ecs-services'),
      await verb('import', '--namespace', 'ecs-services'),
      await verb('import', '--cluster', CLUSTER),
    ];
    assert.equal(first.stdout.split('\n---\n').length, 2);
    assert.equal(second.stdout, first.stdout);
    assert.equal(cluster.stdout, first.stdout);
    const file = join(directory(), 'all.yaml');
    await writeFile(file, first.stdout);
    assert.equal((await scrapectl(['validate', file])).code, 0);
  });

  it('writes what its guide shows', async () => {
    const guide = await readFile('docs/import.md', 'utf8');
    const shown = /```yaml\n([^`]+)```/.exec(guide)?.[1];
    await importTargets();
    assert.equal(await readFile(join(targets(), 'node-exporter-svc.yaml'), 'utf8'), shown);
  });

  it('writes the document of one service of a cluster', async () => {
    const { stdout } = await verb('import', '--cluster', CLUSTER, '--service', 'NodeExporterService');
    assert.match(stdout, /^ {2}name: node-exporter-svc /m);
    assert.doesNotMatch(stdout, /WebAppService/);
  });

  it('keeps files that say something else, unless forced', async () => {
    await importTargets();
    const path = join(targets(), 'webapp-svc.yaml');
    const imported = await readFile(path, 'utf8');
    const edited = imported.replace('/metrics', '/edited');
    await writeFile(path, edited);

    const kept = await importTargets();
    assert.match(kept.stdout, /^kept {7}\S+webapp-svc\.yaml$/m);
    assert.match(kept.stdout, /^unchanged {2}\S+node-exporter-svc\.yaml$/m);
    assert.match(kept.stderr, /webapp-svc\.yaml: It differs and was kept\. Use --force to replace it\./);
    assert.equal(await readFile(path, 'utf8'), edited);

    assert.match((await importTargets('--force')).stdout, /^written {4}\S+webapp-svc\.yaml$/m);
    assert.equal(await readFile(path, 'utf8'), imported);
    assert.deepEqual((await readdir(targets())).sort(), ['node-exporter-svc.yaml', 'webapp-svc.yaml']);
  });

  it('writes no second document for a registry that has one in the directory', async () => {
    await importTargets();
    const text = await readFile(join(targets(), 'webapp-svc.yaml'), 'utf8');
    const other = join(directory(), 'other');
    await mkdir(other);
    await writeFile(join(other, 'shop.yaml'), text.replace('name: webapp-svc #', 'name: shop #'));
    const { code, stderr } = await importTargets('--output-dir', other);
    assert.equal(code, 0);
    assert.match(stderr, /^skipped {2}registry ecs-services\/webapp-svc: .*"shop".* \(AlreadyDeclared\)$/m);
    assert.deepEqual((await readdir(other)).sort(), ['node-exporter-svc.yaml', 'shop.yaml']);
  });

  it('lists what it found and skipped as JSON', async () => {
    sandbox().actions.addRegistry({ namespace: 'ecs-services', name: 'idle' });
    const { stdout } = await importTargets('-o', 'json');
    const report: { documents: { name: string; file: string }[]; skipped: unknown[] } = JSON.parse(stdout);
    assert.deepEqual(
      report.documents.map(({ name, file }) => [name, file]),
      ['node-exporter-svc', 'webapp-svc'].map((name) => [name, join(targets(), `${name}.yaml`)]),
    );
    assert.deepEqual(report.skipped, [
      {
        subject: 'registry ecs-services/idle',
        reason: 'NotScraped',
        message: 'It has neither tags for scraping nor an ECS service that registers in it.',
      },
    ]);
  });

  it('leaves registries of another installation alone, and says whose they are', async () => {
    sandbox().actions.tagRegistry(
      { namespace: 'ecs-services', name: 'webapp-svc' },
      { 'ecs-prometheus-operator/owner': 'prod-eu' },
    );
    const { stdout, stderr } = await importTargets('--owner', 'prod');
    assert.doesNotMatch(stdout, /webapp/);
    assert.match(
      stderr,
      /^skipped {2}registry ecs-services\/webapp-svc: It belongs to owner "prod-eu"; this is "prod"\. \(ConflictingOwner\)$/m,
    );
  });

  it('ends with 1 when something could not be read, and still writes what is certain', async () => {
    sandbox().faults.add({
      service: 'servicediscovery',
      operation: 'ListTagsForResource',
      count: 1,
      effect: { kind: 'accessDenied' },
    });
    const { code, stderr } = await importTargets();
    assert.equal(code, 1);
    assert.match(stderr, /^error {4}.*servicediscovery:ListTagsForResource/m);
    assert.match(stderr, /^skipped .*\(AccessDenied\)$/m);
    assert.equal((await readdir(targets())).length, 1);
  });

  const usage: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [[], /Say where to look: --namespace NAME or --cluster NAME\./],
    [['--namespace', 'a', '--cluster', 'b'], /exclude each other/],
    [['--namespace', 'a', '--service', 'b'], /--service goes with --cluster/],
  ];
  for (const [args, message] of usage)
    it(`does not guess where to look when called with ${args.join(' ') || 'nothing'}`, async () => {
      const { code, stdout, stderr } = await verb('import', ...args);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    });

  it('writes nothing when it is stopped while it reads', async () => {
    const stop = new AbortController();
    sandbox().faults.add({
      operation: 'ListClusters',
      effect: { kind: 'latency', ms: 60_000 },
      matches: () => {
        stop.abort();
        return true;
      },
    });
    const { code, stdout, stderr } = await scrapectl(
      ['import', '--namespace', 'ecs-services', '--output-dir', targets(), '--endpoint-url', sandbox().url],
      { stop },
    );
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /scrapectl import: It was stopped before everything was read; nothing was written\./,
    );
    await assert.rejects(readdir(targets()), { code: 'ENOENT' });
  });

  it('says which namespace does not exist', async () => {
    const { code, stderr } = await verb('import', '--namespace', 'nowhere');
    assert.equal(code, 1);
    assert.match(stderr, /error {4}namespace nowhere: Cloud Map has no namespace of this name/);
  });

  it('says where it cannot write', async () => {
    await writeFile(targets(), 'a file');
    const { code, stderr } = await importTargets();
    assert.equal(code, 1);
    assert.match(stderr, /targets/);
  });
});
