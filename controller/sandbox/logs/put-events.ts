import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import {
  groupNameOf,
  invalid,
  requireGroup,
  requireStream,
  sizeOf,
  streamNameOf,
  type LogGroup,
  type LogStream,
  type Store,
} from './store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;

interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

const eventsOf = (input: Members): readonly InputEvent[] =>
  input.requiredObjects('logEvents', { min: 1, max: MAX_EVENTS }).map((event) => ({
    timestamp: event.requiredInteger('timestamp', { min: 0 }),
    message: event.requiredText('message', { min: 1 }),
  }));

/** What makes AWS refuse the whole batch. */
function checkBatch(events: readonly InputEvent[]): void {
  const size = events.reduce((sum, { message }) => sum + sizeOf(message), 0);
  if (size > MAX_BYTES) throw invalid(`Upload too large: ${size} bytes exceeds limit of ${MAX_BYTES}`);
  const unordered = events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0));
  if (unordered) throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
}

/** Indices as AWS tells them: old ones end before, new ones begin at. */
interface Rejected {
  readonly tooOldLogEventEndIndex?: number;
  readonly expiredLogEventEndIndex?: number;
  readonly tooNewLogEventStartIndex?: number;
}

/** The events are sorted: what is too old comes first, what is too new last. */
function rejectedOf(events: readonly InputEvent[], group: LogGroup, now: number): Rejected {
  const olderThan = (moment: number): number => events.filter(({ timestamp }) => timestamp < moment).length;
  const tooOld = olderThan(now - 14 * DAY_MS);
  const expired = group.retentionInDays === undefined ? 0 : olderThan(now - group.retentionInDays * DAY_MS);
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + 2 * HOUR_MS);
  return {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > 0 && { expiredLogEventEndIndex: expired }),
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
  };
}

function accepted(events: readonly InputEvent[], rejected: Rejected): readonly InputEvent[] {
  const { tooOldLogEventEndIndex = 0, expiredLogEventEndIndex = 0, tooNewLogEventStartIndex } = rejected;
  return events.slice(Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex), tooNewLogEventStartIndex);
}

function append(store: Store, group: LogGroup, stream: LogStream, events: readonly InputEvent[]): void {
  const ingestionTime = store.context.clock.now();
  const added = events.map((event) => ({
    ...event,
    ingestionTime,
    id: String((store.nextEvent += 1)).padStart(56, '0'),
  }));
  const all = [...stream.events, ...added].sort((a, b) => a.timestamp - b.timestamp);
  group.streams.set(stream.name, { ...stream, events: all });
}

/** The sequence token is taken and ignored, as AWS has done since 2023. */
export function putEventsOperation(store: Store) {
  return {
    PutLogEvents(json: Json) {
      const input = members(json, 'InvalidParameterException');
      const [groupName, streamName, events] = [groupNameOf(input), streamNameOf(input), eventsOf(input)];
      const group = requireGroup(store, groupName);
      const stream = requireStream(group, streamName);
      checkBatch(events);
      const rejected = rejectedOf(events, group, store.context.clock.now());
      const valid = accepted(events, rejected);
      if ((valid.at(-1)?.timestamp ?? 0) - (valid[0]?.timestamp ?? 0) > DAY_MS)
        throw invalid(
          'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
        );
      append(store, group, stream, valid);
      return {
        nextSequenceToken: String(store.nextEvent).padStart(56, '0'),
        ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
      };
    },
  };
}
