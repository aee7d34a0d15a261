import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONFIG_FILE } from '../../controller/state/targets.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import { GOLDEN, GOLDEN_BUNDLES } from '../support/golden-bundles.ts';

/** `UPDATE_GOLDEN=1` writes the files; the difference is then for the reviewer. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

function filesOf({ config, targetFiles }: Bundle): ReadonlyMap<string, string> {
  const targets = [...targetFiles].flatMap(([path, file]) =>
    file.kind === 'write' ? [[path, file.text] as const] : [],
  );
  return new Map([...targets, [CONFIG_FILE, config]]);
}

async function readGolden(name: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(join(GOLDEN, name), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const root = join(GOLDEN, name, '/');
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(root.length), await readFile(path, 'utf8')] as const),
    ),
  );
}

async function writeGolden(name: string, files: ReadonlyMap<string, string>): Promise<void> {
  await rm(join(GOLDEN, name), { recursive: true, force: true });
  for (const [path, text] of files) {
    const file = join(GOLDEN, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

describe('the golden bundles', () => {
  for (const { name, about, output } of GOLDEN_BUNDLES)
    it(`hold ${about} (${name})`, async () => {
      const files = filesOf(output.bundle);
      if (UPDATE) await writeGolden(name, files);
      assert.deepEqual(await readGolden(name), files);
    });

  it('are all made by a test', async () => {
    const names = await readdir(GOLDEN);
    assert.deepEqual(names.sort(), GOLDEN_BUNDLES.map(({ name }) => name).sort());
  });
});
