import { createAws } from '../../controller/aws/create-aws.ts';
import type { Aws } from '../../controller/aws/create-aws.ts';
import { createMemoryStore } from '../../controller/prometheus/memory-store.ts';
import { createPublishedTargets } from '../../controller/prometheus/published-targets.ts';
import { createPublisher } from '../../controller/prometheus/publisher.ts';
import { createInventoryKeeper } from '../../controller/reconcile/inventory-keeper.ts';
import { runController } from '../../controller/reconcile/controller.ts';
import { createTrigger } from '../../controller/reconcile/loop.ts';
import type {
  BundleChecker,
  CheckResult,
  CloudWriter,
  PassObservation,
  Publisher,
} from '../../controller/reconcile/ports.ts';
import { DIRECTORY } from './memory-files.ts';
import type { ChaosPrometheus } from './prometheus.ts';
import type { Turnstile } from './turnstile.ts';
import type { World } from './world.ts';

export const OWNER = 'prod';
export const MAX_ROLLOUTS = 1;
export const INTERVAL_MS = 30_000;
/** How the program looks at the world by default. */
export const LOOK = { owner: OWNER, variables: new Map(), massLoss: { share: 0.5, minimum: 10 } };
/** Nothing holds deletions, so that there are many. */
const PRUNE = { maxPercent: 100, allowEmpty: true };
/** As `scrapectl run` has it. */
export const PATIENCE_MS = 10_000;

/** Parts of the product that a test replaces by broken ones, to see that the oracle notices. */
export interface PlantedBugs {
  readonly publisher?: (real: Publisher) => Publisher;
  readonly writer?: (real: CloudWriter, world: World) => CloudWriter;
}

/** Whether a promtool is there; a broken one cannot tell anything. */
export type Promtool = 'absent' | 'present' | 'broken';

/** One life of a controller, wired as `scrapectl run` wires it. */
export interface Life {
  /** Asks it to end, as SIGTERM does. */
  stop(): void;
  readonly ended: () => boolean;
  /** What it ended with, if that was an error. */
  readonly failure: () => unknown;
  close(): void;
}

export interface LifeParts {
  readonly world: World;
  readonly turnstile: Turnstile;
  readonly prometheus: ChaosPrometheus;
  readonly random: () => number;
  readonly number: number;
  readonly bugs: PlantedBugs;
  readonly promtool: Promtool;
  readonly onPass: (pass: PassObservation) => void;
  readonly log: (message: string) => void;
}

/** promtool sees what cannot be parsed, and not what only fails when it is applied. */
function checkerOf({ promtool, turnstile }: LifeParts): BundleChecker | undefined {
  if (promtool === 'absent') return undefined;
  return {
    check: ({ config }) =>
      turnstile.enter('promtool check config', async (): Promise<CheckResult> => {
        if (promtool === 'broken') return { kind: 'unavailable', reason: 'It crashed.' };
        return config.includes('poison')
          ? { kind: 'refused', message: 'poison is not allowed' }
          : { kind: 'accepted' };
      }),
  };
}

export function startLife(parts: LifeParts): Life {
  const { world, turnstile, prometheus, bugs } = parts;
  const { clock } = turnstile;
  const aws: Aws = createAws({
    clock,
    region: world.sandbox.region,
    endpointUrl: world.sandbox.url,
    credentials: { accessKeyId: `controller-${parts.number}`, secretAccessKey: 'chaos' },
    patienceMs: PATIENCE_MS,
  });
  const realPublisher = createPublisher({
    directory: DIRECTORY,
    prometheusUrl: 'http://prometheus:9090',
    clock,
    fetch: (url, init) =>
      turnstile.enter(`prometheus ${new URL(url).pathname}`, () => prometheus.fetch(url, init), {
        signal: init.signal ?? undefined,
        delayMs: prometheus.mood === 'silent' ? Infinity : 0,
      }),
  });
  const publisher = bugs.publisher?.(realPublisher) ?? realPublisher;
  const writer = bugs.writer?.(aws.writer(OWNER), world) ?? aws.writer(OWNER);
  const signal = new AbortController();
  let ended = false;
  let failure: unknown;
  const level =
    (name: string) =>
    (message: string, fields: object = {}): void =>
      parts.log(`${name} ${message} ${JSON.stringify(fields)}`);
  runController(
    {
      sources: [world.library.source(turnstile, aws)],
      baseConfig: world.library.text(turnstile, aws),
      reader: aws.reader,
      writer,
      publisher,
      published: createPublishedTargets(DIRECTORY),
      store: createMemoryStore(DIRECTORY),
      checker: checkerOf(parts),
      inventory: createInventoryKeeper(world.library.state(aws, OWNER), OWNER),
      prometheusVersion: (ending) => publisher.prometheusVersion(ending),
      clock,
      progress: () => undefined,
      logger: { debug: () => undefined, info: level('info'), warn: level('warn'), error: level('error') },
      observer: { passDone: parts.onPass },
    },
    {
      ...LOOK,
      prune: PRUNE,
      maxRollouts: MAX_ROLLOUTS,
      rollout: 'leave',
      intervalMs: INTERVAL_MS,
      jitter: 0.1,
      random: parts.random,
    },
    createTrigger(),
    signal.signal,
  )
    .catch((thrown: unknown) => {
      failure = thrown;
    })
    .finally(() => {
      ended = true;
    });
  return {
    stop: () => signal.abort(),
    ended: () => ended,
    failure: () => failure,
    close: () => aws.close(),
  };
}
