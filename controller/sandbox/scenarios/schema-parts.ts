/** Pieces of JSON Schema that the schemas of scenario files share. */

export const text = { type: 'string', minLength: 1 } as const;

export const oneOf = (...values: string[]) => ({ enum: values });

export const list = (items: object) => ({ type: 'array', items });

/** An object without further members. */
export const flatObject = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
