import assert from 'node:assert/strict';
import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { DeleteServiceCommand } from '@aws-sdk/client-servicediscovery';
import {
  CLUSTER,
  createRegistry,
  describeService,
  instancesOf,
  startTestSandbox,
} from '../support/sandbox.ts';
import type { ServiceRegistry } from '@aws-sdk/client-ecs';
import type { TestRegistry, TestSandbox } from '../support/sandbox.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';

/** One service of each kind that decides what a binding must carry. */
const scenario: Scenario = {
  name: 'registry-rules',
  namespaces: [{ name: 'ecs-services' }, { name: 'borrowed', shared: true }],
  taskDefinitions: [
    {
      family: 'awsvpc',
      networkMode: 'awsvpc',
      containers: [{ name: 'app', ports: [{ containerPort: 3000 }] }],
    },
    { family: 'host', networkMode: 'host', containers: [{ name: 'app', ports: [{ containerPort: 9100 }] }] },
    { family: 'bridge', containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] },
    { family: 'none', networkMode: 'none', containers: [{ name: 'app' }] },
  ],
  clusters: [
    {
      name: CLUSTER,
      containerInstances: 2,
      externalInstances: 1,
      services: [
        { name: 'awsvpc', taskDefinition: 'awsvpc', launchType: 'FARGATE' },
        { name: 'host', taskDefinition: 'host', schedulingStrategy: 'DAEMON' },
        { name: 'bridge', taskDefinition: 'bridge', desiredCount: 2 },
        { name: 'none', taskDefinition: 'none' },
        { name: 'anywhere', taskDefinition: 'bridge', launchType: 'EXTERNAL' },
        {
          name: 'blue-green',
          taskDefinition: 'awsvpc',
          launchType: 'FARGATE',
          deploymentController: 'CODE_DEPLOY',
        },
        {
          name: 'canary',
          taskDefinition: 'awsvpc',
          launchType: 'FARGATE',
          deploymentStrategy: 'CANARY',
        },
        {
          name: 'task-sets',
          taskDefinition: 'awsvpc',
          launchType: 'FARGATE',
          deploymentController: 'EXTERNAL',
        },
      ],
    },
  ],
};

