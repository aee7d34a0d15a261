import assert from 'node:assert/strict';
import type { FieldError, ScrapeTarget } from '../../controller/api/types.ts';
import { terminal, transient, waiting } from '../../controller/errors.ts';
import { formatStatus } from '../../controller/status/format-status.ts';
import { summarizePass } from '../../controller/status/summarize.ts';
import type { ConditionType, PassFacts, TargetStatus } from '../../controller/status/types.ts';
import type { ReloadResult } from '../../controller/state/outcomes.ts';
import type { Discovery } from '../../controller/state/targets.ts';
import type { ObservedState } from '../../controller/state/observed.ts';
import { planFor } from '../support/planning.ts';
import {
  complete,
  deployment,
  observedNamespace,
  observedRegistry,
  observedService,
  observedState,
  scrapeTarget,
  WEBAPP_REGISTRY_ARN,
} from '../support/worlds.ts';

const THEN = '2026-01-01T00:00:00.000Z';
const NOW = '2026-01-01T00:01:00.000Z';

const boundService = observedService({ serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN }] });
const ours = complete(observedNamespace([observedRegistry()]));
const settled = observedState({ namespace: ours, service: complete(boundService) });

const discovered = (...addresses: string[]): Discovery => ({
  kind: 'discovered',
  endpoints: new Map([['metrics', addresses.map((address) => ({ targets: [address], labels: {} }))]]),
  skipped: [],
});

const reloaded = (reload: ReloadResult): PassFacts['publication'] => ({
  kind: 'published',
  result: { written: [], deleted: [], unchanged: 0, bytesWritten: 0, reload },
});

/** A pass in which all went well, bent by `overrides`. */
function factsOf(
  observed: ObservedState,
  overrides: Partial<PassFacts> = {},
  target = scrapeTarget(),
): PassFacts {
  return {
    targets: [target],
    errors: [],
    lastKnownGood: new Set(),
    plan: planFor(target, observed),
    outcomes: [],
    discoveries: new Map([['webapp', discovered('10.0.0.1:3000', '10.0.0.2:3000')]]),
    problems: [],
    publication: reloaded({ kind: 'confirmed', at: THEN }),
    ...overrides,
  };
}

function statusOf(facts: PassFacts, previous: readonly TargetStatus[] = [], now = NOW): TargetStatus {
  const [status, ...others] = summarizePass(facts, previous, now);
  assert.ok(status);
  assert.deepEqual(others, []);
  return status;
}

function conditionOf(status: TargetStatus, type: ConditionType): string | undefined {
  const found = status.conditions.find((condition) => condition.type === type);
  return found && `${found.status} ${found.reason}`;
}

const messageOf = (status: TargetStatus, type: ConditionType): string =>
  status.conditions.find((condition) => condition.type === type)?.message ?? '';

const fault: FieldError = {
  file: 'webapp.yaml',
  documentIndex: 0,
  name: 'webapp',
  line: 7,
  path: 'spec.endpoints[0].scrapeTimeout',
  reason: 'TimeoutExceedsInterval',
  message: 'scrapeTimeout 20s is above interval 10s.',
};

describe('status: all in order', () => {
  it('is Ready when every other condition holds', () => {
    const status = statusOf(factsOf(settled));
    assert.deepEqual(
      status.conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
      [
        'Accepted True Accepted',
        'ReferencesResolved True Resolved',
        'RegistrySynced True InSync',
        'ServiceBound True Bound',
        'ConfigGenerated True Generated',
        'Reloaded True ReloadConfirmed',
        'TargetsDiscovered True Discovered',
        'Ready True ReconciliationSucceeded',
      ],
    );
    assert.equal(status.targets, 2);
    assert.deepEqual(status.result, { kind: 'done' });
  });

  it('needs neither a reload for target files nor a Prometheus URL to be Ready', () => {
    for (const [kind, told] of [
      ['notNeeded', 'True FileDiscoveryOnly'],
      ['notAsked', 'Unknown NotAsked'],
    ] as const) {
      const status = statusOf(factsOf(settled, { publication: reloaded({ kind }) }));
      assert.deepEqual(
        [conditionOf(status, 'Reloaded'), conditionOf(status, 'Ready')],
        [told, 'True ReconciliationSucceeded'],
      );
    }
  });
});

