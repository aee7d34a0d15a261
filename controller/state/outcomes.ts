import type { OperatorError } from '../errors.ts';

/** How one write ended. */
export type ChangeResult =
  | { readonly kind: 'applied'; readonly registryArn?: string }
  /** The world already is as the change wants it: nothing was sent. */
  | { readonly kind: 'unchanged'; readonly registryArn?: string }
  | { readonly kind: 'failed'; readonly error: OperatorError };

/** How the bundle reached Prometheus. */
export interface PublishResult {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Target files that are as they were and not as the bundle has them, because Prometheus refused it. */
  readonly skipped?: readonly string[];
  readonly unchanged: number;
  readonly bytesWritten: number;
  readonly reload: ReloadResult;
  /** Reloads that were asked of Prometheus: one for a configuration that it takes, two for one that it refuses. */
  readonly reloads?: number;
}

export type ReloadResult =
  /** Only target files changed, or nothing: Prometheus reads those by itself. */
  | { readonly kind: 'notNeeded' }
  /** No Prometheus URL was given. */
  | { readonly kind: 'notAsked' }
  /** runtimeinfo moved and says that the reload succeeded. */
  | { readonly kind: 'confirmed'; readonly at: string }
  /** Prometheus refused the config; the last good one is back in force. `message` is Prometheus's own. */
  | { readonly kind: 'rejected'; readonly message: string; readonly restored: boolean }
  /**
   * Not reachable, still starting, or lifecycle API off: the target files are written, the reload is owed.
   * While Prometheus cannot be asked, the last configuration that it confirmed stays on disk.
   */
  | { readonly kind: 'pending'; readonly error: OperatorError };
