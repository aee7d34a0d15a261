import type { SimulationResult } from './simulation.ts';

/** Cycles of one simulation: two rounds of trouble, each with a time of calm after it. */
export const REPLAY_CYCLES = 160;

const LINES = 60;

/** What a person needs who has to find out why a simulation failed. */
export function formatFailure({ seed, cycles, violations, journal }: SimulationResult): string {
  return [
    `Seed ${seed} broke a rule in cycle ${cycles - 1}:`,
    ...violations.map((violation) => `  rule ${violation}`),
    `The last of its journal:`,
    ...journal.slice(-LINES).map((line) => `  ${line}`),
    `Replay: npm run chaos -- --seed ${seed} --cycles ${cycles} --verbose`,
  ].join('\n');
}
