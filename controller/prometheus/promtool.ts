import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { formatThrown } from '../errors.ts';
import type { BundleChecker, CheckResult, Clock } from '../reconcile/ports.ts';
import { linkSignals } from '../signals.ts';
import { CONFIG_FILE } from '../state/targets.ts';
import { listIfExists, makeDirectory, removeFile, writePassing } from './files.ts';

export interface PromtoolOptions {
  /** Path of an installed `promtool`, or its name to find it on the PATH. */
  readonly binary: string;
  /** The bundle directory: paths in the configuration are relative to it. */
  readonly directory: string;
  readonly timeoutMs?: number;
  readonly clock: Clock;
  /** Version of the Prometheus that will load the bundle: only a promtool of that version can speak for it. */
  /** How its messages name the configuration. Default: `prometheus.yml`. */
  readonly configFile?: string;
  readonly prometheusVersion?: (signal: AbortSignal) => Promise<string | undefined>;
}

const TIMEOUT_MS = 15_000;
const OUTPUT_LIMIT = 64 * 1024;
const MESSAGE_LIMIT = 4000;
const CANDIDATE = /^\.prometheus\.yml\.candidate-[0-9a-f]{16}$/;

/**
 * Has promtool read the configuration before Prometheus sees it. Only its syntax: certificates, passwords and
 * target files may exist where Prometheus runs and not here.
 */
export function createPromtoolChecker(options: PromtoolOptions): BundleChecker {
  const directory = resolve(options.directory);
  let swept: Promise<void> | undefined;

  const checkConfig = async (config: string, signal: AbortSignal): Promise<CheckResult> => {
    await makeDirectory(directory);
    await (swept ??= sweepCandidates(directory));
    const candidate = join(directory, `.${CONFIG_FILE}.candidate-${randomBytes(8).toString('hex')}`);
    try {
      await writePassing(candidate, config);
      const run = await runPromtool(options, ['check', 'config', '--syntax-only', candidate], signal);
      return toResult(run, candidate, options.configFile ?? CONFIG_FILE);
    } finally {
      await removeFile(candidate);
    }
  };
  return {
    async check({ config }, signal) {
      try {
        const result = await checkConfig(config, signal);
        return result.kind === 'refused' ? await doubtOtherVersion(options, result, signal) : result;
      } catch (thrown) {
        return unavailable(formatThrown(thrown));
      }
    },
  };
}

/** What killed processes left behind; once, because a candidate of this process may be in use. */
async function sweepCandidates(directory: string): Promise<void> {
  const leftovers = (await listIfExists(directory)).filter((name) => CANDIDATE.test(name));
  await Promise.all(leftovers.map((name) => removeFile(join(directory, name))));
}

type Run =
  | { readonly kind: 'ended'; readonly code: number | null; readonly out: string; readonly err: string }
  | { readonly kind: 'failed'; readonly reason: string };

type Child = ChildProcessByStdio<null, Readable, Readable>;

async function runPromtool(
  { binary, timeoutMs = TIMEOUT_MS, clock }: PromtoolOptions,
  parameters: readonly string[],
  signal: AbortSignal,
): Promise<Run> {
  if (signal.aborted) return { kind: 'failed', reason: `${binary} was interrupted.` };
  const child = spawn(binary, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const over = new AbortController();
  const stopped = clock
    .sleep(timeoutMs, linkSignals(signal, over.signal).signal)
    .then((): Run => ({ kind: 'failed', reason: whyStopped(binary, timeoutMs, signal) }));
  const run = await Promise.race([waitForEnd(child, binary), stopped]);
  over.abort();
  end(child);
  return run;
}

function waitForEnd(child: Child, binary: string): Promise<Run> {
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  return new Promise((settle) => {
    child.once('error', (error) =>
      settle({ kind: 'failed', reason: `${binary} could not be started: ${formatThrown(error)}.` }),
    );
    child.once('close', (code, killedBy) =>
      settle(
        killedBy === null
          ? { kind: 'ended', code, out: out(), err: err() }
          : { kind: 'failed', reason: `${binary} was killed (${killedBy}).` },
      ),
    );
  });
}

/** Its beginning, which has the reason; the rest is read and dropped, so that promtool can end. */
function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < OUTPUT_LIMIT) text = (text + chunk).slice(0, OUTPUT_LIMIT);
  });
  return () => text;
}

/** Its pipes too: a process that it started may hold them open for ever. */
function end(child: Child): void {
  child.kill('SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
}

function whyStopped(binary: string, timeoutMs: number, signal: AbortSignal): string {
  return signal.aborted
    ? `${binary} was interrupted.`
    : `${binary} did not end within ${timeoutMs / 1000} s.`;
}

/** Exit code 1 also means wrong usage, so only its verdict on the file counts as one. */
function toResult(run: Run, candidate: string, configFile: string): CheckResult {
  if (run.kind === 'failed') return unavailable(run.reason);
  if (run.code === 0) return { kind: 'accepted' };
  const words = run.err.replaceAll(candidate, configFile);
  const verdict = /FAILED: ([^]+)/.exec(words)?.[1];
  if (run.code === 1 && verdict !== undefined)
    return { kind: 'refused', message: verdict.trim().slice(0, MESSAGE_LIMIT) };
  const [firstLine = ''] = words.trim().split('\n');
  return unavailable(`promtool ended with exit code ${run.code}: ${firstLine.slice(0, 300)}`);
}

/** Another version knows other fields: what it refuses may be right for the Prometheus that is asked next. */
async function doubtOtherVersion(
  options: PromtoolOptions,
  refused: CheckResult,
  signal: AbortSignal,
): Promise<CheckResult> {
  const running = minorVersion(await options.prometheusVersion?.(signal));
  if (running === undefined) return refused;
  const run = await runPromtool(options, ['--version'], signal);
  const own = run.kind === 'ended' ? minorVersion(/version (\S+)/.exec(run.out + run.err)?.[1]) : undefined;
  if (own === undefined || own === running) return refused;
  return unavailable(`promtool is of version ${own} and cannot speak for Prometheus ${running}.`);
}

function minorVersion(version: string | undefined): string | undefined {
  return /^v?(\d+\.\d+)/.exec(version ?? '')?.[1];
}

function unavailable(reason: string): CheckResult {
  return { kind: 'unavailable', reason };
}
