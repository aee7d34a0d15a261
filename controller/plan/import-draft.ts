import type { DnsRecordType, RoutingPolicy, ServiceRef } from '../api/types.ts';
import { formatError } from '../errors.ts';
import { SCRAPE_TARGET_TAG } from '../state/desired.ts';
import type { Inventory } from '../state/inventory.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedTaskDefinition,
  ServiceRegistryBinding,
} from '../state/observed.ts';
import { isBound } from './binding.ts';
import { likelyEndpoints, taggedEndpoints, type EndpointDraft } from './import-endpoints.ts';
import { findServiceRefusal } from './preflight.ts';
import { decideOwnership, type Tags } from './tags.ts';

/** Something that exists and of which no document is written. */
export interface SkippedImport {
  /** `registry ecs-services/webapp-svc`, `service cluster/WebAppService`. */
  readonly subject: string;
  /** CamelCase and stable. */
  readonly reason: string;
  readonly message: string;
}

/** A document that is to be written; its name is found when all drafts are known. */
export interface DocumentDraft {
  readonly summary: string;
  /** The name that the tags of an earlier document tell. */
  readonly formerName: string | undefined;
  readonly service: ServiceRef;
  readonly serviceOrigin: string;
  /** The service itself names the registry. */
  readonly bound: boolean;
  readonly registry: RegistryDraft;
  readonly endpoints: readonly EndpointDraft[];
  /** Further endpoints that nobody has confirmed. */
  readonly proposed: readonly EndpointDraft[];
  /** Why the binding is only observed. */
  readonly observe: string | undefined;
  /** Nobody has confirmed any of the endpoints: the whole document is a proposal. */
  readonly proposal: boolean;
}

export interface RegistryDraft extends DnsDraft {
  readonly namespace: string;
  readonly name: string;
  readonly adopt: boolean;
}

interface DnsDraft {
  readonly recordType: DnsRecordType;
  readonly ttl: number;
  readonly routingPolicy: RoutingPolicy;
  readonly dnsOrigin: string;
  readonly container?: { readonly name: string; readonly port: number; readonly origin: string };
}

export type Drafted =
  | { readonly kind: 'draft'; readonly draft: DocumentDraft }
  | { readonly kind: 'skipped'; readonly skipped: SkippedImport };

/**
 * | registry                                        | result                                     |
 * | ----------------------------------------------- | ------------------------------------------ |
 * | tags or its ECS service unread                  | skipped, reason of the error               |
 * | of another owner, or of Service Connect         | skipped ConflictingOwner, ManagedByEcs     |
 * | no ECS service, or several                      | skipped NoService, SeveralServices         |
 * | DNS records that no document can ask for        | skipped NotDescribable                     |
 * | tags that name no port                          | skipped InvalidTags                        |
 * | no tags, and a port mapping looks like metrics  | proposal                                   |
 * | no tags, and none does                          | skipped NoEndpoint                         |
 * | tags, bound to its service as ECS may rebind it | draft, binding ensured                     |
 * | tags, bound otherwise or not at all             | draft, binding observed                    |
 */
export function draftOf(
  inventory: Inventory,
  namespace: ObservedNamespace,
  registry: ObservedRegistry,
  owner: string,
): Drafted {
  const subject = `registry ${registryKey({ namespace: namespace.name, name: registry.name })}`;
  const skip = (reason: string, message: string): Drafted => ({
    kind: 'skipped',
    skipped: { subject, reason, message },
  });
  if (registry.tags?.kind !== 'complete') {
    const error = registry.tags?.error;
    return skip(
      error?.reason ?? 'NotRead',
      error === undefined ? 'Its tags were not read.' : formatError(error),
    );
  }
  const tags = registry.tags.value;
  const ownership = decideOwnership(tags, owner, true);
  if (ownership.kind === 'foreign')
    return skip(
      'ConflictingOwner',
      `It belongs to owner ${JSON.stringify(ownership.owner)}; this is ${JSON.stringify(owner)}.`,
    );
  if (ownership.kind === 'managedByEcs')
    return skip('ManagedByEcs', 'ECS Service Connect made it and manages it.');
  const user = findUser(inventory, registry, Object.keys(tags).some(isMetricsKey));
  if (user.kind === 'none') return skip(user.reason, user.message);
  return draftWith({
    inventory,
    namespace,
    registry,
    tags,
    adopt: ownership.kind === 'adoptable',
    user,
    skip,
  });
}

const isMetricsKey = (key: string): boolean => /^(?:ECS_)?METRICS_(?:PATH|PORT)/.test(key);

