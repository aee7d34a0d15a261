import { quote, type Fault, type Path } from '../faults.ts';
import { ADDRESS_LABEL, isLabelName, labelOfTag, OPERATOR_LABELS } from '../names.ts';
import type { DocumentSpec } from '../scrapetarget.gen.ts';

/** Fixed labels, and labels from tags: every name once, and none that belongs to somebody else. */
export function checkLabels({ labels = {}, targetLabels = [] }: DocumentSpec): Fault[] {
  return [
    ...Object.keys(labels).flatMap(checkLabel),
    ...checkTargetLabels(targetLabels, new Set(Object.keys(labels))),
  ];
}

function checkLabel(name: string): Fault[] {
  const problem = problemOf(name);
  if (problem === undefined) return [];
  return [
    {
      path: ['spec', 'labels', name],
      at: 'key',
      reason: 'InvalidSpec',
      message: `${quote(name)} ${problem}`,
    },
  ];
}

function problemOf(name: string): string | undefined {
  if (!isLabelName(name)) {
    return 'is not a label name. Write letters, digits and underscores, not beginning with a digit.';
  }
  if (name.startsWith('__')) return 'begins with __, which is reserved for Prometheus. Choose another name.';
  if (name.includes(ADDRESS_LABEL))
    return `contains ${ADDRESS_LABEL}, which is reserved for Prometheus. Choose another name.`;
  if (OPERATOR_LABELS.includes(name)) return `is set by the operator itself. Choose another name.`;
  return undefined;
}

function checkTargetLabels(keys: readonly string[], taken: Set<string>): Fault[] {
  return keys.flatMap((key, index) => {
    const path: Path = ['spec', 'targetLabels', index];
    const label = labelOfTag(key);
    const problem =
      label === 'job' ? 'becomes the label "job". Write `jobLabel` for that.' : tagProblem(key, label, taken);
    taken.add(label);
    return problem === undefined
      ? []
      : [{ path, reason: 'InvalidSpec', message: `The tag ${quote(key)} ${problem}` }];
  });
}

function tagProblem(key: string, label: string, taken: ReadonlySet<string>): string | undefined {
  const name = label === key ? '' : `becomes the label ${quote(label)}, which `;
  const problem = problemOf(label);
  if (problem !== undefined) return name + problem;
  return taken.has(label) ? `${name}is already a label of the targets. Remove one of the two.` : undefined;
}
