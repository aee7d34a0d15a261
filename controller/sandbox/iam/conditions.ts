/** Condition keys of one request, in lower case, as IAM compares them; a tag or a prefix that is not there has no key. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

export type Condition = (context: RequestContext) => boolean;

type Compare = (value: string, pattern: string) => boolean;

const escaped = (text: string): string => text.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);

/** `*` is any text and `?` one character. */
export const isLike: Compare = (value, pattern) =>
  new RegExp(`^${escaped(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);

const ARN_PARTS = 6;

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/** Part by part, so that no wildcard reaches over a colon into the next one. */
export function isArnLike(arn: string, pattern: string): boolean {
  const [parts, patterns] = [arnParts(arn), arnParts(pattern)];
  return patterns.every((each, index) => isLike(parts[index] ?? '', each));
}

const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated: boolean }>> = {
  StringEquals: { compare: (value, wanted) => value === wanted, negated: false },
  StringNotEquals: { compare: (value, wanted) => value === wanted, negated: true },
  StringEqualsIgnoreCase: {
    compare: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
    negated: false,
  },
  StringLike: { compare: isLike, negated: false },
  StringNotLike: { compare: isLike, negated: true },
  ArnEquals: { compare: isArnLike, negated: false },
  ArnLike: { compare: isArnLike, negated: false },
  ArnNotEquals: { compare: isArnLike, negated: true },
  ArnNotLike: { compare: isArnLike, negated: true },
};

/**
 * One operator of a condition block on one key, for example `ForAllValues:StringLike`; undefined for an operator that
 * is not understood.
 */
export function conditionOf(operator: string, key: string, wanted: readonly string[]): Condition | undefined {
  const name = key.toLowerCase();
  if (operator === 'Null') return (context) => wanted.includes(String(!context.has(name)));
  const [, set = '', base = '', ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const known = OPERATORS[base];
  if (known === undefined) return undefined;
  const { compare, negated } = known;
  const holds = (value: string): boolean => wanted.some((each) => compare(value, each)) !== negated;
  return (context) => {
    const values = context.get(name);
    // What the request does not carry fulfils what it must not be, and what all of it must be.
    if (values === undefined) return ifExists !== undefined || negated || set === 'ForAllValues:';
    return set === 'ForAllValues:' || negated ? values.every(holds) : values.some(holds);
  };
}
