import type { Json } from '../members.ts';
import { members } from '../members.ts';
import { pageOf } from '../paging.ts';
import { byText, invalidToken } from './groups.ts';
import {
  existsAlready,
  groupArn,
  groupNameOf,
  invalid,
  readGroup,
  requireGroup,
  requireStream,
  storedBytes,
  streamNameOf,
  type LogGroup,
  type LogStream,
  type Store,
} from './store.ts';

function streamView(store: Store, group: LogGroup, stream: LogStream) {
  const [first] = stream.events;
  const last = stream.events.at(-1);
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    ...(first !== undefined && { firstEventTimestamp: first.timestamp }),
    ...(last !== undefined && {
      lastEventTimestamp: last.timestamp,
      lastIngestionTime: Math.max(...stream.events.map(({ ingestionTime }) => ingestionTime)),
    }),
    arn: `${groupArn(store, group)}:log-stream:${stream.name}`,
    storedBytes: storedBytes(stream),
  };
}

const lastEvent = ({ events }: LogStream): number => events.at(-1)?.timestamp ?? 0;

function describe(store: Store, json: Json) {
  const input = members(json, 'InvalidParameterException');
  const group = readGroup(store, input);
  const prefix = input.text('logStreamNamePrefix', { min: 1, max: 512, pattern: /^[^:*]*$/ });
  const byTime = input.text('orderBy', { oneOf: ['LogStreamName', 'LastEventTime'] }) === 'LastEventTime';
  if (byTime && prefix !== undefined)
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const sorted = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .sort((a, b) => (byTime ? lastEvent(a) - lastEvent(b) : 0) || byText(a.name, b.name));
  const ordered = input.flag('descending') ? sorted.toReversed() : sorted;
  const places = new Map(ordered.map((stream, index) => [stream, String(index).padStart(9, '0')]));
  const request = {
    maxResults: input.integer('limit', { min: 1, max: 50 }) ?? 50,
    token: input.text('nextToken', { min: 1 }),
  };
  const { items, nextToken } = pageOf(ordered, (stream) => places.get(stream) ?? '', request, invalidToken);
  return {
    logStreams: items.map((stream) => streamView(store, group, stream)),
    ...(nextToken !== undefined && { nextToken }),
  };
}

export function streamOperations(store: Store) {
  return {
    CreateLogStream(json: Json) {
      const input = members(json, 'InvalidParameterException');
      const [groupName, name] = [groupNameOf(input), streamNameOf(input)];
      const { streams } = requireGroup(store, groupName);
      if (streams.has(name)) throw existsAlready('stream');
      streams.set(name, { name, creationTime: store.context.clock.now(), events: [] });
      return {};
    },

    DeleteLogStream(json: Json) {
      const input = members(json, 'InvalidParameterException');
      const group = requireGroup(store, groupNameOf(input));
      group.streams.delete(requireStream(group, streamNameOf(input)).name);
      return {};
    },

    DescribeLogStreams: (json: Json) => describe(store, json),
  };
}
