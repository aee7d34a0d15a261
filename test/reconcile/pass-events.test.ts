import assert from 'node:assert/strict';
import type { FieldError } from '../../controller/api/types.ts';
import { terminal, transient, waiting } from '../../controller/errors.ts';
import { NO_MEMORY } from '../../controller/reconcile/memory.ts';
import {
  changeEvents,
  failureEvents,
  NOTHING_TOLD,
  passEvents,
  type Told,
} from '../../controller/reconcile/pass-events.ts';
import { controllerPass, statusAfter, type PassReport } from '../../controller/reconcile/pass.ts';
import { createWriteHalf } from '../../controller/reconcile/write-half.ts';
import type { Change, RegistryRef } from '../../controller/plan/types.ts';
import type { View } from '../../controller/reconcile/look.ts';
import type { TaggedDiscovery } from '../../controller/scrape/tagged-registries.ts';
import type { PublishResult, ReloadResult } from '../../controller/state/outcomes.ts';
import type { OwnedRegistry } from '../../controller/state/owned.ts';
import { EVENTS, type EventName, type OperatorEvent } from '../../controller/status/events.ts';
import type { Condition, ReconcileResult, TargetStatus } from '../../controller/status/types.ts';
import { instantClock, untilAborted } from '../support/fake-clock.ts';
import { bindService, createRegistry } from '../support/plans.ts';
import { complete, service, task } from '../support/scrape-world.ts';
import {
  APPLY,
  lookPorts,
  memoryPublisher,
  memoryReader,
  memoryWriter,
  never,
  ours,
  PUBLISHED,
} from './ports.ts';

/** Two passes, as far as events are made of them. */
interface Scene {
  readonly report: PassReport;
  readonly before: readonly TargetStatus[];
  readonly statuses: readonly TargetStatus[];
  readonly told: Told;
}

const BOUND = ours({
  service: complete(
    service({
      serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' }],
    }),
  ),
  tasks: [task('aaa')],
});

/** Nothing happened. */
async function steady(): Promise<Scene> {
  const clock = { ...instantClock(), sleep: (_ms: number, signal: AbortSignal) => untilAborted(signal) };
  const ports = {
    ...lookPorts({ reader: memoryReader(BOUND), clock }),
    writer: memoryWriter(),
    publisher: memoryPublisher(),
    checker: undefined,
  };
  const writes = createWriteHalf(ports, APPLY, () => {});
  const report = await controllerPass(ports, writes, APPLY, NO_MEMORY, never());
  assert.ok(report !== 'cut short');
  const statuses = statusAfter(report, [], Date.UTC(2026, 0, 1));
  return {
    report: persisting(report),
    before: statuses,
    statuses,
    told: { ...NOTHING_TOLD, synced: true },
  };
}

/** What the next pass reports when nothing else happens. */
function persisting(report: PassReport): PassReport {
  const { view, publication, memory } = report;
  const goesOn = publication?.kind === 'withheld' || publication?.result.reload.kind !== 'confirmed';
  return {
    ...report,
    outcomes: [],
    recorded: [],
    publication: goesOn && publication !== undefined ? withoutFiles(publication) : quiet,
    view: {
      ...view,
      findings: { ...view.findings, published: memory.published ?? view.findings.published },
    },
  };
}

const quiet = { kind: 'published', result: PUBLISHED } as const;

const withoutFiles = (publication: NonNullable<PassReport['publication']>) =>
  publication.kind === 'withheld'
    ? publication
    : { ...publication, result: { ...publication.result, written: [], deleted: [] } };

type Step = (scene: Scene) => Scene;

const withStatuses =
  (turn: (status: TargetStatus) => TargetStatus, which: 'before' | 'statuses'): Step =>
  (scene) => ({ ...scene, [which]: scene[which].map(turn) });

const condition = (type: Condition['type'], status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: `Because of ${reason}.`,
  lastTransitionTime: '2026-01-01T00:00:00.000Z',
  observedGeneration: 1,
});

/** The condition is so in one of the two passes. */
const turned = (
  which: 'before' | 'statuses',
  wanted: Condition,
  result: ReconcileResult = { kind: 'done' },
): Step =>
  withStatuses((status) => {
    const others = status.conditions.filter(({ type }) => type !== wanted.type);
    return { ...status, result, conditions: [...others, wanted] };
  }, which);

