import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import {
  formatOutcomes,
  formatPublication,
  formatPublicationMarkdown,
} from '../../controller/plan/format-publish.ts';
import { publishDocument } from '../../controller/plan/publish-json.ts';
import type { PublishPlan, PublishResult } from '../../controller/plan/publish-plan.ts';
import { planOf, PRUNE, versioned } from '../support/publishing.ts';

const reportOf = (plan: PublishPlan, results?: readonly PublishResult[]) => ({
  plan,
  revision: '0123abc',
  parsing: {},
  outcomes: results?.map((result, index) => ({ change: plan.changes[index]!, result })),
});

const THREE = planOf(
  { 'a.yaml': versioned('a', '15s'), 'team/b.yaml': versioned('b'), 'base.yml': 'global: {}\n' },
  { 'a.yaml': versioned('a'), 'old.yaml': versioned('c') },
  { prune: PRUNE },
);

describe('a publication as text', () => {
  it('shows each object with its sign, and of one that changes the lines', () => {
    assert.equal(
      formatPublication(reportOf(THREE)),
      `s3://docs/targets/
  ~ a.yaml (+1 -1 lines)
      -       interval: 30s
      +       interval: 15s
  + team/b.yaml (+11 -0 lines)
  - old.yaml (+0 -11 lines)

skipped  targets/base.yml: holds no ScrapeTarget

Publish: 1 to create, 1 to update, 1 to delete, 0 unchanged.
`,
    );
  });

  it('says in one line that there is nothing to do', () => {
    const text = formatPublication(
      reportOf(planOf({ 'a.yaml': versioned('a') }, { 'a.yaml': versioned('a') })),
    );
    assert.equal(text, 'No changes. s3://docs/targets/ matches the directory, 1 document.\n');
  });

  it('says that nothing is published when something forbids it', () => {
    assert.match(formatPublication(reportOf(planOf({}, {}))), /^Nothing is published\.\n$/);
  });

  it('never shows lines of a file that holds more than ScrapeTargets, because they may be secret', () => {
    const secret = 'kind: Secret\nstringData: {password: hunter2}\n';
    const plan = planOf(
      { 'a.yaml': `${versioned('a')}---\n${secret}` },
      { 'a.yaml': `${versioned('a')}---\n${secret.replace('hunter2', 'swordfish')}` },
    );
    for (const text of [
      formatPublication(reportOf(plan)),
      formatPublicationMarkdown(reportOf(plan)),
      JSON.stringify(publishDocument(reportOf(plan))),
    ]) {
      assert.match(text, /a\.yaml/);
      assert.doesNotMatch(text, /hunter2|swordfish/);
    }
  });

  it('shows the beginning of a long difference, and JSON has all of it', () => {
    const lines = (prefix: string) =>
      Array.from({ length: 60 }, (_, index) => `# ${prefix} ${index}\n`).join('');
    const plan = planOf(
      { 'a.yaml': lines('new') + versioned('a') },
      { 'a.yaml': lines('old') + versioned('a') },
    );
    assert.match(formatPublication(reportOf(plan)), /and 100 more lines \(all of them with -o json\)/);
    assert.equal(publishDocument(reportOf(plan)).changes[0]?.diff.length, 120);
  });

  it('lets no file name forge a line or steer a terminal', () => {
    const plan = planOf({ 'a\n  - all of it\u001b[2J.yaml': versioned('a') }, {});
    const text = formatPublication(reportOf({ ...plan, left: ['s3://docs/\u001b[2J'] }));
    assert.ok(!text.includes('\u001b'));
    assert.doesNotMatch(text, /^ {2}- all/m);
  });
});

describe('what became of a publication', () => {
  it('is told object by object, with versions and errors, and counted', () => {
    const error = terminal({ reason: 'AccessDenied', message: 'S3 PutObject failed.', remedy: 'Allow it.' });
    const results: PublishResult[] = [
      { kind: 'written', version: '7' },
      { kind: 'failed', error },
      { kind: 'held' },
    ];
    assert.equal(
      formatOutcomes(reportOf(THREE, results)),
      `updated  a.yaml (version 7)
failed   team/b.yaml: S3 PutObject failed. Allow it.
held     old.yaml: not deleted, because something was not written
Published: 1 of 3 changes made, 2 failed, 0 unchanged.
`,
    );
    const { summary, changes } = publishDocument(reportOf(THREE, results));
    assert.equal(summary.failed, 2);
    assert.deepEqual(
      changes.map(({ outcome, version, message }) => [outcome, version, message]),
      [
        ['written', '7', null],
        ['failed', null, 'S3 PutObject failed. Allow it.'],
        ['held', null, null],
      ],
    );
  });

  it('says when somebody else had done the same', () => {
    const results: PublishResult[] = [{ kind: 'unchanged' }, { kind: 'written' }, { kind: 'written' }];
    assert.match(formatOutcomes(reportOf(THREE, results)), /^same {5}a\.yaml: somebody else/);
  });
});

describe('a publication as markdown', () => {
  it('begins with its marker and the counts, and folds the details as a diff', () => {
    const text = formatPublicationMarkdown(reportOf(THREE));
    assert.match(
      text,
      /^<!-- ecs-prometheus-operator:publish -->\n### Publish: 1 to create, 1 to update, 1 to delete/,
    );
    assert.match(text, /<details>.*\n\n```diff\ns3:\/\/docs\/targets\/\n~ {3}a\.yaml/);
    assert.match(text, /```\n\n<\/details>\n$/);
  });

  it('is one line when there is nothing to do', () => {
    const same = { 'a.yaml': versioned('a') };
    assert.match(formatPublicationMarkdown(reportOf(planOf(same, same))), /-->\n### No changes\. [^\n]*\n$/);
  });

  it('fits into a comment, however much changes', () => {
    const texts = (interval: string) =>
      Object.fromEntries(
        Array.from({ length: 900 }, (_, index) => [`app-${index}.yaml`, versioned(`app-${index}`, interval)]),
      );
    const text = formatPublicationMarkdown(reportOf(planOf(texts('15s'), texts('30s'))));
    assert.ok(text.length < 65_000 && text.length > 60_000, `${text.length} characters`);
    assert.match(text, /\d+ more lines: see the plan in the log\.\n```/);
  });
});
