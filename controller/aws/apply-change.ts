import { toOperatorError } from '../errors.ts';
import type { Change } from '../plan/types.ts';
import type { ChangeResult, CloudWriter } from '../reconcile/ports.ts';
import { bindService } from './bind-service.ts';
import { createRegistry } from './create-registry.ts';
import { createServiceScan, deleteRegistry, type ServiceScan } from './delete-registry.ts';
import { tagRegistry, untagRegistry } from './tag-registry.ts';
import { unbindService } from './unbind-service.ts';
import { updateRegistry } from './update-registry.ts';
import type { Writing } from './writing.ts';

/** Makes single changes. Never throws: how a change ended is its result. */
export function createWriter(writing: Writing): CloudWriter {
  const scan = createServiceScan(writing);
  return {
    async apply(change, registryArns, signal) {
      try {
        return await applyChange({ ...writing, scan }, change, registryArns, signal);
      } catch (thrown) {
        return { kind: 'failed', error: toOperatorError(thrown) };
      }
    },
  };
}

function applyChange(
  writing: Writing & { readonly scan: ServiceScan },
  change: Change,
  registryArns: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<ChangeResult> {
  if (change.kind === 'createRegistry') return createRegistry(writing, change, signal);
  if (change.kind === 'updateRegistry') return updateRegistry(writing, change, signal);
  if (change.kind === 'tagRegistry') return tagRegistry(writing, change, signal);
  if (change.kind === 'untagRegistry') return untagRegistry(writing, change, signal);
  if (change.kind === 'unbindService') return unbindService(writing, change, signal);
  if (change.kind === 'deleteRegistry') return deleteRegistry(writing, change, signal);
  return bindService(writing, change, registryArns, signal);
}
