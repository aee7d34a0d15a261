import { isApplicable } from './effects/applicable.ts';
import { seededRandom } from './random.ts';
import type { SandboxClock } from './clock.ts';
import type { FaultEffect } from './effects/effect.ts';

/** Which calls a fault hits, and what it does to them. Whatever is absent selects everything. */
export interface FaultRule {
  /** As in `JsonService.name`: `ecs`, `servicediscovery`, `ssm`, `logs`, `s3`, `sts`. */
  readonly service?: string;
  readonly operation?: string | readonly string[];
  /**
   * Only calls whose input names this: a text between two characters that cannot belong to a name, so that `web` does
   * not hit `web-2`. A Cloud Map namespace or registry may be given by name although calls carry its id.
   */
  readonly resource?: string;
  /** Access key id of the caller. */
  readonly caller?: string;
  /** Only calls whose input it accepts. */
  readonly matches?: (input: unknown) => boolean;
  /** Milliseconds of the sandbox's clock, from inclusive, until exclusive. */
  readonly window?: { readonly from?: number; readonly until?: number };
  /** Only the nth matching call, counted from 1. */
  readonly nth?: number;
  /** Matching calls to let pass first. Default 0. */
  readonly after?: number;
  /** Matching calls to hit; default all that follow. */
  readonly count?: number;
  /**
   * Chance to hit a matching call, from 0 to 1. Default 1. It depends on the seed, the call and how often that call was
   * made before, not on what else happens at the same time.
   */
  readonly probability?: number;
  readonly effect: FaultEffect;
}

export interface FaultedCall {
  readonly service: string;
  readonly operation: string;
  readonly caller?: string | undefined;
  readonly input: unknown;
}

/** A fault that hits a call. */
export interface Strike {
  readonly effect: FaultEffect;
  /** From 0 to 1, the same for the same seed and call: for effects that leave a choice. */
  readonly chance: number;
}

export interface Faults {
  /** Puts a rule in force, behind those that are; call the result to take it back. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** The first rule in force that hits this call. Every rule counts the calls that match it. */
  strike(call: FaultedCall): Strike | undefined;
}

export interface FaultParts {
  readonly seed: number;
  readonly clock: SandboxClock;
  /** Ids that stand for a name in the inputs of calls. */
  idsOf(name: string): readonly string[];
  /** Called when a rule with this effect comes into force; the result when it no longer is. */
  arm(effect: FaultEffect): () => void;
}

interface ArmedRule {
  readonly rule: FaultRule;
  readonly seed: string;
  readonly disarm: () => void;
  /** How often a call was seen, by hash: the chance of the next one differs. */
  readonly repeats: Map<number, number>;
  seen: number;
  hits: number;
}

/** Bounds what a rule remembers in runs that go on for days. */
const MOST_REPEATS = 50_000;

/** FNV-1a: spreads texts over 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Whether a text names the resource, and not merely another one whose name is longer. */
const naming = (resource: string): RegExp => new RegExp(`(?<![\\w-])${escaped(resource)}(?![\\w-])`);

function names(input: unknown, resources: readonly string[]): boolean {
  const patterns = resources.map(naming);
  return texts(input).some((text) => patterns.some((pattern) => pattern.test(text)));
}

const isInWindow = ({ window }: FaultRule, now: number): boolean =>
  now >= (window?.from ?? -Infinity) && now < (window?.until ?? Infinity);

const concerns = (rule: FaultRule, call: FaultedCall, parts: FaultParts): boolean =>
  (rule.service ?? call.service) === call.service &&
  [rule.operation ?? call.operation].flat().includes(call.operation) &&
  (rule.caller === undefined || rule.caller === call.caller) &&
  isInWindow(rule, parts.clock.now()) &&
  isApplicable(rule.effect, call) &&
  (rule.resource === undefined || names(call.input, [rule.resource, ...parts.idsOf(rule.resource)])) &&
  (rule.matches?.(call.input) ?? true);

function chanceOf(armed: ArmedRule, call: FaultedCall): number {
  const same = hash(`${armed.seed} ${call.service}.${call.operation} ${JSON.stringify(call.input)}`);
  const repeat = armed.repeats.get(same) ?? 0;
  if (armed.repeats.size >= MOST_REPEATS) armed.repeats.clear();
  armed.repeats.set(same, repeat + 1);
  return seededRandom(same + Math.imul(repeat, 0x9e3779b1))();
}

/** The chance of a call that the rule hits; undefined when it passes. */
function hit(armed: ArmedRule, call: FaultedCall): number | undefined {
  const { nth = armed.seen, after = 0, count = Infinity, probability = 1 } = armed.rule;
  if (armed.seen !== nth || armed.seen <= after || armed.hits >= count) return undefined;
  const roll = chanceOf(armed, call);
  return roll < probability ? (roll / probability) % 1 : undefined;
}

function firstHit(rules: Iterable<ArmedRule>, call: FaultedCall, parts: FaultParts): Strike | undefined {
  let strike: Strike | undefined;
  for (const armed of rules) {
    if (!concerns(armed.rule, call, parts)) continue;
    armed.seen += 1;
    const chance = strike === undefined ? hit(armed, call) : undefined;
    if (chance === undefined) continue;
    armed.hits += 1;
    strike = { effect: armed.rule.effect, chance };
  }
  return strike;
}

export function createFaults(parts: FaultParts): Faults {
  const rules = new Set<ArmedRule>();
  let added = 0;
  const remove = (armed: ArmedRule): void => {
    if (rules.delete(armed)) armed.disarm();
  };
  return {
    add(rule) {
      const disarm = parts.arm(rule.effect);
      const seed = `${parts.seed} ${(added += 1)}`;
      const armed: ArmedRule = { rule, seed, disarm, repeats: new Map(), seen: 0, hits: 0 };
      rules.add(armed);
      return () => remove(armed);
    },
    clear() {
      for (const armed of rules) remove(armed);
    },
    strike: (call) => firstHit(rules, call, parts),
  };
}
