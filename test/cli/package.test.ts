import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const run = promisify(execFile);
const NAME = 'ecs-prometheus-operator';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

/** The AWS clients are loaded and asked, and none of them gets as far as the network. */
const NO_CREDENTIALS = {
  AWS_CONFIG_FILE: '/nonexistent',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};

describe('the package', function () {
  this.timeout(60_000);
  const directory = useTemporaryDirectory();

  /**
   * Built, packed and unpacked beside links to exactly the dependencies that it declares: what npm would install,
   * without asking the registry.
   */
  async function install(): Promise<{ readonly home: string; readonly manifest: Manifest }> {
    const source = join(directory(), 'source');
    await run('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', join(source, 'dist')]);
    for (const part of ['package.json', 'schemas', 'crds', 'docs', 'examples', 'README.md', 'LICENSE'])
      await cp(part, join(source, part), { recursive: true }).catch(ignoreMissing);
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory()], { cwd: source });
    const manifest: Manifest = JSON.parse(await readFile('package.json', 'utf8'));
    const modules = join(directory(), 'user/node_modules');
    const home = join(modules, NAME);
    await mkdir(home, { recursive: true });
    const tarball = join(directory(), `${NAME}-${manifest.version}.tgz`);
    await run('tar', ['-xzf', tarball, '-C', home, '--strip-components', '1']);
    for (const dependency of Object.keys(manifest.dependencies)) {
      const link = join(modules, dependency);
      await mkdir(dirname(link), { recursive: true });
      await symlink(await realpath(join('node_modules', dependency)), link);
    }
    return { home, manifest };
  }

  it('installs a scrapectl that knows its version, validates its own examples and finds its schemas', async () => {
    const { home, manifest } = await install();
    const binary = join(home, manifest.bin['scrapectl'] ?? '');
    assert.match(await readFile(binary, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    const scrapectl = (...args: readonly string[]) =>
      run(process.execPath, [binary, ...args], { cwd: home, env: NO_CREDENTIALS });

    assert.equal((await scrapectl('--version')).stdout, `scrapectl ${manifest.version}\n`);
    assert.match((await scrapectl('validate', 'examples/')).stdout, /^\d+ valid, 0 invalid/m);
    for (const schema of ['scrapetarget.v1alpha1', 'plan.v1'])
      JSON.parse(await readFile(join(home, `schemas/${schema}.schema.json`), 'utf8'));
    await assert.rejects(scrapectl('plan', '--source', 'examples/scrape-targets', '--output', 'xml'), {
      code: 1,
    });
    const plan = scrapectl('plan', '--source=examples/scrape-targets', '--region=eu-west-1');
    await assert.rejects(plan, {
      code: 1,
      stderr: /Nothing could be read from AWS\..* Set AWS_ACCESS_KEY_ID/,
    });
  });

  it('ships the program, its schemas, examples and pages, and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [packed]: readonly { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(stdout);
    const paths = packed?.files.map(({ path }) => path) ?? [];
    assert.ok(paths.includes('package.json') && paths.includes('LICENSE'));
    assert.deepEqual(
      paths.filter((path) => !SHIPPED.test(path)),
      [],
    );
  });

  it('ships no test and no secret', async () => {
    const { home } = await install();
    const found = await readdir(home, { recursive: true, withFileTypes: true });
    const files = found
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.filter((file) => /\.test\.|\.(?:pem|key|env|npmrc|log)$/.test(file)),
      [],
    );
    for (const file of files) assert.doesNotMatch(await readFile(file, 'utf8'), SECRET, file);
  });
});

/** What npm always takes, and the folders that users need; source maps carry their sources for stack traces. */
const SHIPPED =
  /^(?:package\.json|README\.md|LICENSE|dist\/.+\.js(?:\.map)?|schemas\/.+\.json|crds\/.+\.yaml|docs\/.+\.(?:md|png)|examples\/.+)$/;

/** Keys of AWS and private keys, as they look in a file; those of AWS's own examples end so. */
const SECRET = /\b(?:AKIA|ASIA)(?!\w*EXAMPLE\b)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown;
}
