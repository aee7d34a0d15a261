import { maskUrls } from '../plan/mask.ts';
import { EVENTS, type OperatorEvent } from './events.ts';

/** What every event says beside what its kind carries. */
export interface EventOrigin {
  readonly owner: string;
  readonly verb: 'run' | 'apply';
}

/** Far below what CloudWatch Logs takes for one event, and more than anybody reads. */
const LONGEST_TEXT = 4000;
const LONGEST_LIST = 50;

/**
 * An event as one line of JSON, with the same names as the JSON log has. `time` is RFC 3339; `id` tells a repetition
 * from a second event.
 */
export function eventLine(
  event: OperatorEvent,
  { id, time }: { readonly id: string; readonly time: string },
  { owner, verb }: EventOrigin,
): string {
  const { name, ...fields } = event;
  const { level, message } = EVENTS[name];
  const head = { time, level, msg: message, event: name, id, owner, verb };
  const rest = Object.entries(fields).map(([key, value]) => [key, bounded(value)]);
  return JSON.stringify({ ...head, ...Object.fromEntries(rest) });
}

function bounded(value: string | number | boolean | undefined | readonly string[]): unknown {
  if (typeof value === 'string') return short(value);
  if (typeof value !== 'object') return value;
  const more = value.length - LONGEST_LIST;
  return [...value.slice(0, LONGEST_LIST).map(short), ...(more > 0 ? [`and ${more} more`] : [])];
}

function short(text: string): string {
  const masked = maskUrls(text);
  return masked.length <= LONGEST_TEXT ? masked : `${masked.slice(0, LONGEST_TEXT)}…`;
}