const ownedAs = (state: OwnedRegistry['state']): OwnedRegistry => ({
  target: 'old',
  registry: { namespace: 'ecs-services', name: 'old-svc', id: 'srv-old', arn: 'arn:old' },
  service: { cluster: 'c', service: 'old' },
  origin: 'created',
  deletionPolicy: 'Delete',
  bindingPolicy: 'Ensure',
  state,
});

const withView =
  (change: (view: View) => Partial<View>): Step =>
  (scene) => ({
    ...scene,
    report: { ...scene.report, view: { ...scene.report.view, ...change(scene.report.view) } },
  });

const withReport =
  (change: Partial<PassReport>): Step =>
  (scene) => ({ ...scene, report: { ...scene.report, ...change } });

const documentsWith = (change: Partial<View['documents']>): Step =>
  withView(({ documents }) => ({ documents: { ...documents, ...change } }));

const planWith = (change: Partial<View['plan']>): Step =>
  withView(({ plan }) => ({ plan: { ...plan, ...change } }));

const applied = (change: Change): Step => withReport({ outcomes: [{ change, result: { kind: 'applied' } }] });

const published = (result: Partial<PublishResult>): Step =>
  withReport({ publication: { kind: 'published', result: { ...PUBLISHED, ...result } } });
const reloaded = (reload: ReloadResult): Step => published({ reload });

/** What was told before, of a scene in which the step is true. */
const afterwards =
  (step: Step): Step =>
  (scene) => {
    const { report, before, statuses, told } = step(scene);
    return { ...scene, told: passEvents(report, before, statuses, told).told };
  };

const GONE = terminal({ reason: 'SourceNotFound', message: 'gone', where: 'base.yml' });
const SLOW = transient({ reason: 'Throttled', message: 'slow down' });
const FAULT: FieldError = {
  file: 'webapp.yaml',
  documentIndex: 0,
  name: 'webapp',
  line: 3,
  path: 'spec.endpoints',
  reason: 'InvalidSpec',
  message: 'is empty',
};
const REGISTRY: RegistryRef = {
  id: 'srv-1',
  arn: 'arn:srv-1',
  name: 'webapp-svc',
  namespace: 'ecs-services',
};
const TAGS = { registry: REGISTRY, target: 'webapp', before: {}, after: { METRICS_PORT: '3000' } };
const DEPARTED = { registry: REGISTRY, target: 'webapp' };

const tagged = (change: Partial<TaggedDiscovery>): Step =>
  withView(() => ({ tagged: { entries: new Map(), failures: [], skipped: [], ...change } }));

const PATH = 'targets/webapp.metrics.json';
const targetsNow =
  (...addresses: readonly string[]): Step =>
  (scene) => ({
    ...scene,
    report: {
      ...scene.report,
      memory: { ...scene.report.memory, published: new Map([[PATH, new Set(addresses)]]) },
    },
  });

const SUSPENDED = condition('Suspended', 'True', 'SuspendedByUser');
const DRIFTED = condition('Drifted', 'True', 'ManualChange');
const ROLLING = condition('ServiceBound', 'False', 'DeploymentInProgress');
const HELD = condition('TargetsDiscovered', 'Unknown', 'Throttled');
const CONFLICT = condition('RegistrySynced', 'False', 'ConflictingOwner');

/** Told by others than a pass that came to its end; each has a test of its own. */
type Elsewhere = 'ControllerStarted' | 'ControllerStopped' | 'PassFailed' | 'EventsDropped';

