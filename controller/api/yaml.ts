import {
  CORE_SCHEMA,
  EVENT_ID,
  getScalarValue,
  NOT_RESOLVED,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml';
import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { quote } from './faults.ts';
import { LIMITS } from './limits.ts';
import type { DocumentText } from './split.ts';

/**
 * A YAML (or JSON) document as a tree that knows where each part was written. An alias is the node it
 * stands for, so the tree may share branches; `size` counts what they expand to.
 */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

interface NodeBase {
  /** Position in the file, in characters. */
  readonly offset: number;
  size: number;
}

interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly items: YamlNode[];
}

interface MappingNode extends NodeBase {
  readonly kind: 'mapping';
  readonly entries: Map<string, { readonly keyOffset: number; readonly value: YamlNode }>;
}

export interface YamlProblem {
  /** Position in the file, in characters. */
  readonly offset: number;
  readonly message: string;
}

/** `problems` leave the rest readable: an unknown tag, a repeated key. */
export type YamlResult =
  | { readonly kind: 'read'; readonly root: YamlNode; readonly problems: readonly YamlProblem[] }
  | { readonly kind: 'unreadable'; readonly problem: YamlProblem };

interface Frame {
  readonly node: SequenceNode | MappingNode;
  readonly anchor: string | undefined;
  key: { readonly text: string; readonly offset: number } | undefined;
}

interface Builder {
  readonly document: DocumentText;
  readonly frames: Frame[];
  readonly anchors: Map<string, YamlNode>;
  readonly problems: YamlProblem[];
  root: YamlNode | undefined;
  aliases: number;
  /** Position in the document's text that a fault without one of its own is about. */
  position: number;
}

/** Reads one document. Never throws. */
export function readYaml(document: DocumentText): YamlResult {
  const builder: Builder = {
    document,
    frames: [],
    anchors: new Map(),
    problems: [],
    root: undefined,
    aliases: 0,
    position: 0,
  };
  try {
    for (const event of parseEvents(document.text, { maxDepth: LIMITS.nestingDepth })) take(builder, event);
  } catch (thrown) {
    return { kind: 'unreadable', problem: problemOf(thrown, document) };
  }
  const root = builder.root ?? { kind: 'scalar', offset: document.offset, size: 1, value: null };
  return { kind: 'read', root, problems: builder.problems };
}

/** What usually lies behind a complaint of the YAML parser. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/tab characters/, 'Indent with spaces.'],
  [/end of the stream within a flow/, 'Close what was opened with { or [.'],
  [/end of the stream within a .*quoted/, 'Close the quotes.'],
  [/bad indentation|expected ':' after/, 'Check the indentation, and quote text that holds ": ".'],
  [/maxDepth/, `Documents have at most ${LIMITS.nestingDepth} levels.`],
];

function problemOf(thrown: unknown, document: DocumentText): YamlProblem {
  if (!(thrown instanceof YAMLException))
    return { offset: document.offset, message: unreadable(String(thrown)) };
  return { offset: document.offset + (thrown.mark?.position ?? 0), message: unreadable(thrown.reason) };
}

function unreadable(reason: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(reason))?.[1];
  return `This is not readable YAML: ${reason.slice(0, 200)}.${advice === undefined ? '' : ` ${advice}`}`;
}

function take(builder: Builder, event: Event): void {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      if (builder.root !== undefined) refuse(builder, 'a second document begins here without ---');
      return;
    case EVENT_ID.SCALAR:
      takeScalar(builder, event);
      return;
    case EVENT_ID.SEQUENCE:
      open(builder, event, { kind: 'sequence', offset: 0, size: 1, items: [] });
      return;
    case EVENT_ID.MAPPING:
      open(builder, event, { kind: 'mapping', offset: 0, size: 1, entries: new Map() });
      return;
    case EVENT_ID.ALIAS:
      takeAlias(builder, event);
      return;
    case EVENT_ID.POP:
      close(builder);
  }
}

function takeScalar(builder: Builder, event: ScalarEvent): void {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  if (event.valueStart >= 0) builder.position = event.valueStart - (quoted ? 1 : 0);
  const text = getScalarValue(builder.document.text, event);
  if (takeKey(builder, text)) return;
  const tag = tagOf(builder, event, ['!', '!!str', '!!int', '!!float', '!!bool', '!!null']);
  const plain = event.style === SCALAR_STYLE.PLAIN && tag !== '!' && tag !== '!!str';
  const value = plain ? resolvePlain(text) : text;
  const node: YamlNode = { kind: 'scalar', offset: offsetOf(builder), size: 1, value };
  remember(builder, anchorOf(builder, event), node);
  put(builder, node);
}

/** The value that YAML 1.2 sees in an unquoted text: `no` and `2026-01-01` are text, `0x10` is 16. */
function resolvePlain(text: string): string | number | boolean | null {
  for (const tag of CORE_SCHEMA.tags) {
    if (tag.nodeKind !== 'scalar' || !tag.implicit) continue;
    const value: unknown = tag.resolve(text, false, tag.tagName);
    if (value === NOT_RESOLVED) continue;
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  }
  return text;
}

