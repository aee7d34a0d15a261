import { createAws } from '../../controller/aws/create-aws.ts';
import type { Aws, AwsOptions } from '../../controller/aws/create-aws.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/plan/types.ts';
import type { Clock } from '../../controller/reconcile/ports.ts';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import type { SandboxOptions } from '../../controller/sandbox/server.ts';
import type { Read } from '../../controller/state/observed.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import type { TestSandbox } from '../support/sandbox.ts';

export const OWNER = 'prod';
export const OURS = { [OWNER_TAG]: OWNER, [SCRAPE_TARGET_TAG]: 'webapp' };

/** A signal that never fires. */
export const never = (): AbortSignal => new AbortController().signal;

/**
 * Sleeping moves the sandbox's time on, so that what was waited for happens; only patience really waits
 * until the other sleeps have used it up.
 */
const sandboxTime = (clock: VirtualClock, patienceMs: number | undefined): Clock => ({
  now: () => clock.now(),
  async sleep(ms, signal) {
    if (ms === patienceMs) await new Promise<void>((resolve) => clock.schedule(ms, resolve));
    else if (!signal.aborted) clock.advance(ms);
  },
});

export interface AwsAtSandbox {
  readonly aws: Aws;
  readonly box: TestSandbox;
  close(): Promise<void>;
}

export async function startAws(
  options: Omit<SandboxOptions, 'clock'> & { readonly aws?: Partial<AwsOptions> } = {},
): Promise<AwsAtSandbox> {
  const { aws: awsOptions, ...sandboxOptions } = options;
  const box = await startTestSandbox(sandboxOptions);
  const aws = createAws({
    region: box.sandbox.region,
    endpointUrl: box.sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    clock: sandboxTime(box.clock, awsOptions?.patienceMs),
    share: 1,
    ...awsOptions,
  });
  return {
    aws,
    box,
    async close() {
      aws.close();
      await box.close();
    },
  };
}

/** The value of a read that must have succeeded. */
export function valueOf<T>(read: Read<T> | undefined): T {
  if (read?.kind === 'complete') return read.value;
  throw new Error(read === undefined ? 'Nothing was read.' : `The read failed: ${read.error.message}`);
}

/** The error of a read that must have failed. */
export function errorOf(read: Read<unknown> | undefined) {
  if (read?.kind === 'failed') return read.error;
  throw new Error('The read did not fail.');
}

/** A cluster of many small awsvpc services. */
export function manyServices(count: number, tasksEach: number): Scenario {
  return {
    name: 'many',
    namespaces: [{ name: 'apps' }],
    taskDefinitions: [
      {
        family: 'app',
        networkMode: 'awsvpc',
        containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }],
      },
    ],
    clusters: [
      {
        name: 'prod',
        services: Array.from({ length: count }, (_, index) => ({
          name: `app-${index}`,
          taskDefinition: 'app',
          launchType: 'FARGATE' as const,
          desiredCount: tasksEach,
        })),
      },
    ],
  };
}

export const refsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ cluster: 'prod', service: `app-${index}` }));
