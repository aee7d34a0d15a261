import type { Endpoint, ScrapeTarget } from '../api/types.ts';
import { transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { compareText, serviceKey } from '../state/keys.ts';
import type {
  ObservedRegistry,
  ObservedService,
  ObservedState,
  ObservedTask,
  ObservedTaskDefinition,
  Read,
  SkippedTask,
} from '../state/observed.ts';
import type { Discovery, TargetGroup } from '../state/targets.ts';
import { findAddress, joinHostPort } from './address.ts';
import { neededRegistryTags, targetLabels } from './labels.ts';
import type { LabelContext } from './labels.ts';

type Unknown = Extract<Discovery, { kind: 'unknown' }>;

/**
 * Joins tasks, task definitions, service and registry into the targets of one ScrapeTarget. Any read
 * that failed and is needed makes the whole answer `unknown`, because a shorter list would take
 * targets away that AWS never said are gone.
 */
export function discoverTargets(target: ScrapeTarget, observed: ObservedState): Discovery {
  const key = serviceKey(target.spec.serviceRef);
  const service = need(observed.services.get(key), `service ${key}`);
  if (service.kind === 'failed') return unknown(service.error);
  if (service.value === undefined || service.value.status === 'INACTIVE') return noTargets(target);

  const tasks = need(observed.tasks.get(key), `tasks of service ${key}`);
  if (tasks.kind === 'failed') return unknown(tasks.error);
  const context = labelContext(target, service.value, observed);
  if ('kind' in context) return context;

  const found = target.spec.endpoints.map((endpoint) =>
    discoverEndpoint(context, endpoint, tasks.value.tasks, observed),
  );
  const failed = found.find((result) => result.kind === 'unknown');
  if (failed !== undefined) return failed;
  const discovered = found.filter((result) => result.kind === 'endpoint');
  return {
    kind: 'discovered',
    endpoints: new Map(discovered.map(({ name, groups }) => [name, groups])),
    skipped: uniqueSkips([...tasks.value.skipped, ...discovered.flatMap(({ skipped }) => skipped)]),
  };
}

function noTargets(target: ScrapeTarget): Discovery {
  const endpoints = new Map(target.spec.endpoints.map(({ name }) => [name, []]));
  return { kind: 'discovered', endpoints, skipped: [] };
}

const unknown = (error: OperatorError): Unknown => ({ kind: 'unknown', error });

/** What was not asked for is as unknown as what could not be read. */
function need<T>(read: Read<T> | undefined, subject: string): Read<T> {
  if (read !== undefined) return read;
  const message = `The ${subject} has not been read in this cycle.`;
  return { kind: 'failed', error: transient({ reason: 'NotObserved', message }) };
}

function labelContext(
  target: ScrapeTarget,
  service: ObservedService,
  observed: ObservedState,
): LabelContext | Unknown {
  const { namespace, name } = target.spec.registry;
  const read = need(observed.namespaces.get(namespace), `namespace ${namespace}`);
  if (read.kind === 'failed') return unknown(read.error);
  const registry = read.value?.registries.get(name);
  if (registry === undefined && read.value?.unread !== undefined) return unknown(read.value.unread);
  const tags = registryTags(registry, neededRegistryTags(target, service));
  if (tags.kind === 'failed') return unknown(tags.error);
  return { target, service, registered: registry !== undefined, registryTags: tags.value };
}

/** The ECS service's own tags come first, so an unreadable registry matters only where it has to fill in. */
function registryTags(
  registry: ObservedRegistry | undefined,
  needed: readonly string[],
): Read<Readonly<Record<string, string>>> {
  if (needed.length === 0) return { kind: 'complete', value: {} };
  return registry?.tags ?? { kind: 'complete', value: {} };
}

interface EndpointTargets {
  readonly kind: 'endpoint';
  readonly name: string;
  readonly groups: readonly TargetGroup[];
  readonly skipped: readonly SkippedTask[];
}

function discoverEndpoint(
  context: LabelContext,
  endpoint: Endpoint,
  tasks: readonly ObservedTask[],
  observed: ObservedState,
): EndpointTargets | Unknown {
  const { registry } = context.target.spec;
  const skipped: SkippedTask[] = [];
  const taskByAddress = new Map<string, string>();
  const groups = new Map<string, TargetGroup>();
  // In order of task id, so that of two tasks at one address always the same one wins.
  for (const task of [...tasks].sort((a, b) => compareText(a.id, b.id))) {
    const skip = (reason: string) => skipped.push({ taskId: task.id, reason });
    const status = statusFault(task, endpoint.filterRunning);
    if (status !== undefined) {
      skip(status);
      continue;
    }
    const definition = definitionOf(task, observed);
    const address = findAddress(task, valueOf(definition), endpoint.port, registry);
    if (address.kind === 'unknown') return unknown(errorOf(definition, task));
    if (address.kind === 'skipped') {
      skip(`endpoint ${endpoint.name}: ${address.reason}`);
      continue;
    }
    const hostPort = joinHostPort(address.ip, address.port);
    const other = taskByAddress.get(hostPort);
    if (other !== undefined) {
      skip(`endpoint ${endpoint.name}: ${hostPort} is already the address of task ${other}`);
      continue;
    }
    taskByAddress.set(hostPort, task.id);
    const labels = targetLabels(context, endpoint, task, valueOf(definition), address.ip);
    groups.set(hostPort, { targets: [hostPort], labels });
  }
  return { kind: 'endpoint', name: endpoint.name, groups: [...groups.values()], skipped };
}

const ENDING = new Set(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED', 'DELETED']);

export const isEnding = ({ lastStatus }: ObservedTask): boolean => ENDING.has(lastStatus);

function statusFault(task: ObservedTask, filterRunning: boolean): string | undefined {
  if (isEnding(task)) return `the task is ${task.lastStatus}`;
  if (filterRunning && task.lastStatus !== 'RUNNING')
    return `the task is ${task.lastStatus}, not RUNNING yet`;
  return undefined;
}

function definitionOf(task: ObservedTask, observed: ObservedState): Read<ObservedTaskDefinition> | undefined {
  const arn = task.taskDefinitionArn;
  return arn === undefined ? undefined : observed.taskDefinitions.get(arn);
}

function valueOf<T>(read: Read<T> | undefined): T | undefined {
  return read?.kind === 'complete' ? read.value : undefined;
}

function errorOf(read: Read<unknown> | undefined, task: ObservedTask): OperatorError {
  if (read?.kind === 'failed') return read.error;
  const message = `The task definition of task ${task.id} has not been read in this cycle.`;
  return transient({ reason: 'NotObserved', message });
}

/** Several endpoints skip a task for one and the same reason: it is told once. */
function uniqueSkips(skips: readonly SkippedTask[]): readonly SkippedTask[] {
  const unique = new Map(skips.map((skip) => [`${skip.taskId} ${skip.reason}`, skip]));
  return [...unique].sort(([a], [b]) => compareText(a, b)).map(([, skip]) => skip);
}
