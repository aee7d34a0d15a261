import { isDnsLabel } from '../api/names.ts';
import { parseDocuments } from '../api/parse.ts';
import { buildDesiredState } from '../state/desired.ts';
import type { Inventory } from '../state/inventory.ts';
import { compareText, registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedNamespace } from '../state/observed.ts';
import { calculatePlan } from './calculate-plan.ts';
import { draftOf, type DocumentDraft, type SkippedImport } from './import-draft.ts';
import { dnsLabelOf, uniqueLabel } from './import-names.ts';
import { commentedOut, documentYaml } from './import-yaml.ts';
import type { Change, Plan } from './types.ts';

/** A document for something that exists, ready to be committed. */
export interface ImportedDocument {
  readonly name: string;
  /** YAML of one document; of a proposal every line is a comment. */
  readonly text: string;
  readonly proposal: boolean;
  readonly registry: string;
  readonly service: string;
  readonly bindingPolicy: 'Ensure' | 'Observe';
  readonly adopts: boolean;
  readonly endpoints: readonly string[];
  /** What its reader should know before committing it. */
  readonly notes: readonly string[];
}

export interface ImportResult {
  /** By name. */
  readonly documents: readonly ImportedDocument[];
  /** By subject. */
  readonly skipped: readonly SkippedImport[];
}

interface Candidate {
  readonly draft: DocumentDraft;
  readonly name: string;
  readonly text: string;
}

/**
 * Documents that ask for what is there. None leaves here that does not validate, or whose plan on the same
 * inventory is blocked, changes anything but tags, or replaces a task: that is tried, not assumed.
 */
export function importDocuments(inventory: Inventory, owner: string): ImportResult {
  const { drafts, skipped } = draftAll(inventory, owner);
  const { served, taken } = oneForEachService(drafts);
  const candidates = nameAll(served);
  const files = candidates.map(({ name, text }) => ({ file: name, text }));
  const parsed = parseDocuments(files);
  const plan = calculatePlan(buildDesiredState(parsed.targets, owner), inventory.observed, { owner, now: 0 });
  const faults = new Map([
    ...unfitting(plan),
    ...parsed.errors.map(
      ({ file, path, message }) => [file, { reason: 'Invalid', message: `${path}: ${message}` }] as const,
    ),
  ]);
  return {
    documents: candidates
      .filter(({ name }) => !faults.has(name))
      .map((candidate) => finish(candidate, plan))
      .sort((a, b) => compareText(a.name, b.name)),
    skipped: [
      ...skipped,
      ...taken,
      ...candidates.flatMap(({ draft, name }) => {
        const fault = faults.get(name);
        return fault === undefined ? [] : [{ subject: subjectOf(draft), ...fault }];
      }),
    ].sort((a, b) => compareText(a.subject, b.subject)),
  };
}

const subjectOf = ({ registry }: DocumentDraft): string => `registry ${registryKey(registry)}`;

interface Drafts {
  readonly drafts: readonly DocumentDraft[];
  readonly skipped: readonly SkippedImport[];
}

function draftAll(inventory: Inventory, owner: string): Drafts {
  const namespaces = [...inventory.observed.namespaces.values()]
    .flatMap((read) => (read.kind === 'complete' ? (read.value ?? []) : []))
    .sort((a, b) => compareText(a.name, b.name));
  const drafted = namespaces
    .filter(({ shared }) => !shared)
    .flatMap((namespace) => draftNamespace(inventory, namespace, owner));
  return {
    drafts: drafted.flatMap((each) => (each.kind === 'draft' ? [each.draft] : [])),
    skipped: [
      ...drafted.flatMap((each) => (each.kind === 'skipped' ? [each.skipped] : [])),
      ...namespaces.filter(({ shared }) => shared).map(sharedNamespace),
      ...servicesWithoutRegistry(inventory, namespaces),
    ],
  };
}

function draftNamespace(inventory: Inventory, namespace: ObservedNamespace, owner: string) {
  const all = inventory.scope.kind === 'namespaces';
  return [...namespace.registries.values()]
    .filter(({ tags }) => all || tags !== undefined)
    .sort((a, b) => compareText(a.name, b.name))
    .map((registry) => draftOf(inventory, namespace, registry, owner));
}

const sharedNamespace = ({ name }: ObservedNamespace): SkippedImport => ({
  subject: `namespace ${name}`,
  reason: 'SharedNamespace',
  message:
    'It belongs to another account: ECS does not register tasks there, and its registries cannot be tagged.',
});

