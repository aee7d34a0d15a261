/** Bounds on what may be deleted at once, whoever deletes. */
export interface PruneLimits {
  readonly maxPercent: number;
  readonly allowEmpty: boolean;
}

/** Why so much may not go at once: all of it, or more than the share; `needed` is the share that would be enough. */
export type PruneVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'wouldEmpty' }
  | { readonly kind: 'tooMany'; readonly needed: number };

/**
 * Deleting much at once is more often a mistake than an intention. One alone may always go where anything may, or
 * nothing could ever be taken from a small number.
 */
export function judgePrune(
  gone: number,
  total: number,
  { maxPercent, allowEmpty }: PruneLimits,
): PruneVerdict {
  if (gone === 0) return { kind: 'allowed' };
  if (gone === total) return { kind: allowEmpty ? 'allowed' : 'wouldEmpty' };
  if (gone * 100 <= total * maxPercent || (gone === 1 && maxPercent > 0)) return { kind: 'allowed' };
  return { kind: 'tooMany', needed: Math.ceil((gone * 100) / total) };
}
