import { dump } from 'js-yaml';
import { formatError, toOperatorError } from '../errors.ts';
import { printable } from '../plan/change-lines.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { Since } from '../status/age.ts';
import { statusTable } from '../status/status-table.ts';
import type { StatusDocument, StoredTarget } from '../status/stored-status.ts';
import type { Io } from './io.ts';
import { doubts, NOT_STORED, sinceAt } from './stored-status.ts';

export interface WatchOptions {
  /** Undefined for all. */
  readonly name: string | undefined;
  readonly format: string;
  readonly pollMs: number;
}

/** How targets are shown when they are first seen, and each of them again when it changed. */
interface View {
  readonly all: (targets: readonly StoredTarget[], since: Since) => string;
  readonly one: (target: StoredTarget, since: Since) => string;
  /** While this stays the same there is nothing to show. */
  readonly look: (target: StoredTarget) => string;
}

/**
 * Follows the status until the signal aborts. Only a first read that cannot succeed ends it: a status that is not there
 * yet may come, and a store that fails may answer again.
 */
export async function watchStatus(
  read: () => Promise<StatusDocument>,
  { name, format, pollMs }: WatchOptions,
  clock: Clock,
  io: Io,
): Promise<void> {
  const view = viewOf(format);
  const tell = newsTeller(io);
  let shown: ReadonlyMap<string, string> | undefined;
  while (!io.signal.aborted) {
    try {
      const document = await read();
      const targets = document.scrapeTargets.filter((target) => name === undefined || target.name === name);
      const since = sinceAt(clock.now());
      tell(doubts(document, since));
      shown = show(targets, shown, view, since, io);
    } catch (thrown) {
      if (io.signal.aborted) return;
      const error = toOperatorError(thrown);
      if (shown === undefined && error.family === 'terminal' && error.reason !== NOT_STORED) throw error;
      tell([formatError(error)]);
    }
    await clock.sleep(pollMs, io.signal);
  }
}

function show(
  targets: readonly StoredTarget[],
  shown: ReadonlyMap<string, string> | undefined,
  view: View,
  since: Since,
  io: Io,
): ReadonlyMap<string, string> {
  const looks = new Map(targets.map((target) => [target.name, view.look(target)]));
  if (shown === undefined) {
    io.stdout.write(view.all(targets, since));
    return looks;
  }
  for (const target of targets)
    if (looks.get(target.name) !== shown.get(target.name)) io.stdout.write(view.one(target, since));
  for (const name of shown.keys())
    if (!looks.has(name)) io.stderr.write(`${printable(name)}: its document is gone\n`);
  return looks;
}

function viewOf(format: string): View {
  if (format === 'json') return dataView((target) => `${JSON.stringify(target)}\n`);
  if (format === 'yaml') return dataView((target) => `---\n${dump(target, { lineWidth: 120 })}`);
  const table = statusTable(format === 'wide');
  return {
    all: (targets, since) => `${table.lines(targets, since).join('\n')}\n`,
    one: (target, since) => `${table.row(target, since)}\n`,
    look: table.look,
  };
}

/** A stream of objects, one for each ScrapeTarget and each change of it. */
function dataView(format: (target: StoredTarget) => string): View {
  return {
    all: (targets) => targets.map(format).join(''),
    one: format,
    look: (target) => JSON.stringify(target),
  };
}

/** Tells what it was not told last time. */
function newsTeller(io: Io): (warnings: readonly string[]) => void {
  let told: readonly string[] = [];
  return (warnings) => {
    for (const warning of warnings)
      if (!told.includes(warning)) io.stderr.write(`warning  ${printable(warning)}\n`);
    told = warnings;
  };
}
