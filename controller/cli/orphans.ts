import { formatError, terminal } from '../errors.ts';
import { printable } from '../plan/change-lines.ts';
import { findOrphans, type Orphan } from '../plan/orphans.ts';
import { columnWidths, formatRow } from '../status/table.ts';
import type { StatusDocument } from '../status/stored-status.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { printData } from './output.ts';
import { createProgress } from './progress.ts';
import type { Wiring } from './wire.ts';

/** Shows registries of ours that no document names. Returns the exit code. */
export async function showOrphans(
  wiring: Wiring,
  uri: string,
  { scrapeTargets }: StatusDocument,
  options: Options,
  io: Io,
): Promise<number> {
  const owner = options.string('owner') ?? '';
  const owned = await (await wiring.inventory(uri, owner, 'alone')).read(io.signal);
  if (owned.kind === 'failed') throw owned.error;
  const named = scrapeTargets.flatMap(({ registry }) => registry ?? []);
  const registries = [...named, ...owned.value.owned.map(({ registry }) => registry)];
  const names = new Set([...options.list('namespace'), ...registries.map(({ namespace }) => namespace)]);
  if (names.size === 0) throw nowhere();
  const progress = createProgress(io);
  try {
    const aws = await wiring.aws();
    const scope = { kind: 'namespaces', names: [...names].sort() } as const;
    const inventory = await aws.inventory(scope, progress.report, io.signal);
    progress.done();
    const orphans = findOrphans({ owner, owned: owned.value.owned, named, inventory });
    printOrphans(orphans, owner, options, io);
    for (const error of inventory.unread) io.stderr.write(`error  ${formatError(error)}\n`);
    return inventory.unread.length === 0 ? 0 : 1;
  } finally {
    progress.done();
  }
}

const nowhere = () =>
  terminal({
    reason: 'NamespaceMissing',
    message: 'Neither the status nor the inventory names a namespace to look in.',
    remedy: 'Name one with --namespace.',
  });

const HEADER = ['REGISTRY', 'SCRAPETARGET', 'STATE', 'USED BY', 'ARN'] as const;

function printOrphans(orphans: readonly Orphan[], owner: string, options: Options, io: Io): void {
  const format = options.string('output') ?? 'text';
  if (format === 'json' || format === 'yaml') return printData(io, format, { owner, orphans });
  if (orphans.length === 0) {
    io.stdout.write('No orphans found: every registry of this owner is named by a document.\n');
    return undefined;
  }
  const rows = [
    HEADER,
    ...orphans.map(({ namespace, name, scrapeTarget, state, usedBy, arn }) =>
      [`${namespace}/${name}`, scrapeTarget ?? '-', state, usedBy.join(',') || '-', arn].map(printable),
    ),
  ];
  const widths = columnWidths(rows);
  io.stdout.write(`${rows.map((row) => formatRow(row, widths)).join('\n')}\n`);
}
