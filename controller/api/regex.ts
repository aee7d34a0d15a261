import { RE2JS } from 're2js';
import { formatThrown } from '../errors.ts';
import { quote } from './faults.ts';

/** Says what is wrong with a regular expression, or undefined when Prometheus takes it. */
export type RegexChecker = (regex: string) => string | undefined;

/** Most characters that the compiler may have to work through for one expression, copies included. */
const MOST_OF_ONE = 20_000;
/** Most copies, in characters, for all expressions of one file; what is written without counts is free. */
const MOST_COPIES = 200_000;

/**
 * Compiles expressions as Prometheus does: RE2 syntax, anchored. Counted repetitions such as `(…){1000}` are
 * copied by the compiler, so their cost is estimated first. Equal expressions are compiled once.
 */
export function regexChecker(): RegexChecker {
  const verdicts = new Map<string, string | undefined>();
  let left = MOST_COPIES;
  const judge = (regex: string): string | undefined => {
    const cost = costOf(regex);
    if (cost > MOST_OF_ONE)
      return 'The expression repeats too much text too often. Write * or + instead of large counts.';
    const copies = cost - regex.length;
    if (copies > left)
      return 'The expressions of this file hold too many counted repetitions. Split the file.';
    left -= copies;
    return compile(regex);
  };
  return (regex) => {
    const known = verdicts.get(regex);
    if (known !== undefined || verdicts.has(regex)) return known;
    const verdict = judge(regex);
    verdicts.set(regex, verdict);
    return verdict;
  };
}

function compile(regex: string): string | undefined {
  try {
    RE2JS.compile(`^(?:${regex})$`);
    return undefined;
  } catch (thrown) {
    return `${quote(regex)} is not a regular expression in RE2 syntax: ${detail(thrown)}.${advice(regex)}`;
  }
}

/** The library repeats the expression with our anchors around it, which its author has not written. */
function detail(thrown: unknown): string {
  const text = formatThrown(thrown).replace(/^error parsing regexp: /, '');
  return text.slice(0, 200).replaceAll(')$`', '`').replaceAll('`^(?:', '`');
}

function advice(regex: string): string {
  return /\(\?<?[=!]/.test(regex) ? ' RE2 has no look-ahead and no look-behind.' : '';
}

function costOf(regex: string): number {
  let copies = 1;
  for (const match of regex.matchAll(/\{(\d{1,9})(?:,(\d{0,9}))?\}/g)) {
    copies += Math.max(Number(match[1]), Number(match[2] ?? 0));
  }
  return regex.length * copies;
}
