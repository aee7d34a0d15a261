import { join } from 'node:path';
import type { PublishedTargets } from '../reconcile/ports.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import type { TargetGroup } from '../state/targets.ts';
import { forEachFile, listTargetFiles } from './bundle-files.ts';
import { isRecord, parseJson } from './decode.ts';
import { readIfExists } from './files.ts';

/** Reads back what the target files of the bundle directory hold. */
/** `tagged`: whether the file of the targets that only tags ask for is ours too. */
export function createPublishedTargets(directory: string, tagged = false): PublishedTargets {
  return {
    async read() {
      const paths = [...(await listTargetFiles(directory)), ...(tagged ? [TAGGED_FILE] : [])];
      const files = await forEachFile(paths, async (path) => {
        const addresses = parseAddresses((await readIfExists(join(directory, path))) ?? '');
        return addresses === undefined ? [] : [[path, addresses] as const];
      });
      return new Map(files.flat());
    },
    text: (path) => readIfExists(join(directory, path)),
    async readGroups(path) {
      const document = parseJson((await readIfExists(join(directory, path))) ?? '');
      return Array.isArray(document) ? document.flatMap(toGroups) : [];
    },
  };
}

/** One group for each address, as we write them; a file of the AWS sample has the same form. */
function toGroups(group: unknown): readonly TargetGroup[] {
  const { targets, labels } = isRecord(group) ? group : {};
  const texts = Object.entries(isRecord(labels) ? labels : {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return [...(toAddresses(targets) ?? [])].map((address) => ({
    targets: [address],
    labels: Object.fromEntries(texts),
  }));
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
