const GRAMMAR = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units in the order of the grammar: a year has 365 days, a week 7. */
const UNITS = [
  { name: 'y', milliseconds: 365 * DAY },
  { name: 'w', milliseconds: 7 * DAY },
  { name: 'd', milliseconds: DAY },
  { name: 'h', milliseconds: HOUR },
  { name: 'm', milliseconds: MINUTE },
  { name: 's', milliseconds: SECOND },
  { name: 'ms', milliseconds: 1 },
] as const;

/** Prometheus counts nanoseconds in 63 bits. */
const LONGEST = 9_223_372_036_854;

/** Milliseconds of a Prometheus duration such as `1m30s`; undefined when Prometheus would refuse it. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const amounts = text === '' ? null : GRAMMAR.exec(text);
  if (amounts === null) return undefined;
  const total = UNITS.reduce(
    (sum, unit, index) => sum + Number(amounts[index + 1] ?? 0) * unit.milliseconds,
    0,
  );
  return total <= LONGEST ? total : undefined;
}

/** The duration as Prometheus prints it. Years and weeks appear only where nothing is left over: `90d`, not `12w6d`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  let rest = milliseconds;
  let text = '';
  for (const { name, milliseconds: size } of UNITS) {
    const wholeOnly = name === 'y' || name === 'w';
    if (rest < size || (wholeOnly && rest % size !== 0)) continue;
    text += `${Math.floor(rest / size)}${name}`;
    rest %= size;
  }
  return text;
}
