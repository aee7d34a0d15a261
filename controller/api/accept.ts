import { lastSegment } from '../state/keys.ts';
import type {
  DocumentAuthorization,
  DocumentEndpoint,
  DocumentRegistry,
  DocumentRelabelRule,
  DocumentServiceRef,
  DocumentSpec,
  ScrapeTargetDocument,
} from './scrapetarget.gen.ts';
import type {
  Authorization,
  Endpoint,
  EndpointPort,
  RegistrySpec,
  RelabelAction,
  RelabelRule,
  ScrapeLimits,
  ScrapeTargetMetadata,
  ScrapeTargetSpec,
  ServiceRef,
} from './types.ts';

const LIMIT_FIELDS = [
  'sampleLimit',
  'targetLimit',
  'labelLimit',
  'labelNameLengthLimit',
  'labelValueLengthLimit',
  'bodySizeLimit',
] as const;

/** Metadata with defaults applied. */
export function acceptMetadata({ metadata }: ScrapeTargetDocument): ScrapeTargetMetadata {
  return {
    name: metadata.name,
    labels: { ...metadata.labels },
    annotations: { ...metadata.annotations },
  };
}

/** The spec of a valid document with aliases resolved and defaults applied. */
export function acceptSpec({ metadata, spec }: ScrapeTargetDocument): ScrapeTargetSpec {
  return {
    serviceRef: acceptServiceRef(spec.serviceRef),
    registry: acceptRegistry(spec.registry, metadata.name),
    endpoints: spec.endpoints.map(acceptEndpoint),
    targetLabels: [...(spec.targetLabels ?? [])],
    ...pick(spec, ['jobLabel', 'fallbackScrapeProtocol']),
    labels: { ...spec.labels },
    limits: acceptLimits(spec),
    bindingPolicy: spec.bindingPolicy ?? 'Ensure',
    deletionPolicy: spec.deletionPolicy ?? 'Retain',
    suspend: spec.suspend ?? false,
  };
}

const acceptLimits = (spec: DocumentSpec): ScrapeLimits => pick(spec, LIMIT_FIELDS);

/** A service ARN is reduced to its name; the cluster may stay an ARN, ECS takes either. */
function acceptServiceRef({ cluster, service }: DocumentServiceRef): ServiceRef {
  return { cluster, service: lastSegment(service) };
}

function acceptRegistry(registry: DocumentRegistry, name: string): RegistrySpec {
  const { dnsRecord = {} } = registry;
  return {
    namespace: registry.namespace,
    name: registry.name ?? name,
    ...pick(registry, ['description']),
    dnsRecord: { type: dnsRecord.type ?? 'A', ttl: dnsRecord.ttl ?? 10 },
    routingPolicy: registry.routingPolicy ?? 'MULTIVALUE',
    ...pick(dnsRecord, ['containerName', 'containerPort']),
    ...pick(registry, ['containerName', 'containerPort']),
    adopt: registry.adopt ?? false,
  };
}

function acceptEndpoint(endpoint: DocumentEndpoint): Endpoint {
  const interval = endpoint.interval ?? endpoint.scrapeInterval;
  return {
    name: endpoint.name,
    port: acceptPort(endpoint),
    path: endpoint.path ?? endpoint.metricsPath ?? '/metrics',
    scheme: endpoint.scheme?.toLowerCase() === 'https' ? 'https' : 'http',
    params: Object.fromEntries(
      Object.entries(endpoint.params ?? {}).map(([key, values]) => [key, [...values]]),
    ),
    ...(interval === undefined ? {} : { interval }),
    ...pick(endpoint, ['scrapeTimeout']),
    honorLabels: endpoint.honorLabels ?? false,
    honorTimestamps: endpoint.honorTimestamps ?? true,
    filterRunning: endpoint.filterRunning ?? true,
    relabelings: (endpoint.relabelings ?? []).map(acceptRule),
    metricRelabelings: (endpoint.metricRelabelings ?? []).map(acceptRule),
    ...(endpoint.tlsConfig === undefined ? {} : { tlsConfig: { ...endpoint.tlsConfig } }),
    ...(endpoint.basicAuth === undefined ? {} : { basicAuth: { ...endpoint.basicAuth } }),
    ...(endpoint.authorization === undefined
      ? {}
      : { authorization: acceptAuthorization(endpoint.authorization) }),
  };
}

function acceptPort({ port, portNumber, targetPort }: DocumentEndpoint): EndpointPort {
  const number = portNumber ?? (typeof targetPort === 'number' ? targetPort : undefined);
  if (number !== undefined) return { kind: 'number', number };
  return { kind: 'name', name: port ?? String(targetPort) };
}

const acceptAuthorization = (authorization: DocumentAuthorization): Authorization => ({
  type: authorization.type ?? 'Bearer',
  credentialsFile: authorization.credentialsFile,
});

/** An empty list of source labels is none: Prometheus refuses it for labeldrop and labelkeep. */
function acceptRule(rule: DocumentRelabelRule): RelabelRule {
  const { sourceLabels = [] } = rule;
  return {
    ...(sourceLabels.length === 0 ? {} : { sourceLabels: [...sourceLabels] }),
    ...pick(rule, ['separator', 'targetLabel', 'regex', 'modulus', 'replacement']),
    action: actionOf(rule),
  };
}

const ACTIONS: readonly RelabelAction[] = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
];

/** Prometheus takes the action in any case. */
export function actionOf({ action = 'replace' }: DocumentRelabelRule): RelabelAction {
  return ACTIONS.find((known) => known === action.toLowerCase()) ?? 'replace';
}

/** The named fields that are present: an absent field stays absent. */
function pick<T extends object, K extends keyof T>(source: T, keys: readonly K[]): Present<T, K> {
  const present = keys.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]);
  return Object.fromEntries(present);
}

type Present<T, K extends keyof T> = { readonly [P in K]?: Exclude<T[P], undefined> };
