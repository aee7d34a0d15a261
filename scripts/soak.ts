import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '../controller/cli/logger.ts';
import { parseCommand } from '../controller/cli/options.ts';
import { run } from '../controller/cli/verbs/run.ts';
import { applyOptions, lookOptions } from '../controller/cli/settings.ts';
import { requiredBundle, SANDBOX_CREDENTIALS, wire, wireLook, wireWriter } from '../controller/cli/wire.ts';
import { runController } from '../controller/reconcile/controller.ts';
import { createTrigger } from '../controller/reconcile/loop.ts';
import type { Clock } from '../controller/reconcile/ports.ts';
import { WRITE_PATIENCE_MS } from '../controller/reconcile/write-half.ts';
import { start } from './bench/rpc.ts';
import { documentsOf, OWNER } from './bench/world.ts';
import { slopeOf, takeSample } from './soak/sample.ts';
import type { Measure, Sample } from './soak/sample.ts';
import type { SandboxMethods, SandboxSettings } from './soak/sandbox-process.ts';

const HELP = `Usage: npm run soak -- [--cycles N] [--every K] [--services S]

Runs the controller for many cycles in one process, on virtual time, against a sandbox in which services scale, deploy
and fail, with documents that change and a Prometheus that reloads. Prints what the process holds, and how that grows.

  --cycles N    how many passes, default 5000
  --every K     passes between two lines, default 250
  --services S  ECS services, each with three tasks, default 10
`;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '5000' },
    every: { type: 'string', default: '250' },
    services: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});

const CYCLE_MS = 30_000;
/** As in `scrapectl run`, but on virtual time it is never lost. */
const PATIENCE_MS = 10_001;
const size = { services: Number(values.services), tasksPerService: 3 };

const MEASURES: readonly (readonly [measure: Measure, title: string, unit: number])[] = [
  ['heapBytes', 'heap KiB', 1024],
  ['residentBytes', 'RSS KiB', 1024],
  ['handles', 'handles', 1],
  ['fileDescriptors', 'descriptors', 1],
  ['listeners', 'listeners', 1],
];

const lineOf = (first: string, figures: readonly number[]): string =>
  [first.padStart(14), ...figures.map((figure) => figure.toFixed(0).padStart(12))].join(' ');

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const printSample = (sample: Sample): void =>
  print(
    lineOf(
      String(sample.cycle),
      MEASURES.map(([measure, , unit]) => sample[measure] / unit),
    ),
  );

/** In each round another document says something new, and one comes and goes. */
async function changeDocuments(directory: string, number: number): Promise<void> {
  const documents = [...documentsOf(size)];
  const [name, text] = documents[number % documents.length] ?? ['', ''];
  await writeFile(join(directory, name), text.replace('interval: 30s', `interval: ${20 + (number % 9)}s`));
  const guest = join(directory, 'guest.yaml');
  if (number % 2 === 0) await rm(guest, { force: true });
  else
    await writeFile(guest, number % 3 === 0 ? 'kind: [' : text.replaceAll(/name: service-/g, 'name: guest-'));
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function soak(home: string): Promise<readonly Sample[]> {
  const [documents, config] = [join(home, 'documents'), join(home, 'config')];
  await mkdir(documents);
  for (const [name, text] of documentsOf(size)) await writeFile(join(documents, name), text);
  const settings: SandboxSettings = { size, cycleMs: CYCLE_MS };
  const world = start<SandboxMethods>(
    new URL('soak/sandbox-process.ts', import.meta.url),
    settings,
    process.execArgv,
  );
  const [awsUrl, prometheusUrl] = [await world.ask('awsUrl'), await world.ask('prometheusUrl')];
  const { options } = parseCommand(
    [
      `--source=${documents}`,
      `--config-dir=${config}`,
      `--endpoint-url=${awsUrl}`,
      `--prometheus-url=${prometheusUrl}`,
      `--owner=${OWNER}`,
      '--promtool=off',
    ],
    run.options,
    {},
  );
  const stop = new AbortController();
  const io = {
    stdout: process.stdout,
    stderr: process.stderr,
    env: {},
    signal: stop.signal,
    confirm: undefined,
  };
  let now = Date.UTC(2026, 0, 1);
  let cycle = 0;
  const samples: Sample[] = [];
  const awsClock: Clock = {
    now: () => now,
    async sleep(ms, signal) {
      if (ms === PATIENCE_MS) await untilAborted(signal);
      else now += ms;
    },
  };
  const nextCycle = async (): Promise<void> => {
    cycle += 1;
    now += CYCLE_MS;
    if (cycle % Number(values.every) === 0) {
      const sample = takeSample(cycle, stop.signal);
      samples.push(sample);
      printSample(sample);
    }
    if (cycle % 25 === 0) await changeDocuments(documents, cycle / 25);
    await world.ask('cycle', cycle);
    if (cycle >= Number(values.cycles)) stop.abort();
  };
  const wiring = wire(options, io, {
    credentials: SANDBOX_CREDENTIALS,
    clock: awsClock,
    patienceMs: PATIENCE_MS,
  });
  const look = await wireLook(wiring, options, () => undefined);
  const bundle = await requiredBundle(wiring);
  await runController(
    {
      ...look,
      ...bundle,
      writer: await wireWriter(wiring, options),
      observer: undefined,
      logger: createLogger({
        stream: { write: () => true },
        level: 'info',
        format: 'json',
        now: () => new Date(now),
      }),
      clock: {
        now: () => now,
        sleep: (ms, signal) => (ms === WRITE_PATIENCE_MS ? untilAborted(signal) : nextCycle()),
      },
    },
    {
      ...lookOptions(options, io),
      ...applyOptions(options),
      rollout: 'leave',
      intervalMs: CYCLE_MS,
      jitter: 0,
      random: Math.random,
    },
    createTrigger(),
    stop.signal,
  );
  await wiring.close();
  await world.stop();
  return samples;
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  const home = await mkdtemp(join(tmpdir(), 'scrapectl-soak-'));
  try {
    print([' '.repeat(9) + 'cycle', ...MEASURES.map(([, title]) => title.padStart(12))].join(' '));
    const samples = await soak(home);
    const slopes = MEASURES.map(([measure, , unit]) => slopeOf(samples, measure) / unit);
    print(lineOf('per 1,000', slopes));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
