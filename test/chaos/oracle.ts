import { readMemory, writeMemory } from '../../controller/reconcile/memory.ts';
import type { PassObservation } from '../../controller/reconcile/ports.ts';
import { createAnswers } from './answers.ts';
import type { Answers } from './answers.ts';
import { isLoadable, markOf } from './documents.ts';
import type { DocumentVersion } from './documents.ts';
import { OWNER } from './controller.ts';
import { NEIGHBOUR } from './guests.ts';
import { checkFile } from './file-rules.ts';
import { createLosses } from './losses.ts';
import { DIRECTORY } from './memory-files.ts';
import type { MemoryFiles } from './memory-files.ts';
import { createMisleadings } from './misleadings.ts';
import { createPossibleVersions } from './possible.ts';
import type { Possible } from './possible.ts';
import { canLoad } from './prometheus.ts';
import type { ChaosPrometheus, LoadedConfig, PrometheusWatcher } from './prometheus.ts';
import { equalSets, isBetween } from './truth.ts';
import { PLACES } from './world.ts';
import { createWriteRules } from './write-rules.ts';
import type { WriteRules } from './write-rules.ts';
import type { Place, World } from './world.ts';

export interface OracleParts {
  readonly world: World;
  readonly files: () => MemoryFiles;
  readonly prometheus: () => ChaosPrometheus;
  readonly now: () => number;
  readonly tell: (line: string) => void;
}

/**
 * Judges from outside: it knows what really ran, what AWS answered, what authors wrote and what Prometheus has. It
 * shares no decision with the controller.
 */
export interface Oracle extends PrometheusWatcher {
  readonly answers: Answers;
  readonly writes: WriteRules;
  /** The rules for who calls under this access key. */
  writesOf(caller: string): WriteRules;
  /** Somebody of another installation calls, with documents for these services. */
  neighbourCalls(caller: string, services: readonly string[]): void;
  readonly violations: readonly string[];
  /** From now on, until the result is called, reads may show what was so long ago. */
  stale(ageMs: number): () => void;
  /** What is owned was stored in AWS. */
  stored(): void;
  /** An answer was wrong, and nobody could see it. */
  liedTo(operation: string, input: Readonly<Record<string, unknown>>): void;
  fail(rule: string, message: string): void;
  onVisible(path: string, text: string): void;
  /** Authors wrote while a controller reads. */
  documentsChanged(): void;
  passBegins(): void;
  passEnds(pass: PassObservation, mustBeDone: boolean): void;
  /** The controller died in the midst of a pass. */
  died(): void;
  /** Prometheus or its connection was disturbed, so that nothing is due yet. */
  disturbed(): void;
  /** A controller begins with what is on disk. */
  restarted(): void;
}

const QUIET_MS = 130_000;
const DOUBT_MS = 100_000;
const QUARANTINE_MS = 3_600_000;
/** So many cycles without any fault are enough to settle everything. */
export const CALM_CYCLES = 40;

