import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { pageOf } from '../paging.ts';
import { filterPattern } from './filter-pattern.ts';
import { byText, invalidToken } from './groups.ts';
import {
  eventKey,
  invalid,
  readGroup,
  requireStream,
  sizeOf,
  streamNameOf,
  type LogEvent,
  type Store,
} from './store.ts';

const MAX_BYTES = 1_048_576;

/** From inclusive, until exclusive. */
function timeRange(input: Members): (event: LogEvent) => boolean {
  const from = input.integer('startTime', { min: 0 }) ?? 0;
  const until = input.integer('endTime', { min: 0 }) ?? Infinity;
  return ({ timestamp }) => timestamp >= from && timestamp < until;
}

const limitOf = (input: Members): number => input.integer('limit', { min: 1, max: 10_000 }) ?? 10_000;

/** As many as an answer holds, and one at least. */
function fitting(events: readonly LogEvent[], limit: number): readonly LogEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ message }, index) => {
    bytes += sizeOf(message);
    return index > 0 && (index >= limit || bytes > MAX_BYTES);
  });
  return end < 0 ? events : events.slice(0, end);
}

interface Position {
  readonly direction: string;
  readonly key: string;
}

function positionOf(token: string | undefined): Position | undefined {
  if (token === undefined) return undefined;
  const [, direction, key] = /^([fb])\/(\d*)\/s$/.exec(token) ?? [];
  if (direction === undefined || key === undefined) throw invalidToken();
  return { direction, key };
}

function pageAt(events: readonly LogEvent[], at: Position | undefined, fromHead: boolean, limit: number) {
  if (at?.direction === 'f' || (at === undefined && fromHead))
    return fitting(
      events.filter((event) => eventKey(event) > (at?.key ?? '')),
      limit,
    );
  const before = at === undefined ? events : events.filter((event) => eventKey(event) < at.key);
  return fitting(before.toReversed(), limit).toReversed();
}

/** Both tokens always come; at an end the one that was sent comes back. */
function getEvents(store: Store, json: Json) {
  const input = members(json, 'InvalidParameterException');
  const stream = requireStream(readGroup(store, input), streamNameOf(input));
  const at = positionOf(input.text('nextToken', { min: 1 }));
  const events = stream.events.filter(timeRange(input));
  const page = pageAt(events, at, input.flag('startFromHead'), limitOf(input));
  const [first, last] = [page[0], page.at(-1)];
  const here = at?.key ?? '';
  return {
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${last === undefined ? here : eventKey(last)}/s`,
    nextBackwardToken: `b/${first === undefined ? here : eventKey(first)}/s`,
  };
}

function filterEvents(store: Store, json: Json) {
  const input = members(json, 'InvalidParameterException');
  const group = readGroup(store, input);
  const names = input.texts('logStreamNames', { min: 1, max: 100 }, { min: 1, max: 512 });
  const prefix = input.text('logStreamNamePrefix', { min: 1, max: 512 });
  if (names !== undefined && prefix !== undefined)
    throw invalid('logStreamNames and logStreamNamePrefix are mutually exclusive.');
  const matches = filterPattern(input.text('filterPattern', { max: 1024 }) ?? '');
  const inRange = timeRange(input);
  const streams = names?.map((name) => requireStream(group, name)) ?? [...group.streams.values()];
  const found = streams
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .flatMap(({ name, events }) =>
      events
        .filter((event) => inRange(event) && matches(event.message))
        .map((event) => ({ name, event, key: eventKey(event) })),
    )
    .sort((a, b) => byText(a.key, b.key));
  const request = { maxResults: limitOf(input), token: input.text('nextToken', { min: 1 }) };
  const { items, nextToken } = pageOf(found, ({ key }) => key, request, invalidToken);
  return {
    events: items.map(({ name, event: { id, timestamp, message, ingestionTime } }) => ({
      logStreamName: name,
      timestamp,
      message,
      ingestionTime,
      eventId: id,
    })),
    searchedLogStreams: [],
    ...(nextToken !== undefined && { nextToken }),
  };
}

export function readEventsOperations(store: Store) {
  return {
    GetLogEvents: (json: Json) => getEvents(store, json),
    FilterLogEvents: (json: Json) => filterEvents(store, json),
  };
}
