import { AwsFault } from './service.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
}

export interface TextMapRule {
  readonly key?: TextRule;
  readonly value?: TextRule;
}

/** Reads the members of one structure and refuses what its service model does not allow. */
export interface Members {
  has(name: string): boolean;
  text(name: string, rule?: TextRule): string | undefined;
  requiredText(name: string, rule?: TextRule): string;
  integer(name: string, rule?: NumberRule): number | undefined;
  requiredInteger(name: string, rule?: NumberRule): number;
  flag(name: string): boolean;
  object(name: string): Members | undefined;
  requiredObject(name: string): Members;
  objects(name: string, rule?: NumberRule): readonly Members[] | undefined;
  requiredObjects(name: string, rule?: NumberRule): readonly Members[];
  texts(name: string, rule?: NumberRule, each?: TextRule): readonly string[] | undefined;
  requiredTexts(name: string, rule?: NumberRule, each?: TextRule): readonly string[];
  textMap(name: string, rule?: TextMapRule): ReadonlyMap<string, string> | undefined;
  requiredTextMap(name: string, rule?: TextMapRule): ReadonlyMap<string, string>;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** AWS answers a value of the wrong JSON type before it looks at the model's constraints. */
const wrongType = (path: string, wanted: string): AwsFault =>
  new AwsFault('SerializationException', `Unexpected value type in payload at '${path}': expected ${wanted}`);

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

type Refuse = (value: string | number | undefined, path: string, constraint: string) => AwsFault;

const refusal =
  (code: string): Refuse =>
  (value, path, constraint) => {
    const shown = value === undefined ? 'null' : `'${value}'`;
    return new AwsFault(
      code,
      `1 validation error detected: Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`,
    );
  };

function checkText(value: string, path: string, rule: TextRule, refuse: Refuse): string {
  const { min, max, pattern, oneOf } = rule;
  if (min !== undefined && value.length < min)
    throw refuse(value, path, `Member must have length greater than or equal to ${min}`);
  if (max !== undefined && value.length > max)
    throw refuse(value, path, `Member must have length less than or equal to ${max}`);
  if (oneOf !== undefined && !oneOf.includes(value))
    throw refuse(value, path, `Member must satisfy enum value set: [${oneOf.join(', ')}]`);
  if (pattern !== undefined && !pattern.test(value))
    throw refuse(value, path, `Member must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}

function asText(value: unknown, path: string, rule: TextRule, refuse: Refuse): string {
  if (typeof value !== 'string') throw wrongType(path, 'a string');
  return checkText(value, path, rule, refuse);
}

function asInteger(value: unknown, path: string, rule: NumberRule, refuse: Refuse): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(path, 'an integer');
  if (rule.min !== undefined && value < rule.min)
    throw refuse(value, path, `Member must have value greater than or equal to ${rule.min}`);
  if (rule.max !== undefined && value > rule.max)
    throw refuse(value, path, `Member must have value less than or equal to ${rule.max}`);
  return value;
}

function asList(value: unknown, path: string, rule: NumberRule, refuse: Refuse): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(path, 'a list');
  if (rule.min !== undefined && value.length < rule.min)
    throw refuse('[]', path, `Member must have length greater than or equal to ${rule.min}`);
  if (rule.max !== undefined && value.length > rule.max)
    throw refuse('[...]', path, `Member must have length less than or equal to ${rule.max}`);
  return value;
}

function asTextMap(
  value: unknown,
  path: string,
  rule: TextMapRule,
  refuse: Refuse,
): ReadonlyMap<string, string> {
  if (!isObject(value)) throw wrongType(path, 'a map');
  return new Map(
    Object.entries(value).map(([key, entry]): [string, string] => [
      checkText(key, path, rule.key ?? {}, refuse),
      asText(entry, `${path}.${key}.member`, rule.value ?? {}, refuse),
    ]),
  );
}

function structure(input: Json, refuse: Refuse, at: string): Members {
  const path = (name: string): string => `${at}${lowerFirst(name)}`;
  const present = (name: string): unknown => input[name] ?? undefined;
  const optional = <T>(name: string, read: (value: unknown, path: string) => T): T | undefined => {
    const value = present(name);
    return value === undefined ? undefined : read(value, path(name));
  };
  const required = <T>(name: string, read: (value: unknown, path: string) => T): T => {
    const value = present(name);
    if (value === undefined) throw refuse(undefined, path(name), 'Member must not be null');
    return read(value, path(name));
  };

  const text = (rule: TextRule) => (value: unknown, path: string) => asText(value, path, rule, refuse);
  const integer = (rule: NumberRule) => (value: unknown, path: string) =>
    asInteger(value, path, rule, refuse);
  const object = (value: unknown, path: string): Members => {
    if (!isObject(value)) throw wrongType(path, 'a structure');
    return structure(value, refuse, `${path}.`);
  };
  const objects = (rule: NumberRule) => (value: unknown, path: string) =>
    asList(value, path, rule, refuse).map((entry, index) => object(entry, `${path}.${index + 1}.member`));
  const texts = (rule: NumberRule, each: TextRule) => (value: unknown, path: string) =>
    asList(value, path, rule, refuse).map((entry, index) =>
      asText(entry, `${path}.${index + 1}.member`, each, refuse),
    );
  const textMap = (rule: TextMapRule) => (value: unknown, path: string) =>
    asTextMap(value, path, rule, refuse);

  return {
    has: (name) => present(name) !== undefined,
    text: (name, rule = {}) => optional(name, text(rule)),
    requiredText: (name, rule = {}) => required(name, text(rule)),
    integer: (name, rule = {}) => optional(name, integer(rule)),
    requiredInteger: (name, rule = {}) => required(name, integer(rule)),
    flag: (name) =>
      optional(name, (value, path) => {
        if (typeof value !== 'boolean') throw wrongType(path, 'a boolean');
        return value;
      }) ?? false,
    object: (name) => optional(name, object),
    requiredObject: (name) => required(name, object),
    objects: (name, rule = {}) => optional(name, objects(rule)),
    requiredObjects: (name, rule = {}) => required(name, objects(rule)),
    texts: (name, rule = {}, each = {}) => optional(name, texts(rule, each)),
    requiredTexts: (name, rule = {}, each = {}) => required(name, texts(rule, each)),
    textMap: (name, rule = {}) => optional(name, textMap(rule)),
    requiredTextMap: (name, rule = {}) => required(name, textMap(rule)),
  };
}

/** `code` is the error that the service throws for values outside its model, for example `InvalidInput`. */
export function members(input: Json, code: string): Members {
  return structure(input, refusal(code), '');
}
