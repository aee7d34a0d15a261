import { join } from 'node:path';
import type { PublishedTargets } from '../reconcile/ports.ts';
import { forEachFile, listTargetFiles } from './bundle-files.ts';
import { isRecord, parseJson } from './decode.ts';
import { readIfExists } from './files.ts';

/** Reads back what the target files of the bundle directory hold. */
export function createPublishedTargets(directory: string): PublishedTargets {
  return {
    async read() {
      const paths = await listTargetFiles(directory);
      const files = await forEachFile(paths, async (path) => {
        const addresses = parseAddresses((await readIfExists(join(directory, path))) ?? '');
        return addresses === undefined ? [] : [[path, addresses] as const];
      });
      return new Map(files.flat());
    },
  };
}

/** All or nothing, like Prometheus: it takes no target from a file of which it refuses a part. */
function parseAddresses(text: string): ReadonlySet<string> | undefined {
  const document = parseJson(text);
  if (!Array.isArray(document)) return undefined;
  const lists = document.map((group: unknown) =>
    isRecord(group) ? toAddresses(group['targets']) : undefined,
  );
  return lists.every((list) => list !== undefined) ? new Set(lists.flat()) : undefined;
}

function toAddresses(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const addresses = value.filter((address: unknown) => typeof address === 'string');
  return addresses.length === value.length ? addresses : undefined;
}
