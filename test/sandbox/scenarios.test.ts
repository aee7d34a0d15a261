import assert from 'node:assert/strict';
import { DescribeTaskDefinitionCommand, ListServicesCommand } from '@aws-sdk/client-ecs';
import { ListNamespacesCommand } from '@aws-sdk/client-servicediscovery';
import { isOperatorError } from '../../controller/errors.ts';
import { generateScenario } from '../../controller/sandbox/scenarios/generate.ts';
import { loadScenario, parseScenario } from '../../controller/sandbox/scenarios/load.ts';
import { CLUSTER, describeService, instancesOf, startTestSandbox, tasksOf } from '../support/sandbox.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const YAML = `
name: shop
namespaces: [{name: shop.local}]
registries: [{namespace: shop.local, name: cart, tags: {METRICS_PORT: "8080"}}]
taskDefinitions:
  - family: cart
    networkMode: awsvpc
    containers:
      - name: cart
        ports: [{containerPort: 8080, name: http}]
clusters:
  - name: shop
    services:
      - name: cart
        taskDefinition: cart
        launchType: FARGATE
        desiredCount: 3
        registry: {namespace: shop.local, name: cart}
`;

const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (thrown) {
    assert.ok(isOperatorError(thrown));
    assert.deepEqual([thrown.family, thrown.reason], ['terminal', 'InvalidScenario']);
    return `${thrown.where ?? ''}: ${thrown.message}`;
  }
  return assert.fail('nothing was thrown');
};

describe('A sandbox scenario', () => {
  let aws: TestSandbox | undefined;
  afterEach(async () => {
    await aws?.close();
    aws = undefined;
  });

  it('prometheus-for-ecs has two services without registries, four running tasks and the namespace ecs-services', async () => {
    aws = await startTestSandbox({ scenario: await loadScenario('prometheus-for-ecs') });
    const webapp = await describeService(aws, 'WebAppService');
    const exporter = await describeService(aws, 'NodeExporterService');
    assert.deepEqual([webapp.runningCount, webapp.launchType, webapp.serviceRegistries], [2, 'FARGATE', []]);
    assert.deepEqual(
      [exporter.runningCount, exporter.schedulingStrategy, exporter.serviceRegistries],
      [2, 'DAEMON', []],
    );
    assert.equal(webapp.deployments?.[0]?.rolloutState, 'COMPLETED');
    const { taskDefinition } = await aws.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: webapp.taskDefinition }),
    );
    const [container] = taskDefinition?.containerDefinitions ?? [];
    assert.deepEqual(
      [container?.name, container?.portMappings?.[0]?.name, container?.portMappings?.[0]?.containerPort],
      ['webapp', 'metrics', 3000],
    );
    const { Namespaces } = await aws.cloudMap.send(new ListNamespacesCommand({}));
    assert.deepEqual(
      Namespaces?.map(({ Name, Type }) => [Name, Type]),
      [['ecs-services', 'DNS_PRIVATE']],
    );
  });

  it('gives the same ids and addresses each time it is started', async () => {
    const arns: string[][] = [];
    for (let start = 0; start < 2; start += 1) {
      const sandbox = await startTestSandbox();
      arns.push(
        (await tasksOf(sandbox, 'WebAppService', 'RUNNING', CLUSTER)).map((task) => task.taskArn ?? ''),
      );
      await sandbox.close();
    }
    assert.deepEqual(arns[0], arns[1]);
  });

  it('in YAML begins with services bound and instances registered', async () => {
    aws = await startTestSandbox({ scenario: parseScenario(YAML, 'shop.yaml') });
    const service = await describeService(aws, 'cart', 'shop');
    const [task] = await tasksOf(aws, 'cart', 'RUNNING', 'shop');
    const registry = aws.sandbox.cloudMap.instances.registry(
      service.serviceRegistries?.[0]?.registryArn ?? '',
    );
    assert.ok(registry !== undefined);
    assert.equal(service.runningCount, 3);
    assert.equal((await instancesOf(aws, registry)).size, 3);
    assert.equal(task?.lastStatus, 'RUNNING');
  });

  it('tells all faults of a file at once, each with its path', () =>
    assert.equal(
      messageOf(() =>
        parseScenario(
          'name: x\nclusters: [{name: c, services: [{name: s, launchType: LAMBDA}], size: 2}]',
          'x.yaml',
        ),
      ),
      "x.yaml: clusters[0]: unknown field size; clusters[0].services[0]: must have required property 'taskDefinition'; clusters[0].services[0].launchType: must be one of EC2, FARGATE, EXTERNAL",
    ));

  it('tells where YAML is broken', () =>
    assert.match(
      messageOf(() => parseScenario('name: [', 'x.yaml')),
      /x\.yaml.*\(2:1\)|x\.yaml.*\(1:8\)/s,
    ));

  it('is found by its name when the sandbox starts, one made to measure as well', async () => {
    aws = await startTestSandbox({ scenario: 'generated-12x2' });
    assert.equal(aws.sandbox.ecs.tasks().length, 24);
  });

  it('that is no file names the ones that come with the sandbox', () =>
    assert.rejects(loadScenario('/no/such/file.yaml'), { message: /prometheus-for-ecs/ }));

  const start = (scenario: Scenario) => startTestSandbox({ scenario });
  const containers = [{ name: 'app', ports: [{ containerPort: 80 }] }];

  it('is refused when it names what it does not have', async () => {
    const service = { name: 's', taskDefinition: 'app', registry: { namespace: 'n', name: 'r' } };
    await assert.rejects(
      start({
        name: 'x',
        taskDefinitions: [{ family: 'app', containers }],
        clusters: [{ name: 'c', services: [service] }],
      }),
      { message: 'Service s: the scenario has no registry n/r. Add it to registries.' },
    );
    await assert.rejects(start({ name: 'x', registries: [{ namespace: 'n', name: 'r' }] }), {
      message: 'Registry r: the scenario has no namespace n. Add it to namespaces.',
    });
    await assert.rejects(
      start({ name: 'x', clusters: [{ name: 'c', services: [{ name: 's', taskDefinition: 't' }] }] }),
      {
        message: 'Service s: ClientException: TaskDefinition not found.',
      },
    );
  });

  it('is refused when ECS would refuse it', () =>
    assert.rejects(
      start({
        name: 'x',
        namespaces: [{ name: 'n' }],
        registries: [{ namespace: 'n', name: 'r' }],
        taskDefinitions: [{ family: 'app', networkMode: 'bridge', containers }],
        clusters: [
          {
            name: 'c',
            services: [{ name: 's', taskDefinition: 'app', registry: { namespace: 'n', name: 'r' } }],
          },
        ],
      }),
      { message: /^Service s: InvalidParameterException: serviceRegistries value is configured/ },
    ));

  it('can be generated with any number of bound services', async () => {
    aws = await startTestSandbox({
      scenario: generateScenario({ services: 30, tasksPerService: 3, bound: true, clusters: 2 }),
    });
    const { serviceArns } = await aws.ecs.send(
      new ListServicesCommand({ cluster: 'generated-1', maxResults: 100 }),
    );
    assert.equal(serviceArns?.length, 15);
    assert.equal(aws.sandbox.ecs.tasks().length, 90);
    assert.ok(aws.sandbox.ecs.tasks().every((task) => task.registeredIn !== undefined));
  });
});
