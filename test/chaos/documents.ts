/** What an author may have written: good, not YAML, against the schema, or fine with us and refused by Prometheus. */
export type VersionKind = 'valid' | 'torn' | 'invalid' | 'poison' | 'halfway';

/** One version of one document; the number never repeats in a simulation. */
export interface DocumentVersion {
  readonly name: string;
  readonly number: number;
  readonly kind: VersionKind;
  readonly cluster: string;
  readonly namespace: string;
  /** By endpoint name. */
  readonly ports: ReadonlyMap<string, number>;
  readonly ttl: number;
  readonly suspended: boolean;
  /** Whether what it asked for goes with it. */
  readonly deletes: boolean;
}

/** A number that shows in the configuration of Prometheus. */
export const markOf = ({ number }: Pick<DocumentVersion, 'number'>): number => 1000 + number;

export const isAcceptable = ({ kind }: DocumentVersion): boolean => kind !== 'torn' && kind !== 'invalid';
export const isLoadable = ({ kind }: DocumentVersion): boolean => kind === 'valid';

export function documentText(version: DocumentVersion): string {
  const { name, kind, cluster, namespace, ttl, suspended, deletes } = version;
  const word = kind === 'poison' || kind === 'halfway' ? kind : 'fine';
  const endpoints = [...version.ports].flatMap(([endpoint, port]) => [
    `    - name: ${endpoint}`,
    `      portNumber: ${port}`,
    `      metricRelabelings:`,
    `        - {action: drop, sourceLabels: [__name__], regex: ${word}}`,
  ]);
  return [
    'apiVersion: monitoring.ecs/v1alpha1',
    kind === 'torn' ? 'kind: [ScrapeTar' : 'kind: ScrapeTarget',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    ...(kind === 'invalid' ? ['  servicesRef: {}'] : []),
    `  serviceRef: {cluster: ${cluster}, service: ${name}}`,
    `  registry: {namespace: ${namespace}, name: ${name}-svc, dnsRecord: {type: A, ttl: ${ttl}}, routingPolicy: MULTIVALUE}`,
    ...(deletes ? ['  deletionPolicy: Delete'] : []),
    ...(suspended ? ['  suspend: true'] : []),
    `  sampleLimit: ${markOf(version)}`,
    '  endpoints:',
    ...endpoints,
    '',
  ].join('\n');
}

export interface BaseVersion {
  readonly number: number;
  readonly kind: 'valid' | 'torn' | 'poison';
}

export const baseText = ({ number, kind }: BaseVersion): string =>
  [
    'global:',
    '  scrape_interval: 15s',
    '  external_labels:',
    `    base: "${number}"`,
    ...(kind === 'poison' ? ['    word: poison'] : []),
    ...(kind === 'torn' ? ['scrape_configs: {'] : []),
    '',
  ].join('\n');
