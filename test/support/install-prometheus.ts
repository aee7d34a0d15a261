import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatThrown } from '../../controller/errors.ts';
import { fetchPackages, type Apt } from './debian-packages.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../../.cache/prometheus/', import.meta.url));

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

/** Prometheus of a Debian suite from the cache folder, downloaded once. No root: nothing is installed. */
export async function fromPackage(suite: string): Promise<InstalledPrometheus> {
  const home = join(CACHE, suite);
  await fetchPackages(home, suite, downloadPackages);
  return inspect(join(home, 'usr/bin/prometheus'), join(home, 'usr/bin/promtool'));
}

async function downloadPackages(apt: Apt): Promise<void> {
  await apt('download', 'prometheus');
  // A package of its own since Debian 13, a part of the first one before.
  await apt('download', 'promtool').catch((thrown: unknown) => {
    if (!formatThrown(thrown).includes('promtool')) throw thrown;
  });
}

/** `promtool` lies beside `prometheus` in every distribution of it. */
export function besides(prometheus: string): string {
  return join(dirname(prometheus), 'promtool');
}
