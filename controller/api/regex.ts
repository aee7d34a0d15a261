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
      return 'The expression is too large once its counted repetitions are written out. Write * or + instead of large counts.';
    const copies = Math.max(cost - regex.length, 0);
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
  const problem = syntaxProblem(regex);
  if (problem !== undefined) {
    return `${quote(regex)} is not a regular expression in RE2 syntax: ${problem}.${advice(regex)}`;
  }
  if (!hasShortGroupName(regex)) return undefined;
  return `${quote(regex)} names a group with (?<name>…), which older versions of Prometheus refuse. Write (?P<name>…).`;
}

function syntaxProblem(regex: string): string | undefined {
  try {
    RE2JS.compile(`^(?:${regex})$`);
    return undefined;
  } catch (thrown) {
    return detail(thrown);
  }
}

/** Whether `(?<` begins a group, and is not part of a character class or quoted: only then does its loss matter. */
function hasShortGroupName(regex: string): boolean {
  const without = regex.replace(/\(\?<(?=\w)/g, '(?!');
  return without !== regex && syntaxProblem(without) !== undefined;
}

/** The library repeats the expression with our anchors around it, which its author has not written. */
function detail(thrown: unknown): string {
  const text = formatThrown(thrown).replace(/^error parsing regexp: /, '');
  return text.slice(0, 200).replaceAll(')$`', '`').replaceAll('`^(?:', '`');
}

function advice(regex: string): string {
  return /\(\?<?[=!]/.test(regex) ? ' RE2 has no look-ahead and no look-behind.' : '';
}

/** Escapes, classes, counts, and everything else by the character. */
const TOKEN = /\\[pP](?:\{[^}]*\}|.)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d{1,4})(?:,(\d{0,4}))?\}|[\s\S]/g;
/** A class of Unicode is a long table of ranges. */
const UNICODE_CLASS = 10;

/** Size of what the compiler makes of an expression, in the size of one character. */
function costOf(regex: string): number {
  const groups = [0];
  let last = 0;
  for (const [token, least, most] of regex.matchAll(TOKEN)) {
    if (token === '(') {
      groups.push(0);
      continue;
    }
    const closes = token === ')' && groups.length > 1;
    const size =
      least === undefined ? sizeOf(token) : last * (Math.max(Number(least), Number(most ?? 0)) - 1);
    const added = closes ? (groups.pop() ?? 0) + 1 : size;
    groups[groups.length - 1] = (groups.at(-1) ?? 0) + Math.max(added, 0);
    last = least === undefined ? added : last + size;
  }
  return groups.reduce((sum, size) => sum + size, 0);
}

function sizeOf(token: string): number {
  if (/\\[pP]/.test(token)) return UNICODE_CLASS * (token.match(/\\[pP]/g)?.length ?? 1);
  return token.startsWith('[') ? token.length : 1;
}
