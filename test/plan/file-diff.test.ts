import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeFile } from '../../controller/plan/file-diff.ts';
import { countLines, diffLines } from '../../controller/plan/line-diff.ts';
import { isSecretKey } from '../../controller/plan/mask.ts';
import type { FileChange } from '../../controller/state/targets.ts';

const targetsFile = (before: unknown, after: unknown): FileChange => ({
  path: 'targets/webapp.metrics.json',
  action: 'update',
  before: before === undefined ? undefined : JSON.stringify(before),
  after: JSON.stringify(after),
});

const config = (before: string, after: string): FileChange => ({
  path: 'prometheus.yml',
  action: 'update',
  before,
  after,
});

describe('the file section of a plan: target files', () => {
  it('lists addresses that come and go', () => {
    const file = targetsFile(
      [{ targets: ['b:1', 'c:1'], labels: {} }],
      [{ targets: ['a:1', 'b:1'], labels: {} }],
    );
    const { targetsAdded, targetsRemoved, diff } = describeFile(file);
    assert.deepEqual([targetsAdded, targetsRemoved, diff], [['a:1'], ['c:1'], []]);
  });

  it('shows changed labels of a target that stays, and masks those that look secret', () => {
    const before = [{ targets: ['a:1'], labels: { env: 'x', gone: '1', __param_token: 'hunter2' } }];
    const after = [{ targets: ['a:1'], labels: { env: 'y', __param_token: 'hunter3' } }];
    assert.deepEqual(describeFile(targetsFile(before, after)).diff, [
      '~ a:1 __param_token: *** -> ***',
      '~ a:1 env: "x" -> "y"',
      '~ a:1 gone: "1" -> (none)',
    ]);
  });

  it('treats a label that every object inherits like any other', () => {
    const file = targetsFile(
      [{ targets: ['a:1'], labels: {} }],
      [{ targets: ['a:1'], labels: { constructor: 'x' } }],
    );
    assert.deepEqual(describeFile(file).diff, ['~ a:1 constructor: (none) -> "x"']);
  });

  for (const before of ['', '{', '{}', '[1, null, {"targets": 3}]', '[{"targets": [7]}]']) {
    it(`takes everything for new when the file on disk is ${JSON.stringify(before)}`, () => {
      const file = { ...targetsFile(undefined, [{ targets: ['a:1'] }]), before };
      assert.deepEqual(describeFile(file).targetsAdded, ['a:1']);
    });
  }
});

describe('the file section of a plan: prometheus.yml', () => {
  const base = (password: string, job: string): string =>
    `remote_write:\n  - url: https://u:${password}@example.org\n    basic_auth: {password: ${password}}\nscrape_configs:\n  - job_name: mine\n    bearer_token: ${password}\n${job}`;
  const job = (path: string, extra = ''): string =>
    `  - job_name: webapp/metrics\n    metrics_path: ${path}\n${extra}`;

  it('shows the lines of our own job that change, under its name', () => {
    const { diff, linesAdded, linesRemoved } = describeFile(
      config(base('p', job('/a')), base('p', job('/b'))),
    );
    assert.deepEqual(diff, ['~ job webapp/metrics', '-   metrics_path: /a', '+   metrics_path: /b']);
    assert.deepEqual([linesAdded, linesRemoved], [1, 1]);
  });

  it('shows the whole of a job that is new', () => {
    const { diff } = describeFile(config(base('p', ''), base('p', job('/a'))));
    assert.deepEqual(diff, ['+ - job_name: webapp/metrics', '+   metrics_path: /a']);
  });

  it("counts changes of the user's own part and shows none of them", () => {
    const summary = describeFile(config(base('old-secret', ''), base('new-secret', '')));
    assert.deepEqual(summary.diff, []);
    assert.equal(summary.linesAdded, 3);
  });

  it('masks secrets also in a job of ours, at any depth, and keeps file references', () => {
    const secrets = `    basic_auth: {username: u, password: hunter2, password_file: /etc/p}\n    oauth2: {client_secret: hunter3}\n    authorization: {type: Bearer, credentials: hunter4}\n    params: {token: [hunter5]}\n    proxy_url: http://u:hunter6@proxy\n    tls_config: {key: hunter7, key_file: /etc/k}\n`;
    const shown = describeFile(config('', base('p', job('/a', secrets)))).diff.join('\n');
    assert.ok(!shown.includes('hunter'), shown);
    for (const kept of ['/etc/p', '/etc/k', 'Bearer', 'username: u'])
      assert.ok(shown.includes(kept), `${kept}: ${shown}`);
  });

  it('only counts lines when the file on disk is not YAML', () => {
    const { diff, linesRemoved } = describeFile(config('a: [\n', base('p', job('/a'))));
    assert.equal(linesRemoved, 1);
    assert.deepEqual(diff[0], '+ - job_name: webapp/metrics');
  });
});

describe('masking', () => {
  for (const key of [
    'password',
    'bearer_token',
    'credentials',
    'secret_key',
    'client_secret',
    'clientSecret',
    'dbPassword',
    'api_key',
    'apiKey',
    'key',
    'token',
    '__param_api_key',
  ]) {
    it(`takes ${key} for a secret`, () => assert.equal(isSecretKey(key), true));
  }
  for (const key of [
    'password_file',
    'passwordFile',
    'credentials_file',
    'username',
    'job_name',
    'secretary',
    'tokenizer',
    'target_label',
  ]) {
    it(`does not take ${key} for a secret`, () => assert.equal(isSecretKey(key), false));
  }
});

describe('line diff', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

  it('turns the old lines into the new ones', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        const sign = (mark: string) =>
          diff
            .filter((line) => line.startsWith(mark))
            .map((line) => line.slice(2))
            .sort();
        const multiset = (list: readonly string[]) => [...list].sort();
        assert.deepEqual(multiset([...before, ...sign('+')]), multiset([...after, ...sign('-')]));
      }),
    );
  });

  it('is empty for equal texts', () => {
    fc.assert(fc.property(lines, (one) => assert.deepEqual(diffLines(one, one), [])));
  });

  it('keeps what both have: one changed line is one removed and one added', () => {
    assert.deepEqual(diffLines(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e']), ['- b', '+ x', '+ e']);
  });

  it('shows a huge difference as replaced, without comparing every pair of lines', () => {
    const many = (mark: string) => Array.from({ length: 2000 }, (_, i) => `${mark}${i}`);
    assert.equal(diffLines(many('a'), many('b')).length, 4000);
  });

  it('does not count a line that only moved', () => {
    assert.deepEqual(countLines('a\nb\n', 'b\na\nc\n'), { linesAdded: 1, linesRemoved: 0 });
  });
});
