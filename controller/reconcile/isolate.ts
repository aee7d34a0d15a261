/** What the checker, or Prometheus itself, says of a configuration. */
export type Verdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly message: string }
  /** Nobody could tell: Prometheus is away. */
  | { readonly kind: 'unknown' };

export interface Isolation {
  /** Suspects that are accepted together. */
  readonly good: ReadonlySet<string>;
  /** Suspects that are refused, each with the words of the refusal that it caused alone. */
  readonly bad: ReadonlyMap<string, string>;
  /** Suspects of which nobody could tell any more. */
  readonly untried: ReadonlySet<string>;
}

/**
 * Finds which suspects make a configuration unacceptable that is fine without them. `judge` gets the names that
 * shall be in it beside what is in force anyway. Halving costs about 2·log2(n) verdicts for each bad suspect; a half that
 * must hold the fault, because its twin is clean, is not judged as a whole again.
 */
export async function isolate(
  suspects: readonly string[],
  refusal: string,
  judge: (names: ReadonlySet<string>) => Promise<Verdict>,
): Promise<Isolation> {
  const good = new Set<string>();
  const bad = new Map<string, string>();
  const untried = new Set<string>();

  /** `names` are known to hold a bad one, which was refused with `message`. */
  const search = async (names: readonly string[], message: string): Promise<void> => {
    const [only] = names;
    if (names.length === 1 && only !== undefined) {
      bad.set(only, message);
      return;
    }
    const middle = Math.ceil(names.length / 2);
    const before = bad.size + untried.size;
    await tryOut(names.slice(0, middle));
    const secondHalf = names.slice(middle);
    if (bad.size + untried.size === before) await search(secondHalf, message);
    else await tryOut(secondHalf);
  };

  const tryOut = async (names: readonly string[]): Promise<void> => {
    const verdict = await judge(new Set([...good, ...names]));
    if (verdict.kind === 'accepted') for (const name of names) good.add(name);
    else if (verdict.kind === 'unknown') for (const name of names) untried.add(name);
    else await search(names, verdict.message);
  };

  if (suspects.length > 0) await search(suspects, refusal);
  return { good, bad, untried };
}
