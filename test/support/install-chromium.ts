import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findOnPath } from '../../controller/cli/find-on-path.ts';
import { formatThrown } from '../../controller/errors.ts';
import { fetchPackages, ownSuite, type Apt } from './debian-packages.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../../.cache/chromium/', import.meta.url));
const PACKAGE = 'chromium-headless-shell';
/** The download is of some 80 MB. */
const TIMEOUT_MS = 300_000;

export interface InstalledChromium {
  readonly binary: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * For a `before` hook: the Chromium that `CHROMIUM_BIN` names, one on the PATH, or Debian's package. Leaves the tests out
 * when `SKIP_CHROMIUM=1` asks for it or where none can be had, and says so.
 */
export async function requireChromium(context: Mocha.Context): Promise<InstalledChromium> {
  context.timeout(TIMEOUT_MS);
  if (process.env['SKIP_CHROMIUM'] === '1') return leaveOut(context, 'SKIP_CHROMIUM=1 is set');
  try {
    const chromium = await find();
    await run(chromium.binary, ['--headless', '--no-sandbox', '--version'], { env: chromium.env });
    return chromium;
  } catch (thrown) {
    return leaveOut(context, `Chromium cannot be had here: ${formatThrown(thrown)}`);
  }
}

function leaveOut(context: Mocha.Context, reason: string): never {
  process.stderr.write(`Left out: the status page in a browser (${reason})\n`);
  return context.skip();
}

async function find(): Promise<InstalledChromium> {
  const named = process.env['CHROMIUM_BIN'];
  if (named !== undefined) return { binary: named, env: process.env };
  for (const name of [PACKAGE, 'chromium', 'chromium-browser', 'google-chrome']) {
    const binary = await findOnPath(name, process.env['PATH']);
    if (binary !== undefined) return { binary, env: process.env };
  }
  const home = join(CACHE, await ownSuite());
  await fetchPackages(home, await ownSuite(), downloadPackages);
  return { binary: join(home, 'usr/lib/chromium', PACKAGE), env: await environmentOf(home) };
}

/** The package and whatever it needs that this machine has not. */
async function downloadPackages(apt: Apt): Promise<void> {
  const plan = await apt('install', '--simulate', '--no-install-recommends', PACKAGE, 'fonts-liberation');
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
  await apt('download', ...names);
}

/** Its libraries lie in folders named after the machine, some of them in folders of their own. */
async function environmentOf(home: string): Promise<NodeJS.ProcessEnv> {
  const root = join(home, 'usr/lib');
  const names = await readdir(root, { recursive: true });
  const folders = new Set(
    names
      .filter((name) => /-linux-gnu\/.*\.so(?:\.\d+)*$/.test(name))
      .map((name) => join(root, dirname(name))),
  );
  return {
    ...process.env,
    LD_LIBRARY_PATH: [...folders].join(':'),
    XDG_DATA_HOME: join(home, 'usr/share'),
  };
}
