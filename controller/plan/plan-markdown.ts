import { foldedDiff, MAX_COMMENT_CHARACTERS } from './folded-diff.ts';
import { formatPlan, summaryLine } from './format-plan.ts';
import { planDocument } from './plan-json.ts';
import type { PlanReport } from './types.ts';

/** Hidden in the comment, so that CI finds it again and updates it in place. */
const MARKER = '<!-- ecs-prometheus-operator:plan -->';

/** A plan for a pull request comment: the counts at a glance, the details folded. */
export function formatPlanMarkdown(report: PlanReport): string {
  const document = planDocument(report);
  const summary = summaryLine(document);
  const head = [MARKER, `### ${summary}`, ''];
  if (formatPlan(report) === `${summary}\n`) return head.join('\n');
  return [...head, ...foldedPlan(report, MAX_COMMENT_CHARACTERS - head.join('\n').length), ''].join('\n');
}

function foldedPlan(report: PlanReport, budget: number): readonly string[] {
  return foldedDiff(formatPlan(report).trimEnd().split('\n').slice(0, -2), budget);
}
