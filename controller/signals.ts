/** Aborts with the first of some signals, until it is released. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/**
 * Instead of `AbortSignal.any` wherever it would be called again and again: Node.js 20 leaves a trace of each of its
 * results on the longest-lived source, and keeps a result that has listeners for good.
 */
export function linkSignals(...sources: readonly AbortSignal[]): LinkedSignal {
  const linked = new AbortController();
  const abort = ({ target }: Event): void => {
    release();
    linked.abort(target instanceof AbortSignal ? target.reason : undefined);
  };
  const release = (): void => {
    for (const source of sources) source.removeEventListener('abort', abort);
  };
  const aborted = sources.find((source) => source.aborted);
  if (aborted === undefined) for (const source of sources) source.addEventListener('abort', abort);
  else linked.abort(aborted.reason);
  return { signal: linked.signal, release };
}
