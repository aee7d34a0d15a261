import { terminal, toOperatorError, waiting } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { DeleteRegistry } from '../plan/types.ts';
import type { ChangeResult } from '../reconcile/ports.ts';
import { compareText, registryKey } from '../state/keys.ts';
import type { CallContext } from './budget.ts';
import { awsErrorName } from './errors.ts';
import { listClusters, listServices } from './list-ecs-services.ts';
import { listInstances } from './list-instances.ts';
import { createServiceMemory, readServices } from './observe-services.ts';
import { readTagsNow, requireOwner } from './ownership.ts';
import { sendWrite } from './send-write.ts';
import { text } from './values.ts';
import type { Writing } from './writing.ts';

/** By registry ARN: the ECS services of the account that name it. Throws when any of them cannot be read. */
export type ServiceScan = (signal: AbortSignal) => Promise<ReadonlyMap<string, readonly string[]>>;

/** Registries that are deleted together share one look at all services. */
const SHARED_MS = 10_000;

export function createServiceScan(writing: Writing): ServiceScan {
  let last: { readonly at: number; readonly found: ReturnType<ServiceScan> } | undefined;
  return (signal) => {
    const now = writing.clock.now();
    if (last === undefined || now - last.at >= SHARED_MS) {
      const found = scanServices(writing, signal);
      last = { at: now, found };
      found.catch(() => {
        last = undefined;
      });
    }
    return last.found;
  };
}

async function scanServices(
  writing: Writing,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const clusters = await listClusters(writing.ecs, signal);
  const lists = await Promise.all(clusters.map((cluster) => listServices(writing.ecs, cluster, signal)));
  const reading = { ...writing, ...createServiceMemory(writing.clock) };
  const named = new Map<string, readonly string[]>();
  for (const [key, read] of await readServices(reading, lists.flat(), signal)) {
    if (read.kind === 'failed') throw read.error;
    for (const { registryArn } of read.value?.serviceRegistries ?? [])
      named.set(registryArn, [...(named.get(registryArn) ?? []), key].sort(compareText));
  }
  return named;
}

/**
 * Deletes a registry that is exactly the one in the inventory, that carries exactly our owner tag, that no ECS service
 * names and in which nothing is registered: all read anew, the cheapest first. Instances are ECS's to deregister.
 */
export async function deleteRegistry(
  writing: Writing & { readonly scan: ServiceScan },
  { registry }: DeleteRegistry,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const where = `registry ${registryKey(registry)}`;
  const context: CallContext = { where, signal };
  const arn = await currentArn(writing, registry.id, context);
  if (arn === undefined) return finish(writing, registry.arn, 'unchanged');
  if (arn !== registry.arn) throw replaced(where, arn);
  const instances = await listInstances(writing.cloudMap, registry.arn, where, signal);
  if (instances.length > 0) throw stillRegistered(where, instances.length);
  const users = (await writing.scan(signal)).get(registry.arn) ?? [];
  if (users.length > 0) throw stillNamed(where, users);
  requireOwner(await readTagsNow(writing.cloudMap, registry.arn, signal), writing.owner, where);
  await sendDelete(writing, registry.id, context);
  return finish(writing, registry.arn, 'applied');
}

async function sendDelete(writing: Writing, Id: string, context: CallContext): Promise<void> {
  try {
    await sendWrite<unknown>(
      () => writing.cloudMap.deleteService({ Id }, context),
      async () => ((await currentArn(writing, Id, context)) === undefined ? 'gone' : undefined),
    );
  } catch (thrown) {
    const name = awsErrorName(toOperatorError(thrown));
    if (name === 'ServiceNotFound') return;
    throw name === 'ResourceInUse' ? stillRegistered(context.where, undefined) : thrown;
  }
}

/** Undefined when Cloud Map says that there is no registry of this id. */
async function currentArn(
  { cloudMap }: Writing,
  Id: string,
  context: CallContext,
): Promise<string | undefined> {
  try {
    const { Service } = await cloudMap.getService({ Id }, context);
    return text(Service?.Arn) ?? '';
  } catch (thrown) {
    if (awsErrorName(toOperatorError(thrown)) === 'ServiceNotFound') return undefined;
    throw thrown;
  }
}

/** What is remembered of our writes must not bring it back. */
function finish({ writes }: Writing, arn: string, kind: 'applied' | 'unchanged'): ChangeResult {
  for (const memory of [writes.created, writes.updated, writes.tags]) memory.delete(arn);
  return { kind };
}

function stillRegistered(where: string, count: number | undefined): OperatorError {
  const what =
    count === undefined ? 'Instances are' : count === 1 ? '1 instance is' : `${count} instances are`;
  return waiting({
    reason: 'InstancesRegistered',
    where,
    message: `${what} still registered in it, so it is not deleted yet.`,
    remedy: 'ECS deregisters its tasks as it replaces them; it is tried again until none is left.',
  });
}

function stillNamed(where: string, users: readonly string[]): OperatorError {
  return terminal({
    reason: 'RegistryInUse',
    where,
    message: `It is not deleted, because ECS service ${users.slice(0, 5).join(', ')} names it.`,
    remedy: 'Take it out of that service, or publish a document that names it again.',
  });
}

function replaced(where: string, arn: string): OperatorError {
  return terminal({
    reason: 'ChangedSincePlan',
    where,
    message: `Its id belongs to ${arn === '' ? 'something without an ARN' : arn} now, so nothing was deleted.`,
  });
}