type User =
  | { readonly kind: 'found'; readonly service: ObservedService; readonly origin: string }
  | { readonly kind: 'none'; readonly reason: string; readonly message: string };

/** The ECS service that registers its tasks there: by its own binding, or else by what the instances tell. */
function findUser(inventory: Inventory, registry: ObservedRegistry, tagged: boolean): User {
  const { observed, registrants, unread } = inventory;
  const bound = [...observed.services.values()].flatMap((read) =>
    read.kind === 'complete' &&
    read.value?.serviceRegistries.some((each) => each.registryArn === registry.arn)
      ? [read.value]
      : [],
  );
  const [only, ...others] = bound;
  if (others.length > 0) return severalServices(bound.map(keyOf));
  if (only !== undefined) return active(only, 'its serviceRegistries name the registry');
  const [named, ...more] = registrants.get(registry.arn) ?? [];
  if (named === undefined) return noService(tagged, unread.length > 0);
  if (more.length > 0) return severalServices([named, ...more].map(serviceKey));
  const read = observed.services.get(serviceKey(named));
  if (read?.kind === 'complete' && read.value !== undefined)
    return active(read.value, 'from the instances of the registry');
  const why = read?.kind === 'failed' ? formatError(read.error) : 'ECS does not know it.';
  return {
    kind: 'none',
    reason: 'ServiceNotFound',
    message: `Its instances name ECS service ${serviceKey(named)}: ${why}`,
  };
}

const keyOf = ({ clusterName, name }: ObservedService): string =>
  serviceKey({ cluster: clusterName, service: name });

function active(service: ObservedService, origin: string): User {
  if (service.status === 'ACTIVE') return { kind: 'found', service, origin };
  return {
    kind: 'none',
    reason: 'ServiceNotActive',
    message: `ECS service ${keyOf(service)} is ${service.status}: it has been deleted.`,
  };
}

const severalServices = (keys: readonly string[]): User => ({
  kind: 'none',
  reason: 'SeveralServices',
  message: `Several ECS services register in it (${[...keys].sort().join(', ')}), and a ScrapeTarget has one. Give each its own registry.`,
});

function noService(tagged: boolean, incomplete: boolean): User {
  const unsure = incomplete ? ' Not everything could be read, so there may be one all the same.' : '';
  return {
    kind: 'none',
    reason: tagged ? 'NoService' : 'NotScraped',
    message: `${tagged ? 'It is tagged for scraping, but no ECS service registers in it.' : 'It has neither tags for scraping nor an ECS service that registers in it.'}${unsure}`,
  };
}

interface Facts {
  readonly inventory: Inventory;
  readonly namespace: ObservedNamespace;
  readonly registry: ObservedRegistry;
  readonly tags: Tags;
  readonly adopt: boolean;
  readonly user: Extract<User, { kind: 'found' }>;
  readonly skip: (reason: string, message: string) => Drafted;
}

function draftWith(facts: Facts): Drafted {
  const { inventory, namespace, registry, tags, user, skip } = facts;
  const { service } = user;
  const read = inventory.observed.taskDefinitions.get(service.taskDefinitionArn ?? '');
  if (read?.kind === 'failed') return skip(read.error.reason, formatError(read.error));
  const taskDefinition = read?.value;
  const binding = service.serviceRegistries.find(({ registryArn }) => registryArn === registry.arn);
  const boundPort = binding?.containerPort ?? binding?.port;

  const tagged = taggedEndpoints(tags, { taskDefinition, boundPort });
  if (tagged.kind === 'invalid') return skip('InvalidTags', tagged.message);
  const likely = likelyEndpoints(taskDefinition, tagged.endpoints);
  const proposal = tagged.endpoints.length === 0;
  const endpoints = proposal ? likely : tagged.endpoints;
  if (endpoints.length === 0)
    return skip(
      'NoEndpoint',
      `ECS service ${keyOf(service)} registers in it, but it has no tags for scraping, and no port mapping looks like metrics.`,
    );
  const dns = dnsOf(facts, { binding, taskDefinition, port: endpoints[0]?.port });
  if (typeof dns === 'string') return skip('NotDescribable', dns);
  const draft = {
    summary: summaryOf(facts, taskDefinition),
    formerName: Object.hasOwn(tags, SCRAPE_TARGET_TAG) ? tags[SCRAPE_TARGET_TAG] : undefined,
    service: { cluster: service.clusterName, service: service.name },
    serviceOrigin: user.origin,
    bound: binding !== undefined,
    registry: { namespace: namespace.name, name: registry.name, adopt: facts.adopt, ...dns },
    endpoints,
    proposed: proposal ? [] : likely,
    observe: observeReason(facts, dns, taskDefinition),
    proposal,
  };
  return { kind: 'draft', draft };
}

