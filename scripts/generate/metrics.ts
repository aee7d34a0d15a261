import { PREFIX } from '../../controller/server/metrics/definition.ts';
import { DURATION, METRICS } from '../../controller/server/metrics/definitions.ts';

const HEADER = `# Metrics reference

<!-- Generated from controller/server/metrics by "npm run generate": change the definitions instead. -->

\`scrapectl run\` serves these metrics at \`/metrics\` of \`--listen\` (default \`127.0.0.1:9400\`), beside the process
metrics \`process_*\` and \`nodejs_*\`. No ARN and no message is a label; the number of series is bounded by the number of
ScrapeTargets, sources and AWS operations, and series of a ScrapeTarget that is gone disappear.
[Alert rules](../../examples/prometheus/alerts.yaml) and the [runbook](../runbook.md) are made for them.

| Metric | Type | Labels | Meaning |
| --- | --- | --- | --- |
`;

/** The reference of the controller's own metrics as Markdown. */
export function metricsReference(): string {
  return `${HEADER}${[...METRICS, DURATION].map(row).sort().join('\n')}\n`;
}

function row({ name, type, labels, help }: (typeof METRICS)[number] | typeof DURATION): string {
  const cells = [`\`${PREFIX}${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
