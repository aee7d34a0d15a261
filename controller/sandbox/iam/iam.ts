import type { Call } from '../call.ts';
import { demandsOf } from './demands.ts';
import type { IamWorld } from './demands.ts';
import { accessDenied } from './denial.ts';
import { allGrants, decide, grantsOf, parsePolicy } from './policy.ts';
import type { Policy } from './policy.ts';

/** A policy in force. */
export interface Limit {
  /** Permissions, as `Sid action`, that no call has needed yet. */
  unused(): readonly string[];
  lift(): void;
}

/** Callers, by access key id, and what they may do. Whom no policy binds may do everything. */
export interface Iam {
  /** Limits a caller to what an identity-based policy allows, instead of what bound it before. */
  limit(caller: string, policy: unknown): Limit;
  /** Throws the refusal of AWS when the caller may not make this call. */
  authorize(call: Call): void;
}

/** The account's root user is bound by no identity-based policy. */
const ROOT = 'root';

/** `others` binds everybody but `root` and those with a policy of their own. */
export function createIam(world: IamWorld, others?: Policy): Iam {
  const limits = new Map<string, Policy>();
  const used = new WeakMap<Policy, Set<string>>();
  const policyOf = (caller = ''): Policy | undefined =>
    limits.get(caller) ?? (caller === ROOT ? undefined : others);
  return {
    limit(caller, document) {
      const policy = parsePolicy(document);
      limits.set(caller, policy);
      used.set(policy, new Set());
      return {
        unused: () => allGrants(policy).filter((grant) => used.get(policy)?.has(grant) === false),
        lift() {
          if (limits.get(caller) === policy) limits.delete(caller);
        },
      };
    },
    authorize(call) {
      const policy = policyOf(call.caller);
      if (policy === undefined) return;
      for (const demand of demandsOf(world, call)) {
        const decision = decide(policy, demand);
        for (const grant of grantsOf(policy, demand)) used.get(policy)?.add(grant);
        if (decision === 'allowed') continue;
        const { service, caller } = call;
        const { action, resource } = demand;
        const explicit = decision === 'explicitlyDenied';
        throw accessDenied({ service, account: world.account, caller, action, resource, explicit });
      }
    },
  };
}