function summaryOf(
  { namespace, registry, user }: Facts,
  taskDefinition: ObservedTaskDefinition | undefined,
): string {
  const where = registryKey({ namespace: namespace.name, name: registry.name });
  const tasks =
    taskDefinition === undefined
      ? 'no task definition of its own'
      : `task definition ${taskDefinition.family}, network mode ${taskDefinition.networkMode}`;
  return `Registry ${where} of ECS service ${keyOf(user.service)} (${tasks}).`;
}

interface BindingFacts {
  readonly binding: ServiceRegistryBinding | undefined;
  readonly taskDefinition: ObservedTaskDefinition | undefined;
  /** That serves metrics. */
  readonly port: number | undefined;
}

const RECORD_TYPES: readonly DnsRecordType[] = ['A', 'AAAA', 'SRV'];
const ROUTING_POLICIES: readonly RoutingPolicy[] = ['WEIGHTED', 'MULTIVALUE'];

/** The DNS settings exactly as they are, or why no document can ask for them. */
function dnsOf({ namespace, registry }: Facts, facts: BindingFacts): DnsDraft | string {
  if (namespace.type === 'HTTP') return httpOf(facts);
  const [record, ...others] = registry.dnsRecords;
  const types = registry.dnsRecords.map(({ type }) => type).sort();
  const recordType = RECORD_TYPES.find((type) => type === record?.type);
  if (record === undefined || recordType === undefined || others.length > 0)
    return `Its DNS records are ${types.join(' and ') || 'none'}; a document asks for one A, AAAA or SRV record.`;
  const routingPolicy = ROUTING_POLICIES.find(
    (policy) => policy === (registry.routingPolicy ?? 'MULTIVALUE'),
  );
  if (routingPolicy === undefined) return `Its routing policy ${registry.routingPolicy ?? ''} is not known.`;
  const dns = { recordType, ttl: record.ttl, routingPolicy, dnsOrigin: 'as it is' };
  if (recordType !== 'SRV') return dns;
  const container = containerOf(facts);
  return container === undefined
    ? 'Its SRV record wants a container port, and neither the binding nor the task definition tells one.'
    : { ...dns, container };
}

/** An HTTP namespace has no DNS; of the record types only SRV lets a document name the container port. */
function httpOf(facts: BindingFacts): DnsDraft {
  const http = {
    ttl: 10,
    routingPolicy: 'MULTIVALUE',
    dnsOrigin: 'without meaning in an HTTP namespace',
  } as const;
  const { binding } = facts;
  const container = binding?.containerName === undefined ? undefined : containerOf(facts);
  return container === undefined ? { ...http, recordType: 'A' } : { ...http, recordType: 'SRV', container };
}

/** As bound; where the binding names a port alone, or there is none, the container that maps the port. */
function containerOf({ binding, taskDefinition, port }: BindingFacts): DnsDraft['container'] {
  if (binding?.containerName !== undefined && binding.containerPort !== undefined)
    return { name: binding.containerName, port: binding.containerPort, origin: 'as bound' };
  const wanted = binding?.containerPort ?? binding?.port ?? port;
  const containers = taskDefinition?.containers ?? [];
  const container =
    containers.find(({ portMappings }) =>
      portMappings.some(({ containerPort }) => containerPort === wanted),
    ) ?? containers[0];
  if (container === undefined || wanted === undefined) return undefined;
  return { name: container.name, port: wanted, origin: 'from the task definition' };
}

/** Why ECS would refuse to change the binding, or replace tasks to make it what the document says. */
function observeReason(
  { namespace, registry, user: { service } }: Facts,
  { recordType, container }: DnsDraft,
  taskDefinition: ObservedTaskDefinition | undefined,
): string | undefined {
  const refusal = findServiceRefusal(service);
  if (refusal !== undefined) return refusal.message;
  const asked =
    container === undefined ? {} : { containerName: container.name, containerPort: container.port };
  const handle = {
    arn: registry.arn,
    recordType: namespace.type === 'HTTP' ? ('none' as const) : recordType,
  };
  if (isBound(service.serviceRegistries, asked, handle, taskDefinition)) return undefined;
  const [current] = service.serviceRegistries;
  if (current === undefined)
    return 'The service names no registry; to name this one would replace its tasks.';
  return current.registryArn === registry.arn
    ? 'The service names this registry in another form; to change that would replace its tasks.'
    : `The service names another registry, ${current.registryArn}.`;
}
