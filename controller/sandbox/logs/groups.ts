import type { Json } from '../members.ts';
import { members } from '../members.ts';
import { pageOf } from '../paging.ts';
import type { AwsFault } from '../service.ts';
import {
  existsAlready,
  groupArn,
  groupNameOf,
  invalid,
  requireGroup,
  storedBytes,
  type LogGroup,
  type Store,
} from './store.ts';

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const invalidToken = (): AwsFault => invalid('The specified nextToken is invalid.');

export const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function create(store: Store, json: Json): Record<string, never> {
  const input = members(json, 'InvalidParameterException');
  const name = groupNameOf(input);
  const logGroupClass =
    input.text('logGroupClass', { oneOf: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] }) ?? 'STANDARD';
  if (name.startsWith('aws/')) throw invalid("Log groups starting with 'aws/' are reserved for AWS.");
  if (store.groups.has(name)) throw existsAlready('group');
  const creationTime = store.context.clock.now();
  store.groups.set(name, {
    name,
    creationTime,
    retentionInDays: undefined,
    logGroupClass,
    streams: new Map(),
  });
  return {};
}

function putRetention(store: Store, json: Json): Record<string, never> {
  const input = members(json, 'InvalidParameterException');
  const group = requireGroup(store, groupNameOf(input));
  const retentionInDays = input.requiredInteger('retentionInDays');
  if (!RETENTION_DAYS.includes(retentionInDays))
    throw invalid(
      `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
    );
  store.groups.set(group.name, { ...group, retentionInDays });
  return {};
}

const groupView = (store: Store, group: LogGroup) => ({
  logGroupName: group.name,
  creationTime: group.creationTime,
  ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
  metricFilterCount: 0,
  arn: `${groupArn(store, group)}:*`,
  logGroupArn: groupArn(store, group),
  storedBytes: [...group.streams.values()].reduce((sum, stream) => sum + storedBytes(stream), 0),
  logGroupClass: group.logGroupClass,
});

function describe(store: Store, json: Json) {
  const input = members(json, 'InvalidParameterException');
  const prefix = input.text('logGroupNamePrefix', { min: 1, max: 512 });
  const pattern = input.text('logGroupNamePattern', { max: 512 })?.toLowerCase();
  if (prefix !== undefined && pattern !== undefined)
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
  const found = [...store.groups.values()]
    .filter(({ name }) => name.startsWith(prefix ?? '') && name.toLowerCase().includes(pattern ?? ''))
    .sort((a, b) => byText(a.name, b.name));
  const request = {
    maxResults: input.integer('limit', { min: 1, max: 50 }) ?? 50,
    token: input.text('nextToken', { min: 1 }),
  };
  const { items, nextToken } = pageOf(found, ({ name }) => name, request, invalidToken);
  return {
    logGroups: items.map((group) => groupView(store, group)),
    ...(nextToken !== undefined && { nextToken }),
  };
}

export function groupOperations(store: Store) {
  return {
    CreateLogGroup: (json: Json) => create(store, json),
    PutRetentionPolicy: (json: Json) => putRetention(store, json),
    DescribeLogGroups: (json: Json) => describe(store, json),

    DeleteLogGroup(json: Json) {
      const { name } = requireGroup(store, groupNameOf(members(json, 'InvalidParameterException')));
      store.groups.delete(name);
      return {};
    },

    DeleteRetentionPolicy(json: Json) {
      const group = requireGroup(store, groupNameOf(members(json, 'InvalidParameterException')));
      store.groups.set(group.name, { ...group, retentionInDays: undefined });
      return {};
    },
  };
}
