import type { DocumentFile } from '../api/types.ts';
import type { OperatorError } from '../errors.ts';
import type { SourceSnapshot } from '../reconcile/ports.ts';
import { compareText } from '../state/keys.ts';
import type { Read } from '../state/observed.ts';

/** Files in order; one that could not be read makes the snapshot incomplete, and the others stay in it. */
export function snapshotOf(uri: string, reads: readonly Read<DocumentFile>[]): SourceSnapshot {
  const files = reads
    .flatMap((read) => (read.kind === 'complete' ? [read.value] : []))
    .sort((a, b) => compareText(a.file, b.file));
  const failure = reads.find((read) => read.kind === 'failed');
  return failure === undefined
    ? { kind: 'complete', uri, files }
    : { kind: 'incomplete', uri, files, error: failure.error };
}

export function unreadable(uri: string, error: OperatorError): SourceSnapshot {
  return { kind: 'incomplete', uri, files: [], error };
}
