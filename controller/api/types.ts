/**
 * A ScrapeTarget as the rest of the program sees it: validated, aliases resolved, defaults applied.
 * What a person may write is the JSON Schema in `schemas/`; `parse.ts` turns one into the other.
 */
export interface ScrapeTarget {
  readonly metadata: ScrapeTargetMetadata;
  readonly spec: ScrapeTargetSpec;
  readonly origin: Origin;
  /** Hash of the spec with defaults applied: equal specs have equal hashes whatever their formatting. */
  readonly specHash: string;
}

export interface ScrapeTargetMetadata {
  /** DNS label; unique over all sources. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Where a document was read. */
export interface Origin {
  /** Path or URI, as a person would name it. */
  readonly file: string;
  /** Position in a multi-document file, from 0. */
  readonly documentIndex: number;
  /** First line of the document, from 1. */
  readonly line: number;
  /** ETag or version of the file, where the source has one. */
  readonly revision?: string;
  /** Commit that the file was published from, where the source tells. */
  readonly gitRevision?: string;
}

export interface ScrapeTargetSpec {
  readonly serviceRef: ServiceRef;
  readonly registry: RegistrySpec;
  readonly endpoints: readonly Endpoint[];
  /** Tag keys of the ECS service or the registry that become target labels. */
  readonly targetLabels: readonly string[];
  /** Tag key whose value becomes the `job` label instead of metadata.name. */
  readonly jobLabel?: string;
  /** Fixed target labels. */
  readonly labels: Readonly<Record<string, string>>;
  readonly limits: ScrapeLimits;
  readonly fallbackScrapeProtocol?: ScrapeProtocol;
  readonly bindingPolicy: 'Ensure' | 'Observe';
  readonly deletionPolicy: 'Retain' | 'Delete';
  readonly suspend: boolean;
}

export interface ServiceRef {
  /** Cluster name or ARN. */
  readonly cluster: string;
  /** Service name (an ARN is reduced to its name by the parser). */
  readonly service: string;
}

export type DnsRecordType = 'A' | 'AAAA' | 'SRV';
export type RoutingPolicy = 'WEIGHTED' | 'MULTIVALUE';

export interface RegistrySpec {
  /** Name of an existing Cloud Map namespace. */
  readonly namespace: string;
  /** Name of the Cloud Map service. */
  readonly name: string;
  readonly description?: string;
  readonly dnsRecord: { readonly type: DnsRecordType; readonly ttl: number };
  readonly routingPolicy: RoutingPolicy;
  /** Container and port that ECS registers: required for SRV records. */
  readonly containerName?: string;
  readonly containerPort?: number;
  /** Take over a registry that exists and carries no owner tag of ours. */
  readonly adopt: boolean;
}

/** Limits of one scrape job; absent means Prometheus's own default. */
export interface ScrapeLimits {
  readonly sampleLimit?: number;
  readonly targetLimit?: number;
  readonly labelLimit?: number;
  readonly labelNameLengthLimit?: number;
  readonly labelValueLengthLimit?: number;
  /** With unit, for example `50MB`. */
  readonly bodySizeLimit?: string;
}

export type ScrapeProtocol =
  | 'PrometheusProto'
  | 'OpenMetricsText0.0.1'
  | 'OpenMetricsText1.0.0'
  | 'PrometheusText0.0.4'
  | 'PrometheusText1.0.0';

/** The port that serves metrics: a container port number, or the name of a port mapping of the task definition. */
export type EndpointPort =
  { readonly kind: 'number'; readonly number: number } | { readonly kind: 'name'; readonly name: string };

export interface Endpoint {
  /** DNS label; unique in a ScrapeTarget. */
  readonly name: string;
  readonly port: EndpointPort;
  readonly path: string;
  readonly scheme: 'http' | 'https';
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** Prometheus duration; absent means the global `scrape_interval`. */
  readonly interval?: string;
  /** Prometheus duration; absent means the global `scrape_timeout`, at most the interval. */
  readonly scrapeTimeout?: string;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** Only tasks whose last status is RUNNING. */
  readonly filterRunning: boolean;
  readonly relabelings: readonly RelabelRule[];
  readonly metricRelabelings: readonly RelabelRule[];
  readonly tlsConfig?: TlsConfig;
  readonly basicAuth?: BasicAuth;
  readonly authorization?: Authorization;
}

export type RelabelAction =
  | 'replace'
  | 'keep'
  | 'drop'
  | 'keepequal'
  | 'dropequal'
  | 'hashmod'
  | 'labelmap'
  | 'labeldrop'
  | 'labelkeep'
  | 'lowercase'
  | 'uppercase';

/** A relabel rule with Prometheus's meaning; absent fields mean Prometheus's defaults. */
export interface RelabelRule {
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly modulus?: number;
  readonly replacement?: string;
  readonly action: RelabelAction;
}

/** All files are paths as Prometheus sees them. */
export interface TlsConfig {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
}

export type TlsVersion = 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';

export interface BasicAuth {
  readonly username: string;
  readonly passwordFile: string;
}

export interface Authorization {
  /** Default `Bearer`; never `Basic`. */
  readonly type: string;
  readonly credentialsFile: string;
}

/** One document file as a source delivered it. */
export interface DocumentFile {
  readonly file: string;
  readonly text: string;
  readonly revision?: string;
  readonly gitRevision?: string;
}

/** One fault of one document, told so that its author can mend it. */
export interface FieldError {
  readonly file: string;
  readonly documentIndex: number;
  /** metadata.name, when it could be read and is valid. */
  readonly name?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  /** JSON path such as `spec.endpoints[0].scrapeTimeout`; empty for a fault of the whole document. */
  readonly path: string;
  /** CamelCase, a reason of the `Accepted` condition. */
  readonly reason: string;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** One invalid document never hides the valid ones, so both come back. */
export interface ParseResult {
  /** In the order of the files, then of the documents. */
  readonly targets: readonly ScrapeTarget[];
  readonly errors: readonly FieldError[];
  /** Documents of another kind, which share the source and are none of our business. */
  readonly skipped: readonly SkippedDocument[];
}

export interface SkippedDocument {
  readonly file: string;
  readonly documentIndex: number;
  /** First line of the document, from 1. */
  readonly line: number;
  /** What it is, as far as it says: `Deployment (apps/v1)`. */
  readonly what: string;
}
