import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

const documentOf = (
  name: string,
  service: string,
  policy: string,
): string => `apiVersion: monitoring.ecs/v1alpha1
kind: ScrapeTarget
metadata: {name: ${name}}
spec:
  serviceRef: {cluster: ecs-prometheus-cluster, service: ${service}}
  registry: {namespace: ecs-services, name: ${name}-svc, ${service === 'WebAppService' ? 'dnsRecord: {type: A}' : 'dnsRecord: {type: SRV}, containerName: node-exporter, containerPort: 9100'}}
  endpoints: [{name: metrics, portNumber: ${service === 'WebAppService' ? 3000 : 9100}}]
  deletionPolicy: ${policy}
`;

describe('scrapectl, when a document is gone', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const source = (): string => join(directory(), 'targets');

  const common = (): string[] => [
    '--endpoint-url',
    sandbox().url,
    '--config-dir',
    join(directory(), 'out'),
    '--owner',
    'prod',
  ];
  const planning = (): string[] => ['--source', source(), ...common()];
  const write = async (name: string, service: string, policy: string): Promise<void> => {
    await mkdir(source(), { recursive: true });
    await writeFile(join(source(), `${name}.yaml`), documentOf(name, service, policy));
  };
  const remove = (name: string): Promise<void> => rm(join(source(), `${name}.yaml`));
  const apply = (...args: readonly string[]) =>
    scrapectl(['apply', ...planning(), '--poll-interval', '10ms', '--max-rollouts', '5', ...args]);

  it('plans all steps, asks on a terminal, and walks them to the end', async () => {
    await write('webapp', 'WebAppService', 'Delete');
    await write('node-exporter', 'NodeExporterService', 'Retain');
    await apply();
    await remove('webapp');
    const planned = await scrapectl(['plan', ...planning()]);
    assert.match(planned.stdout, STEPS);
    assert.match(
      planned.stdout,
      /\nPlan: 0 to create, 1 to update, 1 to delete, 1 disruptive, 0 blocked\.\n$/,
    );

    const asked: string[] = [];
    const refused = await scrapectl(['apply', ...planning()], {
      terminal: true,
      confirm: async (question) => {
        asked.push(question);
        return false;
      },
    });
    assert.equal(refused.code, 1);
    assert.deepEqual(asked, [
      'This replaces the tasks of service ecs-prometheus-cluster/WebAppService and deletes registry ecs-services/webapp-svc. Go ahead?',
    ]);

    const done = await apply();
    assert.match(done.stdout, /unbindService service ecs-prometheus-cluster\/WebAppService: applied\n/);
    assert.match(done.stdout, /deleteRegistry registry ecs-services\/webapp-svc: applied\n/);
    assert.equal((await scrapectl(['plan', ...planning(), '--detailed-exitcode'])).code, 0);
  }).timeout(20_000);

  it('leaves everything where the document said Retain, and lists it', async () => {
    await write('node-exporter', 'NodeExporterService', 'Retain');
    await apply();
    await remove('node-exporter');
    const after = await apply();
    assert.match(after.stdout, /Plan: 0 to create, 0 to update, 0 to delete, 0 disruptive, 0 blocked\./);
    const orphans = await scrapectl(['get', ...common(), '--orphans']);
    assert.match(
      orphans.stdout,
      /^REGISTRY .*\necs-services\/node-exporter-svc +node-exporter +retained +ecs-prometheus-cluster\/NodeExporterService +arn:.*\n$/,
    );
    const json: unknown = JSON.parse(
      (await scrapectl(['get', ...common(), '--orphans', '-o', 'json'])).stdout,
    );
    assert.deepEqual(Object.keys(Object(json)), ['owner', 'orphans']);
  });

  it('deletes nothing under another policy, and says so', async () => {
    await write('webapp', 'WebAppService', 'Delete');
    await write('node-exporter', 'NodeExporterService', 'Retain');
    await apply();
    await remove('webapp');
    const planned = await scrapectl(['plan', ...planning(), '--policy', 'upsert-only']);
    assert.match(planned.stdout, /The policy upsert-only leaves it as it is\./);
    assert.match(planned.stdout, /0 to delete/);
    await apply('--policy', 'upsert-only');
    assert.match((await scrapectl(['plan', ...planning()])).stdout, STEPS);
  });

  it('plans no deletion, and says why, while the inventory is broken; and leaves it as it is', async () => {
    await write('webapp', 'WebAppService', 'Delete');
    await write('node-exporter', 'NodeExporterService', 'Retain');
    await apply();
    const path = join(directory(), 'out', '.scrapectl', 'prod', 'inventory');
    await writeFile(path, '{"format":"scrapectl-inventory/1","owner":"prod-eu","registries":[]}');
    await remove('webapp');
    const planned = await scrapectl(['plan', ...planning()]);
    assert.match(planned.stdout, / 0 to delete, 0 disruptive/);
    assert.match(planned.stderr, /The inventory .* it is that of owner "prod-eu"\. Nothing is deleted/);
    assert.equal(planned.code, 1);
    assert.equal((await apply()).code, 1);
    assert.match(await readFile(path, 'utf8'), /prod-eu/);
  });
});

const STEPS = new RegExp(
  [
    'ScrapeTarget webapp',
    '  ! service ecs-prometheus-cluster/WebAppService: rolls 2 tasks of service WebAppService',
    '      serviceRegistries: registry ecs-services/webapp-svc -> \\(none\\)',
    '      waits until its job has left Prometheus',
    '  - registry ecs-services/webapp-svc',
    '      waits until its job has left Prometheus',
    '',
  ].join('\n'),
);
