import type { DocumentVersion, VersionKind } from './documents.ts';
import type { Journal } from './journal.ts';
import type { Distortion } from './lies.ts';
import type { MemoryDisk } from './memory-files.ts';
import type { Oracle } from './oracle.ts';
import type { ChaosPrometheus } from './prometheus.ts';
import type { Dice } from './random.ts';
import { PLACES } from './world.ts';
import type { Place, World } from './world.ts';

export interface Network {
  slowMs: number;
  timeouts: number;
  /** Answers of AWS that are not what its service model promises. */
  lies: { readonly change: Distortion; readonly chance: number } | undefined;
}

export const calmNetwork = (): Network => ({ slowMs: 0, timeouts: 0, lies: undefined });

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
  /** What the network does to calls. */
  network: Network;
  /** Nothing goes wrong, and authors do nothing strange. */
  calm: boolean;
  versions: number;
  /** Somebody else runs `scrapectl apply` once, unless somebody still does. */
  readonly invite: () => void;
}

export type Act = (stage: Stage) => void;

/** A person or a service that does things with a certain frequency. */
export type Acts = readonly (readonly [weight: number, act: Act])[];

export function actOnce(acts: Acts, stage: Stage): void {
  let at = stage.dice.roll() * acts.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, act] of acts) {
    at -= weight;
    if (at <= 0) return act(stage);
  }
}

export const anyPlace = ({ dice }: Stage): Place =>
  dice.anyOf(PLACES) ?? { service: 'web', cluster: 'prod', namespace: 'apps' };

export function writeVersion(stage: Stage, { service, cluster, namespace }: Place, kind: VersionKind): void {
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
    deletes: dice.chance(0.5),
    suspended: !stage.calm && dice.chance(0.08),
  };
  world.library.write(version);
  stage.journal.add(
    `document ${service} is version ${version.number} (${kind}${version.suspended ? ', suspended' : ''})`,
  );
}

export function firstDocuments(stage: Stage): void {
  for (const place of PLACES) if (stage.dice.chance(0.8)) writeVersion(stage, place, 'valid');
}

const changeDocument: Act = (stage) => writeVersion(stage, anyPlace(stage), 'valid');
const breakDocument: Act = (stage) =>
  writeVersion(stage, anyPlace(stage), stage.dice.pick(['torn', 'invalid']));
const poisonDocument: Act = (stage) =>
  writeVersion(stage, anyPlace(stage), stage.dice.pick(['poison', 'poison', 'halfway']));
const removeDocument: Act = (stage) => {
  const { service } = anyPlace(stage);
  stage.world.library.remove(service);
  stage.journal.add(`document ${service} is removed`);
};
const changeBase: Act = ({ world, dice, journal }) => {
  const kind = dice.pick(['valid', 'valid', 'torn', 'poison'] as const);
  world.library.writeBase({ number: world.library.base.number + 1, kind });
  journal.add(`base configuration ${world.library.base.number} is ${kind}`);
};
const changeAccess: Act = ({ world: { library }, dice, journal }) => {
  library.access = dice.pick(['whole', 'gone', 'partial']);
  library.baseReadable = dice.chance(0.7);
  journal.add(`documents are ${library.access}, base is ${library.baseReadable ? 'readable' : 'unreadable'}`);
};

/** What authors do, and what befalls the place where they write. */
export const AUTHORS: Acts = [
  [5, changeDocument],
  [2, breakDocument],
  [2, poisonDocument],
  [2, removeDocument],
  [1, changeBase],
  [2, changeAccess],
];

