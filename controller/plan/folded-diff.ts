/** GitHub refuses comments of 65,536 characters; what surrounds ours needs room too. */
export const MAX_COMMENT_CHARACTERS = 65_000;

/** Lines of a text form, folded and coloured as a diff, in at most `budget` characters. */
export function foldedDiff(lines: readonly string[], budget: number): readonly string[] {
  const shown = lines.map(diffLine);
  const fence = fenceFor(shown);
  const open = ['<details><summary>Details</summary>', '', `${fence}diff`];
  const close = [fence, '', '</details>'];
  const frame = [...open, ...close].join('\n').length;
  return [...open, ...truncate(shown, budget - frame - TRUNCATED.length - 32), ...close];
}

/** Within a diff fence GitHub colours by the first column, so the sign goes there and the indent behind it. */
function diffLine(line: string): string {
  return line.replace(/^( +)(\+|-|~|!|<=)(?= )/, (_, indent: string, sign: string) => `${sign}${indent}`);
}

/** A fence must be longer than any run of backticks inside, or a value could end it. */
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
}

const TRUNCATED = 'more lines: see the plan in the log.';

function truncate(lines: readonly string[], budget: number): readonly string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += line.length + 1;
    return used > budget;
  });
  return end === -1 ? lines : [...lines.slice(0, end), `${lines.length - end} ${TRUNCATED}`];
}
