import assert from 'node:assert/strict';
import { regexChecker } from '../../controller/api/regex.ts';

describe('regexChecker', () => {
  for (const regex of [
    '',
    '.*',
    'a|b',
    '(?i)a',
    '(?P<name>x)',
    '\\d{1,3}(\\.\\d{1,3}){3}',
    '\\pL+',
    'a{1000}',
    'a)|(b',
  ]) {
    it(`takes ${JSON.stringify(regex)}, as Prometheus does`, () =>
      assert.equal(regexChecker()(regex), undefined));
  }

  for (const regex of [
    '(',
    '[',
    '*',
    'a**',
    'a{1001}',
    '(?=a)',
    '(?<=a)b',
    '\\1',
    '\\C',
    '(a{1000}){1000}',
    '\\p{Klingon}',
  ]) {
    it(`refuses ${JSON.stringify(regex)}, as Prometheus does`, () =>
      assert.notEqual(regexChecker()(regex), undefined));
  }

  it('repeats the expression as its author wrote it, without our anchors', () => {
    assert.equal(
      regexChecker()('[z-a]'),
      '"[z-a]" is not a regular expression in RE2 syntax: invalid character class range: `z-a`.',
    );
    assert.doesNotMatch(regexChecker()('(a') ?? '', /\(\?:/);
  });

  it('stops compiling counted repetitions when a file has had its share, and goes on with the others', () => {
    const check = regexChecker();
    const verdicts = Array.from({ length: 60 }, (_, index) => check(`x{${900 - index}}`));
    assert.equal(verdicts[0], undefined);
    assert.match(verdicts.at(-1) ?? '', /too many counted repetitions/);
    assert.equal(check('x{900}'), undefined);
    assert.equal(check('plain.*'), undefined);
  });
});
