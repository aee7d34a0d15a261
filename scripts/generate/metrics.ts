import { fullName, type Definition } from '../../controller/server/metrics/definition.ts';
import { DURATION, METRICS } from '../../controller/server/metrics/definitions.ts';
import { compareText } from '../../controller/state/keys.ts';

const HEADER = `# Metrics reference

<!-- Generated from controller/server/metrics by "npm run generate": change the definitions instead. -->

\`scrapectl run\` serves these metrics at \`/metrics\` of \`--listen\` (default \`127.0.0.1:9400\`), beside the process
metrics \`process_*\` and \`nodejs_*\`. No ARN and no message is a label; the number of series is bounded by the number of
ScrapeTargets, sources and AWS operations, and series of a ScrapeTarget that is gone disappear.
[Dashboards](../dashboards.md), [alert rules](../../examples/prometheus/alerts.yaml) and the [runbook](../runbook.md) are
made for them.

| Metric | Type | Labels | Meaning |
| --- | --- | --- | --- |
`;

/** The reference of the controller's own metrics as Markdown. */
export function metricsReference(): string {
  return `${HEADER}${[...METRICS, DURATION].sort(byName).map(row).join('\n')}\n`;
}

type Documented = Pick<Definition, 'name' | 'shared' | 'labels' | 'help'> & { readonly type: string };

const byName = (a: Documented, b: Documented): number => compareText(a.name, b.name);

function row(metric: Documented): string {
  const { type, labels, help } = metric;
  const cells = [`\`${fullName(metric)}\``, type, labels.map((label) => `\`${label}\``).join(', '), help];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
