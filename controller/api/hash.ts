import { createHash } from 'node:crypto';
import { compareText } from '../state/keys.ts';

/** SHA-256 of the canonical JSON of a value: keys sorted, absent fields left out, no white space. */
export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex');
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, child]) => [key, canonical(child)]));
}
