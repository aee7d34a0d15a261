import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { actionsOf, planOf, PRUNE, reasonsOf, remoteFiles, TO, versioned } from '../support/publishing.ts';

const A = versioned('a');
const B = versioned('b');
const CONFIG = 'global: {scrape_interval: 30s}\n';

describe('the plan of a publication', () => {
  it('writes what is new or differs, by path, and counts the rest', () => {
    const plan = planOf(
      { 'b.yaml': versioned('b', '15s'), 'team/c.yml': versioned('c'), 'a.yaml': A },
      { 'a.yaml': A, 'b.yaml': B },
    );
    assert.deepEqual(actionsOf(plan), ['update b.yaml', 'create team/c.yml']);
    assert.equal(plan.unchanged, 1);
    assert.deepEqual(plan.changes[0], {
      kind: 'update',
      path: 'b.yaml',
      before: B,
      after: versioned('b', '15s'),
      version: 'etag-of-b.yaml',
    });
  });

  it('places files by their path below the directory, however that is written', () => {
    for (const [directory, file] of [
      ['targets', 'targets/team/a.yaml'],
      ['targets//', 'targets//team/a.yaml'],
      ['.', './team/a.yaml'],
      ['/srv/targets/', '/srv/targets/team/a.yaml'],
    ] as const) {
      const plan = planOf({}, {}, { directory, local: [{ file, text: A }] });
      assert.deepEqual(actionsOf(plan), ['create team/a.yaml'], directory);
    }
    const single = planOf(
      {},
      {},
      { directory: 'targets/a.yaml', local: [{ file: 'targets/a.yaml', text: A }] },
    );
    assert.deepEqual(actionsOf(single), ['create a.yaml']);
  });

  it('publishes a file without its byte order mark, which readers drop', () => {
    assert.deepEqual(actionsOf(planOf({ 'a.yaml': `\uFEFF${A}` }, { 'a.yaml': A })), []);
  });

  it('plans nothing when one document is invalid, and lists every fault', () => {
    const plan = planOf(
      { 'a.yaml': A, 'bad.yaml': versioned('b', 'soon'), 'worse.yaml': 'kind: ScrapeTarget' },
      {},
    );
    assert.deepEqual(plan.changes, []);
    assert.deepEqual(
      [...new Set(plan.errors.map(({ file }) => file))],
      ['targets/bad.yaml', 'targets/worse.yaml'],
    );
  });

  it('leaves files without a ScrapeTarget where they are, and names them', () => {
    const plan = planOf({ 'a.yaml': A, 'prometheus.yml': CONFIG, 'empty.yaml': '# later\n' }, {});
    assert.deepEqual(actionsOf(plan), ['create a.yaml']);
    assert.deepEqual(plan.skipped, ['targets/prometheus.yml', 'targets/empty.yaml']);
  });

  it('refuses a directory without documents, unless emptying was asked for', () => {
    assert.deepEqual(reasonsOf(planOf({ 'x.yaml': CONFIG }, { 'a.yaml': A })), ['NothingToPublish']);
    const emptied = planOf({}, { 'a.yaml': A }, { prune: { maxPercent: 20, allowEmpty: true } });
    assert.deepEqual(actionsOf(emptied), ['delete a.yaml']);
  });

  it('does nothing while the destination could not be read whole, and says why', () => {
    const error = terminal({ reason: 'AccessDenied', message: 'S3 GetObject failed.', where: `${TO}b.yaml` });
    const remote = { kind: 'incomplete', files: remoteFiles({ 'a.yaml': A }), error } as const;
    for (const prune of [undefined, PRUNE]) {
      const plan = planOf({ 'b.yaml': B }, {}, { remote, prune });
      assert.deepEqual(plan.changes, []);
      assert.deepEqual(reasonsOf(plan), ['AccessDenied']);
      assert.equal(plan.blocked[0]?.where, `${TO}b.yaml`);
      assert.match(plan.blocked[0].message, /nothing is published\. S3 GetObject failed\./);
    }
  });

  it('does not replace what AWS returned without a version', () => {
    const remote = { kind: 'complete', files: [{ file: `${TO}a.yaml`, text: B }] } as const;
    assert.deepEqual(reasonsOf(planOf({ 'a.yaml': A }, {}, { remote })), ['IncompleteAnswer']);
  });
});

