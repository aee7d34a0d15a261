import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DocumentFile } from '../../controller/api/types.ts';
import { planPublication } from '../../controller/plan/publish-plan.ts';
import { localFiles, planOf, published, remoteFiles, TO, versioned } from '../support/publishing.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const STRANGERS = { 'prometheus.yml': 'global: {}\n', 'readme.md': '# here\n', 'list.yaml': '[]\n' };

/** Each document in its own file, in one of two versions, sometimes in another directory. */
const files = fc
  .uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), moved: fc.boolean(), fast: fc.boolean() }), {
    selector: ({ name }) => name,
  })
  .map((all) =>
    Object.fromEntries(
      all.map(({ name, moved, fast }) => [
        `${moved ? 'moved/' : ''}${name}.yaml`,
        versioned(name, fast ? '15s' : '30s'),
      ]),
    ),
  );

const prunes = fc.option(
  fc.record({ maxPercent: fc.integer({ min: 0, max: 100 }), allowEmpty: fc.boolean() }),
  {
    nil: undefined,
  },
);

const worlds = fc.record({ local: files, documents: files, prune: prunes });

describe('a publication: whatever the directory and the destination hold', () => {
  it('that was carried out leaves nothing to publish', () => {
    fc.assert(
      fc.property(worlds, ({ local, documents, prune }) => {
        const remote = { ...STRANGERS, ...documents };
        const plan = planOf(local, remote, { prune });
        fc.pre(plan.blocked.length === 0);
        const after = published(remote, plan.changes);
        assert.deepEqual(planOf(local, after, { prune }).changes, []);
        for (const [path, text] of Object.entries(local)) assert.equal(after[path], text);
      }),
    );
  });

  it('never touches what is no ScrapeTarget document', () => {
    fc.assert(
      fc.property(worlds, ({ local, documents, prune }) => {
        const after = published(STRANGERS, planOf(local, { ...STRANGERS, ...documents }, { prune }).changes);
        for (const [path, text] of Object.entries(STRANGERS)) assert.equal(after[path], text);
      }),
    );
  });

  it('deletes nothing without --prune, nor more than the guard allows with it', () => {
    fc.assert(
      fc.property(worlds, ({ local, documents, prune }) => {
        const { changes } = planOf(local, { ...STRANGERS, ...documents }, { prune });
        const deleted = changes.filter(({ kind }) => kind === 'delete').length;
        const all = Object.keys(documents).length;
        if (prune === undefined) assert.equal(deleted, 0);
        else if (deleted > 0 && deleted === all) assert.ok(prune.allowEmpty);
        else assert.ok(deleted <= 1 || deleted * 100 <= all * prune.maxPercent);
      }),
    );
  });

  it('never leaves a document twice at the destination', () => {
    fc.assert(
      fc.property(worlds, ({ local, documents, prune }) => {
        const plan = planOf(local, documents, { prune });
        fc.pre(plan.changes.length > 0);
        const names = Object.keys(published(documents, plan.changes)).map((path) =>
          path.replace('moved/', ''),
        );
        assert.equal(new Set(names).size, names.length);
      }),
    );
  });

  it('is the same in whatever order files are listed', () => {
    fc.assert(
      fc.property(worlds, ({ local, documents, prune }) => {
        const request = { directory: 'targets', to: TO, prune, tier: 'standard', parsing: {} } as const;
        const plan = (one: readonly DocumentFile[], two: readonly DocumentFile[]) =>
          planPublication({ ...request, local: one, remote: { kind: 'complete', files: two } });
        const [mine, theirs] = [localFiles(local), remoteFiles(documents)];
        assert.deepEqual(plan(mine.toReversed(), theirs.toReversed()).changes, plan(mine, theirs).changes);
      }),
    );
  });
});