/** How each event comes about. A kind without a line here does not compile. */
const STEPS: Readonly<Record<Exclude<EventName, Elsewhere>, Step>> = {
  ControllerSynced: (scene) => ({ ...scene, told: NOTHING_TOLD }),
  PassesRecovered: (scene) => ({ ...scene, told: failureEvents(GONE, scene.told).told }),
  ScrapeTargetAdded: (scene) => ({ ...scene, before: [] }),
  ScrapeTargetRemoved: (scene) => ({ ...scene, statuses: [] }),
  ScrapeTargetSuspended: turned('statuses', SUSPENDED),
  ScrapeTargetResumed: turned('before', SUSPENDED),
  ScrapeTargetReady: turned('before', condition('Ready', 'False', 'Progressing')),
  ScrapeTargetNotReady: turned('statuses', condition('Ready', 'False', 'Progressing')),
  ConditionFailed: turned('statuses', condition('ReferencesResolved', 'False', 'ServiceNotFound'), {
    kind: 'stalled',
    reason: 'ServiceNotFound',
  }),
  ConditionWaiting: turned('statuses', condition('ServiceBound', 'False', 'WaitingForRollout')),
  OwnershipConflict: turned('statuses', CONFLICT),
  DriftDetected: turned('statuses', DRIFTED),
  DriftResolved: turned('before', DRIFTED),
  RegistryCreated: applied(createRegistry('webapp')),
  RegistryAdopted: applied({ kind: 'tagRegistry', adopts: true, ...TAGS }),
  RegistryUpdated: applied({ kind: 'tagRegistry', adopts: false, ...TAGS }),
  RegistryDeleted: applied({ kind: 'deleteRegistry', ...DEPARTED }),
  ServiceBound: applied(bindService('webapp')),
  ServiceUnbound: applied({
    kind: 'unbindService',
    ...DEPARTED,
    service: bindService('webapp').service,
    before: [],
    after: [],
  }),
  ChangeFailed: withReport({
    outcomes: [{ change: bindService('webapp'), result: { kind: 'failed', error: SLOW } }],
  }),
  PruneHeld: planWith({
    blocked: [
      {
        target: 'old',
        subject: 'registry ecs-services/old-svc',
        condition: 'RegistrySynced',
        reason: 'PruneHeld',
        message: 'The documents of 5 of 9 registries are gone.',
        remedy: 'Check the source.',
        family: 'terminal',
      },
    ],
  }),
  RegistryRetained: withReport({ recorded: [ownedAs('retained')] }),
  DeletionBegun: withReport({ recorded: [ownedAs('deleting')] }),
  InventoryUnusable: withReport({ inventoryError: SLOW }),
  InventoryRecovered: afterwards(withReport({ inventoryError: SLOW })),
  RolloutStarted: (scene) =>
    planWith({
      rollouts: [{ target: 'webapp', service: 'WebApp', clusterName: 'prod', message: 'runs' }],
    })(turned('statuses', ROLLING)(scene)),
  RolloutFinished: turned('before', ROLLING),
  RolloutRolledBack: turned('statuses', condition('ServiceBound', 'False', 'RollbackDetected')),
  TargetsChanged: targetsNow('10.0.0.8:3000', '10.0.0.9:3000'),
  TargetsHeld: turned('statuses', HELD),
  TargetsRecovered: turned('before', HELD),
  NoTargets: turned('statuses', condition('TargetsDiscovered', 'False', 'NoRunningTasks')),
  DocumentInvalid: documentsWith({ errors: [FAULT] }),
  SourceUnread: documentsWith({ incomplete: [{ uri: 'targets', error: SLOW }] }),
  BaseConfigFaulty: withView(() => ({ baseConfigError: GONE })),
  TagsUnread: tagged({ failures: [SLOW] }),
  TagsSkipped: tagged({ skipped: ['registry a/b: no port'] }),
  DocumentMended: afterwards(documentsWith({ errors: [FAULT] })),
  SourceRecovered: afterwards(documentsWith({ incomplete: [{ uri: 'targets', error: SLOW }] })),
  BaseConfigMended: afterwards(withView(() => ({ baseConfigError: GONE }))),
  TagsRead: afterwards(tagged({ failures: [SLOW] })),
  TagsMended: afterwards(tagged({ skipped: ['registry a/b: no port'] })),
  FilesWritten: published({ written: [PATH] }),
  ReloadConfirmed: reloaded({ kind: 'confirmed', at: '2026-01-01T00:00:00.000Z' }),
  ReloadRefused: reloaded({ kind: 'rejected', message: 'unknown field', restored: true }),
  ReloadOwed: reloaded({
    kind: 'pending',
    error: waiting({ reason: 'PrometheusUnreachable', message: 'no' }),
  }),
  FilesWithheld: withReport({ publication: { kind: 'withheld', error: GONE } }),
  PrometheusCurrent: afterwards(withReport({ publication: { kind: 'withheld', error: GONE } })),
  VersionRefused: (scene) =>
    withReport({ refused: new Map([['webapp', { message: 'no', olderInForce: true }]]) })(
      turned('statuses', condition('Reloaded', 'False', 'ReloadRejected'))(scene),
    ),
};

