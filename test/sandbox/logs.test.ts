import assert from 'node:assert/strict';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  type FilterLogEventsCommandInput,
  type GetLogEventsCommandInput,
  type InputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

const GROUP = '/prometheus/operator';
const STREAM = 'prod/host';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('CloudWatch Logs', () => {
  const aws = useEmptySandbox();

  const createGroup = (logGroupName: string = GROUP) =>
    aws.logs.send(new CreateLogGroupCommand({ logGroupName }));
  const createStream = (logStreamName: string = STREAM, logGroupName: string = GROUP) =>
    aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const put = (logEvents: readonly InputLogEvent[], logStreamName: string = STREAM) =>
    aws.logs.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName, logEvents: [...logEvents] }));
  const at = (offset: number, message = `at ${offset}`): InputLogEvent => ({
    timestamp: aws.clock.now() + offset,
    message,
  });
  const get = async (input: Partial<GetLogEventsCommandInput> = {}) => {
    const command = new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: STREAM, ...input });
    const { events = [], ...tokens } = await aws.logs.send(command);
    return { messages: events.map(({ message }) => message), ...tokens };
  };
  const filter = async (input: Partial<FilterLogEventsCommandInput> = {}) => {
    const { events = [] } = await aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: GROUP, ...input }),
    );
    return events.map(({ message }) => message);
  };
  const refused = (promise: Promise<unknown>, name: string, message?: RegExp) =>
    assert.rejects(promise, message === undefined ? { name } : { name, message });

  describe('log groups', () => {
    it('are made once: ResourceAlreadyExistsException', async () => {
      await createGroup();
      await refused(createGroup(), 'ResourceAlreadyExistsException', /log group already exists/);
    });

    for (const name of ['', 'a b', 'a:b', 'aws/mine', 'x'.repeat(513)])
      it(`refuse the name ${JSON.stringify(name.slice(0, 20))}`, () =>
        refused(createGroup(name), 'InvalidParameterException'));

    it('keep their events for ever until they are told otherwise', async () => {
      await createGroup();
      const retention = async () => {
        const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/' }));
        return logGroups?.map(({ retentionInDays }) => retentionInDays);
      };
      assert.deepEqual(await retention(), [undefined]);
      await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 30 }));
      assert.deepEqual(await retention(), [30]);
      await aws.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: GROUP }));
      assert.deepEqual(await retention(), [undefined]);
    });

    it('take only some numbers of days', async () => {
      await createGroup();
      await refused(
        aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 31 })),
        'InvalidParameterException',
      );
    });

    it('are listed by name in pages of 50, with ARNs', async () => {
      for (let i = 0; i < 51; i += 1) await createGroup(`g${String(i).padStart(2, '0')}`);
      const pages = [];
      for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: aws.logs }, {}))
        pages.push(logGroups.map(({ logGroupName }) => logGroupName));
      assert.deepEqual(
        pages.map((page) => [page.length, page[0]]),
        [
          [50, 'g00'],
          [1, 'g50'],
        ],
      );
      const command = new DescribeLogGroupsCommand({ logGroupNamePattern: 'G5' });
      const { logGroups = [] } = await aws.logs.send(command);
      assert.equal(logGroups[0]?.arn, 'arn:aws:logs:us-east-1:123456789012:log-group:g50:*');
      assert.equal(logGroups[0]?.logGroupArn, 'arn:aws:logs:us-east-1:123456789012:log-group:g50');
    });

    it('go with all that is in them', async () => {
      await createGroup();
      await createStream();
      await aws.logs.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
      await refused(put([at(0)]), 'ResourceNotFoundException', /log group does not exist/);
    });
  });

  describe('log streams', () => {
    beforeEach(() => createGroup());

    it('are made once in a group that exists', async () => {
      await createStream();
      await refused(createStream(), 'ResourceAlreadyExistsException', /log stream already exists/);
      await refused(createStream(STREAM, 'other'), 'ResourceNotFoundException', /log group does not exist/);
    });

    for (const name of ['', 'a:b', 'a*', 'x'.repeat(513)])
      it(`refuse the name ${JSON.stringify(name.slice(0, 20))}`, () =>
        refused(createStream(name), 'InvalidParameterException'));

    it('are listed by name or by their last event, either way round', async () => {
      for (const name of ['a', 'b', 'c']) await createStream(name);
      await put([at(0)], 'b');
      await put([at(1)], 'a');
      const names = async (input: object) => {
        const command = new DescribeLogStreamsCommand({ logGroupName: GROUP, ...input });
        return (await aws.logs.send(command)).logStreams?.map(({ logStreamName }) => logStreamName);
      };
      assert.deepEqual(await names({}), ['a', 'b', 'c']);
      assert.deepEqual(await names({ descending: true, limit: 2 }), ['c', 'b']);
      assert.deepEqual(await names({ orderBy: 'LastEventTime', descending: true }), ['a', 'b', 'c']);
      assert.deepEqual(await names({ logStreamNamePrefix: 'b' }), ['b']);
      await refused(
        names({ orderBy: 'LastEventTime', logStreamNamePrefix: 'b' }),
        'InvalidParameterException',
      );
    });

    it('can be deleted alone', async () => {
      await createStream();
      await aws.logs.send(new DeleteLogStreamCommand({ logGroupName: GROUP, logStreamName: STREAM }));
      await refused(put([at(0)]), 'ResourceNotFoundException', /log stream does not exist/);
    });
  });

  describe('PutLogEvents', () => {
    beforeEach(async () => {
      await createGroup();
      await createStream();
    });

    it('keeps what it gets', async () => {
      const { rejectedLogEventsInfo, nextSequenceToken } = await put([at(0, 'one'), at(0, 'two')]);
      assert.equal(rejectedLogEventsInfo, undefined);
      assert.ok(nextSequenceToken);
      assert.deepEqual(aws.sandbox.truth().logGroups, [
        { name: GROUP, retentionInDays: undefined, streams: { [STREAM]: ['one', 'two'] } },
      ]);
    });

    it('refuses a batch that is not in the order of time, and keeps nothing of it', async () => {
      await refused(put([at(1), at(0)]), 'InvalidParameterException', /chronological order/);
      assert.deepEqual((await get()).messages, []);
    });

    it('takes 10,000 events and no more, and not none', async () => {
      const events = Array.from({ length: 10_001 }, () => at(0, 'x'));
      await refused(put(events), 'InvalidParameterException', /10000/);
      await refused(put([]), 'InvalidParameterException');
      await put(events.slice(1));
    });

    it('counts 26 bytes for each event beside its UTF-8', async () => {
      const half = 1_048_576 / 2 - 26;
      await put([at(0, 'x'.repeat(half)), at(0, 'é'.repeat(half / 2))]);
      await refused(
        put([at(0, 'x'.repeat(half)), at(0, `${'é'.repeat(half / 2)}y`)]),
        'InvalidParameterException',
        /1048577 bytes exceeds/,
      );
    });

    it('refuses an empty message', () => refused(put([at(0, '')]), 'InvalidParameterException'));

    it('takes a batch of 24 hours and none that spans more', async () => {
      await put([at(-DAY), at(0)]);
      await refused(put([at(-DAY - 1), at(0)]), 'InvalidParameterException', /24 hours/);
    });

    it('drops what is too old, expired or too new, tells where, and keeps the rest', async () => {
      await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 5 }));
      const { rejectedLogEventsInfo } = await put([
        at(-14 * DAY - 1),
        at(-5 * DAY - 1),
        at(0, 'kept'),
        at(2 * HOUR + 1),
      ]);
      assert.deepEqual(rejectedLogEventsInfo, {
        tooOldLogEventEndIndex: 1,
        expiredLogEventEndIndex: 2,
        tooNewLogEventStartIndex: 3,
      });
      assert.deepEqual((await get()).messages, ['kept']);
    });
  });

  describe('GetLogEvents', () => {
    beforeEach(async () => {
      await createGroup();
      await createStream();
      await put([at(0, 'a'), at(1, 'b'), at(1, 'c'), at(2, 'd'), at(3, 'e')]);
    });

    it('begins at the end, and goes backward and forward from there', async () => {
      const last = await get({ limit: 2 });
      assert.deepEqual(last.messages, ['d', 'e']);
      const before = await get({ limit: 2, nextToken: last.nextBackwardToken });
      assert.deepEqual(before.messages, ['b', 'c']);
      const again = await get({ limit: 2, nextToken: before.nextForwardToken });
      assert.deepEqual(again.messages, ['d', 'e']);
    });

    it('begins at the head when it is asked to, and gives the same token back at the end', async () => {
      const all = await get({ startFromHead: true });
      assert.deepEqual(all.messages, ['a', 'b', 'c', 'd', 'e']);
      const end = await get({ startFromHead: true, nextToken: all.nextForwardToken });
      assert.deepEqual([end.messages, end.nextForwardToken], [[], all.nextForwardToken]);
      await put([at(4, 'f')]);
      assert.deepEqual((await get({ nextToken: end.nextForwardToken })).messages, ['f']);
    });

    it('takes a time range, with its start and without its end', async () => {
      const now = aws.clock.now();
      assert.deepEqual((await get({ startTime: now + 1, endTime: now + 3 })).messages, ['b', 'c', 'd']);
    });

    it('refuses a token of another make', () =>
      refused(get({ nextToken: 'mine' }), 'InvalidParameterException'));

    it('takes the ARN of the group', async () => {
      const logGroupIdentifier = `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}`;
      assert.equal((await get({ logGroupName: undefined, logGroupIdentifier })).messages.length, 5);
      await refused(get({ logGroupIdentifier }), 'InvalidParameterException');
    });
  });

  describe('FilterLogEvents', () => {
    beforeEach(async () => {
      await createGroup();
      await createStream('prod/1');
      await createStream('dev/1');
      await put([at(0, '{"event":"A","n":1}'), at(2, '{"event":"B","n":2}')], 'prod/1');
      await put([at(1, 'plain ERROR text'), at(3, 'plain text')], 'dev/1');
    });

    it('reads all streams in the order of time, by pages', async () => {
      const pages = [];
      for await (const { events = [] } of paginateFilterLogEvents(
        { client: aws.logs },
        { logGroupName: GROUP, limit: 3 },
      ))
        pages.push(events.map(({ logStreamName }) => logStreamName));
      assert.deepEqual(pages, [['prod/1', 'dev/1', 'prod/1'], ['dev/1']]);
    });

    it('reads some streams', async () => {
      assert.equal((await filter({ logStreamNamePrefix: 'dev/' })).length, 2);
      assert.equal((await filter({ logStreamNames: ['prod/1'] })).length, 2);
      await refused(
        filter({ logStreamNames: ['prod/1'], logStreamNamePrefix: 'p' }),
        'InvalidParameterException',
      );
      await refused(filter({ logStreamNames: ['none'] }), 'ResourceNotFoundException');
    });

    for (const [filterPattern, expected] of [
      ['plain', 2],
      ['plain -ERROR', 1],
      ['?ERROR ?"event"', 3],
      ['"plain text"', 1],
      ['{ $.event = "B" }', 1],
      ['{ $.event != "B" }', 1],
      ['{ $.event = "B" && $.n = 2 }', 1],
    ] as const)
      it(`finds ${expected} with the pattern ${filterPattern}`, async () => {
        assert.equal((await filter({ filterPattern })).length, expected);
      });

    it('refuses a pattern that it cannot read', () =>
      refused(filter({ filterPattern: '{ $.a > }' }), 'InvalidParameterException'));
  });

  it('fails as the others do when it is told to', async () => {
    await createGroup();
    aws.sandbox.faults.add({ service: 'logs', count: 1, effect: { kind: 'accessDenied' } });
    await refused(createStream(), 'AccessDeniedException', /logs:CreateLogStream/);
    aws.sandbox.faults.add({ service: 'logs', effect: { kind: 'serverError', status: 503 } });
    await refused(createStream(), 'ServiceUnavailableException');
    aws.sandbox.faults.clear();
    aws.sandbox.throttle.set({ mode: 'documented' });
    const calls = Array.from({ length: 60 }, (_, i) => createStream(`s${i}`));
    const results = await Promise.allSettled(calls);
    const names = results.flatMap((each) =>
      each.status === 'rejected' && each.reason instanceof Error ? [each.reason.name] : [],
    );
    assert.deepEqual(
      names,
      Array.from({ length: 10 }, () => 'ThrottlingException'),
    );
  });
});
