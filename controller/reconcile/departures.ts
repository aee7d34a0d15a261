import type { ScrapeTarget } from '../api/types.ts';
import type { OperatorError } from '../errors.ts';
import { isUnbinding, type Departures, type Uncertainty } from '../plan/departures.ts';
import type { Restriction } from '../plan/restrict-plan.ts';
import { OWNER_TAG, type Plan, type RegistryRef, type Rollout } from '../plan/types.ts';
import { compareText, lastSegment, registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedState, Read } from '../state/observed.ts';
import {
  claimKey,
  ownedKey,
  sortOwned,
  type Holdings,
  type Owned,
  type OwnedRegistry,
} from '../state/owned.ts';
import type { ChangeOutcome, Publication } from '../status/types.ts';
import type { ObserveScope } from './ports.ts';
import type { Documents } from './read-documents.ts';
import { wasSent } from './rollout.ts';

/** While this is so, a document that was not seen is not known to be gone. */
export function findUncertainty({
  incomplete,
  whole,
  errors,
  lastKnownGood,
}: Documents): Uncertainty | undefined {
  if (incomplete.length > 0 || !whole)
    return {
      reason: 'SourceUnread',
      family: 'transient',
      message: `${incomplete.map(({ uri }) => uri).join(', ')} could not be read whole, so it is not certain that the document is gone.`,
      remedy: 'Nothing to do: it goes on when every source can be read.',
    };
  const faulty = errors.find(({ name }) => name === undefined || !lastKnownGood.has(name));
  return (
    faulty && {
      reason: 'InvalidDocument',
      family: 'terminal',
      message: `A document in ${faulty.file} is invalid and may be the one that is missed here, so nothing is deleted.`,
      remedy: 'Mend or remove that document.',
    }
  );
}

/** What documents name, and what they have left behind, each once. */
export function withLeaving(scope: ObserveScope, leaving: Owned): ObserveScope {
  const services = new Map(
    [...leaving.map(({ service }) => service), ...scope.services].map((ref) => [serviceKey(ref), ref]),
  );
  const registries = new Map(
    [...leaving.map(({ registry: { namespace, name } }) => ({ namespace, name })), ...scope.registries].map(
      (ref) => [registryKey(ref), ref],
    ),
  );
  return { services: [...services.values()], registries: [...registries.values()] };
}

/** What the inventory says in one pass. */
export interface Ownership {
  /** Undefined where none is kept. */
  readonly inventory: Read<Holdings> | undefined;
  readonly departures: Departures;
}

/** Why nothing can be planned to be deleted. */
export const inventoryErrorOf = ({ inventory }: Ownership): OperatorError | undefined =>
  inventory?.kind === 'failed' ? inventory.error : undefined;

export const ownedIn = ({ inventory }: Pick<Ownership, 'inventory'>): Owned =>
  inventory?.kind === 'complete' ? inventory.value.owned : [];

export function withDepartures(plan: Plan, { changes, blocked, rollouts }: Departures): Plan {
  const serviceOf = ({ clusterName, service }: Rollout): string => `${clusterName}/${service}`;
  const counted = new Set(plan.rollouts.map(serviceOf));
  return {
    ...plan,
    changes: [...plan.changes, ...changes],
    blocked: [...plan.blocked, ...blocked].sort((a, b) => compareText(a.target, b.target)),
    rollouts: [...plan.rollouts, ...rollouts.filter((rollout) => !counted.has(serviceOf(rollout)))],
  };
}

/** What a pass is not to touch stays as it is in the inventory as well. */
export function restrictDepartures(
  departures: Departures,
  { policy, only }: Pick<Restriction, 'policy' | 'only'>,
): Departures {
  const wanted = ({ target }: OwnedRegistry): boolean => only === undefined || only.has(target);
  return {
    ...departures,
    retain: departures.retain.filter(wanted),
    begin: policy === 'sync' ? departures.begin.filter(wanted) : [],
    forget: departures.forget.filter(wanted),
  };
}

