import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import type { PublishChange } from '../../controller/plan/publish-plan.ts';
import type { DocumentStore } from '../../controller/reconcile/ports.ts';
import { publishDocuments } from '../../controller/reconcile/publish-documents.ts';
import { planOf, PRUNE, TO, versioned } from '../support/publishing.ts';
import { toldOf } from '../support/published-world.ts';

const PLAN = planOf(
  { 'a.yaml': versioned('a'), 'b.yaml': versioned('b') },
  { 'c.yaml': versioned('c'), 'd.yaml': versioned('d'), 'b.yaml': versioned('b', '15s') },
  { prune: PRUNE },
);

/** A store that writes down what is asked of it, and answers a turn later. */
function recordingStore(answer: (change: PublishChange) => void = () => undefined) {
  const calls: string[] = [];
  const store: DocumentStore = {
    uri: TO,
    async apply(change, revision) {
      calls.push(`start ${change.path} ${revision ?? ''}`.trim());
      await new Promise((resolve) => setImmediate(resolve));
      calls.push(`end ${change.path}`);
      answer(change);
      return { kind: 'written' };
    },
  };
  return { calls, store };
}

const signal = new AbortController().signal;

describe('publishing documents', () => {
  it('deletes only after everything has been written', async () => {
    const { calls, store } = recordingStore();
    await publishDocuments(PLAN, store, { revision: 'abc', progress: () => undefined }, signal);
    assert.deepEqual(calls, [
      'start a.yaml abc',
      'start b.yaml abc',
      'end a.yaml',
      'end b.yaml',
      'start c.yaml abc',
      'start d.yaml abc',
      'end c.yaml',
      'end d.yaml',
    ]);
  });

  it('goes on with the other writes when one fails, and deletes nothing then', async () => {
    const { store } = recordingStore(({ path }) => {
      if (path === 'a.yaml') throw transient({ reason: 'Unreachable', message: 'No answer.' });
    });
    const outcomes = await publishDocuments(
      PLAN,
      store,
      { revision: undefined, progress: () => undefined },
      signal,
    );
    assert.deepEqual(toldOf(outcomes), [
      'create a.yaml: Unreachable',
      'update b.yaml: written',
      'delete c.yaml: held',
      'delete d.yaml: held',
    ]);
  });

  it('tells how far it is', async () => {
    const messages: string[] = [];
    const progress = (message: string): void => void messages.push(message);
    await publishDocuments(PLAN, recordingStore().store, { revision: undefined, progress }, signal);
    assert.deepEqual(
      messages,
      [1, 2, 3, 4].map((done) => `${TO}: ${done} of 4 done`),
    );
  });

  it('tells it in few messages, however much there is to do', async () => {
    const texts = Array.from({ length: 207 }, (_, index) => [`app-${index}.yaml`, versioned(`app-${index}`)]);
    const messages: string[] = [];
    const progress = (message: string): void => void messages.push(message);
    const plan = planOf(Object.fromEntries(texts), {});
    await publishDocuments(plan, recordingStore().store, { revision: undefined, progress }, signal);
    assert.ok(messages.length <= 21, `${messages.length} messages`);
    assert.equal(messages.at(-1), `${TO}: 207 of 207 done`);
  });
});
