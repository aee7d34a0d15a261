import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'examples/grafana';

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: DataSource;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly description?: string;
  readonly datasource?: DataSource;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly thresholds?: object } };
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly allValue?: string;
  readonly datasource?: DataSource;
  readonly definition?: string;
  readonly query: string | { readonly query: string };
}

/** What the tests look at in a dashboard of Grafana. */
export interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

export const DASHBOARDS: readonly Dashboard[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .toSorted()
  .map((file) => ({ ...JSON.parse(readFileSync(join(FOLDER, file), 'utf8')), file }));

export const targetsOf = ({ panels }: Dashboard): readonly (Target & { readonly panel: Panel })[] =>
  panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ ...target, panel })));

/** What Grafana sends when "All" is chosen everywhere, with a rate interval for scrapes every second. */
export function sentBy({ templating }: Dashboard, expr: string): string {
  const values = new Map(templating.list.map(({ name, allValue }) => [name, allValue]));
  return expr.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (text, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return (name === '__rate_interval' ? '15s' : values.get(name)) ?? text;
  });
}

/** The labels that the legend of a query shows. */
export const legendLabelsOf = ({ legendFormat }: Target): readonly string[] =>
  [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);

/** What each variable asks Prometheus: `label_values(selector, label)`. */
export const labelVariablesOf = ({ templating }: Dashboard) =>
  templating.list
    .filter(({ type }) => type === 'query')
    .map(({ definition = '' }) => {
      const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
      return { selector, label };
    });

const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;

/** The metrics that a PromQL expression names: what is left without labels, durations, groupings and functions. */
export function metricsOf(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/\{(?:"(?:\\.|[^"\\])*"|[^}])*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(GROUPING, ' ');
  const words = bare.match(/(?<![\w:])[a-z_:][\w:]*(?![\w:]|\s*\()/gi) ?? [];
  return words.filter((word) => !KEYWORDS.has(word.toLowerCase()));
}
