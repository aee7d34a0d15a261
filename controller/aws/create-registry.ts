import type { CreateServiceCommandInput } from '@aws-sdk/client-servicediscovery';
import { toOperatorError, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { CreateRegistry } from '../plan/types.ts';
import type { ChangeResult } from '../reconcile/ports.ts';
import type { ObservedRegistry } from '../state/observed.ts';
import type { Writing } from './writing.ts';
import type { CallContext } from './budget.ts';
import { decodeRegistry } from './decode-cloudmap.ts';
import { awsErrorName } from './errors.ts';
import { listRegistries } from './list-registries.ts';
import { readTagsNow, requireOwner } from './ownership.ts';
import { WRITE_MEMORY_MS } from './recent-writes.ts';
import { sendWrite } from './send-write.ts';
import { fields, text } from './values.ts';

/**
 * Creates with tags in the same call, so that a crash in between leaves no registry without an owner.
 * A registry that exists already is recognised by its owner tag: it may come from an attempt of ours
 * whose answer was lost.
 */
export async function createRegistry(
  writing: Writing,
  change: CreateRegistry,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const context: CallContext = { where: `registry ${change.namespace.name}/${change.name}`, signal };
  try {
    return await sendWrite(
      () => sendCreate(writing, change, context),
      () => findCreated(writing, change, context),
    );
  } catch (thrown) {
    const error = toOperatorError(thrown);
    const id = text(fields(error.cause)['ServiceId']);
    if (awsErrorName(error) !== 'ServiceAlreadyExists' || id === undefined) throw error;
    return recogniseExisting(writing, change, id, context);
  }
}

async function sendCreate(
  writing: Writing,
  change: CreateRegistry,
  context: CallContext,
): Promise<ChangeResult> {
  const { Service } = await writing.cloudMap.createService(createInput(change), context);
  const created = decodeRegistry(Service)?.registry;
  if (created === undefined) throw withoutRegistry(context.where);
  remember(writing, change, created, change.tags);
  return { kind: 'applied', registryArn: created.arn };
}

async function findCreated(
  writing: Writing,
  change: CreateRegistry,
  context: CallContext,
): Promise<ChangeResult | undefined> {
  const { registries } = await listRegistries(writing, change.namespace, false, context.signal);
  const found = registries.find(({ registry }) => registry.name === change.name);
  return found && recogniseExisting(writing, change, found.registry.id, context);
}

function createInput(change: CreateRegistry): CreateServiceCommandInput {
  return {
    Name: change.name,
    NamespaceId: change.namespace.id,
    CreatorRequestId: change.creatorRequestId,
    Description: change.description,
    Tags: Object.entries(change.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(change.dns !== undefined && {
      DnsConfig: {
        RoutingPolicy: change.dns.routingPolicy,
        DnsRecords: [{ Type: change.dns.recordType, TTL: change.dns.ttl }],
      },
    }),
  };
}

/** Ours: as good as created. Anybody else's: a conflict. */
async function recogniseExisting(
  writing: Writing,
  change: CreateRegistry,
  id: string,
  context: CallContext,
): Promise<ChangeResult> {
  const { Service } = await writing.cloudMap.getService({ Id: id }, context);
  const existing = decodeRegistry(Service)?.registry;
  if (existing === undefined) throw withoutRegistry(context.where);
  const tags = await readTagsNow(writing.cloudMap, existing.arn, context.signal);
  requireOwner(tags, writing.owner, context.where);
  remember(writing, change, existing, tags);
  return { kind: 'unchanged', registryArn: existing.arn };
}

function remember(
  { writes }: Writing,
  change: CreateRegistry,
  registry: ObservedRegistry,
  tags: Readonly<Record<string, string>>,
): void {
  writes.created.set(registry.arn, { namespaceId: change.namespace.id, registry });
  writes.tags.set(registry.arn, tags, WRITE_MEMORY_MS);
}

function withoutRegistry(where: string): OperatorError {
  return transient({
    reason: 'IncompleteAnswer',
    where,
    message: 'Cloud Map did not return the id and ARN of the registry.',
  });
}
