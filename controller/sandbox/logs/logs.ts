import type { JsonService, SandboxContext } from '../service.ts';
import { byText, groupOperations } from './groups.ts';
import { putEventsOperation } from './put-events.ts';
import { readEventsOperations } from './read-events.ts';
import { createStore } from './store.ts';
import { streamOperations } from './streams.ts';

/** A log group as it really is. */
export interface TrueLogGroup {
  readonly name: string;
  readonly retentionInDays: number | undefined;
  /** Messages by stream, in the order of their times. */
  readonly streams: Readonly<Record<string, readonly string[]>>;
}

export interface Logs {
  readonly service: JsonService;
  /** By name. */
  groups(): readonly TrueLogGroup[];
}

/** CloudWatch Logs. */
export function createLogs(context: SandboxContext): Logs {
  const store = createStore(context);
  return {
    service: {
      protocol: 'json',
      name: 'logs',
      targetPrefix: 'Logs_20140328',
      operations: {
        ...groupOperations(store),
        ...streamOperations(store),
        ...putEventsOperation(store),
        ...readEventsOperations(store),
      },
    },
    groups: () =>
      [...store.groups.values()]
        .sort((a, b) => byText(a.name, b.name))
        .map(({ name, retentionInDays, streams }) => ({
          name,
          retentionInDays,
          streams: Object.fromEntries(
            [...streams.values()]
              .sort((a, b) => byText(a.name, b.name))
              .map((stream) => [stream.name, stream.events.map(({ message }) => message)]),
          ),
        })),
  };
}
