import { formatError, OperatorError } from '../errors.ts';
import { inventoryErrorOf } from '../reconcile/departures.ts';
import { baseConfigRefused, type View } from '../reconcile/look.ts';
import type { Memory } from '../reconcile/memory.ts';
import type { ObservedState, Read } from '../state/observed.ts';
import type { Io } from './io.ts';
import { formatFieldError } from './verbs/common.ts';

/** The reads of a look that failed: what hangs on them is neither planned nor known to be in order. */
export function failedReads({ findings: { observed } }: View): readonly OperatorError[] {
  return errorsOf(allReads(observed));
}

/** Whether all that was asked for could be read and is valid: only then can anything be said to be in order. */
export function isWhole(view: View): boolean {
  const { documents, baseConfigError, tagged, ownership } = view;
  const faults = documents.errors.length + documents.incomplete.length + (tagged?.failures.length ?? 0);
  const known = baseConfigError === undefined && inventoryErrorOf(ownership) === undefined;
  return faults === 0 && known && failedReads(view).length === 0;
}

/** Throws when a look saw nothing at all: one message then says more than the same one for every ScrapeTarget. */
export function requireSight(view: View): void {
  const { targets, errors, incomplete } = view.documents;
  const { observed } = view.findings;
  const [unread] = incomplete;
  if (unread !== undefined && targets.length + errors.length === 0) throw unread.error;

  const reads = [...observed.namespaces.values(), ...observed.services.values()];
  const failures = errorsOf(reads);
  const [first] = failures;
  if (first === undefined || failures.length < reads.length) return;
  if (failures.every(({ reason }) => reason === first.reason)) throw blind(first);
}

function blind(error: OperatorError): OperatorError {
  return new OperatorError(error.family, {
    reason: error.reason,
    message: `Nothing could be read from AWS. ${error.message}`,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    cause: error,
  });
}

const errorsOf = (reads: readonly Read<unknown>[]): readonly OperatorError[] =>
  reads.flatMap((read) => (read.kind === 'failed' ? [read.error] : []));

function allReads({ namespaces, services, tasks, taskDefinitions }: ObservedState): readonly Read<unknown>[] {
  const registries = [...namespaces.values()].flatMap((read) =>
    read.kind === 'complete' ? [...(read.value?.registries.values() ?? [])] : [],
  );
  return [
    ...namespaces.values(),
    ...services.values(),
    ...tasks.values(),
    ...taskDefinitions.values(),
    ...registries.flatMap(({ tags }) => tags ?? []),
  ];
}

/** Tells of which ScrapeTargets the targets are not known, and why, unless the plan does. */
export function reportUnread({ inForce, plan }: View, io: Io): void {
  for (const [name, found] of inForce.input.discoveries) {
    if (found.kind !== 'unknown' || found.error.reason === 'Suspended') continue;
    const { error } = found;
    const told = plan.blocked.some((one) => one.target === name && one.message.includes(error.message));
    if (told) continue;
    const level = error.family === 'waiting' ? 'warning' : 'error';
    io.stderr.write(`${level}  ScrapeTarget ${name}: its targets stay as they are: ${formatError(error)}\n`);
  }
}

/** Tells what is wrong with what was read; true when it was read whole, is valid, and Prometheus takes the base. */
export function reportInput(
  { documents, baseConfigError, tagged, ownership, inForce }: View,
  memory: Memory,
  io: Io,
  inventoryError = inventoryErrorOf(ownership),
): boolean {
  for (const error of documents.errors) {
    const older = error.name !== undefined && documents.lastKnownGood.has(error.name);
    io.stderr.write(
      `${formatFieldError(error)}${older ? ' The last accepted version stays in force.' : ''}\n`,
    );
  }
  // A place that cannot be reached is worth a word; what is wrong with the inventory itself needs a person.
  const damaged = inventoryError?.reason.startsWith('Inventory') === true;
  if (inventoryError !== undefined && !damaged)
    io.stderr.write(
      `warning  The inventory cannot be used, so nothing is deleted: ${formatError(inventoryError)}\n`,
    );
  const faults = [
    ...documents.incomplete.map(({ error }) => error),
    ...(baseConfigError ? [baseConfigError] : refusedJustNow(memory)),
    ...(tagged?.failures ?? []),
    ...(damaged ? [inventoryError] : []),
  ];
  if (documents.targets.length + documents.errors.length + documents.incomplete.length === 0 && !tagged)
    io.stderr.write('warning  No --source holds a ScrapeTarget document.\n');
  for (const { target, endpoint, message } of inForce.output.problems)
    io.stderr.write(`warning  ${target}/${endpoint}: ${message}\n`);
  for (const why of tagged?.skipped ?? []) io.stderr.write(`warning  not scraped by its tags: ${why}\n`);
  for (const error of faults) io.stderr.write(`error  ${formatError(error)}\n`);
  return documents.errors.length === 0 && faults.length === 0;
}

function refusedJustNow({ baseConfig, refusedBase }: Memory): readonly OperatorError[] {
  if (baseConfig === undefined || refusedBase?.text !== baseConfig.text) return [];
  return [baseConfigRefused(baseConfig, refusedBase.message)];
}
