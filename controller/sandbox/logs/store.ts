import type { Members } from '../members.ts';
import { AwsFault, type SandboxContext } from '../service.ts';

export interface LogEvent {
  /** 56 digits; sorts events of the same time in the order in which they came. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly creationTime: number;
  /** By time, then as they came. */
  readonly events: readonly LogEvent[];
}

export interface LogGroup {
  readonly name: string;
  readonly creationTime: number;
  /** Undefined: for ever. */
  readonly retentionInDays: number | undefined;
  readonly logGroupClass: string;
  readonly streams: Map<string, LogStream>;
}

export interface Store {
  readonly context: SandboxContext;
  readonly groups: Map<string, LogGroup>;
  nextEvent: number;
}

export const createStore = (context: SandboxContext): Store => ({ context, groups: new Map(), nextEvent: 0 });

export const invalid = (message: string): AwsFault => new AwsFault('InvalidParameterException', message);

const missing = (what: string): AwsFault =>
  new AwsFault('ResourceNotFoundException', `The specified log ${what} does not exist.`);

export const existsAlready = (what: string): AwsFault =>
  new AwsFault('ResourceAlreadyExistsException', `The specified log ${what} already exists`);

const GROUP_NAME = { min: 1, max: 512, pattern: /^[.\-_/#A-Za-z0-9]+$/ };
const STREAM_NAME = { min: 1, max: 512, pattern: /^[^:*]*$/ };
const IDENTIFIER = { min: 1, max: 2048, pattern: /^[\w#+=/:,.@-]*$/ };

export const groupNameOf = (input: Members): string => input.requiredText('logGroupName', GROUP_NAME);
export const streamNameOf = (input: Members): string => input.requiredText('logStreamName', STREAM_NAME);

export function requireGroup(store: Store, name: string): LogGroup {
  const group = store.groups.get(name);
  if (group === undefined) throw missing('group');
  return group;
}

export function requireStream(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (stream === undefined) throw missing('stream');
  return stream;
}

/** Reads name a group by its name or, in another member, by its name or ARN; never by both. */
export function readGroup(store: Store, input: Members): LogGroup {
  const name = input.text('logGroupName', GROUP_NAME);
  const identifier = input.text('logGroupIdentifier', IDENTIFIER);
  if (name !== undefined && identifier !== undefined)
    throw invalid('LogGroup name and LogGroup identifier cannot be given both.');
  const wanted =
    name ?? identifier?.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
  if (wanted === undefined) throw invalid('LogGroup name or LogGroup identifier must be given.');
  return requireGroup(store, wanted);
}

/** Without the `:*` that IAM policies want for the streams in it. */
export function groupArn({ context: { region, account } }: Store, { name }: LogGroup): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

/** Per event, beside its text. */
export const EVENT_OVERHEAD_BYTES = 26;

export const sizeOf = (message: string): number => Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;

export const storedBytes = ({ events }: LogStream): number =>
  events.reduce((sum, { message }) => sum + sizeOf(message), 0);

/** Sorts as the events do. */
export const eventKey = ({ timestamp, id }: LogEvent): string =>
  `${String(timestamp).padStart(15, '0')}${id}`;
