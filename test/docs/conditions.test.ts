import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../../controller/state/keys.ts';
import { CONDITION_TYPES } from '../../controller/status/types.ts';

const PAGE = 'docs/reference/conditions.md';

/** The places of the code where a reason is given. */
const PLACES = [
  /\breason(?::| =)\s[^,;(]*/g,
  /\breason \?\? '\w+'/g,
  /\bconst (?:REASON|STATUS_CONFLICT|NOT_STORED) = '\w+'/g,
  /\b(?:toOperatorError|refusal|fault|problem)\(\s*(?:\w+,\s*)?'\w+'/g,
  /(?<=\b(?:fulfilled|unknown)\(\s*(?:type|'\w+'),\s*)'\w+'/g,
  /(?<=\bhindered\(\s*(?:type|'\w+'),\s*'?[\w.]+'?,\s*)'\w+'/g,
  /\b(?:terminal|waiting|transient): '\w+'/g,
];

describe('the reference of conditions', () => {
  let page: string;
  let given: ReadonlySet<string>;
  before(async () => {
    page = await readFile(PAGE, 'utf8');
    const sources = await Promise.all((await sourceFiles()).map((file) => readFile(file, 'utf8')));
    given = new Set(sources.flatMap((text) => PLACES.flatMap((place) => reasonsIn(text, place))));
  });

  it('explains every reason that the code gives', () => {
    assert.ok(given.size > 150, `${given.size} reasons`);
    const explained = new Set(cellsOf(page));
    const silent = [...given].filter((reason) => !explained.has(reason)).toSorted(compareText);
    assert.deepEqual(silent, []);
  });

  it('explains no reason that the code never gives', () => {
    const types = new Set<string>([...CONDITION_TYPES, 'True', 'False', 'Unknown']);
    const stale = cellsOf(page).filter((word) => !types.has(word) && !given.has(word));
    assert.deepEqual(stale, []);
  });

  it('names every condition', () => {
    for (const type of CONDITION_TYPES) assert.match(page, new RegExp(`^\\| \`${type}\` \\|`, 'm'));
  });
});

const reasonsIn = (text: string, place: RegExp): readonly string[] =>
  [...text.matchAll(place)].flatMap(([given]) =>
    [...given.matchAll(/'([A-Z][a-z]\w+)'/g)].map(([, reason = '']) => reason),
  );

/** What stands in capitals between backticks in a table. */
const cellsOf = (page: string): readonly string[] =>
  [...page.matchAll(/^\|.*$/gm)].flatMap(([row]) =>
    [...row.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, word = '']) => word),
  );

async function sourceFiles(): Promise<readonly string[]> {
  const names = await readdir('controller', { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts') && !name.startsWith('sandbox'))
    .map((name) => join('controller', name));
}
