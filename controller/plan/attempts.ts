import type { Attempt } from '../state/attempts.ts';
import type { BindService } from './types.ts';

export function attemptOf({ specHash, deployment }: BindService, now: number): Attempt {
  return { specHash, ...(deployment !== undefined && { deployment }), sentAt: now };
}

export const withEffect = ({ specHash, sentAt }: Attempt): Attempt => ({ specHash, sentAt });

/** A rollout that nobody is allowed to watch is taken to be over after this time, so that it holds up no others for ever. */
export const UNSEEN_ROLLOUT_MS = 3_600_000;
