import type { Members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { isBelow, latest, type Parameter } from './store.ts';

export interface Filter {
  readonly key: string;
  readonly option: string;
  readonly values: readonly string[];
}

function filterOf(input: Members, allowed: readonly string[]): Filter {
  const key = input.requiredText('Key', { min: 1, max: 132 });
  if (!allowed.includes(key))
    throw new AwsFault('InvalidFilterKey', `The filter key ${key} isn't valid: use ${allowed.join(', ')}.`);
  const option = input.text('Option') ?? (key === 'Path' ? 'OneLevel' : 'Equals');
  const options = key === 'Path' ? ['Recursive', 'OneLevel'] : ['Equals', 'BeginsWith'];
  if (!options.includes(option) && !(key === 'Name' && option === 'Contains'))
    throw new AwsFault('InvalidFilterOption', `The filter option ${option} isn't valid for ${key}.`);
  const values = input.texts('Values', { max: 50 }, { min: 1, max: 1024 }) ?? [];
  if (values.length === 0)
    throw new AwsFault('InvalidFilterValue', `The filter ${key} needs at least one value.`);
  return { key, option, values };
}

export const filtersOf = (input: Members, allowed: readonly string[]): readonly Filter[] =>
  (input.objects('ParameterFilters') ?? []).map((filter) => filterOf(filter, allowed));

function candidates(key: string, parameter: Parameter): readonly string[] {
  switch (key) {
    case 'Name':
      return [parameter.name];
    case 'Type':
      return [parameter.type];
    case 'KeyId':
      return parameter.keyId === undefined ? [] : [parameter.keyId];
    case 'Label':
      return [...latest(parameter).labels];
    case 'Tier':
      return [parameter.tier];
    default:
      return [parameter.dataType];
  }
}

const COMPARE: Readonly<Record<string, (candidate: string, value: string) => boolean>> = {
  Equals: (candidate, value) => candidate === value,
  BeginsWith: (candidate, value) => candidate.startsWith(value),
  Contains: (candidate, value) => candidate.includes(value),
};

function matchesOne({ key, option, values }: Filter, parameter: Parameter): boolean {
  if (key === 'Path') return values.some((path) => isBelow(parameter.name, path, option === 'Recursive'));
  const compare = COMPARE[option];
  return candidates(key, parameter).some((candidate) =>
    values.some((value) => compare?.(candidate, value) === true),
  );
}

export const matches = (filters: readonly Filter[], parameter: Parameter): boolean =>
  filters.every((filter) => matchesOne(filter, parameter));
