import { createActions } from './actions.ts';
import { realClock } from './clock.ts';
import { createCloudMap } from './cloudmap/cloudmap.ts';
import { addressPool } from './ecs/addresses.ts';
import { createEcs } from './ecs/ecs.ts';
import { createFaults } from './faults.ts';
import { createHistory, recordingClock } from './history.ts';
import { createIam } from './iam/iam.ts';
import { answerRequest, closeServer, openServer, serveOn } from './http.ts';
import { createListeners, probeListeners } from './listeners.ts';
import { seededRandom } from './random.ts';
import { createLogs } from './logs/logs.ts';
import { createRecorder } from './recorder.ts';
import { createS3 } from './s3/s3.ts';
import { applyFaults } from './scenarios/apply-faults.ts';
import { applyScenario } from './scenarios/apply.ts';
import { loadScenario } from './scenarios/load.ts';
import { createSsm } from './ssm/ssm.ts';
import { createSts } from './sts.ts';
import { createThrottle } from './throttle.ts';
import { readTruth } from './truth.ts';
import type { SandboxActions } from './actions.ts';
import type { Answer } from './effects/answer.ts';
import type { SandboxClock } from './clock.ts';
import type { CloudMap, CloudMapOptions } from './cloudmap/cloudmap.ts';
import type { AddressPool } from './ecs/addresses.ts';
import type { Ecs } from './ecs/ecs.ts';
import type { EcsTiming } from './ecs/timing.ts';
import type { Faults } from './faults.ts';
import type { Snapshot } from './history.ts';
import type { IamWorld } from './iam/demands.ts';
import type { Iam } from './iam/iam.ts';
import type { Policy } from './iam/policy.ts';
import type { ListenerState, TaskListeners } from './listeners.ts';
import type { Recorder } from './recorder.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { SandboxContext, SandboxRequest } from './service.ts';
import type { Throttle, Throttling } from './throttle.ts';
import type { Truth } from './truth.ts';

export interface SandboxOptions {
  /** Port on 127.0.0.1; absent means a free one. */
  readonly port?: number;
  /** Absent means wall-clock time, stopped by `close`. */
  readonly clock?: SandboxClock;
  /** What the account holds at the start, or the name or file of a scenario; absent means nothing. */
  readonly scenario?: Scenario | string;
  readonly account?: string;
  readonly region?: string;
  /** The same seed gives the same ids, addresses and fault rolls. */
  readonly seed?: number;
  /** Binds every caller but the access key id `root`. */
  readonly iamPolicy?: Policy;
  /** Default off. */
  readonly throttling?: Throttling;
  /** How many calls the recorder remembers; 0 only counts. Default 10,000. */
  readonly recordedCalls?: number;
  /** Default: as slow as AWS. */
  readonly timing?: Partial<EcsTiming>;
  readonly cloudMap?: CloudMapOptions;
  /**
   * Let the tasks really listen, each on a loopback address of its own, and serve what their containers say. Where
   * that is not possible `Sandbox.listeners.state` says so.
   */
  readonly listen?: boolean;
  /** Give released addresses to the very next task. */
  readonly reuseAddresses?: boolean;
  /** Bytes of the largest request body. Default 16 MiB. */
  readonly bodyLimit?: number;
}

const MAX_BODY = 16 * 1024 * 1024;

/** An AWS of its own on loopback. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly account: string;
  readonly region: string;
  readonly clock: SandboxClock;
  readonly recorder: Recorder;
  readonly faults: Faults;
  /** Who may do what: everybody everything, until somebody is limited. */
  readonly iam: Iam;
  readonly throttle: Throttle;
  readonly ecs: Ecs;
  readonly cloudMap: CloudMap;
  readonly s3: ReturnType<typeof createS3>;
  readonly ssm: ReturnType<typeof createSsm>;
  readonly logs: ReturnType<typeof createLogs>;
  readonly listeners: TaskListeners;
  /** What others do to the account. */
  readonly actions: SandboxActions;
  /** What is really there, without a call. */
  truth(): Truth;
  /** What a request is answered, without HTTP. */
  answer(request: SandboxRequest): Promise<Answer>;
  close(): Promise<void>;
}

