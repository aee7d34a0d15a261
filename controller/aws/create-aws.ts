import type { ParameterTier } from '../plan/publish-limits.ts';
import type {
  Clock,
  CloudReader,
  CloudWriter,
  DocumentSource,
  DocumentStore,
  EventSink,
  LeaseStore,
  StatusStore,
  TaggedReader,
  TextReader,
} from '../reconcile/ports.ts';
import type { Inventory, InventoryScope } from '../state/inventory.ts';
import { cloudMapReadApi, cloudMapWriteApi } from './api-cloudmap.ts';
import { createDocumentStore } from './document-store.ts';
import { ecsReadApi, ecsWriteApi } from './api-ecs.ts';
import { createWriter } from './apply-change.ts';
import { createBudget } from './budget.ts';
import type { Budget } from './budget.ts';
import { createClients } from './clients.ts';
import type { ClientOptions } from './clients.ts';
import { createEventLog } from './event-log.ts';
import type { EventLogOptions, EventLogPorts } from './event-log.ts';
import { createLeaseStore } from './lease-store.ts';
import { guardWrites } from './guard-writes.ts';
import { identityReader } from './identity.ts';
import type { Identity } from './identity.ts';
import { createReader } from './observe.ts';
import { createRecentWrites } from './recent-writes.ts';
import { createSource, createTextReader, parameterReader } from './sources.ts';
import { createTaggedReader, parseNamespaceNames } from './read-tagged.ts';
import { createStatusStore } from './status-store.ts';
import { takeInventory } from './take-inventory.ts';

export interface AwsOptions extends ClientOptions {
  readonly clock: Clock;
  /** Share of AWS's documented rates that this process may use. Default 0.5. */
  readonly share?: number;
  /** How long an observation may wait for what AWS only tells one by one (tags, task definitions). Default: for ever. */
  readonly patienceMs?: number;
}

/** The AWS of one account and region behind one budget. */
export interface Aws {
  readonly reader: CloudReader;
  /** What exists in some namespaces or clusters; a read that failed is told in the answer. */
  inventory(
    scope: InventoryScope,
    progress: (message: string) => void,
    signal: AbortSignal,
  ): Promise<Inventory>;
  /**
   * A separate step, so that who only plans never holds a writer. `requireLeave` is called right before each write
   * is sent; what it throws ends the write.
   */
  writer(owner: string, requireLeave?: () => void): CloudWriter;
  /** `s3://bucket/prefix/` or `ssm:///prefix/`; throws a terminal error for any other URI. */
  source(uri: string): DocumentSource;
  /** Where documents are published: `s3://bucket/prefix/` or `ssm:///prefix/`; throws a terminal error for any other URI. */
  documentStore(uri: string, options: { readonly tier: ParameterTier }): DocumentStore;
  /** `s3://bucket/key`, `ssm:///path/name` or `ssm://name`; throws a terminal error for any other URI. */
  text(uri: string): TextReader;
  /** Below `s3://bucket/prefix/` or `ssm:///prefix/`; throws a terminal error for any other URI. */
  status(uri: string, owner: string, pathOf?: (owner: string) => string): StatusStore;
  /** Where events are kept; nothing is made or sent before the first of them. */
  eventLog(options: EventLogOptions, logger: EventLogPorts['logger']): EventSink;
  /** Below `s3://bucket/prefix/`; throws a terminal error for any other URI. */
  lease(uri: string, owner: string): LeaseStore;
  /** What tags ask to scrape in the named namespaces, and in those that a parameter names, separated by commas. */
  tagged(names: readonly string[], parameter: string | undefined): TaggedReader;
  readonly calls: Pick<Budget, 'callsByApi' | 'throttlesByApi'>;
  /** Undefined when STS cannot be asked. */
  identity(signal: AbortSignal): Promise<Identity | undefined>;
  /** The region that calls go to; throws a terminal error that says what to set. */
  region(): Promise<string>;
  close(): void;
}

export function createAws(options: AwsOptions): Aws {
  const { clock } = options;
  const clients = createClients(options);
  const budget = createBudget({
    clock,
    endpoint: clients.endpoint,
    ...(options.share !== undefined && { share: options.share }),
  });
  const writes = createRecentWrites(clock);
  const identity = identityReader(clients, budget);
  const ecs = ecsReadApi(clients, budget);
  const cloudMap = cloudMapReadApi(clients, budget);
  const account = async (signal: AbortSignal) => (await identity(signal))?.account;
  const patience = options.patienceMs !== undefined && { patienceMs: options.patienceMs };
  return {
    inventory: (scope, progress, signal) =>
      takeInventory({ ecs, cloudMap, clock, writes, account, progress }, scope, signal),
    reader: createReader({
      ecs,
      cloudMap,
      clock,
      writes,
      ...patience,
      account,
    }),
    writer(owner, requireLeave) {
      const guarded = guardWrites(budget, requireLeave);
      return createWriter({
        ecs: { ...ecs, ...ecsWriteApi(clients, guarded) },
        cloudMap: { ...cloudMap, ...cloudMapWriteApi(clients, guarded) },
        clock,
        writes,
        owner,
      });
    },
    source: (uri) => createSource({ clients, budget }, uri),
    documentStore: (uri, settings) => createDocumentStore({ clients, budget, clock }, uri, settings),
    text: (uri) => createTextReader({ clients, budget }, uri),
    status: (uri, owner, pathOf) => createStatusStore({ clients, budget }, uri, owner, pathOf),
    eventLog: (eventOptions, logger) => createEventLog({ clients, budget, clock, logger }, eventOptions),
    lease: (uri, owner) => createLeaseStore({ clients, budget }, uri, owner),
    tagged(names, parameter) {
      const text = parameter === undefined ? undefined : parameterReader({ clients, budget }, parameter);
      return createTaggedReader({
        cloudMap,
        clock,
        writes,
        ...patience,
        account,
        names: async (signal) => [
          ...new Set([
            ...names,
            ...(text === undefined ? [] : parseNamespaceNames(await text.read(signal), text.uri)),
          ]),
        ],
      });
    },
    calls: budget,
    identity,
    region: () => clients.region(),
    close: () => clients.close(),
  };
}
