import { pageOf } from '../paging.ts';
import { invalidParameter } from './world.ts';
import type { Members } from '../members.ts';

interface Ordered {
  readonly order: string;
}

/** One page of an ECS list; every ECS list allows at most 100 a page. */
export function ecsPage<T extends Ordered>(
  items: Iterable<T>,
  input: Members,
  defaultSize: number,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const maxResults = input.integer('maxResults', { min: 1, max: 100 }) ?? defaultSize;
  const token = input.text('nextToken');
  return pageOf(
    [...items],
    (item) => item.order,
    { maxResults, token: token === '' ? undefined : token },
    () => invalidParameter('Invalid token'),
  );
}
