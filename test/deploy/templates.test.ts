import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import * as ecs from '@aws-sdk/client-ecs';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { format } from 'prettier';
import { parseDocuments } from '../../controller/api/parse.ts';
import { directorySource } from '../../controller/documents/directory.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import { parseDockerfile } from '../image/dockerfile.ts';
import { containersOf, deployed, fields, inApiSpelling, list, readTemplate } from './template.ts';
import type { Fields } from './template.ts';

const TEMPLATES = ['operator.yaml', 'minimum.yaml', 'samples.yaml'] as const;
const TASK_DEFINITION = 'examples/deploy/task-definition.json';

async function typesIn(name: string): Promise<ReadonlySet<string>> {
  const resources = Object.values(fields((await readTemplate(name))['Resources']));
  return new Set(resources.map((resource) => String(fields(resource)['Type'])));
}

const LIST = 1;
const STRUCTURE = 3;

/** Paths in a value that the SDK's schema of an input does not know. */
function unknownMembers(value: unknown, reference: unknown, path: string): readonly string[] {
  const resolved: unknown = typeof reference === 'function' ? reference() : reference;
  if (!Array.isArray(resolved)) return [];
  const [kind, , , , members, types]: unknown[] = resolved;
  if (typeof kind === 'function') return unknownMembers(value, kind, path);
  if (kind === LIST)
    return list(value).flatMap((item, index) => unknownMembers(item, members, `${path}.${index}`));
  if (kind !== STRUCTURE) return [];
  return Object.entries(fields(value)).flatMap(([name, item]) => {
    const index = list(members).indexOf(name);
    return index < 0 ? [`${path}.${name}`] : unknownMembers(item, list(types)[index], `${path}.${name}`);
  });
}

/** The documents about the sample services. */
async function sampleDocuments() {
  const snapshot = await directorySource('examples/scrape-targets').read(new AbortController().signal);
  assert.equal(snapshot.kind, 'complete');
  return parseDocuments(snapshot.files).targets;
}