describe('status: time and generation', () => {
  const before = summarizePass(factsOf(settled), [], THEN);

  it('keeps lastTransitionTime while the status of a condition stays', () => {
    const after = statusOf(factsOf(settled, { publication: reloaded({ kind: 'notNeeded' }) }), before);
    assert.equal(conditionOf(after, 'Reloaded'), 'True FileDiscoveryOnly');
    assert.deepEqual(
      new Set(after.conditions.map((condition) => condition.lastTransitionTime)),
      new Set([THEN]),
    );
  });

  it('moves lastTransitionTime of the conditions whose status changes, and of no other', () => {
    const pending: Discovery = {
      kind: 'discovered',
      endpoints: new Map([['metrics', []]]),
      skipped: [{ taskId: 't1', reason: 'it has no address yet' }],
    };
    const after = statusOf(factsOf(settled, { discoveries: new Map([['webapp', pending]]) }), before);
    const moved = after.conditions
      .filter((condition) => condition.lastTransitionTime === NOW)
      .map(({ type }) => type);
    assert.deepEqual(moved, ['TargetsDiscovered', 'Ready', 'Reconciling']);
  });

  it('counts a generation for each new spec, and none for the same', () => {
    const same = statusOf(factsOf(settled), before);
    const edited = scrapeTarget({ specHash: 'hash-2' });
    const next = statusOf(factsOf(settled, {}, edited), before);
    assert.deepEqual(
      [before[0]?.observedGeneration, same.observedGeneration, next.observedGeneration],
      [1, 1, 2],
    );
    assert.ok(next.conditions.every(({ observedGeneration }) => observedGeneration === 2));
  });
});

describe('status: documents', () => {
  it('keeps the last accepted version in force and says so', () => {
    const facts = factsOf(settled, { errors: [fault], lastKnownGood: new Set(['webapp']) });
    const status = statusOf(facts);
    assert.equal(conditionOf(status, 'Accepted'), 'False TimeoutExceedsInterval');
    assert.match(messageOf(status, 'Accepted'), /^webapp\.yaml:7: spec\.endpoints\[0\]\.scrapeTimeout: /);
    assert.equal(conditionOf(status, 'ServiceBound'), 'True Bound');
    assert.equal(conditionOf(status, 'Ready'), 'False LastKnownGoodInUse');
    assert.deepEqual(status.result, { kind: 'stalled', reason: 'TimeoutExceedsInterval' });
  });

  it('tells of broken YAML in the file of a target whose last version is in force', () => {
    const { name: _, ...nameless } = {
      ...fault,
      path: '',
      reason: 'InvalidYaml',
      message: 'Unexpected end.',
    };
    const status = statusOf(factsOf(settled, { errors: [nameless], lastKnownGood: new Set(['webapp']) }));
    assert.equal(conditionOf(status, 'Accepted'), 'False InvalidYaml');
    assert.equal(messageOf(status, 'Accepted'), 'webapp.yaml:7: Unexpected end.');
  });

  it('shows a target that was never accepted, with nothing but that', () => {
    const facts = { ...factsOf(settled), targets: [], errors: [fault] };
    assert.deepEqual(
      statusOf(facts).conditions.map(({ type, status }) => `${type} ${status}`),
      ['Accepted False', 'Ready False', 'Stalled True'],
    );
  });

  it('leaves faults without a name to the list of errors', () => {
    const { name: _, ...nameless } = fault;
    assert.deepEqual(summarizePass({ ...factsOf(settled), targets: [], errors: [nameless] }, [], NOW), []);
  });

  it('looks at nothing of AWS for a suspended target', () => {
    const target = scrapeTarget({ spec: { suspend: true } });
    const status = statusOf(factsOf(observedState(), {}, target));
    for (const type of [
      'ReferencesResolved',
      'RegistrySynced',
      'ServiceBound',
      'TargetsDiscovered',
      'Ready',
    ] as const) {
      assert.equal(conditionOf(status, type), 'Unknown Suspended');
    }
    assert.equal(conditionOf(status, 'Suspended'), 'True SuspendedByUser');
    assert.deepEqual(status.result, { kind: 'done' });
  });

  it('is sorted by name', () => {
    const targets: ScrapeTarget[] = ['b', 'a'].map((name) => scrapeTarget({ name }));
    assert.deepEqual(
      summarizePass({ ...factsOf(settled), targets }, [], NOW).map(({ name }) => name),
      ['a', 'b'],
    );
  });
});

