import type { DesiredTarget } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import { block } from './blocked.ts';
import type { Blocked } from './types.ts';

/**
 * Targets that claim what another one claims too. The parser refuses such documents; should they get
 * here all the same, none of them is planned, because each would undo what the other does.
 */
export function findConflictingClaims(
  targets: readonly DesiredTarget[],
): ReadonlyMap<DesiredTarget, Blocked> {
  const claims = new Map<string, DesiredTarget[]>();
  for (const target of targets) {
    for (const claim of claimsOf(target)) claims.set(claim, [...(claims.get(claim) ?? []), target]);
  }
  const conflicts = new Map<DesiredTarget, Blocked>();
  for (const [claim, claimants] of claims) {
    if (claimants.length < 2) continue;
    for (const target of claimants) {
      if (!conflicts.has(target)) conflicts.set(target, conflictingClaim(target, claim, claimants));
    }
  }
  return conflicts;
}

const claimsOf = (target: DesiredTarget): readonly string[] => [
  `name ${target.name}`,
  `registry ${registryKey(target.registry)}`,
  `service ${serviceKey(target.binding.service)}`,
];

function conflictingClaim(
  target: DesiredTarget,
  claim: string,
  claimants: readonly DesiredTarget[],
): Blocked {
  const names = claimants
    .map(({ name }) => name)
    .sort()
    .join(', ');
  const about = { subject: claim, condition: 'RegistrySynced' } as const;
  return block(target, about, {
    reason: 'ConflictingClaim',
    message: `Several ScrapeTargets claim ${claim}: ${names}. Nothing is written for any of them.`,
    remedy: 'Leave it to one of the documents.',
  });
}
