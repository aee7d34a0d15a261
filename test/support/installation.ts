import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Task } from '@aws-sdk/client-ecs';
import { CLOSE_PATIENCE_MS } from '../../controller/aws/event-log.ts';
import { parseCommand } from '../../controller/cli/options.ts';
import { run } from '../../controller/cli/verbs/run.ts';
import { applyOptions, lookOptions } from '../../controller/cli/settings.ts';
import {
  requiredBundle,
  SANDBOX_CREDENTIALS,
  wire,
  wireEvents,
  wireInventory,
  wireLook,
  wireWriter,
} from '../../controller/cli/wire.ts';
import type { BundleEdge } from '../../controller/cli/wire.ts';
import { runController } from '../../controller/reconcile/controller.ts';
import type { Trigger } from '../../controller/reconcile/loop.ts';
import type { PassReport } from '../../controller/reconcile/pass.ts';
import type { Clock, LogFields, Logger } from '../../controller/reconcile/ports.ts';
import { WRITE_PATIENCE_MS } from '../../controller/reconcile/write-half.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { SandboxOptions } from '../../controller/sandbox/server.ts';
import type { Condition, ConditionType, TargetStatus } from '../../controller/status/types.ts';
import { untilAborted } from './fake-clock.ts';
import { startTestSandbox, tasksOf } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';
import { startTamperingProxy } from './tampering-proxy.ts';
import type { TamperingProxy } from './tampering-proxy.ts';

export interface InstallationOptions {
  readonly scenario: Scenario;
  readonly sandbox?: Omit<SandboxOptions, 'clock' | 'scenario'>;
  /** By path below the document directory. */
  readonly documents: Readonly<Record<string, string>>;
  /** Further options of `scrapectl run`. */
  readonly args?: readonly string[];
}

/** What one look of a person shows. */
export interface Seen {
  readonly statuses: readonly TargetStatus[];
  readonly report: PassReport;
}

export interface LogRecord {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/**
 * The controller as `scrapectl run` wires it, against a sandbox over HTTP on virtual time, with real files. Only time
 * is not real: passes are asked for, and waits for AWS's budgets move the sandbox's clock.
 */
export interface Installation {
  readonly aws: TestSandbox;
  readonly proxy: TamperingProxy;
  /** Where Prometheus would read. */
  readonly config: string;
  readonly log: readonly LogRecord[];
  /** Runs passes until nothing more is to be done at once. */
  pass(): Promise<Seen>;
  /** Passes, with time in between, until a pass changes nothing. */
  converge(): Promise<Seen>;
  /** Ends the controller and starts another one, which knows nothing but what is on disk. */
  restart(): Promise<void>;
  writeDocument(path: string, text: string): Promise<void>;
  /** Addresses of one target file, sorted; undefined while there is no such file. */
  targets(name: string, endpoint?: string): Promise<readonly string[] | undefined>;
  condition(name: string, type: ConditionType): Condition;
  /** The tasks of a service that are RUNNING and wanted. */
  running(service: string, cluster?: string): Promise<readonly Task[]>;
  /** Writes that the controller asked AWS for, by operation. */
  writes(): readonly string[];
  close(): Promise<void>;
}

/** Says when the loop has nothing to do but to wait. */
function idleTrigger(): Trigger & { readonly nextIdle: () => Promise<void> } {
  let requested = false;
  let wake = (): void => {};
  let idlers: (() => void)[] = [];
  return {
    request() {
      requested = true;
      wake();
    },
    async wait(signal) {
      if (!requested) {
        for (const idler of idlers) idler();
        idlers = [];
        await Promise.race([
          untilAborted(signal),
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
        ]);
      }
      requested = false;
    },
    nextIdle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
      }),
  };
}

function recordingLogger(records: LogRecord[]): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      records.push({ level, message, fields });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

interface Running {
  readonly pass: () => Promise<Seen | undefined>;
  readonly stop: () => Promise<void>;
}

interface Wires {
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly log: LogRecord[];
}

