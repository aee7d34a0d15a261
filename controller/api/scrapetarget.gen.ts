/**
 * ScrapeTarget documents as people write them, before aliases and defaults are resolved.
 * Generated from schemas/scrapetarget.v1alpha1.schema.json by "npm run generate": change the schema instead.
 */

/**
 * Declares one Amazon ECS service that Prometheus scrapes: the service, the AWS Cloud Map registry in which its tasks register, and the endpoints that serve metrics.
 */
export interface ScrapeTargetDocument {
  /**
   * Version of this format. Always `monitoring.ecs/v1alpha1`.
   */
  apiVersion: 'monitoring.ecs/v1alpha1';
  /**
   * Always `ScrapeTarget`.
   */
  kind: 'ScrapeTarget';
  metadata: DocumentMetadata;
  spec: DocumentSpec;
  /**
   * Written by the controller where it has a place to write to, and ignored when read.
   */
  status?: {
    [k: string]: unknown;
  };
}
/**
 * Identity of the object. The Kubernetes fields namespace, uid, generation and their kin are not used.
 */
export interface DocumentMetadata {
  /**
   * Name of the object, a DNS label of at most 63 characters, unique over all sources of a controller. Names the Prometheus jobs (`<name>/<endpoint>`), the value of the `job` label and the target files (`targets/<name>.<endpoint>.json`).
   */
  name: string;
  /**
   * Labels of the document itself, for people and tools that select documents. They do not become target labels: see `spec.labels`.
   */
  labels?: {
    [k: string]: string;
  };
  /**
   * Free text for people and tools. Ignored by the controller.
   */
  annotations?: {
    [k: string]: string;
  };
}
/**
 * What is wanted.
 */
export interface DocumentSpec {
  serviceRef: DocumentServiceRef;
  registry: DocumentRegistry;
  /**
   * The places where a task serves metrics, one Prometheus job each. At most 20, because every endpoint needs two of the 50 tags that AWS allows on a Cloud Map service. The first endpoint is written to the tags `METRICS_PATH` and `METRICS_PORT`, one named `ecs` to `ECS_METRICS_PATH` and `ECS_METRICS_PORT`, any other to `METRICS_PATH_<NAME>` and `METRICS_PORT_<NAME>`.
   *
   * @minItems 1
   * @maxItems 20
   */
  endpoints: DocumentEndpoint[];
  /**
   * Keys of tags of the ECS service, or else of its registry, that become labels of every target. A character that a label name cannot hold becomes `_`. Default: none.
   *
   * @maxItems 50
   */
  targetLabels?: string[];
  /**
   * Key of a tag of the ECS service, or else of its registry, whose value becomes the `job` label. Default, and where the tag is missing: `metadata.name`.
   */
  jobLabel?: string;
  /**
   * Fixed labels of every target. Names are Prometheus label names without the prefix `__`; the labels that the operator sets itself (cluster, service, taskdefinition, taskid, namespace, job, instance, endpoint) cannot be given. Default: none.
   */
  labels?: {
    [k: string]: string;
  };
  /**
   * Most samples that one scrape may return after metric relabeling; a scrape with more fails. 0 means no limit. Default: the global limit of Prometheus. Prometheus `sample_limit`.
   */
  sampleLimit?: number;
  /**
   * Most targets of one job after relabeling; with more, all targets of the job fail. 0 means no limit. Default: the global limit of Prometheus. Prometheus `target_limit`, since 2.21.
   */
  targetLimit?: number;
  /**
   * Most labels of one sample after metric relabeling; a scrape with more fails. 0 means no limit. Default: the global limit of Prometheus. Prometheus `label_limit`, since 2.27.
   */
  labelLimit?: number;
  /**
   * Longest label name of a sample, in bytes; a scrape with a longer one fails. 0 means no limit. Default: the global limit of Prometheus. Prometheus `label_name_length_limit`, since 2.27.
   */
  labelNameLengthLimit?: number;
  /**
   * Longest label value of a sample, in bytes; a scrape with a longer one fails. 0 means no limit. Default: the global limit of Prometheus. Prometheus `label_value_length_limit`, since 2.27.
   */
  labelValueLengthLimit?: number;
  /**
   * Largest uncompressed answer to one scrape, a number with a unit (B, KB, MB, GB, TB, PB, EB, or KiB and so on; both kinds count in powers of 1024); a larger answer fails the scrape. 0 means no limit. Default: the global limit of Prometheus. Prometheus `body_size_limit`, since 2.28.
   */
  bodySizeLimit?: string;
  /**
   * Protocol that Prometheus assumes when an answer has no Content-Type or an unknown one. Prometheus 3 fails such a scrape without it; Prometheus 2 always assumes the text format, so the field is left out there. Default: none. Prometheus `fallback_scrape_protocol`, since 3.0.
   */
  fallbackScrapeProtocol?:
    | 'PrometheusProto'
    | 'OpenMetricsText0.0.1'
    | 'OpenMetricsText1.0.0'
    | 'PrometheusText0.0.4'
    | 'PrometheusText1.0.0';
  /**
   * `Ensure` sets the serviceRegistries of the ECS service, which starts a new deployment of it whenever they change. `Observe` never touches the ECS service and reports a missing or different binding as drift.
   */
  bindingPolicy?: 'Ensure' | 'Observe';
  /**
   * What is wanted for the registry when the document goes away. `Retain` leaves it with all its tags. `Delete` wants it deleted, provided that it carries the tag of this owner; this version does not delete anything yet, so the registry stays until it is removed by hand.
   */
  deletionPolicy?: 'Retain' | 'Delete';
  /**
   * `true` stops every write to AWS for this object. Its targets keep flowing to Prometheus.
   */
  suspend?: boolean;
}
/**
 * The ECS service whose tasks are scraped. A service belongs to one ScrapeTarget at most, because ECS allows one registry per service.
 */
