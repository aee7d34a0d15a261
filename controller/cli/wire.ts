import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import type { iamPolicy } from '../aws/iam-policy.ts';
import type { Aws } from '../aws/create-aws.ts';
import { waiting } from '../errors.ts';
import type { ParameterTier } from '../plan/publish-limits.ts';
import type { Fetch } from '../prometheus/api.ts';
import type { InventoryKeeper } from '../reconcile/inventory-keeper.ts';
import type { Lease } from '../reconcile/lease.ts';
import type { LookPorts } from '../reconcile/look.ts';
import type {
  Clock,
  CloudReader,
  CloudWriter,
  BundleChecker,
  DocumentSource,
  DocumentStore,
  EventSink,
  Logger,
  MemoryStore,
  PublishedTargets,
  Publisher,
  StatusStore,
  TextReader,
} from '../reconcile/ports.ts';
import type { StatusKeeper, StatusKeeperPorts } from '../reconcile/status-keeper.ts';
import type { StatusWriter } from '../status/stored-status.ts';
import { inventoryPath } from '../state/state-path.ts';
import { CONFIG_FILE } from '../state/targets.ts';
import { steadyClock, systemClock } from './clock.ts';
import { findOnPath } from './find-on-path.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { usageError } from './options.ts';
import { stateUri } from './state-uri.ts';

/** The only place that constructs edges. AWS and Prometheus code is loaded when a verb first asks for it. */
export interface Wiring {
  readonly aws: () => Promise<Aws>;
  readonly source: (uri: string) => Promise<DocumentSource>;
  readonly documentStore: (uri: string, tier: ParameterTier) => Promise<DocumentStore>;
  readonly text: (uri: string) => Promise<TextReader>;
  /** The status of one owner at `s3://bucket/prefix/`, `ssm:///prefix/` or in a directory. */
  readonly status: (uri: string, owner: string) => Promise<StatusStore>;
  /** What that owner has in AWS, beside its status. */
  readonly inventory: (uri: string, owner: string, use: 'alone' | 'shared') => Promise<InventoryKeeper>;
  /** Everything about the bundle directory; undefined without --config-dir. */
  readonly bundle: () => Promise<BundleEdge | undefined>;
  readonly clock: Clock;
  readonly steadyClock: Clock;
  readonly close: () => Promise<void>;
}

/** The bundle directory, and those who read, check and fill it. */
export interface BundleEdge {
  readonly publisher: Publisher;
  readonly published: PublishedTargets;
  readonly store: MemoryStore;
  readonly checker: BundleChecker | undefined;
}

/** Credentials for a sandbox of our own: any will do there, and none of the user's may go there. */
export const SANDBOX_CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

export interface WireOptions {
  readonly credentials?: typeof SANDBOX_CREDENTIALS;
  /** Default: the wall clock. */
  readonly clock?: Clock;
  /** Time that nobody can set. Default: since the process began. */
  readonly steadyClock?: Clock;
  /** Time as AWS budgets and caches see it. Default: `clock`. */
  readonly awsClock?: Clock;
  /** How Prometheus is called. */
  readonly fetch?: Fetch;
  /** How long a look waits for what AWS only tells one by one. Default: until it is all there. */
  readonly patienceMs?: number;
}

export function wire(options: Options, io: Io, extra: WireOptions = {}): Wiring {
  let aws: Promise<Aws> | undefined;
  let bundle: Promise<BundleEdge | undefined> | undefined;
  const { clock = systemClock } = extra;
  const awsEdge = (): Promise<Aws> => (aws ??= configuredAws(options, extra));
  const stored = async (
    uri: string,
    owner: string,
    pathOf?: (owner: string) => string,
  ): Promise<StatusStore> => {
    if (isAwsUri(uri)) return (await awsEdge()).status(uri, owner, pathOf);
    const { createDirectoryStatusStore } = await import('../prometheus/status-store.ts');
    return createDirectoryStatusStore(uri, owner, pathOf);
  };
  return {
    aws: awsEdge,
    async source(uri) {
      if (isAwsUri(uri)) return (await awsEdge()).source(uri);
      const { directorySource } = await import('../documents/directory.ts');
      return directorySource(uri);
    },
    documentStore: async (uri, tier) => (await awsEdge()).documentStore(uri, { tier }),
    async text(uri) {
      if (isAwsUri(uri)) return (await awsEdge()).text(uri);
      const { fileTextReader } = await import('../documents/text.ts');
      return fileTextReader(uri);
    },
    status: (uri, owner) => stored(uri, owner),
    async inventory(uri, owner, use) {
      const { createInventoryKeeper } = await import('../reconcile/inventory-keeper.ts');
      return createInventoryKeeper(await stored(uri, owner, inventoryPath), owner, use);
    },
    bundle: () => (bundle ??= createBundleEdge(options, io, clock, extra.fetch ?? fetch)),
    clock,
    steadyClock: extra.steadyClock ?? steadyClock,
    async close() {
      (await aws)?.close();
    },
  };
}

