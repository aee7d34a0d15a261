import type { RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import { formatError, isOperatorError, toOperatorError, withRemedy, type OperatorError } from '../errors.ts';
import type { Logger } from '../reconcile/ports.ts';
import type { Budget } from './budget.ts';
import type { AwsClients } from './clients.ts';
import { awsErrorName, isAmbiguous } from './errors.ts';
import type { LogRecord } from './event-buffer.ts';

export interface LogStreamPlace {
  readonly group: string;
  readonly stream: string;
  /** For a group that is made here; one that was there keeps its own. */
  readonly retentionDays: number;
}

export interface LogStreamPorts {
  readonly clients: AwsClients;
  readonly budget: Budget;
  readonly logger: Pick<Logger, 'warn'>;
}

/** One stream of CloudWatch Logs, made when it is first written to, or when somebody has deleted it. */
export interface LogStream {
  /** Stores one batch; returns what CloudWatch Logs does not take because of its time. */
  put(records: readonly LogRecord[], signal: AbortSignal): Promise<readonly LogRecord[]>;
}

export function createLogStream(ports: LogStreamPorts, place: LogStreamPlace): LogStream {
  const calls = logCalls(ports, place);
  let ready = false;
  /** A group that was made here still keeps its events for ever. */
  let owesRetention = false;

  const makeGroup = async (signal: AbortSignal): Promise<void> => {
    try {
      owesRetention = (await unlessThere(calls.createGroup(signal))) || owesRetention;
    } catch (thrown) {
      const error = toOperatorError(thrown);
      owesRetention ||= isAmbiguous(error);
      throw error.reason === 'AccessDenied' ? withRemedy(error, 'Or create the log group yourself.') : error;
    }
  };

  /** Who may write to a stream need not be allowed to make one: the refusal counts only if there is none. */
  const makeStream = async (signal: AbortSignal): Promise<OperatorError | undefined> => {
    try {
      await unlessThere(calls.createStream(signal));
    } catch (thrown) {
      const error = toOperatorError(thrown);
      if (error.reason === 'AccessDenied') return error;
      if (!isMissing(error)) throw error;
      await makeGroup(signal);
      await unlessThere(calls.createStream(signal));
    }
    return undefined;
  };

  /** Events that are kept for too long are better than none. */
  const limitRetention = async (signal: AbortSignal): Promise<void> => {
    try {
      await calls.putRetention(signal);
      owesRetention = false;
    } catch (thrown) {
      const error = toOperatorError(thrown);
      if (error.family !== 'terminal') return;
      owesRetention = false;
      const fault = formatError(error);
      ports.logger.warn('The new log group keeps its events for ever', { group: place.group, fault });
    }
  };

  return {
    async put(records, signal) {
      const refusal = ready ? undefined : await makeStream(signal);
      if (owesRetention) await limitRetention(signal);
      try {
        const rejected = await calls.putRecords(records, signal);
        ready = true;
        return rejected;
      } catch (thrown) {
        if (!isMissing(thrown)) throw thrown;
        ready = false;
        throw refusal ?? thrown;
      }
    },
  };
}

const isNamed = (thrown: unknown, name: string): boolean =>
  isOperatorError(thrown) && awsErrorName(thrown) === name;

const isMissing = (thrown: unknown): boolean => isNamed(thrown, 'ResourceNotFoundException');

/** Whether it was made now. */
async function unlessThere(creation: Promise<unknown>): Promise<boolean> {
  try {
    await creation;
    return true;
  } catch (thrown) {
    if (isNamed(thrown, 'ResourceAlreadyExistsException')) return false;
    throw thrown;
  }
}

function logCalls({ clients, budget }: LogStreamPorts, { group, stream, retentionDays }: LogStreamPlace) {
  const logGroupName = group;
  const logStreamName = stream;
  const where = `${group} ${stream}`;
  const sdk = () => Promise.all([clients.logs(), import('@aws-sdk/client-cloudwatch-logs')]);
  return {
    async createGroup(signal: AbortSignal) {
      const [client, { CreateLogGroupCommand }] = await sdk();
      return budget.call('logs:CreateLogGroup', { where: group, signal }, (options) =>
        client.send(new CreateLogGroupCommand({ logGroupName }), options),
      );
    },
    async putRetention(signal: AbortSignal) {
      const [client, { PutRetentionPolicyCommand }] = await sdk();
      const input = { logGroupName, retentionInDays: retentionDays };
      return budget.call('logs:PutRetentionPolicy', { where: group, signal }, (options) =>
        client.send(new PutRetentionPolicyCommand(input), options),
      );
    },
    async createStream(signal: AbortSignal) {
      const [client, { CreateLogStreamCommand }] = await sdk();
      return budget.call('logs:CreateLogStream', { where, signal }, (options) =>
        client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }), options),
      );
    },
    async putRecords(records: readonly LogRecord[], signal: AbortSignal) {
      const [client, { PutLogEventsCommand }] = await sdk();
      const input = { logGroupName, logStreamName, logEvents: [...records] };
      const { rejectedLogEventsInfo } = await budget.call('logs:PutLogEvents', { where, signal }, (options) =>
        client.send(new PutLogEventsCommand(input), options),
      );
      return rejectedLogEventsInfo === undefined ? [] : rejectedOf(records, rejectedLogEventsInfo);
    },
  };
}

/** They are sorted: what is too old comes first, what is too new last. */
function rejectedOf(records: readonly LogRecord[], info: RejectedLogEventsInfo): readonly LogRecord[] {
  const { tooOldLogEventEndIndex = 0, expiredLogEventEndIndex = 0, tooNewLogEventStartIndex } = info;
  const kept = Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex);
  return [...records.slice(0, kept), ...records.slice(tooNewLogEventStartIndex ?? records.length)];
}
