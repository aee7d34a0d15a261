import { compareText } from '../state/keys.ts';
import { isSecretKey, MASK, maskUrls } from './mask.ts';

export interface TargetsDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** One line for each changed label of a target that stays. */
  readonly relabelled: readonly string[];
}

type Labels = Readonly<Record<string, unknown>>;

/** What changes between two file_sd files; a file that is not one counts as empty. */
export function diffTargets(before: string, after: string): TargetsDiff {
  const [old, fresh] = [readTargets(before), readTargets(after)];
  return {
    added: [...fresh.keys()].filter((address) => !old.has(address)).sort(compareText),
    removed: [...old.keys()].filter((address) => !fresh.has(address)).sort(compareText),
    relabelled: [...fresh]
      .sort(([a], [b]) => compareText(a, b))
      .flatMap(([address, labels]) => diffLabels(address, old.get(address) ?? labels, labels)),
  };
}

function diffLabels(address: string, before: Labels, after: Labels): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  return keys
    .map((key) => ({ key, old: own(before, key), fresh: own(after, key) }))
    .filter(({ old, fresh }) => old !== fresh)
    .map(({ key, old, fresh }) => `~ ${address} ${key}: ${labelText(key, old)} -> ${labelText(key, fresh)}`);
}

/** `constructor` is a label name like any other. */
const own = (labels: Labels, key: string): unknown => (Object.hasOwn(labels, key) ? labels[key] : undefined);

function labelText(key: string, value: unknown): string {
  if (value === undefined) return '(none)';
  return isSecretKey(key) ? MASK : maskUrls(JSON.stringify(value));
}

function readTargets(text: string): ReadonlyMap<string, Labels> {
  const targets = new Map<string, Labels>();
  for (const group of parseGroups(text)) {
    if (!isRecord(group) || !Array.isArray(group['targets'])) continue;
    const labels = isRecord(group['labels']) ? group['labels'] : {};
    for (const address of group['targets']) if (typeof address === 'string') targets.set(address, labels);
  }
  return targets;
}

function parseGroups(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // A torn or foreign file on disk: everything in the new one is new.
    return [];
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
