/** What a fault does to a call. */
export type FaultEffect =
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message?: string;
      readonly status?: number;
      readonly fields?: Readonly<Record<string, unknown>>;
      /** `after`: the operation takes effect, and the caller is told that it failed. Default `before`. */
      readonly when?: 'before' | 'after';
    }
  /** On the sandbox's clock; a virtual clock must be advanced for the answer to come. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The connection is cut without an answer, before or after the operation took effect. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** A list answers with no items and a token; the call with that token gives the page that this one withheld. */
  | { readonly kind: 'emptyPage' };

export interface FaultRule {
  /** As in `JsonService.name`; absent means every service. */
  readonly service?: string;
  /** Absent means every operation. */
  readonly operation?: string;
  /** Only calls whose input it accepts. */
  readonly matches?: (input: unknown) => boolean;
  /** Matching calls to let pass first. Default 0. */
  readonly after?: number;
  /** Matching calls to hit; default all that follow. */
  readonly count?: number;
  /** Chance to hit a matching call, from 0 to 1, by the sandbox's seeded random. Default 1. */
  readonly probability?: number;
  readonly effect: FaultEffect;
}

export interface FaultedCall {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
}

export interface Faults {
  /** Puts a rule in force; call the result to take it back. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** The effects of all rules that hit this call, in the order in which they were added. */
  effectsOn(call: FaultedCall): FaultEffect[];
}

interface ArmedRule {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

const concerns = (rule: FaultRule, call: FaultedCall): boolean =>
  (rule.service ?? call.service) === call.service &&
  (rule.operation ?? call.operation) === call.operation &&
  (rule.matches?.(call.input) ?? true);

function strikes(armed: ArmedRule, random: () => number): boolean {
  const { after = 0, count = Infinity, probability = 1 } = armed.rule;
  armed.seen += 1;
  if (armed.seen <= after || armed.hits >= count) return false;
  if (probability < 1 && random() >= probability) return false;
  armed.hits += 1;
  return true;
}

export function createFaults(random: () => number): Faults {
  const rules = new Set<ArmedRule>();
  return {
    add(rule) {
      const armed: ArmedRule = { rule, seen: 0, hits: 0 };
      rules.add(armed);
      return () => rules.delete(armed);
    },
    clear: () => rules.clear(),
    effectsOn: (call) =>
      [...rules]
        .filter((armed) => concerns(armed.rule, call) && strikes(armed, random))
        .map((armed) => armed.rule.effect),
  };
}
