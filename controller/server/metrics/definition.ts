import type { MetricsState } from './state.ts';

export const PREFIX = 'ecs_scrape_operator_';

/** What the samples are made of, at the moment of a scrape. */
export interface MetricsView {
  readonly state: MetricsState;
  readonly version: string;
  readonly revision: string;
  readonly intervalMs: number;
  readonly awsCalls: AwsCalls;
  /** Whether this controller holds the lease; undefined where there is none. */
  readonly leads: () => boolean | undefined;
}

/** What was sent to AWS since the start, by `service:Operation`. */
export interface AwsCalls {
  /** Requests, retries included. */
  callsByApi(): Readonly<Record<string, number>>;
  /** How many of them AWS throttled. */
  throttlesByApi(): Readonly<Record<string, number>>;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric that is made of the state whenever somebody asks: series of what is gone cannot stay behind. */
export interface Definition {
  /** Without the prefix. */
  readonly name: string;
  /** Set where the name is that of other controllers too, so that dashboards made for those fit. */
  readonly shared?: true;
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly string[];
  readonly help: string;
  readonly samples: (view: MetricsView) => readonly Sample[];
}

export const fullName = ({ name, shared }: Pick<Definition, 'name' | 'shared'>): string =>
  shared === true ? name : `${PREFIX}${name}`;

export const sample = (value: number, labels: Readonly<Record<string, string>> = {}): Sample => ({
  labels,
  value,
});

/** No sample at all says "not known yet", which a zero would not. */
export const known = (value: number | undefined): readonly Sample[] =>
  value === undefined ? [] : [sample(value)];

export const toSeconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1000;
