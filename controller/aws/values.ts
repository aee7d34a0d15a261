/** Readers of untrusted answers: what is missing or of the wrong type is `undefined`, and nothing throws. */

export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

export function fields(value: unknown): Fields {
  return isObject(value) ? value : NO_FIELDS;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

const HIGHEST_PORT = 65_535;

/** A port as number or decimal text; 0 is not a port that anything can be reached at. */
export function port(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  const found = count(number);
  return found !== undefined && found > 0 && found <= HIGHEST_PORT ? found : undefined;
}

/** The values that are there: what a map over a list could not decode is left out. */
export function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined);
}
