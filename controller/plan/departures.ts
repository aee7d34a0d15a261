import type { DesiredTarget } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedRegistry, ObservedService, ObservedState, Read } from '../state/observed.ts';
import { claimKey, ownedKey, type Owned, type OwnedRegistry } from '../state/owned.ts';
import { block, blockUnobserved, blockUnread } from './blocked.ts';
import {
  describeDeployment,
  findRolledBack,
  isDeploymentInProgress,
  primaryDeployment,
} from './deployments.ts';
import { findServiceRefusal } from './preflight.ts';
import { judgePrune, type PruneLimits } from './prune-limits.ts';
import { OWNER_TAG, type Blocked, type DepartureChange, type Rollout } from './types.ts';

/** Why it cannot be told whether a document is gone. */
export type Uncertainty = Pick<Blocked, 'reason' | 'message' | 'remedy' | 'family'>;

export interface DepartureInput {
  readonly owned: Owned;
  /** Every valid document, those in force instead of an invalid version and suspended ones included. */
  readonly targets: readonly DesiredTarget[];
  /** Set while a document may exist that `targets` does not show. */
  readonly uncertainty: Uncertainty | undefined;
  readonly observed: ObservedState;
  readonly owner: string;
  readonly limits: PruneLimits;
}

/** What becomes of the registries that documents have left behind. */
export interface Departures {
  readonly changes: readonly DepartureChange[];
  readonly blocked: readonly Blocked[];
  readonly rollouts: readonly Rollout[];
  /** Entries of the inventory that are left as they are, because their documents said so. */
  readonly retain: Owned;
  /** Entries whose deletion may begin once their jobs have left Prometheus. */
  readonly begin: Owned;
  /** Entries that have nothing left of ours. */
  readonly forget: Owned;
}

const NOTHING = { changes: [], blocked: [], rollouts: [], retain: [], begin: [], forget: [] } as const;

/**
 * Entries that no document claims: what must be observed beside the documents until it is deleted. One that is to stay
 * is looked at too, once or until the deployment ends that its document may have begun.
 */
export function findLeaving(owned: Owned, targets: readonly DesiredTarget[]): Owned {
  return unclaimed(owned, targets).filter(({ state }) => state !== 'retained');
}

const mayDelete = ({ state, deletionPolicy }: OwnedRegistry): boolean =>
  state === 'deleting' || deletionPolicy === 'Delete';

function unclaimed(owned: Owned, targets: readonly DesiredTarget[]): Owned {
  const claims = new Set(
    targets.map(({ registry, binding }) => claimKey({ registry, service: binding.service })),
  );
  return owned.filter((entry) => !claims.has(claimKey(entry)));
}

/**
 * | document   | policy | entry    | result                                                          |
 * | ---------- | ------ | -------- | --------------------------------------------------------------- |
 * | there      |        | any      | nothing: the plan of the document goes on                       |
 * | uncertain  |        | active   | nothing                                                         |
 * | uncertain  |        | deleting | blocked until it is certain                                     |
 * | gone       | Retain | active   | retained once no deployment runs                                |
 * | gone       | Delete | active   | unbind and delete once the job is gone, if not too many at once |
 * | gone       | Delete | deleting | unbind, wait, delete, forget                                    |
 */
export function planDepartures(input: DepartureInput): Departures {
  const gone = findLeaving(input.owned, input.targets);
  const begun = gone.filter(({ state }) => state === 'deleting');
  const { uncertainty } = input;
  // A document that came back does not end the rollout that its absence began.
  const undone = input.owned.filter((entry) => entry.unbindSent !== undefined && !gone.includes(entry));
  const rolling = new Map([...gone, ...undone].flatMap((entry) => rolloutOf(entry, input.observed)));
  const rollouts = [...rolling.values()];
  if (uncertainty !== undefined)
    return {
      ...NOTHING,
      rollouts,
      blocked: begun.map((entry) => block(nameOf(entry), aboutRegistry(entry), uncertainty)),
    };

  const fresh = gone.filter(({ state }) => state === 'active');
  const held = holdFresh(fresh, input);
  const retain = held.length > 0 ? [] : fresh.filter((entry) => !mayDelete(entry) && !rolling.has(entry));
  const leaving = held.length > 0 ? begun : gone.filter(mayDelete);
  const steps = leaving.map((entry) => ({ entry, ...planDeparture(entry, leaving, input) }));
  return {
    changes: steps.flatMap(({ changes }) => changes ?? []),
    blocked: [...held, ...steps.flatMap(({ blocked }) => blocked ?? [])],
    rollouts,
    retain,
    begin: leaving.filter(({ state }) => state === 'active'),
    forget: steps.filter(({ forget }) => forget).map(({ entry }) => entry),
  };
}