/** `s3://` and `ssm://` are read through AWS; anything else is a path. */
function isAwsUri(uri: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return false;
  if (scheme === 's3' || scheme === 'ssm') return true;
  throw usageError(`${uri} is neither a path nor an s3:// or ssm:// URI.`);
}

async function configuredAws(options: Options, extra: WireOptions): Promise<Aws> {
  const { createAws } = await import('../aws/create-aws.ts');
  const { credentials, patienceMs } = extra;
  return createAws({
    clock: extra.awsClock ?? extra.clock ?? systemClock,
    region: options.string('region'),
    endpointUrl: options.string('endpoint-url'),
    ...(credentials && { credentials }),
    ...(patienceMs !== undefined && { patienceMs }),
  });
}

async function createBundleEdge(
  options: Options,
  io: Io,
  clock: Clock,
  fetchPrometheus: Fetch,
): Promise<BundleEdge | undefined> {
  const directory = options.string('config-dir');
  if (directory === undefined) return undefined;
  const [{ createPublisher }, { createPublishedTargets }, { createMemoryStore }] = await Promise.all([
    import('../prometheus/publisher.ts'),
    import('../prometheus/published-targets.ts'),
    import('../prometheus/memory-store.ts'),
  ]);
  const prometheusUrl = options.string('prometheus-url');
  const configFile = configFileName(options);
  const publisher = createPublisher({
    directory,
    configFile,
    fetch: fetchPrometheus,
    clock,
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
  });
  return {
    publisher,
    published: createPublishedTargets(directory, discoversTagged(options)),
    store: createMemoryStore(directory),
    checker: await createChecker(directory, publisher, options, io, clock),
  };
}

/** A name of a file and nothing else; target files end in `.json`, and it must not be one of them. */
export function configFileName(options: Options): string {
  const name = options.string('config-file') ?? CONFIG_FILE;
  if (/^[A-Za-z0-9_-][\w.-]*\.ya?ml$/.test(name)) return name;
  throw usageError(
    `--config-file is ${JSON.stringify(name)}, but must be a file name that ends in .yml or .yaml.`,
  );
}

/** promtool, where it is named or found; `off` does without. */
async function createChecker(
  directory: string,
  publisher: Publisher,
  options: Options,
  io: Io,
  clock: Clock,
): Promise<BundleChecker | undefined> {
  const named = options.string('promtool');
  if (named === 'off') return undefined;
  const binary = await findOnPath(named ?? 'promtool', io.env['PATH']);
  if (binary === undefined && named === undefined) return undefined;
  if (binary === undefined) throw usageError(`--promtool is ${named}, but there is no such program.`);
  const { createPromtoolChecker } = await import('../prometheus/promtool.ts');
  return createPromtoolChecker({
    binary,
    directory,
    configFile: configFileName(options),
    clock,
    prometheusVersion: async (signal) =>
      options.string('prometheus-version') ?? (await publisher.prometheusVersion(signal)),
  });
}

/** What every verb that looks at the world needs. A missing region is told once here, not for each thing to read. */
export async function wireLook(
  wiring: Wiring,
  options: Options,
  progress: (message: string) => void,
): Promise<LookPorts & { readonly reader: CloudReader }> {
  const uris = options.list('source');
  if (uris.length === 0 && !discoversTagged(options)) {
    throw usageError(
      '--source is missing: say where the ScrapeTarget documents are, for example --source ./targets. Without documents, --discover-namespaces scrapes what registries ask for by their tags.',
    );
  }
  const baseConfig = options.string('base-config');
  const [sources, base, aws, bundle, { fileExists }] = await Promise.all([
    Promise.all(uris.map((uri) => wiring.source(uri))),
    baseConfig === undefined ? undefined : wiring.text(baseConfig),
    wiring.aws(),
    wiring.bundle(),
    import('../documents/text.ts'),
  ]);
  await aws.region();
  return {
    sources,
    baseConfig: base,
    reader: aws.reader,
    tagged: discoversTagged(options)
      ? aws.tagged(namespaceNames(options), options.string('discover-namespaces-parameter'))
      : undefined,
    prometheusVersion: async (signal) =>
      options.string('prometheus-version') ?? (await bundle?.publisher.prometheusVersion(signal)),
    published: bundle?.published,
    fileExists,
    clock: wiring.clock,
    progress,
  };
}

