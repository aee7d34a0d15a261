import assert from 'node:assert/strict';
import { NO_DOCUMENTS } from '../../controller/reconcile/memory.ts';
import { readDocuments } from '../../controller/reconcile/read-documents.ts';
import type { Documents } from '../../controller/reconcile/read-documents.ts';
import type { SourceSnapshot } from '../../controller/reconcile/ports.ts';
import { document } from '../support/scrape-world.ts';
import { cut, file, memorySource, never, whole } from './ports.ts';

/** One cycle after the other, each remembering the one before. */
async function cycles(...snapshots: readonly [SourceSnapshot, ...SourceSnapshot[]]): Promise<Documents> {
  const [first, ...others] = snapshots;
  let documents = await readDocuments([memorySource(first)], NO_DOCUMENTS, {}, never());
  for (const snapshot of others)
    documents = await readDocuments([memorySource(snapshot)], documents.memory, {}, never());
  return documents;
}

const names = ({ targets }: Documents): string[] => targets.map(({ metadata }) => metadata.name);

const webapp = file(document());
const db = file(document('', 'portNumber: 9187', 'db'), 'db.yaml');
const broken = (name: string): string => document('', 'portNumber: 99999', name);

describe('reading documents', () => {
  it('gives the targets of all sources, sorted by name', async () => {
    const other = { ...whole(db), uri: 'more' };
    const documents = await readDocuments(
      [memorySource(whole(webapp)), memorySource(other)],
      NO_DOCUMENTS,
      {},
      never(),
    );
    assert.deepEqual(names(documents), ['db', 'webapp']);
    assert.equal(documents.whole, true);
  });

  it('keeps the remembered files that an incomplete listing does not show', async () => {
    const documents = await cycles(whole(webapp, db), cut(db));
    assert.deepEqual(names(documents), ['db', 'webapp']);
    assert.equal(documents.whole, true);
    assert.equal(documents.incomplete[0]?.error.reason, 'Throttled');
  });

  it('takes the newer text of a file that an incomplete listing does show', async () => {
    const moved = file(document('  labels: {env: new}'));
    const { targets } = await cycles(whole(webapp, db), cut(moved));
    assert.deepEqual(targets.find(({ metadata }) => metadata.name === 'webapp')?.spec.labels, { env: 'new' });
  });

  it('goes on remembering through several incomplete listings', async () => {
    assert.deepEqual(names(await cycles(whole(webapp, db), cut(), cut(), cut(db))), ['db', 'webapp']);
  });

  it('does not call its knowledge whole while a source has never been read', async () => {
    const documents = await cycles(cut(webapp));
    assert.deepEqual(names(documents), ['webapp']);
    assert.equal(documents.whole, false);
  });

  it('does not call its knowledge whole after two incomplete listings either', async () => {
    const documents = await cycles(cut(webapp), cut(webapp));
    assert.equal(documents.whole, false);
  });

  it('lets a document go that a complete listing does not hold', async () => {
    const documents = await cycles(whole(webapp, db), whole(db));
    assert.deepEqual(names(documents), ['db']);
    assert.equal(documents.lastKnownGood.size, 0);
  });

  it('keeps the last accepted version of a document that became invalid, and says so', async () => {
    const documents = await cycles(whole(webapp, db), whole(file(broken('webapp')), db));
    assert.deepEqual(names(documents), ['db', 'webapp']);
    assert.deepEqual([...documents.lastKnownGood], ['webapp']);
    assert.equal(documents.targets[1]?.spec.endpoints[0]?.port.kind, 'number');
    assert.equal(documents.errors[0]?.name, 'webapp');
  });

  it('keeps the accepted versions of a file that is no longer YAML, although no name can be read in it', async () => {
    const documents = await cycles(whole(webapp, db), whole(file('kind: [', 'webapp.yaml'), db));
    assert.deepEqual(names(documents), ['db', 'webapp']);
    assert.deepEqual([...documents.lastKnownGood], ['webapp']);
  });

  it('keeps the accepted version for as long as the document stays invalid', async () => {
    const invalid = whole(file(broken('webapp')));
    assert.deepEqual(names(await cycles(whole(webapp), invalid, invalid, invalid)), ['webapp']);
  });

  it('takes the mended version as soon as there is one', async () => {
    const mended = file(document('  labels: {env: mended}'));
    const documents = await cycles(whole(webapp), whole(file(broken('webapp'))), whole(mended));
    assert.deepEqual(documents.targets[0]?.spec.labels, { env: 'mended' });
    assert.equal(documents.lastKnownGood.size, 0);
  });

  it('lets an invalid document go when its file is removed', async () => {
    const documents = await cycles(whole(webapp, db), whole(file(broken('webapp')), db), whole(db));
    assert.deepEqual(names(documents), ['db']);
  });

  it('has no version in force of a document that was never valid', async () => {
    const documents = await cycles(whole(file(broken('webapp')), db));
    assert.deepEqual(names(documents), ['db']);
    assert.equal(documents.errors[0]?.name, 'webapp');
  });

  it('keeps the former owner of a name when a second document claims it', async () => {
    const rival = file(document('  labels: {env: rival}'), 'a-rival.yaml');
    const documents = await cycles(whole(webapp), whole(webapp, rival));
    assert.deepEqual(names(documents), ['webapp']);
    assert.notDeepEqual(documents.targets[0]?.spec.labels, { env: 'rival' });
    assert.notEqual(documents.errors.length, 0);
  });

  it('does not parse a file again whose text is the same, and does so once it differs', async () => {
    const read = (snapshot: SourceSnapshot, { memory }: Pick<Documents, 'memory'>): Promise<Documents> =>
      readDocuments([memorySource(snapshot)], memory, {}, never());
    const edited = file(document('  labels: {env: new}', 'portNumber: 9187', 'db'), db.file);
    const first = await read(whole(webapp, db), { memory: NO_DOCUMENTS });
    const second = await read(whole({ ...webapp }, edited), first);
    assert.equal(second.targets[1], first.targets[1]);
    assert.deepEqual(second.targets[0]?.spec.labels, { env: 'new' });
  });
});
