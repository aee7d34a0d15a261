import { delimiter, join } from 'node:path';
import { systemClock } from '../../controller/cli/clock.ts';
import { formatThrown } from '../../controller/errors.ts';
import { startPrometheusProcess } from '../../controller/prometheus/process.ts';
import type { PrometheusProcess } from '../../controller/prometheus/process.ts';
import { exists, ownSuite } from './debian-packages.ts';
import { besides, fromPackage, inspect } from './install-prometheus.ts';
import type { InstalledPrometheus } from './install-prometheus.ts';

/** How long the first test that needs Prometheus may take, because it may have to download it. */
export const PROMETHEUS_TIMEOUT_MS = 240_000;

const found = new Map<string, Promise<InstalledPrometheus>>();

/**
 * Prometheus and promtool: `PROMETHEUS_BIN` (with `PROMTOOL_BIN`, or promtool beside it), the Debian
 * suite that `PROMETHEUS_SUITE` names, the PATH, or the package of this machine's suite.
 */
export function findPrometheus(): Promise<InstalledPrometheus> {
  return once('', find);
}

/** Prometheus of one Debian suite: 2.42 in bookworm, 2.53 in trixie, 3.x in forky. */
export function findPrometheusOf(suite: string): Promise<InstalledPrometheus> {
  return once(suite, () => fromPackage(suite));
}

/** For a `before` hook: leaves the tests out only when `SKIP_PROMETHEUS=1` asks for it, and says so. */
export async function requirePrometheus(context: Mocha.Context): Promise<InstalledPrometheus> {
  context.timeout(PROMETHEUS_TIMEOUT_MS);
  leaveOutOnRequest(context);
  return findPrometheus();
}

/** Like {@link requirePrometheus}, for a further version that not every machine can have. */
export async function tryPrometheusOf(suite: string, context: Mocha.Context): Promise<InstalledPrometheus> {
  context.timeout(PROMETHEUS_TIMEOUT_MS);
  leaveOutOnRequest(context);
  return findPrometheusOf(suite).catch((thrown: unknown) =>
    leaveOut(context, `Prometheus of Debian ${suite} cannot be had here: ${formatThrown(thrown)}`),
  );
}

type Get = (context: Mocha.Context) => Promise<InstalledPrometheus>;

/** The one that tests use by default, and Debian's 3.x where it can be had. */
export const PROMETHEUS_VERSIONS: readonly (readonly [name: string, get: Get])[] = [
  ['as installed', requirePrometheus],
  ['3.x', (context) => tryPrometheusOf('forky', context)],
];

export interface StartOptions {
  readonly configFile: string;
  readonly dataDir: string;
  /** Default: what {@link findPrometheus} finds. */
  readonly binary?: string;
  readonly listenAddress?: string;
  readonly lifecycle?: boolean;
  readonly flags?: readonly string[];
}

/** A real Prometheus on a free loopback port, ready to answer. */
export async function startPrometheus(options: StartOptions): Promise<PrometheusProcess> {
  const { binary, dataDir, ...others } = options;
  return startPrometheusProcess(
    {
      ...others,
      binary: binary ?? (await findPrometheus()).prometheus,
      dataDirectory: dataDir,
      fetch,
      clock: systemClock,
    },
    new AbortController().signal,
  );
}

function once(key: string, work: () => Promise<InstalledPrometheus>): Promise<InstalledPrometheus> {
  const known = found.get(key) ?? work();
  found.set(key, known);
  return known;
}

async function find(): Promise<InstalledPrometheus> {
  const { PROMETHEUS_BIN: named, PROMTOOL_BIN: promtool, PROMETHEUS_SUITE: suite } = process.env;
  try {
    if (named !== undefined) return await inspect(named, promtool ?? besides(named));
    if (suite !== undefined) return await fromPackage(suite);
    const installed = await onPath();
    if (installed !== undefined) return await inspect(installed, promtool ?? besides(installed));
    return await fromPackages();
  } catch (thrown) {
    throw new Error(
      'The end-to-end tests need Prometheus with promtool, and there is none. Install it (Debian and Ubuntu: ' +
        'apt-get install prometheus; macOS: brew install prometheus; others: https://prometheus.io/download/), ' +
        'or set PROMETHEUS_BIN to its path, or leave these tests out with SKIP_PROMETHEUS=1. ' +
        `What was tried: ${formatThrown(thrown)}`,
      { cause: thrown },
    );
  }
}

async function onPath(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const binary = join(folder, 'prometheus');
    if ((await exists(binary)) && (await exists(besides(binary)))) return binary;
  }
  return undefined;
}

/** Debian's own server first; the machine's package sources may be a mirror that is nearer, or the only one. */
async function fromPackages(): Promise<InstalledPrometheus> {
  const suite = await ownSuite();
  if (suite === 'system') return fromPackage(suite);
  return fromPackage(suite).catch(() => fromPackage('system'));
}

function leaveOutOnRequest(context: Mocha.Context): void {
  if (process.env['SKIP_PROMETHEUS'] === '1') leaveOut(context, 'SKIP_PROMETHEUS=1 is set');
}

/** Leaves out what cannot be shown here, and says why. */
export function leaveOut(context: Mocha.Context, reason: string): never {
  process.stderr.write(
    `Left out: ${context.test?.parent?.fullTitle() ?? 'tests with Prometheus'} (${reason})\n`,
  );
  return context.skip();
}
