import { createServer } from 'node:http';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { quickTiming } from '../../controller/sandbox/ecs/timing.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import { serve, settings } from '../bench/rpc.ts';
import type { Size } from '../bench/sizes.ts';
import { scenarioOf } from '../bench/world.ts';

/** AWS and Prometheus in a process of their own, so that their memory does not count. */
export type SandboxMethods = {
  readonly awsUrl: () => string;
  readonly prometheusUrl: () => string;
  /** Lets the time of a cycle pass, and in some cycles something happens in it. */
  readonly cycle: (number: number) => void;
};

export interface SandboxSettings {
  readonly size: Size;
  readonly cycleMs: number;
}

const { size, cycleMs } = settings() as SandboxSettings;
const clock = virtualClock();
const sandbox = await startSandbox({
  scenario: scenarioOf(size, true),
  clock,
  timing: { ...quickTiming, retention: 600_000 },
  recordedCalls: 0,
});

/** Takes every configuration; a second of its own passes with each reload, so that the reload can be seen. */
let reloads = 0;
const prometheus = createServer((request, response) => {
  request.resume();
  if (request.url === '/-/reload') reloads += 1;
  const time = new Date(Date.UTC(2026, 0, 1) + reloads * 1000);
  const data = request.url?.endsWith('buildinfo')
    ? { version: '2.42.0' }
    : { reloadConfigSuccess: true, lastConfigTime: time.toISOString() };
  response.sendDate = false;
  response.setHeader('date', time.toUTCString());
  response.end(JSON.stringify({ status: 'success', data }));
});
await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));

const call = (operation: string, input: Record<string, unknown>): void => {
  sandbox.ecs.service.operations[operation]?.(input);
};

function serviceAt(number: number): { cluster: string; service: string } {
  const names = (scenarioOf(size, true).clusters ?? []).flatMap(({ name: cluster, services = [] }) =>
    services.map(({ name: service }) => ({ cluster, service })),
  );
  return names[number % names.length] ?? { cluster: '', service: '' };
}

/** Effects that come and go with the cycles. */
const TROUBLES = [
  { kind: 'throttle' },
  { kind: 'reset', when: 'before' },
  { kind: 'serverError' },
  { kind: 'accessDenied' },
] as const;

let heal = (): void => {};

function happen(number: number): void {
  if (number % 5 === 0) call('UpdateService', { ...serviceAt(number / 5), desiredCount: 1 + (number % 7) });
  if (number % 17 === 0) call('UpdateService', { ...serviceAt(number), forceNewDeployment: true });
  if (number % 20 === 0) {
    heal();
    const effect = TROUBLES[(number / 20) % TROUBLES.length];
    heal = effect === undefined ? heal : sandbox.faults.add({ probability: 0.05, count: 20, effect });
  }
}

const methods: SandboxMethods = {
  awsUrl: () => sandbox.url,
  prometheusUrl() {
    const address = prometheus.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  },
  cycle(number) {
    happen(number);
    clock.advance(cycleMs);
  },
};
serve(methods);
