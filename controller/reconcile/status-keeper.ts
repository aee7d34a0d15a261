import { createHash } from 'node:crypto';
import { formatError, toOperatorError } from '../errors.ts';
import { readStatus } from '../status/read-status.ts';
import {
  STATUS_CONFLICT,
  toTargetStatus,
  writeStatus,
  type StatusContent,
  type StatusDocument,
  type StatusWriter,
} from '../status/stored-status.ts';
import type { TargetStatus } from '../status/types.ts';
import { statusContent } from './describe-pass.ts';
import type { PassReport } from './pass.ts';
import type { Clock, Logger, StatusStore } from './ports.ts';

/** Keeps the stored status up to date beside the passes; nothing that happens to it disturbs one. */
export interface StatusKeeper {
  /** The statuses to go on from: of the last pass, or of an earlier process. */
  readonly previous: () => Promise<readonly TargetStatus[]>;
  /**
   * Stores what a pass found, when it is news or nothing was heard for long. Documents of which `statuses` say
   * nothing stay as they were told before.
   */
  readonly record: (report: PassReport, statuses: readonly TargetStatus[]) => void;
  /** What was recorded last. */
  readonly current: () => StatusDocument;
  /** Resolves when what was recorded is stored, or cannot be. */
  readonly settled: () => Promise<void>;
}

export interface StatusKeeperPorts {
  /** Undefined: the status is kept and not stored. */
  readonly status: StatusStore | undefined;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Whether this controller, of several of its owner, is the one whose status counts; absent: it is the only one. */
  readonly leads?: (() => boolean) | undefined;
}

export interface StatusKeeperOptions {
  readonly owner: string;
  readonly writer: StatusWriter;
}

/** So often at most something is written when nothing is new, so that readers see that somebody is at work. */
export const HEARTBEAT_MS = 300_000;
/** A pass waits no longer for the status of an earlier process, and an end of the process no longer for the last write. */
export const STATUS_PATIENCE_MS = 10_000;

interface Saved {
  readonly digest: string;
  readonly at: number;
}

interface Recorded {
  readonly content: StatusContent;
  readonly at: number;
}

export function createStatusKeeper(
  { status: store = NOWHERE, clock, logger, leads }: StatusKeeperPorts,
  { owner, writer }: StatusKeeperOptions,
): StatusKeeper {
  const stop = new AbortController();
  const tell = faultTeller(logger, store.uri);
  const others = new Set<string>();
  let last: Recorded = {
    content: { formatVersion: '1.0', owner, writer, problems: [], scrapeTargets: [] },
    at: 0,
  };
  let saved: Saved | undefined;
  let wanted: Recorded | undefined;
  let loaded = false;
  let working: Promise<void> | undefined;

  async function loadSaved(): Promise<StatusDocument | undefined> {
    const stored = await store.load(stop.signal);
    const document = stored === undefined ? undefined : readLeniently(stored, store.uri);
    saved = document && { digest: digestOf(document), at: Date.parse(document.lastPass) };
    return document;
  }

  async function load(): Promise<void> {
    const document = await loadSaved();
    loaded = true;
    if (document === undefined) return;
    last = { ...last, content: { ...last.content, scrapeTargets: document.scrapeTargets } };
    // What was recorded before this was known began its history anew.
    wanted = undefined;
  }

  /** The last one wins: two that hold each other up would tell nobody anything. Who the other is, is told once. */
  async function meetOther(): Promise<void> {
    const other = (await loadSaved())?.writer;
    // The one that led before.
    if (leads !== undefined) return;
    if (other?.process === undefined || other.process === writer.process || others.has(other.process)) return;
    others.add(other.process);
    const { verb, version, process } = other;
    logger.warn('Somebody else stores the status of the same owner', {
      owner,
      status: store.uri,
      other: `scrapectl ${verb} ${version} on ${process}`,
      remedy: 'Two installations need two names: --owner. Of two replicas, the last one wins.',
    });
  }

  /** What is stored must be known before it is replaced: generations and times go on from it. */
  async function work(): Promise<void> {
    try {
      if (!loaded) await load();
      for (let next = wanted; next !== undefined; next = wanted) {
        wanted = undefined;
        await save(next, CONFLICTS);
      }
      tell(undefined);
    } catch (thrown) {
      if (!stop.signal.aborted) tell(thrown);
    }
  }

  async function save(next: Recorded, conflicts: number): Promise<void> {
    const digest = digestOf(next.content);
    if (saved?.digest === digest && next.at - saved.at < HEARTBEAT_MS) return;
    try {
      await store.save(writeStatus(next.content, timeOf(next.at)), stop.signal);
    } catch (thrown) {
      if (toOperatorError(thrown).reason !== STATUS_CONFLICT || conflicts === 0) throw thrown;
      await meetOther();
      return save(next, conflicts - 1);
    }
    saved = { digest, at: next.at };
  }

  const start = (): Promise<void> =>
    (working ??= work().finally(() => {
      working = undefined;
      if (loaded && wanted !== undefined) void start();
    }));

  return {
    async previous() {
      if (!loaded) await patiently(start(), clock);
      return last.content.scrapeTargets.map(toTargetStatus);
    },
    record(report, statuses) {
      const at = clock.now();
      const { content } = last;
      last = { content: { ...content, ...statusContent(report, statuses, content.scrapeTargets, at) }, at };
      wanted = last;
      if (leads?.() ?? true) void start();
    },
    current: () => ({ ...last.content, lastPass: timeOf(last.at) }),
    async settled() {
      await patiently(working ?? Promise.resolve(), clock);
      stop.abort();
    },
  };
}

/** So often in a row a write gives way to another one before the next pass tries again. */
const CONFLICTS = 2;

/** For those who only want to know what was recorded last. */
const NOWHERE: StatusStore = {
  uri: 'nowhere',
  load: async () => undefined,
  save: async () => {},
  owners: async () => [],
};

/** A damaged or foreign status is replaced: everything in it but its history is learned anew. */
function readLeniently(text: string, uri: string): StatusDocument | undefined {
  try {
    return readStatus(text, uri);
  } catch {
    return undefined;
  }
}

const timeOf = (at: number): string => new Date(at).toISOString();

/** Of what is told, whoever tells it and whenever. */
function digestOf({ writer, ...content }: StatusContent): string {
  const { process: _, ...program } = writer;
  return createHash('sha256')
    .update(writeStatus({ ...content, writer: program }, ''))
    .digest('hex');
}

async function patiently(work: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, clock.sleep(STATUS_PATIENCE_MS, over.signal)]);
  over.abort();
}

/** Tells each fault once, and once that it is over. */
function faultTeller(logger: Pick<Logger, 'info' | 'warn'>, uri: string): (thrown: unknown) => void {
  let told: string | undefined;
  return (thrown) => {
    const fault = thrown === undefined ? undefined : formatError(toOperatorError(thrown));
    if (fault !== undefined && fault !== told)
      logger.warn('The status cannot be stored; everything else goes on', { status: uri, fault });
    if (fault === undefined && told !== undefined) logger.info('The status is stored again', { status: uri });
    told = fault;
  };
}