describe('what a publication leaves behind', () => {
  it('is told, and stays without --prune', () => {
    const plan = planOf({ 'a.yaml': A }, { 'a.yaml': A, 'b.yaml': B });
    assert.deepEqual(actionsOf(plan), []);
    assert.deepEqual(plan.left, [`${TO}b.yaml`]);
  });

  it('goes with --prune, after everything else, so that a moved document is never missing', () => {
    const plan = planOf({ 'z/a.yaml': A, 'b.yaml': B }, { 'a.yaml': A, 'b.yaml': B }, { prune: PRUNE });
    assert.deepEqual(actionsOf(plan), ['create z/a.yaml', 'delete a.yaml']);
    assert.deepEqual(plan.left, []);
  });

  it('stops a publication when it would clash with what is published', () => {
    const plan = planOf({ 'z/a.yaml': A }, { 'a.yaml': A });
    assert.deepEqual(plan.changes, []);
    assert.deepEqual(reasonsOf(plan), ['ClashesWithPublished']);
    assert.equal(plan.blocked[0]?.where, `${TO}a.yaml`);
  });

  it('stops nothing when it is broken in itself', () => {
    const remote = { 'b.yaml': B, 'copy-of-b.yaml': B, 'bad.yaml': versioned('bad', 'soon') };
    assert.deepEqual(actionsOf(planOf({ 'a.yaml': A }, remote)), ['create a.yaml']);
  });

  it('is only ever a ScrapeTarget document: nothing else is deleted', () => {
    const strangers = {
      'prometheus.yml': CONFIG,
      'notes.md': A,
      'broken.yaml': '{{ .Values }}',
      'empty.json': '',
    };
    const plan = planOf({ 'b.yaml': B }, { ...strangers, 'a.yaml': A, 'b.yaml': B }, { prune: PRUNE });
    assert.deepEqual(actionsOf(plan), ['delete a.yaml']);
  });

  it('goes also when it was valid once and is not any more', () => {
    const plan = planOf({ 'b.yaml': B }, { 'b.yaml': B, 'a.yaml': versioned('a', 'soon') }, { prune: PRUNE });
    assert.deepEqual(actionsOf(plan), ['delete a.yaml']);
  });
});

describe('the guard of pruning', () => {
  const many = (from: number, to: number) =>
    Object.fromEntries(
      Array.from({ length: to - from }, (_, index) => {
        const name = `app-${from + index}`;
        return [`${name}.yaml`, versioned(name)];
      }),
    );
  const limits = (maxPercent: number, allowEmpty = false) => ({ prune: { maxPercent, allowEmpty } });

  it('lets go what is within the share, and not one more', () => {
    assert.equal(planOf(many(2, 10), many(0, 10), limits(20)).changes.length, 2);
    const held = planOf(many(3, 10), many(0, 10), limits(20));
    assert.deepEqual(reasonsOf(held), ['PruneHeld']);
    assert.match(held.blocked[0]?.message ?? '', /3 of 10 .*--max-prune 20/);
    assert.match(held.blocked[0]?.remedy ?? '', /--max-prune 30/);
  });

  it('lets one go of a few, unless nothing may', () => {
    assert.equal(planOf(many(1, 3), many(0, 3), limits(20)).changes.length, 1);
    assert.deepEqual(reasonsOf(planOf(many(1, 3), many(0, 3), limits(0))), ['PruneHeld']);
  });

  it('holds the writes back too, because the directory may be the wrong one', () => {
    assert.deepEqual(planOf({ ...many(5, 10), ...many(20, 25) }, many(0, 10), limits(20)).changes, []);
  });

  it('never deletes all, whatever the share, unless that is allowed', () => {
    const moved = planOf(many(20, 25), many(0, 10), limits(100));
    assert.deepEqual(reasonsOf(moved), ['PruneWouldEmpty']);
    assert.equal(planOf(many(20, 25), many(0, 10), limits(20, true)).changes.length, 15);
  });

  it('counts only documents, so that other files do not make the share look small', () => {
    const other = Object.fromEntries(
      Array.from({ length: 90 }, (_, index) => [`other-${index}.yaml`, CONFIG]),
    );
    const held = planOf(many(3, 10), { ...many(0, 10), ...other }, limits(20));
    assert.deepEqual(reasonsOf(held), ['PruneHeld']);
  });

  it('tells a share that is then enough', () => {
    const remedy = planOf(many(2, 3), many(0, 3), limits(20)).blocked[0]?.remedy ?? '';
    const [, share] = /--max-prune (\d+)/.exec(remedy) ?? [];
    assert.equal(planOf(many(2, 3), many(0, 3), limits(Number(share))).changes.length, 2);
  });
});

