import type { OperatorErrorDetails } from '../errors.ts';
import { judgePrune, type PruneLimits } from './prune-limits.ts';

/** Deleting much at once is more often a wrong directory than an intention. */
export function guardPrune(
  where: string,
  gone: number,
  published: number,
  limits: PruneLimits,
): readonly OperatorErrorDetails[] {
  const verdict = judgePrune(gone, published, limits);
  if (verdict.kind === 'allowed') return [];
  if (verdict.kind === 'wouldEmpty')
    return [
      {
        reason: 'PruneWouldEmpty',
        where,
        message: `Pruning would delete all ${published} documents that are published here, so nothing is published.`,
        remedy: 'Check the directory. If that is meant, add --allow-empty.',
      },
    ];
  return [
    {
      reason: 'PruneHeld',
      where,
      message: `Pruning would delete ${gone} of ${published} documents that are published here, more than --max-prune ${limits.maxPercent} (percent) allows, so nothing is published.`,
      remedy: `Check the directory. If that is meant, use --max-prune ${verdict.needed}.`,
    },
  ];
}
