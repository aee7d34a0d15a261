import { LIMITS } from './limits.ts';

/** Steps from the root of a document to a field. */
export type Path = readonly (string | number)[];

/** A fault of a document before its position in the file is looked up. */
export interface Fault {
  readonly path: Path;
  readonly reason: string;
  readonly message: string;
  /** Where to point: at the value, unless the key itself is wrong. */
  readonly at?: 'key';
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** `spec.endpoints[0].scrapeTimeout`; unusual keys as `labels["a.b"]`. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('');
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!PLAIN_KEY.test(step)) return `[${quote(step)}]`;
  return index === 0 ? step : `.${step}`;
}

/** The author's own text in a message: quoted, on one line, of bounded length. */
export function quote(text: string): string {
  if (text.length <= LIMITS.quotedCharacters) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, LIMITS.quotedCharacters))}…`;
}

/** A value of a document as a noun: `the number 30`, `a list`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  return 'a map';
}
