import assert from 'node:assert/strict';
import { transient } from '../../controller/errors.ts';
import { formatPlan, NO_CHANGES } from '../../controller/plan/format-plan.ts';
import { PLAIN } from '../../controller/plan/palette.ts';
import { hasChanges } from '../../controller/plan/plan-json.ts';
import { formatPlanMarkdown } from '../../controller/plan/plan-markdown.ts';
import type { Plan, PlanReport } from '../../controller/plan/types.ts';
import type { FileChange } from '../../controller/state/targets.ts';
import { planFor } from '../support/planning.ts';
import { bindService, createRegistry, planOf } from '../support/plans.ts';
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
    const text = formatPlan(report(plan), {
      palette: { ...PLAIN, disruptive: (line) => `<red>${line}</red>` },
    });
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

describe('a plan of a thousand ScrapeTargets as text', () => {
  const nameOf = (i: number): string => `api-${String(i).padStart(4, '0')}`;
  const many = (count: number, portOf: (i: number) => number = () => 3000): Plan =>
    planOf(
      Array.from({ length: count }, (_, i) => {
        const binding = bindService(nameOf(i));
        return [
          { ...createRegistry(nameOf(i)), tags: { METRICS_PORT: String(portOf(i)), target: nameOf(i) } },
          { ...binding, service: { ...binding.service, name: `Service${i}` } },
        ];
      }).flat(),
    );
  const targetFile = (i: number, before: string | undefined, after: string | undefined): FileChange => ({
    path: `targets/${nameOf(i)}.metrics.json`,
    action: before === undefined ? 'create' : 'update',
    before,
    after,
  });
  const GROUP = (address: string): string => JSON.stringify([{ targets: [address], labels: {} }]);

  it('tells once what is the same for all of them', () => {
    const lines = formatPlan(report(many(1000))).split('\n');
    assert.equal(
      lines[0],
      '1000 ScrapeTargets: api-0000, api-0001, api-0002, api-0003, api-0004, api-0005, api-0006, api-0007, api-0008, api-0009 and 990 more',
    );
    for (const line of [
      '  + registry ecs-services/{registry}',
      '      + tag METRICS_PORT = "3000"',
      '      + tag target = "{name}"',
      '  ! service c/{service}: rolls 2 tasks of service {service}',
      '      serviceRegistries: (none) -> registry ecs-services/{registry}',
      'Plan: 1000 to create, 1000 to update, 0 to delete, 1000 disruptive, 0 blocked.',
    ])
      assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
    assert.ok(lines.length < 20);
  });

  it('tells once under --quiet too which services replace their tasks', () => {
    assert.equal(
      formatPlan(report(many(7)), { quiet: true }),
      `7 ScrapeTargets: api-0000, api-0001, api-0002, api-0003, api-0004, api-0005, api-0006
  ! service c/{service}: rolls 2 tasks of service {service}
      serviceRegistries: (none) -> registry ecs-services/{registry}

Plan: 7 to create, 7 to update, 0 to delete, 7 disruptive, 0 blocked.
`,
    );
  });

  it('tells apart what differs in a single value', () => {
    const text = formatPlan(report(many(1000, (i) => (i === 500 ? 9999 : 3000))));
    assert.match(text, /^999 ScrapeTargets: /m);
    assert.match(text, /^ScrapeTarget api-0500\n {2}\+ registry ecs-services\/api-0500-svc$/m);
    assert.match(text, /^ {6}\+ tag METRICS_PORT = "9999"$/m);
  });

  it('tells a few one by one', () => {
    assert.equal(formatPlan(report(many(4))).match(/^ScrapeTarget api-/gm)?.length, 4);
  });

  it('gives a line to each of twenty files, first to those that lose targets, and counts the others', () => {
    const files = Array.from({ length: 1000 }, (_, i) =>
      i === 700 ? targetFile(i, GROUP('10.0.0.1:1'), '[]') : targetFile(i, undefined, GROUP('10.0.0.2:1')),
    );
    const lines = formatPlan(report(EMPTY, files)).split('\n');
    assert.equal(lines[1], '  ~ targets/api-0700.metrics.json (+0 -1 targets)');
    assert.equal(lines[2], '  + targets/api-0000.metrics.json (+1 -0 targets)');
    assert.equal(lines[21], '  and 980 more files (+980 -0 targets; all of them with -o json)');
  });

  it('leaves under --quiet only what a person must look at, and the counts of all', () => {
    const target = scrapeTarget();
    const harmless = planOf([createRegistry('webapp')]);
    assert.equal(
      formatPlan(report(harmless, [FILE]), { quiet: true }),
      'Plan: 1 to create, 0 to update, 0 to delete, 0 disruptive, 0 blocked.\n',
    );
    assert.equal(
      formatPlan(report(planFor(target, observedState()), [FILE]), { quiet: true }),
      `ScrapeTarget webapp
  ! service demo/webapp-service: rolls 2 tasks of service webapp-service
      serviceRegistries: (none) -> registry ecs-services/webapp-svc

Plan: 1 to create, 1 to update, 0 to delete, 1 disruptive, 0 blocked.
`,
    );
    const blocked = planFor(target, observedState({ namespace: complete(undefined) }));
    assert.match(formatPlan(report(blocked), { quiet: true }), /blocked: namespace ecs-services/);
    assert.doesNotMatch(formatPlanMarkdown(report(harmless, [FILE]), { quiet: true }), /details/);
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
        registry: { description: `number ${i}` },
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
