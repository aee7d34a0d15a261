import { createPublisher } from '../../controller/prometheus/publisher.ts';
import { sealedBundle } from './sealed-bundle.ts';

/** The program that the kill test kills: publishes one bundle after the other into every directory. */
async function publishForever(directory: string, first: number): Promise<never> {
  const publisher = createPublisher({
    directory,
    prometheusUrl: 'http://127.0.0.1:9090',
    fetch: () => Promise.resolve(agreement()),
    clock: { now: () => 0, sleep: () => new Promise(() => {}) },
  });
  const { signal } = new AbortController();
  for (let generation = first; ; generation += 1) await publisher.publish(sealedBundle(generation), signal);
}

/** The answer of a Prometheus that takes everything. */
function agreement(): Response {
  const data = { reloadConfigSuccess: true, lastConfigTime: '2026-01-01T00:00:00Z' };
  const headers = { date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
  return new Response(JSON.stringify({ data }), { headers });
}

const [first = '0', ...directories] = process.argv.slice(2);
process.stdout.write('publishing\n');
// Apart from one another, so that one kill meets every kind of moment.
await Promise.all(directories.map((directory, n) => publishForever(directory, Number(first) + n)));
