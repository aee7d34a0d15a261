import { createHash } from 'node:crypto';
import { formatError, toOperatorError } from '../errors.ts';
import { readStatus } from '../status/read-status.ts';
import {
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
  /** Stores what a pass found, when it is news or nothing was heard for long. */
  readonly record: (report: PassReport, statuses: readonly TargetStatus[]) => void;
  /** Resolves when what was recorded is stored, or cannot be. */
  readonly settled: () => Promise<void>;
}

export interface StatusKeeperPorts {
  readonly status: StatusStore;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
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

export function createStatusKeeper(
  { status: store, clock, logger }: StatusKeeperPorts,
  { owner, writer }: StatusKeeperOptions,
): StatusKeeper {
  const stop = new AbortController();
  const tell = faultTeller(logger, store.uri);
  let content: StatusContent = { formatVersion: '1.0', owner, writer, problems: [], scrapeTargets: [] };
  let saved: Saved | undefined;
  let wanted: { readonly content: StatusContent; readonly at: number } | undefined;
  let loaded = false;
  let working: Promise<void> | undefined;

  async function load(): Promise<void> {
    const stored = await store.load(stop.signal);
    const document = stored === undefined ? undefined : readLeniently(stored, store.uri);
    loaded = true;
    if (document === undefined) return;
    const { lastPass, ...before } = document;
    content = { ...content, scrapeTargets: document.scrapeTargets };
    saved = { digest: digestOf(before), at: Date.parse(lastPass) };
    // What was recorded before this was known began its history anew.
    wanted = undefined;
  }

  /** What is stored must be known before it is replaced: generations and times go on from it. */
  async function work(): Promise<void> {
    try {
      if (!loaded) await load();
      for (let next = wanted; next !== undefined; next = wanted) {
        wanted = undefined;
        await save(next.content, next.at);
      }
      tell(undefined);
    } catch (thrown) {
      if (!stop.signal.aborted) tell(thrown);
    }
  }

  async function save(next: StatusContent, at: number): Promise<void> {
    const digest = digestOf(next);
    if (saved?.digest === digest && at - saved.at < HEARTBEAT_MS) return;
    await store.save(writeStatus(next, new Date(at).toISOString()), stop.signal);
    saved = { digest, at };
  }

  const start = (): Promise<void> =>
    (working ??= work().finally(() => {
      working = undefined;
      if (loaded && wanted !== undefined) void start();
    }));

  return {
    async previous() {
      if (!loaded) await patiently(start(), clock);
      return content.scrapeTargets.map(toTargetStatus);
    },
    record(report, statuses) {
      const at = clock.now();
      content = { ...content, ...statusContent(report, statuses, content.scrapeTargets, at) };
      wanted = { content, at };
      void start();
    },
    async settled() {
      await patiently(working ?? Promise.resolve(), clock);
      stop.abort();
    },
  };
}

/** A damaged or foreign status is replaced: everything in it but its history is learned anew. */
function readLeniently(text: string, uri: string): StatusDocument | undefined {
  try {
    return readStatus(text, uri);
  } catch {
    return undefined;
  }
}

function digestOf(content: StatusContent): string {
  return createHash('sha256').update(writeStatus(content, '')).digest('hex');
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
