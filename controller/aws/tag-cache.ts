import type { Clock } from '../reconcile/ports.ts';
import { createAgingCache } from './aging-cache.ts';
import type { AgingCache } from './aging-cache.ts';

/** All tags of registries by ARN. Nobody but us should change them. */
export type TagCache = AgingCache<Readonly<Record<string, string>>>;

const BELIEVED_MS = 600_000;
const MAX_REGISTRIES = 20_000;

export const createTagCache = (clock: Pick<Clock, 'now'>): TagCache =>
  createAgingCache({ clock, believedMs: BELIEVED_MS, maxEntries: MAX_REGISTRIES });
