import { formatError, toOperatorError } from '../errors.ts';
import type { Clock, EventSink, Logger } from '../reconcile/ports.ts';
import type { OperatorEvent } from '../status/events.ts';
import { eventLine, type EventOrigin } from '../status/event-line.ts';
import type { Budget } from './budget.ts';
import type { AwsClients } from './clients.ts';
import { createEventBuffer, type BufferLimits, type LogRecord } from './event-buffer.ts';
import { createLogStream, type LogStreamPlace } from './log-stream.ts';

export interface EventLogOptions extends EventOrigin, LogStreamPlace {
  /** Differs from process to process: the ids of events begin with it. */
  readonly process: string;
  readonly limits?: BufferLimits;
}

export interface EventLogPorts {
  readonly clients: AwsClients;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** What is kept while CloudWatch Logs cannot be reached: a day of a busy installation. */
const DEFAULT_LIMITS: BufferLimits = { records: 10_000, bytes: 4 * 1_048_576 };

/** An end of the process waits no longer for the last events. */
export const CLOSE_PATIENCE_MS = 5000;

/** Events in CloudWatch Logs. What could not be sent is tried again with the next call, so an outage costs one call a pass. */
export function createEventLog(ports: EventLogPorts, options: EventLogOptions): EventSink {
  const { clock, logger } = ports;
  const { group, process, limits = DEFAULT_LIMITS } = options;
  const stream = createLogStream(ports, options);
  const stop = new AbortController();
  const tellFault = faultTeller(logger, group);
  let count = 0;
  const recordOf = (event: OperatorEvent, timestamp: number): LogRecord => {
    const id = `${process}-${String((count += 1)).padStart(6, '0')}`;
    const time = new Date(timestamp).toISOString();
    return { timestamp, message: eventLine(event, { id, time }, options) };
  };
  const buffer = createEventBuffer(limits, ({ count: dropped, since }, timestamp) =>
    recordOf({ name: 'EventsDropped', dropped, since: new Date(since).toISOString() }, timestamp),
  );
  let working: Promise<void> | undefined;
  /** Records that are on their way. */
  let sending = 0;

  async function sendAll(): Promise<void> {
    for (let batch = buffer.take(); batch !== undefined; batch = buffer.take()) {
      sending = batch.records.length;
      try {
        const rejected = await stream.put(batch.records, stop.signal);
        buffer.lose(batch, rejected);
        tellRejected(rejected.length);
      } catch (thrown) {
        buffer.putBack(batch);
        throw thrown;
      } finally {
        sending = 0;
      }
    }
  }

  let rejecting = false;
  const tellRejected = (events: number): void => {
    if (events > 0 && !rejecting)
      logger.warn('CloudWatch Logs does not take all events', {
        group,
        fault: `${events} of them are too old or too new for it: check the clock of this machine.`,
      });
    rejecting = events > 0;
  };

  async function work(): Promise<boolean> {
    try {
      await sendAll();
      tellFault(undefined);
      return true;
    } catch (thrown) {
      if (!stop.signal.aborted) tellFault(thrown);
      return false;
    }
  }

  const start = (): Promise<void> =>
    (working ??= work().then((sent) => {
      working = undefined;
      if (sent && buffer.size() > 0) void start();
    }));

  return {
    record(events, at) {
      buffer.add(events.map((event) => recordOf(event, at)));
      if (buffer.size() > 0 && !stop.signal.aborted) void start();
    },
    async close() {
      const over = new AbortController();
      const last = (working ?? Promise.resolve()).then(() => (buffer.size() > 0 ? start() : undefined));
      await Promise.race([last, clock.sleep(CLOSE_PATIENCE_MS, over.signal)]);
      over.abort();
      stop.abort();
      const left = buffer.size() + sending;
      if (left > 0) logger.warn('Events are lost', { group, fault: `${left} could not be stored in time.` });
    },
  };
}

/** Tells each fault once, and once that it is over. */
function faultTeller(logger: EventLogPorts['logger'], group: string): (thrown: unknown) => void {
  let told: string | undefined;
  return (thrown) => {
    const fault = thrown === undefined ? undefined : formatError(toOperatorError(thrown));
    if (fault !== undefined && fault !== told)
      logger.warn('Events cannot be stored; everything else goes on', { group, fault });
    if (fault === undefined && told !== undefined) logger.info('Events are stored again', { group });
    told = fault;
  };
}
