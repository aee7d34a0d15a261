import { OperatorError } from '../errors.ts';
import type { View } from '../reconcile/look.ts';
import type { ObservedState, Read } from '../state/observed.ts';

/** The reads of a look that failed: what hangs on them is neither planned nor known to be in order. */
export function failedReads({ findings: { observed } }: View): readonly OperatorError[] {
  return errorsOf(allReads(observed));
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