const scale: Act = (stage) => {
  const { service, cluster } = anyPlace(stage);
  const desiredCount = stage.dice.pick([0, 1, 2, 3, 4, 5, 6]);
  asOthers(stage, `${service} scales to ${desiredCount}`, () =>
    stage.world.ecs('UpdateService', { cluster, service, desiredCount }),
  );
};
const stopTask: Act = (stage) => {
  const task = stage.dice.anyOf(
    stage.world.sandbox.ecs.tasks().filter((each) => each.lastStatus === 'RUNNING'),
  );
  if (task === undefined) return;
  stage.world.ecs('StopTask', { cluster: task.cluster.name, task: task.id });
  stage.journal.add(`a task of ${task.service.name} is stopped`);
};
const deploy: Act = (stage) => {
  const { service, cluster } = anyPlace(stage);
  asOthers(stage, `${service} is deployed`, () =>
    stage.world.ecs('UpdateService', { cluster, service, forceNewDeployment: true }),
  );
};
/** New tasks cannot start, so deployments fail and the circuit breaker rolls them back. */
const crash: Act = (stage) => {
  const { service } = anyPlace(stage);
  const end = stage.world.sandbox.ecs.crashWhen((task) => task.service.name === service);
  stage.faults.push(end);
  stage.journal.add(`new tasks of ${service} crash`);
};

/** What ECS and its users do. */
export const TEAMS: Acts = [
  [8, scale],
  [6, stopTask],
  [3, deploy],
  [1, crash],
];

/** AWS may refuse others, too; then nothing happened. */
export function asOthers({ journal }: Stage, what: string, act: () => unknown): boolean {
  try {
    act();
    journal.add(what);
    return true;
  } catch (thrown) {
    journal.add(`${what}: refused (${String(thrown)})`);
    return false;
  }
}

const unbind: Act = (stage) => {
  const { service, cluster } = anyPlace(stage);
  const done = asOthers(stage, `${service} is unbound by hand`, () =>
    stage.world.ecs('UpdateService', { cluster, service, serviceRegistries: [] }),
  );
  if (done) stage.oracle.writes.unboundByHand(service);
};
const registryOf = ({ world }: Stage, { service, namespace }: Place): string | undefined =>
  world.sandbox.cloudMap.idsOf(`${namespace}/${service}-svc`)[0];
const arnOf = ({ world: { sandbox } }: Stage, id: string): string =>
  `arn:aws:servicediscovery:${sandbox.region}:${sandbox.account}:service/${id}`;
const retag: Act = (stage) => {
  const place = anyPlace(stage);
  const id = registryOf(stage, place);
  if (id === undefined) return;
  const Key = stage.dice.pick(['METRICS_PORT', 'METRICS_PATH', 'team', 'ecs-prometheus-operator/owner']);
  asOthers(stage, `tag ${Key} of ${place.service}-svc is set by hand`, () =>
    stage.world.cloudMap('TagResource', { ResourceARN: arnOf(stage, id), Tags: [{ Key, Value: 'others' }] }),
  );
};
const untag: Act = (stage) => {
  const place = anyPlace(stage);
  const id = registryOf(stage, place);
  if (id === undefined) return;
  asOthers(stage, `tag METRICS_PORT of ${place.service}-svc is removed by hand`, () =>
    stage.world.cloudMap('UntagResource', { ResourceARN: arnOf(stage, id), TagKeys: ['METRICS_PORT'] }),
  );
};
const deleteRegistry: Act = (stage) => {
  const place = anyPlace(stage);
  const id = registryOf(stage, place);
  if (id === undefined) return;
  const done = asOthers(stage, `registry ${place.service}-svc is deleted by hand`, () =>
    stage.world.cloudMap('DeleteService', { Id: id }),
  );
  if (done) stage.oracle.writes.unboundByHand(place.service);
};
const squat: Act = (stage) => {
  const place = anyPlace(stage);
  const [NamespaceId] = stage.world.sandbox.cloudMap.idsOf(place.namespace);
  asOthers(stage, `somebody makes a registry ${place.service}-svc`, () =>
    stage.world.cloudMap('CreateService', {
      Name: `${place.service}-svc`,
      NamespaceId,
      DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
      CreatorRequestId: `others-${stage.versions}-${place.service}`,
    }),
  );
};

/** What people do by hand that they should not. */
export const MEDDLERS: Acts = [
  [2, unbind],
  [2, retag],
  [1, untag],
  [1, deleteRegistry],
  [1, squat],
];
