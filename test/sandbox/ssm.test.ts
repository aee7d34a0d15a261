import assert from 'node:assert/strict';
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  paginateGetParametersByPath,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  type GetParametersByPathCommandInput,
  type PutParameterCommandInput,
} from '@aws-sdk/client-ssm';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

describe('Parameter Store', () => {
  const aws = useEmptySandbox();

  const put = (Name: string, input: Partial<PutParameterCommandInput> = {}) =>
    aws.ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...input }));

  const get = async (Name: string, WithDecryption = false) =>
    (await aws.ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

  const byPath = async (Path: string, input: Partial<GetParametersByPathCommandInput> = {}) => {
    const { Parameters } = await aws.ssm.send(new GetParametersByPathCommand({ Path, ...input }));
    return Parameters?.map(({ Name }) => Name);
  };

  const refused = (promise: Promise<unknown>, name: string, message?: string | RegExp) =>
    assert.rejects(promise, message === undefined ? { name } : { name, message });

  describe('PutParameter', () => {
    it('answers with version 1 and the tier', async () => {
      const { Version, Tier } = await put('/targets/web');
      assert.deepEqual([Version, Tier], [1, 'Standard']);
    });

    it('refuses to overwrite unless it is asked to', async () => {
      await put('/a');
      await refused(
        put('/a'),
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    });

    it('makes a version with every write, also of an equal value', async () => {
      await put('/a');
      const { Version } = await put('/a', { Overwrite: true });
      assert.equal(Version, 2);
    });

    it('needs a type on create and none on overwrite', async () => {
      await refused(put('/a', { Type: undefined }), 'ValidationException');
      await put('/a', { Type: 'StringList' });
      await put('/a', { Type: undefined, Overwrite: true });
      assert.equal((await get('/a'))?.Type, 'StringList');
    });

    it('refuses another type: HierarchyTypeMismatchException', async () => {
      await put('/a');
      await refused(put('/a', { Type: 'SecureString', Overwrite: true }), 'HierarchyTypeMismatchException');
    });

    it('refuses tags together with Overwrite', () =>
      refused(put('/a', { Overwrite: true, Tags: [{ Key: 'k', Value: 'v' }] }), 'ValidationException'));

    it('refuses an empty value', () => refused(put('/a', { Value: '' }), 'ValidationException', /length/));

    it('refuses a value with {{ and }}', () =>
      refused(
        put('/a', { Value: 'before {{ .Name }} after' }),
        'ValidationException',
        'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.',
      ));

    it('takes 4 KB in the tier Standard and 8 KB in Advanced', async () => {
      await put('/small', { Value: 'x'.repeat(4096) });
      await refused(put('/a', { Value: 'x'.repeat(4097) }), 'ValidationException', /4096/);
      await put('/big', { Value: 'x'.repeat(8192), Tier: 'Advanced' });
      await refused(put('/a', { Value: 'x'.repeat(8193), Tier: 'Advanced' }), 'ValidationException', /8192/);
    });

    it('chooses the tier by size with Intelligent-Tiering', async () => {
      const tiers = [4096, 4097].map(
        async (size) =>
          (await put(`/s${size}`, { Value: 'x'.repeat(size), Tier: 'Intelligent-Tiering' })).Tier,
      );
      assert.deepEqual(await Promise.all(tiers), ['Standard', 'Advanced']);
    });

    it('never goes back from Advanced to Standard', async () => {
      await put('/a', { Tier: 'Advanced' });
      await refused(put('/a', { Tier: 'Standard', Overwrite: true }), 'ValidationException', /downgrade/);
      assert.equal((await put('/a', { Overwrite: true })).Tier, 'Advanced');
    });

    for (const [Name, name] of [
      ['/aws/mine', 'AccessDeniedException'],
      ['/awssec/mine', 'AccessDeniedException'],
      ['aws-mine', 'ValidationException'],
      ['SSM-mine', 'ValidationException'],
      ['/ssm/mine', 'ValidationException'],
      ['/a b', 'ValidationException'],
      ['a/b', 'ValidationException'],
      ['/a/', 'ValidationException'],
      [`/${Array.from({ length: 16 }, () => 'x').join('/')}`, 'HierarchyLevelLimitExceededException'],
      [`/${'x'.repeat(1011)}`, 'ValidationException'],
    ] as const)
      it(`refuses the name ${Name.slice(0, 40)} with ${name}`, () => refused(put(Name), name));

    it('takes names of 15 levels, and tells them apart by case', async () => {
      await put(`/${Array.from({ length: 15 }, () => 'x').join('/')}`);
      await put('/case');
      await put('/Case');
    });

    it('checks the value against AllowedPattern', async () => {
      await put('/a', { Value: '42', AllowedPattern: '^[0-9]+$' });
      await refused(
        put('/b', { Value: 'x', AllowedPattern: '^[0-9]+$' }),
        'ParameterPatternMismatchException',
      );
      await refused(put('/b', { AllowedPattern: '[' }), 'InvalidAllowedPatternException');
    });

    it('knows the data types text, aws:ec2:image and aws:ssm:integration', () =>
      refused(put('/a', { DataType: 'Text' }), 'ValidationException', /lowercase/));

    it('keeps 100 versions and drops the oldest', async () => {
      await put('/a');
      for (let count = 1; count <= 100; count++) await put('/a', { Overwrite: true });
      await refused(get('/a:1'), 'ParameterVersionNotFound');
      assert.equal((await get('/a:2'))?.Version, 2);
    });

    it('does not drop a version that a label holds: ParameterMaxVersionLimitExceeded', async () => {
      await put('/a');
      await aws.ssm.send(new LabelParameterVersionCommand({ Name: '/a', Labels: ['prod'] }));
      for (let count = 1; count < 100; count++) await put('/a', { Overwrite: true });
      await refused(put('/a', { Overwrite: true }), 'ParameterMaxVersionLimitExceeded');
    });
  });

  describe('GetParameter', () => {
    it('gives name, type, value, version, date, ARN and data type', async () => {
      await put('/targets/web', { Value: 'kind: ScrapeTarget' });
      const { Selector, ...parameter } = (await get('/targets/web')) ?? {};
      assert.equal(Selector, undefined);
      assert.deepEqual(parameter, {
        Name: '/targets/web',
        Type: 'String',
        Value: 'kind: ScrapeTarget',
        Version: 1,
        LastModifiedDate: new Date(Date.UTC(2026, 0, 1)),
        ARN: `arn:aws:ssm:${aws.sandbox.region}:${aws.sandbox.account}:parameter/targets/web`,
        DataType: 'text',
      });
    });

    it('selects an older version or a label', async () => {
      await put('/a', { Value: 'one' });
      await put('/a', { Value: 'two', Overwrite: true });
      await aws.ssm.send(
        new LabelParameterVersionCommand({ Name: '/a', ParameterVersion: 1, Labels: ['prod'] }),
      );
      assert.deepEqual([(await get('/a:1'))?.Value, (await get('/a:prod'))?.Value], ['one', 'one']);
      assert.equal((await get('/a:1'))?.Selector, ':1');
    });

    it('answers ParameterNotFound for an unknown name', () => refused(get('/a'), 'ParameterNotFound'));

    it('finds a parameter by its ARN', async () => {
      await put('/a');
      assert.equal((await get((await get('/a'))?.ARN ?? ''))?.Name, '/a');
    });

    it('gives the ciphertext of a SecureString unless decryption is asked for', async () => {
      await put('/secret', { Value: 'hunter2', Type: 'SecureString' });
      assert.equal((await get('/secret'))?.Value?.includes('hunter2'), false);
      assert.equal((await get('/secret', true))?.Value, 'hunter2');
    });
  });

  describe('GetParameters', () => {
    it('sorts what it finds by name, and lists the rest as invalid', async () => {
      await put('/b');
      await put('/a');
      const { Parameters, InvalidParameters } = await aws.ssm.send(
        new GetParametersCommand({ Names: ['/b', '/missing', '/a', '/a:7'] }),
      );
      assert.deepEqual(
        Parameters?.map(({ Name }) => Name),
        ['/a', '/b'],
      );
      assert.deepEqual(InvalidParameters, ['/missing', '/a:7']);
    });

    it('takes 10 names at most', () =>
      refused(
        aws.ssm.send(new GetParametersCommand({ Names: Array.from({ length: 11 }, (_, n) => `/${n}`) })),
        'ValidationException',
      ));
  });

  describe('GetParametersByPath', () => {
    it('goes one level down, and deeper only when recursive', async () => {
      await put('/targets/a');
      await put('/targets/team/b');
      await put('/targetsother/c');
      assert.deepEqual(await byPath('/targets'), ['/targets/a']);
      assert.deepEqual(await byPath('/targets/', { Recursive: true }), ['/targets/a', '/targets/team/b']);
    });

    it('does not return the parameter that the path itself names', async () => {
      await put('/targets');
      assert.deepEqual(await byPath('/targets', { Recursive: true }), []);
    });

    it('answers an unknown path with an empty list', async () => assert.deepEqual(await byPath('/no'), []));

    it('refuses a path without a leading slash', () => refused(byPath('targets'), 'ValidationException'));

    it('gives 10 a page and refuses to be asked for more', async () => {
      for (let index = 0; index < 25; index++) await put(`/t/${index}`);
      const sizes: number[] = [];
      for await (const page of paginateGetParametersByPath({ client: aws.ssm }, { Path: '/t' }))
        sizes.push(page.Parameters?.length ?? 0);
      assert.deepEqual(sizes, [10, 10, 5]);
      await refused(byPath('/t', { MaxResults: 11 }), 'ValidationException');
    });

    it('may give an empty page with a token', async () => {
      await put('/t/a');
      aws.sandbox.faults.add({ service: 'ssm', count: 1, effect: { kind: 'emptyPage' } });
      const pages: (string | undefined)[][] = [];
      for await (const page of paginateGetParametersByPath({ client: aws.ssm }, { Path: '/t' }))
        pages.push((page.Parameters ?? []).map(({ Name }) => Name));
      assert.deepEqual(pages, [[], ['/t/a']]);
    });

    it('refuses a token that it did not give: InvalidNextToken', () =>
      refused(byPath('/t', { NextToken: 'made up' }), 'InvalidNextToken'));

    it('filters by type, and knows no filter by name', async () => {
      await put('/t/plain');
      await put('/t/list', { Type: 'StringList' });
      assert.deepEqual(await byPath('/t', { ParameterFilters: [{ Key: 'Type', Values: ['StringList'] }] }), [
        '/t/list',
      ]);
      await refused(byPath('/t', { ParameterFilters: [{ Key: 'Name', Values: ['x'] }] }), 'InvalidFilterKey');
    });
  });

  describe('DeleteParameter', () => {
    it('makes the versions start at 1 again', async () => {
      await put('/a');
      await put('/a', { Overwrite: true });
      await aws.ssm.send(new DeleteParameterCommand({ Name: '/a' }));
      assert.equal((await put('/a')).Version, 1);
    });

    it('answers ParameterNotFound for an unknown name', () =>
      refused(aws.ssm.send(new DeleteParameterCommand({ Name: '/a' })), 'ParameterNotFound'));

    it('in the plural lists unknown names as invalid', async () => {
      await put('/a');
      const { DeletedParameters, InvalidParameters } = await aws.ssm.send(
        new DeleteParametersCommand({ Names: ['/a', '/b'] }),
      );
      assert.deepEqual([DeletedParameters, InvalidParameters], [['/a'], ['/b']]);
    });
  });

  describe('DescribeParameters', () => {
    it('shows metadata without values, filtered by name and path', async () => {
      await put('/t/web', { Description: 'web' });
      await put('/t/deep/db');
      const describe = async (Key: string, Option: string, Value: string) => {
        const { Parameters } = await aws.ssm.send(
          new DescribeParametersCommand({ ParameterFilters: [{ Key, Option, Values: [Value] }] }),
        );
        return Parameters?.map((parameter) => [parameter.Name, 'Value' in parameter]);
      };
      assert.deepEqual(await describe('Name', 'Contains', 'we'), [['/t/web', false]]);
      assert.deepEqual(await describe('Tier', 'Equals', 'Advanced'), []);
      assert.deepEqual(await describe('DataType', 'BeginsWith', 'tex'), [
        ['/t/deep/db', false],
        ['/t/web', false],
      ]);
      await refused(describe('Path', 'Equals', '/t'), 'InvalidFilterOption');
      assert.deepEqual(await describe('Path', 'Recursive', '/t'), [
        ['/t/deep/db', false],
        ['/t/web', false],
      ]);
    });
  });

  describe('GetParameterHistory', () => {
    it('shows every version, the oldest first', async () => {
      await put('/a', { Value: 'one' });
      aws.clock.advance(60_000);
      await put('/a', { Value: 'two', Overwrite: true });
      const { Parameters } = await aws.ssm.send(new GetParameterHistoryCommand({ Name: '/a' }));
      assert.deepEqual(
        Parameters?.map(({ Version, Value }) => [Version, Value]),
        [
          [1, 'one'],
          [2, 'two'],
        ],
      );
    });
  });

  describe('labels', () => {
    const label = (Labels: string[], ParameterVersion?: number) =>
      aws.ssm.send(new LabelParameterVersionCommand({ Name: '/a', Labels, ParameterVersion }));

    it('are on one version at a time', async () => {
      await put('/a', { Value: 'one' });
      await label(['prod']);
      await put('/a', { Value: 'two', Overwrite: true });
      assert.equal((await get('/a:prod'))?.Value, 'one');
      await label(['prod'], 2);
      assert.equal((await get('/a:prod'))?.Value, 'two');
    });

    it('that begin with a digit, aws or ssm are reported as invalid', async () => {
      await put('/a');
      const { InvalidLabels } = await label(['prod', '1st', 'aws-x']);
      assert.deepEqual(InvalidLabels, ['1st', 'aws-x']);
    });

    it('are 10 at most on a version', async () => {
      await put('/a');
      await label(Array.from({ length: 10 }, (_, index) => `l${index}`));
      await refused(label(['more']), 'ParameterVersionLabelLimitExceeded');
    });

    it('need a version that exists', async () => {
      await put('/a');
      await refused(label(['prod'], 2), 'ParameterVersionNotFound');
    });
  });

  describe('tags', () => {
    const tags = async (ResourceId: string) => {
      const { TagList } = await aws.ssm.send(
        new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId }),
      );
      return TagList?.map(({ Key, Value }) => `${Key}=${Value}`);
    };

    it('come with the creation, and change by calls of their own', async () => {
      await put('/a', { Tags: [{ Key: 'team', Value: 'shop' }] });
      const resource = { ResourceType: 'Parameter' as const, ResourceId: '/a' };
      await aws.ssm.send(
        new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'env', Value: 'prod' }] }),
      );
      assert.deepEqual(await tags('/a'), ['team=shop', 'env=prod']);
      await aws.ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['team'] }));
      await put('/a', { Overwrite: true });
      assert.deepEqual(await tags('/a'), ['env=prod']);
    });

    it('are 50 at most: TooManyTagsError', () =>
      refused(
        put('/a', { Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })) }),
        'TooManyTagsError',
      ));

    it('of an unknown parameter are refused: InvalidResourceId', () =>
      refused(tags('/a'), 'InvalidResourceId'));
  });

  it('serves scenarios without a call', async () => {
    aws.sandbox.ssm.putParameter({ name: '/t/a', value: 'one' });
    assert.equal(aws.sandbox.ssm.putParameter({ name: '/t/a', value: 'two' }), 2);
    assert.equal((await get('/t/a'))?.Value, 'two');
  });
});