describe('serviceRegistries of an ECS service', () => {
  let aws: TestSandbox;
  let a: TestRegistry;
  let srv: TestRegistry;
  let apiOnly: TestRegistry;

  beforeEach(async () => {
    aws = await startTestSandbox({ scenario });
    a = await createRegistry(aws, { name: 'a' });
    srv = await createRegistry(aws, { name: 'srv', recordType: 'SRV' });
    apiOnly = await createRegistry(aws, { name: 'api-only', recordType: 'NONE' });
  });
  afterEach(() => aws.close());

  const bind = (service: string, serviceRegistries: ServiceRegistry[]) =>
    aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service, serviceRegistries }));

  const refuses = (
    service: string,
    serviceRegistries: ServiceRegistry[],
    name: string,
    message: string | RegExp,
  ) => assert.rejects(bind(service, serviceRegistries), { name, message });

  const invalid = (service: string, serviceRegistries: ServiceRegistry[], message: string | RegExp) =>
    refuses(service, serviceRegistries, 'InvalidParameterException', message);

  const container = { containerName: 'app', containerPort: 3000 };

  it('can have at most one entry', () =>
    invalid(
      'awsvpc',
      [{ registryArn: a.arn }, { registryArn: srv.arn }],
      'service registries can have at most 1 items',
    ));

  it('takes only the ARN for awsvpc with A records', async () => {
    await bind('awsvpc', [{ registryArn: a.arn }]);
    assert.deepEqual((await describeService(aws, 'awsvpc')).serviceRegistries, [{ registryArn: a.arn }]);
  });

  it('refuses a containerPort for awsvpc with A records', () =>
    invalid(
      'awsvpc',
      [{ registryArn: a.arn, ...container }],
      `The values specified for serviceRegistries do not require a value for 'containerPort'. Remove the value and retry. Registry: ${a.arn}`,
    ));

  it('refuses a port for awsvpc with A records', () =>
    invalid('awsvpc', [{ registryArn: a.arn, port: 3000 }], /do not require a value for 'port'/));

  it('takes containerName with containerPort, or port, for awsvpc with SRV records', async () => {
    await bind('awsvpc', [{ registryArn: srv.arn, ...container }]);
    await bind('awsvpc', [{ registryArn: srv.arn, port: 3000 }]);
    assert.deepEqual((await describeService(aws, 'awsvpc')).serviceRegistries, [
      { registryArn: srv.arn, port: 3000 },
    ]);
  });

  it('refuses both of them, and neither, for awsvpc with SRV records', async () => {
    await invalid('awsvpc', [{ registryArn: srv.arn, ...container, port: 3000 }], /not both/);
    await invalid(
      'awsvpc',
      [{ registryArn: srv.arn }],
      /specify 'containerName' and 'containerPort', or 'port'/,
    );
  });

  it('takes the ARN alone for awsvpc with an API-only registry', async () => {
    await bind('awsvpc', [{ registryArn: apiOnly.arn }]);
    aws.clock.advance(60_000);
    assert.equal((await instancesOf(aws, apiOnly)).size, 1);
  });

  it('refuses A records for bridge and host', async () => {
    const message =
      "serviceRegistries value is configured to use a type 'A' DNS record, which is not supported when specifying 'host' or 'bridge' for networkMode.";
    await invalid('bridge', [{ registryArn: a.arn }], message);
    await invalid('host', [{ registryArn: a.arn }], message);
  });

  it('needs containerName and containerPort for bridge and host', async () => {
    const message = `When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified from the task definition. Registry: ${srv.arn}`;
    await invalid('bridge', [{ registryArn: srv.arn }], message);
    await invalid('host', [{ registryArn: srv.arn, port: 9100 }], message);
    await bind('bridge', [{ registryArn: srv.arn, containerName: 'app', containerPort: 8080 }]);
  });

  it('refuses a container port that the task definition does not define', () =>
    invalid(
      'bridge',
      [{ registryArn: srv.arn, containerName: 'app', containerPort: 1 }],
      'The container app did not have a container port 1 defined.',
    ));

  it('is not supported for networkMode none', () => invalid('none', [{ registryArn: a.arn }], /'none'/));

  it('is not supported on external instances', () =>
    invalid('anywhere', [{ registryArn: srv.arn, containerName: 'app', containerPort: 8080 }], /EXTERNAL/));

  it('is refused for the CODE_DEPLOY and EXTERNAL deployment controllers', async () => {
    await invalid('blue-green', [{ registryArn: a.arn }], /CODE_DEPLOY deployment controller/);
    await invalid('task-sets', [{ registryArn: a.arn }], /EXTERNAL deployment controller/);
  });

  it('is refused under the native blue/green strategies, as long as AWS does not document it', () =>
    invalid('canary', [{ registryArn: a.arn }], /CANARY/));

  it('must name a Cloud Map service, not a namespace', async () => {
    const arn = 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-abcdefghijklmnop';
    await invalid(
      'awsvpc',
      [{ registryArn: arn }],
      `The format of the supplied service registry ARN is invalid: ${arn}`,
    );
  });

  it('must name a registry that exists', () =>
    refuses(
      'awsvpc',
      [{ registryArn: 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-abcdefghijklmnop' }],
      'ClientException',
      'The service registry could not be validated. Route 53 error: "ServiceNotFound."',
    ));

  it('must not be in a namespace shared from another account', async () => {
    const shared = await createRegistry(aws, { name: 'theirs', namespace: 'borrowed' });
    await invalid('awsvpc', [{ registryArn: shared.arn }], /shared from another account/);
  });

  it('blocks every later update when its Cloud Map service was deleted', async () => {
    await bind('awsvpc', [{ registryArn: a.arn }]);
    await aws.cloudMap.send(new DeleteServiceCommand({ Id: a.id }));
    await assert.rejects(
      aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'awsvpc', desiredCount: 2 })),
      { name: 'ClientException', message: /could not be validated/ },
    );
  });

  it('is checked against the task definition of the same call', async () => {
    await aws.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'awsvpc',
        networkMode: 'awsvpc',
        containerDefinitions: [{ name: 'app', image: 'app', portMappings: [{ containerPort: 4000 }] }],
      }),
    );
    await assert.rejects(
      aws.ecs.send(
        new UpdateServiceCommand({
          cluster: CLUSTER,
          service: 'awsvpc',
          taskDefinition: 'awsvpc:2',
          serviceRegistries: [{ registryArn: srv.arn, ...container }],
        }),
      ),
      { message: 'The container app did not have a container port 3000 defined.' },
    );
  });

  it('is checked by CreateService as well', () =>
    assert.rejects(
      aws.ecs.send(
        new CreateServiceCommand({
          cluster: CLUSTER,
          serviceName: 'new',
          taskDefinition: 'bridge',
          desiredCount: 1,
          serviceRegistries: [{ registryArn: a.arn }],
        }),
      ),
      { name: 'InvalidParameterException' },
    ));

  it('cannot be combined with a Classic Load Balancer', () =>
    assert.rejects(
      aws.ecs.send(
        new CreateServiceCommand({
          cluster: CLUSTER,
          serviceName: 'classic',
          taskDefinition: 'bridge',
          desiredCount: 1,
          loadBalancers: [{ loadBalancerName: 'old', containerName: 'app', containerPort: 8080 }],
          serviceRegistries: [{ registryArn: srv.arn, containerName: 'app', containerPort: 8080 }],
        }),
      ),
      { name: 'InvalidParameterException', message: /Classic Load Balancer/ },
    ));

  it('of a refused call leaves the service as it was', async () => {
    await assert.rejects(
      aws.ecs.send(
        new UpdateServiceCommand({
          cluster: CLUSTER,
          service: 'awsvpc',
          desiredCount: 7,
          serviceRegistries: [{ registryArn: a.arn, port: 1 }],
        }),
      ),
    );
    const service = await describeService(aws, 'awsvpc');
    assert.deepEqual(
      [service.desiredCount, service.serviceRegistries, service.deployments?.length],
      [1, [], 1],
    );
  });
});