/** Whoever asks for a cluster wants to hear of every service in it. */
function servicesWithoutRegistry(
  { scope, observed }: Inventory,
  namespaces: readonly ObservedNamespace[],
): readonly SkippedImport[] {
  if (scope.kind === 'namespaces') return [];
  const known = new Set(
    namespaces.flatMap(({ registries }) => [...registries.values()].map(({ arn }) => arn)),
  );
  return [...observed.services].flatMap(([key, read]): SkippedImport[] => {
    if (read.kind === 'failed' || read.value === undefined) return [];
    const [binding] = read.value.serviceRegistries;
    const subject = `service ${key}`;
    if (binding === undefined) return [{ subject, reason: 'NoRegistry', message: NO_REGISTRY }];
    if (known.has(binding.registryArn)) return [];
    const message = `Its registry ${binding.registryArn} could not be found.`;
    return [{ subject, reason: 'RegistryNotFound', message }];
  });
}

const NO_REGISTRY =
  'It names no registry, and to give it one replaces its tasks, so that is left to a document of yours.';

/** Where instances tell of a service that names another registry: that one comes first. */
function oneForEachService(drafts: readonly DocumentDraft[]): {
  readonly served: readonly DocumentDraft[];
  readonly taken: readonly SkippedImport[];
} {
  const owners = new Map<string, DocumentDraft>();
  for (const draft of drafts) {
    const key = serviceKey(draft.service);
    const owner = owners.get(key);
    if (owner === undefined || (draft.bound && !owner.bound)) owners.set(key, draft);
  }
  const isServed = (draft: DocumentDraft): boolean => owners.get(serviceKey(draft.service)) === draft;
  return {
    served: drafts.filter(isServed),
    taken: drafts
      .filter((draft) => !isServed(draft))
      .map((draft) => ({
        subject: subjectOf(draft),
        reason: 'DuplicateService',
        message: `ECS service ${serviceKey(draft.service)} has a document with another registry, and a service has one.`,
      })),
  };
}

/** Names of earlier documents stay; others are made of the registry's name, in the order of the registries. */
function nameAll(drafts: readonly DocumentDraft[]): readonly Candidate[] {
  const taken = new Set<string>();
  const names = new Map<DocumentDraft, string>();
  for (const draft of drafts) {
    const { formerName } = draft;
    if (formerName === undefined || !isDnsLabel(formerName) || taken.has(formerName)) continue;
    taken.add(formerName);
    names.set(draft, formerName);
  }
  return drafts.map((draft): Candidate => {
    const former = names.get(draft);
    const name = former ?? uniqueLabel(labelFor(draft), taken);
    taken.add(name);
    const origin =
      former === undefined ? 'made of the name of the registry' : 'tag ecs-prometheus-operator/scrape-target';
    return { draft, name, text: documentYaml(draft, name, origin) };
  });
}

const labelFor = ({ registry, service }: DocumentDraft): string =>
  dnsLabelOf(registry.name) || dnsLabelOf(service.service) || 'target';

type Fault = Pick<SkippedImport, 'reason' | 'message'>;

/** By name: what a plan would do that an import never asks for. */
function unfitting(plan: Plan): readonly (readonly [string, Fault])[] {
  return [
    ...plan.changes
      .filter((change) => change.kind !== 'tagRegistry' && change.kind !== 'untagRegistry')
      .map(
        ({ target, kind }) =>
          [target, { reason: 'WouldChange', message: `A document for it would lead to ${kind}.` }] as const,
      ),
    ...plan.blocked.map(({ target, reason, message }) => [target, { reason, message }] as const),
  ];
}

function finish({ draft, name, text }: Candidate, { changes }: Plan): ImportedDocument {
  const { registry, service, endpoints, observe, proposal } = draft;
  const notes = changes.filter(({ target }) => target === name).flatMap(changedTags);
  return {
    name,
    text: proposal ? commentedOut(text, PROPOSAL) : text,
    proposal,
    registry: registryKey(registry),
    service: serviceKey(service),
    bindingPolicy: observe === undefined ? 'Ensure' : 'Observe',
    adopts: registry.adopt,
    endpoints: endpoints.map((endpoint) => endpoint.name),
    notes: [
      ...(proposal ? [PROPOSAL] : []),
      ...(observe === undefined ? [] : [`The binding is only observed. ${observe}`]),
      ...notes,
    ],
  };
}

const PROPOSAL =
  'A proposal: the registry has no tags for scraping. Check the endpoints, then remove the mark from every line.';

/** Adoption adds tags; what it changes or removes of those that are there is worth a word. */
function changedTags(change: Change): readonly string[] {
  if (change.kind === 'untagRegistry')
    return [`The first apply removes the tags ${Object.keys(change.before).sort().join(', ')}.`];
  if (change.kind !== 'tagRegistry') return [];
  return Object.entries(change.before).map(
    ([key, before]) =>
      `The first apply changes the tag ${key} from ${JSON.stringify(before)} to ${JSON.stringify(change.after[key] ?? '')}.`,
  );
}
