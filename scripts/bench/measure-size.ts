import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControllerMethods, ControllerSettings, Pass } from './controller-process.ts';
import { medianFigures, tallyBetween } from './figures.ts';
import type { Figures, Measurement } from './figures.ts';
import { start } from './rpc.ts';
import type { Peer } from './rpc.ts';
import type { SandboxMethods, SandboxSettings } from './sandbox-process.ts';
import { scrapectl } from './scrapectl.ts';
import { sizeTitle } from './sizes.ts';
import type { Size } from './sizes.ts';
import { documentsOf, OWNER } from './world.ts';

export interface Bench {
  /** The compiled module. */
  readonly moduleOf: (module: string) => URL;
  readonly passes: number;
  /** Options of Node.js for the measured process: profiles, heap limits. */
  readonly nodeOptions: readonly string[];
  readonly progress: (message: string) => void;
}

/** Between two passes; skipped, not waited for. */
const INTERVAL_MS = 30_000;

interface Stage {
  readonly sandbox: Peer<SandboxMethods>;
  /** What scrapectl is told in every case. */
  readonly args: readonly string[];
}

/** What a running controller costs on a fleet that is registered and bound already. */
export async function measureRunning(bench: Bench, size: Size): Promise<readonly Measurement[]> {
  return onStage(bench, size, true, async (stage) => {
    const title = sizeTitle(size);
    bench.progress(`${title}: first pass`);
    const controller = start<ControllerMethods>(
      bench.moduleOf('scripts/bench/controller-process.ts'),
      { args: stage.args } satisfies ControllerSettings,
      bench.nodeOptions,
    );
    try {
      const cold = await measurePass(stage, () => controller.ask('firstPass'));
      const passes: Figures[] = [];
      for (let done = 0; done < bench.passes; done += 1) {
        bench.progress(`${title}: pass ${done + 1} of ${bench.passes} with nothing changed`);
        await skip(stage, controller);
        passes.push(await measurePass(stage, () => controller.ask('pass')));
      }
      bench.progress(`${title}: one task is replaced`);
      const oneTask = await measureOneTask(stage, controller);
      return [
        { size: title, step: 'cold', figures: cold },
        ...(passes.length === 0
          ? []
          : [{ size: title, step: 'steady', figures: medianFigures(passes) } as const]),
        { size: title, step: 'one task', figures: oneTask },
      ];
    } finally {
      await controller.stop();
    }
  });
}

async function skip({ sandbox }: Stage, controller: Peer<ControllerMethods>): Promise<void> {
  await Promise.all([sandbox.ask('skip', INTERVAL_MS), controller.ask('skip', INTERVAL_MS)]);
}

async function measureOneTask(stage: Stage, controller: Peer<ControllerMethods>): Promise<Figures> {
  await skip(stage, controller);
  const runningAt = await stage.sandbox.ask('replaceOneTask');
  let writtenAt = 0;
  const figures = await measurePass(stage, async () => {
    const pass = await controller.ask('pass');
    writtenAt = pass.writtenAt;
    return pass;
  });
  return { ...figures, runningToDiskMs: writtenAt - runningAt };
}

async function measurePass({ sandbox }: Stage, pass: () => Promise<Pass>): Promise<Figures> {
  const before = await sandbox.ask('tally');
  const { changes, unready, wallMs, cpuMs, peakBytes, bytesWritten, filesWritten } = await pass();
  const after = await sandbox.ask('tally');
  if (changes + unready > 0)
    throw new Error(
      `The world of the bench is not steady: ${changes} changes, ${unready} ScrapeTargets unready.`,
    );
  return { wallMs, cpuMs, peakBytes, bytesWritten, filesWritten, ...tallyBetween(before, after) };
}

/** What it costs to create, tag and bind everything, with `scrapectl apply`. */
export async function measureBinding(bench: Bench, size: Size): Promise<readonly Measurement[]> {
  bench.progress(`${sizeTitle(size)}: apply from nothing`);
  return onStage(bench, size, false, async ({ sandbox, args }) => {
    const before = await sandbox.ask('tally');
    const apply = `apply --yes --output json --max-rollouts ${size.services}`.split(' ');
    const { stdout, exitCode, ...cost } = await scrapectl(bench.moduleOf, [...apply, ...args]);
    if (exitCode !== 0) throw new Error(`scrapectl apply ended with code ${exitCode}: ${stdout}`);
    const after = await sandbox.ask('tally');
    const { files } = JSON.parse(stdout) as { files: { written: string[]; bytesWritten: number } };
    const written = { bytesWritten: files.bytesWritten, filesWritten: files.written.length };
    const { wallMs, cpuMs, peakBytes } = cost;
    const figures = { wallMs, cpuMs, peakBytes, ...written, ...tallyBetween(before, after) };
    return [{ size: sizeTitle(size), step: 'bind', figures }];
  });
}

async function onStage<T>(
  { moduleOf }: Bench,
  size: Size,
  bound: boolean,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'scrapectl-bench-'));
  const sandbox = start<SandboxMethods>(moduleOf('scripts/bench/sandbox-process.ts'), {
    size,
    bound,
  } satisfies SandboxSettings);
  try {
    const source = join(directory, 'documents');
    await writeDocuments(source, size);
    const url = await sandbox.ask('url');
    const args = [
      `--source=${source}`,
      `--config-dir=${join(directory, 'prometheus')}`,
      `--owner=${OWNER}`,
      `--endpoint-url=${url}`,
      '--region=us-east-1',
    ];
    return await play({ sandbox, args });
  } finally {
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

export async function writeDocuments(directory: string, size: Size): Promise<void> {
  await mkdir(directory, { recursive: true });
  await Promise.all([...documentsOf(size)].map(([name, text]) => writeFile(join(directory, name), text)));
}
