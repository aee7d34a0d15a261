import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directorySource } from '../../controller/documents/directory.ts';
import { fileTextReader } from '../../controller/documents/text.ts';
import { isOperatorError } from '../../controller/errors.ts';
import type { SourceSnapshot } from '../../controller/reconcile/ports.ts';

const never = new AbortController().signal;

describe('directorySource', () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'documents-')));
  });

  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  const put = async (path: string, text = path): Promise<void> => {
    const file = join(root, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
  };

  const read = (path = root): Promise<SourceSnapshot> => directorySource(path).read(never);

  const names = (snapshot: SourceSnapshot): string[] =>
    snapshot.files.map(({ file }) => file.slice(root.length + 1));

  it('reads .yaml, .yml and .json files of all levels, sorted by path', async () => {
    for (const path of ['b/z.yml', 'a.yaml', 'b/c/d.json', 'B.YAML', 'README.md', 'b/values.yaml.bak'])
      await put(path);
    const snapshot = await read();
    assert.equal(snapshot.kind, 'complete');
    assert.deepEqual(names(snapshot), ['B.YAML', 'a.yaml', 'b/c/d.json', 'b/z.yml']);
    assert.equal(snapshot.files[1]?.text, 'a.yaml');
  });

  it('says that an existing but empty directory is complete', async () => {
    assert.deepEqual(await read(), { kind: 'complete', uri: root, files: [] });
  });

  it('passes over hidden directories and node_modules', async () => {
    for (const path of ['.git/a.yaml', 'node_modules/b.yaml', 'c/.cache/d.yaml', '.hidden.yaml'])
      await put(path);
    assert.deepEqual(names(await read()), ['.hidden.yaml']);
  });

  it('reads one named file whatever its name', async () => {
    await put('targets.txt', 'text');
    const file = join(root, 'targets.txt');
    assert.deepEqual(await read(file), { kind: 'complete', uri: file, files: [{ file, text: 'text' }] });
  });

  it('names files by the path that was given, with a slash at its end or without', async () => {
    await put('a.yaml');
    const snapshot = await read(`${root}/`);
    assert.deepEqual(
      snapshot.files.map(({ file }) => file),
      [join(root, 'a.yaml')],
    );
  });

  it('is incomplete, and says what to do, when the path does not exist', async () => {
    const snapshot = await read(join(root, 'missing'));
    assert.ok(snapshot.kind === 'incomplete');
    assert.equal(snapshot.error.reason, 'SourceNotFound');
    assert.equal(snapshot.error.where, join(root, 'missing'));
    assert.match(snapshot.error.remedy ?? '', /Create it/);
  });

  it('keeps the readable files of a directory in which one cannot be read', async () => {
    await put('a.yaml');
    await put('c.yaml');
    await symlink('gone.yaml', join(root, 'b.yaml'));
    const snapshot = await read();
    assert.ok(snapshot.kind === 'incomplete');
    assert.deepEqual(names(snapshot), ['a.yaml', 'c.yaml']);
    assert.equal(snapshot.error.where, join(root, 'b.yaml'));
  });

  it('counts the entries that could not be read', async () => {
    for (const name of ['a', 'b', 'c']) await symlink('gone', join(root, `${name}.yaml`));
    const snapshot = await read();
    assert.ok(snapshot.kind === 'incomplete');
    assert.match(snapshot.error.message, /2 more could not be read/);
  });

  it('follows symbolic links inside the source and ends when they go round', async () => {
    await put('real/a.yaml');
    await symlink('real', join(root, 'link'));
    await symlink('..', join(root, 'real', 'up'));
    const snapshot = await read();
    assert.equal(snapshot.kind, 'complete');
    assert.deepEqual(names(snapshot), ['link/a.yaml']);
  });

  it('reads a directory whose files are links into a hidden directory, as mounted config maps are', async () => {
    await put('..2026_01_01/a.yaml');
    await symlink('..2026_01_01', join(root, '..data'));
    await symlink('..data/a.yaml', join(root, 'a.yaml'));
    const snapshot = await read();
    assert.equal(snapshot.kind, 'complete');
    assert.deepEqual(names(snapshot), ['a.yaml']);
  });

  it('refuses a symbolic link that leads out of the source', async () => {
    await put('outside/secret', 'password');
    await put('source/a.yaml');
    await symlink('../outside/secret', join(root, 'source', 'b.yaml'));
    const snapshot = await read(join(root, 'source'));
    assert.ok(snapshot.kind === 'incomplete');
    assert.equal(snapshot.error.reason, 'SourceLinkRefused');
    assert.deepEqual(names(snapshot), ['source/a.yaml']);
  });

  it('hands over only as much of a huge file as the parser needs to refuse it', async () => {
    await put('huge.yaml');
    await truncate(join(root, 'huge.yaml'), 5 * 1024 * 1024 * 1024);
    const snapshot = await read();
    assert.equal(snapshot.kind, 'complete');
    const length = snapshot.files[0]?.text.length ?? 0;
    assert.ok(length > 1024 * 1024 && length < 4 * 1024 * 1024, `${length} characters`);
  });

  it('does not wait for a pipe', async () => {
    await put('a.yaml');
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    const snapshot = await read();
    assert.ok(snapshot.kind === 'incomplete');
    assert.match(snapshot.error.message, /not a regular file/);
    assert.deepEqual(names(snapshot), ['a.yaml']);
  });

  it('leaves out files beyond what fits into memory, and says so', async () => {
    for (let index = 10; index < 25; index += 1) {
      await put(`${index}.yaml`);
      await truncate(join(root, `${index}.yaml`), 3 * 1024 * 1024);
    }
    const snapshot = await read();
    assert.ok(snapshot.kind === 'incomplete');
    assert.equal(snapshot.error.reason, 'SourceTooLarge');
    assert.equal(snapshot.files.length, 10);
  });

  it('gives up on directories inside one another without end', async () => {
    await put(`${'d/'.repeat(40)}a.yaml`);
    await put('b.yaml');
    const snapshot = await read();
    assert.ok(snapshot.kind === 'incomplete');
    assert.equal(snapshot.error.reason, 'SourceTooLarge');
  });

  it('is incomplete when it was told to stop', async () => {
    await put('a.yaml');
    const snapshot = await directorySource(root).read(AbortSignal.abort());
    assert.equal(snapshot.kind, 'incomplete');
  });

  describe('watch', () => {
    let controller: AbortController;
    let changes: () => Promise<void>;

    /** Watches a path; `changes()` resolves when a change is told that was not told before the call. */
    const watch = (path: string): void => {
      let wake = (): void => {};
      directorySource(path).watch?.(() => wake(), controller.signal);
      changes = () =>
        new Promise((resolve) => {
          wake = resolve;
        });
    };

    beforeEach(() => {
      controller = new AbortController();
    });

    afterEach(() => controller.abort());

    it('tells of a file that an editor replaces by renaming, each time', async () => {
      await put('a.yaml');
      watch(root);
      for (const text of ['one', 'two']) {
        const changed = changes();
        await put('a.yaml.tmp', text);
        await rename(join(root, 'a.yaml.tmp'), join(root, 'a.yaml'));
        await changed;
        assert.equal((await read()).files[0]?.text, text);
      }
    });

    it('tells of changes in a directory that was made after it began', async () => {
      watch(root);
      const made = changes();
      await mkdir(join(root, 'new'));
      await made;
      const written = changes();
      await put('new/a.yaml');
      await written;
    });

    it('survives the removal of the directory and tells of the new one', async () => {
      const source = join(root, 'source');
      await put('source/a.yaml');
      watch(source);
      const removed = changes();
      await rm(source, { recursive: true });
      await removed;
      const created = changes();
      await mkdir(source);
      await created;
      const written = changes();
      await put('source/b.yaml');
      await written;
      assert.deepEqual(names(await read(source)), ['source/b.yaml']);
    });

    it('waits for a path that does not exist yet', async () => {
      const source = join(root, 'later', 'source');
      watch(source);
      const created = changes();
      await put('later/source/a.yaml');
      await created;
      assert.deepEqual(names(await read(source)), ['later/source/a.yaml']);
    });

    it('watches a single file', async () => {
      await put('one.yaml', 'before');
      watch(join(root, 'one.yaml'));
      const changed = changes();
      await put('one.yaml', 'after');
      await changed;
    });

    it('tells of a swapped link when the source is a link to a release', async () => {
      await put('1/a.yaml', 'one');
      await put('2/a.yaml', 'two');
      const current = join(root, 'current');
      await symlink('1', current);
      watch(current);
      const changed = changes();
      await symlink('2', `${current}.new`);
      await rename(`${current}.new`, current);
      await changed;
      assert.equal((await read(current)).files[0]?.text, 'two');
    });
  });
});

describe('fileTextReader', () => {
  it('reads a file whole and fails with what to do when there is none', async () => {
    const root = await mkdtemp(join(tmpdir(), 'text-'));
    const path = join(root, 'prometheus.yml');
    await writeFile(path, 'global: {}\n');
    assert.equal(await fileTextReader(path).read(never), 'global: {}\n');
    await rm(root, { recursive: true });
    await assert.rejects(
      fileTextReader(path).read(never),
      (thrown) => isOperatorError(thrown) && thrown.reason === 'SourceNotFound',
    );
  });
});
