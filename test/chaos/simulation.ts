import { actBetweenPasses, calmDown, firstDocuments } from './actors.ts';
import type { Stage } from './actors.ts';
import { isWhole } from './answers.ts';
import { interceptCalls } from './calls.ts';
import type { SdkCall } from './calls.ts';
import { startLife } from './controller.ts';
import type { Life, PlantedBugs } from './controller.ts';
import { createJournal } from './journal.ts';
import { MemoryDisk, mount, unmount } from './memory-files.ts';
import { createOracle } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import { chaosPrometheus } from './prometheus.ts';
import { dice } from './random.ts';
import { createTurnstile } from './turnstile.ts';
import type { Turnstile } from './turnstile.ts';
import { startWorld } from './world.ts';
import type { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly cycles: number;
  readonly bugs?: PlantedBugs;
  /** Told every line of the journal. */
  readonly tell?: (line: string) => void;
}

export interface SimulationResult {
  readonly seed: number;
  readonly cycles: number;
  readonly steps: number;
  readonly deaths: number;
  /** Empty when all rules held. */
  readonly violations: readonly string[];
  readonly journal: readonly string[];
}

/** One simulation from its seed. Only one at a time may run in a process. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { seed, bugs = {}, tell = () => undefined } = options;
  const luck = dice(seed);
  const world = await startWorld({ seed, dice: luck, size: luck.pick([2, 4, 7]) });
  const { clock } = world;
  const journal = createJournal(() => clock.now(), tell);
  const disk: MemoryDisk = new MemoryDisk({ onVisible: (path, text) => oracle.onVisible(path, text) });
  const oracle: Oracle = createOracle({
    world,
    files: () => disk,
    prometheus: () => prometheus,
    now: () => clock.now(),
    tell: (line) => journal.add(line),
  });
  const prometheus = chaosPrometheus(disk, () => clock.now(), oracle);
  let passRuns = false;
  const turnstile = createTurnstile({
    clock,
    dice: luck,
    beforeStep() {
      if (!passRuns) oracle.passBegins();
      passRuns = true;
    },
    onStep(what) {
      world.truth.note();
      if (what === 'time') return;
      journal.add(`  ${what}`);
      prometheus.refresh();
    },
  });
  const stage: Stage = { world, prometheus, oracle, disk, dice: luck, journal, faults: [], versions: 0 };
  const { random } = Math;
  // Whoever else asks for it must not change what is chosen here.
  Math.random = dice(seed + 0x5eed).roll;
  mount(disk, turnstile);
  interceptCalls((call) => {
    return sendCall(call, turnstile, world, oracle, stage);
  });

  let cycle = 0;
  let deaths = 0;
  let life: Life | undefined;
  let done = false;
  const startNextLife = (): Promise<Life> => {
    oracle.restarted();
    return startLife({
      world,
      turnstile,
      prometheus,
      random: Math.random,
      number: deaths,
      bugs,
      onPass: (pass) => {
        done = true;
        passRuns = false;
        oracle.passEnds(pass);
        journal.add(`pass ${cycle} ${pass.result.kind}`);
      },
      log: (line) => journal.add(line.replaceAll(world.sandbox.url, 'http://sandbox')),
    });
  };
  const nextCycle = async (): Promise<void> => {
    const calm = cycle % 80 >= 40;
    if (calm) calmDown(stage);
    else actBetweenPasses(stage);
    world.truth.note();
    prometheus.refresh();
    life ??= await startNextLife();
    if (!calm && luck.chance(0.06))
      turnstile.death = { steps: luck.between(1, 60), moment: luck.pick(['before', 'after', 'within']) };
    done = false;
    const ending = await turnstile.run(() => done || life?.ended() === true);
    if (ending === 'done' && !done)
      oracle.fail('0 goes on', `the controller ended: ${String(life.failure())}`);
    if (ending === 'stuck') oracle.fail('0 goes on', 'nothing moves any more: somebody waits for ever');
    if (ending !== 'dead') return;
    deaths += 1;
    passRuns = false;
    oracle.died();
    life.close();
    life = undefined;
    clock.advance(luck.between(0, 120_000));
  };
  try {
    firstDocuments(stage);
    for (; cycle < options.cycles && oracle.violations.length === 0; cycle += 1) {
      journal.add(`--- cycle ${cycle}`);
      await nextCycle();
    }
  } finally {
    turnstile.kill();
    interceptCalls(undefined);
    unmount();
    Math.random = random;
    life?.close();
    await world.close();
  }
  return {
    seed,
    cycles: cycle,
    steps: turnstile.steps,
    deaths,
    violations: oracle.violations,
    journal: journal.tail(),
  };
}

async function sendCall(
  call: SdkCall,
  turnstile: Turnstile,
  world: World,
  oracle: Oracle,
  stage: Stage,
): Promise<unknown> {
  const { operation, input } = call;
  return turnstile.enter(
    operation,
    async () => {
      try {
        return await call.send();
      } finally {
        const recorded = world.sandbox.recorder.calls().at(-1);
        if (recorded !== undefined) {
          const whole = isWhole(recorded);
          oracle.answers.add({ service: recorded.service, operation, input, whole });
          if (recorded.fault !== undefined) stage.journal.add(`    ${recorded.fault} -> ${recorded.outcome}`);
        }
      }
    },
    { signal: call.signal, delayMs: 0 },
  );
}
