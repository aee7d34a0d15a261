import { addressesOf } from '../chaos/prometheus.ts';
import { dice } from '../chaos/random.ts';
import { createTruth, equalSets } from '../chaos/truth.ts';
import { bareAccountOf, documentOf } from '../support/accounts.ts';
import { openStage, type Process, type Stage } from './stage.ts';

export interface DayOptions {
  readonly seed: number;
  readonly hours: number;
  readonly documentChanges: number;
  readonly tell?: (line: string) => void;
}

export interface DayResult {
  readonly violations: readonly string[];
  readonly checks: number;
  readonly writes: number;
  readonly events: Readonly<Record<string, number>>;
}

const NAMES = ['web', 'api', 'pay', 'mail', 'cart', 'feed'];
const ARGS = [
  '--source=s3://documents/targets/',
  '--owner=prod',
  '--lease=s3://documents/state/',
  '--state=s3://documents/state/',
  '--interval=30s',
];
const STEP_MS = 10_000;
const HOUR_MS = 3_600_000;
/** One cycle with its jitter and the time that a slow pass takes, and the backoff of a call that was throttled. */
const CYCLE_MS = 60_000;

/** Two replicas, each with its Prometheus, through everything that happens in a day; checked at every step. */
export async function simulateDay(options: DayOptions): Promise<DayResult> {
  const { seed, hours, documentChanges, tell = () => {} } = options;
  const luck = dice(seed);
  const length = hours * HOUR_MS;
  const violations: string[] = [];
  const events: Record<string, number> = {};
  const files = new Map<string, ReadonlySet<string>>();
  let checks = 0;

  const places = NAMES.map((service) => ({ service, cluster: 'prod', namespace: 'apps' }));
  const stage: Stage = await openStage({
    seed,
    scenario: bareAccountOf(NAMES.map((name) => ({ name }))),
    onWrite({ process, operation }) {
      if (stage.lease()?.process !== process || stage.lease()?.held !== true)
        fail(`${process} sends ${operation} without the lease`);
    },
    onFile(process, path, text) {
      const name = /^targets\/(.*)\.metrics\.json$/.exec(path)?.[1];
      if (name !== undefined) judgeFile(process, name, addressesOf(text));
    },
  });
  const { clock } = stage;
  const truth = createTruth(stage.sandbox, places);
  const start = clock.now();
  const at = (): string => new Date(clock.now()).toISOString().slice(11, 19);
  const fail = (what: string): void => void violations.push(`${at()} ${what}`);
  const happened = (kind: string, what: string): void => {
    events[kind] = (events[kind] ?? 0) + 1;
    tell(`${at()} ${kind}: ${what}`);
  };

  const judgeFile = (process: string, name: string, now: ReadonlySet<string> | undefined): void => {
    if (now === undefined) return fail(`the file of ${name} at ${process} is not whole`);
    const before = files.get(`${process} ${name}`) ?? new Set();
    files.set(`${process} ${name}`, now);
    const [from, to] = [clock.now() - CYCLE_MS, clock.now()];
    const ipOf = (address: string): string => address.replace(/:\d+$/, '');
    for (const address of before)
      if (!now.has(address) && !truth.restedWithin(name, ipOf(address), from, to))
        fail(`${process} loses ${address} of ${name}, which runs`);
    for (const address of now)
      if (!before.has(address) && !truth.ranWithin(name, ipOf(address), from, to))
        fail(`${process} gains ${address} of ${name}, which does not run`);
  };

  let live: readonly { readonly process: Process; readonly since: number }[] = [];
  const revisions = new Map<string, { readonly revision: number; readonly at: number }>();
  /** Until when reads fail, by what fails. */
  const trouble = { s3: -Infinity, aws: -Infinity };
  const begin = (name: string) => ({ process: stage.run(name, ARGS), since: clock.now() });
  const write = (name: string, revision: number): void => {
    const spec = `labels: {revision: "${revision}"}`;
    const ttl = revision % 3 === 0 ? 30 : 10;
    stage.shelf.put(`targets/${name}.yaml`, documentOf({ name, spec }).replace('ttl: 10', `ttl: ${ttl}`));
    revisions.set(name, { revision, at: clock.now() });
  };

  const check = ({ process, since }: (typeof live)[number]): void => {
    const due = clock.now() - CYCLE_MS;
    if (since > due || trouble.aws > due) return;
    for (const name of NAMES) {
      const states = truth.within(name, due, clock.now());
      const [state = new Set<string>()] = states;
      const expected = new Set([...state].map((ip) => `${ip}:8080`));
      const has = stage.targets(process, name) ?? new Set<string>();
      checks += 1;
      if (states.length === 1 && !equalSets(has, expected))
        fail(`${process.name} has ${[...has].join(' ')} of ${name}, true is ${[...expected].join(' ')}`);
      if (!equalSets(process.prometheus.targetsOf(`targets/${name}.metrics.json`), has))
        fail(`the Prometheus of ${process.name} does not have the targets of ${name}`);
      const written = revisions.get(name);
      if (written === undefined || written.at > due || trouble.s3 > due || has.size === 0) continue;
      if (stage.text(process, name)?.includes(`"revision": "${written.revision}"`) !== true)
        fail(`${process.name} does not have revision ${written.revision} of ${name}`);
    }
  };
  const step = async (): Promise<void> => {
    await stage.pass(STEP_MS);
    truth.note();
    for (const each of live) check(each);
  };

  const roll = async (): Promise<void> => {
    for (const old of live) {
      const fresh = begin(`${old.process.name}x`);
      happened('replacement', `${fresh.process.name} for ${old.process.name}`);
      const isReady = (): boolean => NAMES.every((name) => stage.targets(fresh.process, name) !== undefined);
      for (let left = 30; left > 0 && !isReady(); left -= 1) await step();
      live = [...live, fresh];
      old.process.terminate();
      for (let left = 6; left > 0 && old.process.exit() === undefined; left -= 1) await step();
      if (old.process.exit() !== 0) fail(`${old.process.name} ends with ${String(old.process.exit())}`);
      live = live.filter((each) => each !== old);
    }
  };
  const restartPrometheus = async (): Promise<void> => {
    for (const { process } of live) {
      happened('restart', `Prometheus of ${process.name}`);
      process.prometheus.stop();
      if (!process.prometheus.start()) fail(`the Prometheus of ${process.name} cannot start`);
      await step();
    }
  };
  const outage = async (what: 's3' | 'aws', end: () => void): Promise<void> => {
    const until = clock.now() + length / 24;
    happened('outage', `${what} until ${new Date(until).toISOString().slice(11, 19)}`);
    while (clock.now() < until) {
      trouble[what] = clock.now();
      act();
      await step();
    }
    trouble[what] = clock.now();
    end();
  };
  const { faults, actions, ecs } = stage.sandbox;
  const s3Outage = (): Promise<void> =>
    outage('s3', faults.add({ service: 's3', effect: { kind: 'serverError', status: 503 } }));
  const storm = (): Promise<void> => {
    const ends = ['ecs', 'servicediscovery'].map((service) =>
      faults.add({ service, probability: 0.7, effect: { kind: 'throttle' } }),
    );
    return outage('aws', () => {
      for (const end of ends) end();
    });
  };

  const plan: readonly (readonly [share: number, what: () => Promise<void>])[] = [
    [0.2, roll],
    [0.35, restartPrometheus],
    [0.45, s3Outage],
    [0.6, storm],
    [0.7, restartPrometheus],
    [0.8, roll],
  ];
  let changes = 0;
  /** What teams and authors do all day. */
  const act = (): void => {
    const service = luck.anyOf(NAMES) ?? '';
    if (luck.chance(STEP_MS / 240_000)) {
      const count = luck.between(1, 5);
      happened('scaling', `${service} to ${count}`);
      actions.scale({ cluster: 'prod', service }, count);
    }
    if (luck.chance(STEP_MS / 600_000)) {
      const task = luck.anyOf(ecs.tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING'));
      happened('stop', `a task of ${task?.service.name}`);
      if (task !== undefined) ecs.service.operations['StopTask']?.({ cluster: 'prod', task: task.id });
    }
    const share = (clock.now() - start) / length;
    if (changes >= documentChanges * share) return;
    changes += 1;
    const name = luck.anyOf(NAMES) ?? '';
    happened('document', `${name} is revision ${changes}`);
    write(name, changes);
  };

  try {
    for (const name of NAMES) write(name, 0);
    live = [begin('a'), begin('b')];
    let next = 0;
    while (clock.now() - start < length) {
      const [share, what] = plan[next] ?? [Infinity, undefined];
      if (clock.now() - start >= share * length) {
        next += 1;
        await what?.();
      }
      act();
      await step();
    }
    for (const name of NAMES) {
      const bindings = stage.writes.filter(
        ({ operation, input }) => operation === 'UpdateService' && input['service'] === name,
      ).length;
      if (bindings !== 1) fail(`${name} was bound ${bindings} times`);
    }
    return { violations, checks, writes: stage.writes.length, events };
  } finally {
    await stage.close();
  }
}
