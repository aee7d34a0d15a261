import type { DnsRecordType } from '../api/types.ts';
import type { DesiredTarget } from '../state/desired.ts';
import type { ObservedNamespace, ObservedRegistry, ObservedState } from '../state/observed.ts';
import { blockUnobserved, blockUnread, registrySubject } from './blocked.ts';
import { createRegistry, findImmutableDifference, planFields, registryRef } from './registry-fields.ts';
import {
  adoptionRequired,
  conflictingOwner,
  invalidTags,
  managedByEcs,
  nameDiffersOnlyByCase,
  namespaceNotFound,
  portUnresolved,
  sharedNamespace,
} from './registry-refusals.ts';
import {
  decideOwnership,
  diffTags,
  findTagFault,
  resolveTags,
  type ResolvedTags,
  type Tags,
} from './tags.ts';
import { findTaskDefinition } from './task-definition.ts';
import type { Blocked, Change, Drift } from './types.ts';

/** What is known of the registry that a binding would name. */
export interface RegistryHandle {
  /** Undefined when it does not exist yet or could not be seen. */
  readonly arn: string | undefined;
  /** `none` in an HTTP namespace. */
  readonly recordType: DnsRecordType | 'none';
  /** Whether a binding to it may be written: it is, or becomes in this plan, ours and as the document asks. */
  readonly usable: boolean;
  /** Already ours before this plan: an earlier pass may have sent a binding. */
  readonly ours: boolean;
}

export interface RegistryPlan {
  readonly changes: readonly Change[];
  readonly drift: readonly Drift[];
  readonly blocked: readonly Blocked[];
  readonly handle: RegistryHandle;
}

/**
 * | namespace          | registry | tags           | result                                        |
 * | ------------------ | -------- | -------------- | --------------------------------------------- |
 * | read failed        |          |                | blocked, family of the error                  |
 * | absent             |          |                | blocked NamespaceNotFound                     |
 * | shared             |          |                | blocked SharedNamespace                       |
 * | present            | absent   |                | create, with all tags                         |
 * | partly unread      | absent   |                | blocked, family of the error                  |
 * | present            | present  | read failed    | blocked, family of the error                  |
 * | present            | present  | another owner  | blocked ConflictingOwner                      |
 * | present            | present  | no owner       | adopt if the document says so, else blocked   |
 * | present            | present  | ours           | only what differs                             |
 */
export function planRegistry(target: DesiredTarget, observed: ObservedState, owner: string): RegistryPlan {
  const about = {
    subject: `namespace ${target.registry.namespace}`,
    condition: 'ReferencesResolved',
  } as const;
  const read = observed.namespaces.get(target.registry.namespace);
  if (read === undefined) return refuse(target, blockUnobserved(target, about, about.subject));
  if (read.kind === 'failed') return refuse(target, blockUnread(target, about, read.error));
  if (read.value === undefined) return refuse(target, namespaceNotFound(target));
  if (read.value.shared) return refuse(target, sharedNamespace(target));

  const resolved = resolve(target, observed);
  const registry = read.value.registries.get(target.registry.name);
  if (registry === undefined && read.value.unread !== undefined)
    return refuse(target, blockUnread(target, about, read.value.unread));
  return registry === undefined
    ? planMissing(target, read.value, resolved, owner)
    : planPresent(target, read.value, registry, resolved, owner);
}

function resolve(target: DesiredTarget, observed: ObservedState): Resolved {
  const found = findTaskDefinition(target, observed);
  const tags = resolveTags(target.registry.tags, found.kind === 'found' ? found.taskDefinition : undefined);
  return { tags, unresolved: tags.unknown.map(({ portName }) => portUnresolved(target, portName, found)) };
}

function planMissing(
  target: DesiredTarget,
  namespace: ObservedNamespace,
  resolved: Resolved,
  owner: string,
): RegistryPlan {
  const [unresolved] = resolved.unresolved;
  if (unresolved !== undefined) return refuse(target, unresolved);
  const fault = findTagFault(resolved.tags, {});
  if (fault !== undefined) return refuse(target, invalidTags(target, fault));
  const twin = namespace.type === 'HTTP' ? undefined : findTwin(namespace, target.registry.name);
  if (twin !== undefined) return refuse(target, nameDiffersOnlyByCase(target, twin));
  return {
    changes: [createRegistry(target, namespace, resolved.tags.known, owner)],
    drift: [],
    blocked: [],
    handle: { arn: undefined, recordType: recordTypeIn(namespace, target), usable: true, ours: false },
  };
}

