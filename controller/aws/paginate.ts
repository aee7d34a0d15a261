import { transient } from '../errors.ts';

/** One page as a list call returned it. */
export interface Page<T> {
  /** AWS sends an empty list as one: undefined, where a page does not tell all of its items, says nothing about what there is. */
  readonly items: readonly T[] | undefined;
  /** Missing or empty on the last page. */
  readonly token: string | undefined;
}

/** No list of ours is longer: 10,000 pages of 100. A server that pages on for ever must not hold the loop. */
const MAX_PAGES = 10_000;

/**
 * Reads all pages. Only a missing token ends the list: AWS may return empty pages that carry one,
 * because it filters after paging.
 */
export async function readAllPages<T>(
  what: string,
  readPage: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await readPage(token);
    if (!Array.isArray(page.items)) throw withoutItems(what);
    all.push(...page.items);
    token = page.token === '' ? undefined : page.token;
    if (token !== undefined && (seen.has(token) || seen.size >= MAX_PAGES)) throw endless(what);
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
  return all;
}

function withoutItems(what: string): Error {
  return transient({
    reason: 'IncompleteAnswer',
    where: what,
    message: 'A page of this list came without its items, or without some of them.',
    remedy: 'What was read is not used; it is read again in the next pass.',
  });
}

function endless(what: string): Error {
  return transient({
    reason: 'EndlessList',
    where: what,
    message: 'The pages of this list repeat: the endpoint returned a page token for the second time.',
    remedy: 'What was read is not used. If it stays so, the endpoint does not page as AWS does.',
  });
}

/** Cuts a list into batches of at most `size`, in order. */
export function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const cut: T[][] = [];
  for (let start = 0; start < items.length; start += size) cut.push(items.slice(start, start + size));
  return cut;
}
