import assert from 'node:assert/strict';
import { formatThrown, isOperatorError } from '../../controller/errors.ts';
import { expandVariables } from '../../controller/scrape/variables.ts';

const ALLOWED = new Map([
  ['REGION', 'eu-west-1'],
  ['LINES', 'a\nb: c'],
]);

const expand = (text: string) => expandVariables(text, ALLOWED, 'base.yml');

function refusal(text: string): string {
  try {
    expand(text);
  } catch (thrown) {
    assert.ok(isOperatorError(thrown) && thrown.family === 'terminal');
    return formatThrown(thrown);
  }
  return 'accepted';
}

describe('expandVariables', () => {
  it('replaces allowed variables, as often as they stand there', () => {
    assert.equal(expand('region: ${REGION}-${REGION}'), 'region: eu-west-1-eu-west-1');
  });

  for (const text of ['replacement: ${1}', 'replacement: $1', 'regex: ^a$', 'a: $REGION', 'a: ${}', 'a: $$1'])
    it(`leaves "${text}" untouched`, () => {
      assert.equal(expand(text), text);
    });

  it('lets a doubled dollar sign through as a name for Prometheus itself', () => {
    assert.equal(expand('replacement: $${name}'), 'replacement: ${name}');
    assert.equal(expand('replacement: $${REGION}'), 'replacement: ${REGION}');
  });

  it('refuses an unknown variable with its line and the allowed names', () => {
    assert.equal(
      refusal('global:\n  external_labels:\n    a: ${SECRET}\n'),
      'base.yml:3: The variable ${SECRET} has no value; allowed are LINES, REGION. ' +
        'Allow the variable SECRET and set it, or write $${SECRET} if Prometheus itself shall read it.',
    );
  });

  it('refuses a value that could add keys', () => {
    assert.match(refusal('a: ${LINES}'), /^base\.yml:1: The value of \$\{LINES\} has more than one line\./);
  });
});
