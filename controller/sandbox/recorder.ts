/** One call as the server saw it. */
export interface RecordedCall {
  /** As in `JsonService.name`: `ecs`, `servicediscovery`, `s3`. */
  readonly service: string;
  readonly operation: string;
  readonly kind: 'read' | 'write';
  /** Milliseconds on the sandbox's clock. */
  readonly at: number;
  /** Parsed input of a JSON call; method, path and query of another. */
  readonly input: unknown;
  /** `ok`, the code of the error, or `reset` when the connection was cut. */
  readonly outcome: string;
}

export interface Recorder {
  /** The newest calls, oldest first; at most the recorder's limit. */
  calls(filter?: Partial<Pick<RecordedCall, 'service' | 'operation' | 'kind'>>): RecordedCall[];
  /** Calls by `service.Operation` since the start or the last {@link clear}; never limited. */
  counts(): Record<string, number>;
  total(): number;
  clear(): void;
  record(call: RecordedCall): void;
}

const READ = /^(?:Get|List|Describe|Discover|Head|Receive|BatchGet)/;

export const kindOf = (operation: string): RecordedCall['kind'] => (READ.test(operation) ? 'read' : 'write');

/** Remembers the last `limit` calls; 0 only counts, for runs that go on for days. */
export function createRecorder(limit: number): Recorder {
  let newest: RecordedCall[] = [];
  const counts = new Map<string, number>();
  return {
    calls: (filter = {}) =>
      newest
        .slice(-Math.max(1, limit))
        .filter(
          (call) =>
            (filter.service ?? call.service) === call.service &&
            (filter.operation ?? call.operation) === call.operation &&
            (filter.kind ?? call.kind) === call.kind,
        ),
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    clear() {
      newest = [];
      counts.clear();
    },
    record(call) {
      const key = `${call.service}.${call.operation}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (limit === 0) return;
      newest.push(call);
      // Cutting rarely keeps the cost of a call constant.
      if (newest.length >= 2 * limit) newest = newest.slice(-limit);
    },
  };
}