/** What a pass found out that the inventory is to know. */
export interface OwnedFacts {
  readonly owned: Owned;
  readonly owner: string;
  readonly targets: readonly ScrapeTarget[];
  /** Versions of which Prometheus may have the jobs. */
  readonly inForce: readonly ScrapeTarget[];
  readonly observed: ObservedState;
  readonly departures: Departures;
  readonly outcomes: readonly ChangeOutcome[];
  readonly publication: Publication | undefined;
}

/** The inventory after a pass. An entry is deleted from only after a pass in which its job was seen to be gone. */
export function ownedAfter(facts: OwnedFacts): Owned {
  const entries = new Map(facts.owned.map((entry) => [ownedKey(entry), entry]));
  const edit = (list: Owned, change: (entry: OwnedRegistry) => OwnedRegistry | undefined): void => {
    for (const entry of list) {
      const key = ownedKey(entry);
      const now = entries.get(key);
      const next = now && change(now);
      if (next === undefined) entries.delete(key);
      else entries.set(key, next);
    }
  };
  edit(facts.departures.retain, (entry) => ({ ...entry, state: 'retained' }));
  edit(jobsGone(facts), (entry) => ({ ...entry, state: 'deleting' }));
  edit(facts.owned.filter(wasNotUnbound(facts.outcomes)), withoutUnbinding);
  edit(facts.owned.filter(wasUnbound(facts)), (entry) =>
    entry.unbindSent === undefined ? entry : { ...entry, unbindSent: EFFECT_SEEN },
  );
  edit([...facts.departures.forget, ...facts.owned.filter(wasDeleted(facts.outcomes))], () => undefined);
  // Also while its registry cannot be read: what it asks for now is what counts when it is gone.
  for (const target of facts.targets)
    edit(
      facts.owned.filter((entry) => claimKey(entry) === claimOf(target)),
      (entry) => ({ ...unlessUnbinding(entry, facts), ...wishesOf(target) }),
    );
  const active = facts.targets.flatMap((target) => activeEntries(target, facts));
  const claimed = new Set(active.map(claimKey));
  // A registry that was made anew under the same name has another ARN.
  edit(
    [...entries.values()].filter((entry) => claimed.has(claimKey(entry))),
    () => undefined,
  );
  for (const entry of active) entries.set(ownedKey(entry), entry);
  return sortOwned(entries.values());
}

/** Of the entries whose deletion may begin: those of which Prometheus has no job any more. */
function jobsGone({ departures, inForce, publication }: OwnedFacts): Owned {
  if (publication !== undefined && !isInForce(publication)) return [];
  const scraped = new Set(inForce.map(claimOf));
  return departures.begin.filter((entry) => !scraped.has(claimKey(entry)));
}

const isInForce = (publication: Publication): boolean =>
  publication.kind === 'published' && !['rejected', 'pending'].includes(publication.result.reload.kind);

const isDone = ({ result }: ChangeOutcome): boolean =>
  result.kind === 'applied' || result.kind === 'unchanged';

/** It was noted that the service is told to leave the registry, and then that was refused before it had an effect. */
const wasNotUnbound =
  (outcomes: readonly ChangeOutcome[]) =>
  (entry: OwnedRegistry): boolean =>
    outcomes.some(
      ({ change, result }) =>
        change.kind === 'unbindService' &&
        result.kind === 'failed' &&
        !wasSent(result) &&
        result.error.family !== 'transient' &&
        ownedKey(entry) === ownedKey({ registry: change.registry, service: placeOf(change.service) }),
    );

/** No deployment has this id: a rollback makes the one from before primary again, as if nothing had been sent. */
const EFFECT_SEEN = '';

/** The service was told to leave the registry and did, for the moment at least. */
const wasUnbound =
  ({ outcomes, observed }: OwnedFacts) =>
  (entry: OwnedRegistry): boolean => {
    const service = observed.services.get(serviceKey(entry.service));
    const seen =
      service?.kind === 'complete' &&
      service.value?.serviceRegistries.every(({ registryArn }) => registryArn !== entry.registry.arn) ===
        true;
    const sent = outcomes.some(
      ({ change, result }) =>
        change.kind === 'unbindService' &&
        result.kind === 'applied' &&
        ownedKey(entry) === ownedKey({ registry: change.registry, service: placeOf(change.service) }),
    );
    return seen || sent;
  };