/** One decision for all that went at once, kept or deleted: what is held to be a mistake changes nothing. */
function holdFresh(fresh: Owned, { owned, limits }: DepartureInput): readonly Blocked[] {
  const active = owned.filter(({ state }) => state === 'active').length;
  const verdict = judgePrune(fresh.length, active, limits);
  if (verdict.kind === 'allowed') return [];
  const why =
    verdict.kind === 'wouldEmpty'
      ? {
          reason: 'PruneWouldEmpty',
          message: `The documents of all registries of this installation (${active}) are gone, so none is deleted.`,
          remedy: 'Check the source. If that is meant, add --allow-empty.',
        }
      : {
          reason: 'PruneHeld',
          message: `The documents of ${fresh.length} of ${active} registries are gone, more than --max-prune ${limits.maxPercent} (percent) allows, so none is deleted.`,
          remedy: `Check the source. If that is meant, use --max-prune ${verdict.needed}.`,
        };
  return fresh.filter(mayDelete).map((entry) => block(nameOf(entry), aboutRegistry(entry), why));
}

/** `forget` alone where nothing of ours is left. */
interface Step {
  readonly changes?: readonly DepartureChange[];
  readonly blocked?: Blocked;
  readonly forget?: true;
}

function planDeparture(entry: OwnedRegistry, leaving: Owned, input: DepartureInput): Step {
  const registry = findRegistry(entry, input);
  const service = input.observed.services.get(serviceKey(entry.service));
  if ('blocked' in registry) return registry;
  if (registry.found === undefined) return { forget: true };
  const about = aboutService(entry);
  if (service === undefined) return { blocked: blockUnobserved(nameOf(entry), about, about.subject) };
  if (service.kind === 'failed') return { blocked: blockUnread(nameOf(entry), about, service.error) };
  return planOwned(entry, service.value, isLastUser(entry, leaving, input));
}

/** The registry when it is there and ours; one that was replaced or given away is none of ours any more. */
function findRegistry(
  entry: OwnedRegistry,
  { observed, owner }: DepartureInput,
): { readonly found: ObservedRegistry | undefined } | { readonly blocked: Blocked } {
  const about = aboutRegistry(entry);
  const unread = (error: Extract<Read<never>, { kind: 'failed' }>['error']) => ({
    blocked: blockUnread(nameOf(entry), about, error),
  });
  const namespace = observed.namespaces.get(entry.registry.namespace);
  if (namespace === undefined) return { blocked: blockUnobserved(nameOf(entry), about, about.subject) };
  if (namespace.kind === 'failed') return unread(namespace.error);
  const registry = namespace.value?.registries.get(entry.registry.name);
  if (registry?.arn !== entry.registry.arn)
    return namespace.value?.unread === undefined ? { found: undefined } : unread(namespace.value.unread);
  const { tags } = registry;
  if (tags === undefined)
    return { blocked: blockUnobserved(nameOf(entry), about, `Tags of ${about.subject}`) };
  if (tags.kind === 'failed') return unread(tags.error);
  return { found: tags.value[OWNER_TAG] === owner ? registry : undefined };
}

/** Of several services that leave one registry together, the last one takes it along. */
function isLastUser(entry: OwnedRegistry, leaving: Owned, { owned, targets }: DepartureInput): boolean {
  if (targets.some(({ registry }) => registryKey(registry) === registryKey(entry.registry))) return false;
  const others = owned.filter(
    (other) => other.registry.arn === entry.registry.arn && ownedKey(other) !== ownedKey(entry),
  );
  return others.every((other) => leaving.includes(other) && ownedKey(other) < ownedKey(entry));
}

const JOB_GONE = 'its job has left Prometheus';

