import { formatPath, quote, type Fault, type Path } from './faults.ts';

/** The known name that the author probably meant, or undefined when none is near. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  if (written.length > 64) return undefined;
  const allowed = Math.max(1, Math.floor(written.length / 3));
  const ranked = known
    .map((name) => ({ name, distance: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}

/** Letters to insert, delete, replace or swap (Damerau-Levenshtein, optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) row.push(cell(a, b, i, j, row, above, before));
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

function cell(
  a: string,
  b: string,
  i: number,
  j: number,
  row: readonly number[],
  above: readonly number[],
  before: readonly number[],
): number {
  const same = a[i - 1] === b[j - 1];
  const best = Math.min((row[j - 1] ?? 0) + 1, (above[j] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(best, (before[j - 2] ?? 0) + 1) : best;
}

/**
 * Fields that users of the Prometheus Operator, of Kubernetes or of prometheus.yml write, and what to write here.
 * By the last field of the path; a name means the same wherever it stands.
 */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['bearerTokenFile', 'Write `authorization: {credentialsFile: …}` instead.'],
  ['bearerTokenSecret', 'Write `authorization: {credentialsFile: …}` instead.'],
  ['bearerToken', 'Write `authorization: {credentialsFile: …}` instead.'],
  ['password', 'Secrets are not written in documents: put it in a file and write `passwordFile`.'],
  ['credentials', 'Secrets are not written in documents: put them in a file and write `credentialsFile`.'],
  ['ca', 'Write `caFile`, a path as Prometheus sees it.'],
  ['cert', 'Write `certFile`, a path as Prometheus sees it.'],
  ['keySecret', 'Write `keyFile`, a path as Prometheus sees it.'],
  ['selector', 'A ScrapeTarget names one ECS service: write `serviceRef: {cluster: …, service: …}`.'],
  [
    'namespaceSelector',
    'A ScrapeTarget names one ECS service: write `serviceRef: {cluster: …, service: …}`.',
  ],
  ['podMetricsEndpoints', 'Write `endpoints`.'],
  ['podTargetLabels', 'Write `targetLabels`, keys of tags of the ECS service.'],
  ['jobName', 'The `job` label is metadata.name; `jobLabel` takes it from a tag.'],
  ['relabelConfigs', 'Write `relabelings`.'],
  ['metricRelabelConfigs', 'Write `metricRelabelings`.'],
  ['oauth2', 'Write `basicAuth` or `authorization`; OAuth 2 is not supported yet.'],
  [
    'namespace',
    'An object has no Kubernetes namespace here. The Cloud Map namespace is `spec.registry.namespace`.',
  ],
  ['<<', 'Merge keys are not part of YAML 1.2: write the fields out, or use an alias for a whole value.'],
]);

/** A field that the schema does not know, with what to write instead. */
export function unknownField(path: Path, known: readonly string[]): Fault {
  const name = String(path.at(-1));
  const advice = FOREIGN.get(name);
  if (advice !== undefined) {
    return {
      path,
      at: 'key',
      reason: 'UnsupportedField',
      message: `The field ${quote(name)} is not supported. ${advice}`,
    };
  }
  const where = path.length === 1 ? 'a ScrapeTarget' : formatPath(path.slice(0, -1));
  return {
    path,
    at: 'key',
    reason: 'UnknownField',
    message: `${where} has no field ${quote(name)}. ${adviceFor(name, known)}`,
  };
}

function adviceFor(name: string, known: readonly string[]): string {
  const meant = nearest(camelCase(name), known);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  return `Its fields are: ${known.join(', ')}.`;
}

/** Prometheus's own configuration writes `scrape_timeout` where documents write `scrapeTimeout`. */
const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