export interface DocumentServiceRef {
  /**
   * Name or ARN of the ECS cluster.
   */
  cluster: string;
  /**
   * Name or ARN of the ECS service.
   */
  service: string;
}
/**
 * The AWS Cloud Map service (service registry) in which ECS registers the tasks. Created when it does not exist.
 */
export interface DocumentRegistry {
  /**
   * Name of an existing Cloud Map namespace. Namespaces are never created implicitly.
   */
  namespace: string;
  /**
   * Name of the Cloud Map service: labels of 1 to 63 letters, digits, hyphens and underscores, separated by dots, at most 127 characters. Cannot be changed later. Default: `metadata.name`.
   */
  name?: string;
  /**
   * Description of the Cloud Map service, at most 1024 characters. Default: left as it is; a new registry gets one that names the ScrapeTarget.
   */
  description?: string;
  dnsRecord?: DocumentDnsRecord;
  /**
   * How Route 53 answers a DNS query for the registry: `MULTIVALUE` with up to eight addresses, `WEIGHTED` with one. Scraping does not depend on it. Cannot be changed later. Without meaning in an HTTP namespace. The default is that of Cloud Map itself, so that a registry which was made without one matches a document without one.
   */
  routingPolicy?: 'WEIGHTED' | 'MULTIVALUE';
  /**
   * Container of the task definition whose port ECS registers. Together with `containerPort`; required for SRV records and for the network modes bridge and host, refused for A and AAAA records.
   */
  containerName?: string;
  /**
   * Port of that container as in the task definition, 1 to 65535. ECS registers the host port that belongs to it.
   */
  containerPort?: number;
  /**
   * `true` takes over a registry that exists and carries no owner tag. Without it such a registry is reported and left alone.
   */
  adopt?: boolean;
}
/**
 * The DNS record of every task. Only the TTL can be changed later. Without meaning in an HTTP namespace. Default: an A record with a TTL of 10 seconds.
 */
export interface DocumentDnsRecord {
  /**
   * Record type: `A` (IPv4) and `AAAA` (IPv6) for network mode awsvpc; `SRV` (address and port) for bridge and host, and where awsvpc tasks want a port in DNS.
   */
  type?: 'A' | 'AAAA' | 'SRV';
  /**
   * Seconds for which a DNS answer may be cached, 0 to 2147483647.
   */
  ttl?: number;
  /**
   * Alias of `spec.registry.containerName`.
   */
  containerName?: string;
  /**
   * Alias of `spec.registry.containerPort`.
   */
  containerPort?: number;
}
/**
 * One place where every task of the service serves metrics.
 */
export interface DocumentEndpoint {
  /**
   * Name of the endpoint, a DNS label of at most 63 characters, unique in the ScrapeTarget. Part of the job name and of the target file's name.
   */
  name: string;
  /**
   * Container port that serves metrics, 1 to 65535. For network modes bridge and host the host port that belongs to it is found. Exactly one of `portNumber`, `port` and `targetPort` is required.
   */
  portNumber?: number;
  /**
   * Name of a port mapping of the task definition (`portMappings[].name`).
   */
  port?: string;
  /**
   * Alias: a number means `portNumber`, a text means `port`.
   */
  targetPort?: number | string;
  /**
   * HTTP path of the metrics. Written to a tag of the registry, hence at most 256 characters, out of letters, digits and `+ - = . _ : / @`; a query belongs into `params`. Prometheus `metrics_path`.
   */
  path?: string;
  /**
   * Alias of `path`.
   */
  metricsPath?: string;
  /**
   * Protocol of the endpoint, in either case. Prometheus `scheme`.
   */
  scheme?: 'http' | 'https' | 'HTTP' | 'HTTPS';
  /**
   * Parameters of the query, each a list of values. Default: none. Prometheus `params`.
   */
  params?: {
    /**
     * @minItems 1
     * @maxItems 64
     */
    [k: string]: string[];
  };
  /**
   * Time between two scrapes, a Prometheus duration. Default: the `scrape_interval` of the base configuration, which Prometheus sets to 1m. Prometheus `scrape_interval`; per target since 2.30.
   */
  interval?: string;
  /**
   * Alias of `interval`.
   */
  scrapeInterval?: string;
  /**
   * Longest time for one scrape, a Prometheus duration, at most the interval. Default: the `scrape_timeout` of the base configuration, which Prometheus sets to 10s, or the interval where that is shorter. Prometheus `scrape_timeout`; per target since 2.30.
   */
  scrapeTimeout?: string;
  /**
   * `true` keeps the labels that the scraped metrics carry when they collide with target labels. Prometheus `honor_labels`.
   */
  honorLabels?: boolean;
  /**
   * `true` keeps the timestamps that the scraped metrics carry. Prometheus `honor_timestamps`, since 2.9.
   */
  honorTimestamps?: boolean;
  /**
   * `true` takes only tasks whose last status is RUNNING; `false` also takes those that are starting or stopping and already, or still, have an address.
   */
  filterRunning?: boolean;
  /**
   * Relabel rules for targets, before the scrape, in order. The labels `__meta_ecs_*` of Prometheus's own ECS discovery can be used; `__address__` must not be written. Default: none. Prometheus `relabel_configs`.
   *
   * @maxItems 100
   */
  relabelings?: DocumentRelabelRule[];
  /**
   * Relabel rules for samples, after the scrape, in order. Default: none. Prometheus `metric_relabel_configs`.
   *
   * @maxItems 100
   */
  metricRelabelings?: DocumentRelabelRule[];
  tlsConfig?: DocumentTlsConfig;
  basicAuth?: DocumentBasicAuth;
  authorization?: DocumentAuthorization;
}
/**
 * One relabel rule, with the meaning and the checks of Prometheus's `relabel_config`.
 */
