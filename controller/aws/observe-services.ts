import type { ServiceRef } from '../api/types.ts';
import { transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { lastSegment, serviceKey } from '../state/keys.ts';
import type { ObservedService, Read } from '../state/observed.ts';
import type { EcsReadApi } from './api-ecs.ts';
import { createCache } from './cache.ts';
import type { Cache } from './cache.ts';
import { decodeService } from './decode-service.ts';
import { awsErrorName } from './errors.ts';
import { batches } from './paginate.ts';
import { asRead, complete, failed } from './read.ts';
import { withRecentBinding } from './recent-writes.ts';
import type { RecentWrites } from './recent-writes.ts';
import { fields, items, present, text } from './values.ts';
import type { Fields } from './values.ts';

export interface ServiceReading {
  readonly ecs: Pick<EcsReadApi, 'describeServices'>;
  readonly writes: RecentWrites;
  /** Services that made AWS refuse a batch, by {@link serviceKey}: they go into batches of their own. */
  readonly refused: Cache<true>;
  /** Services that the last read found, by {@link serviceKey}. */
  readonly seen: Set<string>;
  /** `<service ARN> <list>` of the lists that were not empty when they were read last. */
  readonly listed: Set<string>;
}

export type ServiceReads = ReadonlyMap<string, Read<ObservedService | undefined>>;

/** DescribeServices takes ten services of one cluster. */
const BATCH = 10;
/** Where everything is refused, telling every service apart would cost more than all other reads together. */
const MAX_SPLITS = 40;

/** Refused services are tried among the others again after this time. */
const REFUSED_MS = 600_000;

/** What readings of services remember from one to the next. */
export function createServiceMemory(
  clock: Pick<Clock, 'now'>,
): Pick<ServiceReading, 'refused' | 'seen' | 'listed'> {
  return {
    refused: createCache({ clock, ttlMs: REFUSED_MS, maxEntries: 10_000 }),
    seen: new Set(),
    listed: new Set(),
  };
}

interface Attempt extends ServiceReading {
  readonly splits: { left: number };
}

export async function readServices(
  reading: ServiceReading,
  refs: readonly ServiceRef[],
  signal: AbortSignal,
): Promise<ServiceReads> {
  const attempt: Attempt = { ...reading, splits: { left: MAX_SPLITS } };
  const reads = [...byCluster(refs).values()].flatMap((ofCluster) =>
    batchesOf(ofCluster, reading).map((batch) => readBatch(attempt, batch, signal)),
  );
  return new Map((await Promise.all(reads)).flat());
}

/** Cluster by name: a document may write the name or the ARN. */
export function byCluster<T extends ServiceRef>(refs: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const clusters = new Map<string, Map<string, T>>();
  for (const ref of refs) {
    const name = lastSegment(ref.cluster);
    const services = clusters.get(name) ?? new Map<string, T>();
    clusters.set(name, services.set(serviceKey(ref), ref));
  }
  return new Map([...clusters].map(([name, services]) => [name, [...services.values()]]));
}

function batchesOf(
  refs: readonly ServiceRef[],
  { refused }: ServiceReading,
): readonly (readonly ServiceRef[])[] {
  const isRefused = (ref: ServiceRef): boolean => refused.get(serviceKey(ref)) === true;
  return [
    ...batches(
      refs.filter((ref) => !isRefused(ref)),
      BATCH,
    ),
    ...batches(refs.filter(isRefused), BATCH),
  ];
}

type Entry = readonly [string, Read<ObservedService | undefined>];

async function readBatch(
  reading: Attempt,
  batch: readonly ServiceRef[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const cluster = batch[0]?.cluster ?? '';
  const services = batch.map((ref) => ref.service);
  const where = `ECS services ${services.join(', ')} in cluster ${lastSegment(cluster)}`;
  const read = await asRead(
    reading.ecs.describeServices({ cluster, services, include: ['TAGS'] }, { where, signal }),
  );
  if (read.kind === 'failed') return fromFailure(reading, batch, read.error, signal);
  for (const ref of batch) reading.refused.delete(serviceKey(ref));
  const found = present(items(read.value.services).map((raw) => decodeWhole(raw, reading.listed)));
  const failures = items(read.value.failures).map(fields);
  const entries = batch.map((ref): Entry => [
    serviceKey(ref),
    fromAnswer(ref, found, failures, reading.writes),
  ]);
  return [...entries, ...(await askAgain(reading, batch, entries, signal))];
}

/**
 * ECS is eventually consistent: MISSING right after the service was there is believed when a second
 * read says the same. The later entry counts.
 */
async function askAgain(
  reading: Attempt,
  batch: readonly ServiceRef[],
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const gone = new Set<string>();
  for (const [key, read] of entries) {
    if (read.kind === 'complete' && read.value !== undefined) reading.seen.add(key);
    else if (read.kind === 'complete' && reading.seen.delete(key)) gone.add(key);
  }
  if (gone.size === 0) return [];
  return readBatch(
    reading,
    batch.filter((ref) => gone.has(serviceKey(ref))),
    signal,
  );
}

/**
 * AWS refuses a whole batch for one service in it (a denied one, an impossible name), so the batch is
 * halved until the others are through.
 */
async function fromFailure(
  reading: Attempt,
  batch: readonly ServiceRef[],
  error: OperatorError,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  if (awsErrorName(error) === 'ClusterNotFoundException')
    return batch.map((ref) => [serviceKey(ref), complete(undefined)]);
  const fails = batch.map((ref): Entry => [serviceKey(ref), failed(error)]);
  const refusal = error.reason === 'AccessDenied' || error.reason === 'InvalidRequest';
  if (!refusal || batch.every((ref) => reading.refused.get(serviceKey(ref)))) return fails;
  if (batch.length > 1 && reading.splits.left > 0) {
    reading.splits.left -= 1;
    const halves = batches(batch, Math.ceil(batch.length / 2));
    return (await Promise.all(halves.map((half) => readBatch(reading, half, signal)))).flat();
  }
  if (batch.length === 1) for (const [key] of fails) reading.refused.set(key, true);
  return fails;
}

function fromAnswer(
  ref: ServiceRef,
  found: readonly DescribedService[],
  failures: readonly Fields[],
  writes: RecentWrites,
): Read<ObservedService | undefined> {
  const described = found.find(({ service }) => service.name === lastSegment(ref.service));
  if (described?.missing.length === 0) return complete(withRecentBinding(described.service, writes));
  if (described !== undefined) return failed(incomplete(ref, described.missing));
  const failure = failures.find((each) => lastSegment(text(each['arn']) ?? '') === lastSegment(ref.service));
  if (failure?.['reason'] === 'MISSING') return complete(undefined);
  return failed(unanswered(ref, failure));
}

interface DescribedService {
  readonly service: ObservedService;
  /** Lists that did not come whole. */
  readonly missing: readonly string[];
}

/**
 * A binding or a deployment that an answer leaves out would be made again, and that replaces every task. AWS sends
 * empty lists; other endpoints leave them out, so a list that is absent is believed of a service that never had one.
 */
function decodeWhole(raw: unknown, known: Set<string>): DescribedService | undefined {
  const service = decodeService(raw);
  if (service === undefined) return undefined;
  const { serviceRegistries, deployments } = service;
  const missing = Object.entries({ serviceRegistries, deployments }).flatMap(([name, decoded]) => {
    const told = fields(raw)[name];
    if (told === undefined && !known.has(`${service.arn} ${name}`)) return [];
    return Array.isArray(told) && told.length === decoded.length ? [] : [name];
  });
  if (missing.length > 0) return { service, missing };
  for (const [name, decoded] of Object.entries({ serviceRegistries, deployments })) {
    if (decoded.length > 0) known.add(`${service.arn} ${name}`);
    else known.delete(`${service.arn} ${name}`);
  }
  return { service, missing };
}

function incomplete(ref: ServiceRef, missing: readonly string[]): OperatorError {
  return transient({
    reason: 'IncompleteAnswer',
    where: `ECS service ${serviceKey(ref)}`,
    message: `ECS DescribeServices described this service without all of its ${missing.join(' and ')}.`,
  });
}

function unanswered(ref: ServiceRef, failure: Fields | undefined): OperatorError {
  const why = [text(failure?.['reason']), text(failure?.['detail'])].filter(Boolean).join(': ');
  return transient({
    reason: 'IncompleteAnswer',
    where: `ECS service ${serviceKey(ref)}`,
    message: `ECS DescribeServices did not describe this service: ${why === '' ? 'it is missing from the answer' : why}.`,
  });
}
