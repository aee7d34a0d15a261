import type { Members, TextRule } from '../members.ts';
import { pageOf, type Page } from '../paging.ts';
import { invalidInput } from './store.ts';

export const ID_OR_ARN: TextRule = { min: 1, max: 255 };

/** Cloud Map takes a raw page and filters it afterwards: a page may be empty and still have a token. */
export function filteredPage<T extends { readonly id: string }>(
  input: Members,
  items: readonly T[],
  matches: (item: T) => boolean = () => true,
): Page<T> {
  const request = {
    maxResults: input.integer('MaxResults', { min: 1, max: 100 }) ?? 100,
    token: input.text('NextToken', { max: 4096 }),
  };
  const page = pageOf(
    items,
    (item) => item.id,
    request,
    (token) => invalidInput(`The NextToken ${token} isn't valid.`),
  );
  return { ...page, items: page.items.filter(matches) };
}

export const nextToken = (page: Page<unknown>): { NextToken?: string } =>
  page.nextToken === undefined ? {} : { NextToken: page.nextToken };

export interface Filter {
  readonly name: string;
  readonly condition: string;
  readonly values: readonly string[];
}

/** Filters that one list call allows: the conditions by the name of the filter. */
export type FilterRules = Readonly<Record<string, readonly string[]>>;

function filterOf(input: Members, rules: FilterRules): Filter {
  const name = input.requiredText('Name', { oneOf: Object.keys(rules) });
  const condition = input.text('Condition', { oneOf: ['EQ', 'IN', 'BETWEEN', 'BEGINS_WITH'] }) ?? 'EQ';
  const values = input.requiredTexts('Values', {}, { min: 1, max: 255 });
  if (!(rules[name] ?? []).includes(condition))
    throw invalidInput(`The condition ${condition} isn't supported for the filter ${name}.`);
  if (values.length === 0) throw invalidInput(`The filter ${name} has no values.`);
  if ((condition === 'EQ' || condition === 'BEGINS_WITH') && values.length !== 1)
    throw invalidInput(`The filter ${name} with the condition ${condition} takes exactly one value.`);
  if (condition === 'BETWEEN' && values.length !== 2)
    throw invalidInput(`The filter ${name} with the condition BETWEEN takes a start and an end.`);
  return { name, condition, values };
}

export const filtersOf = (input: Members, rules: FilterRules): readonly Filter[] =>
  (input.objects('Filters') ?? []).map((filter) => filterOf(filter, rules));

export function textMatches(filter: Filter, value: string): boolean {
  const [first = ''] = filter.values;
  return filter.condition === 'BEGINS_WITH' ? value.startsWith(first) : filter.values.includes(value);
}

export function ownerMatches(filter: Filter, owner: string, account: string): boolean {
  const [value = ''] = filter.values;
  if (value !== 'SELF' && value !== 'OTHER_ACCOUNTS')
    throw invalidInput(`RESOURCE_OWNER must be SELF or OTHER_ACCOUNTS, not ${value}.`);
  return (value === 'SELF') === (owner === account);
}
