import { registryKey, serviceKey } from '../state/keys.ts';
import type { ParsedDocument } from './document.ts';
import { quote, type Fault, type Path } from './faults.ts';
import type { FieldError } from './types.ts';

/** Something that only one document may have. */
interface Claim {
  readonly key: string;
  readonly path: Path;
  readonly reason: string;
  /** Told to the second who claims it, with the place of the first. */
  readonly message: (first: string) => string;
}

/**
 * Names, registries and ECS services that more than one document claims. The first in the order of files and
 * documents keeps it, also when it has errors of its own: its last accepted version may still be in force.
 */
export function findConflicts(
  documents: readonly ParsedDocument[],
): ReadonlyMap<ParsedDocument, readonly FieldError[]> {
  const owners = new Map<string, ParsedDocument>();
  const conflicts = new Map<ParsedDocument, FieldError[]>();
  for (const document of documents) {
    const taken = faultsOf(owners, document);
    if (taken.length > 0) conflicts.set(document, taken.map(document.errorOf));
  }
  return conflicts;
}

/** A document that repeats a name claims nothing else: the rest is most likely a copy, too. */
function faultsOf(owners: Map<string, ParsedDocument>, document: ParsedDocument): Fault[] {
  const { name, target } = document;
  const repeated = name === undefined ? undefined : take(owners, nameClaim(name), document);
  if (repeated !== undefined) return [repeated];
  if (target === undefined) return [];
  const claims = [registryClaim(target.spec.registry), serviceClaim(target.spec.serviceRef)];
  return claims.flatMap((claim) => take(owners, claim, document) ?? []);
}

/** The fault, when another document came first; otherwise the claim is granted. */
function take(
  owners: Map<string, ParsedDocument>,
  claim: Claim,
  document: ParsedDocument,
): Fault | undefined {
  const owner = owners.get(claim.key);
  if (owner === undefined) {
    owners.set(claim.key, document);
    return undefined;
  }
  return { path: claim.path, reason: claim.reason, message: claim.message(placeOf(owner)) };
}

const nameClaim = (name: string): Claim => ({
  key: `name ${name}`,
  path: ['metadata', 'name'],
  reason: 'DuplicateName',
  message: (first) =>
    `The name ${quote(name)} is already taken by ${first}. Names are unique over all sources: rename one.`,
});

/** Cloud Map refuses names that differ by case only. */
const registryClaim = (registry: { readonly namespace: string; readonly name: string }): Claim => ({
  key: `registry ${registryKey(registry).toLowerCase()}`,
  path: ['spec', 'registry'],
  reason: 'DuplicateRegistry',
  message: (first) =>
    `The registry ${quote(registryKey(registry))} already belongs to ${first}. Give each ScrapeTarget a registry of its own.`,
});

const serviceClaim = (ref: { readonly cluster: string; readonly service: string }): Claim => ({
  key: `service ${serviceKey(ref)}`,
  path: ['spec', 'serviceRef'],
  reason: 'DuplicateService',
  message: (first) =>
    `The ECS service ${quote(serviceKey(ref))} already belongs to ${first}. An ECS service has one registry: put all its endpoints into one ScrapeTarget.`,
});

function placeOf({ name, origin }: ParsedDocument): string {
  const place = `${origin.file} line ${origin.line}`;
  return name === undefined ? place : `${quote(name)} (${place})`;
}
