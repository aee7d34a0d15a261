import { printable } from '../plan/change-lines.ts';
import type { StoredTagged } from './stored-status.ts';
import { formatTable } from './table.ts';

/** What is scraped without a document, and below it what asks for it and is not, or is not known. */
export function formatTagged({ registries, skipped, unread }: StoredTagged): string {
  const rows = registries.map(({ namespace, name, count }) => [
    printable(name === '' ? '(not known yet)' : `${namespace}/${name}`),
    String(count),
  ]);
  const lines = [
    ...(rows.length === 0
      ? ['No registries without a document are scraped.']
      : formatTable([['REGISTRY WITHOUT A DOCUMENT', 'TARGETS'], ...rows])),
    ...skipped.map((why) => `not scraped: ${printable(why)}`),
    ...unread.map((why) => `kept as it was: ${printable(why)}`),
  ];
  return `${lines.join('\n')}\n`;
}
