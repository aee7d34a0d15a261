import type { DocumentFile, ServiceRef } from '../api/types.ts';
import type { OperatorError } from '../errors.ts';
import type { PublishChange, StoredDocument } from '../plan/publish-plan.ts';
import type { Change, Plan } from '../plan/types.ts';
import type { ObservedService, ObservedState, Read } from '../state/observed.ts';
import type { ChangeResult, PublishResult } from '../state/outcomes.ts';
import type { TaggedNamespaces } from '../state/tagged.ts';
import type { Bundle, FileChange, TargetGroup } from '../state/targets.ts';
import type { OperatorEvent } from '../status/events.ts';
import type { StatusDocument } from '../status/stored-status.ts';
import type { ChangeOutcome, Publication, TargetStatus } from '../status/types.ts';

export type { ChangeResult, PublishResult, ReloadResult } from '../state/outcomes.ts';

/** What the loop needs from the world. Edges implement these; only `cli/wire.ts` builds the edges. */

/** Where ScrapeTarget documents come from: a path, `s3://bucket/prefix/` or `ssm:///prefix/`. */
export interface DocumentSource {
  readonly uri: string;
  /** Never throws: a source that cannot be read says so in the snapshot. */
  read(signal: AbortSignal): Promise<SourceSnapshot>;
  /** Calls `onChange` after a change of the source, where the source can tell; ends with the signal. */
  watch?(onChange: () => void, signal: AbortSignal): void;
}

/** An incomplete snapshot holds what could be read; what is missing from it is unknown, not gone. */
export type SourceSnapshot =
  | { readonly kind: 'complete'; readonly uri: string; readonly files: readonly DocumentFile[] }
  | {
      readonly kind: 'incomplete';
      readonly uri: string;
      readonly files: readonly DocumentFile[];
      readonly error: OperatorError;
    };

/** Where documents are published: a {@link DocumentSource} of the same URI reads them back. */
export interface DocumentStore {
  /** `s3://bucket/prefix/` or `ssm:///prefix/`, with the slash at its end. */
  readonly uri: string;
  /** Makes one change, unless what it replaces is not what was read; throws an OperatorError then. */
  apply(change: PublishChange, revision: string | undefined, signal: AbortSignal): Promise<StoredDocument>;
}

/** What to read of AWS: the names in the documents. */
export interface ObserveScope {
  readonly services: readonly ServiceRef[];
  readonly registries: readonly { readonly namespace: string; readonly name: string }[];
}

