import type { Definition } from './definition.ts';
import { EDGE_METRICS } from './edges.ts';
import { PASS_METRICS } from './passes.ts';
import { SCRAPE_TARGET_METRICS } from './scrape-targets.ts';

/** Every metric that is made of the state; `docs/reference/metrics.md` is generated from this list. */
export const METRICS: readonly Definition[] = [...PASS_METRICS, ...SCRAPE_TARGET_METRICS, ...EDGE_METRICS];

/** A pass takes milliseconds when nothing changed, and minutes when AWS throttles a cold start. */
export const DURATION = {
  name: 'reconcile_duration_seconds',
  type: 'histogram',
  labels: ['controller'],
  help: 'How long passes took that came to their end; controller is always `pass`.',
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
} as const;