function open(
  builder: Builder,
  event: SequenceEvent | MappingEvent,
  empty: SequenceNode | MappingNode,
): void {
  builder.position = event.start;
  if (takeKey(builder, undefined)) return;
  tagOf(builder, event, ['!', '!!map', '!!seq']);
  const node = { ...empty, offset: offsetOf(builder) };
  builder.frames.push({ node, anchor: anchorOf(builder, event), key: undefined });
}

function close(builder: Builder): void {
  const frame = builder.frames.pop();
  if (frame === undefined) return;
  remember(builder, frame.anchor, frame.node);
  put(builder, frame.node);
}

function takeAlias(builder: Builder, event: AliasEvent): void {
  builder.position = event.anchorStart - 1;
  if (takeKey(builder, undefined)) return;
  builder.aliases += 1;
  if (builder.aliases > LIMITS.aliases) refuse(builder, `more than ${LIMITS.aliases} aliases`);
  const name = builder.document.text.slice(event.anchorStart, event.anchorEnd);
  const target = builder.anchors.get(name);
  if (target === undefined)
    return refuse(builder, `the alias ${quote(name)} stands for nothing that was written before it`);
  put(builder, target);
}

/** Takes the next node as a key where a key is due. Only text can be one. */
function takeKey(builder: Builder, text: string | undefined): boolean {
  const frame = builder.frames.at(-1);
  if (frame?.node.kind !== 'mapping' || frame.key !== undefined) return false;
  if (text === undefined)
    return refuse(builder, 'a key must be plain text; quote a value that begins with { or [');
  frame.key = { text, offset: offsetOf(builder) };
  return true;
}

/** Hands a finished node to the collection that it is in. */
function put(builder: Builder, node: YamlNode): void {
  const frame = builder.frames.at(-1);
  if (frame === undefined) {
    builder.root = node;
    return;
  }
  frame.node.size += node.size;
  if (frame.node.size > LIMITS.nodes) refuse(builder, `more than ${LIMITS.nodes} values, aliases expanded`);
  if (frame.node.kind === 'sequence') frame.node.items.push(node);
  else if (frame.key !== undefined) putEntry(builder, frame.node, frame.key, node);
  frame.key = undefined;
}

function putEntry(
  builder: Builder,
  map: MappingNode,
  key: { text: string; offset: number },
  value: YamlNode,
): void {
  const problem = (message: string): void => void builder.problems.push({ offset: key.offset, message });
  if (key.text === '__proto__') problem('The key "__proto__" is not allowed.');
  else if (map.entries.has(key.text))
    problem(`The key ${quote(key.text)} is written twice. Keep one of them.`);
  else if (key.text.length > LIMITS.keyCharacters)
    problem(`The key ${quote(key.text)} has more than ${LIMITS.keyCharacters} characters. Shorten it.`);
  else map.entries.set(key.text, { keyOffset: key.offset, value });
}

function remember(builder: Builder, anchor: string | undefined, node: YamlNode): void {
  if (anchor !== undefined) builder.anchors.set(anchor, node);
}

function anchorOf(builder: Builder, event: ScalarEvent | SequenceEvent | MappingEvent): string | undefined {
  return event.anchorStart < 0 ? undefined : builder.document.text.slice(event.anchorStart, event.anchorEnd);
}

function tagOf(
  builder: Builder,
  event: ScalarEvent | SequenceEvent | MappingEvent,
  known: readonly string[],
): string | undefined {
  if (event.tagStart < 0) return undefined;
  const tag = builder.document.text.slice(event.tagStart, event.tagEnd);
  if (!known.includes(tag)) {
    const message = `The tag ${quote(tag)} has no meaning here. Remove it, or quote the text.`;
    builder.problems.push({ offset: builder.document.offset + event.tagStart, message });
  }
  return tag;
}

const offsetOf = (builder: Builder): number => builder.document.offset + builder.position;

function refuse(builder: Builder, reason: string): never {
  return YAMLException.throwAt(builder.document.text, builder.position, reason);
}

/** The document as plain values. Objects have no prototype, so no key of a document can meet an inherited one. */
export function toValue(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(toValue);
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, { value }] of node.entries) object[key] = toValue(value);
  return object;
}
