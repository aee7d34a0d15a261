import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { fullName } from '../../controller/server/metrics/definition.ts';
import { DURATION, METRICS } from '../../controller/server/metrics/definitions.ts';
import { PROMETHEUS_TIMEOUT_MS, requirePrometheus } from '../support/prometheus.ts';

const run = promisify(execFile);
const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(pathOf(path), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const file = load(read('examples/prometheus/alerts.yaml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = file.groups.flatMap((group) => group.rules);
const runbook = read('docs/runbook.md');

describe('the alert rules', () => {
  it('fire when they should and only then, as promtool test rules finds', async function () {
    const { promtool } = await requirePrometheus(this);
    const { stdout } = await run(promtool, ['test', 'rules', pathOf('test/server/alerts.unit.yaml')]);
    assert.match(stdout, /SUCCESS/);
  }).timeout(PROMETHEUS_TIMEOUT_MS);

  it('are each held by a unit test', () => {
    const tests = read('test/server/alerts.unit.yaml');
    assert.deepEqual(
      rules.filter(({ alert }) => !tests.includes(`alertname="${alert}"`)).map(({ alert }) => alert),
      [],
    );
    assert.ok(rules.length >= 7);
  });

  it('name only metrics that the controller has', () => {
    const served = new Set([...METRICS, DURATION].map(fullName));
    const texts = [...rules.map(({ expr }) => expr), runbook];
    const names = texts.flatMap((text) => text.match(/\b(?:ecs_scrape_operator|leader_election)_\w+/g) ?? []);
    assert.deepEqual(
      names.filter((name) => !served.has(name)),
      [],
    );
  });

  it('have a severity, a text for people, and a place in the runbook', () => {
    for (const { alert, labels, annotations } of rules) {
      assert.match(labels['severity'] ?? '', /^(critical|warning)$/, alert);
      assert.match(annotations['summary'] ?? '', /\.$/, alert);
      assert.match(annotations['description'] ?? '', /\.$/, alert);
      assert.equal(annotations['runbook'], `docs/runbook.md#${alert.toLowerCase()}`);
      assert.match(runbook, new RegExp(`^## ${alert}$`, 'm'));
    }
  });

  it('are all that the runbook tells of', () => {
    const headings = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(
      headings,
      rules.map(({ alert }) => alert),
    );
  });
});
