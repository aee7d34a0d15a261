import { run } from '../../controller/cli/run.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import type { Io, OutputStream } from '../../controller/cli/io.ts';
import type { Sandbox, SandboxOptions } from '../../controller/sandbox/server.ts';

export const EXAMPLES = 'examples/scrape-targets';

/** A stream that remembers what was written to it, and wakes those who wait for a text. */
export interface RecordedStream extends OutputStream {
  readonly text: () => string;
  /** Resolves as soon as the text has been written. */
  readonly shows: (text: string) => Promise<void>;
}

export function recordedStream(isTTY = false): RecordedStream {
  let all = '';
  const waiting = new Set<{ readonly text: string; readonly wake: () => void }>();
  return {
    isTTY,
    text: () => all,
    write(text) {
      all += text;
      for (const one of waiting) if (all.includes(one.text)) one.wake();
    },
    shows: (text) =>
      new Promise((resolve) => {
        if (all.includes(text)) resolve();
        else waiting.add({ text, wake: resolve });
      }),
  };
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly stop?: AbortController;
  readonly terminal?: boolean;
  readonly confirm?: (question: string) => Promise<boolean>;
}

export interface Invocation {
  readonly code: Promise<number>;
  readonly stdout: RecordedStream;
  readonly stderr: RecordedStream;
  readonly stop: AbortController;
}

/** Starts one invocation; it ends by itself or by `stop`. */
export function start(argv: readonly string[], surroundings: Surroundings = {}): Invocation {
  const { env = {}, stop = new AbortController(), terminal = false, confirm } = surroundings;
  const stdout = recordedStream(terminal);
  const stderr = recordedStream(terminal);
  const io: Io = { stdout, stderr, env, signal: stop.signal, confirm };
  return { code: run(argv, io), stdout, stderr, stop };
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One invocation from its beginning to its end. */
export async function scrapectl(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { code, stdout, stderr } = start(argv, surroundings);
  return { code: await code, stdout: stdout.text(), stderr: stderr.text() };
}

/** Every step of a rollout in the next turn of the event loop, so that nobody waits for one. */
const AT_ONCE = {
  scheduler: 1,
  provisioning: 1,
  pending: 1,
  activating: 1,
  healthCheck: 1,
  deactivating: 1,
  stopping: 1,
  deprovisioning: 1,
  registration: 0,
  deregistration: 1,
  retry: 1,
};

/** A sandbox whose rollouts are over at once, for every test of the suite that calls this. */
export function useSandbox(options: SandboxOptions = {}): () => Sandbox {
  let sandbox: Sandbox | undefined;
  beforeEach(async () => {
    sandbox = await startSandbox({ scenario: prometheusForEcs, timing: AT_ONCE, ...options });
  });
  afterEach(() => sandbox?.close());
  return () => {
    if (sandbox === undefined) throw new Error('the sandbox runs inside of tests only');
    return sandbox;
  };
}

const AWS_ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: undefined,
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** The SDK reads the environment of the process: whatever the machine has set must not matter here. */
export function useAwsEnvironment(overrides: Readonly<Record<string, string | undefined>> = {}): void {
  const before = new Map<string, string | undefined>();
  beforeEach(() => {
    for (const [name, value] of Object.entries({ ...AWS_ENVIRONMENT, ...overrides })) {
      before.set(name, process.env[name]);
      setVariable(name, value);
    }
  });
  afterEach(() => {
    for (const [name, value] of before) setVariable(name, value);
  });
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
