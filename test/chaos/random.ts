import { seededRandom } from '../../controller/sandbox/random.ts';

/** All choices of one simulation come from one of these, so that a seed replays it. */
export interface Dice {
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly roll: () => number;
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Undefined when there is nothing to pick from. */
  anyOf<T>(items: readonly T[]): T | undefined;
}

export function dice(seed: number): Dice {
  // Neighbouring seeds would begin alike.
  const roll = seededRandom(Math.imul(seed + 1, 0x9e3779b1) >>> 0);
  const at = (length: number): number => Math.floor(roll() * length);
  return {
    roll,
    chance: (probability) => roll() < probability,
    between: (least, most) => least + at(most - least + 1),
    pick: (items) => items[at(items.length)] ?? items[0],
    anyOf: (items) => (items.length > 1 ? items[at(items.length)] : items[0]),
  };
}
