import { formatError, type OperatorError } from '../errors.ts';
import type { OperatorEvent } from '../status/events.ts';
import { inventoryErrorOf } from './departures.ts';
import type { View } from './look.ts';

interface Fault {
  readonly begun: OperatorEvent;
  readonly ended: OperatorEvent;
}

/** What is wrong with the input, by the text that makes it the same fault: how its begin and its end are told. */
export type Faults = ReadonlyMap<string, Fault>;

export function faultsOf(
  { documents, baseConfigError, tagged, ownership }: View,
  unstored?: OperatorError,
): Faults {
  return new Map<string, Fault>([
    ...documents.errors.map(({ name: scrapeTarget, file, line, path, message }) => {
      const about = { scrapeTarget, fault: `${file}:${line ?? 1}: ${path}: ${message}` };
      return pair(about.fault, { name: 'DocumentInvalid', ...about }, { name: 'DocumentMended', ...about });
    }),
    ...documents.incomplete.map(({ error }) => {
      const fault = formatError(error);
      return pair(fault, { name: 'SourceUnread', fault }, { name: 'SourceRecovered', fault });
    }),
    ...(baseConfigError === undefined ? [] : [formatError(baseConfigError)]).map((fault) =>
      pair(fault, { name: 'BaseConfigFaulty', fault }, { name: 'BaseConfigMended', fault }),
    ),
    ...[inventoryErrorOf(ownership), unstored].flatMap((error) => {
      if (error === undefined) return [];
      const fault = formatError(error);
      return [pair(fault, { name: 'InventoryUnusable', fault }, { name: 'InventoryRecovered', fault })];
    }),
    ...(tagged?.failures ?? []).map((error) => {
      const fault = formatError(error);
      return pair(fault, { name: 'TagsUnread', fault }, { name: 'TagsRead', fault });
    }),
    ...(tagged?.skipped ?? []).map((why) =>
      pair(why, { name: 'TagsSkipped', why }, { name: 'TagsMended', why }),
    ),
  ]);
}

const pair = (key: string, begun: OperatorEvent, ended: OperatorEvent) => [key, { begun, ended }] as const;
