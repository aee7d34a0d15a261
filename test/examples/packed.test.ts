import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const run = promisify(execFile);

/** Made by `npm install` in an example; nobody else wants it. */
const INSTALLED = 'examples/webapp/node_modules';

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

describe('the examples in the package', () => {
  const directory = useTemporaryDirectory();

  /** What npm would put into the package of this directory. */
  async function packed(): Promise<readonly string[]> {
    const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { stdout } = await run('npm', words, { cwd: directory() });
    const [{ files } = { files: [] }]: readonly { readonly files: readonly { readonly path: string }[] }[] =
      JSON.parse(stdout);
    return files.map(({ path }) => path);
  }

  it('are all there, without what was installed for them', async () => {
    const files = (await filesIn('examples')).filter((path) => !path.startsWith(INSTALLED));
    for (const path of ['package.json', ...files])
      await cp(path, join(directory(), path), { recursive: true });
    await mkdir(join(directory(), INSTALLED, 'prom-client'), { recursive: true });
    await writeFile(join(directory(), INSTALLED, 'prom-client/index.js'), '');
    assert.ok(files.includes('examples/grafana/operator.json'));
    const own = (await packed()).filter((path) => path.startsWith('examples/'));
    assert.deepEqual(own.toSorted(), files.toSorted());
  }).timeout(30_000);
});
