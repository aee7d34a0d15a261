import assert from 'node:assert/strict';
import type { FieldError, ScrapeTarget } from '../../controller/api/types.ts';
import { transient } from '../../controller/errors.ts';
import type { Plan } from '../../controller/plan/types.ts';
import { summarizePass } from '../../controller/status/summarize.ts';
import type { ConditionType, PassFacts, TargetStatus } from '../../controller/status/types.ts';
import type { Discovery } from '../../controller/state/targets.ts';
import { bindService, createRegistry } from '../support/plans.ts';
import { document, scrapeTarget } from '../support/scrape-world.ts';

const NOW = '2026-01-01T00:01:00.000Z';

const web = scrapeTarget(document('', 'portNumber: 3000', 'web'));
const api = scrapeTarget(document('', 'portNumber: 3000', 'api'));

const discovered: Discovery = { kind: 'discovered', endpoints: new Map([['metrics', []]]), skipped: [] };
const NOTHING: Plan = { changes: [], drift: [], blocked: [], rollouts: [], bound: ['web', 'api'] };

function factsOf(overrides: Partial<PassFacts> = {}): PassFacts {
  return {
    targets: [web, api],
    errors: [],
    lastKnownGood: new Set(),
    plan: NOTHING,
    outcomes: [],
    discoveries: new Map([
      ['web', discovered],
      ['api', discovered],
    ]),
    problems: [],
    publication: undefined,
    ...overrides,
  };
}

const statuses = (overrides: Partial<PassFacts>): ReadonlyMap<string, TargetStatus> =>
  new Map(summarizePass(factsOf(overrides), [], NOW).map((status) => [status.name, status]));

