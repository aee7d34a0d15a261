import assert from 'node:assert/strict';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatError, isOperatorError } from '../../controller/errors.ts';
import { createMemoryStore } from '../../controller/prometheus/memory-store.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;
const NAME = '.scrapectl-memory.json';

describe('the memory store', () => {
  const temporary = useTemporaryDirectory();
  const directory = () => join(temporary(), 'bundle');
  const path = () => join(directory(), NAME);
  const store = () => createMemoryStore(directory());

  it('remembers nothing at first, and makes no directory to find that out', async () => {
    assert.equal(await store().load(SIGNAL), undefined);
    assert.deepEqual(await readdir(temporary()), []);
  });

  it('gives back the last text to the next controller', async () => {
    await store().save('{"a": "ä"}', SIGNAL);
    await store().save('{"a": "€"}', SIGNAL);
    assert.equal(await store().load(SIGNAL), '{"a": "€"}');
    assert.deepEqual(await readdir(directory()), [NAME]);
  });

  it('keeps it from other users, who may read the bundle', async () => {
    const old = process.umask(0);
    try {
      await store().save('{}', SIGNAL);
    } finally {
      process.umask(old);
    }
    assert.equal((await stat(path())).mode & 0o777, 0o600);
  });

  it('replaces the file whole, and only when the text is another', async () => {
    await store().save('1', SIGNAL);
    const first = await stat(path());
    await store().save('1', SIGNAL);
    assert.equal((await stat(path())).ino, first.ino);
    await store().save('2', SIGNAL);
    assert.notEqual((await stat(path())).ino, first.ino);
  });

  it('calls a file that cannot be read a terminal error that says what to do', async () => {
    await mkdir(path(), { recursive: true });
    for (const act of [() => store().load(SIGNAL), () => store().save('{}', SIGNAL)])
      await assert.rejects(act(), (thrown: unknown) => {
        assert.ok(isOperatorError(thrown));
        assert.deepEqual([thrown.family, thrown.reason], ['terminal', 'MemoryNotRead']);
        assert.match(formatError(thrown), /scrapectl-memory\.json: .*EISDIR.*or remove it/);
        return true;
      });
  });

  it('calls a directory that cannot be made a terminal error', async () => {
    await writeFile(directory(), 'a file in the way');
    await assert.rejects(
      store().save('{}', SIGNAL),
      (thrown: unknown) => isOperatorError(thrown) && thrown.family === 'terminal',
    );
  });
});
