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

  it('refuses the short form of group names, which Prometheus 2.42 does not know, but only for groups', () => {
    assert.match(regexChecker()('(?<name>x)') ?? '', /Write \(\?P<name>…\)/);
    assert.equal(regexChecker()('[(?<a]'), undefined);
    assert.equal(regexChecker()('\\(?<a'), undefined);
  });

  it('repeats the expression as its author wrote it, without our anchors', () => {
    assert.equal(
      regexChecker()('[z-a]'),
      '"[z-a]" is not a regular expression in RE2 syntax: invalid character class range: `z-a`.',
    );
    assert.doesNotMatch(regexChecker()('(a') ?? '', /\(\?:/);
  });

  for (const regex of [
    '(abcdefghij){1000}(abcdefghij){1000}b',
    '((\\pL{10}){10}x){10}\\pL{900}[^\\pN]{100}',
    '(.{30}){33}'.repeat(21),
  ]) {
    it(`refuses ${regex.slice(0, 30)} before it is compiled, because the copies would take long`, () =>
      assert.match(regexChecker()(regex) ?? '', /too large once/));
  }

  it('stops compiling counted repetitions when a file has had its share, and goes on with the others', () => {
    const check = regexChecker();
    const verdicts = Array.from({ length: 60 }, (_, index) => check(`\\pL{${900 - index}}`));
    assert.equal(verdicts[0], undefined);
    assert.match(verdicts.at(-1) ?? '', /too many counted repetitions/);
    assert.equal(check('\\pL{900}'), undefined);
    assert.equal(check('plain.*'), undefined);
  });
});
