import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatThrown } from '../../controller/errors.ts';

const run = promisify(execFile);
const APT_TIMEOUT_MS = 120_000;
const CACHE = fileURLToPath(new URL('../../.cache/prometheus/', import.meta.url));
const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export interface InstalledPrometheus {
  readonly prometheus: string;
  readonly promtool: string;
  readonly version: string;
}

/** Asks the two binaries themselves whether they work here. */
export async function inspect(prometheus: string, promtool: string): Promise<InstalledPrometheus> {
  await run(promtool, ['--version']);
  const { stdout, stderr } = await run(prometheus, ['--version']);
  const version = /version (\S+)/.exec(stdout + stderr)?.[1] ?? 'unknown';
  return { prometheus, promtool, version };
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The Debian suite of this machine, or `system` for the package sources that it has, whatever they are. */
export async function ownSuite(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1];
  return /^ID=debian/m.test(release) && codename !== undefined ? codename : 'system';
}

/** Prometheus of a Debian suite from the cache folder, downloaded once. No root: nothing is installed. */
export async function fromPackage(suite: string): Promise<InstalledPrometheus> {
  const home = join(CACHE, suite);
  if (!(await exists(home))) await download(suite, home);
  return inspect(join(home, 'usr/bin/prometheus'), join(home, 'usr/bin/promtool'));
}

/** In a folder of its own first, so that neither a failure nor a second process leaves a half cache behind. */
async function download(suite: string, home: string): Promise<void> {
  const work = join(CACHE, `.download-${randomBytes(6).toString('hex')}`);
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
  try {
    await downloadPackages(work, await aptOptions(work, suite));
    const packages = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    for (const name of packages) await run('dpkg', ['-x', join(work, name), join(work, 'root')]);
    await rename(join(work, 'root'), home).catch((thrown: unknown) => keepOther(home, thrown));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function downloadPackages(work: string, options: readonly string[]): Promise<void> {
  const apt = (...args: string[]) =>
    run('apt-get', [...options, ...args], { cwd: work, timeout: APT_TIMEOUT_MS });
  await apt('update');
  await apt('download', 'prometheus');
  // A package of its own since Debian 13, a part of the first one before.
  await apt('download', 'promtool').catch((thrown: unknown) => {
    if (!formatThrown(thrown).includes('promtool')) throw thrown;
  });
}

async function aptOptions(work: string, suite: string): Promise<readonly string[]> {
  const set = (key: string, value: string) => ['-o', `${key}=${value}`];
  const own = [
    ...set('Dir::State::Lists', join(work, 'lists')),
    ...set('Dir::Cache', join(work, 'cache')),
    ...set('APT::Sandbox::User', 'root'),
  ];
  if (suite === 'system') return own;
  const sources = join(work, 'sources.list');
  const line = `deb [signed-by=${DEBIAN_KEYRING}] http://deb.debian.org/debian ${suite} main\n`;
  await writeFile(sources, line);
  return [...own, ...set('Dir::Etc::SourceList', sources), ...set('Dir::Etc::SourceParts', '-')];
}

/** Another process was faster: its download is as good as ours. */
async function keepOther(home: string, thrown: unknown): Promise<void> {
  if (!(await exists(home))) throw thrown;
}

/** `promtool` lies beside `prometheus` in every distribution of it. */
export function besides(prometheus: string): string {
  return join(dirname(prometheus), 'promtool');
}
