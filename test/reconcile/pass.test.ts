import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import type { InventoryKeeper } from '../../controller/reconcile/inventory-keeper.ts';
import { look } from '../../controller/reconcile/look.ts';
import { NO_MEMORY } from '../../controller/reconcile/memory.ts';
import { createWriteHalf } from '../../controller/reconcile/write-half.ts';
import { applyPass, controllerPass, statusAfter } from '../../controller/reconcile/pass.ts';
import type { PassReport } from '../../controller/reconcile/pass.ts';
import type { ObservedDeployment, Read } from '../../controller/state/observed.ts';
import { NO_HOLDINGS } from '../../controller/state/owned.ts';
import type { ChangeResult } from '../../controller/reconcile/ports.ts';
import { instantClock, untilAborted } from '../support/fake-clock.ts';
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
import type { MemoryPublisher, MemoryReader, MemoryWriter } from './ports.ts';

const BOUND = ours({
  service: complete(
    service({
      serviceRegistries: [{ registryArn: 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1' }],
    }),
  ),
  tasks: [task('new')],
});

interface Ports {
  readonly reader?: MemoryReader;
  readonly writer?: MemoryWriter;
  readonly publisher?: MemoryPublisher;
}

const ports = ({ reader = memoryReader(ours()), writer = memoryWriter(), publisher }: Ports = {}) => ({
  ...lookPorts({ reader, clock: { ...instantClock(), sleep: (_ms, signal) => untilAborted(signal) } }),
  reader,
  writer,
  publisher,
  checker: undefined,
});

const DEPLOYMENT: ObservedDeployment = {
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  rolloutState: 'COMPLETED',
  rolloutStateReason: undefined,
  taskDefinitionArn: undefined,
  desiredCount: 2,
  runningCount: 2,
};

async function wholePass(given: ReturnType<typeof ports>, memory = NO_MEMORY): Promise<PassReport> {
  const report = await controllerPass(
    given,
    createWriteHalf(given, APPLY, () => {}),
    APPLY,
    memory,
    never(),
  );
  assert.ok(report !== 'cut short');
  return report;
}

/** A promise and its key. */
function gate<T>(): { readonly opened: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('a pass of the controller', () => {
  it('publishes the targets while a write is still under way', async () => {
    const write = gate<ChangeResult>();
    const published = gate<void>();
    const publisher = memoryPublisher(() => {
      published.open();
      return PUBLISHED;
    });
    const pass = wholePass(ports({ publisher, writer: memoryWriter(() => write.opened) }));
    await published.opened;
    write.open({ kind: 'applied' });
    assert.deepEqual(
      (await pass).outcomes.map(({ result }) => result.kind),
      ['applied'],
    );
  });

  it('remembers an attempt until its binding was seen in place with no deployment that may undo it', async () => {
    const arn = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1';
    const rolling = { ...DEPLOYMENT, rolloutState: 'IN_PROGRESS' };
    const bound = (deployments: readonly ObservedDeployment[]) =>
      memoryReader(
        ours({ service: complete(service({ serviceRegistries: [{ registryArn: arn }], deployments })) }),
      );
    const attempt = {
      ...NO_MEMORY,
      attempts: new Map([['webapp', { specHash: 'of some version', sentAt: 0 }]]),
    };
    const during = await wholePass(ports({ reader: bound([rolling]) }), attempt);
    const after = await wholePass(ports({ reader: bound([DEPLOYMENT]) }), attempt);
    assert.deepEqual([...during.memory.attempts.keys()], ['webapp']);
    assert.deepEqual([...after.memory.attempts.keys()], []);
  });

  it('knows once a binding has had an effect, because a rollback makes the deployment from before it primary again', async () => {
    const arn = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1';
    const rolling = { ...DEPLOYMENT, id: 'ecs-svc/2', rolloutState: 'IN_PROGRESS' };
    const bound = service({ serviceRegistries: [{ registryArn: arn }], deployments: [rolling] });
    const sent = { specHash: 'of some version', deployment: DEPLOYMENT.id, sentAt: 0 };
    const seen = await wholePass(ports({ reader: memoryReader(ours({ service: complete(bound) })) }), {
      ...NO_MEMORY,
      attempts: new Map([['webapp', sent]]),
    });
    assert.deepEqual(seen.memory.attempts.get('webapp'), { specHash: 'of some version', sentAt: 0 });
    const applied = await wholePass(ports({ reader: memoryReader(ours()), writer: memoryWriter() }));
    assert.equal(applied.memory.attempts.get('webapp')?.deployment, undefined);
    assert.ok(applied.memory.attempts.has('webapp'));
  });

  it('counts the rollout of a binding that is on its way, before the outcome of its plan is known', async () => {
    const write = gate<ChangeResult>();
    const sending = gate<void>();
    const given = ports({
      reader: memoryReader(ours()),
      writer: memoryWriter(() => {
        sending.open();
        return write.opened;
      }),
    });
    const writes = createWriteHalf(given, APPLY, () => {});
    const pass = (reader: MemoryReader) =>
      controllerPass({ ...given, reader }, writes, APPLY, NO_MEMORY, never());
    const first = pass(memoryReader(ours()));
    await sending.opened;
    const rolling = { ...DEPLOYMENT, id: 'ecs-svc/2', rolloutState: 'IN_PROGRESS' };
    const unread: Read<never> = {
      kind: 'failed',
      error: transient({ reason: 'Throttled', message: 'slow down' }),
    };
    const observed = ours({ service: complete(service({ deployments: [rolling] })) });
    const report = await pass(memoryReader({ ...observed, namespaces: new Map([['ecs-services', unread]]) }));
    assert.ok(report !== 'cut short');
    assert.deepEqual(
      report.view.plan.rollouts.map(({ target }) => target),
      ['webapp'],
    );
    assert.deepEqual([...report.memory.attempts], []);
    write.open({ kind: 'applied' });
    await first;
  });

  it('writes to AWS while Prometheus does not answer', async () => {
    const reload = gate<typeof PUBLISHED>();
    const written = gate<void>();
    const writer = memoryWriter(() => {
      written.open();
      return { kind: 'applied' };
    });
    const pass = wholePass(ports({ writer, publisher: memoryPublisher(() => reload.opened) }));
    await written.opened;
    reload.open(PUBLISHED);
    assert.equal((await pass).publication?.kind, 'published');
  });

  it('publishes the targets of a controller that does not lead, and changes nothing in AWS', async () => {
    const writer = memoryWriter();
    const publisher = memoryPublisher();
    const given = { ...ports({ writer, publisher }), leads: () => false };
    const { outcomes } = await wholePass(given);
    assert.deepEqual(writer.sent, []);
    assert.equal(publisher.bundles.length, 1);
    assert.deepEqual(
      outcomes.map(({ change, result }) => [
        change.kind,
        result.kind,
        result.kind === 'held' && result.error.reason,
      ]),
      [['bindService', 'held', 'NotLeading']],
    );
  });

  it('does not execute a plan that was begun before the controller led', async () => {
    const writer = memoryWriter();
    const answers = [false, true];
    const given = {
      ...ports({ writer, publisher: memoryPublisher() }),
      leads: () => answers.shift() ?? true,
    };
    await wholePass(given);
    assert.deepEqual(writer.sent, []);
    await wholePass(given);
    assert.deepEqual(writer.sent, ['bindService']);
  });

  it('finds no fault with an inventory that another controller has stored since it led', async () => {
    const error = transient({ reason: 'StatusConflict', message: 'somebody else' });
    const inventory: InventoryKeeper = {
      read: async () => complete(NO_HOLDINGS),
      update: async () => ({ kind: 'failed', error }),
    };
    const faultOf = async (...answers: boolean[]) => {
      const leads = () => answers.shift() ?? true;
      const given = { ...ports({ publisher: memoryPublisher() }), inventory, leads };
      return (await wholePass(given)).inventoryError;
    };
    assert.equal(await faultOf(true, false), undefined);
    assert.equal((await faultOf(true, true))?.reason, 'StatusConflict');
  });

  it('draws no conclusion from a look that the stop signal cut short', async () => {
    const stop = new AbortController();
    const reader = memoryReader(ours());
    const writer = memoryWriter();
    const publisher = memoryPublisher();
    const observe: MemoryReader['observe'] = async (scope, signal) => {
      stop.abort();
      return reader.observe(scope, signal);
    };
    const given = { ...ports({ writer, publisher }), reader: { ...reader, observe } };
    assert.equal(
      await controllerPass(
        given,
        createWriteHalf(given, APPLY, () => {}),
        APPLY,
        NO_MEMORY,
        stop.signal,
      ),
      'cut short',
    );
    assert.deepEqual([writer.sent, publisher.bundles], [[], []]);
  });

  it('looks once, and leaves what the writes changed to the next pass', async () => {
    const reader = memoryReader(ours(), BOUND);
    const { view } = await wholePass(ports({ reader }));
    assert.equal(reader.scopes.length, 1);
    assert.equal(view.plan.changes.length, 1);
  });

  it('publishes nothing where nothing is to be published', async () => {
    const { publication } = await wholePass(ports());
    assert.equal(publication, undefined);
  });
});

describe('one pass for a person who waits', () => {
  async function apply(given: Ports) {
    const all = ports(given);
    const planned = await look(all, APPLY, NO_MEMORY, never());
    return { planned, report: await applyPass(planned, all, APPLY, never()) };
  }

  it('looks again after its writes and publishes what it sees then', async () => {
    const reader = memoryReader(ours(), BOUND);
    const publisher = memoryPublisher();
    const { report } = await apply({ reader, publisher });
    assert.equal(reader.scopes.length, 2);
    assert.deepEqual(report.view.plan.changes, []);
    assert.deepEqual(publisher.bundles, [report.view.inForce.output.bundle]);
  });

  it('does not look again when there was nothing to write', async () => {
    const reader = memoryReader(BOUND);
    const { planned, report } = await apply({ reader, publisher: memoryPublisher() });
    assert.equal(reader.scopes.length, 1);
    assert.equal(report.view, planned);
  });

  it('publishes the targets also when a write failed', async () => {
    const publisher = memoryPublisher();
    const error = transient({ reason: 'Throttled', message: 'slow down' });
    const { report } = await apply({ publisher, writer: memoryWriter(() => ({ kind: 'failed', error })) });
    assert.equal(report.outcomes[0]?.result.kind, 'failed');
    assert.equal(publisher.bundles.length, 1);
  });

  it('gives every ScrapeTarget conditions with the time of the clock', async () => {
    const { report } = await apply({ reader: memoryReader(BOUND), publisher: memoryPublisher() });
    const [status] = statusAfter(report, [], Date.UTC(2026, 0, 1));
    const ready = status?.conditions.find(({ type }) => type === 'Ready');
    assert.equal(ready?.status, 'True');
    assert.equal(ready?.lastTransitionTime, '2026-01-01T00:00:00.000Z');
  });
});
