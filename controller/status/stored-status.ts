import { transient, type OperatorError } from '../errors.ts';
import type { Condition, ReconcileResult, TargetStatus } from './types.ts';

/**
 * The published form of the status of one installation: `schemas/status.v1.schema.json`.
 * Within format version 1 fields are only added.
 */
export interface StatusDocument {
  readonly formatVersion: typeof STATUS_FORMAT;
  readonly owner: string;
  readonly writer: StatusWriter;
  /** RFC 3339: when the controller was last seen at work. Coarse, so that it costs few writes. */
  readonly lastPass: string;
  /** What is wrong with the input and belongs to no single ScrapeTarget. */
  readonly problems: readonly Problem[];
  readonly scrapeTargets: readonly StoredTarget[];
  /** Registries that are scraped as their tags ask, without a document. Absent where nobody looks for them. */
  readonly tagged?: StoredTagged;
}

export const STATUS_FORMAT = '1.0';

/** Everything but the time: what decides whether there is anything to write. */
export type StatusContent = Omit<StatusDocument, 'lastPass'>;

export interface StatusWriter {
  readonly version: string;
  readonly verb: 'run' | 'apply';
  /** `lastPass` of a running controller is never much older; absent where nothing runs on. */
  readonly heartbeatSeconds?: number;
  /** Names the machine, and tells one process from another. */
  readonly process?: string;
}

export interface Problem {
  readonly where: string | null;
  readonly reason: string;
  readonly message: string;
}

/** Everything that is known of one ScrapeTarget. */
export interface StoredTarget {
  readonly name: string;
  readonly observedGeneration: number;
  readonly specHash: string;
  /** RFC 3339: when this installation first saw the document. */
  readonly firstSeen: string;
  readonly source: StoredSource | null;
  readonly inForce: StoredVersion;
  readonly service: StoredService | null;
  readonly registry: StoredRegistry | null;
  readonly targets: StoredTargets;
  readonly conditions: readonly Condition[];
  readonly result: ReconcileResult;
}

export interface StoredSource {
  readonly file: string;
  /** ETag or version of the file. */
  readonly revision?: string;
  /** Commit that the file was published from. */
  readonly gitRevision?: string;
}

/** Which version of the document Prometheus works with. */
export interface StoredVersion {
  /**
   * `lastAccepted`: the newest one is invalid. `lastLoaded`: Prometheus refused the newest one.
   * `none`: there is no older one to fall back to.
   */
  readonly version: 'newest' | 'lastAccepted' | 'lastLoaded' | 'none';
  readonly specHash?: string;
  /** Why it is not the newest one, in Prometheus's own words where it was Prometheus who refused. */
  readonly message?: string;
  /** RFC 3339: when a refused version is offered once more, should it stay as it is. */
  readonly retryAt?: string;
}

export interface StoredService {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string | null;
  /** Whether ECS registers its tasks in the registry; null while unknown. */
  readonly bound: boolean | null;
}

export interface StoredRegistry {
  readonly namespace: string;
  readonly name: string;
  readonly arn: string | null;
}

export interface StoredTargets {
  readonly count: number;
  /** True while nothing newer is known than what Prometheus has. */
  readonly held: boolean;
  /** RFC 3339; only while held. */
  readonly lastCompleteRead?: string;
  readonly scraped: readonly ScrapedTask[];
  readonly skipped: readonly { readonly taskId: string; readonly reason: string }[];
}

export interface ScrapedTask {
  readonly endpoint: string;
  readonly address: string;
  /** Null where only the address is known. */
  readonly taskId: string | null;
}

export interface StoredTagged {
  /** Addresses over all registries. */
  readonly count: number;
  readonly registries: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly count: number;
  }[];
  /** What asks for a scrape and cannot have one, and why. */
  readonly skipped: readonly string[];
  /** Why some of it could not be read: what is known of that is as it was. */
  readonly unread: readonly string[];
}

/** What the next pass needs of it, so that generations and times of transition go on. */
export function toTargetStatus(stored: StoredTarget): TargetStatus {
  const { name, specHash, observedGeneration, targets, conditions, result } = stored;
  return {
    name,
    specHash,
    observedGeneration,
    targets: targets.held ? undefined : targets.count,
    conditions,
    result,
  };
}

/** As it is stored: one line, for at a thousand ScrapeTargets every blank counts. */
export function writeStatus(
  { formatVersion, owner, writer, problems, scrapeTargets, tagged }: StatusContent,
  lastPass: string,
): string {
  return `${JSON.stringify({ formatVersion, owner, writer, lastPass, problems, scrapeTargets, tagged })}\n`;
}

/** Of a store that was to replace what is not there any more. */
export const STATUS_CONFLICT = 'StatusConflict';

export function statusConflict(where: string, cause?: unknown): OperatorError {
  return transient({
    reason: STATUS_CONFLICT,
    where,
    message: 'Somebody else has stored a status of the same owner since this process read or stored it.',
    remedy: 'Give each installation its own --owner, or its own --state.',
    cause,
  });
}
