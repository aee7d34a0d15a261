type Copies = Map<object, unknown>;

function copyMembers(value: object, copies: Copies): object {
  const copied: Record<string, unknown> = { ...value };
  copies.set(value, copied);
  for (const name of Object.keys(copied)) {
    const inner = copied[name];
    if (typeof inner === 'object') copied[name] = copyOf(inner, copies);
  }
  return copied;
}

function copyMap(value: ReadonlyMap<unknown, unknown>, copies: Copies): Map<unknown, unknown> {
  const copied = new Map<unknown, unknown>();
  copies.set(value, copied);
  for (const [key, inner] of value) copied.set(copyOf(key, copies), copyOf(inner, copies));
  return copied;
}

function copySet(value: ReadonlySet<unknown>, copies: Copies): Set<unknown> {
  const copied = new Set<unknown>();
  copies.set(value, copied);
  for (const inner of value) copied.add(copyOf(inner, copies));
  return copied;
}

function copyArray(value: readonly unknown[], copies: Copies): unknown[] {
  const copied: unknown[] = [];
  copies.set(value, copied);
  for (const inner of value) copied.push(copyOf(inner, copies));
  return copied;
}

function copyOf(value: unknown, copies: Copies): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof Map) return copyMap(value, copies);
  if (value instanceof Set) return copySet(value, copies);
  return Array.isArray(value) ? copyArray(value, copies) : copyMembers(value, copies);
}

/**
 * The data as it is now, whatever becomes of it. Unlike `structuredClone` it takes objects that carry functions, which
 * the copy shares: a copy is for reading.
 */
export const copyForReading = <T extends object>(value: T): T => copyOf(value, new Map()) as T;
