/** What comes back from Prometheus, or lies on disk, is not what it should be until it was looked at. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not Prometheus but a proxy's page, or a torn file: the caller finds none of the fields.
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
