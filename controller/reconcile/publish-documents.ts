import { toOperatorError } from '../errors.ts';
import type { PublishChange, PublishOutcome, PublishPlan, PublishResult } from '../plan/publish-plan.ts';
import type { DocumentStore } from './ports.ts';

export interface PublishSettings {
  readonly revision: string | undefined;
  readonly progress: (message: string) => void;
}

/** The log of a pipeline keeps every message. */
const MOST_MESSAGES = 20;

/** Writes what the plan says. One failure stops no other write, but nothing is deleted after one. */
export async function publishDocuments(
  { to, changes }: PublishPlan,
  store: DocumentStore,
  { revision, progress }: PublishSettings,
  signal: AbortSignal,
): Promise<readonly PublishOutcome[]> {
  let done = 0;
  const step = Math.ceil(changes.length / MOST_MESSAGES);
  const apply = async (change: PublishChange): Promise<PublishOutcome> => {
    const result = await resultOf(store.apply(change, revision, signal));
    done += 1;
    if (done % step === 0 || done === changes.length) progress(`${to}: ${done} of ${changes.length} done`);
    return { change, result };
  };
  const writes = changes.filter(({ kind }) => kind !== 'delete');
  const deletions = changes.filter(({ kind }) => kind === 'delete');
  const written = await Promise.all(writes.map(apply));
  const whole = written.every(({ result }) => result.kind !== 'failed');
  const deleted = whole
    ? await Promise.all(deletions.map(apply))
    : deletions.map((change): PublishOutcome => ({ change, result: { kind: 'held' } }));
  return [...written, ...deleted];
}

async function resultOf(write: ReturnType<DocumentStore['apply']>): Promise<PublishResult> {
  try {
    return await write;
  } catch (thrown) {
    return { kind: 'failed', error: toOperatorError(thrown) };
  }
}
