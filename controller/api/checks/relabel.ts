import { actionOf } from '../accept.ts';
import { quote, type Fault, type Path } from '../faults.ts';
import { isLabelName } from '../names.ts';
import type { RegexChecker } from '../regex.ts';
import type { DocumentRelabelRule } from '../scrapetarget.gen.ts';
import type { RelabelAction } from '../types.ts';

/** A label name in which `$1` and `${1}` stand for groups of the expression. */
const TEMPLATE = /^(?:[a-zA-Z_]|\$(?:\{\w+\}|\w))(?:\w|\$(?:\{\w+\}|\w))*$/;

const DEFAULTS = { separator: ';', replacement: '$1', modulus: 0 } as const;

/** Actions that write to `targetLabel`, or compare with it. */
const NEED_TARGET: ReadonlySet<RelabelAction> = new Set([
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);

type Field = keyof DocumentRelabelRule;

/** Fields that an action has no use for, and that Prometheus therefore refuses. */
const REFUSED: Readonly<Partial<Record<RelabelAction, readonly Field[]>>> = {
  lowercase: ['replacement'],
  uppercase: ['replacement'],
  keepequal: ['regex', 'modulus', 'separator', 'replacement'],
  dropequal: ['regex', 'modulus', 'separator', 'replacement'],
  labeldrop: ['sourceLabels', 'targetLabel', 'modulus', 'separator', 'replacement'],
  labelkeep: ['sourceLabels', 'targetLabel', 'modulus', 'separator', 'replacement'],
};

/** The checks that Prometheus makes when it loads relabel rules, so that none of them fails there. */
export function checkRules(
  rules: readonly DocumentRelabelRule[] | undefined,
  path: Path,
  checkRegex: RegexChecker,
): Fault[] {
  return (rules ?? []).flatMap((rule, index) => checkRule(rule, [...path, index], checkRegex));
}

function checkRule(rule: DocumentRelabelRule, path: Path, checkRegex: RegexChecker): Fault[] {
  const action = actionOf(rule);
  const regex = rule.regex === undefined ? undefined : checkRegex(rule.regex);
  return [
    ...(regex === undefined ? [] : [invalid([...path, 'regex'], regex)]),
    ...checkSourceLabels(rule, path),
    ...checkTarget(rule, action, path),
    ...checkRefused(rule, action, path),
    ...checkModulus(rule, action, path),
    ...checkLabelmap(rule, action, path),
  ];
}

const invalid = (path: Path, message: string): Fault => ({ path, reason: 'InvalidRelabeling', message });

function checkSourceLabels({ sourceLabels = [] }: DocumentRelabelRule, path: Path): Fault[] {
  return sourceLabels.flatMap((label, index) =>
    isLabelName(label)
      ? []
      : [invalid([...path, 'sourceLabels', index], `${quote(label)} is not a label name. ${NAME_RULE}`)],
  );
}

const NAME_RULE = 'Write letters, digits and underscores, not beginning with a digit.';

function checkTarget({ targetLabel = '' }: DocumentRelabelRule, action: RelabelAction, path: Path): Fault[] {
  if (!NEED_TARGET.has(action)) return [];
  const at = [...path, 'targetLabel'];
  if (targetLabel === '') return [invalid(at, `The action ${action} needs a \`targetLabel\`.`)];
  const templated = action === 'replace' && targetLabel.includes('$');
  if (templated ? TEMPLATE.test(targetLabel) : isLabelName(targetLabel)) return [];
  const message = templated
    ? `${quote(targetLabel)} does not make a label name. Write a name in which \${1} stands for a group.`
    : `${quote(targetLabel)} is not a label name. ${NAME_RULE}`;
  return [invalid(at, message)];
}

function checkRefused(rule: DocumentRelabelRule, action: RelabelAction, path: Path): Fault[] {
  return (REFUSED[action] ?? [])
    .filter((field) => isSet(rule, field))
    .map((field) => invalid([...path, field], `The action ${action} takes no \`${field}\`. Remove it.`));
}

/** Prometheus does not see whether a field was written, only whether it differs from its default. */
function isSet(rule: DocumentRelabelRule, field: Field): boolean {
  const value = rule[field];
  if (field === 'sourceLabels') return (rule.sourceLabels?.length ?? 0) > 0;
  if (field === 'targetLabel') return value !== undefined && value !== '';
  if (field === 'separator' || field === 'replacement' || field === 'modulus') {
    return value !== undefined && value !== DEFAULTS[field];
  }
  return value !== undefined;
}

function checkModulus({ modulus = 0 }: DocumentRelabelRule, action: RelabelAction, path: Path): Fault[] {
  if (action !== 'hashmod' || modulus > 0) return [];
  return [invalid([...path, 'modulus'], 'The action hashmod needs a `modulus` of at least 1.')];
}

function checkLabelmap(
  { replacement = DEFAULTS.replacement }: DocumentRelabelRule,
  action: RelabelAction,
  path: Path,
): Fault[] {
  if (action !== 'labelmap' || TEMPLATE.test(replacement)) return [];
  const message = `${quote(replacement)} does not make a label name. Write a name in which \${1} stands for a group.`;
  return [invalid([...path, 'replacement'], message)];
}