function withoutUnbinding(entry: OwnedRegistry): OwnedRegistry {
  const { target, registry, service, origin, deletionPolicy, bindingPolicy, state } = entry;
  return { target, registry, service, origin, deletionPolicy, bindingPolicy, state };
}

/** A document that is there again may be removed again, and then the service is told once more; not while it rolls. */
const unlessUnbinding = (entry: OwnedRegistry, { observed }: OwnedFacts): OwnedRegistry =>
  isUnbinding(entry, observed) ? entry : withoutUnbinding(entry);

const placeOf = ({ clusterName, name }: { readonly clusterName: string; readonly name: string }) => ({
  cluster: clusterName,
  service: name,
});

const wasDeleted =
  (outcomes: readonly ChangeOutcome[]) =>
  ({ registry }: OwnedRegistry): boolean =>
    outcomes.some(
      (outcome) =>
        outcome.change.kind === 'deleteRegistry' &&
        outcome.change.registry.arn === registry.arn &&
        isDone(outcome),
    );

/** The entry of a document whose registry is ours: seen to be, or just made so. */
function activeEntries(target: ScrapeTarget, facts: OwnedFacts): Owned {
  const { registry, serviceRef } = target.spec;
  const made = facts.outcomes.flatMap((outcome) => madeOurs(outcome, target))[0];
  const ref = made?.ref ?? findOurs(target, facts);
  if (ref === undefined) return [];
  const place = {
    registry: { namespace: registry.namespace, name: registry.name, id: ref.id, arn: ref.arn },
    service: { cluster: lastSegment(serviceRef.cluster), service: lastSegment(serviceRef.service) },
  };
  const before = facts.owned.find((entry) => entry.registry.arn === ref.arn);
  const { unbindSent } = before === undefined ? {} : unlessUnbinding(before, facts);
  return [
    {
      ...place,
      origin: made?.origin ?? before?.origin ?? 'found',
      ...(unbindSent !== undefined && { unbindSent }),
      ...wishesOf(target),
    },
  ];
}

export const claimOf = ({ spec: { registry, serviceRef } }: ScrapeTarget): string =>
  claimKey({ registry, service: serviceRef });

/** What a document that is there makes of its entry. */
const wishesOf = ({ metadata, spec: { deletionPolicy, bindingPolicy } }: ScrapeTarget) =>
  ({ target: metadata.name, deletionPolicy, bindingPolicy, state: 'active' }) as const;

type Ref = Pick<RegistryRef, 'id' | 'arn'>;

function findOurs({ spec: { registry } }: ScrapeTarget, { observed, owner }: OwnedFacts): Ref | undefined {
  const namespace = observed.namespaces.get(registry.namespace);
  if (namespace?.kind !== 'complete') return undefined;
  const found = namespace.value?.registries.get(registry.name);
  return found?.tags?.kind === 'complete' && found.tags.value[OWNER_TAG] === owner ? found : undefined;
}

function madeOurs(
  outcome: ChangeOutcome,
  { metadata, spec }: ScrapeTarget,
): readonly { readonly ref: Ref; readonly origin: OwnedRegistry['origin'] }[] {
  const { change, result } = outcome;
  if (!isDone(outcome) || change.target !== metadata.name) return [];
  const key = registryKey(spec.registry);
  if (change.kind === 'tagRegistry' && change.adopts && registryKey(change.registry) === key)
    return [{ ref: change.registry, origin: 'adopted' }];
  if (change.kind !== 'createRegistry' || !('registryArn' in result) || result.registryArn === undefined)
    return [];
  if (registryKey({ namespace: change.namespace.name, name: change.name }) !== key) return [];
  return [{ ref: { id: lastSegment(result.registryArn), arn: result.registryArn }, origin: 'created' }];
}
