/** A version of Prometheus that a field needs, as major and minor number. */
export type MinimumVersion = readonly [major: number, minor: number];

/** What is assumed of a Prometheus that has not told its version: the oldest one this operator supports. */
const OLDEST_SUPPORTED: MinimumVersion = [2, 42];

/** Keys of a scrape config that came after the oldest supported version. */
export const FIELD_VERSIONS: Readonly<Record<string, MinimumVersion>> = {
  fallback_scrape_protocol: [3, 0],
};

export function supports(version: string | undefined, minimum: MinimumVersion): boolean {
  const [major, minor] = parseVersion(version) ?? OLDEST_SUPPORTED;
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/** Reads `2.42.0`, `v3.5.0` and the forms of distributions such as `2.42.0+ds`. */
function parseVersion(version: string | undefined): MinimumVersion | undefined {
  const match = /^v?(\d+)\.(\d+)\./.exec(version ?? '');
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}