function discoversTagged(options: Options): boolean {
  return (
    options.list('discover-namespaces').length > 0 ||
    options.string('discover-namespaces-parameter') !== undefined
  );
}

function namespaceNames(options: Options): readonly string[] {
  const given = options.list('discover-namespaces');
  const names = given
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > 0 || given.length === 0) return names;
  throw usageError('--discover-namespaces names no namespace.');
}

/** Only verbs that may change AWS call this. */
export async function wireWriter(wiring: Wiring, options: Options, lease?: Lease): Promise<CloudWriter> {
  const requireLease = (): void => {
    if (lease?.holds() === false) throw leaseLost();
  };
  return (await wiring.aws()).writer(options.string('owner') ?? '', requireLease);
}

/** Competes with the other controllers of this owner; undefined without --lease. */
export async function wireLease(
  wiring: Wiring,
  options: Options,
  logger: Logger,
  onChange: () => void,
): Promise<Lease | undefined> {
  const uri = options.string('lease');
  if (uri === undefined) return undefined;
  const { createLease } = await import('../reconcile/lease.ts');
  const store = (await wiring.aws()).lease(uri, options.string('owner') ?? '');
  const identity = `${hostname()}/${randomBytes(4).toString('hex')}`;
  return createLease(identity, { store, clock: wiring.steadyClock, logger, onChange });
}

function leaseLost() {
  return waiting({
    reason: 'LeaseLost',
    message: 'Nothing was sent: another controller of this owner writes to AWS now.',
  });
}

/** The policy of what the edges call. */
export async function wirePolicy(): Promise<typeof iamPolicy> {
  return (await import('../aws/iam-policy.ts')).iamPolicy;
}

/** What this installation owns; undefined where no state is kept, and then nothing is ever deleted. */
export async function wireInventory(wiring: Wiring, options: Options): Promise<InventoryKeeper | undefined> {
  const uri = stateUri(options);
  if (uri === undefined) return undefined;
  const use = options.string('lease') === undefined ? 'alone' : 'shared';
  return wiring.inventory(uri, options.string('owner') ?? '', use);
}

/** Knows how the ScrapeTargets are, and tells those who ask with `get`, unless with `--state off` or in a dry run. */
export async function wireStatus(
  wiring: Wiring,
  options: Options,
  logger: StatusKeeperPorts['logger'],
  writer: Omit<StatusWriter, 'version' | 'process'>,
  lease?: Lease,
): Promise<StatusKeeper> {
  const uri = options.flag('dry-run') ? undefined : stateUri(options);
  const owner = options.string('owner') ?? '';
  const [status, { createStatusKeeper }] = await Promise.all([
    uri === undefined ? undefined : wiring.status(uri, owner),
    import('../reconcile/status-keeper.ts'),
  ]);
  const process = `${hostname()}/${randomBytes(3).toString('hex')}`;
  const full = { version: packageJson.version, ...writer, process };
  return createStatusKeeper(
    { status, clock: wiring.clock, logger, leads: lease?.holds },
    { owner, writer: full },
  );
}

/** Keeps what happens in CloudWatch Logs; undefined without --event-log-group. */
export async function wireEvents(
  wiring: Wiring,
  options: Options,
  logger: Pick<Logger, 'info' | 'warn'>,
  verb: 'run' | 'apply',
): Promise<EventSink | undefined> {
  const group = options.string('event-log-group');
  if (group === undefined) return undefined;
  if (!/^[-./#\w]{1,512}$/.test(group))
    throw usageError(
      `--event-log-group is ${JSON.stringify(group)}, but a log group has a name of letters, digits, "_", "-", "/", "#" and ".".`,
    );
  const owner = options.string('owner') ?? '';
  return (await wiring.aws()).eventLog(
    {
      group,
      stream: `${owner}/${hostname()}`.replaceAll(/[:*]/g, '_'),
      retentionDays: Number(options.string('event-log-retention')),
      owner,
      verb,
      process: randomBytes(4).toString('hex'),
    },
    logger,
  );
}

export async function requiredBundle(wiring: Wiring): Promise<BundleEdge> {
  const bundle = await wiring.bundle();
  if (bundle !== undefined) return bundle;
  throw usageError('--config-dir is missing: name the directory that Prometheus reads its files from.');
}