describe('the CloudFormation templates', function () {
  this.timeout(120_000);

  for (const name of TEMPLATES) {
    it(`${name} has nothing that AWS's validator finds wrong or doubtful`, () => {
      const engine = new CelEngine();
      try {
        const report = engine.validateStandard(new TemplateFile(`examples/deploy/${name}`), {
          severityLevel: 'WARN',
        });
        assert.equal(report.status, 'OK');
        assert.deepEqual(
          report.diagnostics.map(({ ruleId, message, startLine }) => `${startLine}: ${ruleId} ${message}`),
          [],
        );
      } finally {
        engine.free();
      }
    });
  }

  it('explain every parameter', async () => {
    for (const name of TEMPLATES)
      for (const [parameter, value] of Object.entries(fields((await readTemplate(name))['Parameters'])))
        assert.match(String(fields(value)['Description']), /\.$/, `${name}: ${parameter}`);
  });

  it('need for the minimum nothing but IAM, ECS, Cloud Map and S3', async () => {
    const services = new Set([...(await typesIn('minimum.yaml'))].map((type) => type.split('::')[1]));
    assert.deepEqual(services, new Set(['ServiceDiscovery', 'S3', 'IAM', 'ECS']));
  });

  it('make the namespace and the workspace, or take them as they are', async () => {
    const made = await deployed('operator.yaml');
    assert.ok(made.has('Namespace') && made.has('Workspace'));
    const taken = await deployed('operator.yaml', {
      NamespaceId: 'ns-abc',
      WorkspaceId: 'ws-1',
      VpcId: '',
    });
    assert.ok(!taken.has('Namespace') && !taken.has('Workspace'));
    const policies = JSON.stringify(taken.get('TaskRole'));
    assert.match(policies, /namespace\/ns-abc"/);
    assert.match(policies, /workspace\/ws-1"/);
    const none = await deployed('operator.yaml', { WorkspaceId: 'none' });
    assert.doesNotMatch(JSON.stringify([...none]), /aps:RemoteWrite|"sigv4-proxy"/);
  });

  it('keep the data of Prometheus on EFS when a file system is named, and never run two on it', async () => {
    const resources = await deployed('operator.yaml', { EfsFileSystemId: 'fs-1' });
    const [, data] = list(resources.get('TaskDefinition')?.['Volumes']).map(fields);
    assert.equal(fields(data?.['EFSVolumeConfiguration'])['FilesystemId'], 'fs-1');
    const configuration = (service: Fields | undefined) => fields(service?.['DeploymentConfiguration']);
    assert.equal(configuration(resources.get('Service'))['MaximumPercent'], 100);
    const ephemeral = configuration((await deployed('operator.yaml')).get('Service'));
    assert.deepEqual([ephemeral['MinimumHealthyPercent'], ephemeral['MaximumPercent']], [100, 200]);
  });

  it('let the controller alone write the bundle, and start Prometheus when there is one', async () => {
    for (const name of ['operator.yaml', 'minimum.yaml']) {
      const containers = containersOf((await deployed(name)).get('TaskDefinition'));
      const bundle = (container: string) =>
        list(containers.get(container)?.['MountPoints'])
          .map(fields)
          .find(({ SourceVolume }) => SourceVolume === 'bundle');
      assert.equal(bundle('controller')?.['ReadOnly'], false);
      assert.equal(bundle('prometheus')?.['ReadOnly'], true);
      assert.equal(bundle('prometheus')?.['ContainerPath'], bundle('controller')?.['ContainerPath']);
      assert.deepEqual(containers.get('prometheus')?.['DependsOn'], [
        { ContainerName: 'controller', Condition: 'HEALTHY' },
      ]);
      for (const container of containers.values()) assert.equal(container['ReadonlyRootFilesystem'], true);
    }
  });

  it('run the Prometheus whose promtool is in the image', async () => {
    const [first] = parseDockerfile(await readFile('Dockerfile', 'utf8'));
    for (const name of ['operator.yaml', 'minimum.yaml']) {
      const containers = containersOf((await deployed(name)).get('TaskDefinition'));
      assert.equal(containers.get('prometheus')?.['Image'], first?.base);
    }
  });

  it('say of the task what task-definition.json says', async () => {
    const { TaskDefinition } = Object.fromEntries(await deployed('operator.yaml'));
    const wanted = inApiSpelling(TaskDefinition);
    if (process.env['UPDATE_GOLDEN'] === '1')
      await writeFile(
        TASK_DEFINITION,
        await format(JSON.stringify(wanted), { parser: 'json', printWidth: 110 }),
      );
    assert.deepEqual(JSON.parse(await readFile(TASK_DEFINITION, 'utf8')), wanted);
  });

  it('say it in words that the ECS API has', async () => {
    const text = await readFile(TASK_DEFINITION, 'utf8');
    assert.deepEqual(unknownMembers(JSON.parse(text), ecs.RegisterTaskDefinitionRequest$, ''), []);
    const misspelled = { containerDefinitions: [{ readOnlyRootFilesystem: true }] };
    assert.deepEqual(unknownMembers(misspelled, ecs.RegisterTaskDefinitionRequest$, ''), [
      '.containerDefinitions.0.readOnlyRootFilesystem',
    ]);
  });

  it('run the sample services that the example documents and the sandbox name', async () => {
    const resources = await deployed('samples.yaml');
    for (const [resource, definition] of [
      ['WebApp', 'WebAppTaskDefinition'],
      ['NodeExporterService', 'NodeExporterTaskDefinition'],
    ] as const) {
      const service = resources.get(resource);
      const task = resources.get(definition);
      const document = (await sampleDocuments()).find(
        ({ spec }) => spec.serviceRef.service === service?.['ServiceName'],
      );
      assert.ok(document, String(service?.['ServiceName']));
      assert.equal(document.spec.serviceRef.cluster, service?.['Cluster']);
      const [container] = list(task?.['ContainerDefinitions']).map(fields);
      const [port] = list(container?.['PortMappings']).map(fields);
      const [endpoint] = document.spec.endpoints;
      assert.deepEqual(endpoint?.port, { kind: 'number', number: port?.['ContainerPort'] });
      const { registry } = document.spec;
      if (registry.containerName !== undefined) assert.equal(registry.containerName, container?.['Name']);
      const known = prometheusForEcs.taskDefinitions?.find(({ family }) => family === task?.['Family']);
      assert.equal(known?.networkMode, task?.['NetworkMode']);
    }
    assert.equal(resources.get('NodeExporterService')?.['SchedulingStrategy'], 'DAEMON');
    assert.ok(!(await deployed('samples.yaml', { NodeExporter: 'false' })).has('NodeExporterService'));
  });
});
