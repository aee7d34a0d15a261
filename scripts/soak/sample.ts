import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds at one moment. */
export interface Sample {
  readonly cycle: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Sockets, timers, requests and the like that keep the event loop busy. */
  readonly handles: number;
  readonly fileDescriptors: number;
  /** On the signal that lives as long as the process. */
  readonly listeners: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export function takeSample(cycle: number, signal: AbortSignal): Sample {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    cycle,
    heapBytes: heapUsed,
    residentBytes: rss,
    handles: process.getActiveResourcesInfo().length,
    fileDescriptors: countFileDescriptors(),
    listeners: getEventListeners(signal, 'abort').length,
  };
}

function countFileDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    // Not Linux.
    return 0;
  }
}

export type Measure = Exclude<keyof Sample, 'cycle'>;

/** Growth per 1,000 cycles by least squares over the second half, when caches and the heap have filled. */
export function slopeOf(samples: readonly Sample[], measure: Measure): number {
  const settled = samples.slice(Math.floor(samples.length / 2));
  const mean = (of: (sample: Sample) => number): number =>
    settled.reduce((sum, sample) => sum + of(sample), 0) / settled.length;
  const [x, y] = [mean(({ cycle }) => cycle), mean((sample) => sample[measure])];
  const variance = settled.reduce((sum, { cycle }) => sum + (cycle - x) ** 2, 0);
  const covariance = settled.reduce((sum, sample) => sum + (sample.cycle - x) * (sample[measure] - y), 0);
  return variance === 0 ? 0 : (1000 * covariance) / variance;
}
