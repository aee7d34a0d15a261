import type { Clock } from '../../reconcile/ports.ts';

/** A target as Prometheus sees it. */
export interface ScrapedTarget {
  readonly job: string;
  readonly instance: string;
  readonly health: string;
  readonly lastError: string;
}

const POLL_MS = 500;
const PATIENCE_MS = 30_000;

/** Asks Prometheus until `wanted` targets are up, or patience is at its end; returns what it said last. */
export async function waitUntilScraped(
  url: string,
  wanted: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly ScrapedTarget[]> {
  const deadline = clock.now() + PATIENCE_MS;
  let targets: readonly ScrapedTarget[] = [];
  while (!signal.aborted && clock.now() < deadline) {
    targets = await activeTargets(url, signal);
    if (targets.filter(({ health }) => health === 'up').length >= wanted) break;
    await clock.sleep(POLL_MS, signal);
  }
  return targets;
}

async function activeTargets(url: string, signal: AbortSignal): Promise<readonly ScrapedTarget[]> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
  const response = await fetch(new URL('/api/v1/targets?state=active', url), { signal: bounded });
  const body: unknown = await response.json();
  return list(member(member(body, 'data'), 'activeTargets')).map((target) => ({
    job: text(member(member(target, 'labels'), 'job')),
    instance: text(member(member(target, 'labels'), 'instance')),
    health: text(member(target, 'health')),
    lastError: text(member(target, 'lastError')),
  }));
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
