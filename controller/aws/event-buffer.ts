/** One entry of a log stream. */
export interface LogRecord {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Records that are lost. */
export interface Loss {
  readonly count: number;
  /** When the first of them happened. */
  readonly since: number;
}

/** What one PutLogEvents takes. */
export interface Batch {
  readonly records: readonly LogRecord[];
  /** What `records` tell of a loss before them. */
  readonly loss: Loss | undefined;
}

export interface BufferLimits {
  readonly records: number;
  readonly bytes: number;
}

/** Keeps records until they are stored; when there are too many, the oldest are given up and counted. */
export interface EventBuffer {
  add(records: readonly LogRecord[]): void;
  /** Takes the next batch out; undefined when there is none. */
  take(): Batch | undefined;
  /** Puts a batch back that could not be stored. */
  putBack(batch: Batch): void;
  /** Counts records of a batch as lost that were not taken, although the batch was. */
  lose(batch: Batch, records: readonly LogRecord[]): void;
  size(): number;
}

/** Limits of PutLogEvents. */
const MAX_BATCH_RECORDS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const RECORD_OVERHEAD_BYTES = 26;
const MAX_BATCH_SPAN_MS = 24 * 3_600_000;

const sizeOf = ({ message }: LogRecord): number => Buffer.byteLength(message) + RECORD_OVERHEAD_BYTES;

const totalSize = (records: readonly LogRecord[]): number =>
  records.reduce((sum, record) => sum + sizeOf(record), 0);

/** `describeLoss` makes the record that tells of a loss. */
export function createEventBuffer(
  limits: BufferLimits,
  describeLoss: (loss: Loss, timestamp: number) => LogRecord,
): EventBuffer {
  let waiting: readonly LogRecord[] = [];
  let loss: Loss | undefined;

  /** The newest that fit; what is older is lost. */
  const keep = (records: readonly LogRecord[]): void => {
    let bytes = totalSize(records);
    let first = 0;
    for (const record of records) {
      if (records.length - first <= limits.records && bytes <= limits.bytes) break;
      bytes -= sizeOf(record);
      first += 1;
    }
    loss = joinLosses(loss, lossOf(records.slice(0, first)));
    waiting = records.slice(first);
  };

  return {
    add: (records) => keep([...waiting, ...records]),
    take() {
      // A clock that was set back leaves them out of order.
      const sorted = waiting.toSorted((a, b) => a.timestamp - b.timestamp);
      const [oldest] = sorted;
      if (oldest === undefined) return undefined;
      const told = loss;
      const all = told === undefined ? sorted : [describeLoss(told, oldest.timestamp), ...sorted];
      const records = batchOf(all, oldest.timestamp);
      waiting = all.slice(records.length);
      loss = undefined;
      return { records, loss: told };
    },
    putBack({ records, loss: told }) {
      loss = joinLosses(told, loss);
      keep([...(told === undefined ? records : records.slice(1)), ...waiting]);
    },
    lose({ records, loss: told }, lost) {
      const untold = told !== undefined && lost[0] === records[0];
      loss = joinLosses(loss, untold ? joinLosses(told, lossOf(lost.slice(1))) : lossOf(lost));
    },
    size: () => waiting.length,
  };
}

function lossOf(records: readonly LogRecord[]): Loss | undefined {
  const [first] = records;
  return first === undefined ? undefined : { count: records.length, since: first.timestamp };
}

function joinLosses(a: Loss | undefined, b: Loss | undefined): Loss | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { count: a.count + b.count, since: Math.min(a.since, b.since) };
}

function batchOf(sorted: readonly LogRecord[], start: number): readonly LogRecord[] {
  let bytes = 0;
  const end = sorted.slice(0, MAX_BATCH_RECORDS).findIndex((record) => {
    bytes += sizeOf(record);
    return bytes > MAX_BATCH_BYTES || record.timestamp - start > MAX_BATCH_SPAN_MS;
  });
  return sorted.slice(0, end < 0 ? MAX_BATCH_RECORDS : end);
}
