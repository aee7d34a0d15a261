import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import type { PassObserver } from '../../reconcile/ports.ts';
import {
  fullName,
  PREFIX,
  type AwsCalls,
  type Definition,
  type MetricsView,
  type Sample,
} from './definition.ts';
import { DURATION, METRICS } from './definitions.ts';
import { foldPass, initialState } from './state.ts';

export interface MetricsOptions {
  readonly version: string;
  /** Commit that was built, where the build knows it. */
  readonly revision?: string;
  readonly intervalMs: number;
  /** URIs of the document sources. */
  readonly sources: readonly string[];
  readonly awsCalls: AwsCalls;
  readonly leads?: () => boolean | undefined;
}

export interface Metrics extends PassObserver {
  readonly contentType: string;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
}

/** Gauges of prom-client under names that Prometheus keeps for counters; what they count has gauges of its own. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** The metrics of one controller, in a registry of their own. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { version, revision = 'unknown', intervalMs, sources, awsCalls, leads = () => undefined } = options;
  const registry = new Registry();
  let state = initialState(sources);
  const view = (): MetricsView => ({ state, version, revision, intervalMs, awsCalls, leads });
  for (const definition of METRICS) registry.registerMetric(createMetric(definition, view));
  const duration = openDuration(registry);
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return {
    contentType: registry.contentType,
    text: shared(() => registry.metrics()),
    passDone(pass) {
      state = foldPass(state, pass);
      if (pass.result.kind === 'failed') return;
      duration.observe({ controller: 'pass' }, Math.max(0, pass.finishedAt - pass.startedAt) / 1000);
    },
  };
}

function openDuration(registry: Registry): Histogram<'controller'> {
  const { name, help, labels, buckets } = DURATION;
  return new Histogram({
    name: `${PREFIX}${name}`,
    help,
    labelNames: labels,
    buckets: [...buckets],
    registers: [registry],
  });
}

function createMetric(definition: Definition, view: () => MetricsView): Metric {
  const { type, labels, help, samples } = definition;
  const config = { name: fullName(definition), help, labelNames: labels, registers: [] };
  if (type === 'gauge') {
    return new Gauge({
      ...config,
      collect() {
        setAll(this, labels, samples(view()));
      },
    });
  }
  return new Counter({
    ...config,
    collect() {
      this.reset();
      for (const { labels, value } of samples(view())) this.inc(labels, value);
    },
  });
}

function setAll(gauge: Gauge, labels: readonly string[], samples: readonly Sample[]): void {
  gauge.reset();
  // A reset sets a gauge without labels to zero, which is not what "not known" means.
  if (labels.length === 0) gauge.remove();
  for (const { labels, value } of samples) gauge.set(labels, value);
}

/** Who asks while an answer is being made gets the same one: many scrapers cost no more than one. */
function shared<T>(make: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= make().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