/** One life of a controller. */
async function startController({ args, clock, log }: Wires): Promise<Running> {
  const { options } = parseCommand(args, run.options, {});
  const stop = new AbortController();
  const io = { stdout: NOWHERE, stderr: NOWHERE, env: {}, signal: stop.signal, confirm: undefined };
  const wiring = wire(options, io, { credentials: SANDBOX_CREDENTIALS, awsClock: clock });
  const look = await wireLook(wiring, options, () => {});
  const bundle: BundleEdge = await requiredBundle(wiring);
  const inventory = await wireInventory(wiring, options);
  const writer = await wireWriter(wiring, options);
  const logger = recordingLogger(log);
  const events = await wireEvents(wiring, options, logger, 'run');
  const trigger = idleTrigger();
  let seen: Seen | undefined;
  const firstIdle = trigger.nextIdle();
  const ended = runController(
    {
      ...look,
      ...bundle,
      inventory,
      writer,
      logger,
      events,
      observer: undefined,
      clock: {
        now: () => clock.now(),
        // The interval never passes by itself, and a pass waits for its writes however long they take.
        sleep: (_ms, signal) => untilAborted(signal),
      },
    },
    {
      ...lookOptions(options, io),
      ...applyOptions(options),
      rollout: 'leave',
      intervalMs: 10 * WRITE_PATIENCE_MS,
      jitter: 0,
      random: () => 0.5,
    },
    trigger,
    stop.signal,
    (report, statuses) => {
      seen = { report, statuses };
    },
  );
  let first: Promise<void> | undefined = firstIdle;
  return {
    async pass() {
      const idle = first ?? trigger.nextIdle();
      if (first === undefined) trigger.request();
      first = undefined;
      await Promise.race([idle, ended]);
      return seen;
    },
    async stop() {
      stop.abort();
      await ended;
      await events?.close();
      await wiring.close();
    },
  };
}

const NOWHERE = { write: () => true };

/** So long a rollout of the sandbox takes, with room to spare. */
const ROLLOUT_MS = 120_000;

export async function startInstallation(
  directory: string,
  options: InstallationOptions,
): Promise<Installation> {
  const aws = await startTestSandbox({ ...options.sandbox, scenario: options.scenario });
  const proxy = await startTamperingProxy(aws.sandbox.url);
  const [documents, config] = [join(directory, 'documents'), join(directory, 'config')];
  const log: LogRecord[] = [];
  const clock: Clock = {
    now: () => aws.clock.now(),
    async sleep(ms, signal) {
      if (ms === CLOSE_PATIENCE_MS) return untilAborted(signal);
      aws.clock.advance(ms);
      return undefined;
    },
  };
  const args = [
    `--source=${documents}`,
    `--config-dir=${config}`,
    `--endpoint-url=${proxy.url}`,
    `--owner=${OWNER}`,
    '--promtool=off',
    '--max-rollouts=100',
    ...(options.args ?? []),
  ];
  const writeDocument = async (path: string, text: string): Promise<void> => {
    const file = join(documents, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  for (const [path, text] of Object.entries(options.documents)) await writeDocument(path, text);
  let running = await startController({ args, clock, log });
  let seen: Seen | undefined;
  const pass = async (): Promise<Seen> => {
    seen = await running.pass();
    if (seen === undefined) throw new Error(`No pass came to its end: ${JSON.stringify(log)}`);
    return seen;
  };
  return {
    aws,
    proxy,
    config,
    log,
    pass,
    async converge() {
      for (let left = 10; ; left -= 1) {
        const now = await pass();
        if (now.statuses.every(({ result }) => result.kind === 'done') || left === 0) return now;
        aws.clock.advance(ROLLOUT_MS);
      }
    },
    async restart() {
      await running.stop();
      running = await startController({ args, clock, log });
    },
    writeDocument,
    targets: (name, endpoint = 'metrics') =>
      readAddresses(join(config, 'targets', `${name}.${endpoint}.json`)),
    condition(name, type) {
      const status = seen?.statuses.find((each) => each.name === name);
      const condition = status?.conditions.find((each) => each.type === type);
      if (condition === undefined) throw new Error(`ScrapeTarget ${name} has no condition ${type}.`);
      return condition;
    },
    async running(service, cluster = 'prod') {
      const tasks = await tasksOf(aws, service, 'RUNNING', cluster);
      return tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    },
    writes: () =>
      aws.sandbox.recorder
        .calls({ kind: 'write', caller: SANDBOX_CREDENTIALS.accessKeyId })
        .map(({ operation }) => operation),
    async close() {
      await running.stop();
      await proxy.close();
      await aws.close();
    },
  };
}

/** Who the controllers of tests are. */
export const OWNER = 'prod';

async function readAddresses(path: string): Promise<readonly string[] | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const groups = JSON.parse(text) as { readonly targets: readonly string[] }[];
  return groups.flatMap(({ targets }) => targets).toSorted();
}

/** Every target file of a bundle directory, parsed; throws when one does not parse. */
export async function readTargetFiles(config: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = (await readdir(join(config, 'targets'))).filter((name) => name.endsWith('.json'));
  const files = names.map(
    async (name) => [name, (await readAddresses(join(config, 'targets', name))) ?? []] as const,
  );
  return new Map(await Promise.all(files));
}

/** An installation for every test of the suite that calls this, started by the first use of the result. */
export function useInstallation(directory: () => string) {
  const open: Installation[] = [];
  afterEach(async () => {
    for (const installation of open.splice(0)) await installation.close();
    await rm(directory(), { recursive: true, force: true });
  });
  return async (options: InstallationOptions): Promise<Installation> => {
    const installation = await startInstallation(directory(), options);
    open.push(installation);
    return installation;
  };
}