function planOwned(entry: OwnedRegistry, service: ObservedService | undefined, last: boolean): Step {
  const { registry } = entry;
  const published = entry.state === 'deleting' ? {} : { waitsUntil: JOB_GONE };
  const deletion = (waitsUntil?: string): readonly DepartureChange[] =>
    last
      ? [
          {
            kind: 'deleteRegistry',
            target: entry.target,
            registry,
            ...(waitsUntil && { waitsUntil }),
            ...published,
          },
        ]
      : [];
  const rolling = service !== undefined && isDeploymentInProgress(service);
  const place = serviceKey(entry.service);
  if (service?.status !== 'ACTIVE' || !names(service, entry)) {
    if (!rolling) return last ? { changes: deletion() } : { forget: true };
    return { changes: deletion(`the deployment of service ${place} has ended`) };
  }
  const refusal = refuseUnbind(entry, service, rolling);
  if (refusal !== undefined) return { blocked: refusal };
  const waits = rolling ? { waitsUntil: `the deployment of service ${place} has ended` } : {};
  const { arn, name, clusterArn, clusterName, desiredCount } = service;
  const deployment = primaryDeployment(service)?.id;
  return {
    changes: [
      {
        kind: 'unbindService',
        target: entry.target,
        service: { arn, name, clusterArn, clusterName, desiredCount },
        registry,
        ...(deployment !== undefined && { deployment }),
        before: service.serviceRegistries,
        after: service.serviceRegistries.filter(({ registryArn }) => registryArn !== registry.arn),
        ...waits,
        ...published,
      },
      ...deletion(`service ${place} has left it`),
    ],
  };
}

const names = (service: ObservedService, { registry }: OwnedRegistry): boolean =>
  service.serviceRegistries.some(({ registryArn }) => registryArn === registry.arn);

function refuseUnbind(entry: OwnedRegistry, service: ObservedService, rolling: boolean): Blocked | undefined {
  const refuse = (why: Pick<Blocked, 'reason' | 'message' | 'remedy'>) =>
    block(nameOf(entry), aboutService(entry), why);
  if (entry.bindingPolicy === 'Observe')
    return refuse({
      reason: 'StillBound',
      message: `The service still names registry ${registryKey(entry.registry)}, and bindingPolicy was Observe: the ECS service is never touched.`,
      remedy:
        'Take the registry out of the ECS service; it is deleted when no task is registered in it any more.',
    });
  const refusal = findServiceRefusal(service);
  if (refusal !== undefined)
    return refuse({ ...refusal, remedy: 'Take the registry out of the ECS service, or delete the service.' });
  if (rolling || entry.unbindSent === undefined) return undefined;
  // The call that was to send it may never have reached ECS.
  if (entry.unbindSent === primaryDeployment(service)?.id) return undefined;
  const failed = findRolledBack(service);
  return refuse({
    reason: 'RollbackDetected',
    message: `The service was told to leave registry ${registryKey(entry.registry)} and names it again: ${failed === undefined ? 'the change did not last' : describeDeployment(failed)}.`,
    remedy:
      'Look at the events of the ECS service. To have it tried again, publish the document once more and then remove it.',
  });
}

/** Whether the service is still being deployed because it was told to leave the registry. */
export const isUnbinding = (entry: OwnedRegistry, observed: ObservedState): boolean =>
  entry.unbindSent !== undefined && rolloutOf(entry, observed).length > 0;

/** While the service names our registry, its deployment may be the binding that the document had sent. */
function rolloutOf(
  entry: OwnedRegistry,
  { services }: ObservedState,
): readonly (readonly [OwnedRegistry, Rollout])[] {
  const read = services.get(serviceKey(entry.service));
  const service = read?.kind === 'complete' ? read.value : undefined;
  if (service === undefined || !isDeploymentInProgress(service)) return [];
  const bound = entry.bindingPolicy === 'Ensure' && names(service, entry);
  if (entry.unbindSent === undefined && !bound) return [];
  const { name, clusterName, runningCount, desiredCount } = service;
  const doing = mayDelete(entry) ? 'leaves its registry' : 'is deployed, and its document is gone';
  const message = `Service ${name} ${doing}: ${runningCount} of ${desiredCount} tasks are running.`;
  return [[entry, { target: entry.target, service: name, clusterName, message }]];
}

const nameOf = ({ target }: OwnedRegistry) => ({ name: target });

const aboutRegistry = ({ registry }: OwnedRegistry) =>
  ({ subject: `registry ${registryKey(registry)}`, condition: 'RegistrySynced' }) as const;

const aboutService = ({ service }: OwnedRegistry) =>
  ({ subject: `service ${serviceKey(service)}`, condition: 'ServiceBound' }) as const;
