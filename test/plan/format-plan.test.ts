import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import { formatPlan, NO_CHANGES } from '../../controller/plan/format-plan.ts';
import { PLAIN } from '../../controller/plan/palette.ts';
import { hasChanges } from '../../controller/plan/plan-json.ts';
import { formatPlanMarkdown } from '../../controller/plan/plan-markdown.ts';
import type { Plan, PlanReport } from '../../controller/plan/types.ts';
import type { FileChange } from '../../controller/state/targets.ts';
import { planFor } from '../support/planning.ts';
import {
  complete,
  observedNamespace,
  observedRegistry,
  observedService,
  observedState,
  OWN_TAGS,
  scrapeTarget,
  WEBAPP_REGISTRY_ARN,
} from '../support/worlds.ts';

const EMPTY: Plan = { changes: [], drift: [], blocked: [], rollouts: [] };
const FILE: FileChange = {
  path: 'targets/webapp.metrics.json',
  action: 'create',
  before: undefined,
  after: '[]\n',
};

const report = (plan: Plan, files: readonly FileChange[] = []): PlanReport => ({ plan, files });
const lastLine = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);
const bound = complete(observedService({ serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN }] }));

describe('a plan as text', () => {
  it('shows what is created, with its tags, and that a binding rolls tasks', () => {
    const text = formatPlan(report(planFor(scrapeTarget(), observedState())));
    assert.equal(
      text,
      `ScrapeTarget webapp
  + registry ecs-services/webapp-svc
      dns: A, TTL 10, WEIGHTED
      description: "Scrape target webapp of ecs-prometheus-operator"
      + tag METRICS_PATH = "/metrics"
      + tag METRICS_PORT = "3000"
      + tag ecs-prometheus-operator/owner = "team-a"
      + tag ecs-prometheus-operator/scrape-target = "webapp"
  ! service demo/webapp-service: rolls 2 tasks of service webapp-service
      serviceRegistries: (none) -> registry ecs-services/webapp-svc

Plan: 1 to create, 1 to update, 0 to delete, 1 disruptive, 0 blocked.
`,
    );
  });

  it('shows each field and tag with its value before and after', () => {
    const tags = complete({ ...OWN_TAGS, METRICS_PORT: '80', METRICS_PORT_OLD: '1' });
    const namespace = complete(observedNamespace([observedRegistry({ tags, description: 'old' })]));
    const target = scrapeTarget({ registry: { dnsRecord: { type: 'A', ttl: 60 }, description: 'new' } });
    const lines = formatPlan(report(planFor(target, observedState({ namespace, service: bound })))).split(
      '\n',
    );
    for (const line of [
      '      ~ tag METRICS_PORT = "80" -> "3000"',
      '      - tag METRICS_PORT_OLD = "1"',
      '      ttl: 10 -> 60',
      '      description: "old" -> "new"',
      'Plan: 0 to create, 3 to update, 0 to delete, 0 disruptive, 0 blocked.',
    ]) {
      assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
    }
  });

  it('marks an adoption with <=', () => {
    const namespace = complete(observedNamespace([observedRegistry({ tags: complete({}) })]));
    const plan = planFor(
      scrapeTarget({ registry: { adopt: true } }),
      observedState({ namespace, service: bound }),
    );
    assert.match(formatPlan(report(plan)), /^ {2}<= registry ecs-services\/webapp-svc$/m);
  });

  it('says of what is blocked what happened and what to do', () => {
    const text = formatPlan(
      report(planFor(scrapeTarget(), observedState({ namespace: complete(undefined) }))),
    );
    assert.match(
      text,
      /blocked: namespace ecs-services: NamespaceNotFound\n {6}Cloud Map has no namespace.*\n {6}Correct spec\.registry\.namespace/,
    );
    assert.equal(lastLine(text), 'Plan: 0 to create, 0 to update, 0 to delete, 0 disruptive, 1 blocked.');
  });

  it('ends with the stable line when there is nothing to do', () => {
    assert.equal(formatPlan(report(EMPTY)), 'No changes. AWS and Prometheus match the documents.\n');
  });

  it('claims no match while a file differs, something is blocked or drift is observed', () => {
    const drifted = planFor(
      scrapeTarget({ spec: { bindingPolicy: 'Observe' } }),
      observedState({ namespace: complete(observedNamespace([observedRegistry()])) }),
    );
    assert.equal(drifted.drift.length, 1);
    for (const one of [report(EMPTY, [FILE]), report(drifted)]) {
      assert.equal(
        lastLine(formatPlan(one)),
        'Plan: 0 to create, 0 to update, 0 to delete, 0 disruptive, 0 blocked.',
      );
    }
  });

  it('is coloured only by the palette that it is given', () => {
    const plan = planFor(scrapeTarget(), observedState());
    const text = formatPlan(report(plan), { ...PLAIN, disruptive: (line) => `<red>${line}</red>` });
    assert.match(text, /<red> {2}! service demo\/webapp-service/);
    assert.ok(!formatPlan(report(plan)).includes('\u001B'));
  });

  it('lets no text of AWS forge a line or steer the terminal', () => {
    const error = transient({ reason: 'Throttled', message: 'a\nPlan: 9 to create\u001B[2J\u009B' });
    const text = formatPlan(
      report(planFor(scrapeTarget(), observedState({ namespace: { kind: 'failed', error } }))),
    );
    assert.ok(!/^Plan: 9/m.test(text));
    assert.ok(!/[^\P{Cc}\n]/u.test(text), JSON.stringify(text));
  });
});

