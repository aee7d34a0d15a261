/** Addresses by path of their target file. */
export type Addresses = ReadonlyMap<string, ReadonlySet<string>>;

/** When so many targets go at once that it is more likely a fault than the truth. */
export interface MassLossPolicy {
  /** Largest share of all targets that may go in one pass, from 0 to 1; 1 never holds anything. */
  readonly share: number;
  /** A controller with fewer targets is never held: half of four is an ordinary day. */
  readonly minimum: number;
}

export interface MassLoss {
  /** Target files that stay as they are in this pass. */
  readonly held: ReadonlySet<string>;
  /** What this read says is gone; hand it to the next call. Empty when the loss is ordinary or confirmed. */
  readonly lost: Addresses;
  readonly lostCount: number;
  readonly total: number;
}

/**
 * A complete read is believed, but a sudden mass loss must be read twice. `next` holds `undefined` for a
 * file of which nothing is known in this pass; a path that it lacks is a job that is gone.
 *
 * | lost of all | seen lost before | what happens            |
 * | ----------- | ---------------- | ----------------------- |
 * | at most the share | any        | believed                |
 * | more        | no               | held, and remembered    |
 * | more        | yes              | believed                |
 */
export function holdMassLoss(
  previous: Addresses,
  next: ReadonlyMap<string, ReadonlySet<string> | undefined>,
  lostBefore: Addresses,
  policy: MassLossPolicy,
): MassLoss {
  const total = countAddresses(previous);
  const lost = missing(previous, next);
  const lostCount = countAddresses(lost);
  const tooMany = (count: number): boolean => total >= policy.minimum && count > policy.share * total;
  const unconfirmed = missing(lost, lostBefore);
  return tooMany(countAddresses(unconfirmed))
    ? { held: new Set(unconfirmed.keys()), lost, lostCount, total }
    : { held: new Set(), lost: new Map(), lostCount, total };
}

/** What of `all` is not in `rest`, without empty sets. */
function missing(all: Addresses, rest: ReadonlyMap<string, ReadonlySet<string> | undefined>): Addresses {
  const result = new Map<string, ReadonlySet<string>>();
  for (const [path, addresses] of all) {
    if (rest.has(path) && rest.get(path) === undefined) continue;
    const others = rest.get(path);
    const gone = others === undefined ? addresses : new Set([...addresses].filter((a) => !others.has(a)));
    if (gone.size > 0) result.set(path, gone);
  }
  return result;
}

export function countAddresses(addresses: Addresses): number {
  let count = 0;
  for (const set of addresses.values()) count += set.size;
  return count;
}
