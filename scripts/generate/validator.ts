import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { inlineRefs, mapChildren, type Schema } from './schema.ts';

const HEADER = `/**
 * Checks a value against schemas/scrapetarget.v1alpha1.schema.json.
 * Generated from it by "npm run generate": change the schema instead.
 */
// @ts-nocheck
import type { ValidateFunction } from 'ajv';
import type { ScrapeTargetDocument } from './scrapetarget.gen.ts';
`;

/** Length in Unicode characters, as JSON Schema counts; ajv would fetch its own when the program runs. */
const LENGTH = /require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g;
const OWN_LENGTH = '(text) => { let length = 0; for (const _ of text) length += 1; return length; }';

/** `"use strict"; export const validate = validate20;export default validate20;` */
const EXPORTS = /"use strict";\s*export const validate = (\w+);\s*export default \1;/;

/**
 * The schema compiled to a function that needs nothing at run time, so that starting costs no compilation.
 * Definitions are written out where they are used: a call for each would join the errors found so far anew,
 * which takes quadratic time on a long list of wrong values. Errors carry value and schema, for the messages.
 */
export function validatorOf(schema: Schema): string {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    messages: false,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addVocabulary(['x-expect']);
  const compiled = ajv.compile(withoutAnnotations(inlineRefs(schema)));
  const code = standalone
    .default(ajv, compiled)
    .replace(EXPORTS, 'export const validate: ValidateFunction<ScrapeTargetDocument> = $1;')
    .replace(LENGTH, OWN_LENGTH);
  if (/\brequire\(|export default/.test(code))
    throw new TypeError('ajv wrote code that cannot stand alone: see scripts/generate/validator.ts');
  return `${HEADER}${code.trimEnd()}\n`;
}

const ANNOTATIONS = ['$schema', '$id', 'title', 'description', 'default'];

/** Without the keywords that tell people something and decide nothing. */
function withoutAnnotations(schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([keyword]) => !ANNOTATIONS.includes(keyword));
  return mapChildren(Object.fromEntries(kept), withoutAnnotations);
}
