/** What an audit of the dependencies came to. */
export type Verdict =
  | { readonly kind: 'clean'; readonly dependencies: number }
  | { readonly kind: 'vulnerable'; readonly findings: readonly string[] }
  /** Nobody answered: that is no finding, and no proof either. */
  | { readonly kind: 'skipped'; readonly why: string };

const SERIOUS = ['high', 'critical'];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** Judges what `npm audit --json` printed. */
export function judgeAudit(output: string): Verdict {
  const report = parse(output);
  if (!isRecord(report)) return { kind: 'skipped', why: 'npm audit printed no report' };
  const { vulnerabilities, metadata, message } = report;
  if (!isRecord(vulnerabilities) || !isRecord(metadata))
    return { kind: 'skipped', why: typeof message === 'string' ? message : 'npm audit printed no report' };
  const findings = Object.values(vulnerabilities)
    .filter(isRecord)
    .filter(({ severity }) => SERIOUS.includes(String(severity)))
    .map(({ name, severity, range }) => `${String(name)} ${String(range)}: ${String(severity)}`);
  if (findings.length > 0) return { kind: 'vulnerable', findings };
  const { dependencies } = metadata;
  return { kind: 'clean', dependencies: isRecord(dependencies) ? Number(dependencies['prod']) : 0 };
}
