import { printable } from '../plan/change-lines.ts';
import { formatAge, type Since } from './age.ts';
import type { StatusDocument, StoredTarget } from './stored-status.ts';
import { columnWidths, formatRow } from './table.ts';
import type { ConditionType } from './types.ts';

const NARROW = ['NAME', 'READY', 'TARGETS', 'REGISTRY', 'BOUND', 'RELOADED', 'AGE'] as const;
const WIDE = ['REASON', 'SKIPPED', 'GENERATION', 'SERVICE', 'CLOUD MAP', 'SOURCE'] as const;

export interface StatusTable {
  /** Header and all rows. */
  readonly lines: (targets: readonly StoredTarget[], since: Since) => readonly string[];
  /** One more row below the others. */
  readonly row: (target: StoredTarget, since: Since) => string;
  /** What {@link row} shows, but the age: when this did not change, there is nothing to see. */
  readonly look: (target: StoredTarget) => string;
}

/** Columns keep the width that they had first, so that rows which follow stand below one another. */
export function statusTable(wide: boolean): StatusTable {
  const header: readonly string[] = wide ? [...NARROW, ...WIDE] : NARROW;
  const cells = (target: StoredTarget, age: string): readonly string[] =>
    [...narrowCells(target, age), ...(wide ? wideCells(target) : [])].map(printable);
  let widths: readonly number[] = [];
  return {
    lines(targets, since) {
      const rows = [header, ...targets.map((target) => cells(target, formatAge(since(target.firstSeen))))];
      widths = columnWidths(rows);
      return rows.map((row) => formatRow(row, widths));
    },
    row: (target, since) => formatRow(cells(target, formatAge(since(target.firstSeen))), widths),
    look: (target) => JSON.stringify(cells(target, '')),
  };
}

function narrowCells(target: StoredTarget, age: string): readonly string[] {
  const { count, held } = target.targets;
  return [
    target.name,
    conditionStatus(target, 'Ready'),
    held ? `${count} (held)` : String(count),
    conditionStatus(target, 'RegistrySynced'),
    conditionStatus(target, 'ServiceBound'),
    conditionStatus(target, 'Reloaded'),
    age,
  ];
}

function wideCells({
  conditions,
  targets,
  observedGeneration,
  service,
  registry,
  source,
}: StoredTarget): readonly string[] {
  return [
    conditions.find(({ type }) => type === 'Ready')?.reason ?? hindering(conditions)?.reason ?? '-',
    String(targets.skipped.length),
    String(observedGeneration),
    service === null ? '-' : `${service.cluster}/${service.name}`,
    registry === null ? '-' : `${registry.namespace}/${registry.name}`,
    source?.file ?? '-',
  ];
}

const hindering = (conditions: StoredTarget['conditions']) =>
  conditions.find(({ status }) => status === 'False');

function conditionStatus({ conditions }: StoredTarget, type: ConditionType): string {
  return conditions.find((condition) => condition.type === type)?.status ?? 'Unknown';
}

/** A running controller is heard of at least this often, and passes may take their time. */
const GRACE_MS = 60_000;

/** What `apply` told is taken for news so long. */
const APPLIED_MS = 3_600_000;

/** Why the status may be out of date; undefined while it is not. */
export function staleness({ writer, lastPass, owner }: StatusDocument, since: Since): string | undefined {
  const age = since(lastPass);
  if (writer.verb === 'apply')
    return age <= APPLIED_MS
      ? undefined
      : `scrapectl apply stored this ${formatAge(age)} ago, and nobody has looked since; scrapectl run keeps it up to date.`;
  if (writer.heartbeatSeconds === undefined) return undefined;
  const limit = 2 * writer.heartbeatSeconds * 1000 + GRACE_MS;
  if (age <= limit) return undefined;
  return `The controller of owner ${owner} was last heard of at ${lastPass}, more than ${formatAge(limit)} ago, so its status may be out of date; Prometheus goes on with what it has. Is it running, and may it write its status?`;
}
