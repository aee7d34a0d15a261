/** The part of JSON Schema that the schemas of this project use. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly [keyword: string]: unknown;
}

const PREFIX = '#/$defs/';

/** Replaces every `$ref` whose definition is `chosen` by that definition; keywords beside the `$ref` win. */
export function inlineRefs(schema: Schema, chosen: (definition: Schema) => boolean = () => true): Schema {
  const { $defs = {}, ...rest } = schema;
  const inline = (part: Schema): Schema => {
    const { $ref, ...own } = part;
    if ($ref === undefined) return mapChildren(own, inline);
    const definition = lookup($ref, $defs);
    return chosen(definition) ? { ...inline(definition), ...own } : part;
  };
  const kept = Object.entries($defs).filter(([, definition]) => !chosen(definition));
  const defs = Object.fromEntries(kept.map(([name, definition]) => [name, inline(definition)]));
  return { ...inline(rest), ...(kept.length === 0 ? {} : { $defs: defs }) };
}

function lookup(ref: string, defs: Readonly<Record<string, Schema>>): Schema {
  const found = ref.startsWith(PREFIX) ? defs[ref.slice(PREFIX.length)] : undefined;
  if (found === undefined) throw new TypeError(`the schema refers to ${ref}, which it does not define`);
  return found;
}

export function mapChildren(schema: Schema, change: (child: Schema) => Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties, change) }),
    ...(items === undefined ? {} : { items: change(items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: change(additionalProperties) }
      : {}),
  };
}

export function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