describe('--detailed-exitcode', () => {
  it('means changes of AWS or of files, not what is blocked', () => {
    const blocked = planFor(scrapeTarget(), observedState({ namespace: complete(undefined) }));
    assert.equal(hasChanges(report(EMPTY)), false);
    assert.equal(hasChanges(report(blocked)), false);
    assert.equal(hasChanges(report(EMPTY, [FILE])), true);
    assert.equal(hasChanges(report(planFor(scrapeTarget(), observedState()))), true);
  });
});

describe('a plan as Markdown', () => {
  it('has the counts in its heading, a hidden marker, and the details folded in a diff fence', () => {
    const text = formatPlanMarkdown(report(planFor(scrapeTarget(), observedState()), [FILE]));
    assert.match(text, /^<!-- ecs-prometheus-operator:plan -->\n### Plan: 1 to create/);
    assert.match(text, /<details><summary>Details<\/summary>\n\n```diff\n[^`]*\n```\n\n<\/details>\n$/);
    assert.match(text, /^\+ {3}registry ecs-services\/webapp-svc$/m);
    assert.match(text, /^! {3}service demo\/webapp-service/m);
  });

  it('folds nothing when there is nothing to do', () => {
    assert.equal(
      formatPlanMarkdown(report(EMPTY)),
      `<!-- ecs-prometheus-operator:plan -->\n### ${NO_CHANGES}\n`,
    );
  });

  it('stays under the limit of a comment, says how much it left out and still closes its fence', () => {
    const targets = Array.from({ length: 400 }, (_, i) =>
      scrapeTarget({
        name: `target-${i}`,
        spec: { serviceRef: { cluster: 'demo', service: `service-${i}` } },
      }),
    );
    const text = formatPlanMarkdown(report(planFor(targets, observedState())));
    assert.ok(text.length <= 65_000, String(text.length));
    assert.ok(text.length > 60_000, String(text.length));
    assert.match(text, /\n\d+ more lines: see the plan in the log\.\n```\n\n<\/details>\n$/);
  });

  it('cannot be broken out of by backticks in a value', () => {
    const target = scrapeTarget({ registry: { description: '```\n# owned' } });
    const text = formatPlanMarkdown(report(planFor(target, observedState())));
    assert.match(text, /^````diff$/m);
    assert.match(text, /^````$/m);
  });
});
