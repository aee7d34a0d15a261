import { compareText } from '../state/keys.ts';
import type { TargetGroup } from '../state/targets.ts';

/** Prometheus's file_sd JSON: sorted, so that the same targets give the same bytes. */
export function renderFileSd(groups: readonly TargetGroup[]): string {
  const sorted = groups.map(sortGroup).sort(compareGroups);
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

function sortGroup({ targets, labels }: TargetGroup): TargetGroup {
  const names = Object.keys(labels).sort(compareText);
  return {
    targets: [...targets].sort(compareText),
    labels: Object.fromEntries(names.map((name) => [name, labels[name] ?? ''])),
  };
}

/** By address; labels decide only where two groups have the same one. */
function compareGroups(a: TargetGroup, b: TargetGroup): number {
  return (
    compareText(a.targets.join(), b.targets.join()) ||
    compareText(JSON.stringify(a.labels), JSON.stringify(b.labels))
  );
}