describe('status: what is blocked', () => {
  it('is False with reason, subject, message and remedy when a person must act', () => {
    const status = statusOf(factsOf(observedState({ namespace: ours, service: complete(undefined) })));
    assert.equal(conditionOf(status, 'ReferencesResolved'), 'False ServiceNotFound');
    assert.match(
      messageOf(status, 'ReferencesResolved'),
      /^service demo\/webapp-service: .* Correct spec\.serviceRef/,
    );
    assert.equal(conditionOf(status, 'RegistrySynced'), 'True InSync');
    assert.equal(conditionOf(status, 'ServiceBound'), 'Unknown RegistryNotReady');
    assert.equal(conditionOf(status, 'Ready'), 'False ReconciliationFailed');
    assert.equal(conditionOf(status, 'Stalled'), 'True ServiceNotFound');
  });

  it('is Unknown, and tried again, when a read failed', () => {
    const error = transient({ reason: 'Throttled', message: 'Too many requests.' });
    const status = statusOf(factsOf(observedState({ namespace: { kind: 'failed', error } })));
    assert.equal(conditionOf(status, 'ReferencesResolved'), 'Unknown Throttled');
    assert.equal(conditionOf(status, 'RegistrySynced'), 'Unknown ReferencesNotResolved');
    assert.equal(conditionOf(status, 'Ready'), 'False ProgressingWithRetry');
    assert.equal(conditionOf(status, 'Reconciling'), 'True ProgressingWithRetry');
    assert.deepEqual(status.result, { kind: 'retry', reason: 'Throttled' });
  });

  it('waits for a deployment of somebody else', () => {
    const service = complete(observedService({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] }));
    const status = statusOf(factsOf(observedState({ namespace: ours, service })));
    assert.equal(conditionOf(status, 'ServiceBound'), 'False DeploymentInProgress');
    assert.equal(status.result.kind, 'requeueAfter');
  });

  it('is not bound before the rollout of the binding has ended', () => {
    const rolling = { ...boundService, deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] };
    const status = statusOf(factsOf(observedState({ namespace: ours, service: complete(rolling) })));
    assert.equal(conditionOf(status, 'ServiceBound'), 'False DeploymentInProgress');
    assert.equal(conditionOf(status, 'Ready'), 'False Progressing');
  });

  it('reports an observed binding as drift, which does not keep the target from being Ready', () => {
    const target = scrapeTarget({ spec: { bindingPolicy: 'Observe' } });
    const status = statusOf(factsOf(observedState({ namespace: ours }), {}, target));
    assert.equal(conditionOf(status, 'ServiceBound'), 'False BindingChanged');
    assert.equal(conditionOf(status, 'Drifted'), 'True BindingChanged');
    assert.equal(conditionOf(status, 'Ready'), 'True ReconciliationSucceeded');
  });

  it('tells a person before it tells of a retry, and retries all the same', () => {
    const facts = factsOf(observedState({ namespace: ours, service: complete(undefined) }), {
      publication: { kind: 'withheld', error: transient({ reason: 'DiskFull', message: 'No space.' }) },
    });
    const status = statusOf(facts);
    assert.equal(conditionOf(status, 'Ready'), 'False ReconciliationFailed');
    assert.deepEqual(status.result, { kind: 'retry', reason: 'DiskFull' });
  });
});