/** Read access to AWS. `plan` gets this and nothing more. */
export interface CloudReader {
  /** Never throws for a failed call: what could not be read is a failed {@link Read} in its place. */
  observe(scope: ObserveScope, signal: AbortSignal): Promise<ObservedState>;
  /** Fresh reads of some services, by `serviceKey`: to follow rollouts. */
  observeServices(
    services: readonly ServiceRef[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Read<ObservedService | undefined>>>;
}

/** Reads what Cloud Map registries ask for by their tags alone. */
export interface TaggedReader {
  /** Never throws for a failed call. Registries in `claimed`, by registryKey, are not read. */
  read(claimed: ReadonlySet<string>, signal: AbortSignal): Promise<TaggedNamespaces>;
}

/** Write access to AWS; a dry run never holds one. */
export interface CloudWriter {
  /**
   * Makes one change, after a fresh read where the change is disruptive.
   * `registryArns` resolves registries that this plan created, by `registryKey`.
   */
  apply(
    change: Change,
    registryArns: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<ChangeResult>;
}

/** Writes the bundle where Prometheus reads it and has it reloaded. */
export interface Publisher {
  /** What {@link publish} would change on disk; reads only. */
  diff(bundle: Bundle, signal: AbortSignal): Promise<readonly FileChange[]>;
  publish(bundle: Bundle, signal: AbortSignal): Promise<PublishResult>;
  /**
   * Puts the last good configuration back on disk where a publication was cut off, so that Prometheus can
   * start. {@link publish} does so too: this is for a controller that has nothing to publish yet.
   */
  recover?(signal: AbortSignal): Promise<void>;
  /** Version of the running Prometheus, for example `2.42.0`; undefined when it cannot be asked. */
  prometheusVersion(signal: AbortSignal): Promise<string | undefined>;
}

/** Says what Prometheus would say to a bundle, before any file is touched. */
export interface BundleChecker {
  check(bundle: Bundle, signal: AbortSignal): Promise<CheckResult>;
}

export type CheckResult =
  | { readonly kind: 'accepted' }
  /** In the checker's own words, without temporary paths. */
  | { readonly kind: 'refused'; readonly message: string }
  /** There is no checker, or it could not run: the reload must tell. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The targets that Prometheus has on disk now: where a restarted controller begins. */
export interface PublishedTargets {
  /** Addresses by path of the target file. A file that does not parse is left out. */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** What one target file holds, with its labels; nothing where it does not parse. */
  readGroups?(path: string): Promise<readonly TargetGroup[]>;
  /** The text of one target file; undefined where there is none. */
  text?(path: string): Promise<string | undefined>;
}

/** What one controller remembers over restarts: one text, replaced whole. */
export interface MemoryStore {
  /** Undefined when nothing was ever saved. */
  load(signal: AbortSignal): Promise<string | undefined>;
  save(text: string, signal: AbortSignal): Promise<void>;
}

/** The status of one installation where others can read it: one text, replaced whole. */
export interface StatusStore {
  /** Of the status itself, for messages. */
  readonly uri: string;
  /** Undefined when there is none yet. */
  load(signal: AbortSignal): Promise<string | undefined>;
  /** Throws `StatusConflict` when what is there is not what was loaded or saved last. */
  save(text: string, signal: AbortSignal): Promise<void>;
  /** Installations that store their status at the same place, sorted. */
  owners(signal: AbortSignal): Promise<readonly string[]>;
}

/** Keeps what happened where people can look it up later. */
export interface EventSink {
  /**
   * Sends these beside the passes, and whatever could not be sent before. Never throws, and nobody waits for it.
   * `at` in milliseconds since the epoch.
   */
  record(events: readonly OperatorEvent[], at: number): void;
  /** Resolves when everything is stored, or when that takes too long. Nothing is sent after it. */
  close(): Promise<void>;
}

/** Who may write to AWS. One text at one place, replaced under the condition that it is as it was read. */
export interface LeaseRecord {
  /** Of one process; empty when the last holder gave the lease back. */
  readonly holder: string;
  /** Grows by one whenever the holder changes. */
  readonly epoch: number;
  /** Grows by one with every sign of life of the holder. */
  readonly renewals: number;
}

export interface StoredLease {
  readonly record: LeaseRecord;
  /** Changes with every write. */
  readonly version: string;
}

export interface LeaseStore {
  /** For messages. */
  readonly uri: string;
  /** Undefined when nobody ever held the lease. */
  read(signal: AbortSignal): Promise<StoredLease | undefined>;
  /**
   * Replaces exactly the version that was read, or creates what was not there, and returns the new version;
   * undefined when somebody else was faster.
   */
  write(record: LeaseRecord, replaced: string | undefined, signal: AbortSignal): Promise<string | undefined>;
}

/** Is told what every pass found; metrics and health are made of it. */
export interface PassObserver {
  passDone(pass: PassObservation): void;
}

export interface PassObservation {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** `failed`: the pass threw and everything stays as it was. */
  readonly result:
    | {
        readonly kind: 'done';
        readonly statuses: readonly TargetStatus[];
        readonly plan: Plan;
        readonly outcomes: readonly ChangeOutcome[];
        readonly publication: Publication | undefined;
        /** Documents that are invalid now, and sources that could not be read whole. */
        readonly invalidDocuments: number;
        readonly unreadSources: readonly string[];
        /** All that is known of the ScrapeTargets, where somebody keeps it. */
        readonly status?: StatusDocument | undefined;
      }
    | { readonly kind: 'failed'; readonly error: OperatorError };
}

/** A text that is read whole: the base configuration. */
export interface TextReader {
  readonly uri: string;
  read(signal: AbortSignal): Promise<string>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Structured log: a constant message, values as fields. */
export interface Logger {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;
