import type { Service, ServiceChange } from '@aws-sdk/client-servicediscovery';
import { terminal, transient, waiting } from '../errors.ts';
import type { UpdateRegistry } from '../plan/types.ts';
import type { ChangeResult } from '../reconcile/ports.ts';
import type { Writing } from './writing.ts';
import type { CallContext } from './budget.ts';
import { readTagsNow, requireOwner } from './ownership.ts';
import { sendWrite } from './send-write.ts';
import { count, fields, items, text } from './values.ts';

/**
 * Cloud Map deletes the DNS records and the health check that an update leaves out, so the update
 * carries everything that a fresh read returned, with our changes in it.
 */
export async function updateRegistry(
  writing: Writing,
  change: UpdateRegistry,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const { registry, after } = change;
  const context: CallContext = { where: `registry ${registry.namespace}/${registry.name}`, signal };
  requireOwner(await readTagsNow(writing.cloudMap, registry.arn, signal), writing.owner, context.where);
  const read = () => readService(writing, registry.id, context, after.ttl !== undefined);
  const current = await read();
  if (isAsWanted(current, after)) return { kind: 'unchanged' };
  const operation = await sendWrite(
    async () => {
      const update = { Id: registry.id, Service: serviceChange(current, after) };
      return (await writing.cloudMap.updateService(update, context)).OperationId ?? DONE;
    },
    async () => (isAsWanted(await read(), after) ? DONE : undefined),
  );
  if (operation !== DONE) await waitForOperation(writing, operation, context);
  writing.writes.updated.set(registry.arn, after);
  return { kind: 'applied' };
}

/** Stands for an operation that need not be followed. */
const DONE = '';

async function readService(
  { cloudMap }: Writing,
  id: string,
  context: CallContext,
  hasDns: boolean,
): Promise<Service> {
  const { Service: found } = await cloudMap.getService({ Id: id }, context);
  if (found !== undefined && hasWholeRecords(found, hasDns)) return found;
  throw transient({
    reason: 'IncompleteAnswer',
    where: context.where,
    message: 'Cloud Map GetService returned no registry, or one without its DNS records.',
  });
}

/** Records that an answer leaves out would be left out of the update too, and then they are gone. */
function hasWholeRecords({ DnsConfig }: Service, hasDns: boolean): boolean {
  const records = items(DnsConfig?.DnsRecords).map(fields);
  if (hasDns && records.length === 0) return false;
  return records.every(({ Type, TTL }) => text(Type) !== undefined && count(TTL) !== undefined);
}

type Wanted = UpdateRegistry['after'];

function isAsWanted(service: Service, { ttl, description }: Wanted): boolean {
  const records = service.DnsConfig?.DnsRecords ?? [];
  return (
    (service.Description ?? '') === description &&
    records.every((record) => record.TTL === (ttl ?? record.TTL))
  );
}

function serviceChange(service: Service, { ttl, description }: Wanted): ServiceChange {
  const records = service.DnsConfig?.DnsRecords;
  return {
    Description: description,
    ...(records !== undefined && {
      DnsConfig: { DnsRecords: records.map((record) => ({ Type: record.Type, TTL: ttl ?? record.TTL })) },
    }),
    ...(service.HealthCheckConfig !== undefined && { HealthCheckConfig: service.HealthCheckConfig }),
  };
}

const POLL_MS = 500;
const OPERATION_TIMEOUT_MS = 60_000;

async function waitForOperation(
  { cloudMap, clock }: Writing,
  OperationId: string,
  context: CallContext,
): Promise<void> {
  const end = clock.now() + OPERATION_TIMEOUT_MS;
  while (clock.now() < end) {
    const { Operation } = await cloudMap.getOperation({ OperationId }, context);
    if (Operation?.Status === 'SUCCESS') return;
    if (Operation?.Status === 'FAIL')
      throw terminal({
        reason: 'OperationFailed',
        where: context.where,
        message: `Cloud Map could not update the registry: ${Operation.ErrorCode ?? 'no code'}: ${Operation.ErrorMessage ?? 'no message'}.`,
        remedy: `Look at Cloud Map operation ${OperationId}.`,
      });
    await clock.sleep(POLL_MS, context.signal);
  }
  throw waiting({
    reason: 'OperationPending',
    where: context.where,
    message: `Cloud Map operation ${OperationId} is not done after ${OPERATION_TIMEOUT_MS / 1000} s.`,
  });
}
