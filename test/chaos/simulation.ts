import { actOnce, AUTHORS, calmNetwork, firstDocuments, TEAMS } from './actors.ts';
import type { Stage } from './actors.ts';
import { interceptCalls } from './calls.ts';
import { OWNER, startLife } from './controller.ts';
import type { Life, PlantedBugs } from './controller.ts';
import { actBetweenPasses, calmDown, failPower } from './disturbances.ts';
import { NEIGHBOUR, neighbourDocuments, startGuest } from './guests.ts';
import type { Guest } from './guests.ts';
import { createJournal } from './journal.ts';
import { MemoryDisk, mount, unmount } from './memory-files.ts';
import { sendCall } from './network.ts';
import { CALM_CYCLES, createOracle } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import { chaosPrometheus } from './prometheus.ts';
import { dice } from './random.ts';
import { createTurnstile } from './turnstile.ts';
import { startWorld } from './world.ts';
import { compressAtOnce } from './zlib-at-once.ts';

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
  const disk: MemoryDisk = new MemoryDisk({
    onVisible: (path, text) => oracle.onVisible(path, text),
    onFailure: () => oracle.disturbed(),
  });
  const oracle: Oracle = createOracle({
    world,
    files: () => disk,
    prometheus: () => prometheus,
    now: () => clock.now(),
    tell: (line) => journal.add(line),
  });
  const prometheus = chaosPrometheus(disk, () => clock.now(), oracle);
  let passRuns = false;
  let guest: Guest | undefined;
  let guests = 0;
  const invite = (): void => {
    if (guest !== undefined) return;
    guests += 1;
    const owner = luck.pick<Guest['owner']>([OWNER, NEIGHBOUR]);
    const claimed = [...world.library.documents.values()].filter(() => luck.chance(0.2));
    const documents = neighbourDocuments(guests, claimed);
    guest = startGuest({
      world,
      turnstile,
      random: Math.random,
      number: guests,
      owner,
      documents,
      log: (line) => journal.add(`guest of ${owner}: ${line}`),
    });
    const services = documents.map(({ name }) => name);
    if (owner === NEIGHBOUR) oracle.neighbourCalls(guest.caller, services);
    journal.add(`${guest.caller} runs apply for ${owner} with ${services.join(' ')}`);
  };
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
  const stage: Stage = {
    world,
    prometheus,
    oracle,
    disk,
    dice: luck,
    journal,
    faults: [],
    network: calmNetwork(),
    calm: false,
    versions: 0,
    invite,
  };
  const { random } = Math;
  // Whoever else asks for it must not change what is chosen here.
  Math.random = dice(seed + 0x5eed).roll;
  mount(disk, turnstile);
  compressAtOnce();
  interceptCalls((call) => {
    return sendCall(call, turnstile, stage);
  });

  let cycle = 0;
  let deaths = 0;
  let life: Life | undefined;
  let done = false;
  let stopped = false;
  const startNextLife = (): Life => {
    oracle.restarted();
    return startLife({
      world,
      turnstile,
      prometheus,
      random: Math.random,
      number: deaths,
      bugs,
      promtool: luck.pick(['absent', 'absent', 'present', 'broken']),
      onPass: (pass) => {
        done = true;
        passRuns = false;
        oracle.passEnds(pass, isCalm(cycle) && !isCalm(cycle + 1));
        journal.add(`pass ${cycle} ${pass.result.kind}`);
      },
      log: (line) => journal.add(line.replaceAll(world.sandbox.url, 'http://sandbox')),
    });
  };
  /** Takes what is left of a controller away; the machine may have failed with it. */
  const dismiss = (): void => {
    guest?.close();
    guest = undefined;
  };
  const bury = (): void => {
    dismiss();
    deaths += 1;
    passRuns = false;
    oracle.died();
    turnstile.kill();
    life?.close();
    life = undefined;
    if (luck.chance(0.3)) failPower(stage);
    clock.advance(luck.between(0, 120_000));
  };
  /** What may befall a controller in its next pass. */
  const threaten = (): void => {
    const steps = luck.between(1, 80);
    const moment = luck.pick(['before', 'after', 'within'] as const);
    if (luck.chance(0.06)) turnstile.death = { steps, moment };
    else if (luck.chance(0.03)) turnstile.alarm = { steps, ring: stop };
    else if (luck.chance(0.1)) turnstile.alarm = { steps, ring: () => actOnce(TEAMS, stage) };
    else if (luck.chance(0.12)) turnstile.alarm = { steps: luck.between(1, 12), ring: publish };
  };
  /** Authors do not wait until a controller has read. */
  const publish = (): void => {
    actOnce(AUTHORS, stage);
    oracle.documentsChanged();
  };
  const stop = (): void => {
    journal.add('SIGTERM');
    stopped = true;
    life?.stop();
  };
  const nextCycle = async (): Promise<void> => {
    const calm = isCalm(cycle);
    if (!calm) actBetweenPasses(stage);
    else calmDown(stage);
    // What only a person can mend is tried again after a quarter of an hour.
    // Also once what was still on its way when the calm began has failed.
    if (calm && (!isCalm(cycle - 1) || (isCalm(cycle - 4) && !isCalm(cycle - 5))))
      clock.advance(LONGEST_BACKOFF_MS);
    // A controller may look every second or two, but rollouts take their time.
    if (calm) clock.advance(CALM_MS);
    world.truth.note();
    prometheus.refresh();
    life ??= startNextLife();
    turnstile.alarm = undefined;
    if (guest?.ended() === true) dismiss();
    if (!calm) threaten();
    done = false;
    stopped = false;
    const ending = await turnstile.run(() => (done && !stopped) || life?.ended() === true);
    const failure = life.failure();
    if (failure !== undefined || (life.ended() && !stopped))
      oracle.fail('0 goes on', `the controller ended: ${String(failure)}`);
    if (ending === 'stuck') oracle.fail('0 goes on', 'nothing moves any more: somebody waits for ever');
    if (ending === 'dead' || life.ended()) bury();
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
    dismiss();
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

const TROUBLED_CYCLES = 40;
const CALM_MS = 10_000;
const LONGEST_BACKOFF_MS = 15 * 60_000;
const isCalm = (cycle: number): boolean => cycle % (TROUBLED_CYCLES + CALM_CYCLES) >= TROUBLED_CYCLES;
