import type { DocumentFile } from '../../controller/api/types.ts';
import { transient } from '../../controller/errors.ts';
import type { Change } from '../../controller/plan/types.ts';
import type {
  ChangeResult,
  Clock,
  CloudReader,
  CloudWriter,
  DocumentSource,
  LogFields,
  Logger,
  ObserveScope,
  PublishedTargets,
  Publisher,
  PublishResult,
  SourceSnapshot,
  TextReader,
} from '../../controller/reconcile/ports.ts';
import type { ObservedState } from '../../controller/state/observed.ts';
import type { Bundle } from '../../controller/state/targets.ts';
import { instantClock } from '../support/fake-clock.ts';
import { complete, document, namespace, observed } from '../support/scrape-world.ts';
import type { World } from '../support/scrape-world.ts';

/** In-memory ports: each plays what the test gives it, and writes down what it was asked. */

export const never = (): AbortSignal => new AbortController().signal;

/** Answers in turn; the last one for ever. */
export function inTurn<T>(first: T, ...others: readonly T[]): () => T {
  const left = [first, ...others];
  return () => (left.length > 1 ? (left.shift() ?? first) : (left[0] ?? first));
}

export const file = (text: string, name = 'webapp.yaml'): DocumentFile => ({ file: name, text });

export const whole = (...files: readonly DocumentFile[]): SourceSnapshot => ({
  kind: 'complete',
  uri: 'targets',
  files,
});

export const cut = (...files: readonly DocumentFile[]): SourceSnapshot => ({
  kind: 'incomplete',
  uri: 'targets',
  files,
  error: transient({ reason: 'Throttled', message: 'slow down', where: 'targets' }),
});

export function memorySource(first: SourceSnapshot, ...others: readonly SourceSnapshot[]): DocumentSource {
  const next = inTurn(first, ...others);
  return { uri: first.uri, read: async () => next() };
}

/** A text that can be unreadable for a while. */
export function memoryText(first: string | Error, ...others: readonly (string | Error)[]): TextReader {
  const next = inTurn(first, ...others);
  return {
    uri: 'base.yml',
    async read() {
      const text = next();
      if (text instanceof Error) throw text;
      return text;
    },
  };
}

export interface MemoryReader extends CloudReader {
  readonly scopes: ObserveScope[];
}

export function memoryReader(first: ObservedState, ...others: readonly ObservedState[]): MemoryReader {
  const next = inTurn(first, ...others);
  const scopes: ObserveScope[] = [];
  return {
    scopes,
    async observe(scope) {
      scopes.push(scope);
      return next();
    },
    observeServices: async () => new Map(),
  };
}

export interface MemoryWriter extends CloudWriter {
  readonly sent: Change['kind'][];
}

export function memoryWriter(
  write: (change: Change) => ChangeResult | Promise<ChangeResult> = () => ({ kind: 'applied' }),
): MemoryWriter {
  const sent: Change['kind'][] = [];
  return {
    sent,
    async apply(change) {
      sent.push(change.kind);
      return write(change);
    },
  };
}

export const PUBLISHED: PublishResult = {
  written: [],
  deleted: [],
  unchanged: 2,
  bytesWritten: 0,
  reload: { kind: 'notNeeded' },
};

export interface MemoryPublisher extends Publisher {
  readonly bundles: Bundle[];
}

export function memoryPublisher(
  publish: (bundle: Bundle) => PublishResult | Promise<PublishResult> = () => PUBLISHED,
): MemoryPublisher {
  const bundles: Bundle[] = [];
  return {
    bundles,
    diff: async () => [],
    async publish(bundle) {
      bundles.push(bundle);
      return publish(bundle);
    },
    prometheusVersion: async () => undefined,
  };
}

export interface MemoryLogger extends Logger {
  readonly records: { readonly level: string; readonly message: string; readonly fields: LogFields }[];
  /** The messages since the last call. */
  readonly news: () => string[];
}

export function memoryLogger(): MemoryLogger {
  const records: { level: string; message: string; fields: LogFields }[] = [];
  let told = 0;
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      records.push({ level, message, fields });
    };
  return {
    records,
    news() {
      const fresh = records.slice(told).filter(({ level }) => level !== 'debug');
      told = records.length;
      return fresh.map(({ level, message }) => `${level}: ${message}`);
    },
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  };
}

export interface LookWorld {
  readonly sources: readonly DocumentSource[];
  readonly baseConfig: TextReader | undefined;
  readonly reader: MemoryReader;
  readonly prometheusVersion: () => Promise<string | undefined>;
  readonly progress: () => void;
  readonly clock: Clock;
  readonly published: PublishedTargets | undefined;
  readonly fileExists?: (path: string) => Promise<boolean>;
}

/** AWS holds the registry of {@link document}, which we own; its service is not bound to it yet. */
export function ours(world: World = {}): ObservedState {
  const tags = {
    METRICS_PATH: '/metrics',
    METRICS_PORT: '3000',
    'ecs-prometheus-operator/owner': 'prod',
    'ecs-prometheus-operator/scrape-target': 'webapp',
  };
  const held = namespace(tags);
  const registries = new Map(
    [...held.registries].map(([name, registry]) => [name, { ...registry, routingPolicy: 'MULTIVALUE' }]),
  );
  return observed({ namespace: complete({ ...held, registries }), ...world });
}

/** Ports for a look: one valid document, and an AWS that has its service. */
export function lookPorts(overrides: Partial<LookWorld> = {}): LookWorld {
  return {
    sources: [memorySource(whole(file(document())))],
    baseConfig: undefined,
    reader: memoryReader(ours()),
    prometheusVersion: async () => undefined,
    progress: () => {},
    clock: instantClock(),
    published: undefined,
    ...overrides,
  };
}

export const LOOK = {
  owner: 'prod',
  variables: new Map<string, string>(),
  massLoss: { share: 0.5, minimum: 10 },
};
export const APPLY = {
  ...LOOK,
  maxRollouts: 1,
  rollout: 'leave' as const,
  random: () => 0.5,
};
