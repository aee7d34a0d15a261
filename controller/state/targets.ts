import type { OperatorError } from '../errors.ts';
import type { SkippedTask } from './observed.ts';

/** Prometheus's file_sd target group: addresses `host:port` that share labels. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The targets of one ScrapeTarget. `unknown` means that a read failed: the file that Prometheus
 * holds stays as it is. An empty `discovered` is a fact and is published.
 */
export type Discovery =
  | {
      readonly kind: 'discovered';
      /** By endpoint name; an endpoint without targets has an empty list. */
      readonly endpoints: ReadonlyMap<string, readonly TargetGroup[]>;
      readonly skipped: readonly SkippedTask[];
    }
  | { readonly kind: 'unknown'; readonly error: OperatorError };

/** The Prometheus files of one cycle. Paths are relative to the bundle directory and use `/`. */
export interface Bundle {
  /** Content of `prometheus.yml`. */
  readonly config: string;
  /** By path `targets/<name>.<endpoint>.json`, and the one of the targets that only tags ask for. */
  readonly targetFiles: ReadonlyMap<string, TargetFile>;
}

/**
 * `keep` leaves what is on disk: nothing is known about these targets in this cycle, or their job is only
 * left out for a trial.
 */
export type TargetFile =
  | {
      readonly kind: 'write';
      /** May be put together when it is asked for. */
      readonly text: string;
      /** Set while the job is not loaded as this configuration has it: the loaded one must not read this yet. */
      readonly untried?: true;
    }
  | { readonly kind: 'keep' };

/** Where nobody names another. */
export const CONFIG_FILE = 'prometheus.yml';

/** Of the paths of a bundle; all the others hold targets. */
export const isConfigFile = (path: string): boolean => !path.endsWith('.json');

export const TARGETS_DIRECTORY = 'targets';

/** Names are DNS labels, so the dot cannot make two pairs collide. */
export function targetFilePath(name: string, endpoint: string): string {
  return `${TARGETS_DIRECTORY}/${name}.${endpoint}.json`;
}

/** One file that a publication would change; the plan shows it. */
export interface FileChange {
  readonly path: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly before: string | undefined;
  readonly after: string | undefined;
}
