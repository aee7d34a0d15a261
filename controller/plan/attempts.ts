import type { BindService } from './types.ts';

/** A binding that was sent, or was about to be when the controller was last heard of. */
export interface Attempt {
  /** The version of the document that asked for it. */
  readonly specHash: string;
  /**
   * The primary deployment right before: while that is still there, the binding has had no effect. Absent once an effect
   * was seen, because a rollback makes the same deployment the primary one again.
   */
  readonly deployment?: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** By ScrapeTarget name. */
export type Attempts = ReadonlyMap<string, Attempt>;

export function attemptOf({ specHash, deployment }: BindService, now: number): Attempt {
  return { specHash, ...(deployment !== undefined && { deployment }), sentAt: now };
}

export const withEffect = ({ specHash, sentAt }: Attempt): Attempt => ({ specHash, sentAt });

/** A rollout that nobody is allowed to watch is taken to be over after this time, so that it holds up no others for ever. */
export const UNSEEN_ROLLOUT_MS = 3_600_000;