export function createOracle({ world, files, prometheus, now, tell }: OracleParts): Oracle {
  const { truth } = world;
  const answers = createAnswers();
  const violations: string[] = [];
  const versions = createPossibleVersions(
    world.library,
    PLACES.map(({ service }) => service),
    now,
  );
  const misleadings = createMisleadings(world, now);
  const losses = createLosses({ world, files, answers, versionsOf: (name) => inForce(name) });
  /** Passes for which something that should be in force is not. */
  const overdue = new Map<string, number>();
  let passStart = now();
  let before: LoadedConfig | undefined;
  let mayHold = false;
  let quietSince = now();
  /** The jobs of the last configuration that was loaded without fault. */
  let confirmed: LoadedConfig['jobs'] = new Map();
  let confirmedBefore = confirmed;

  const fail = (rule: string, message: string): void => {
    violations.push(`${rule}: ${message}`);
  };
  const versionsOf = (name: string): Possible => versions.of(name);
  const loadedOf = (name: string): Possible =>
    [...confirmed].flatMap(([job, { mark }]) =>
      job.startsWith(`${name}/`) && mark !== undefined ? [versions.written(mark)] : [],
    );
  /** While the newest version cannot be loaded, the targets are those of the one before. */
  const inForce = (name: string): Possible =>
    versionsOf(name).every((version) => version !== undefined && !isLoadable(version))
      ? [...loadedOf(name), ...versionsOf(name)]
      : versionsOf(name);
  const hasPort = (version: DocumentVersion | undefined, endpoint: string, port: number): boolean =>
    version?.ports.get(endpoint) === port;

  const isSuspended = (name: string): boolean => versionsOf(name).every((version) => version?.suspended);
  const checkRemoved = (name: string, endpoint: string, address: string): void => {
    const [ip = '', port = ''] = address.split(':');
    const wanted = [...versionsOf(name), ...loadedOf(name)];
    if (wanted.some((version) => !hasPort(version, endpoint, Number(port)))) return;
    if (truth.restedWithin(name, ip, passStart - misleadings.staleness(), now())) return;
    if (misleadings.about(name)) return;
    fail('1 kept on failure', `target ${address} of ${name}/${endpoint} went, but its task runs`);
  };
  const checkAdded = (name: string, endpoint: string, address: string): void => {
    const [ip = ''] = address.split(':');
    if (truth.ranWithin(name, ip, passStart - misleadings.staleness(), now())) return;
    fail('2 no ghosts', `target ${address} of ${name}/${endpoint} came, but no such task runs`);
  };
  const onTargets: Oracle['onTargets'] = (file, was, is) => {
    const [name = '', endpoint = ''] = file.replace(/^targets\//, '').split('.');
    if (isSuspended(name) && !equalSets(was, is))
      fail('9 suspended', `${file} was ${[...was].join(' ')} and is ${[...is].join(' ')}`);
    for (const address of was) if (!is.has(address)) checkRemoved(name, endpoint, address);
    for (const address of is) if (!was.has(address)) checkAdded(name, endpoint, address);
  };

  /** A job that was loaded stays, unless its document may be gone or have no such endpoint any more. */
  const onConfig: Oracle['onConfig'] = (_was, is, why) => {
    tell(`    Prometheus (${why}) has ${is === undefined ? 'nothing' : describeConfig(is)}`);
    if (is === undefined) return;
    const loaded = canLoad(is.text);
    const before = confirmed;
    if (loaded) confirmed = new Map(is.jobs);
    for (const [job] of before) {
      if (is.jobs.has(job)) continue;
      const [name = '', endpoint = ''] = job.split('/');
      const mayGo = versionsOf(name).some((version) => version === undefined || !version.ports.has(endpoint));
      if (!mayGo) fail('8 loaded jobs stay', `job ${job} is gone from the configuration (${why})`);
    }
  };

  /** AWS counts a task that stops as running still, so that a list without it is doubted for a minute. */
  const isDoubted = (service: string): boolean =>
    world.sandbox.ecs
      .tasks()
      .some(
        (task) =>
          task.service.name === service &&
          task.desiredStatus === 'STOPPED' &&
          (task.lastStatus !== 'STOPPED' || now() - (task.stoppedAt ?? 0) < DOUBT_MS),
      );

  const dueTargets = (place: Place, version: DocumentVersion): void => {
    const { service, cluster, namespace } = place;
    if (!answers.toldAbout(service, cluster, world.sandbox.cloudMap.idsOf(namespace))) return;
    const states = truth.within(service, passStart, now());
    const complaints: string[] = [];
    for (const [endpoint, port] of version.ports) {
      const has = prometheus().targetsOf(`targets/${service}.${endpoint}.json`);
      const expected = states.map((ips) => new Set([...ips].map((ip) => `${ip}:${port}`)));
      if (isBetween(has, expected) || isDoubted(service)) continue;
      complaints.push(
        `${service}/${endpoint} has ${[...has].join(' ') || 'nothing'}, true is ${[...(expected.at(-1) ?? [])].join(' ') || 'nothing'}`,
      );
    }
    judge(`targets of ${service}`, '2 believed on success', complaints);
  };

  /** Due at once, except what the guard against mass loss may hold. */
  const judge = (what: string, rule: string, complaints: readonly string[]): void => {
    if (complaints.length === 0) {
      overdue.delete(what);
      return;
    }
    if (mayHold) return;
    const late = (overdue.get(what) ?? 0) + 1;
    overdue.set(what, late);
    fail(rule, `${complaints.join('; ')} (for ${late} passes)`);
  };

  const dueVersion = (place: Place, config: LoadedConfig): DocumentVersion | undefined => {
    const { service } = place;
    const [version, ...others] = versionsOf(service);
    if (others.length > 0) return undefined;
    const marks = new Set(
      [...config.jobs].flatMap(([job, { mark }]) => (job.startsWith(`${service}/`) ? [mark] : [])),
    );
    const was = new Set(
      [...(before === undefined || canLoad(before.text) ? (before?.jobs ?? []) : confirmedBefore)].flatMap(
        ([job, { mark }]) => (job.startsWith(`${service}/`) ? [mark] : []),
      ),
    );
    if (version === undefined) {
      judge(
        `document ${service}`,
        '6 documents in force',
        marks.size === 0 ? [] : [`${service} has no document, but jobs`],
      );
      return undefined;
    }
    const wanted = isLoadable(version) ? [markOf(version)] : [...was];
    const complaint = `${service} version ${version.number} (${version.kind}) should be ${wanted.join(' ') || 'out'}, Prometheus has ${[...marks].join(' ') || 'nothing'}`;
    judge(
      `document ${service}`,
      '6 documents in force',
      wanted.join(' ') === [...marks].join(' ') ? [] : [complaint],
    );
    const [mark] = marks;
    return mark === undefined ? undefined : versions.written(mark);
  };

  /** Versions that Prometheus refused in this pass. */
  const offered = new Set<number>();
  /** When the pass ended in which a version was refused. */
  const refusedAt = new Map<number, number>();
  const onReload: Oracle['onReload'] = (text) => {
    for (const [, digits] of text.matchAll(/sample_limit: (\d+)/g)) {
      const mark = Number(digits);
      const version = versions.written(mark);
      if (version === undefined || isLoadable(version)) continue;
      offered.add(mark);
      if (now() - (refusedAt.get(mark) ?? -Infinity) < QUARANTINE_MS)
        fail(
          '7 quarantine',
          `version ${version.number} of ${version.name} is offered again although it was refused`,
        );
    }
  };
  const rememberRefused = (): void => {
    if (prometheus().up && prometheus().mood === 'ready' && now() > quietSince + QUIET_MS)
      for (const mark of offered) refusedAt.set(mark, now());
    offered.clear();
  };

  const checkDisk = (): void => {
    const text = files().read(`${DIRECTORY}/prometheus.yml`);
    const undisturbed = now() - quietSince > QUIET_MS;
    if (undisturbed && before !== undefined && text !== undefined && !canLoad(text))
      fail('4 Prometheus can start', 'the configuration on disk after a pass is one that Prometheus refuses');
  };

  const neighbours = new Map<string, WriteRules>();
  const writes = createWriteRules({
    owner: OWNER,
    world,
    now,
    fail,
    versionsOf: (service) =>
      versionsOf(service).flatMap((version) => (version === undefined ? [] : [version.number])),
    mayBeLeft: (service) => versions.mayBeLeft(service),
    isWanted: (service) => versions.lately(service).some(({ suspended }) => !suspended),
    isMisled: (service) => misleadings.staleness() > 0 || misleadings.about(service),
  });

  return {
    answers,
    writes,
    writesOf: (caller) => neighbours.get(caller) ?? writes,
    neighbourCalls(caller, services) {
      const rules = createWriteRules({
        owner: NEIGHBOUR,
        world,
        now,
        fail,
        versionsOf: () => [0],
        isWanted: (service) => services.includes(service),
        mayBeLeft: () => false,
        isMisled: (service) => misleadings.staleness() > 0 || misleadings.about(service),
      });
      neighbours.set(caller, rules);
    },
    violations,
    stale: misleadings.stale,
    stored: versions.stored,
    liedTo(operation, input) {
      misleadings.liedTo(operation, input);
      if (/^(?:GET|GetParameter)/.test(operation)) versions.doubt();
    },
    fail,
    onTargets,
    onConfig,
    onReload,
    onVisible: (path, text) => {
      if (path.includes('/state/')) versions.stored();
      const fault = checkFile(path, text);
      if (fault !== undefined) fail('3 files are whole or old', `${path}: ${fault}`);
    },
    documentsChanged: () => versions.learn(false),
    passBegins() {
      answers.clear();
      world.library.forget();
      passStart = now();
      before = prometheus().config;
      confirmedBefore = confirmed;
      losses.passBegins();
      // From its first read on, the controller may act on what is written now.
      versions.learn(false);
    },
    passEnds({ result }, mustBeDone) {
      if (result.kind === 'failed') return losses.forget();
      rememberRefused();
      writes.passEnded();
      if (mustBeDone && result.plan.changes.length > 0)
        fail(
          '6 converges',
          `after ${CALM_CYCLES} calm cycles the plan still has ${result.plan.changes.map(({ kind, target }) => `${kind} of ${target}`).join(', ')}`,
        );
      const sources = world.library.lastRead === 'complete';
      if (sources) versions.learn(world.library.unchanged);
      const config = prometheus().config;
      if (!prometheus().up || prometheus().mood !== 'ready' || config === undefined) return losses.forget();
      checkDisk();
      if (!sources || now() - quietSince < QUIET_MS || world.library.base.kind !== 'valid')
        return losses.forget();
      // New versions may have other ports and other services, and count as a loss of what they had.
      const changed = marksOf(config) !== marksOf(before);
      mayHold = losses.mayHold(changed || PLACES.some(({ service }) => misleadings.about(service)));
      // What was written after that is due in the next pass.
      const { lastBaseRead, unchanged } = world.library;
      if (lastBaseRead === 'read' && unchanged && config.base !== String(world.library.base.number))
        judge('base', '6 documents in force', [
          `base ${world.library.base.number} is valid, Prometheus has ${config.base}`,
        ]);
      else judge('base', '6 documents in force', []);
      for (const place of PLACES) {
        const version = dueVersion(place, config);
        if (version !== undefined && !isSuspended(place.service)) dueTargets(place, version);
      }
    },
    died() {
      overdue.clear();
      writes.died();
      losses.forget();
      offered.clear();
    },
    disturbed() {
      quietSince = now();
      overdue.clear();
    },
    restarted() {
      const saved = files().read(`${DIRECTORY}/.scrapectl-memory.json`);
      if (saved !== undefined && writeMemory(readMemory(saved, {})) !== saved)
        fail('7 memory', 'what a restarted controller remembers is not what was saved');
    },
  };
}

const marksOf = (config: LoadedConfig | undefined): string =>
  [...(config?.jobs ?? [])].map(([job, { mark }]) => `${job} ${mark}`).join();

const describeConfig = ({ jobs, text, base }: LoadedConfig): string =>
  `${canLoad(text) ? '' : 'a mixture with '}base ${base} and ${[...jobs].map(([job, { mark }]) => `${job}:${mark}`).join(' ')}`;
