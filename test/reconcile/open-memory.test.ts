import assert from 'node:assert/strict';
import { openMemory } from '../../controller/reconcile/controller.ts';
import { NO_MEMORY, type Memory } from '../../controller/reconcile/memory.ts';
import type { MemoryStore } from '../../controller/reconcile/ports.ts';
import type { ChangeOutcome } from '../../controller/status/types.ts';
import { bindService } from '../support/plans.ts';
import { never } from './ports.ts';

/** A disk whose saves can be made to wait or fail. */
function disk(save: (text: string) => Promise<void> = async () => {}): MemoryStore & { texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    load: async () => texts.at(-1),
    async save(text) {
      await save(text);
      texts.push(text);
    },
  };
}

/** What a process that starts now would know. */
const reopened = async (store: MemoryStore): Promise<Memory> => (await openMemory(store, {}, never())).memory;

const outcomeOf = (target: string, kind: 'applied' | 'unchanged'): ChangeOutcome => ({
  change: bindService(target),
  result: { kind },
});

describe('the memory of a controller', () => {
  it('knows of a binding before it is sent', async () => {
    const store = disk();
    const remember = await openMemory(store, {}, never());
    await remember.attempt({ ...bindService('webapp'), deployment: 'ecs-svc/1' }, 7);
    assert.deepEqual(
      [...(await reopened(store)).attempts],
      [['webapp', { specHash: 'hash-1', deployment: 'ecs-svc/1', sentAt: 7 }]],
    );
  });

  it('keeps a binding that is on its way through the saves of other passes, until its outcome is known', async () => {
    const store = disk();
    const remember = await openMemory(store, {}, never());
    await remember.attempt(bindService('webapp'), 7);
    await remember.save({ ...NO_MEMORY, prometheusVersion: '3.5.3' }, [outcomeOf('api', 'applied')]);
    assert.deepEqual([...(await reopened(store)).attempts.keys()], ['webapp']);
    await remember.save({ ...NO_MEMORY, prometheusVersion: '3.5.3' }, [outcomeOf('webapp', 'unchanged')]);
    assert.deepEqual([...(await reopened(store)).attempts.keys()], []);
  });

  it('is saved in the order in which it was learned, however slow the disk is', async () => {
    let turn = (): void => {};
    const waits = [new Promise<void>((resolve) => (turn = resolve))];
    const store = disk(() => waits.shift() ?? Promise.resolve());
    const remember = await openMemory(store, {}, never());
    const slow = remember.save({ ...NO_MEMORY, prometheusVersion: '2.42.0' }, []);
    const fast = remember.attempt(bindService('webapp'), 7);
    turn();
    await Promise.all([slow, fast]);
    const { prometheusVersion, attempts } = await reopened(store);
    assert.deepEqual([prometheusVersion, [...attempts.keys()]], ['2.42.0', ['webapp']]);
  });

  it('tells when it cannot be saved, and is saved whole the next time', async () => {
    const failures = [new Error('disk full')];
    const store = disk(async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
    });
    const remember = await openMemory(store, {}, never());
    await assert.rejects(remember.attempt(bindService('webapp'), 7), /disk full/);
    await remember.save(NO_MEMORY, []);
    assert.deepEqual([...(await reopened(store)).attempts.keys()], ['webapp']);
  });
});
