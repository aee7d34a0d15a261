import { printable } from '../plan/change-lines.ts';
import { formatTable } from './table.ts';
import type { ConditionType, TargetStatus } from './types.ts';

const HEADER = ['NAME', 'READY', 'TARGETS', 'REGISTRY', 'BOUND', 'RELOADED'] as const;

/** A table as kubectl prints it, and below it why what is not ready is not. */
export function formatStatus(statuses: readonly TargetStatus[]): string {
  if (statuses.length === 0) return 'No ScrapeTargets found.\n';
  const table = formatTable([HEADER, ...statuses.map(toRow)]);
  const messages = statuses.flatMap(explain);
  return `${[...table, ...(messages.length === 0 ? [] : ['', ...messages])].join('\n')}\n`;
}

function toRow(status: TargetStatus): readonly string[] {
  return [
    printable(status.name),
    statusOf(status, 'Ready'),
    status.targets === undefined ? '-' : String(status.targets),
    statusOf(status, 'RegistrySynced'),
    statusOf(status, 'ServiceBound'),
    statusOf(status, 'Reloaded'),
  ];
}

const statusOf = ({ conditions }: TargetStatus, type: ConditionType): string =>
  conditions.find((condition) => condition.type === type)?.status ?? 'Unknown';

/** Every condition that is not True, of targets that are not ready; Ready itself repeats one of them. */
function explain(status: TargetStatus): readonly string[] {
  if (statusOf(status, 'Ready') === 'True') return [];
  return status.conditions
    .filter((condition) => condition.status !== 'True' && condition.type !== 'Ready')
    .map(
      ({ type, reason, message }) => `${printable(status.name)}: ${type} ${reason}: ${printable(message)}`,
    );
}
