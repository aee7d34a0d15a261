import { formatError } from '../errors.ts';
import { maskUrls } from '../plan/mask.ts';
import type { TaggedDiscovery, TaggedEntries } from '../scrape/tagged-registries.ts';
import { compareText, lastSegment } from '../state/keys.ts';
import type { StoredTagged } from './stored-status.ts';

/** What is scraped without a document. `inForce` is what Prometheus is told, which is more while reads fail. */
export function describeTagged(
  { failures, skipped }: Pick<TaggedDiscovery, 'failures' | 'skipped'>,
  inForce: TaggedEntries,
): StoredTagged {
  const registries = [...inForce].map(([key, groups]) => ({
    namespace: key.slice(0, Math.max(0, key.lastIndexOf('/'))),
    name: lastSegment(key),
    count: new Set(groups.flatMap(({ targets }) => targets)).size,
  }));
  return {
    count: new Set([...inForce.values()].flat().flatMap(({ targets }) => targets)).size,
    registries: registries.toSorted(
      (a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name),
    ),
    skipped: skipped.map(maskUrls).toSorted(compareText),
    unread: failures.map((error) => maskUrls(formatError(error))).toSorted(compareText),
  };
}
