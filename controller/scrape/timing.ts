import { parseDuration } from '../api/duration.ts';
import type { Endpoint } from '../api/types.ts';

/** What Prometheus uses for a job that says nothing itself. */
export interface GlobalTiming {
  readonly interval: string;
  readonly timeout: string;
}

const DEFAULT_INTERVAL = '1m';
const DEFAULT_TIMEOUT = '10s';

/** The global section with Prometheus's own defaults: the timeout is never above the interval. */
export function globalTiming(
  interval = DEFAULT_INTERVAL,
  timeout?: string,
): GlobalTiming | { readonly fault: string } {
  for (const [key, value] of Object.entries({ scrape_interval: interval, scrape_timeout: timeout }))
    if (value !== undefined && parseDuration(value) === undefined)
      return { fault: `global.${key} "${value}" is not a duration such as 30s.` };
  if (timeout === undefined) return { interval, timeout: shorter(DEFAULT_TIMEOUT, interval) };
  if (ms(timeout) <= ms(interval)) return { interval, timeout };
  return { fault: `global.scrape_timeout ${timeout} is above global.scrape_interval ${interval}.` };
}

export interface Timing {
  /** What the target label must say; undefined where the global timeout is right. */
  readonly timeout: string | undefined;
  readonly fault?: string;
}

/**
 * Prometheus drops a target whose timeout is above its interval, and takes a timeout that no label
 * gives from the job, whatever interval the label gives. So a short interval needs its timeout beside
 * it: the smaller of the two, the rule that Prometheus itself has for jobs.
 */
export function effectiveTiming(endpoint: Endpoint, global: GlobalTiming, baseUri: string): Timing {
  const interval = endpoint.interval ?? global.interval;
  const timeout = endpoint.scrapeTimeout ?? global.timeout;
  if (ms(timeout) <= ms(interval)) return { timeout: endpoint.scrapeTimeout };
  if (endpoint.scrapeTimeout === undefined) return { timeout: interval };
  const whose = endpoint.interval === undefined ? ` of the global section of ${baseUri}` : '';
  return {
    timeout: interval,
    fault:
      `scrapeTimeout ${timeout} is above the interval ${interval}${whose}, ` +
      `so ${interval} is used instead. Set an interval of at least ${timeout}.`,
  };
}

function shorter(a: string, b: string): string {
  return ms(a) <= ms(b) ? a : b;
}

function ms(duration: string): number {
  return parseDuration(duration) ?? 0;
}