const conditionsOf = (overrides: Partial<PassFacts>, name: string): readonly string[] =>
  statuses(overrides)
    .get(name)
    ?.conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`) ?? [];

const messageOf = (overrides: Partial<PassFacts>, name: string, type: ConditionType): string | undefined =>
  statuses(overrides)
    .get(name)
    ?.conditions.find((condition) => condition.type === type)?.message;

const slow = transient({ reason: 'Throttled', message: 'slow down' });
const inFile = (target: ScrapeTarget, name?: string): FieldError => ({
  file: target.origin.file,
  documentIndex: 0,
  path: '',
  reason: 'InvalidSpec',
  message: 'broken',
  ...(name === undefined ? {} : { name }),
});

describe('status: what befalls one ScrapeTarget', () => {
  const untouched = conditionsOf({}, 'web');
  const fates: readonly (readonly [string, Partial<PassFacts>])[] = [
    ['a change that is planned', { plan: { ...NOTHING, bound: ['web'], changes: [bindService('api')] } }],
    [
      'a change that failed',
      {
        plan: { ...NOTHING, changes: [createRegistry('api')] },
        outcomes: [{ change: createRegistry('api'), result: { kind: 'failed', error: slow } }],
      },
    ],
    [
      'a drift',
      {
        plan: {
          ...NOTHING,
          drift: [
            {
              target: 'api',
              subject: 'registry a/api',
              field: 'ttl',
              before: '5',
              after: '10',
              why: 'By hand.',
            },
          ],
        },
      },
    ],
    [
      'a block',
      {
        plan: {
          ...NOTHING,
          blocked: [
            {
              target: 'api',
              subject: 'service c/api',
              condition: 'ServiceBound',
              reason: 'No',
              message: 'No.',
              remedy: 'Never.',
              family: 'terminal',
            },
          ],
        },
      },
    ],
    [
      'a rollout',
      {
        plan: {
          ...NOTHING,
          rollouts: [{ target: 'api', service: 'api', clusterName: 'c', message: 'Rolling.' }],
        },
      },
    ],
    [
      'a job that could not be rendered',
      { problems: [{ target: 'api', endpoint: 'metrics', reason: 'RenderFailed', message: 'Too old.' }] },
    ],
    [
      'a version that Prometheus refuses',
      { refused: new Map([['api', { message: 'no', olderInForce: true }]]) },
    ],
    [
      'targets that could not be read',
      {
        discoveries: new Map<string, Discovery>([
          ['web', discovered],
          ['api', { kind: 'unknown', error: slow }],
        ]),
      },
    ],
    ['a fault in its document', { lastKnownGood: new Set(['api']), errors: [inFile(web, 'api')] }],
  ];
  for (const [what, facts] of fates)
    it(`is told of it and of no other: ${what}`, () => {
      assert.deepEqual(conditionsOf(facts, 'web'), untouched);
      assert.notDeepEqual(conditionsOf(facts, 'api'), conditionsOf({}, 'api'));
    });

  it('is told of all ScrapeTargets of a file when the fault says no name, and of none of another file', () => {
    const elsewhere = { ...inFile(web), file: 'other.yaml' };
    const broken = { lastKnownGood: new Set(['web']), errors: [elsewhere, inFile(web)] };
    assert.equal(messageOf(broken, 'web', 'Accepted'), `${web.origin.file}: broken`);
  });
});

describe('status: words', () => {
  it('shows only what of a suspended ScrapeTarget is looked at, in the usual order', () => {
    const suspended = { ...web, spec: { ...web.spec, suspend: true } };
    assert.deepEqual(
      conditionsOf({ targets: [suspended] }, 'web').map((condition) =>
        condition.split(' ').slice(0, 2).join(' '),
      ),
      [
        'Accepted True',
        'ReferencesResolved Unknown',
        'RegistrySynced Unknown',
        'ServiceBound Unknown',
        'ConfigGenerated True',
        'Reloaded Unknown',
        'TargetsDiscovered Unknown',
        'Ready Unknown',
        'Suspended True',
      ],
    );
  });

  it('counts the targets of each endpoint, and names up to three skipped tasks without a remainder', () => {
    const group = (...targets: string[]) => [{ targets, labels: {} }];
    const skipped = ['t1', 't2', 't3'].map((taskId) => ({ taskId, reason: 'no address' }));
    const found: Discovery = {
      kind: 'discovered',
      endpoints: new Map([
        ['metrics', group('10.0.0.1:80', '10.0.0.2:80')],
        ['admin', group('10.0.0.1:81')],
      ]),
      skipped,
    };
    const facts = { discoveries: new Map([['web', found]]) };
    assert.equal(
      messageOf(facts, 'web', 'TargetsDiscovered'),
      'Targets: 2 of metrics, 1 of admin. Task t1 skipped: no address. Task t2 skipped: no address. Task t3 skipped: no address.',
    );
  });

  it('tells every field that this version of Prometheus ignores', () => {
    const problem = { target: 'web', endpoint: 'metrics', reason: 'FieldIgnoredForVersion' } as const;
    const problems = ['No limits.', 'No params.'].map((message) => ({ ...problem, message }));
    assert.equal(messageOf({ problems }, 'web', 'ConfigGenerated'), 'No limits. No params.');
  });

  it('calls a drift of the binding by its name, and any other a change by hand', () => {
    const drift = { target: 'web', subject: 's', before: 'a', after: 'b', why: 'W.' };
    const facts = (field: string) => ({ plan: { ...NOTHING, bound: [], drift: [{ ...drift, field }] } });
    assert.ok(conditionsOf(facts('serviceRegistries'), 'web').includes('ServiceBound False BindingChanged'));
    assert.ok(conditionsOf(facts('serviceRegistries'), 'web').includes('Drifted True BindingChanged'));
    assert.ok(conditionsOf(facts('ttl'), 'web').includes('ServiceBound Unknown RegistryNotReady'));
    assert.ok(conditionsOf(facts('ttl'), 'web').includes('Drifted True ManualChange'));
  });

  it('takes a registry that was created for no binding that was sent, and the reverse', () => {
    const sent = (change: PassFacts['outcomes'][number]['change']) => ({
      plan: { ...NOTHING, bound: [] },
      outcomes: [{ change, result: { kind: 'applied' } as const }],
    });
    const created = conditionsOf(sent(createRegistry('web')), 'web');
    assert.ok(created.includes('RegistrySynced True Created'));
    assert.ok(created.includes('ServiceBound Unknown RegistryNotReady'));
    const bound = conditionsOf(sent(bindService('web')), 'web');
    assert.ok(bound.includes('RegistrySynced True InSync'));
    assert.ok(bound.includes('ServiceBound False DeploymentInProgress'));
  });

  it('tells when everything about the targets was last read, where that is known', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const known = statuses({ lastCompleteRead: new Map([['web', at]]) });
    assert.equal(known.get('web')?.lastCompleteRead, at);
    assert.equal(Object.hasOwn(known.get('api') ?? {}, 'lastCompleteRead'), false);
  });
});
