import { parseCommand } from '../../controller/cli/options.ts';
import { apply, applyWired } from '../../controller/cli/verbs/apply.ts';
import { PATIENCE_MS, run, runWired } from '../../controller/cli/verbs/run.ts';
import { wire } from '../../controller/cli/wire.ts';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import { kindOf } from '../../controller/sandbox/recorder.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import type { Sandbox, SandboxOptions } from '../../controller/sandbox/server.ts';
import { interceptCalls } from '../chaos/calls.ts';
import type { SdkCall } from '../chaos/calls.ts';
import { DIRECTORY, MemoryDisk, mount, unmount } from '../chaos/memory-files.ts';
import { addressesOf, chaosPrometheus } from '../chaos/prometheus.ts';
import type { ChaosPrometheus } from '../chaos/prometheus.ts';
import { dice } from '../chaos/random.ts';
import { createShelf } from '../chaos/shelves.ts';
import type { Shelf } from '../chaos/shelves.ts';
import { createTurnstile } from '../chaos/turnstile.ts';
import { compressAtOnce } from '../chaos/zlib-at-once.ts';

export interface StageOptions {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly sandbox?: Omit<SandboxOptions, 'clock' | 'scenario' | 'seed'>;
  /** Told of every write to ECS or Cloud Map before it can have an effect. */
  readonly onWrite?: (write: AwsWrite) => void;
  /** Told of every file of a process that can be seen anew, by its path below the process. */
  readonly onFile?: (process: string, path: string, text: string) => void;
}

/** A write to ECS or Cloud Map. */
export interface AwsWrite {
  /** Also the access key of the process. */
  readonly process: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** Who wrote the lease last. */
interface LeaseHolder {
  readonly process: string;
  readonly epoch: number;
  /** Not given back. */
  readonly held: boolean;
}

/** How the clocks of a process are wrong. */
interface ClockFault {
  /** Ahead of true time. */
  readonly skewMs: number;
}

/** Several whole `scrapectl` processes in one account on virtual time, with documents and state in S3. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  /** What is in `s3://documents/`. */
  readonly shelf: Shelf;
  /** Those that had their effect, oldest first. */
  readonly writes: readonly AwsWrite[];
  readonly lease: () => LeaseHolder | undefined;
  run(name: string, args: readonly string[], clock?: ClockFault): Process;
  apply(name: string, args: readonly string[]): Process;
  /** Lets time pass until it is so, and says how much; throws when it takes longer. */
  until(what: string, limitMs: number, isSo: () => boolean): Promise<number>;
  pass(ms: number): Promise<void>;
  /** A target file; undefined where there is none. */
  text(process: Process, scrapeTarget: string): string | undefined;
  /** The addresses in it. */
  targets(process: Process, scrapeTarget: string): ReadonlySet<string> | undefined;
  close(): Promise<void>;
}

/** One `scrapectl`, with the disk and the Prometheus beside it. */
export interface Process {
  readonly name: string;
  readonly prometheus: ChaosPrometheus;
  readonly log: readonly string[];
  /** Its exit code, or what it ended with, once it has ended. */
  readonly exit: () => unknown;
  /** As SIGTERM does. */
  terminate(): void;
  /** As SIGSTOP and SIGCONT do. */
  halt(): void;
  resume(): void;
  /** As SIGKILL does. */
  kill(): void;
}

/** Each call takes some time on its way. */
const SLOWEST_MS = 60;
/** To look is dear. */
const LOOK_EVERY_MS = 100;