/** DNS knows no case, so Cloud Map refuses two such names in a DNS namespace. */
function findTwin(namespace: ObservedNamespace, name: string): string | undefined {
  return [...namespace.registries.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
}

function planPresent(
  target: DesiredTarget,
  namespace: ObservedNamespace,
  registry: ObservedRegistry,
  resolved: Resolved,
  owner: string,
): RegistryPlan {
  const about = { subject: registrySubject(target), condition: 'RegistrySynced' } as const;
  const { tags: read, arn } = registry;
  if (read === undefined)
    return refuse(target, blockUnobserved(target, about, `Tags of ${about.subject}`), arn);
  if (read.kind === 'failed') return refuse(target, blockUnread(target, about, read.error), arn);

  const owned = { target, namespace, registry, observedTags: read.value, ...resolved };
  const ownership = decideOwnership(read.value, owner, target.registry.adopt);
  if (ownership.kind === 'foreign')
    return refuse(target, conflictingOwner(target, ownership.owner, owner), arn);
  if (ownership.kind === 'managedByEcs') return refuse(target, managedByEcs(target), arn);
  if (ownership.kind === 'unowned') return refuse(target, adoptionRequired(target), arn);
  return planOwned({ ...owned, adopts: ownership.kind === 'adoptable' });
}

interface Resolved {
  readonly tags: ResolvedTags;
  /** One for each tag whose port cannot be known. */
  readonly unresolved: readonly Blocked[];
}

interface OwnedContext extends Resolved {
  readonly target: DesiredTarget;
  readonly namespace: ObservedNamespace;
  readonly registry: ObservedRegistry;
  readonly observedTags: Tags;
  readonly adopts: boolean;
}

/** Ours, or to be adopted. The tags come first: nothing else is changed before the registry is marked as ours. */
function planOwned(context: OwnedContext): RegistryPlan {
  const { target, namespace, registry, adopts } = context;
  const immutable = findImmutableDifference(target, namespace, registry);
  const fault = findTagFault(context.tags, context.observedTags);
  const blocked = [
    ...(immutable === undefined ? [] : [immutable]),
    ...(fault === undefined ? [] : [invalidTags(target, fault)]),
    ...context.unresolved,
  ];
  const [first] = blocked;
  if (adopts && first !== undefined) return refuse(target, first, registry.arn);

  const tags = fault === undefined ? planTags(context) : { set: [], remove: [] };
  const fields =
    immutable === undefined ? planFields(target, namespace, registry) : { changes: [], drift: [] };
  return {
    changes: [...tags.set, ...fields.changes, ...tags.remove],
    drift: fields.drift,
    blocked,
    handle: {
      arn: registry.arn,
      recordType: recordTypeIn(namespace, target),
      usable: immutable === undefined,
      ours: !adopts,
    },
  };
}

function planTags(context: OwnedContext): {
  readonly set: readonly Change[];
  readonly remove: readonly Change[];
} {
  const { target, registry, adopts } = context;
  const diff = diffTags(context.tags, context.observedTags);
  const base = { target: target.name, registry: registryRef(target, registry) };
  return {
    set: isEmpty(diff.set.after) ? [] : [{ kind: 'tagRegistry', ...base, adopts, ...diff.set }],
    remove: isEmpty(diff.remove) ? [] : [{ kind: 'untagRegistry', ...base, before: diff.remove }],
  };
}

const isEmpty = (tags: Tags): boolean => Object.keys(tags).length === 0;

const recordTypeIn = (namespace: ObservedNamespace, target: DesiredTarget): RegistryHandle['recordType'] =>
  namespace.type === 'HTTP' ? 'none' : target.registry.dns.recordType;

/** Nothing is written to the registry, and no binding to it is either. */
function refuse(target: DesiredTarget, blocked: Blocked, arn?: string): RegistryPlan {
  const handle = { arn, recordType: target.registry.dns.recordType, usable: false, ours: false };
  return { changes: [], drift: [], blocked: [blocked], handle };
}