describe('status: outcomes of writes', () => {
  const fresh = factsOf(observedState());
  const [create, bind] = fresh.plan.changes;
  assert.ok(create !== undefined && bind !== undefined);
  const failed = {
    kind: 'failed',
    error: terminal({ reason: 'AccessDenied', message: 'Not allowed.', remedy: 'Allow it.' }),
  } as const;
  const held = { kind: 'held', error: waiting({ reason: 'WaitingForWindow', message: 'Not now.' }) } as const;

  it('are Pending while nothing was sent', () => {
    const status = statusOf(fresh);
    assert.equal(conditionOf(status, 'RegistrySynced'), 'False Pending');
    assert.equal(conditionOf(status, 'ServiceBound'), 'False Pending');
  });

  it('tell of a registry that was created and of a binding that was sent', () => {
    const status = statusOf({
      ...fresh,
      outcomes: [
        { change: create, result: { kind: 'applied' } },
        { change: bind, result: { kind: 'applied' } },
      ],
    });
    assert.equal(conditionOf(status, 'RegistrySynced'), 'True Created');
    assert.equal(conditionOf(status, 'ServiceBound'), 'False DeploymentInProgress');
  });

  it('tell of a write that failed and of what waits for it', () => {
    const status = statusOf({
      ...fresh,
      outcomes: [
        { change: create, result: failed },
        { change: bind, result: held },
      ],
    });
    assert.equal(conditionOf(status, 'RegistrySynced'), 'False AccessDenied');
    assert.match(messageOf(status, 'RegistrySynced'), /Not allowed\. Allow it\./);
    assert.equal(conditionOf(status, 'ServiceBound'), 'False WaitingForWindow');
  });

  it('believe the writer that found the service bound already', () => {
    const status = statusOf({ ...fresh, outcomes: [{ change: bind, result: { kind: 'unchanged' } }] });
    assert.equal(conditionOf(status, 'ServiceBound'), 'True Bound');
  });

  it('forget a failure when a later look finds the world in order', () => {
    const status = statusOf(
      factsOf(settled, {
        outcomes: [
          { change: create, result: failed },
          { change: bind, result: failed },
        ],
      }),
    );
    assert.equal(conditionOf(status, 'RegistrySynced'), 'True InSync');
    assert.equal(conditionOf(status, 'ServiceBound'), 'True Bound');
  });
});

