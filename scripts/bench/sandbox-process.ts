import { realClock } from '../../controller/sandbox/clock.ts';
import { quickTiming } from '../../controller/sandbox/ecs/timing.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import { AwsFault } from '../../controller/sandbox/service.ts';
import type { Tally } from './figures.ts';
import { serve, settings } from './rpc.ts';
import type { Size } from './sizes.ts';
import { scenarioOf } from './world.ts';

/** The sandbox in a process of its own, so that its memory and CPU do not count. */
export type SandboxMethods = {
  readonly url: () => string;
  readonly tally: () => Tally;
  /** Lets time pass without waiting for it. */
  readonly skip: (ms: number) => void;
  /** Stops a task; answers when the one that replaces it is RUNNING, with that time. */
  readonly replaceOneTask: () => Promise<number>;
};

export interface SandboxSettings {
  readonly size: Size;
  readonly bound: boolean;
}

const { size, bound } = settings() as SandboxSettings;
const real = realClock();
let skipped = 0;

const sandbox = await startSandbox({
  scenario: scenarioOf(size, bound),
  clock: { now: () => real.now() + skipped, schedule: (ms, action) => real.schedule(ms, action) },
  timing: quickTiming,
  throttling: { mode: 'documented' },
  recordedCalls: 50_000,
});

const THROTTLES = new Set(['ThrottlingException', 'RequestLimitExceeded', 'SlowDown']);

function tally(): Tally {
  const counts = Object.entries(sandbox.recorder.counts());
  return {
    calls: Object.fromEntries(counts.map(([api, count]) => [api.replace('.', ':'), count])),
    throttled: sandbox.recorder.calls().filter(({ outcome }) => THROTTLES.has(outcome)).length,
  };
}

function replaceOneTask(): Promise<number> {
  const before = new Set(sandbox.ecs.tasks().map(({ arn }) => arn));
  const [task] = before;
  const running = new Promise<number>((resolve) => {
    sandbox.ecs.watchTasks(({ arn, lastStatus }) => {
      if (!before.has(arn) && lastStatus === 'RUNNING') resolve(Date.now());
    });
  });
  const cluster = task?.split('/')[1];
  if (sandbox.ecs.service.operations['StopTask']?.({ cluster, task }) === undefined)
    throw new AwsFault('InvalidParameterException', `Task ${task} was not stopped.`);
  return running;
}

const methods: SandboxMethods = {
  url: () => sandbox.url,
  tally,
  skip(ms) {
    skipped += ms;
  },
  replaceOneTask,
};
serve(methods);
