const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Step {
  readonly below: number;
  readonly unit: readonly [number, string];
  readonly rest?: readonly [number, string];
}

/** As kubectl prints ages: the older, the coarser. */
const STEPS: readonly Step[] = [
  { below: 2 * MINUTE, unit: [SECOND, 's'] },
  { below: 10 * MINUTE, unit: [MINUTE, 'm'], rest: [SECOND, 's'] },
  { below: 3 * HOUR, unit: [MINUTE, 'm'] },
  { below: 8 * HOUR, unit: [HOUR, 'h'], rest: [MINUTE, 'm'] },
  { below: 2 * DAY, unit: [HOUR, 'h'] },
  { below: 8 * DAY, unit: [DAY, 'd'], rest: [HOUR, 'h'] },
];
const DAYS: Step = { below: Infinity, unit: [DAY, 'd'] };

/** Milliseconds since an RFC 3339 time. */
export type Since = (time: string) => number;

/** `45s`, `5m30s`, `3d4h`. The time of a clock that is ahead of ours is now. */
export function formatAge(ms: number): string {
  if (Number.isNaN(ms)) return '?';
  const age = Math.max(0, ms);
  const { unit, rest } = STEPS.find(({ below }) => age < below) ?? DAYS;
  const whole = Math.floor(age / unit[0]);
  const left = rest === undefined ? 0 : Math.floor((age - whole * unit[0]) / rest[0]);
  return `${whole}${unit[1]}${rest === undefined || left === 0 ? '' : `${left}${rest[1]}`}`;
}
