import assert from 'node:assert/strict';
import { ListClustersCommand, ListTasksCommand, DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  DeleteObjectCommand,
} from '@aws-sdk/client-s3';
import {
  CreateServiceCommand,
  GetServiceCommand,
  TagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-servicediscovery';
import { GetParameterCommand, GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CLUSTER, createRegistry, startTestSandbox } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

const CALLER = 'test';

type Statement = Readonly<Record<string, unknown>>;

const allow = (Action: unknown, Resource: unknown = '*', Condition?: unknown): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition !== undefined && { Condition }),
});

describe('IAM in the sandbox', () => {
  let aws: TestSandbox;
  beforeEach(async () => {
    aws = await startTestSandbox();
    aws.sandbox.s3.createBucket('docs');
    aws.sandbox.s3.putObject('docs', 'targets/a.yaml', 'a');
  });
  afterEach(() => aws.close());

  const limit = (...Statement: readonly Statement[]) =>
    aws.sandbox.iam.limit(CALLER, { Version: '2012-10-17', Statement });

  const ARN = 'arn:aws:ecs:us-east-1:123456789012';
  const describeServices = (...services: string[]) =>
    aws.ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services }));
  const read = (Key: string) => aws.s3.send(new GetObjectCommand({ Bucket: 'docs', Key }));
  const denied = (call: Promise<unknown>, action: string, code = 'AccessDeniedException') =>
    assert.rejects(call, (error: Error) => {
      assert.equal(error.name, code);
      assert.ok(error.message.includes(`is not authorized to perform: ${action} on resource`), error.message);
      return true;
    });

  it('limits nobody of whom nothing is said', async () => {
    limit();
    aws.sandbox.iam.limit('somebody-else', { Statement: [] });
    const { lift } = limit();
    await denied(aws.ecs.send(new ListClustersCommand({})), 'ecs:ListClusters');
    lift();
    await aws.ecs.send(new ListClustersCommand({}));
  });

  it('knows which permissions were never needed', async () => {
    const Sid = 'Read';
    const { unused } = limit({ ...allow(['ecs:ListClusters', 'ecs:Describe*', 'ssm:*']), Sid });
    await aws.ecs.send(new ListClustersCommand({}));
    assert.deepEqual(unused(), ['Read ecs:Describe*', 'Read ssm:*']);
    await describeServices('WebAppService');
    assert.deepEqual(unused(), ['Read ssm:*']);
  });

  it('refuses in the words of AWS what nothing allows, and does not do it', async () => {
    limit(allow('servicediscovery:*'));
    await assert.rejects(describeServices('WebAppService'), {
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::123456789012:user/test is not authorized to perform: ecs:DescribeServices on resource: ${ARN}:service/${CLUSTER}/WebAppService because no identity-based policy allows the ecs:DescribeServices action`,
    });
    assert.equal(aws.sandbox.recorder.calls({ operation: 'DescribeServices' })[0]?.done, false);
  });

  it('lets a denial outrank a permission, and says so', async () => {
    limit(allow('*'), { Effect: 'Deny', Action: 'ecs:List*', Resource: '*' });
    await describeServices('WebAppService');
    await assert.rejects(
      aws.ecs.send(new ListClustersCommand({})),
      /with an explicit deny in an identity-based policy$/,
    );
  });

  it('wants every resource of a call to be allowed', async () => {
    limit(allow('ecs:describeservices', `${ARN}:service/${CLUSTER}/Web*`));
    await describeServices('WebAppService');
    await denied(describeServices('WebAppService', 'NodeExporterService'), 'ecs:DescribeServices');
  });

  it('lets a wildcard reach to the next colon only', async () => {
    limit(allow('ecs:DescribeServices', `arn:aws:ecs:*:service/${CLUSTER}/WebAppService`));
    await denied(describeServices('WebAppService'), 'ecs:DescribeServices');
  });

  it('limits the lists of tasks to a cluster', async () => {
    const listTasks = () => aws.ecs.send(new ListTasksCommand({ cluster: CLUSTER }));
    limit(allow('ecs:ListTasks', '*', { ArnEquals: { 'ecs:cluster': `${ARN}:cluster/${CLUSTER}` } }));
    await listTasks();
    limit(allow('ecs:ListTasks', '*', { ArnEquals: { 'ecs:cluster': `${ARN}:cluster/other` } }));
    await denied(listTasks(), 'ecs:ListTasks');
    limit(allow('ecs:ListTasks', `${ARN}:container-instance/${CLUSTER}/*`));
    await listTasks();
  });

  it('limits writes to registries with a tag', async () => {
    const mine = await createRegistry(aws, { name: 'mine' });
    const others = await createRegistry(aws, { name: 'others' });
    await aws.cloudMap.send(
      new TagResourceCommand({ ResourceARN: mine.arn, Tags: [{ Key: 'owner', Value: 'me' }] }),
    );
    const ofMine = { StringEquals: { 'aws:ResourceTag/owner': 'me' } };
    limit(allow('servicediscovery:UpdateService', '*', ofMine));
    const update = (Id: string) =>
      aws.cloudMap.send(new UpdateServiceCommand({ Id, Service: { Description: 'new' } }));
    await update(mine.id);
    await denied(update(others.id), 'servicediscovery:UpdateService');
  });

  it('wants a registry to be created with the tags that are allowed, and the permission to tag it', async () => {
    const create = (Name: string, Tags: { Key: string; Value: string }[]) => {
      const [namespace] = aws.sandbox.cloudMap.idsOf('ecs-services');
      return aws.cloudMap.send(
        new CreateServiceCommand({ Name, NamespaceId: namespace, Type: 'HTTP', Tags }),
      );
    };
    const owned = { StringEquals: { 'aws:RequestTag/owner': 'me' } };
    const owner = { Key: 'owner', Value: 'me' };
    limit(allow('servicediscovery:CreateService', '*', owned));
    await denied(create('untagged', []), 'servicediscovery:CreateService');
    await denied(create('tagged', [owner]), 'servicediscovery:TagResource');
    const keys = { 'ForAllValues:StringLike': { 'aws:TagKeys': ['own*'] } };
    limit(
      allow('servicediscovery:CreateService', '*', owned),
      allow('servicediscovery:TagResource', '*', keys),
    );
    await create('tagged', [owner]);
    await denied(create('more', [owner, { Key: 'team', Value: 'a' }]), 'servicediscovery:TagResource');
  });

  it('knows parameters by their path', async () => {
    limit(allow('ssm:GetParametersByPath', 'arn:aws:ssm:us-east-1:123456789012:parameter/targets/*'));
    const list = (Path: string) => aws.ssm.send(new GetParametersByPathCommand({ Path }));
    await list('/targets/');
    await denied(list('/other/'), 'ssm:GetParametersByPath');
    await denied(aws.ssm.send(new GetParameterCommand({ Name: '/targets/a' })), 'ssm:GetParameter');
  });

  it('knows log groups', async () => {
    const create = (logGroupName: string) => aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
    limit(allow('logs:CreateLogGroup', 'arn:aws:logs:us-east-1:123456789012:log-group:/ops:*'));
    await create('/ops');
    await denied(create('/other'), 'logs:CreateLogGroup');
  });

  it('limits lists of objects to a prefix', async () => {
    limit(allow('s3:ListBucket', 'arn:aws:s3:::docs', { StringLike: { 's3:prefix': 'targets/*' } }));
    const list = (Prefix?: string) => aws.s3.send(new ListObjectsV2Command({ Bucket: 'docs', Prefix }));
    await list('targets/');
    await denied(list('secrets/'), 's3:ListBucket', 'AccessDenied');
    await denied(list(), 's3:ListBucket', 'AccessDenied');
  });

  it('tells that an object is missing to those only who may list its bucket', async () => {
    const get = allow('s3:GetObject', 'arn:aws:s3:::docs/*');
    limit(get);
    await read('targets/a.yaml');
    await denied(read('targets/none.yaml'), 's3:ListBucket', 'AccessDenied');
    limit(get, allow('s3:ListBucket', 'arn:aws:s3:::docs', { StringLike: { 's3:prefix': 'targets/*' } }));
    await denied(read('targets/none.yaml'), 's3:ListBucket', 'AccessDenied');
    limit(
      get,
      allow('s3:ListBucket', 'arn:aws:s3:::docs', { StringLikeIfExists: { 's3:prefix': 'targets/*' } }),
    );
    await assert.rejects(read('targets/none.yaml'), { name: 'NoSuchKey' });
  });

  it('wants those who name an ETag to be allowed to read the object', async () => {
    const Key = 'targets/a.yaml';
    const { ETag = '' } = await read(Key);
    const put = (condition: { IfMatch?: string; IfNoneMatch?: string }) =>
      aws.s3.send(new PutObjectCommand({ Bucket: 'docs', Key, Body: 'b', ...condition }));
    limit(allow(['s3:PutObject', 's3:DeleteObject'], 'arn:aws:s3:::docs/*'));
    await assert.rejects(put({ IfNoneMatch: '*' }), { name: 'PreconditionFailed' });
    await denied(put({ IfMatch: ETag }), 's3:GetObject', 'AccessDenied');
    const remove = new DeleteObjectCommand({ Bucket: 'docs', Key, IfMatch: ETag });
    await denied(aws.s3.send(remove), 's3:GetObject', 'AccessDenied');
    await put({});
  });

  it('lets everybody ask who they are', async () => {
    limit();
    await aws.sts.send(new GetCallerIdentityCommand({}));
  });

  it('refuses a policy that it would not enforce', () => {
    const condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    for (const [statement, why] of [
      [allow('ecs:*', '*', condition), /the operator IpAddress is not known here/],
      [{ Effect: 'Permit', Action: '*', Resource: '*' }, /neither Allow nor Deny/],
      [{ Effect: 'Allow', Resource: '*' }, /without Action/],
      [{ Effect: 'Allow', Action: '*' }, /without Resource/],
    ] as const)
      assert.throws(() => limit(statement), why);
    assert.throws(() => aws.sandbox.iam.limit(CALLER, []), /it has no Statement/);
  });

  it('refuses what a denial by NotAction or NotResource covers', async () => {
    limit(allow('*'), { Effect: 'Deny', NotAction: 'ecs:*', Resource: '*' });
    await aws.ecs.send(new ListClustersCommand({}));
    await denied(aws.cloudMap.send(new GetServiceCommand({ Id: 'srv-none' })), 'servicediscovery:GetService');
    limit({ Effect: 'Allow', Action: '*', NotResource: `${ARN}:service/*` });
    await aws.ecs.send(new ListClustersCommand({}));
    await denied(describeServices('WebAppService'), 'ecs:DescribeServices');
  });
});
