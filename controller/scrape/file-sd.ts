import { compareText } from '../state/keys.ts';
import type { TargetGroup } from '../state/targets.ts';

/** Prometheus's file_sd JSON: sorted, so that the same targets give the same bytes. */
export function renderFileSd(groups: readonly TargetGroup[]): string {
  const sorted = groups.map(sortGroup).map((group) => ({ group, key: JSON.stringify(group) }));
  sorted.sort((a, b) => compareText(a.key, b.key));
  return `${JSON.stringify(
    sorted.map(({ group }) => group),
    undefined,
    2,
  )}\n`;
}

function sortGroup({ targets, labels }: TargetGroup): TargetGroup {
  const entries = Object.entries(labels).sort(([a], [b]) => compareText(a, b));
  return { targets: [...targets].sort(compareText), labels: Object.fromEntries(entries) };
}
