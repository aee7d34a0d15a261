/** What one step cost. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Largest resident set of the process up to the end of the step. */
  readonly peakBytes: number;
  readonly bytesWritten: number;
  readonly filesWritten: number;
}

/** AWS calls as the sandbox saw them. */
export interface Tally {
  /** By `service:Operation`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly throttled: number;
}

export interface Figures extends Cost, Tally {
  /** Calls of the dearest pass, where the figures are of several. */
  readonly worstCalls?: number;
  /** From the moment a task was RUNNING to the end of the write of its target file. */
  readonly runningToDiskMs?: number;
}

export type Step = 'bind' | 'cold' | 'steady' | 'one task';

export interface Measurement {
  /** `services/tasks`. */
  readonly size: string;
  readonly step: Step;
  readonly figures: Figures;
}

export interface Validation {
  readonly subject: string;
  readonly documents: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
}

export interface Results {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly measurements: readonly Measurement[];
  readonly validations: readonly Validation[];
}

export function totalCalls({ calls }: Tally): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

/** What happened between two readings of the same counters. */
export function tallyBetween(before: Tally, after: Tally): Tally {
  const calls = Object.entries(after.calls)
    .map(([api, count]) => [api, count - (before.calls[api] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return { calls: Object.fromEntries(calls), throttled: after.throttled - before.throttled };
}

/** Nearest rank: always one of the values, so a count stays a whole number. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Median of each figure over passes that did the same; peak memory and throttled calls are the worst of all. */
export function medianFigures(passes: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number): number => median(passes.map(pick));
  const apis = [...new Set(passes.flatMap(({ calls }) => Object.keys(calls)))];
  const calls = apis
    .map((api) => [api, of((figures) => figures.calls[api] ?? 0)] as const)
    .filter(([, count]) => count > 0);
  return {
    calls: Object.fromEntries(calls),
    throttled: passes.reduce((sum, { throttled }) => sum + throttled, 0),
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    peakBytes: Math.max(...passes.map(({ peakBytes }) => peakBytes)),
    bytesWritten: of(({ bytesWritten }) => bytesWritten),
    filesWritten: of(({ filesWritten }) => filesWritten),
    worstCalls: Math.max(...passes.map(totalCalls)),
  };
}
