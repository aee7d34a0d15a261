import { isOwnTagKey, OWNER_TAG, type DesiredTagValue } from '../state/desired.ts';
import type { ObservedTaskDefinition } from '../state/observed.ts';

export type Tags = Readonly<Record<string, string>>;

/** Added by ECS to the Cloud Map services of Service Connect, which it creates and deletes itself. */
const ECS_MANAGED_TAG = 'AmazonECSManaged';

/**
 * | owner tag     | adopt | verdict          |
 * | ------------- | ----- | ---------------- |
 * | equal to ours | any   | ours             |
 * | another value | any   | foreign          |
 * | absent        | yes   | adoptable        |
 * | absent        | no    | unowned          |
 * | absent, but created by Service Connect | any | managedByEcs |
 */
export type Ownership =
  | { readonly kind: 'ours' | 'adoptable' | 'unowned' | 'managedByEcs' }
  | { readonly kind: 'foreign'; readonly owner: string };

export function decideOwnership(tags: Tags, owner: string, adopt: boolean): Ownership {
  const found = tags[OWNER_TAG];
  if (found === owner) return { kind: 'ours' };
  if (found !== undefined) return { kind: 'foreign', owner: found };
  if (ECS_MANAGED_TAG in tags) return { kind: 'managedByEcs' };
  return { kind: adopt ? 'adoptable' : 'unowned' };
}

/** The tags as far as they can be known. An unknown port leaves its tag as it is: neither written nor removed. */
export interface ResolvedTags {
  readonly known: ReadonlyMap<string, string>;
  readonly unknown: readonly { readonly key: string; readonly portName: string }[];
}

export function resolveTags(
  desired: ReadonlyMap<string, DesiredTagValue>,
  taskDefinition: ObservedTaskDefinition | undefined,
): ResolvedTags {
  const known = new Map<string, string>();
  const unknown: { key: string; portName: string }[] = [];
  for (const [key, tag] of desired) {
    const value = tag.kind === 'literal' ? tag.value : findPort(taskDefinition, tag.portName)?.toString();
    if (value !== undefined) known.set(key, value);
    else if (tag.kind === 'portOf') unknown.push({ key, portName: tag.portName });
  }
  return { known, unknown };
}

/** A named mapping may be a range, which has no single number to write into a tag. */
function findPort(taskDefinition: ObservedTaskDefinition | undefined, name: string): number | undefined {
  return taskDefinition?.containers
    .flatMap((container) => container.portMappings)
    .find((mapping) => mapping.name === name && mapping.containerPort !== undefined)?.containerPort;
}

export interface TagDiff {
  readonly set: { readonly before: Tags; readonly after: Tags };
  readonly remove: Tags;
}

/** Keys that are not ours appear on neither side. */
export function diffTags(desired: ResolvedTags, observed: Tags): TagDiff {
  const changed = [...desired.known].filter(([key, value]) => observed[key] !== value);
  const kept = new Set([...desired.known.keys(), ...desired.unknown.map(({ key }) => key)]);
  return {
    set: {
      before: pick(
        observed,
        changed.map(([key]) => key),
      ),
      after: Object.fromEntries(changed),
    },
    remove: pick(
      observed,
      Object.keys(observed)
        .filter((key) => isOwnTagKey(key) && !kept.has(key))
        .sort(),
    ),
  };
}

function pick(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(
    keys.flatMap((key): [string, string][] => {
      const value = Object.hasOwn(tags, key) ? tags[key] : undefined;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

const MAX_TAGS = 50;
const MAX_VALUE_LENGTH = 256;

/** What Cloud Map would refuse of these tags, or undefined. Tags of AWS itself are not counted. */
export function findTagFault(desired: ResolvedTags, observed: Tags): string | undefined {
  const long = [...desired.known].find(([, value]) => value.length > MAX_VALUE_LENGTH);
  if (long !== undefined) return `Tag ${long[0]} would have ${long[1].length} characters; 256 are allowed.`;
  const foreign = Object.keys(observed).filter((key) => !isOwnTagKey(key) && !/^aws:/i.test(key));
  const count = foreign.length + desired.known.size + desired.unknown.length;
  if (count > MAX_TAGS) return `The registry would have ${count} tags; Cloud Map allows ${MAX_TAGS}.`;
  return undefined;
}
