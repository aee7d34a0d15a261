import type { FaultRule } from '../../controller/sandbox/faults.ts';
import type { FaultEffect } from '../../controller/sandbox/effects/effect.ts';
import { actOnce, AUTHORS, calmNetwork, MEDDLERS, TEAMS, writeVersion } from './actors.ts';
import type { Act, Acts, Stage } from './actors.ts';
import { PLACES } from './world.ts';

const EFFECTS: readonly [FaultEffect, ...FaultEffect[]] = [
  { kind: 'throttle' },
  { kind: 'serverError' },
  { kind: 'serverError', status: 503, when: 'after' },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'emptyPage' },
  { kind: 'garbled', body: 'html' },
  { kind: 'garbled', body: 'empty' },
  { kind: 'garbled', body: 'truncated' },
  { kind: 'garbled', body: 'cutOff' },
  { kind: 'error', code: 'LimitExceededException' },
  { kind: 'partialPage', keep: 1, token: 'kept' },
  { kind: 'malformed', change: 'unknownMember' },
  { kind: 'malformed', change: 'duplicate' },
];

function addFault(stage: Stage, rule: FaultRule, atEnd: () => void = () => undefined): void {
  const end = stage.world.sandbox.faults.add(rule);
  stage.faults.push(() => {
    end();
    atEnd();
  });
  stage.journal.add(`AWS fault ${JSON.stringify(rule)}`);
}

const anyService = ({ dice, world }: Stage): string =>
  dice.pick(['ecs', 'servicediscovery', world.library.service ?? 'ecs']);

const disturbAws: Act = (stage) => {
  const effect = stage.dice.pick(EFFECTS);
  // A list whose every page is empty never ends.
  const probability = effect.kind === 'emptyPage' ? 0.2 : stage.dice.pick([0.05, 0.3, 1]);
  addFault(stage, { effect, probability, service: anyService(stage) });
};
const deny: Act = (stage) => {
  const [service, resource] = stage.dice.pick<readonly [string, string]>([
    ['ecs', stage.dice.anyOf(PLACES)?.service ?? 'web'],
    ['ecs', 'prod'],
    ['ecs', 'edge'],
    ['servicediscovery', 'apps'],
    ['servicediscovery', 'infra'],
  ]);
  addFault(stage, { effect: { kind: 'accessDenied' }, service, resource });
};
const disturbWrites: Act = (stage) =>
  addFault(stage, {
    effect: stage.dice.pick<FaultEffect>([
      { kind: 'throttle' },
      { kind: 'reset', when: 'after' },
      { kind: 'serverError', when: 'after' },
      { kind: 'accessDenied' },
    ]),
    operation: ['UpdateService', 'CreateService', 'TagResource', 'UntagResource'],
    probability: stage.dice.pick([0.3, 1]),
  });
const tellOldNews: Act = (stage) => {
  const ageMs = stage.dice.pick([2000, 20_000]);
  const rule: FaultRule = {
    effect: { kind: 'staleRead', ageMs },
    service: stage.dice.pick(['ecs', 'servicediscovery']),
    probability: stage.dice.pick([0.2, 1]),
  };
  addFault(stage, rule, stage.oracle.stale(ageMs));
};
const lie: Act = ({ network, dice, journal }) => {
  const { lies } = network;
  const change = dice.pick(['drop', 'null', 'wrongType'] as const);
  network.lies = lies === undefined ? { change, chance: dice.pick([0.02, 0.1, 0.5]) } : undefined;
  journal.add(`answers are ${network.lies === undefined ? 'well formed' : JSON.stringify(network.lies)}`);
};
const disturbNetwork: Act = ({ network, dice, journal }) => {
  network.slowMs = dice.pick([0, 0, 300, 4000]);
  network.timeouts = dice.pick([0, 0, 0.05, 0.5]);
  journal.add(`calls take up to ${network.slowMs} ms, ${network.timeouts * 100} % of them time out`);
};
const mendAws: Act = (stage) => stage.faults.shift()?.();

const togglePrometheus: Act = ({ prometheus, oracle, journal }) => {
  oracle.disturbed();
  if (prometheus.up) prometheus.stop();
  else prometheus.start();
  journal.add(`Prometheus is ${prometheus.up ? 'up' : 'down'}`);
};
const bounce: Act = (stage) => {
  if (stage.prometheus.up) togglePrometheus(stage);
  togglePrometheus(stage);
};
const changeMood: Act = ({ prometheus, oracle, dice, journal }) => {
  oracle.disturbed();
  prometheus.mood = dice.pick(['ready', 'starting', 'silent', 'breaking']);
  journal.add(`Prometheus is ${prometheus.mood}`);
};
const fillDisk: Act = ({ disk, oracle, dice, journal }) => {
  oracle.disturbed();
  disk.failing = { code: dice.pick(['ENOSPC', 'EIO']), writes: dice.between(1, 6) };
  journal.add(`the next ${disk.failing.writes} writes fail with ${disk.failing.code}`);
};

/** The machine on which the controller and Prometheus run fails, and starts again. */
export function failPower(stage: Stage): void {
  stage.oracle.disturbed();
  stage.prometheus.stop();
  stage.disk.losePower(stage.dice);
  stage.prometheus.start();
  stage.journal.add(`power fails; Prometheus is ${stage.prometheus.up ? 'up' : 'down'} again`);
}

const NATURE: Acts = [
  [4, disturbAws],
  [1, deny],
  [2, disturbWrites],
  [1, tellOldNews],
  [1, disturbNetwork],
  [2, ({ invite }) => invite()],
  [2, lie],
  [7, mendAws],
  [1, togglePrometheus],
  [1, bounce],
  [1, changeMood],
  [1, fillDisk],
];

/** What happens while the controller waits for its next pass. */
export function actBetweenPasses(stage: Stage): void {
  stage.calm = false;
  const { dice, prometheus } = stage;
  if (dice.chance(0.6)) actOnce(TEAMS, stage);
  if (dice.chance(0.3)) actOnce(AUTHORS, stage);
  if (dice.chance(0.4)) actOnce(NATURE, stage);
  if (dice.chance(0.08)) actOnce(MEDDLERS, stage);
  if (!prometheus.up && dice.chance(0.3)) togglePrometheus(stage);
  if (prometheus.mood !== 'ready' && dice.chance(0.3)) {
    stage.oracle.disturbed();
    prometheus.mood = 'ready';
  }
}

/** Faults end, and everything that authors did wrong is mended. */
export function calmDown(stage: Stage): void {
  const { world, prometheus, network, disk, oracle } = stage;
  for (const end of stage.faults) end();
  stage.faults = [];
  stage.calm = true;
  Object.assign(network, calmNetwork());
  disk.failing = undefined;
  if (prometheus.mood !== 'ready') oracle.disturbed();
  prometheus.mood = 'ready';
  if (!prometheus.up) togglePrometheus(stage);
  Object.assign(world.library, { access: 'whole', baseReadable: true });
  const { base } = world.library;
  if (base.kind !== 'valid') world.library.writeBase({ number: base.number + 1, kind: 'valid' });
  for (const place of PLACES) {
    const current = world.library.documents.get(place.service);
    if (current !== undefined && (current.kind !== 'valid' || current.suspended))
      writeVersion(stage, place, 'valid');
  }
}
