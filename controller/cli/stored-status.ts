import { terminal, type OperatorError } from '../errors.ts';
import { printable } from '../plan/change-lines.ts';
import type { StatusStore } from '../reconcile/ports.ts';
import type { Since } from '../status/age.ts';
import { readStatus } from '../status/read-status.ts';
import { staleness } from '../status/status-table.ts';
import type { StatusDocument } from '../status/stored-status.ts';
import type { Io } from './io.ts';

/** The status of the owner, or an error that says why there is none to show. */
export async function readStored(
  store: StatusStore,
  owner: string,
  signal: AbortSignal,
): Promise<StatusDocument> {
  const text = await store.load(signal);
  if (text !== undefined) return readStatus(text, store.uri);
  throw notStored(store.uri, owner, await otherOwners(store, signal));
}

/** Who may read one status need not be allowed to list all: then there is less to tell, and no other fault. */
async function otherOwners(store: StatusStore, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await store.owners(signal);
  } catch {
    return [];
  }
}

export const NOT_STORED = 'StatusNotFound';

function notStored(where: string, owner: string, others: readonly string[]): OperatorError {
  const remedy =
    others.length > 0
      ? `There is one of ${others.slice(0, 10).join(', ')}: name the right one with --owner.`
      : 'scrapectl run and scrapectl apply store it there after a pass, when they have the same --owner and the same --state, or --source and --config-dir.';
  return terminal({
    reason: NOT_STORED,
    where,
    message: `No status of owner ${JSON.stringify(owner)} is stored there.`,
    remedy,
  });
}

export const sinceAt =
  (now: number): Since =>
  (time) =>
    now - Date.parse(time);

/** What makes the status less than certain, on standard error. */
export function warnOfDoubts(document: StatusDocument, since: Since, io: Io): void {
  for (const warning of doubts(document, since)) io.stderr.write(`warning  ${printable(warning)}\n`);
}

export function doubts(document: StatusDocument, since: Since): readonly string[] {
  const stale = staleness(document, since);
  return [
    ...(stale === undefined ? [] : [stale]),
    ...document.problems.map(({ where, message }) => (where === null ? message : `${where}: ${message}`)),
  ];
}