describe('what the destination would refuse', () => {
  const SSM = 'ssm:///prom/targets/';
  const padded = (bytes: number) => `${A}#${'x'.repeat(bytes - Buffer.byteLength(A) - 2)}\n`;
  const messagesOf = (
    path: string,
    text: string,
    to: string,
    tier: 'standard' | 'advanced' | 'intelligent',
  ) => {
    const plan = planOf({ [path]: text }, {}, { to, tier });
    assert.equal(plan.changes.length, plan.blocked.length === 0 ? 1 : 0);
    return plan.blocked.map(({ where, message, remedy }) => {
      assert.equal(where, `targets/${path}`);
      return `${message} ${remedy ?? ''}`;
    });
  };

  it('is a name that would not be read back', () => {
    for (const to of [TO, SSM])
      assert.match(messagesOf('A.YAML', A, to, 'standard')[0] ?? '', /lower case.*Rename/);
  });

  it('is, in S3, a key of more than 1024 bytes', () => {
    assert.deepEqual(messagesOf(`${'ä'.repeat(505)}.yaml`, A, 's3://docs/t/h/', 'standard').length, 0);
    assert.match(
      messagesOf(`${'ä'.repeat(510)}.yaml`, A, 's3://docs/t/h/', 'standard')[0] ?? '',
      /1029 bytes/,
    );
  });

  it('is more than a source of the same place would read', () => {
    const comment = `#${'x'.repeat(1_000_000)}\n`;
    const texts = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`a${index}.yaml`, versioned(`a${index}`) + comment]),
      );
    assert.deepEqual(planOf(texts(16), {}).blocked, []);
    assert.deepEqual(reasonsOf(planOf(texts(17), {})), ['SourceTooLarge']);
  });

  it('is, in SSM, a name with other characters, too many levels, or a reserved beginning', () => {
    assert.match(messagesOf('my app.yaml', A, SSM, 'standard')[0] ?? '', /letters, digits/);
    assert.deepEqual(messagesOf('my app.yaml', A, TO, 'standard'), []);
    assert.deepEqual(messagesOf(`${'x/'.repeat(12)}a.yaml`, A, SSM, 'standard'), []);
    assert.match(messagesOf(`${'x/'.repeat(13)}a.yaml`, A, SSM, 'standard')[0] ?? '', /15 levels/);
    assert.match(
      messagesOf('a.yaml', A, 'ssm:///AWS-targets/', 'standard')[0] ?? '',
      /begin with aws or ssm/,
    );
    assert.match(
      messagesOf(`${'x'.repeat(1000)}.yaml`, A, SSM, 'standard')[0] ?? '',
      /characters; SSM allows/,
    );
  });

  it('is, in SSM, what the tier cannot hold, with the tier that could', () => {
    assert.deepEqual(messagesOf('a.yaml', padded(4096), SSM, 'standard'), []);
    assert.match(
      messagesOf('a.yaml', padded(4097), SSM, 'standard')[0] ?? '',
      /4097 bytes.*holds 4096.*--tier advanced/,
    );
    assert.deepEqual(messagesOf('a.yaml', padded(8192), SSM, 'intelligent'), []);
    assert.match(
      messagesOf('a.yaml', padded(8193), SSM, 'advanced')[0] ?? '',
      /holds 8192\. Split the file, or publish to s3/,
    );
    assert.deepEqual(messagesOf('a.yaml', padded(8193), TO, 'standard'), []);
  });

  it('is, in SSM, a text with {{ }}, with the line where it begins', () => {
    const template = `${A}# first\n# {{ name }}\n`;
    const line = template.split('\n').findIndex((text) => text.includes('{{')) + 1;
    assert.ok(messagesOf('a.yaml', template, SSM, 'standard')[0]?.startsWith(`Line ${line} holds {{`));
    assert.deepEqual(messagesOf('a.yaml', template, TO, 'standard'), []);
    assert.deepEqual(messagesOf('a.yaml', `${A}# {{ alone\n`, SSM, 'standard'), []);
  });
});
