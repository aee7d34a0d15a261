import type { PassObservation } from '../../controller/reconcile/ports.ts';
import { createMetrics, type Metrics } from '../../controller/server/metrics/metrics.ts';
import { parseExposition } from './exposition.ts';

export const SOURCE = 's3://bucket/targets/';

const NO_CALLS = { callsByApi: () => ({}), throttlesByApi: () => ({}) };

export function metricsAfter(...passes: readonly PassObservation[]): Metrics {
  const metrics = createMetrics({
    version: '1.2.3',
    intervalMs: 30_000,
    sources: [SOURCE, 'targets/'],
    awsCalls: NO_CALLS,
  });
  for (const pass of passes) metrics.passDone(pass);
  return metrics;
}

/** Our own series after some passes, without their prefix. */
export async function seriesAfter(
  ...passes: readonly PassObservation[]
): Promise<ReadonlyMap<string, number>> {
  return ownSeries(await metricsAfter(...passes).text());
}

export function ownSeries(text: string): ReadonlyMap<string, number> {
  const prefix = 'ecs_scrape_operator_';
  return new Map(
    [...parseExposition(text)].flatMap(([series, value]) =>
      series.startsWith(prefix) ? [[series.slice(prefix.length), value] as const] : [],
    ),
  );
}

export const named = (series: ReadonlyMap<string, number>, name: string): string[] =>
  [...series.keys()].filter((key) => key === name || key.startsWith(`${name}{`));
