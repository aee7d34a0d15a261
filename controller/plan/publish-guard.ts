import type { OperatorErrorDetails } from '../errors.ts';

/** Bounds on what one publication may delete. */
export interface PruneLimits {
  readonly maxPercent: number;
  readonly allowEmpty: boolean;
}

/** Deleting much at once is more often a wrong directory than an intention. */
export function guardPrune(
  where: string,
  gone: number,
  published: number,
  { maxPercent, allowEmpty }: PruneLimits,
): readonly OperatorErrorDetails[] {
  if (gone === 0) return [];
  if (gone === published) {
    if (allowEmpty) return [];
    return [
      {
        reason: 'PruneWouldEmpty',
        where,
        message: `Pruning would delete all ${published} documents that are published here, so nothing is published.`,
        remedy: 'Check the directory. If that is meant, add --allow-empty.',
      },
    ];
  }
  if (gone * 100 <= published * maxPercent) return [];
  const needed = Math.ceil((gone * 100) / published);
  return [
    {
      reason: 'PruneHeld',
      where,
      message: `Pruning would delete ${gone} of ${published} documents that are published here, more than --max-prune ${maxPercent} (percent) allows, so nothing is published.`,
      remedy: `Check the directory. If that is meant, use --max-prune ${needed}.`,
    },
  ];
}
