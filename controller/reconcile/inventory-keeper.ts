import { toOperatorError, type OperatorError } from '../errors.ts';
import type { UnbindService } from '../plan/types.ts';
import type { Read } from '../state/observed.ts';
import { readOwned, writeOwned } from '../state/owned-format.ts';
import { ownedKey, type Owned } from '../state/owned.ts';
import type { StatusStore } from './ports.ts';

/** What this installation owns, as it is stored: it is read once, and written when it changed. */
export interface InventoryKeeper {
  /** Failed while what is stored cannot be read or understood. */
  readonly read: (signal: AbortSignal) => Promise<Read<Owned>>;
  /**
   * One edit after another, each of what is stored by then. What an edit makes is complete when it is stored;
   * otherwise nothing may be done that hangs on it.
   */
  readonly update: (edit: (owned: Owned) => Owned, signal: AbortSignal) => Promise<Read<InventoryEdit>>;
}

export interface InventoryEdit {
  readonly before: Owned;
  readonly after: Owned;
}

export function createInventoryKeeper(
  store: Pick<StatusStore, 'uri' | 'load' | 'save'>,
  owner: string,
): InventoryKeeper {
  let known: { readonly text: string; readonly owned: Owned } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const load = async (signal: AbortSignal): Promise<{ readonly text: string; readonly owned: Owned }> => {
    const text = (await store.load(signal)) ?? writeOwned(owner, []);
    return { text, owned: readOwned(text, owner, store.uri) };
  };
  const update = async (edit: (owned: Owned) => Owned, signal: AbortSignal): Promise<InventoryEdit> => {
    known ??= await load(signal);
    const before = known.owned;
    const after = edit(before);
    const text = writeOwned(owner, after);
    if (text === known.text) return { before, after };
    // Should this fail, somebody else may have written it, or nobody knows whether we did.
    known = undefined;
    await store.save(text, signal);
    known = { text, owned: after };
    return { before, after };
  };
  return {
    read: (signal) =>
      asRead(async () => {
        await last;
        return (known ??= await load(signal)).owned;
      }),
    update(edit, signal) {
      const mine = last.then(() => asRead(() => update(edit, signal)));
      last = mine;
      return mine;
    },
  };
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
    (owned) => owned.map((entry) => (ownedKey(entry) === key ? { ...entry, unbindSent: deployment } : entry)),
    signal,
  );
  return noted?.kind === 'failed' ? noted.error : undefined;
}
