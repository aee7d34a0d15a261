import { formatPlan, summaryLine } from './format-plan.ts';
import { planDocument } from './plan-json.ts';
import type { PlanReport } from './types.ts';

/** GitHub refuses comments of 65,536 characters; what surrounds ours needs room too. */
const MAX_CHARACTERS = 65_000;

/** Hidden in the comment, so that CI finds it again and updates it in place. */
const MARKER = '<!-- ecs-prometheus-operator:plan -->';

/** A plan for a pull request comment: the counts at a glance, the details folded. */
export function formatPlanMarkdown(report: PlanReport): string {
  const document = planDocument(report);
  const summary = summaryLine(document);
  const head = [MARKER, `### ${summary}`, ''];
  if (formatPlan(report) === `${summary}\n`) return head.join('\n');
  return [...head, ...foldedPlan(report, MAX_CHARACTERS - head.join('\n').length), ''].join('\n');
}

function foldedPlan(report: PlanReport, budget: number): readonly string[] {
  const lines = formatPlan(report).trimEnd().split('\n').slice(0, -2).map(diffLine);
  const fence = fenceFor(lines);
  const open = ['<details><summary>Details</summary>', '', `${fence}diff`];
  const close = [fence, '', '</details>'];
  const frame = [...open, ...close].join('\n').length;
  return [...open, ...truncate(lines, budget - frame - TRUNCATED.length - 32), ...close];
}

/** Within a diff fence GitHub colours by the first column, so the sign goes there and the indent behind it. */
function diffLine(line: string): string {
  return line.replace(/^( +)(\+|-|~|!|<=)(?= )/, (_, indent: string, sign: string) => `${sign}${indent}`);
}

/** A fence must be longer than any run of backticks inside, or a value could end it. */
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
}

const TRUNCATED = 'more lines: see the plan in the log.';

function truncate(lines: readonly string[], budget: number): readonly string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += line.length + 1;
    return used > budget;
  });
  return end === -1 ? lines : [...lines.slice(0, end), `${lines.length - end} ${TRUNCATED}`];
}
