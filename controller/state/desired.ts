import type {
  DnsRecordType,
  Endpoint,
  EndpointPort,
  RoutingPolicy,
  ScrapeTarget,
  ServiceRef,
} from '../api/types.ts';
import { compareText } from './keys.ts';

/** Tags that carry our ownership; every registry that we create or adopt has both. */
export const OWNER_TAG = 'ecs-prometheus-operator/owner';
export const SCRAPE_TARGET_TAG = 'ecs-prometheus-operator/scrape-target';

/** What the documents ask of AWS, sorted by name. */
export interface DesiredState {
  readonly targets: readonly DesiredTarget[];
}

export interface DesiredTarget {
  /** metadata.name of the ScrapeTarget. */
  readonly name: string;
  readonly specHash: string;
  /** A suspended target changes nothing, but what it claims stays claimed. */
  readonly suspended: boolean;
  readonly registry: DesiredRegistry;
  readonly binding: DesiredBinding;
}

export interface DesiredRegistry {
  readonly namespace: string;
  readonly name: string;
  /** Undefined leaves the description of an existing registry alone. */
  readonly description: string | undefined;
  /** Without effect in an HTTP namespace, which has no DNS. */
  readonly dns: {
    readonly recordType: DnsRecordType;
    readonly ttl: number;
    readonly routingPolicy: RoutingPolicy;
  };
  readonly tags: ReadonlyMap<string, DesiredTagValue>;
  readonly adopt: boolean;
}

/** A port given by name has no number until the task definition of the ECS service has been read. */
export type DesiredTagValue =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'portOf'; readonly portName: string };

export interface DesiredBinding {
  readonly service: ServiceRef;
  readonly policy: 'Ensure' | 'Observe';
  readonly containerName?: string;
  readonly containerPort?: number;
}

export function buildDesiredState(targets: readonly ScrapeTarget[], owner: string): DesiredState {
  return {
    targets: targets
      .map((target) => desiredTarget(target, owner))
      .sort((a, b) => compareText(a.name, b.name) || compareText(a.specHash, b.specHash)),
  };
}

function desiredTarget({ metadata, spec, specHash }: ScrapeTarget, owner: string): DesiredTarget {
  const { registry, serviceRef, bindingPolicy } = spec;
  return {
    name: metadata.name,
    specHash,
    suspended: spec.suspend,
    registry: {
      namespace: registry.namespace,
      name: registry.name,
      description: registry.description,
      dns: {
        recordType: registry.dnsRecord.type,
        ttl: registry.dnsRecord.ttl,
        routingPolicy: registry.routingPolicy,
      },
      tags: desiredTags(metadata.name, spec.endpoints, owner),
      adopt: registry.adopt,
    },
    binding: {
      service: serviceRef,
      policy: bindingPolicy,
      ...(registry.containerName === undefined ? {} : { containerName: registry.containerName }),
      ...(registry.containerPort === undefined ? {} : { containerPort: registry.containerPort }),
    },
  };
}

function desiredTags(
  name: string,
  endpoints: readonly Endpoint[],
  owner: string,
): ReadonlyMap<string, DesiredTagValue> {
  const tags: [string, DesiredTagValue][] = [
    [OWNER_TAG, literal(owner)],
    [SCRAPE_TARGET_TAG, literal(name)],
    ...endpointTags(endpoints),
  ];
  return new Map(tags.sort(([a], [b]) => compareText(a, b)));
}

/**
 * | endpoint                         | keys                                         |
 * | -------------------------------- | -------------------------------------------- |
 * | named `ecs`, wherever it stands  | ECS_METRICS_PATH, ECS_METRICS_PORT           |
 * | first of the others              | METRICS_PATH, METRICS_PORT                   |
 * | any further                      | METRICS_PATH_<NAME>, METRICS_PORT_<NAME>     |
 *
 * An `ecs` endpoint that stands first does not use up the plain keys: tools that read only those
 * keep finding the application's own metrics.
 */
function endpointTags(endpoints: readonly Endpoint[]): [string, DesiredTagValue][] {
  const main = endpoints.find((endpoint) => endpoint.name !== 'ecs');
  return endpoints.flatMap((endpoint): [string, DesiredTagValue][] => {
    const { path, port } = endpointTagKeys(endpoint, main);
    return [
      [path, literal(endpoint.path)],
      [port, portValue(endpoint.port)],
    ];
  });
}

function endpointTagKeys(endpoint: Endpoint, main: Endpoint | undefined): { path: string; port: string } {
  if (endpoint.name === 'ecs') return { path: 'ECS_METRICS_PATH', port: 'ECS_METRICS_PORT' };
  if (endpoint === main) return { path: 'METRICS_PATH', port: 'METRICS_PORT' };
  const suffix = endpoint.name.toUpperCase().replaceAll('-', '_');
  return { path: `METRICS_PATH_${suffix}`, port: `METRICS_PORT_${suffix}` };
}

const literal = (value: string): DesiredTagValue => ({ kind: 'literal', value });

const portValue = (port: EndpointPort): DesiredTagValue =>
  port.kind === 'number' ? literal(String(port.number)) : { kind: 'portOf', portName: port.name };

const OWN_KEY = /^(?:ECS_METRICS_(?:PATH|PORT)|METRICS_(?:PATH|PORT)(?:_[A-Z0-9][A-Z0-9_]*)?)$/;

/** Whether we could have written this tag key: only such keys are ever removed. */
export function isOwnTagKey(key: string): boolean {
  return key === OWNER_TAG || key === SCRAPE_TARGET_TAG || OWN_KEY.test(key);
}