/** Only one may be open at a time. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { seed, scenario } = options;
  const clock = virtualClock();
  const sandbox = await startSandbox({ recordedCalls: 20, ...options.sandbox, clock, seed, scenario });
  const writes: AwsWrite[] = [];
  const ends: string[] = [];
  let lease: LeaseHolder | undefined;
  const prometheuses = new Map<string, ChaosPrometheus>();
  const luck = dice(seed);
  const turnstile = createTurnstile({
    clock,
    dice: luck,
    beforeStep: () => {},
    onStep(what) {
      if (what !== 'time') for (const prometheus of prometheuses.values()) prometheus.refresh();
    },
  });
  const disk = new MemoryDisk({
    onVisible(path, text) {
      const [process = '', ...rest] = path.slice(DIRECTORY.length + 1).split('/');
      options.onFile?.(process, rest.join('/'), text);
    },
    onFailure: () => {},
  });
  const { random } = Math;
  // Whoever else asks for it must not change what is chosen here.
  Math.random = dice(seed + 0x5eed).roll;
  mount(disk, turnstile);
  compressAtOnce();

  const send = async (call: SdkCall): Promise<unknown> => {
    const { caller: process, operation, input } = call;
    const write = isAwsWrite(call) ? { process, operation, input, at: clock.now() } : undefined;
    if (write !== undefined) options.onWrite?.(write);
    const answer = await sandbox.answer(call.request);
    if (sandbox.recorder.calls().at(-1)?.done === true) {
      if (write !== undefined) writes.push(write);
      lease = leaseIn(call) ?? lease;
    }
    return call.receive(answer);
  };
  interceptCalls((call) =>
    turnstile.enter(`${call.caller} ${call.operation}`, () => send(call), {
      signal: call.signal,
      delayMs: luck.between(1, SLOWEST_MS),
      process: call.caller,
      isSent: true,
    }),
  );

  const start = (verb: 'run' | 'apply', name: string, args: readonly string[], skewMs: number): Process => {
    const log: string[] = [];
    const prometheus = chaosPrometheus(disk, () => clock.now(), UNWATCHED, `${DIRECTORY}/${name}`);
    prometheuses.set(name, prometheus);
    const { now, sleep } = turnstile.clockOf(name);
    const ownClock = { now: () => now() + skewMs, sleep };
    const ending = new AbortController();
    const stream = { write: (text: string) => log.push(text) };
    const io = { stdout: stream, stderr: stream, env: {}, signal: ending.signal, confirm: undefined };
    const { options: parsed } = parseCommand(
      [...argumentsOf(verb, name, sandbox), ...args],
      (verb === 'run' ? run : apply).options,
      {},
    );
    const wiring = wire(parsed, io, {
      credentials: { accessKeyId: name, secretAccessKey: 'stage' },
      clock: ownClock,
      steadyClock: ownClock,
      ...(verb === 'run' && { patienceMs: PATIENCE_MS }),
      fetch(url, init) {
        const act = async (): Promise<Response> => {
          prometheus.start();
          return prometheus.fetch(url, init);
        };
        const signal = init.signal ?? undefined;
        return turnstile.enter(`${name} ${new URL(url).pathname}`, act, { process: name, signal });
      },
    });
    let exit: unknown;
    const end = (how: unknown): void => {
      exit = how;
      ends.push(`${name}: ${String(how)}`);
    };
    void (verb === 'run' ? runWired : applyWired)({ options: parsed, io }, wiring).then(end, end);
    return {
      name,
      prometheus,
      log,
      exit: () => exit,
      terminate: () => ending.abort(),
      halt: () => turnstile.halt(name),
      resume: () => turnstile.resume(name),
      kill() {
        turnstile.kill(name);
        prometheuses.delete(name);
      },
    };
  };
  const text: Stage['text'] = ({ name }, scrapeTarget) =>
    disk.read(`${DIRECTORY}/${name}/targets/${scrapeTarget}.metrics.json`);
  return {
    sandbox,
    clock,
    shelf: createShelf('s3', sandbox),
    writes,
    lease: () => lease,
    run: (name, args, { skewMs } = { skewMs: 0 }) => start('run', name, args, skewMs),
    apply: (name, args) => start('apply', name, args, 0),
    async until(what, limitMs, isSo) {
      const begin = clock.now();
      let looked = -Infinity;
      let found = false;
      const ending = await turnstile.run(() => {
        if (clock.now() - looked < LOOK_EVERY_MS) return false;
        looked = clock.now();
        found = isSo();
        return found || looked - begin > limitMs;
      });
      if (!found && !isSo())
        throw new Error(`Not within ${limitMs / 1000} s: ${what} (${ending}). Ends: ${ends.join('; ')}`);
      return clock.now() - begin;
    },
    async pass(ms) {
      const end = clock.now() + ms;
      await turnstile.run(() => clock.now() >= end);
    },
    text,
    targets(process, scrapeTarget) {
      const content = text(process, scrapeTarget);
      return content === undefined ? undefined : addressesOf(content);
    },
    async close() {
      turnstile.kill();
      interceptCalls(undefined);
      unmount();
      Math.random = random;
      await sandbox.close();
    },
  };
}

const UNWATCHED = { onConfig: () => {}, onTargets: () => {}, onReload: () => {} };

const argumentsOf = (verb: 'run' | 'apply', name: string, sandbox: Sandbox): readonly string[] => [
  `--config-dir=${DIRECTORY}/${name}`,
  '--prometheus-url=http://prometheus:9090',
  '--promtool=off',
  ...(verb === 'run' ? ['--listen=off'] : []),
  `--endpoint-url=${sandbox.url}`,
  `--region=${sandbox.region}`,
];

const SERVICES = /^(?:AmazonEC2ContainerService|Route53AutoNaming)/;

const isAwsWrite = ({ operation, request: { headers } }: SdkCall): boolean =>
  SERVICES.test(headers['x-amz-target'] ?? '') && kindOf(operation) === 'write';

function leaseIn({ operation, caller, request }: SdkCall): LeaseHolder | undefined {
  if (!/^PUT .*\/lease$/.test(operation)) return undefined;
  const { holder, epoch }: { holder: string; epoch: number } = JSON.parse(request.body.toString());
  return { process: caller, epoch, held: holder !== '' };
}
