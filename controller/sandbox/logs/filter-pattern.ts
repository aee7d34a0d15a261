import { invalid } from './store.ts';

type Matches = (message: string) => boolean;

const COMPARISON = /^\s*\$\.([A-Za-z_][\w.]*)\s*(=|!=)\s*(?:"([^"]*)"|([\w.-]+))\s*$/;

function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

function comparison(text: string): (json: unknown) => boolean {
  const [, path, operator, quoted, bare] = COMPARISON.exec(text) ?? [];
  if (path === undefined) throw invalid(`Invalid filter pattern: ${text.trim()}`);
  const wanted = quoted ?? bare ?? '';
  return (json) => {
    const found = valueAt(json, path);
    if (found === undefined) return false;
    const text = typeof found === 'string' ? found : JSON.stringify(found);
    return (text === wanted) === (operator === '=');
  };
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    // No JSON: a pattern about members does not match it.
    return undefined;
  }
}

/** Words and "quoted words", all of which must be there; `-word` must not, and of `?words` one must be there. */
function termsPattern(pattern: string): Matches {
  const terms = [...pattern.matchAll(/([?-]?)(?:"([^"]*)"|([^\s"]+))/g)].map(([, sign, quoted, word]) => ({
    sign,
    text: quoted ?? word ?? '',
  }));
  const of = (sign: string): string[] => terms.flatMap((term) => (term.sign === sign ? [term.text] : []));
  const [all, none, some] = [of(''), of('-'), of('?')];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    !none.some((text) => message.includes(text)) &&
    (some.length === 0 || some.some((text) => message.includes(text)));
}

/** The part of the filter language that people need to find events: terms, and `{ $.a = "b" && $.c != 1 }`. */
export function filterPattern(pattern: string): Matches {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(pattern)?.[1];
  if (inner === undefined) return termsPattern(pattern);
  const comparisons = inner.split('&&').map(comparison);
  return (message) => {
    const json = parsed(message);
    return comparisons.every((matches) => matches(json));
  };
}
