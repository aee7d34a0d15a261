import { parseArgs } from 'node:util';
import { simulate } from '../test/chaos/simulation.ts';
import { formatFailure, REPLAY_CYCLES } from '../test/chaos/report.ts';

const HELP = `Usage: npm run chaos -- [--seeds N] [--seed FIRST] [--cycles K] [--verbose]

Simulates the controller against an AWS, a Prometheus and authors that misbehave, and checks after every step and every
cycle that no target is lost by mistake. The same seed gives the same simulation.

  --seeds N     how many simulations to run, default 20 (1 with --seed)
  --seed FIRST  the first of them, default 0
  --cycles K    cycles of each, default ${REPLAY_CYCLES}
  --verbose     print the whole journal of each simulation
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    cycles: { type: 'string', default: String(REPLAY_CYCLES) },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function run(): Promise<number> {
  const first = Number(values.seed ?? 0);
  const seeds = Number(values.seeds ?? (values.seed === undefined ? 20 : 1));
  const cycles = Number(values.cycles);
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  const startedAt = performance.now();
  const totals = { cycles: 0, steps: 0, deaths: 0 };
  const failed: number[] = [];
  for (let seed = first; seed < first + seeds; seed += 1) {
    const result = await simulate({ seed, cycles, ...(values.verbose && { tell: print }) });
    totals.cycles += result.cycles;
    totals.steps += result.steps;
    totals.deaths += result.deaths;
    if (result.violations.length === 0) continue;
    failed.push(seed);
    print(formatFailure(result));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  print(
    `${seeds} seeds, ${totals.cycles} cycles, ${totals.steps} steps, ${totals.deaths} kills in ${seconds.toFixed(1)} s (${Math.round(totals.cycles / seconds)} cycles/s).`,
  );
  print(failed.length === 0 ? 'All rules held.' : `Rules were broken by seeds ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
}

if (values.help) process.stdout.write(HELP);
else process.exitCode = await run();
