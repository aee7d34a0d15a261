import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import schema from '../../schemas/scrapetarget.v1alpha1.schema.json' with { type: 'json' };
import { describeValue, formatPath, quote, type Fault, type Path } from './faults.ts';
import type { ScrapeTargetDocument } from './scrapetarget.gen.ts';
import { nearest, unknownField } from './suggest.ts';

/** The part of a schema that an error points at. `x-expect` is our own keyword: the wanted value as a noun. */
interface ErrorSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly 'x-expect'?: string;
}

export type SchemaResult =
  | { readonly kind: 'valid'; readonly document: ScrapeTargetDocument }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

let compiled: ReturnType<typeof compile> | undefined;

function compile() {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-expect']);
  return ajv.compile<ScrapeTargetDocument>(schema);
}

/** Checks a document against the JSON Schema. Compiled at first use: most verbs never come here. */
export function checkSchema(value: unknown): SchemaResult {
  compiled ??= compile();
  if (compiled(value)) return { kind: 'valid', document: value };
  const faults = (compiled.errors ?? []).map((error) => faultOf(error, value));
  return { kind: 'invalid', faults: unique(faults) };
}

/** A text that is both too long and of the wrong form is told once. */
function unique(faults: readonly Fault[]): Fault[] {
  const byText = new Map(faults.map((fault) => [`${formatPath(fault.path)} ${fault.message}`, fault]));
  return [...byText.values()];
}

function faultOf(error: ErrorObject, root: unknown): Fault {
  const path = pathOf(error.instancePath, root);
  const parent = schemaOf(error);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(
        [...path, String(error.params['additionalProperty'])],
        Object.keys(parent.properties ?? {}),
      );
    case 'required':
      return missingField([...path, String(error.params['missingProperty'])]);
    case 'enum':
      return invalid(
        path,
        `Expected ${list(parent.enum ?? [])}, found ${describeValue(error.data)}.${didYouMean(error.data, parent)}`,
      );
    default:
      return invalid(
        path,
        `Expected ${expected(error, parent)}, found ${found(error)}.${quotesAdvice(error, parent)}`,
      );
  }
}

/** Ajv types the schema beside an error loosely; with `verbose` it is always there. */
const schemaOf = (error: ErrorObject): ErrorSchema => Object(error.parentSchema);

const invalid = (path: Path, message: string): Fault => ({ path, reason: 'InvalidSpec', message });

function missingField(path: Path): Fault {
  const parent = path.length > 1 ? String(path.at(-2)) : 'the document';
  return invalid(path, `The field \`${String(path.at(-1))}\` is required. Add it to ${parent}.`);
}

/** JSON pointer to path; a step into a list is a number. */
function pathOf(pointer: string, root: unknown): Path {
  const steps: (string | number)[] = [];
  let value: unknown = root;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    steps.push(Array.isArray(value) ? Number(key) : key);
    value = childOf(value, key);
  }
  return steps;
}

function childOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map of fields'],
]);

function expected(error: ErrorObject, parent: ErrorSchema): string {
  if (parent['x-expect'] !== undefined) return parent['x-expect'];
  const type = typeof parent.type === 'string' ? (TYPES.get(parent.type) ?? parent.type) : 'another type';
  return error.keyword === 'type' ? type : `${type} (${error.message ?? error.keyword})`;
}

/** Lists and maps of a wrong size are told by their size, all else by its value. */
function found(error: ErrorObject): string {
  const data: unknown = error.data;
  if (error.keyword === 'type' || typeof data !== 'object' || data === null) return describeValue(data);
  return `${Object.keys(data).length}`;
}

/** Unquoted YAML such as `yes: 1` gives numbers and booleans where text is wanted. */
function quotesAdvice(error: ErrorObject, parent: ErrorSchema): string {
  const data: unknown = error.data;
  if (error.keyword !== 'type' || parent.type !== 'string' || parent['x-expect'] !== undefined) return '';
  return typeof data === 'number' || typeof data === 'boolean' ? ` Write it in quotes: "${data}".` : '';
}

function didYouMean(data: unknown, parent: ErrorSchema): string {
  const meant = typeof data === 'string' ? nearest(data, parent.enum ?? []) : undefined;
  return meant === undefined ? '' : ` Did you mean ${quote(meant)}?`;
}

/** Spellings that differ in case only are shown once. */
function list(values: readonly string[]): string {
  const lower = new Set(values.map((value) => value.toLowerCase()));
  const shown = values.filter((value) => lower.delete(value.toLowerCase()));
  return shown.length === 1 ? quote(shown[0] ?? '') : `one of ${shown.join(', ')}`;
}
