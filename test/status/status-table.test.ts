import assert from 'node:assert/strict';
import { formatTarget } from '../../controller/status/format-target.ts';
import { staleness, statusTable } from '../../controller/status/status-table.ts';
import { storedCondition, storedStatus, storedTarget, STORED_AT } from '../support/stored-status.ts';

const since = (minutes: number) => (time: string) =>
  Date.parse(STORED_AT) + minutes * 60_000 - Date.parse(time);

const failing = storedTarget({
  name: 'exporter',
  targets: {
    count: 2,
    held: true,
    lastCompleteRead: STORED_AT,
    scraped: [
      { endpoint: 'ecs', address: '10.0.0.1:9779', taskId: null },
      { endpoint: 'metrics', address: '10.0.0.1:3000', taskId: 'aaa' },
    ],
    skipped: [{ taskId: 'bbb', reason: 'It has no address yet.' }],
  },
  conditions: [
    storedCondition('RegistrySynced', 'True'),
    storedCondition('ServiceBound', 'False', {
      reason: 'AlreadyBoundElsewhere',
      message: 'Taken.\u001b[2J\nAsk.',
    }),
    storedCondition('Ready', 'False', { reason: 'ReconciliationFailed' }),
    storedCondition('Stalled', 'True'),
  ],
  result: { kind: 'stalled', reason: 'AlreadyBoundElsewhere' },
});

describe('the table of ScrapeTargets', () => {
  it('is read at a glance', () => {
    assert.deepEqual(statusTable(false).lines([failing, storedTarget()], since(5)), [
      'NAME       READY   TARGETS    REGISTRY   BOUND   RELOADED   AGE',
      'exporter   False   2 (held)   True       False   Unknown    5m',
      'webapp     True    1          True       True    True       5m',
    ]);
  });

  it('tells the reason, the service and the file where there is room', () => {
    const [header = '', row = ''] = statusTable(true).lines([failing], since(0));
    assert.match(header, /AGE +REASON +SKIPPED +GENERATION +SERVICE +CLOUD MAP +SOURCE$/);
    assert.match(row, /ReconciliationFailed +1 +2 +prod\/WebApp +apps\/webapp +s3:\/\/docs\/webapp\.yaml$/);
  });

  it('keeps its columns for the rows that follow', () => {
    const table = statusTable(false);
    const [, first] = table.lines([failing], since(5));
    assert.equal(table.row(failing, since(5)), first);
  });

  it('has a row look the same however much time passes, and another when a cell changes', () => {
    const { look } = statusTable(false);
    assert.equal(look(failing), look({ ...failing, firstSeen: '2020-01-01T00:00:00.000Z' }));
    assert.notEqual(look(failing), look({ ...failing, targets: { ...failing.targets, held: false } }));
  });
});

describe('the whole story of one ScrapeTarget', () => {
  const story = (target = failing) => formatTarget(target, storedStatus([target]), since(5));

  it('names facts, conditions, each task, and what to do', () => {
    assert.equal(
      story(),
      `Name:          exporter
Owner:         prod
Ready:         False, ReconciliationFailed, for 5m
Source:        s3://docs/webapp.yaml, revision e1, published from commit 1a2b3c4
Generation:    2, spec abcdef012345
In force:      the newest version of the document
ECS service:   prod/WebApp, bound, arn:aws:ecs:::service/prod/WebApp
Registry:      apps/webapp, arn:aws:servicediscovery:::service/srv-1
Last pass:     5m ago, by scrapectl run 0.1.0

Conditions:
  TYPE             STATUS   SINCE   REASON                  MESSAGE
  RegistrySynced   True     5m      Fine                    RegistrySynced is True.
  ServiceBound     False    5m      AlreadyBoundElsewhere   Taken.\\u001b[2J Ask.
  Ready            False    5m      ReconciliationFailed    Ready is False.
  Stalled          True     5m      Fine                    Stalled is True.

Targets: 2 (held as Prometheus has them, as read at 2026-01-01T00:00:00.000Z), 1 not scraped
  TASK   ENDPOINT   ADDRESS
  -      ecs        10.0.0.1:9779
  aaa    metrics    10.0.0.1:3000
  bbb    -          not scraped: It has no address yet.

What to do:
  Somebody must act; retrying cannot help.
  ServiceBound, for 5m: Taken.\\u001b[2J Ask.
`,
    );
  });

  for (const [inForce, text] of [
    [{ version: 'lastAccepted' }, /In force: +the last version that was valid; the newest one is not/],
    [
      { version: 'lastLoaded', message: 'bad regex', retryAt: STORED_AT },
      /it refuses the newest one\. Prometheus says: bad regex\. It is offered again at 2026/,
    ],
    [{ version: 'none' }, /In force: +nothing: no version of the document was ever good\./],
  ] as const)
    it(`tells that the version in force is ${inForce.version}`, () =>
      assert.match(story({ ...failing, inForce }), text));

  it('tells what was never known', () => {
    const blank = { source: null, service: null, registry: null, specHash: '', conditions: [] };
    const text = story(storedTarget(blank));
    assert.match(text, /Ready: +Unknown\nSource: +-\nGeneration: +none was accepted yet/);
    assert.match(text, /ECS service: +-\nRegistry: +-/);
  });

  for (const [result, advice] of [
    [{ kind: 'done' }, 'Nothing.'],
    [{ kind: 'requeueAfter', ms: 1, reason: 'x' }, 'Wait; the controller looks again by itself.'],
    [{ kind: 'retry', reason: 'x' }, 'Nothing yet; a call to AWS failed'],
  ] as const)
    it(`says "${advice}" when the result is ${result.kind}`, () =>
      assert.ok(story({ ...failing, conditions: [], result }).includes(`What to do:\n  ${advice}`)));

  it('asks for a person also while something else is only waited for', () => {
    const result = { kind: 'requeueAfter', ms: 1, reason: 'NoRunningTasks' } as const;
    assert.match(story({ ...failing, result }), /What to do:\n {2}Somebody must act/);
  });
});

describe('a stored status', () => {
  it('is stale when a running controller has missed two heartbeats', () => {
    assert.equal(staleness(storedStatus(), since(11)), undefined);
    assert.match(
      staleness(storedStatus(), since(12)) ?? '',
      /owner prod was last heard of at 2026.*more than 11m ago/,
    );
  });

  it('is told to be of apply, which does not go on, when that is an hour ago', () => {
    const applied = storedStatus([], { writer: { version: '1', verb: 'apply' } });
    assert.equal(staleness(applied, since(60)), undefined);
    assert.equal(
      staleness(applied, since(10_000)),
      'scrapectl apply stored this 6d22h ago, and nobody has looked since; scrapectl run keeps it up to date.',
    );
  });
});
