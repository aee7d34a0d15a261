import assert from 'node:assert/strict';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { generateScenario } from '../../controller/sandbox/scenarios/generate.ts';
import { CLUSTER, describeService, startTestSandbox } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const HOUR = 3_600_000;

describe('Reading ECS', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
  });
  afterEach(() => aws.close());

  const describeServices = (services: string[]) =>
    aws.ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services }));
  const deleteWebApp = () =>
    aws.ecs.send(new DeleteServiceCommand({ cluster: CLUSTER, service: 'WebAppService', force: true }));

  describe('in pages', () => {
    beforeEach(async () => {
      await aws.close();
      aws = await startTestSandbox({ scenario: generateScenario({ services: 120, tasksPerService: 2 }) });
    });
    const cluster = 'generated';

    it('gives 10 services a page by default and at most 100', async () => {
      const page = async (maxResults?: number) =>
        (await aws.ecs.send(new ListServicesCommand({ cluster, ...(maxResults && { maxResults }) })))
          .serviceArns?.length;
      assert.equal(await page(), 10);
      assert.equal(await page(100), 100);
      await assert.rejects(page(101), { name: 'InvalidParameterException' });
    });

    it('gives 100 tasks a page by default', async () => {
      const { taskArns, nextToken } = await aws.ecs.send(new ListTasksCommand({ cluster }));
      assert.equal(taskArns?.length, 100);
      assert.ok(nextToken);
    });

    it('gives every service once, and no token on the last page', async () => {
      const names = new Set<string>();
      let token: string | undefined;
      let pages = 0;
      do {
        const page = await aws.ecs.send(
          new ListServicesCommand({
            cluster,
            maxResults: 50,
            ...(token !== undefined && { nextToken: token }),
          }),
        );
        for (const arn of page.serviceArns ?? []) names.add(arn);
        token = page.nextToken;
        pages += 1;
      } while (token !== undefined);
      assert.deepEqual([names.size, pages], [120, 3]);
    });

    it('refuses a token that it did not make', () =>
      assert.rejects(aws.ecs.send(new ListServicesCommand({ cluster, nextToken: 'made up' })), {
        name: 'InvalidParameterException',
      }));
  });

  it('takes the cluster default when none is named', () =>
    assert.rejects(aws.ecs.send(new ListServicesCommand({})), {
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
    }));

  it('describes services by name, short ARN and long ARN', async () => {
    const base = 'arn:aws:ecs:us-east-1:123456789012:service';
    const { services } = await describeServices([
      'WebAppService',
      `${base}/WebAppService`,
      `${base}/${CLUSTER}/WebAppService`,
    ]);
    assert.equal(services?.length, 3);
  });

  it('answers unknown services and those of another cluster in failures, as MISSING', async () => {
    const base = 'arn:aws:ecs:us-east-1:123456789012:service';
    const { services, failures } = await describeServices([
      'WebAppService',
      'nobody',
      `${base}/other/WebAppService`,
    ]);
    assert.equal(services?.length, 1);
    assert.deepEqual(failures, [
      { arn: `${base}/${CLUSTER}/nobody`, reason: 'MISSING' },
      { arn: `${base}/other/WebAppService`, reason: 'MISSING' },
    ]);
  });

  it('describes at most 10 services, and at least one', async () => {
    await assert.rejects(describeServices(Array.from({ length: 11 }, (_, index) => `s${index}`)), {
      name: 'InvalidParameterException',
    });
    await assert.rejects(describeServices([]), { name: 'InvalidParameterException' });
  });

  it('shows the tags of services and clusters only when they are asked for', async () => {
    const { services: [bare] = [] } = await describeServices(['WebAppService']);
    assert.equal(bare?.tags, undefined);
    assert.deepEqual((await describeService(aws, 'WebAppService')).tags, [
      { key: 'team', value: 'storefront' },
    ]);
  });

  it('shows launchType or capacityProviderStrategy, never both', async () => {
    const { service } = await aws.ecs.send(
      new CreateServiceCommand({
        cluster: CLUSTER,
        serviceName: 'provided',
        taskDefinition: 'WebAppTask',
        desiredCount: 0,
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      }),
    );
    assert.equal(service?.launchType, undefined);
    assert.equal(service?.capacityProviderStrategy?.[0]?.capacityProvider, 'FARGATE_SPOT');
    const { launchType, capacityProviderStrategy } = await describeService(aws, 'WebAppService');
    assert.deepEqual([launchType, capacityProviderStrategy], ['FARGATE', undefined]);
  });

  it('tells an Express service by resourceManagementType ECS, and lists by it', async () => {
    aws.sandbox.ecs.createSteadyService(
      { cluster: CLUSTER, serviceName: 'express', taskDefinition: 'NodeExporterTask', desiredCount: 0 },
      { resourceManagementType: 'ECS' },
    );
    assert.equal((await describeService(aws, 'express')).resourceManagementType, 'ECS');
    const list = async (resourceManagementType: 'CUSTOMER' | 'ECS') =>
      (await aws.ecs.send(new ListServicesCommand({ cluster: CLUSTER, resourceManagementType }))).serviceArns;
    assert.deepEqual([(await list('ECS'))?.length, (await list('CUSTOMER'))?.length], [1, 2]);
  });

  it('does not show the deployment controller ECS', async () =>
    assert.equal((await describeService(aws, 'WebAppService')).deploymentController, undefined));

  it('does not list a service that is DRAINING, but describes it as such, then INACTIVE, then not at all', async () => {
    await deleteWebApp();
    const { serviceArns } = await aws.ecs.send(new ListServicesCommand({ cluster: CLUSTER }));
    assert.equal(serviceArns?.length, 1);
    assert.equal((await describeService(aws, 'WebAppService')).status, 'DRAINING');
    aws.clock.advance(120_000);
    assert.equal((await describeService(aws, 'WebAppService')).status, 'INACTIVE');
    aws.clock.advance(HOUR);
    assert.equal((await describeServices(['WebAppService'])).failures?.[0]?.reason, 'MISSING');
  });

  it('cannot update a service that is not ACTIVE', async () => {
    await deleteWebApp();
    await assert.rejects(
      aws.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'WebAppService', desiredCount: 1 })),
      { name: 'ServiceNotActiveException', message: 'Service was not ACTIVE.' },
    );
  });

  it('cannot delete a service that is scaled above 0, unless forced', () =>
    assert.rejects(aws.ecs.send(new DeleteServiceCommand({ cluster: CLUSTER, service: 'WebAppService' })), {
      name: 'InvalidParameterException',
      message: 'The service cannot be stopped while it is scaled above 0.',
    }));

  it('cannot create a service of a name that is taken, except by the same clientToken, or once it is INACTIVE', async () => {
    const create = (clientToken: string) =>
      aws.ecs.send(
        new CreateServiceCommand({
          cluster: CLUSTER,
          serviceName: 'again',
          taskDefinition: 'NodeExporterTask',
          desiredCount: 0,
          clientToken,
        }),
      );
    const { service: first } = await create('one');
    assert.deepEqual((await create('one')).service?.createdAt, first?.createdAt);
    await assert.rejects(create('two'), { message: 'Creation of service was not idempotent.' });
    await aws.ecs.send(new DeleteServiceCommand({ cluster: CLUSTER, service: 'again' }));
    aws.clock.advance(1_000);
    assert.equal((await create('two')).service?.status, 'ACTIVE');
  });

  it('needs a network configuration exactly for awsvpc', async () => {
    const create = (taskDefinition: string, subnets: string[] | undefined) =>
      aws.ecs.send(
        new CreateServiceCommand({
          cluster: CLUSTER,
          serviceName: 'net',
          taskDefinition,
          desiredCount: 1,
          ...(subnets !== undefined && { networkConfiguration: { awsvpcConfiguration: { subnets } } }),
        }),
      );
    await assert.rejects(create('WebAppTask', undefined), {
      message: "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    });
    await assert.rejects(create('NodeExporterTask', ['subnet-1']), {
      message: 'Network Configuration is not valid for the given networkMode of this task definition.',
    });
  });

  it('describes clusters with their counts, unknown ones as MISSING', async () => {
    const { clusters: [cluster] = [], failures } = await aws.ecs.send(
      new DescribeClustersCommand({ clusters: [CLUSTER, 'nowhere'] }),
    );
    assert.equal(cluster?.runningTasksCount, 4);
    assert.equal(cluster?.registeredContainerInstancesCount, 2);
    assert.equal(cluster?.activeServicesCount, 2);
    assert.deepEqual(
      failures?.map(({ reason }) => reason),
      ['MISSING'],
    );
  });

  it('creates a cluster once: the second call returns it', async () => {
    await aws.ecs.send(new CreateClusterCommand({ clusterName: 'new' }));
    await aws.ecs.send(new CreateClusterCommand({ clusterName: 'new' }));
    const { clusterArns } = await aws.ecs.send(new ListClustersCommand({}));
    assert.equal(clusterArns?.length, 2);
  });

  describe('task definitions', () => {
    const describeDefinition = (taskDefinition: string, tags = false) =>
      aws.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: tags ? ['TAGS'] : [] }));

    it('are found by family, family:revision and ARN', async () => {
      const { taskDefinition } = await describeDefinition('WebAppTask');
      assert.equal(taskDefinition?.revision, 1);
      assert.deepEqual((await describeDefinition('WebAppTask:1')).taskDefinition, taskDefinition);
      const arn = taskDefinition?.taskDefinitionArn ?? '';
      assert.deepEqual((await describeDefinition(arn)).taskDefinition, taskDefinition);
    });

    it('that are unknown are a ClientException', () =>
      assert.rejects(describeDefinition('WebAppTask:9'), {
        name: 'ClientException',
        message: 'Unable to describe task definition.',
      }));

    it('keep the names of their port mappings, the host port following the network mode', async () => {
      const { taskDefinition } = await describeDefinition('WebAppTask');
      assert.deepEqual(taskDefinition?.containerDefinitions?.[0]?.portMappings, [
        { protocol: 'tcp', name: 'metrics', containerPort: 3000, hostPort: 3000 },
      ]);
    });

    it('show no network mode when none was given, and host port 0 as in bridge', async () => {
      const { taskDefinition } = await aws.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'plain',
          containerDefinitions: [{ name: 'app', image: 'app', portMappings: [{ containerPort: 80 }] }],
        }),
      );
      assert.equal(taskDefinition?.networkMode, undefined);
      assert.equal(taskDefinition?.containerDefinitions?.[0]?.portMappings?.[0]?.hostPort, 0);
    });

    it('carry their tags beside taskDefinition, only when asked for', async () => {
      await aws.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'tagged',
          containerDefinitions: [{ name: 'app', image: 'app' }],
          tags: [{ key: 'a', value: '1' }],
        }),
      );
      assert.equal((await describeDefinition('tagged')).tags, undefined);
      assert.deepEqual((await describeDefinition('tagged', true)).tags, [{ key: 'a', value: '1' }]);
    });
  });

  describe('tags', () => {
    const tag = (resourceArn: string, tags: { key: string; value: string }[]) =>
      aws.ecs.send(new TagResourceCommand({ resourceArn, tags }));
    const tagsOf = async (resourceArn: string) =>
      (await aws.ecs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    const arn = () => `arn:aws:ecs:us-east-1:123456789012:service/${CLUSTER}/WebAppService`;

    it('are added and overwritten by key, the rest stays', async () => {
      await tag(arn(), [{ key: 'env', value: 'demo' }]);
      await tag(arn(), [{ key: 'env', value: 'prod' }]);
      assert.deepEqual(await tagsOf(arn()), [
        { key: 'team', value: 'storefront' },
        { key: 'env', value: 'prod' },
      ]);
    });

    it('are removed by key, an absent key is no error', async () => {
      await aws.ecs.send(new UntagResourceCommand({ resourceArn: arn(), tagKeys: ['team', 'absent'] }));
      assert.deepEqual(await tagsOf(arn()), []);
    });

    it('cannot be set by the short service ARN', () =>
      assert.rejects(
        tag('arn:aws:ecs:us-east-1:123456789012:service/WebAppService', [{ key: 'a', value: 'b' }]),
        {
          name: 'InvalidParameterException',
        },
      ));

    it('must not begin with aws: in any case', () =>
      assert.rejects(tag(arn(), [{ key: 'AWS:x', value: 'b' }]), { name: 'InvalidParameterException' }));

    it('take only letters, digits, spaces and _ . : / = + - @', async () => {
      await assert.rejects(tag(arn(), [{ key: 'a', value: 'b,c' }]), { name: 'InvalidParameterException' });
      await tag(arn(), [{ key: 'ecs-prometheus-operator/owner', value: 'a b:c=d+e@f_g.h' }]);
    });

    it('are at most 50: more is a LimitExceededException', async () => {
      const many = Array.from({ length: 49 }, (_, index) => ({ key: `k${index}`, value: 'v' }));
      await tag(arn(), many);
      await assert.rejects(tag(arn(), [{ key: 'one-more', value: 'v' }]), { name: 'LimitExceededException' });
    });

    it('of an unknown resource are a ResourceNotFoundException', () =>
      assert.rejects(tag(`${arn()}X`, [{ key: 'a', value: 'b' }]), { name: 'ResourceNotFoundException' }));
  });
});
