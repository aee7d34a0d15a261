import { toOperatorError, type OperatorError } from '../errors.ts';
import type { Read } from '../state/observed.ts';
import { readOwned, writeOwned } from '../state/owned-format.ts';
import type { Owned } from '../state/owned.ts';
import type { StatusStore } from './ports.ts';

/** What this installation owns, as it is stored: it is read once, and written when it changed. */
export interface InventoryKeeper {
  /** Failed while what is stored cannot be read or understood. */
  readonly read: (signal: AbortSignal) => Promise<Read<Owned>>;
  /** Undefined when it is stored now; otherwise nothing may be done that hangs on it. */
  readonly save: (owned: Owned, signal: AbortSignal) => Promise<OperatorError | undefined>;
}

export function createInventoryKeeper(
  store: Pick<StatusStore, 'uri' | 'load' | 'save'>,
  owner: string,
): InventoryKeeper {
  let known: { readonly text: string; readonly owned: Owned } | undefined;
  const load = async (signal: AbortSignal): Promise<{ readonly text: string; readonly owned: Owned }> => {
    const text = (await store.load(signal)) ?? writeOwned(owner, []);
    return { text, owned: readOwned(text, owner, store.uri) };
  };
  return {
    async read(signal) {
      try {
        known ??= await load(signal);
        return { kind: 'complete', value: known.owned };
      } catch (thrown) {
        return { kind: 'failed', error: toOperatorError(thrown) };
      }
    },
    async save(owned, signal) {
      const text = writeOwned(owner, owned);
      if (text === known?.text) return undefined;
      try {
        await store.save(text, signal);
        known = { text, owned };
        return undefined;
      } catch (thrown) {
        // Somebody else may have written it, or nobody knows whether we did.
        known = undefined;
        return toOperatorError(thrown);
      }
    },
  };
}
