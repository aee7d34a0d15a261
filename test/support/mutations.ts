import fc from 'fast-check';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What garbage does to one place of an answer, wherever it strikes. */
export interface Mutation {
  /** Chooses the place: the nth of all places of the answer, counted around. */
  readonly at: number;
  readonly change: Change;
}

/**
 * `drop`, `null` and `wrongType` are answers that lack something; `duplicate` repeats. The others put something there
 * that has the right type and says something else.
 */
export type Change =
  | { readonly kind: 'drop' | 'null' | 'duplicate' | 'reverse' }
  | { readonly kind: 'wrongType' | 'replace'; readonly value: unknown };

interface Place {
  readonly path: readonly string[];
  readonly value: Json;
  readonly isItem: boolean;
}

const placesOf = (value: Json, path: readonly string[] = [], isItem = false): readonly Place[] => [
  { path, value, isItem },
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([step, inner]) => placesOf(inner, [...path, step], isList(value)))
    : []),
];

const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

const typeOf = (value: unknown): string => (value === null ? 'null' : isList(value) ? 'list' : typeof value);

function changed(value: Json, change: Change): unknown {
  switch (change.kind) {
    case 'drop':
      return undefined;
    case 'null':
      return null;
    case 'duplicate':
      return isList(value) ? value.flatMap((item) => [item, item]) : value;
    case 'reverse':
      return isList(value) ? value.toReversed() : value;
    case 'wrongType':
      return typeOf(change.value) === typeOf(value) ? undefined : change.value;
    case 'replace':
      return change.value;
  }
}

function changeAt(value: unknown, path: readonly string[], change: Change): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return changed(value as Json, change);
  if (isList(value))
    return value.flatMap((item: Json, index): unknown[] => {
      const inner = String(index) === step ? changeAt(item, rest, change) : item;
      return inner === undefined ? [] : [inner];
    });
  const fields = Object.entries(Object(value) as Record<string, unknown>);
  return Object.fromEntries(
    fields
      .map(([name, inner]) => [name, name === step ? changeAt(inner, rest, change) : inner] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

/** A list without one of its items is not an answer that lacks something: it says something else. */
const isShorterList = ({ isItem, value }: Place, change: Change): boolean =>
  isItem && (changed(value, change) ?? undefined) === undefined;

/** The answer with all mutations made, one after the other; the root itself stays what it is. */
export function mutate(answer: unknown, mutations: readonly Mutation[]): unknown {
  return mutations.reduce<unknown>((current, { at, change }) => {
    const places = placesOf(current as Json).slice(1);
    const place = places[at % Math.max(1, places.length)];
    return place === undefined || isShorterList(place, change)
      ? current
      : changeAt(current, place.path, change);
  }, answer);
}

/** Texts that break what is careless with texts, numbers that are none, and structures that nobody expects. */
const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    '0',
    '-1',
    ':',
    '::',
    '0.0.0.0',
    '10.0.0.1:80',
    '999.1.1.1',
    '__proto__',
    'ARN',
    '\u0000',
  ),
  fc.constantFrom<unknown>(0, -1, 1e308, 0.5, Number.MAX_SAFE_INTEGER, 65_536, true, false),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant('x'.repeat(200_000)),
  fc.jsonValue({ maxDepth: 3 }),
);

const place = fc.nat({ max: 10_000 });

/** Answers that lack or repeat something: nothing in them is untrue. */
export const incomplete: fc.Arbitrary<Mutation> = fc.record({
  at: place,
  change: fc.oneof(
    fc.record({
      kind: fc.constantFrom('drop' as const, 'null' as const, 'duplicate' as const, 'reverse' as const),
    }),
    fc.record({ kind: fc.constant('wrongType' as const), value: garbage }),
  ),
});

/** Anything at all. */
export const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
  incomplete,
  fc.record({
    at: place,
    change: fc.record({ kind: fc.constant('replace' as const), value: garbage }),
  }),
);

/** Every operation that the controller reads with. */
export const READ_OPERATIONS = [
  'DescribeClusters',
  'DescribeServices',
  'DescribeTaskDefinition',
  'DescribeTasks',
  'ListTasks',
  'ListNamespaces',
  'ListServices',
  'ListInstances',
  'ListTagsForResource',
] as const;

/** Every operation that it writes with, and what it reads on the way. */
export const WRITE_OPERATIONS = [
  'CreateService',
  'UpdateService',
  'TagResource',
  'GetService',
  'GetOperation',
  'GetCallerIdentity',
] as const;
