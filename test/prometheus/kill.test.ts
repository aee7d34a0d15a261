import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import { instantClock } from '../support/fake-clock.ts';
import { isWholeConfig, isWholeTargetFile, sealedBundle } from '../support/sealed-bundle.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = fileURLToPath(import.meta.resolve('../support/publish-forever.ts'));
const KILLS = 63;
/** Publications that one kill cuts off at once, each in its own directory and at its own place. */
const PUBLISHERS = 16;
const TIMEOUT_MS = 240_000;

/** The children start from JavaScript: a loader would take longer than everything that they do. */
async function compile(into: string): Promise<string> {
  const config = join(into, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    rootDir: REPOSITORY,
    outDir: into,
    typeRoots: [join(REPOSITORY, 'node_modules/@types')],
  };
  await writeFile(
    config,
    JSON.stringify({
      extends: join(REPOSITORY, 'tsconfig.json'),
      compilerOptions,
      include: [],
      files: [PROGRAM],
    }),
  );
  await promisify(execFile)(join(REPOSITORY, 'node_modules/.bin/tsc'), ['-p', config]);
  return join(into, 'test/support/publish-forever.js');
}

/** A spread that is the same in every run: the kill falls into every part of a publication in turn. */
function delayOf(kill: number): number {
  return ((kill * 7919) % 1000) / 50;
}

async function killWhilePublishing(
  program: string,
  directories: readonly string[],
  kill: number,
): Promise<void> {
  const child = spawn(process.execPath, [program, `${kill * 10}`, ...directories], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  await new Promise((resolve) => setTimeout(resolve, delayOf(kill)));
  child.kill('SIGKILL');
  const [, signal] = await closed;
  assert.equal(signal, 'SIGKILL');
}

async function assertWhole(directory: string): Promise<void> {
  for (const name of ['prometheus.yml', '.prometheus.yml.last-good']) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => undefined);
    if (text !== undefined) assert.ok(isWholeConfig(text), `${name} is torn: ${text.slice(-100)}`);
  }
  const targets = join(directory, 'targets');
  const names = await readdir(targets).catch(() => []);
  for (const name of names.filter((name) => name.endsWith('.json'))) {
    const text = await readFile(join(targets, name), 'utf8');
    assert.ok(isWholeTargetFile(text), `${name} is torn: ${text.slice(-100)}`);
  }
}

describe('a thousand publications that are cut off by kill -9', () => {
  const temporary = useTemporaryDirectory();
  let compiled: string;
  let program: string;
  before(async function () {
    this.timeout(TIMEOUT_MS);
    // Inside the repository, where the compiled program finds its dependencies.
    await mkdir(join(REPOSITORY, '.cache'), { recursive: true });
    compiled = await mkdtemp(join(REPOSITORY, '.cache/kill-test-'));
    program = await compile(compiled);
  });
  after(() => rm(compiled, { recursive: true, force: true }));

  it('never leave a torn or empty file, and the next one cleans up', async () => {
    const directories = Array.from({ length: PUBLISHERS }, (_, n) => join(temporary(), `bundle-${n}`));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killWhilePublishing(program, directories, kill);
      await Promise.all(directories.map(assertWhole));
    }
    await Promise.all(directories.map(assertCleanedUp));
  }).timeout(TIMEOUT_MS);
});

async function assertCleanedUp(directory: string): Promise<void> {
  const publisher = createPublisher({ directory, fetch, clock: instantClock() });
  const bundle = sealedBundle(0);
  await publisher.publish(bundle, new AbortController().signal);
  const names = await readdir(join(directory, 'targets'));
  assert.deepEqual(names.map((name) => `targets/${name}`).sort(), [...bundle.targetFiles.keys()].sort());
}
