import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../controller/cli/clock.ts';
import { keepHeapSmall } from '../../controller/cli/heap.ts';
import { createLogger } from '../../controller/cli/logger.ts';
import { parseCommand } from '../../controller/cli/options.ts';
import { run } from '../../controller/cli/verbs/run.ts';
import { applyOptions, lookOptions } from '../../controller/cli/settings.ts';
import {
  requiredBundle,
  SANDBOX_CREDENTIALS,
  wire,
  wireLook,
  wireWriter,
} from '../../controller/cli/wire.ts';
import { runController } from '../../controller/reconcile/controller.ts';
import { createTrigger } from '../../controller/reconcile/loop.ts';
import type { PassReport } from '../../controller/reconcile/pass.ts';
import type { Clock, Logger } from '../../controller/reconcile/ports.ts';
import type { Cost } from './figures.ts';
import { serve, settings } from './rpc.ts';
import { usage } from './usage.ts';

/** `scrapectl run` as it is wired, in a process of its own, one pass at a time. */
export type ControllerMethods = {
  /** The pass that the process began with. Its cost is that of the process since it was started. */
  readonly firstPass: () => Promise<Pass>;
  readonly pass: () => Promise<Pass>;
  /** Lets time pass without waiting for it. */
  readonly skip: (ms: number) => void;
};

export interface Pass extends Cost {
  /** Changes of AWS that the pass planned. */
  readonly changes: number;
  /** ScrapeTargets that are not Ready. */
  readonly unready: number;
  /** When the last file was written. */
  readonly writtenAt: number;
}

export interface ControllerSettings {
  readonly args: readonly string[];
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

keepHeapSmall();
const { args } = settings() as ControllerSettings;
const { options } = parseCommand(args, run.options, {});
let skipped = 0;
const clock: Clock = {
  now: () => systemClock.now() + skipped,
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};
const io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: {},
  signal: new AbortController().signal,
  confirm: undefined,
};

let passDone = deferred<Pass>();
const logger: Logger = {
  ...createLogger({ stream: process.stderr, level: 'warn', format: 'text', now: () => new Date() }),
  error: (message, fields) => passDone.reject(new Error(`${message} ${JSON.stringify(fields)}`)),
};

async function filesOf(
  report: PassReport,
): Promise<Pick<Pass, 'bytesWritten' | 'filesWritten' | 'writtenAt'>> {
  const { publication } = report;
  if (publication?.kind !== 'published') throw new Error('The pass published nothing.');
  const { written, bytesWritten } = publication.result;
  const directory = options.string('config-dir') ?? '';
  const times = await Promise.all(written.map(async (path) => (await stat(join(directory, path))).mtimeMs));
  return { bytesWritten, filesWritten: written.length, writtenAt: Math.max(...times) };
}

interface Start {
  readonly wall: number;
  readonly cpuMs: number;
}

async function passOf(report: PassReport, unready: number, since: Start): Promise<Pass> {
  const { cpuMs, peakBytes } = usage();
  return {
    wallMs: performance.now() - since.wall,
    cpuMs: cpuMs - since.cpuMs,
    peakBytes,
    changes: report.view.plan.changes.length,
    unready,
    ...(await filesOf(report)),
  };
}

const trigger = createTrigger();
let started: Start = { wall: 0, cpuMs: 0 };

async function control(): Promise<void> {
  const wiring = wire(options, io, { credentials: SANDBOX_CREDENTIALS, clock });
  const look = await wireLook(wiring, options, () => undefined);
  const bundle = await requiredBundle(wiring);
  const writer = await wireWriter(wiring, options);
  await runController(
    { ...look, ...bundle, checker: undefined, writer, clock, logger, observer: undefined },
    {
      ...lookOptions(options, io),
      ...applyOptions(options),
      rollout: 'leave',
      intervalMs: 86_400_000,
      jitter: 0,
      random: Math.random,
    },
    trigger,
    io.signal,
    (report, statuses) => {
      const unready = statuses.filter(({ result }) => result.kind !== 'done').length;
      void passOf(report, unready, started).then(passDone.resolve, passDone.reject);
    },
  );
}

const methods: ControllerMethods = {
  firstPass: () => passDone.promise,
  pass() {
    passDone = deferred<Pass>();
    started = { wall: performance.now(), cpuMs: usage().cpuMs };
    trigger.request();
    return passDone.promise;
  },
  skip(ms) {
    skipped += ms;
  },
};
serve(methods);
control().catch((thrown: unknown) => passDone.reject(thrown));
