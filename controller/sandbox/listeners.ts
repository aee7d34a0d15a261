import { createServer } from 'node:http';
import { EXPOSITION_TYPE, renderNodeExporter, renderWebapp } from './exporters.ts';
import { METRICS_LABELS } from './metrics-labels.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { SandboxClock } from './clock.ts';
import type { ContainerDefinition, Task } from './ecs/model.ts';

/** Whether the tasks of a sandbox really listen, and if not, why. */
export type ListenerState =
  | { readonly kind: 'off' }
  | { readonly kind: 'listening' }
  /** Only 127.0.0.1 can be bound, as on macOS, so that each task cannot have an address of its own. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface TaskListeners {
  readonly state: ListenerState;
  /** Addresses that could not be bound, and why. */
  failures(): readonly string[];
  /** `address:port` of everything that listens now. */
  listening(): readonly string[];
  /** Resolves when every listener that a task asked for is open or closed. */
  settled(): Promise<void>;
  /** Follows a task: RUNNING opens its listeners, STOPPED closes them. */
  follow(task: Task): void;
  close(): Promise<void>;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly profile: string;
}

function endpointOf(task: Task, container: ContainerDefinition): Endpoint[] {
  const labels = container.dockerLabels ?? {};
  const profile = labels[METRICS_LABELS.profile];
  const containerPort = Number(labels[METRICS_LABELS.port]);
  const bound = task.bindings.find(
    (binding) => binding.containerName === container.name && binding.containerPort === containerPort,
  );
  const address = task.networkInterface?.privateIp ?? task.containerInstance?.privateIp;
  const port = task.networkInterface === undefined ? bound?.hostPort : containerPort;
  if (profile === undefined || address === undefined || port === undefined) return [];
  return [{ address, port, path: labels[METRICS_LABELS.path] ?? '/metrics', profile }];
}

const endpointsOf = (task: Task): Endpoint[] =>
  task.definition.containers.flatMap((container) => endpointOf(task, container));

const keyOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

function render(profile: string, task: Task, clock: SandboxClock): string {
  const now = clock.now();
  const subject = { id: task.id, startedAt: task.startedAt ?? now, now };
  return profile === 'node-exporter' ? renderNodeExporter(subject) : renderWebapp(subject);
}

const handler =
  (endpoint: Endpoint, task: Task, clock: SandboxClock) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const [path] = (request.url ?? '/').split('?');
    if (path === endpoint.path) {
      response.writeHead(200, { 'content-type': EXPOSITION_TYPE });
      response.end(render(endpoint.profile, task, clock));
      return;
    }
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end(`${endpoint.profile} of task ${task.id} serves ${endpoint.path}\n`);
  };

const open = (server: Server, endpoint: Pick<Endpoint, 'address' | 'port'>): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(endpoint.port, endpoint.address, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });

const shut = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Linux answers on all of 127.0.0.0/8, macOS on 127.0.0.1 alone. */
async function canBindLoopback(): Promise<string | undefined> {
  const probe = createServer();
  try {
    await open(probe, { address: '127.0.0.2', port: 0 });
    await shut(probe);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

export async function probeListeners(wanted: boolean): Promise<ListenerState> {
  if (!wanted) return { kind: 'off' };
  const refusal = await canBindLoopback();
  if (refusal === undefined) return { kind: 'listening' };
  return {
    kind: 'unavailable',
    reason: `Loopback addresses other than 127.0.0.1 cannot be bound here (${refusal}): the tasks do not listen.`,
  };
}

export function createListeners(state: ListenerState, clock: SandboxClock): TaskListeners {
  const servers = new Map<string, { readonly taskId: string; readonly server: Server }>();
  const failures: string[] = [];
  /** Tasks whose listeners were asked for: a running task changes more than once. */
  const started = new Set<string>();
  /** The last thing asked of each address: a successor waits until its predecessor has let go. */
  const pending = new Map<string, Promise<void>>();

  const enqueue = (key: string, action: () => Promise<void>): void => {
    const done = (pending.get(key) ?? Promise.resolve()).then(action).catch((thrown: unknown) => {
      failures.push(`${key}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    });
    pending.set(key, done);
  };

  const start = (task: Task, endpoint: Endpoint): void =>
    enqueue(keyOf(endpoint), async () => {
      const server = createServer(handler(endpoint, task, clock));
      await open(server, endpoint);
      server.unref();
      servers.set(keyOf(endpoint), { taskId: task.id, server });
    });

  const stop = (taskId: string | undefined, key: string): void =>
    enqueue(key, async () => {
      const current = servers.get(key);
      if (current === undefined || (taskId !== undefined && current.taskId !== taskId)) return;
      servers.delete(key);
      await shut(current.server);
    });

  const settled = async (): Promise<void> => {
    await Promise.all(pending.values());
  };

  return {
    state,
    failures: () => failures,
    listening: () => [...servers.keys()].sort(),
    settled,
    follow(task) {
      if (state.kind !== 'listening') return;
      if (task.lastStatus === 'RUNNING' && !started.has(task.id)) {
        started.add(task.id);
        for (const endpoint of endpointsOf(task)) start(task, endpoint);
      }
      if (task.lastStatus === 'STOPPED' && started.delete(task.id))
        for (const endpoint of endpointsOf(task)) stop(task.id, keyOf(endpoint));
    },
    async close() {
      for (const key of pending.keys()) stop(undefined, key);
      await settled();
    },
  };
}
