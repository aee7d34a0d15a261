import assert from 'node:assert/strict';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectoryStatusStore } from '../../controller/prometheus/status-store.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const never = (): AbortSignal => new AbortController().signal;

describe('a status in a directory', () => {
  const directory = useTemporaryDirectory();
  const place = (): string => join(directory(), 'state');
  const storeOf = (owner: string) => createDirectoryStatusStore(place(), owner);

  it('is not there before it is stored, and is what was stored then', async () => {
    const store = storeOf('prod');
    assert.equal(await store.load(never()), undefined);
    await store.save('one\n', never());
    await store.save('two\n', never());
    assert.equal(await store.load(never()), 'two\n');
    assert.deepEqual(await readdir(join(place(), 'prod')), ['status']);
  });

  it('can be read by others', async () => {
    await storeOf('prod').save('one\n', never());
    assert.equal((await stat(join(place(), 'prod', 'status'))).mode & 0o777, 0o644);
  });

  it('is of one owner alone, and tells who else has one', async () => {
    await storeOf('prod').save('prod\n', never());
    await storeOf('..').save('odd\n', never());
    await writeFile(join(place(), 'notes.txt'), 'x');
    assert.equal(await storeOf('prod').load(never()), 'prod\n');
    assert.deepEqual(await storeOf('x').owners(never()), ['..', 'prod']);
    assert.deepEqual(await createDirectoryStatusStore(join(directory(), 'no'), 'x').owners(never()), []);
  });

  it('replaces what a killed process left half-written', async () => {
    await mkdir(join(place(), 'prod'), { recursive: true });
    await writeFile(join(place(), 'prod', '.status.0123456789abcdef.tmp'), 'half');
    await storeOf('prod').save('whole\n', never());
    assert.deepEqual(await readdir(join(place(), 'prod')), ['status']);
  });

  it('is not taken for missing when it cannot be read', async () => {
    await mkdir(join(place(), 'prod', 'status'), { recursive: true });
    await assert.rejects(storeOf('prod').load(never()), {
      reason: 'StatusNotRead',
      where: join(place(), 'prod', 'status'),
    });
  });
});
