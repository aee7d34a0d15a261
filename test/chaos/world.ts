import { virtualClock } from '../../controller/sandbox/clock.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import type { Scenario, ScenarioService } from '../../controller/sandbox/scenarios/scenario.ts';
import type { Sandbox } from '../../controller/sandbox/server.ts';
import type { Dice } from './random.ts';
import { createShelf } from './shelves.ts';
import { createLibrary } from './source.ts';
import type { Library } from './source.ts';
import { createTruth } from './truth.ts';
import type { Truth } from './truth.ts';

/** A service that a document may name. */
export interface Place {
  readonly service: string;
  readonly cluster: string;
  readonly namespace: string;
}

export const PLACES: readonly Place[] = [
  { service: 'web', cluster: 'prod', namespace: 'apps' },
  { service: 'api', cluster: 'prod', namespace: 'apps' },
  { service: 'pay', cluster: 'prod', namespace: 'apps' },
  { service: 'mail', cluster: 'prod', namespace: 'infra' },
  { service: 'cam', cluster: 'edge', namespace: 'infra' },
  { service: 'hub', cluster: 'edge', namespace: 'infra' },
];

/** Services of another installation in the same clusters and namespaces. */
export const NEIGHBOURS: readonly Place[] = [
  { service: 'shop', cluster: 'prod', namespace: 'apps' },
  { service: 'blog', cluster: 'edge', namespace: 'infra' },
];

export const ALL_PLACES = [...PLACES, ...NEIGHBOURS];

/** An account with tasks that come and go, and the documents about it. */
export interface World {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly truth: Truth;
  readonly library: Library;
  /** Any operation, as somebody else would call it. */
  ecs(operation: string, input: Readonly<Record<string, unknown>>): unknown;
  cloudMap(operation: string, input: Readonly<Record<string, unknown>>): unknown;
  close(): Promise<void>;
}

const APP = {
  networkMode: 'awsvpc' as const,
  containers: [
    {
      name: 'app',
      ports: [
        { containerPort: 8080, name: 'metrics' },
        { containerPort: 9090, name: 'admin' },
      ],
    },
  ],
};

function scenarioOf(dice: Dice, size: number): Scenario {
  const serviceOf = ({ service }: Place): ScenarioService => ({
    name: service,
    taskDefinition: service,
    launchType: 'FARGATE',
    desiredCount: dice.between(0, size),
    circuitBreaker: { enable: true, rollback: true },
  });
  const foreign: ScenarioService = {
    name: 'legacy',
    taskDefinition: 'legacy',
    launchType: 'FARGATE',
    desiredCount: 2,
    registry: { namespace: 'apps', name: 'legacy' },
  };
  return {
    name: 'chaos',
    namespaces: [{ name: 'apps' }, { name: 'infra' }],
    registries: [{ namespace: 'apps', name: 'legacy', tags: { team: 'others' } }],
    taskDefinitions: [...ALL_PLACES.map(({ service }) => service), 'legacy'].map((family) => ({
      family,
      ...APP,
    })),
    clusters: ['prod', 'edge'].map((name) => ({
      name,
      services: [
        ...ALL_PLACES.filter(({ cluster }) => cluster === name).map(serviceOf),
        ...(name === 'prod' ? [foreign] : []),
      ],
    })),
  };
}

export interface WorldOptions {
  readonly seed: number;
  readonly dice: Dice;
  /** Tasks of one service at the start, at most. */
  readonly size: number;
}

export async function startWorld({ seed, dice, size }: WorldOptions): Promise<World> {
  const clock = virtualClock();
  const sandbox = await startSandbox({ clock, seed, scenario: scenarioOf(dice, size), recordedCalls: 20 });
  const perform =
    (service: Sandbox['ecs']['service']) =>
    (operation: string, input: Readonly<Record<string, unknown>>): unknown => {
      const run = service.operations[operation];
      if (run === undefined) throw new Error(`The sandbox has no ${service.name}:${operation}.`);
      return run({ ...input });
    };
  return {
    sandbox,
    clock,
    truth: createTruth(sandbox, PLACES),
    library: createLibrary(createShelf(dice.pick(['nowhere', 's3', 'ssm']), sandbox)),
    ecs: perform(sandbox.ecs.service),
    cloudMap: perform(sandbox.cloudMap.service),
    close: () => sandbox.close(),
  };
}
