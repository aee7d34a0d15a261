import assert from 'node:assert/strict';
import { join } from 'node:path';
import { hostname } from 'node:os';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { EXAMPLES, scrapectl, start, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';

const GROUP = '/prometheus/operator';

describe('--event-log-group', function () {
  this.timeout(20_000);
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();

  const options = (...args: readonly string[]): readonly string[] => [
    '--source',
    EXAMPLES,
    '--config-dir',
    join(directory(), 'out'),
    '--endpoint-url',
    sandbox().url,
    '--owner',
    'prod:eu',
    ...args,
  ];

  const events = (): readonly Record<string, unknown>[] =>
    sandbox()
      .truth()
      .logGroups.flatMap(({ streams }) => Object.values(streams).flat())
      .map((line): Record<string, unknown> => JSON.parse(line));

  it('keeps what run does from its start to its stop, in a stream of the installation and the machine', async () => {
    const { code, stderr, stop } = start([
      'run',
      ...options('--listen', 'off', '--event-log-group', GROUP, '--event-log-retention', '7'),
    ]);
    await stderr.shows('event=ControllerSynced');
    stop.abort();
    assert.equal(await code, 0);
    const [group] = sandbox().truth().logGroups;
    assert.equal(group?.retentionInDays, 7);
    assert.deepEqual(Object.keys(group?.streams ?? {}), [`prod_eu/${hostname()}`.replaceAll(/[:*]/g, '_')]);
    const names = events().map(({ event }) => event);
    assert.equal(names[0], 'ControllerStarted');
    assert.equal(names.at(-1), 'ControllerStopped');
    assert.equal(new Set(events().map(({ id }) => id)).size, names.length);
    assert.ok(events().every(({ owner, verb }) => owner === 'prod:eu' && verb === 'run'));
    for (const name of names) assert.match(stderr.text(), new RegExp(`event=${String(name)}\\b`));
  });

  it('keeps what apply does, and nothing when there was nothing to do', async () => {
    const args = ['apply', ...options('--yes', '--max-rollouts', '2', '--poll-interval', '1ms')];
    const { code, stderr } = await scrapectl([...args, '--event-log-group', GROUP]);
    assert.equal(code, 0, stderr);
    const first = events();
    assert.ok(first.every(({ verb }) => verb === 'apply'));
    assert.deepEqual(
      ['RegistryCreated', 'ServiceBound', 'TargetsChanged', 'ScrapeTargetReady'].filter(
        (name) => !first.some(({ event }) => event === name),
      ),
      [],
    );
    await scrapectl([...args, '--event-log-group', GROUP]);
    assert.equal(events().length, first.length);
  });

  it('changes nothing about what apply does and how it ends when it cannot be written', async () => {
    sandbox().faults.add({ service: 'logs', effect: { kind: 'accessDenied' } });
    const { code, stderr } = await scrapectl([
      'apply',
      ...options('--yes', '--max-rollouts', '2', '--poll-interval', '1ms', '--event-log-group', GROUP),
    ]);
    assert.equal(code, 0);
    assert.match(stderr, /warning {2}Events cannot be stored; everything else goes on: .*logs:PutLogEvents/);
  });

  it('is not used in a dry run', async () => {
    const args = options('--listen', 'off', '--event-log-group', GROUP, '--dry-run');
    const { code, stderr, stop } = start(['run', ...args]);
    await stderr.shows('Dry run: this would be done');
    stop.abort();
    await code;
    assert.equal(sandbox().recorder.calls({ service: 'logs' }).length, 0);
  });

  it('refuses a name that no log group can have, and days that CloudWatch Logs does not know', async () => {
    for (const [args, words] of [
      [['--event-log-group', 'my events'], /--event-log-group is "my events", but a log group has/],
      [['--event-log-retention', '31'], /--event-log-retention is "31", but must be one of 1, 3, 5/],
    ] as const) {
      const { code, stderr } = await scrapectl(['run', ...options('--listen', 'off', ...args)]);
      assert.equal(code, 1);
      assert.match(stderr, words);
    }
  });
});
