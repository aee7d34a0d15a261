import { inlineRefs, type Schema } from './schema.ts';

const HEADER = `# ScrapeTarget reference

<!-- Generated from schemas/scrapetarget.v1alpha1.schema.json by "npm run generate": change the schema instead. -->

Every field of a ScrapeTarget document, \`apiVersion: monitoring.ecs/v1alpha1\`. Fields in **bold** are required where
their parent is written. \`[]\` stands for each entry of a list. Unknown fields are errors.

`;

interface Row {
  readonly path: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** The field reference as Markdown. */
export function referenceOf(schema: Schema): string {
  const rows = rowsOf(inlineRefs(schema), '');
  const lines = rows.map((row) => `| ${cells(row).join(' | ')} |`);
  return `${HEADER}${['| Field | Type | Default | Description |', '| --- | --- | --- | --- |', ...lines].join('\n')}\n`;
}

function rowsOf(schema: Schema, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}${key}`;
    const row: Row = { path, required: schema.required?.includes(key) === true, schema: child };
    return [row, ...rowsOf(child, `${path}.`), ...rowsOf(child.items ?? {}, `${path}[].`)];
  });
}

function cells({ path, required, schema }: Row): string[] {
  const name = required ? `**\`${path}\`**` : `\`${path}\``;
  const fallback = schema.default === undefined ? '' : `\`${String(schema.default)}\``;
  return [name, typeOf(schema), fallback, descriptionOf(schema)].map((cell) => cell.replaceAll('|', '\\|'));
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined)
    return lowerCaseFirst(schema.enum)
      .map((value) => `\`${value}\``)
      .join(', ');
  if (schema.items !== undefined) return `list of ${plural(typeOf(schema.items))}`;
  if (typeof schema.additionalProperties === 'object') return `map to ${typeOf(schema.additionalProperties)}`;
  return [schema.type ?? 'any'].flat().join(' or ');
}

/** Values that are accepted in either case are shown once. */
function lowerCaseFirst(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const known = seen.has(value.toLowerCase());
    seen.add(value.toLowerCase());
    return !known;
  });
}

const plural = (type: string): string => (/^[a-z]+$/.test(type) ? `${type}s` : type);

function descriptionOf(schema: Schema): string {
  const text = schema.description ?? '';
  const entry = schema.items?.description;
  return entry === undefined ? text : `${text} Each entry: ${entry}`;
}