/** The only place that knows which services a sandbox has. */
function composeServices(context: SandboxContext, options: SandboxOptions, addresses: AddressPool) {
  const cloudMap = createCloudMap(context, options.cloudMap);
  const ecs = createEcs(context, {
    cloudMap: cloudMap.instances,
    ...(options.timing !== undefined && { timing: options.timing }),
    addresses,
  });
  const ssm = createSsm(context);
  const s3 = createS3(context);
  const sts = createSts(context);
  const logs = createLogs(context);
  // S3 answers every path that nobody else claims, so it comes last.
  return {
    ecs,
    cloudMap,
    ssm,
    logs,
    s3,
    all: [ecs.service, cloudMap.service, ssm.service, logs.service, sts.service, s3.service],
  };
}

/** The reads of the services that remember: the others do not change by themselves. */
const takeSnapshot = ({ ecs, cloudMap }: Pick<Sandbox, 'ecs' | 'cloudMap'>): Snapshot =>
  new Map([
    [ecs.service.name, ecs.snapshot()],
    [cloudMap.service.name, cloudMap.snapshot()],
  ]);

function clockOf(options: SandboxOptions): { clock: SandboxClock; stop: () => void } {
  if (options.clock !== undefined) return { clock: options.clock, stop: () => undefined };
  const clock = realClock();
  return { clock, stop: () => clock.stop() };
}

/**
 * Addresses that tasks listen on are made of the sandbox's own port, so that two sandboxes on one machine do not
 * fight for them.
 */
function addressesFor(state: ListenerState, port: number, options: SandboxOptions): AddressPool {
  const reuse = options.reuseAddresses ?? false;
  return state.kind === 'listening'
    ? addressPool({ first: `127.${port >> 8}.${port & 255}.1`, reuse, fresh: 254 })
    : addressPool({ first: '10.0.16.1', reuse });
}

/** What IAM asks of the account. */
function iamWorld(
  { ecs, cloudMap, s3 }: Pick<Sandbox, 'ecs' | 'cloudMap' | 's3'>,
  place: Pick<IamWorld, 'account' | 'region'>,
): IamWorld {
  return {
    ...place,
    serviceTags: (arn) => ecs.services().find((service) => service.arn === arn)?.tags,
    registry(idOrArn) {
      const found = cloudMap.registries().find(({ service: { id, arn } }) => [id, arn].includes(idOrArn));
      return found && { arn: found.service.arn, tags: found.service.tags.current };
    },
    objectExists: (bucket, key) => s3.hasObject(bucket, key),
  };
}

/** Everything of a sandbox that needs no connection. */
function assemble(options: SandboxOptions, clock: SandboxClock, addresses: AddressPool) {
  const { account = '123456789012', region = 'us-east-1', seed = 1 } = options;
  const changing = (): void => history.changing();
  const random = seededRandom(seed);
  const context = { clock: recordingClock(clock, changing), account, region, random, changing };
  const { all, ...services } = composeServices(context, options, addresses);
  const history = createHistory(clock, () => takeSnapshot(services));
  const recorder = createRecorder(options.recordedCalls ?? 10_000);
  const faults = createFaults({
    seed,
    clock,
    idsOf: (name) => services.cloudMap.idsOf(name),
    arm: (effect) => (effect.kind === 'staleRead' ? history.keep(effect.ageMs) : () => undefined),
  });
  const throttle = createThrottle(clock, options.throttling ?? { mode: 'off' });
  const iam = createIam(iamWorld(services, { account, region }), options.iamPolicy);
  return { all, services, history, handles: { account, region, clock, recorder, faults, iam, throttle } };
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock, stop } = clockOf(options);
  const scenario =
    typeof options.scenario === 'string' ? await loadScenario(options.scenario) : options.scenario;
  const state = await probeListeners(options.listen ?? false);
  const { server, port } = await openServer(options.port ?? 0);
  const { all, services, history, handles } = assemble(options, clock, addressesFor(state, port, options));
  const listeners = createListeners(state, clock);
  services.ecs.watchTasks((task) => listeners.follow(task));
  const close = async (): Promise<void> => {
    stop();
    await Promise.all([listeners.close(), closeServer(server)]);
  };
  try {
    if (scenario !== undefined) {
      applyScenario(services, scenario);
      applyFaults(handles.faults, scenario, all, clock.now());
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  await listeners.settled();
  const parts = { ...handles, services: all, history, bodyLimit: options.bodyLimit ?? MAX_BODY };
  serveOn(server, parts);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ...handles,
    ...services,
    listeners,
    actions: createActions(services.ecs, services.cloudMap),
    answer: (request) => answerRequest(parts, request),
    truth: () => readTruth(services, handles.recorder),
    close,
  };
}
