import { foldedDiff, MAX_COMMENT_CHARACTERS } from './folded-diff.ts';
import { formatPlan, summaryLine, type PlanStyle } from './format-plan.ts';
import { planDocument } from './plan-json.ts';
import type { PlanReport } from './types.ts';

/** Hidden in the comment, so that CI finds it again and updates it in place. */
const MARKER = '<!-- ecs-prometheus-operator:plan -->';

/** A plan for a pull request comment: the counts at a glance, the details folded. */
export function formatPlanMarkdown(report: PlanReport, style: Omit<PlanStyle, 'palette'> = {}): string {
  const document = planDocument(report);
  const summary = summaryLine(document, style);
  const head = [MARKER, `### ${summary}`, ''];
  const text = formatPlan(report, style);
  if (text === `${summary}\n`) return head.join('\n');
  const details = text.trimEnd().split('\n').slice(0, -2);
  const budget = MAX_COMMENT_CHARACTERS - head.join('\n').length;
  return [...head, ...foldedDiff(details, budget), ''].join('\n');
}
