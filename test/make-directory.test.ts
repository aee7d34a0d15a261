import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectories } from '../controller/make-directory.ts';
import { useTemporaryDirectory } from './support/temporary-directory.ts';

describe('makeDirectories', () => {
  const directory = useTemporaryDirectory();

  it('makes a directory and those above it, and says that it is new', async () => {
    const path = join(directory(), 'a/b/c');
    assert.equal(await makeDirectories(path), true);
    assert.ok((await stat(path)).isDirectory());
  });

  it('leaves one that is there, also at the root', async () => {
    await mkdir(join(directory(), 'a'));
    assert.equal(await makeDirectories(join(directory(), 'a')), false);
    assert.equal(await makeDirectories('/'), false);
  });

  it('fails where a file stands in the way', async () => {
    await writeFile(join(directory(), 'file'), '');
    await assert.rejects(makeDirectories(join(directory(), 'file')), { code: 'EEXIST' });
    await assert.rejects(makeDirectories(join(directory(), 'file/below')), { code: 'ENOTDIR' });
  });

  // /proc is Linux's own.
  if (process.platform === 'linux')
    it('fails, and does not try for ever, where the file system takes no directories', async () => {
      await assert.rejects(makeDirectories('/proc/no/such/place'), { code: 'ENOENT' });
    });
});
