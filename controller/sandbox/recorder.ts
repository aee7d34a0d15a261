/** One call as the server saw it. */
export interface RecordedCall {
  /** As in `JsonService.name`: `ecs`, `servicediscovery`, `s3`. */
  readonly service: string;
  readonly operation: string;
  readonly kind: 'read' | 'write';
  /** Access key id of the caller; absent when the call was not signed. */
  readonly caller?: string;
  /** Milliseconds on the sandbox's clock. */
  readonly at: number;
  /** Parsed input of a JSON call; method, path and query of another. */
  readonly input: unknown;
  /** `ok`, the code of the error, `reset` when the connection was cut, `timeout` when no answer came. */
  readonly outcome: string;
  /** Whether the operation was done, whatever the caller was told. */
  readonly done: boolean;
  /** Kind of the effect of the fault that hit the call; absent when none did. */
  readonly fault?: string;
}

type CallFilter = Partial<Pick<RecordedCall, 'service' | 'operation' | 'kind' | 'caller' | 'done'>>;

/** Writes that were done, by `service.Operation`. */
export type WriteCounts = Readonly<Record<string, number>>;

export interface Recorder {
  /** The newest calls, oldest first; at most the recorder's limit. */
  calls(filter?: CallFilter): RecordedCall[];
  /** Calls by `service.Operation` since the start or the last {@link clear}; never limited. */
  counts(): Record<string, number>;
  /**
   * Writes that took effect since the start, by access key id of the caller and then by operation. They include those
   * whose answer the caller never saw, and neither {@link clear} nor a limit makes them fewer.
   */
  writes(): Readonly<Record<string, WriteCounts>>;
  total(): number;
  clear(): void;
  record(call: RecordedCall): void;
}

const READ = /^(?:Get|List|Describe|Discover|Head|Receive|BatchGet)/;

export const kindOf = (operation: string): RecordedCall['kind'] => (READ.test(operation) ? 'read' : 'write');

const byName = <V>(entries: Iterable<readonly [string, V]>): Record<string, V> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function matches(call: RecordedCall, filter: CallFilter): boolean {
  const { service = call.service, operation = call.operation, kind = call.kind } = filter;
  return (
    service === call.service &&
    operation === call.operation &&
    kind === call.kind &&
    (filter.caller === undefined || filter.caller === call.caller) &&
    (filter.done === undefined || filter.done === call.done)
  );
}

/** Remembers the last `limit` calls; 0 only counts, for runs that go on for days. */
export function createRecorder(limit: number): Recorder {
  let newest: RecordedCall[] = [];
  const counts = new Map<string, number>();
  const writes = new Map<string, Map<string, number>>();
  const countWrite = ({ caller = '', kind, done }: RecordedCall, key: string): void => {
    if (kind === 'read' || !done) return;
    const own = writes.get(caller) ?? new Map<string, number>();
    increment(own, key);
    writes.set(caller, own);
  };
  return {
    calls: (filter = {}) => newest.slice(-Math.max(1, limit)).filter((call) => matches(call, filter)),
    counts: () => byName(counts),
    writes: () => byName([...writes].map(([caller, own]): [string, WriteCounts] => [caller, byName(own)])),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    clear() {
      newest = [];
      counts.clear();
    },
    record(call) {
      const key = `${call.service}.${call.operation}`;
      increment(counts, key);
      countWrite(call, key);
      if (limit === 0) return;
      newest.push(call);
      // Cutting rarely keeps the cost of a call constant.
      if (newest.length >= 2 * limit) newest = newest.slice(-limit);
    },
  };
}
