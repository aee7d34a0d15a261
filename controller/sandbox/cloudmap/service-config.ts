import type { Members, TextRule } from '../members.ts';
import type {
  DnsConfig,
  DnsRecord,
  HealthCheck,
  Namespace,
  RecordType,
  RoutingPolicy,
  Service,
} from './model.ts';
import { invalidInput } from './store.ts';

/** Dot-separated labels of 1 to 63 characters, or a single dot. */
export const SERVICE_NAME: TextRule = {
  min: 1,
  max: 127,
  pattern:
    /^([a-zA-Z0-9_][a-zA-Z0-9\-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9])(\.([a-zA-Z0-9_][a-zA-Z0-9\-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9]))*$|^\.$/,
};

const RECORD_TYPES: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'SRV'];
const ROUTING_POLICIES: readonly RoutingPolicy[] = ['MULTIVALUE', 'WEIGHTED'];
const CHECK_TYPES: readonly HealthCheck['type'][] = ['HTTP', 'HTTPS', 'TCP'];
const COMBINATIONS = new Set(['A', 'AAAA', 'A,AAAA', 'SRV', 'CNAME']);

/** A required member that is one of a few words, with their type. */
function oneOf<T extends string>(input: Members, name: string, words: readonly T[]): T {
  const text = input.requiredText(name, { oneOf: words });
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw invalidInput(`${name} must be one of ${words.join(', ')}.`);
  return word;
}

export function recordsOf(input: Members): readonly DnsRecord[] {
  const records = input.requiredObjects('DnsRecords').map((record) => ({
    type: oneOf(record, 'Type', RECORD_TYPES),
    ttl: record.requiredInteger('TTL', { min: 0, max: 2_147_483_647 }),
  }));
  const types = records.map((record) => record.type).sort();
  if (!COMBINATIONS.has(types.join(',')))
    throw invalidInput(
      `The DNS record types ${types.join(', ') || '(none)'} can't be combined: use A, AAAA, A and AAAA, SRV, or CNAME.`,
    );
  return records;
}

function dnsOf(input: Members): DnsConfig {
  const records = recordsOf(input);
  const routingPolicy = input.has('RoutingPolicy')
    ? oneOf(input, 'RoutingPolicy', ROUTING_POLICIES)
    : 'MULTIVALUE';
  if (records.some((record) => record.type === 'CNAME') && routingPolicy !== 'WEIGHTED')
    throw invalidInput('A CNAME record requires the routing policy WEIGHTED.');
  return { records, routingPolicy };
}

export function healthCheckOf(input: Members): HealthCheck {
  const type = oneOf(input, 'Type', CHECK_TYPES);
  const resourcePath = input.text('ResourcePath', { max: 255 });
  if (type === 'TCP' && resourcePath !== undefined)
    throw invalidInput("ResourcePath can't be specified for a TCP health check.");
  return {
    type,
    resourcePath: type === 'TCP' ? undefined : (resourcePath ?? '/'),
    failureThreshold: input.integer('FailureThreshold', { min: 1, max: 10 }) ?? 1,
  };
}

/** Route 53 health checkers come over the internet, so what a private namespace holds is out of their reach. */
export function checkHealthCheck(namespace: Namespace, dns: DnsConfig | undefined): void {
  if (namespace.type === 'DNS_PRIVATE')
    throw invalidInput("HealthCheckConfig isn't supported in a private DNS namespace.");
  if (dns?.records.some((record) => record.type === 'CNAME') === true)
    throw invalidInput("HealthCheckConfig can't be combined with a CNAME record.");
}

type ServiceConfig = Pick<Service, 'type' | 'dns' | 'healthCheck' | 'customHealth'>;

function newDnsOf(input: Members, namespace: Namespace): DnsConfig | undefined {
  const config = input.object('DnsConfig');
  const apiOnly = input.text('Type', { oneOf: ['HTTP'] }) !== undefined;
  if (config === undefined) return undefined;
  if (namespace.type === 'HTTP') throw invalidInput("DnsConfig can't be specified in an HTTP namespace.");
  if (apiOnly) throw invalidInput("DnsConfig can't be specified for a service of the type HTTP.");
  return dnsOf(config);
}

/** The part of a new service that depends on the type of its namespace. */
export function serviceConfigOf(input: Members, namespace: Namespace): ServiceConfig {
  const dns = newDnsOf(input, namespace);
  const check = input.object('HealthCheckConfig');
  const custom = input.object('HealthCheckCustomConfig');
  custom?.integer('FailureThreshold', { min: 1, max: 10 });
  if (check !== undefined && custom !== undefined)
    throw invalidInput('Specify either HealthCheckConfig or HealthCheckCustomConfig, not both.');
  const healthCheck = check && healthCheckOf(check);
  if (healthCheck !== undefined) checkHealthCheck(namespace, dns);
  return {
    type: dns === undefined ? 'HTTP' : 'DNS_HTTP',
    dns,
    healthCheck,
    customHealth: custom !== undefined,
  };
}
