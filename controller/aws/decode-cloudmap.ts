import type { ObservedInstance, ObservedNamespace, ObservedRegistry } from '../state/observed.ts';
import { ipv4, ipv6 } from './decode-task.ts';
import { count, fields, items, port, text } from './values.ts';

/** A namespace as ListNamespaces shows it. */
export interface NamespaceSummary {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: ObservedNamespace['type'];
  /** Account that owns it; absent from endpoints older than shared namespaces. */
  readonly owner: string | undefined;
}

const NAMESPACE_TYPES = ['DNS_PRIVATE', 'DNS_PUBLIC', 'HTTP'] as const;

export function decodeNamespace(raw: unknown): NamespaceSummary | undefined {
  const namespace = fields(raw);
  const id = text(namespace['Id']);
  const name = text(namespace['Name']);
  const arn = text(namespace['Arn']);
  const type = NAMESPACE_TYPES.find((each) => each === namespace['Type']);
  if (id === undefined || name === undefined || arn === undefined || type === undefined) return undefined;
  return { id, arn, name, type, owner: text(namespace['ResourceOwner']) };
}

/** A Cloud Map service; the namespace is only told by GetService and by the old field of DnsConfig. */
export interface DecodedRegistry {
  readonly registry: ObservedRegistry;
  readonly namespaceId: string | undefined;
}

export function decodeRegistry(raw: unknown): DecodedRegistry | undefined {
  const service = fields(raw);
  const id = text(service['Id']);
  const arn = text(service['Arn']);
  const name = text(service['Name']);
  if (id === undefined || arn === undefined || name === undefined) return undefined;
  const dns = fields(service['DnsConfig']);
  const instanceCount = count(service['InstanceCount']);
  return {
    namespaceId: text(service['NamespaceId']) ?? text(dns['NamespaceId']),
    registry: {
      id,
      arn,
      name,
      description: text(service['Description']) ?? '',
      dnsRecords: items(dns['DnsRecords']).flatMap(decodeDnsRecord),
      routingPolicy:
        service['DnsConfig'] === undefined ? undefined : (text(dns['RoutingPolicy']) ?? 'MULTIVALUE'),
      tags: undefined,
      ...(instanceCount !== undefined && { instanceCount }),
    },
  };
}

function decodeDnsRecord(raw: unknown): ObservedRegistry['dnsRecords'] {
  const record = fields(raw);
  const type = text(record['Type']);
  const ttl = count(record['TTL']);
  return type === undefined || ttl === undefined ? [] : [{ type, ttl }];
}

/** Undefined without an id: nothing could be joined to it. */
export function decodeInstance(raw: unknown): ObservedInstance | undefined {
  const instance = fields(raw);
  const id = text(instance['Id']);
  if (id === undefined) return undefined;
  const attributes = fields(instance['Attributes']);
  return {
    id,
    ipv4: ipv4(text(attributes['AWS_INSTANCE_IPV4'])),
    ipv6: ipv6(text(attributes['AWS_INSTANCE_IPV6'])),
    port: port(attributes['AWS_INSTANCE_PORT']),
    ec2InstanceId: text(attributes['EC2_INSTANCE_ID']),
  };
}
