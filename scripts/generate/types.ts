import { compile } from 'json-schema-to-typescript';
import { inlineRefs, type Schema } from './schema.ts';

const BANNER = `/**
 * ScrapeTarget documents as people write them, before aliases and defaults are resolved.
 * Generated from schemas/scrapetarget.v1alpha1.schema.json by "npm run generate": change the schema instead.
 */`;

/** TypeScript types of the document. Only definitions with a title get a name of their own. */
export function typesOf(schema: Schema): Promise<string> {
  const named = inlineRefs(schema, (definition) => definition.title === undefined);
  const source: object = { ...named, title: 'ScrapeTargetDocument' };
  return compile(source, 'ScrapeTargetDocument', {
    bannerComment: BANNER,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    customName: ({ title }, key) =>
      title === undefined || key === undefined ? undefined : `Document${title}`,
    style: { printWidth: 110, singleQuote: true },
  });
}
