import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const APT_TIMEOUT_MS = 120_000;
const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** `apt-get` with lists of its own, in the folder where downloads go. Resolves to what it printed. */
export type Apt = (...args: readonly string[]) => Promise<string>;

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

/**
 * The files of Debian packages, downloaded once and unpacked into `home`. No root: nothing is installed. In a folder of
 * its own first, so that neither a failure nor a second process leaves half of it behind.
 */
export async function fetchPackages(
  home: string,
  suite: string,
  choose: (apt: Apt) => Promise<void>,
): Promise<void> {
  if (await exists(home)) return;
  const work = join(dirname(home), `.download-${randomBytes(6).toString('hex')}`);
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
  try {
    const options = await aptOptions(work, suite);
    const apt: Apt = async (...args) => {
      const { stdout } = await run('apt-get', [...options, ...args], { cwd: work, timeout: APT_TIMEOUT_MS });
      return stdout;
    };
    await apt('update');
    await choose(apt);
    const packages = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    for (const name of packages) await run('dpkg', ['-x', join(work, name), join(work, 'root')]);
    await rename(join(work, 'root'), home).catch((thrown: unknown) => keepOther(home, thrown));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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
