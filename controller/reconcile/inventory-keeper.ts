import { toOperatorError, type OperatorError } from '../errors.ts';
import { attemptOf } from '../plan/attempts.ts';
import type { BindService, UnbindService } from '../plan/types.ts';
import type { Read } from '../state/observed.ts';
import { readOwned, writeOwned } from '../state/owned-format.ts';
import { NO_HOLDINGS, ownedKey, type Holdings } from '../state/owned.ts';
import type { StatusStore } from './ports.ts';

/** What this installation owns, as it is stored: it is written when it changed. */
export interface InventoryKeeper {
  /** Failed while what is stored cannot be read or understood. */
  readonly read: (signal: AbortSignal) => Promise<Read<Holdings>>;
  /**
   * One edit after another, each of what is stored by then. What an edit makes is complete when it is stored;
   * otherwise nothing may be done that hangs on it.
   */
  readonly update: (edit: (known: Holdings) => Holdings, signal: AbortSignal) => Promise<Read<InventoryEdit>>;
}

export interface InventoryEdit {
  readonly before: Holdings;
  readonly after: Holdings;
}

export function createInventoryKeeper(
  store: Pick<StatusStore, 'uri' | 'load' | 'save'>,
  owner: string,
  /** `shared`: another controller of the owner may have written it since. */
  use: 'alone' | 'shared' = 'alone',
): InventoryKeeper {
  let known: Known | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const load = async (signal: AbortSignal): Promise<Known> => {
    const text = (await store.load(signal)) ?? writeOwned(owner, NO_HOLDINGS);
    return { text, holdings: readOwned(text, owner, store.uri) };
  };
  const update = async (edit: (known: Holdings) => Holdings, signal: AbortSignal): Promise<InventoryEdit> => {
    known ??= await load(signal);
    const before = known.holdings;
    const after = edit(before);
    const text = writeOwned(owner, after);
    if (text === known.text) return { before, after };
    // Should this fail, somebody else may have written it, or nobody knows whether we did.
    known = undefined;
    await store.save(text, signal);
    known = { text, holdings: after };
    return { before, after };
  };
  return {
    read: (signal) =>
      asRead(async () => {
        await last;
        if (use === 'shared') known = undefined;
        return (known ??= await load(signal)).holdings;
      }),
    update(edit, signal) {
      const mine = last.then(() => asRead(() => update(edit, signal)));
      last = mine;
      return mine;
    },
  };
}

interface Known {
  readonly text: string;
  readonly holdings: Holdings;
}

async function asRead<T>(work: () => Promise<T>): Promise<Read<T>> {
  try {
    return { kind: 'complete', value: await work() };
  } catch (thrown) {
    return { kind: 'failed', error: toOperatorError(thrown) };
  }
}

/** Before a service is told to leave a registry, which a process that is killed just then must not forget. */
export async function noteUnbinding(
  keeper: InventoryKeeper | undefined,
  { registry, service, deployment = '' }: UnbindService,
  signal: AbortSignal,
): Promise<OperatorError | undefined> {
  const key = ownedKey({ registry, service: { cluster: service.clusterName, service: service.name } });
  const noted = await keeper?.update(
    (known) => ({
      ...known,
      owned: known.owned.map((entry) =>
        ownedKey(entry) === key ? { ...entry, unbindSent: deployment } : entry,
      ),
    }),
    signal,
  );
  return noted?.kind === 'failed' ? noted.error : undefined;
}

/** Before a service is bound, which another controller must not repeat when this one is killed and ECS rolls it back. */
export async function noteBinding(
  keeper: InventoryKeeper | undefined,
  change: BindService,
  now: number,
  signal: AbortSignal,
): Promise<OperatorError | undefined> {
  const attempt = attemptOf(change, now);
  const noted = await keeper?.update(
    (known) => ({ ...known, attempts: new Map([...known.attempts, [change.target, attempt]]) }),
    signal,
  );
  // What a person must mend is told after the pass; no service waits for that.
  return noted?.kind === 'failed' && noted.error.family !== 'terminal' ? noted.error : undefined;
}
