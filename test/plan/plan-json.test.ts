import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { planDocument } from '../../controller/plan/plan-json.ts';
import type { PlanReport } from '../../controller/plan/types.ts';
import { worlds } from '../support/arbitrary-worlds.ts';
import { planFor } from '../support/planning.ts';
import {
  complete,
  observedNamespace,
  observedRegistry,
  observedState,
  scrapeTarget,
  WEBAPP_REGISTRY_ARN,
} from '../support/worlds.ts';

const schemaText = readFileSync(new URL('../../schemas/plan.v1.schema.json', import.meta.url), 'utf8');
const schema = JSON.parse(schemaText) as object;
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

const asJson = (report: PlanReport): unknown => JSON.parse(JSON.stringify(planDocument(report)));

const FILES: PlanReport['files'] = [
  { path: 'prometheus.yml', action: 'update', before: 'a: 1\n', after: 'a: 2\n' },
  {
    path: 'targets/webapp.metrics.json',
    action: 'delete',
    before: '[{"targets":["10.0.0.1:1"]}]',
    after: undefined,
  },
];

describe('a plan as JSON', () => {
  it('matches the published schema, whatever the plan', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        const ok = validate(asJson({ plan: planFor(targets, observed), files: FILES }));
        assert.ok(ok, JSON.stringify(validate.errors));
      }),
      { numRuns: 500 },
    );
  });

  it('would not match the schema with a field that the schema does not know', () => {
    const document = planDocument({ plan: planFor(scrapeTarget(), observedState()), files: FILES });
    assert.equal(validate({ ...document, changes: [{ ...document.changes[0], extra: 1 }] }), false);
  });

  it('counts creations, updates, disruptions, blocked items and files', () => {
    const document = planDocument({ plan: planFor(scrapeTarget(), observedState()), files: FILES });
    assert.equal(document.formatVersion, '1.0');
    assert.deepEqual(document.summary, {
      create: 1,
      update: 1,
      delete: 0,
      adopt: 0,
      disruptive: 1,
      blocked: 0,
      files: 2,
    });
  });

  it('counts an adoption as an update too', () => {
    const namespace = complete(observedNamespace([observedRegistry({ tags: complete({}) })]));
    const plan = planFor(scrapeTarget({ registry: { adopt: true } }), observedState({ namespace }));
    const { summary, changes } = planDocument({ plan, files: [] });
    assert.deepEqual([summary.adopt, summary.update, changes[0]?.action], [1, 2, 'adopt']);
  });

  it('tells how many tasks a binding replaces, and leaves the ARN of a registry open until it exists', () => {
    const [, fresh] = planDocument({ plan: planFor(scrapeTarget(), observedState()), files: [] }).changes;
    assert.equal(fresh?.tasksReplaced, 2);
    assert.deepEqual(fresh?.after, { serviceRegistries: [{ registryArn: null }] });
    const namespace = complete(observedNamespace([observedRegistry()]));
    const [known] = planDocument({
      plan: planFor(scrapeTarget(), observedState({ namespace })),
      files: [],
    }).changes;
    assert.deepEqual(known?.after, { serviceRegistries: [{ registryArn: WEBAPP_REGISTRY_ARN }] });
  });

  it('shows only the fields of a registry that change', () => {
    const namespace = complete(observedNamespace([observedRegistry({ description: 'by hand' })]));
    const target = scrapeTarget({ registry: { dnsRecord: { type: 'A', ttl: 60 } } });
    const [change] = planDocument({ plan: planFor(target, observedState({ namespace })), files: [] }).changes;
    assert.deepEqual([change?.before, change?.after], [{ ttl: 10 }, { ttl: 60 }]);
  });
});
