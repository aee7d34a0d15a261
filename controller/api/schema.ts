import type { ErrorObject } from 'ajv';
import { describeValue, quote, type Fault, type Path } from './faults.ts';
import type { ScrapeTargetDocument } from './scrapetarget.gen.ts';
import { validate } from './scrapetarget.validate.gen.ts';
import { nearest, unknownField } from './suggest.ts';

/** What messages take from the schema of a value; `x-expect` is our own: the wanted value as a noun. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: object;
  readonly maxProperties?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly 'x-expect'?: string;
  readonly [keyword: string]: unknown;
}

export type SchemaResult =
  | { readonly kind: 'valid'; readonly document: ScrapeTargetDocument }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

/** Checks a document against the JSON Schema. */
export function checkSchema(value: unknown): SchemaResult {
  if (validate(value)) return { kind: 'valid', document: value };
  const errors = withoutConsequences(validate.errors ?? []);
  return { kind: 'invalid', faults: errors.map((error) => faultOf(error, value)) };
}

/** One error for each value: of a list that is too long, or a text instead of a number, nothing more is told. */
function withoutConsequences(errors: readonly ErrorObject[]): ErrorObject[] {
  let refused: string | undefined;
  return errors.filter(({ instancePath, keyword }) => {
    if (refused !== undefined && isWithin(instancePath, refused)) return false;
    if (keyword !== 'required' && keyword !== 'additionalProperties') refused = instancePath;
    return true;
  });
}

const isWithin = (pointer: string, other: string): boolean =>
  pointer === other || pointer.startsWith(`${other}/`);

function faultOf(
  { keyword, instancePath, params, parentSchema, data }: ErrorObject,
  document: unknown,
): Fault {
  const path = pathOf(instancePath, document);
  const node: SchemaNode = parentSchema ?? {};
  switch (keyword) {
    case 'required':
      return missingField([...path, String(params['missingProperty'])]);
    case 'additionalProperties':
      return unknownField(
        [...path, String(params['additionalProperty'])],
        Object.keys(node.properties ?? {}),
      );
    case 'type':
      return wrongType(node, data, path);
    case 'enum':
      return wrongChoice(node.enum ?? [], data, path);
    default:
      return wrongValue(node, data, path);
  }
}

/** The steps of a JSON pointer; only the document tells the index of a list from a key that is a number. */
function pathOf(pointer: string, document: unknown): Path {
  let value = document;
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const inList = Array.isArray(value);
      value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
      return inList ? Number(key) : key;
    });
}

const invalid = (path: Path, message: string): Fault => ({ path, reason: 'InvalidSpec', message });

function missingField(path: Path): Fault {
  const parent = path.length > 1 ? String(path.at(-2)) : 'the document';
  return invalid(path, `The field \`${String(path.at(-1))}\` is required. Add it to ${parent}.`);
}

const wrongType = (node: SchemaNode, value: unknown, path: Path): Fault =>
  invalid(path, `Expected ${nounOf(node)}, found ${describeValue(value)}.${quotesAdvice(node, value)}`);

function wrongChoice(allowed: readonly string[], value: unknown, path: Path): Fault {
  const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const hint = meant === undefined ? '' : ` Did you mean ${quote(meant)}?`;
  return invalid(path, `Expected ${list(allowed)}, found ${describeValue(value)}.${hint}`);
}

/** The right type, but too long, too large or of another form. */
function wrongValue(node: SchemaNode, value: unknown, path: Path): Fault {
  const isCollection = typeof value === 'object' && value !== null;
  const found = isCollection ? String(Object.keys(value).length) : describeValue(value);
  return invalid(path, `Expected ${nounOf(node)}${boundsOf(node)}, found ${found}.`);
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