describe('status: Prometheus', () => {
  it("carries Prometheus's own words when it refuses the configuration", () => {
    const rejected = { kind: 'rejected', message: 'unknown field "foo"', restored: true } as const;
    const status = statusOf(factsOf(settled, { publication: reloaded(rejected) }));
    assert.equal(conditionOf(status, 'Reloaded'), 'False ReloadRejected');
    assert.match(
      messageOf(status, 'Reloaded'),
      /unknown field "foo"\. The last good configuration is in force\./,
    );
  });

  it('owes a reload while Prometheus cannot be reached', () => {
    const error = waiting({
      reason: 'PrometheusUnreachable',
      message: 'Connection refused.',
      where: 'http://127.0.0.1:9090',
    });
    const status = statusOf(factsOf(settled, { publication: reloaded({ kind: 'pending', error }) }));
    assert.equal(conditionOf(status, 'Reloaded'), 'False PrometheusUnreachable');
    assert.match(
      messageOf(status, 'Reloaded'),
      /^http:\S+: Connection refused\. Until then Prometheus runs the configuration that it has/,
    );
    assert.equal(conditionOf(status, 'Ready'), 'False Progressing');
  });

  it('tells of a job that could not be rendered, and of a field that this version ignores', () => {
    const problem = { target: 'webapp', endpoint: 'metrics', message: 'Too old.' };
    const ignored = statusOf(
      factsOf(settled, { problems: [{ ...problem, reason: 'FieldIgnoredForVersion' }] }),
    );
    const failed = statusOf(factsOf(settled, { problems: [{ ...problem, reason: 'RenderFailed' }] }));
    assert.equal(conditionOf(ignored, 'ConfigGenerated'), 'True FieldIgnoredForVersion');
    assert.equal(conditionOf(failed, 'ConfigGenerated'), 'False RenderFailed');
  });

  it('keeps the number of targets unknown, not zero, when they could not be read', () => {
    const error = transient({ reason: 'Throttled', message: 'Too many requests.' });
    const status = statusOf(
      factsOf(settled, { discoveries: new Map([['webapp', { kind: 'unknown', error }]]) }),
    );
    assert.equal(conditionOf(status, 'TargetsDiscovered'), 'Unknown Throttled');
    assert.match(messageOf(status, 'TargetsDiscovered'), /last known targets stay/);
    assert.equal(status.targets, undefined);
  });

  it('says of targets that could not be read what happened, to what, what stays since when, and what to do', () => {
    const error = terminal({
      reason: 'AccessDenied',
      where: '2 tasks of cluster prod',
      message: 'DescribeTasks failed: not authorized',
      remedy: 'Allow the action ecs:DescribeTasks.',
    });
    const facts = factsOf(settled, {
      discoveries: new Map([['webapp', { kind: 'unknown', error }]]),
      lastCompleteRead: new Map([['webapp', '2026-01-01T00:00:00.000Z']]),
    });
    assert.equal(
      messageOf(statusOf(facts), 'TargetsDiscovered'),
      '2 tasks of cluster prod: DescribeTasks failed: not authorized. The last known targets stay in force, as read at 2026-01-01T00:00:00.000Z. Allow the action ecs:DescribeTasks.',
    );
  });

  it('leaves a service that is scaled to zero ready: nothing is left to do', () => {
    const status = statusOf(factsOf(settled, { discoveries: new Map([['webapp', discovered()]]) }));
    assert.equal(conditionOf(status, 'TargetsDiscovered'), 'False NoRunningTasks');
    assert.equal(conditionOf(status, 'Ready'), 'True ReconciliationSucceeded');
  });

  it('says why a task gives no target, for the first few', () => {
    const skipped = Array.from({ length: 5 }, (_, i) => ({ taskId: `t${i}`, reason: 'has no address.' }));
    const none: Discovery = { kind: 'discovered', endpoints: new Map([['metrics', []]]), skipped };
    const status = statusOf(factsOf(settled, { discoveries: new Map([['webapp', none]]) }));
    assert.equal(conditionOf(status, 'TargetsDiscovered'), 'False NoRunningTasks');
    assert.match(messageOf(status, 'TargetsDiscovered'), /Task t2 skipped: has no address\. And 2 more\.$/);
  });
});

describe('status as a table', () => {
  it('has one line for each target and below it why what is not ready is not', () => {
    const other = scrapeTarget({ name: 'other' });
    const facts = factsOf(settled, {
      targets: [scrapeTarget(), other],
      plan: planFor([scrapeTarget(), other], settled),
    });
    const lines = formatStatus(summarizePass(facts, [], NOW)).split('\n');
    assert.deepEqual(lines.slice(0, 4), [
      'NAME     READY   TARGETS   REGISTRY   BOUND     RELOADED',
      'other    False   -         False      Unknown   True',
      'webapp   True    2         True       True      True',
      '',
    ]);
    assert.match(lines[4] ?? '', /^other: ReferencesResolved NotObserved: /);
    assert.ok(lines.every((line) => !line.startsWith('webapp:')));
  });

  it('says when there is nothing to show', () => {
    assert.equal(formatStatus([]), 'No ScrapeTargets found.\n');
  });
});
