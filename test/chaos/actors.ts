import type { FaultEffect } from '../../controller/sandbox/effects/effect.ts';
import type { DocumentVersion, VersionKind } from './documents.ts';
import type { Journal } from './journal.ts';
import type { MemoryDisk } from './memory-files.ts';
import type { Oracle } from './oracle.ts';
import type { ChaosPrometheus } from './prometheus.ts';
import type { Dice } from './random.ts';
import { PLACES } from './world.ts';
import type { Place, World } from './world.ts';

/** Everything that an actor can reach. */
export interface Stage {
  readonly world: World;
  readonly prometheus: ChaosPrometheus;
  readonly oracle: Oracle;
  readonly disk: MemoryDisk;
  readonly dice: Dice;
  readonly journal: Journal;
  /** Ends each fault that is in force. */
  faults: (() => void)[];
  versions: number;
}

type Act = (stage: Stage) => void;

const placeOf = ({ dice }: Stage): Place =>
  dice.anyOf(PLACES) ?? { service: 'web', cluster: 'prod', namespace: 'apps' };

function writeVersion(stage: Stage, { service, cluster, namespace }: Place, kind: VersionKind): void {
  const { dice, world } = stage;
  stage.versions += 1;
  const ports = new Map([['metrics', dice.pick([8080, 9090])]]);
  if (dice.chance(0.3)) ports.set('admin', 9191);
  const version: DocumentVersion = {
    name: service,
    number: stage.versions,
    kind,
    cluster,
    namespace,
    ports,
    ttl: dice.pick([10, 30]),
  };
  world.library.write(version);
  stage.journal.add(`document ${service} is version ${version.number} (${kind})`);
}

export function firstDocuments(stage: Stage): void {
  for (const place of PLACES) if (stage.dice.chance(0.8)) writeVersion(stage, place, 'valid');
}

const scale: Act = (stage) => {
  const { service, cluster } = placeOf(stage);
  const desiredCount = stage.dice.pick([0, 1, 2, 3, 4, 5, 6]);
  stage.world.ecs('UpdateService', { cluster, service, desiredCount });
  stage.journal.add(`${service} scales to ${desiredCount}`);
};

const stopTask: Act = (stage) => {
  const task = stage.dice.anyOf(
    stage.world.sandbox.ecs.tasks().filter((each) => each.lastStatus === 'RUNNING'),
  );
  if (task === undefined) return;
  stage.world.ecs('StopTask', { cluster: task.cluster.name, task: task.id });
  stage.journal.add(`task of ${task.service.name} is stopped`);
};

const deploy: Act = (stage) => {
  const { service, cluster } = placeOf(stage);
  stage.world.ecs('UpdateService', { cluster, service, forceNewDeployment: true });
  stage.journal.add(`${service} is deployed`);
};

const changeDocument: Act = (stage) => writeVersion(stage, placeOf(stage), 'valid');
const breakDocument: Act = (stage) =>
  writeVersion(stage, placeOf(stage), stage.dice.pick(['torn', 'invalid']));
const poisonDocument: Act = (stage) =>
  writeVersion(stage, placeOf(stage), stage.dice.pick(['poison', 'poison', 'halfway']));
const removeDocument: Act = (stage) => {
  const { service } = placeOf(stage);
  stage.world.library.remove(service);
  stage.journal.add(`document ${service} is removed`);
};

const EFFECTS: readonly [FaultEffect, ...FaultEffect[]] = [
  { kind: 'throttle' },
  { kind: 'serverError' },
  { kind: 'serverError', status: 503, when: 'after' },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'emptyPage' },
];

const disturbAws: Act = (stage) => {
  const effect = stage.dice.pick(EFFECTS);
  // A list whose every page is empty never ends.
  const probability = effect.kind === 'emptyPage' ? 0.2 : stage.dice.pick([0.05, 0.3, 1]);
  const remove = stage.world.sandbox.faults.add({
    effect,
    probability,
    service: stage.dice.pick(['ecs', 'servicediscovery']),
  });
  stage.faults.push(remove);
  stage.journal.add(`fault ${effect.kind} with probability ${probability}`);
};

const mendAws: Act = (stage) => {
  stage.faults.shift()?.();
};

const togglePrometheus: Act = ({ prometheus, oracle, journal }) => {
  oracle.disturbed();
  if (prometheus.up) prometheus.stop();
  else prometheus.start();
  journal.add(`Prometheus is ${prometheus.up ? 'up' : 'down'}`);
};

const ACTS: readonly (readonly [weight: number, act: Act])[] = [
  [8, scale],
  [6, stopTask],
  [2, deploy],
  [4, changeDocument],
  [2, breakDocument],
  [2, poisonDocument],
  [2, removeDocument],
  [3, disturbAws],
  [5, mendAws],
  [1, togglePrometheus],
];

const TOTAL = ACTS.reduce((sum, [weight]) => sum + weight, 0);

export function actBetweenPasses(stage: Stage): void {
  for (let left = stage.dice.between(0, 2); left > 0; left -= 1) {
    let at = stage.dice.roll() * TOTAL;
    for (const [weight, act] of ACTS) {
      at -= weight;
      if (at > 0) continue;
      act(stage);
      break;
    }
  }
  if (!stage.prometheus.up && stage.dice.chance(0.5)) togglePrometheus(stage);
}

/** Faults end, and everything that is wrong is mended. */
export function calmDown(stage: Stage): void {
  for (const end of stage.faults) end();
  stage.faults = [];
  if (!stage.prometheus.up) togglePrometheus(stage);
  stage.prometheus.mood = 'ready';
  for (const place of PLACES) {
    const current = stage.world.library.documents.get(place.service);
    if (current !== undefined && current.kind !== 'valid') writeVersion(stage, place, 'valid');
  }
}
