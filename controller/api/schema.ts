import schema from '../../schemas/scrapetarget.v1alpha1.schema.json' with { type: 'json' };
import { describeValue, quote, type Fault, type Path } from './faults.ts';
import type { ScrapeTargetDocument } from './scrapetarget.gen.ts';
import { nearest, unknownField } from './suggest.ts';

/**
 * The keywords of JSON Schema that our schema uses, and `x-expect`, our own: the wanted value as a noun.
 * Interpreting them takes a tenth of the start-up time that a general validator takes to compile them, and
 * the messages come out in words. A test holds the two side by side.
 */
interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly maxProperties?: number;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly 'x-expect'?: string;
}

export type SchemaResult =
  | { readonly kind: 'valid'; readonly document: ScrapeTargetDocument }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

const ROOT: SchemaNode = schema;
const DEFINITIONS: ReadonlyMap<string, SchemaNode> = new Map(
  Object.entries(schema.$defs).map(([name, definition]) => [`#/$defs/${name}`, definition]),
);

/** Checks a document against the JSON Schema. */
export function checkSchema(value: unknown): SchemaResult {
  const faults: Fault[] = [];
  return isDocument(value, faults) ? { kind: 'valid', document: value } : { kind: 'invalid', faults };
}

function isDocument(value: unknown, faults: Fault[]): value is ScrapeTargetDocument {
  faults.push(...check(ROOT, value, []));
  return faults.length === 0;
}

function check(written: SchemaNode, value: unknown, path: Path): Fault[] {
  const node = resolve(written);
  if (!hasType(node, value)) return [wrongType(node, value, path)];
  if (node.enum !== undefined) return checkEnum(node.enum, value, path);
  if (typeof value === 'string') return fitsText(node, value) ? [] : [wrongValue(node, value, path)];
  if (typeof value === 'number') return fitsNumber(node, value) ? [] : [wrongValue(node, value, path)];
  if (Array.isArray(value)) return checkList(node, value, path);
  return typeof value === 'object' && value !== null ? checkMap(node, value, path) : [];
}

function resolve(node: SchemaNode): SchemaNode {
  const definition = node.$ref === undefined ? undefined : DEFINITIONS.get(node.$ref);
  return definition ?? node;
}

function hasType({ type }: SchemaNode, value: unknown): boolean {
  return type === undefined || [type].flat().some((one) => isA(one, value));
}

function isA(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function fitsText({ minLength = 0, maxLength = Infinity, pattern }: SchemaNode, text: string): boolean {
  if (text.length < minLength) return false;
  if (text.length > maxLength && Array.from(text).length > maxLength) return false;
  return pattern === undefined || expression(pattern).test(text);
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(pattern, 'u');
  expressions.set(pattern, known);
  return known;
}

function fitsNumber({ minimum = -Infinity, maximum = Infinity }: SchemaNode, value: number): boolean {
  return value >= minimum && value <= maximum;
}

function checkEnum(allowed: readonly string[], value: unknown, path: Path): Fault[] {
  if (typeof value === 'string' && allowed.includes(value)) return [];
  const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const hint = meant === undefined ? '' : ` Did you mean ${quote(meant)}?`;
  return [invalid(path, `Expected ${list(allowed)}, found ${describeValue(value)}.${hint}`)];
}

function checkList(node: SchemaNode, values: readonly unknown[], path: Path): Fault[] {
  const { minItems = 0, maxItems = Infinity, items = {} } = node;
  if (values.length < minItems || values.length > maxItems) return [wrongSize(node, values.length, path)];
  return values.flatMap((value, index) => check(items, value, [...path, index]));
}

function checkMap(node: SchemaNode, map: object, path: Path): Fault[] {
  const entries = Object.entries(map);
  const { maxProperties = Infinity, required = [] } = node;
  if (entries.length > maxProperties) return [wrongSize(node, entries.length, path)];
  return [
    ...required.filter((name) => !Object.hasOwn(map, name)).map((name) => missingField([...path, name])),
    ...entries.flatMap(([name, value]) => checkEntry(node, name, value, [...path, name])),
  ];
}

function checkEntry(node: SchemaNode, name: string, value: unknown, path: Path): Fault[] {
  const { properties = {}, additionalProperties = true } = node;
  const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (known !== undefined) return check(known, value, path);
  if (additionalProperties === true) return [];
  if (additionalProperties === false) return [unknownField(path, Object.keys(properties))];
  return check(additionalProperties, value, path);
}

const invalid = (path: Path, message: string): Fault => ({ path, reason: 'InvalidSpec', message });

function missingField(path: Path): Fault {
  const parent = path.length > 1 ? String(path.at(-2)) : 'the document';
  return invalid(path, `The field \`${String(path.at(-1))}\` is required. Add it to ${parent}.`);
}

const wrongType = (node: SchemaNode, value: unknown, path: Path): Fault =>
  invalid(path, `Expected ${nounOf(node)}, found ${describeValue(value)}.${quotesAdvice(node, value)}`);

const wrongSize = (node: SchemaNode, size: number, path: Path): Fault =>
  invalid(path, `Expected ${nounOf(node)}${boundsOf(node)}, found ${size}.`);

function wrongValue(node: SchemaNode, value: string | number, path: Path): Fault {
  return invalid(path, `Expected ${nounOf(node)}${boundsOf(node)}, found ${describeValue(value)}.`);
}

const NOUNS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map of fields'],
]);

const nounOf = (node: SchemaNode): string =>
  node['x-expect'] ??
  [node.type ?? []]
    .flat()
    .map((type) => NOUNS.get(type) ?? type)
    .join(' or ');

/** The bounds in words, where `x-expect` does not tell them. */
function boundsOf(node: SchemaNode): string {
  if (node['x-expect'] !== undefined) return '';
  const least = node.minLength ?? node.minimum ?? 0;
  const most = node.maxLength ?? node.maximum ?? node.maxItems ?? node.maxProperties;
  const unit = node.type === 'string' ? ' characters' : '';
  return most === undefined ? '' : ` of ${least} to ${most}${unit}`;
}

/** Unquoted YAML such as `env: 1` gives numbers and booleans where text is wanted. */
function quotesAdvice(node: SchemaNode, value: unknown): string {
  if (node.type !== 'string' || node['x-expect'] !== undefined) return '';
  return typeof value === 'number' || typeof value === 'boolean' ? ` Write it in quotes: "${value}".` : '';
}

/** Spellings that differ in case only are shown once. */
function list(values: readonly string[]): string {
  const lower = new Set(values.map((value) => value.toLowerCase()));
  const shown = values.filter((value) => lower.delete(value.toLowerCase()));
  return shown.length === 1 ? quote(shown[0] ?? '') : `one of ${shown.join(', ')}`;
}