const eventsOf = ({ report, before, statuses, told }: Scene): readonly OperatorEvent[] =>
  passEvents(report, before, statuses, told).events;

describe('the events of a pass', () => {
  it('are none while nothing happens', async () => {
    assert.deepEqual(eventsOf(await steady()), []);
  });

  for (const [name, step] of Object.entries(STEPS)) {
    it(`has one ${name}, with all that it says, and no second one while that goes on`, async () => {
      const scene = step(await steady());
      const news = passEvents(scene.report, scene.before, scene.statuses, scene.told);
      const found = news.events.filter((event) => event.name === name);
      assert.equal(found.length, 1, JSON.stringify(news.events));
      const [event] = found;
      assert.ok(event !== undefined);
      assert.deepEqual(Object.keys(event).toSorted(), ['name', ...EVENTS[event.name].fields].toSorted());
      const next = passEvents(persisting(scene.report), scene.statuses, scene.statuses, news.told);
      assert.deepEqual(next.events, []);
    });
  }

  it('count what a ScrapeTarget got and lost over all its endpoints', async () => {
    const scene = await steady();
    const address = [...(scene.report.view.findings.published.get(PATH) ?? [])][0] ?? '';
    assert.deepEqual(eventsOf(targetsNow(address, '10.0.0.8:3000', '10.0.0.9:3000')(scene)), [
      { name: 'TargetsChanged', scrapeTarget: 'webapp', added: 2, removed: 0, targets: 3 },
    ]);
    assert.deepEqual(eventsOf(targetsNow()(scene)), [
      { name: 'TargetsChanged', scrapeTarget: 'webapp', added: 0, removed: 1, targets: 0 },
    ]);
  });

  it('do not call a ScrapeTarget removed while its source was never read whole', async () => {
    const scene = documentsWith({ whole: false })({ ...(await steady()), statuses: [] });
    assert.deepEqual(eventsOf(scene), []);
  });

  it('call a rollout of somebody else, which only delays a binding, no rollout', async () => {
    const scene = turned('statuses', ROLLING)(await steady());
    assert.deepEqual(
      eventsOf(scene).map(({ name }) => name),
      ['ConditionWaiting'],
    );
  });

  it('tell of a suspended ScrapeTarget that it is suspended, and nothing else', async () => {
    const scene = [
      condition('TargetsDiscovered', 'Unknown', 'Suspended'),
      condition('Ready', 'Unknown', 'Suspended'),
      SUSPENDED,
    ].reduce((now, each) => turned('statuses', each)(now), await steady());
    assert.deepEqual(eventsOf(scene), [{ name: 'ScrapeTargetSuspended', scrapeTarget: 'webapp' }]);
  });
});

describe('the events of changes', () => {
  const failed = (reason: string) => ({
    change: bindService('webapp'),
    result: { kind: 'failed' as const, error: transient({ reason, message: 'no' }) },
  });

  it('tell a failure again when its reason is another, or after a success', () => {
    const told = [
      failed('A'),
      failed('A'),
      failed('B'),
      { ...failed('B'), result: { kind: 'applied' } as const },
      failed('B'),
    ];
    let state = NOTHING_TOLD;
    const names = told.map((outcome) => {
      const news = changeEvents([outcome], state);
      state = news.told;
      return news.events.map(({ name }) => name);
    });
    assert.deepEqual(names, [['ChangeFailed'], [], ['ChangeFailed'], ['ServiceBound'], ['ChangeFailed']]);
  });

  it('leave out what was held back and what was there already', () => {
    const change = bindService('webapp');
    const outcomes = [
      { change, result: { kind: 'unchanged' } },
      { change, result: { kind: 'held', error: waiting({ reason: 'WaitingForRollout', message: 'later' }) } },
    ] as const;
    assert.deepEqual(changeEvents(outcomes, NOTHING_TOLD).events, []);
  });
});

describe('the event of a pass that failed as a whole', () => {
  it('is told once for each error', () => {
    const first = failureEvents(GONE, NOTHING_TOLD);
    assert.deepEqual(first.events, [
      { name: 'PassFailed', reason: 'SourceNotFound', error: 'base.yml: gone' },
    ]);
    assert.deepEqual(failureEvents(GONE, first.told).events, []);
    assert.equal(failureEvents(SLOW, first.told).events.length, 1);
  });
});
