import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { formatThrown, terminal, waiting } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { Fetch } from './api.ts';

export interface PrometheusProcessOptions {
  /** Path of an installed `prometheus`, or its name to find it on the PATH. */
  readonly binary: string;
  readonly configFile: string;
  readonly dataDirectory: string;
  /** `host:port`; port 0 takes a free one. */
  readonly listenAddress?: string;
  /** Off only to see what happens without it. */
  readonly lifecycle?: boolean;
  /** Further flags of Prometheus. */
  readonly flags?: readonly string[];
  readonly readyTimeoutMs?: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export interface PrometheusProcess {
  readonly url: string;
  /** Last lines of its log, for a message when something goes wrong. */
  log(): string;
  /** Resolves when the process has ended, by itself or by {@link stop}. */
  readonly ended: Promise<void>;
  /** Asks it to end, and ends it after five seconds if it does not. */
  stop(): Promise<void>;
}

type Child = ChildProcessByStdio<null, null, Readable>;

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 50;
const LOG_LIMIT = 64 * 1024;

/** Starts Prometheus with its lifecycle API on and waits until it answers `/-/ready`. */
export async function startPrometheusProcess(
  options: PrometheusProcessOptions,
  signal: AbortSignal,
): Promise<PrometheusProcess> {
  const child = spawn(options.binary, toArguments(options), { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = collectLog(child);
  const exit = new AbortController();
  let spawnError: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      spawnError = error;
      resolve();
    });
    child.once('close', () => resolve());
  }).finally(() => exit.abort());
  const stop = () => stopChild(child, ended, options.clock);

  const url = await waitUntilReady(options, log, AbortSignal.any([signal, exit.signal]));
  if (url !== undefined) return { url, log, ended, stop };
  await stop();
  throw notStarted(options, spawnError, log());
}

function toArguments(options: PrometheusProcessOptions): readonly string[] {
  return [
    `--config.file=${options.configFile}`,
    `--storage.tsdb.path=${options.dataDirectory}`,
    `--web.listen-address=${options.listenAddress ?? '127.0.0.1:0'}`,
    ...(options.lifecycle === false ? [] : ['--web.enable-lifecycle']),
    ...(options.flags ?? []),
  ];
}

function collectLog(child: Child): () => string {
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-LOG_LIMIT);
  });
  return () => text;
}

/** The URL once Prometheus is ready; undefined when it ended, the time is over, or the signal came. */
async function waitUntilReady(
  { fetch, clock, readyTimeoutMs = READY_TIMEOUT_MS }: PrometheusProcessOptions,
  log: () => string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = clock.now() + readyTimeoutMs;
  let url: string | undefined;
  while (!signal.aborted && clock.now() < deadline) {
    url ??= listeningUrl(log());
    if (url !== undefined && (await isReady(fetch, url, signal))) return url;
    await clock.sleep(POLL_MS, signal);
  }
  return undefined;
}

/** Prometheus tells the address that it really listens on, which is news when port 0 was asked for. */
function listeningUrl(log: string): string | undefined {
  const address = /msg="Listening on".*? address=(\S+)/.exec(log)?.[1];
  return address === undefined ? undefined : `http://${address.replace('[::]', '127.0.0.1')}`;
}

async function isReady(fetch: Fetch, url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal });
    await response.text();
    return response.status === 200;
  } catch {
    // Not listening yet, or already gone: the caller waits on, or sees that the process ended.
    return false;
  }
}

async function stopChild(child: Child, ended: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController();
  child.kill('SIGTERM');
  await Promise.race([ended, clock.sleep(STOP_TIMEOUT_MS, over.signal)]);
  over.abort();
  child.kill('SIGKILL');
  await ended;
}

function notStarted({ binary }: PrometheusProcessOptions, error: Error | undefined, log: string): Error {
  if (error !== undefined)
    return terminal({
      reason: 'PrometheusNotStarted',
      message: `Prometheus could not be started: ${formatThrown(error)}.`,
      where: binary,
      remedy: 'Install Prometheus, or name its binary.',
    });
  return waiting({
    reason: 'PrometheusNotStarted',
    message: `Prometheus did not become ready. Its log ends with:\n${lastLines(log)}`,
    where: binary,
  });
}

function lastLines(log: string): string {
  return log.trimEnd().split('\n').slice(-5).join('\n');
}