export interface DocumentRelabelRule {
  /**
   * Labels whose values are joined with `separator` and matched against `regex`. Default: none. Prometheus `source_labels`.
   *
   * @maxItems 64
   */
  sourceLabels?: string[];
  /**
   * Text between the joined values. Default: `;`.
   */
  separator?: string;
  /**
   * Label that receives the result. Required for replace, hashmod, lowercase, uppercase, keepequal and dropequal; may refer to groups of `regex` with `${1}` for replace only. Prometheus `target_label`.
   */
  targetLabel?: string;
  /**
   * Regular expression in RE2 syntax, anchored at both ends. Default: `(.*)`.
   */
  regex?: string;
  /**
   * Number of buckets of the hash, for hashmod only.
   */
  modulus?: number;
  /**
   * Text that is written where `regex` matches; refers to its groups with `$1` or `${1}`. An empty text removes the label. Default: `$1`.
   */
  replacement?: string;
  /**
   * What the rule does, in either case. lowercase and uppercase since Prometheus 2.36, keepequal and dropequal since 2.41.
   */
  action?:
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
    | 'uppercase'
    | 'Replace'
    | 'Keep'
    | 'Drop'
    | 'KeepEqual'
    | 'DropEqual'
    | 'HashMod'
    | 'LabelMap'
    | 'LabelDrop'
    | 'LabelKeep'
    | 'Lowercase'
    | 'Uppercase';
}
/**
 * TLS of the scrape, for scheme https. All files are paths as Prometheus sees them, absolute and inside the directory that `--file-access-dir` allows (default `/etc/prometheus/secrets`). Prometheus `tls_config`.
 */
export interface DocumentTlsConfig {
  /**
   * Certificates (PEM) that verify the endpoint. Default: those of the system. Prometheus `ca_file`.
   */
  caFile?: string;
  /**
   * Client certificate (PEM), together with `keyFile`. Prometheus `cert_file`.
   */
  certFile?: string;
  /**
   * Key (PEM) of the client certificate. Prometheus `key_file`.
   */
  keyFile?: string;
  /**
   * Name that the endpoint's certificate must carry. Default: the address of the target, which certificates seldom carry. Prometheus `server_name`.
   */
  serverName?: string;
  /**
   * `true` accepts any certificate. Default: false. Prometheus `insecure_skip_verify`.
   */
  insecureSkipVerify?: boolean;
  /**
   * Lowest TLS version. Default: that of Prometheus, TLS12. Prometheus `min_version`, since 2.35.
   */
  minVersion?: 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';
  /**
   * Highest TLS version. Default: that of Prometheus, TLS13. Prometheus `max_version`, since 2.41.
   */
  maxVersion?: 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';
}
/**
 * HTTP basic authentication. Excludes `authorization`. Prometheus `basic_auth`.
 */
export interface DocumentBasicAuth {
  /**
   * Name of the user. It is shown in the generated configuration.
   */
  username: string;
  /**
   * File with the password: an absolute path as Prometheus sees it, inside the directory that `--file-access-dir` allows. Prometheus `password_file`.
   */
  passwordFile: string;
}
/**
 * Authorization header with credentials from a file. Excludes `basicAuth`. Prometheus `authorization`, since 2.26.
 */
export interface DocumentAuthorization {
  /**
   * Authentication type in the header; `Basic` is refused, use `basicAuth`.
   */
  type?: string;
  /**
   * File with the credentials: an absolute path as Prometheus sees it, inside the directory that `--file-access-dir` allows. Prometheus `credentials_file`.
   */
  credentialsFile: string;
}
