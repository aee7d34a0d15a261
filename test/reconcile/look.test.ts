import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { look, scopeOf } from '../../controller/reconcile/look.ts';
import { NO_MEMORY } from '../../controller/reconcile/memory.ts';
import type { View } from '../../controller/reconcile/look.ts';
import {
  complete,
  document,
  failed,
  namespace,
  observed,
  scrapeTargets,
  service,
  task,
} from '../support/scrape-world.ts';
import {
  file,
  LOOK,
  lookPorts,
  memoryReader,
  memorySource,
  memoryText,
  never,
  ours,
  whole,
} from './ports.ts';
import type { LookWorld } from './ports.ts';

/** Looks as often as asked with the same ports, each look remembering the one before. */
async function looks(times: number, overrides: Partial<LookWorld>, variables = new Map<string, string>()) {
  const ports = lookPorts(overrides);
  let view: View | undefined;
  for (let i = 0; i < times; i += 1)
    view = await look(ports, { ...LOOK, variables }, view?.memory ?? NO_MEMORY, never());
  assert.ok(view !== undefined);
  return view;
}

const BASE = 'global: {scrape_interval: 7s}\n';
const unreadable = terminal({ reason: 'SourceNotFound', message: 'gone', where: 'base.yml' });

describe('a look at the world', () => {
  it('asks AWS for exactly what the documents name, each thing once', async () => {
    const targets = scrapeTargets(
      document(),
      document('', 'portNumber: 1', 'db').replace(
        'cluster: shop',
        'cluster: arn:aws:ecs:eu-west-1:123456789012:cluster/x',
      ),
    );
    assert.deepEqual(scopeOf([...targets, ...targets]), {
      services: [
        { cluster: 'shop', service: 'webapp' },
        { cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/x', service: 'db' },
      ],
      registries: [
        { namespace: 'ecs-services', name: 'webapp-svc' },
        { namespace: 'ecs-services', name: 'db-svc' },
      ],
    });
  });

  it('plans, discovers and renders from one and the same observation', async () => {
    const reader = memoryReader(ours());
    const view = await looks(1, { reader });
    assert.equal(reader.scopes.length, 1);
    assert.deepEqual(
      view.plan.changes.map(({ kind }) => kind),
      ['bindService'],
    );
    assert.equal(view.findings.discoveries.get('webapp')?.kind, 'discovered');
    assert.equal(view.inForce.output.bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'write');
  });

  it('keeps the targets on disk when their read failed, and writes those of others', async () => {
    const db = document('', 'portNumber: 9187', 'db');
    const both = observed({ tasks: failed() });
    const state = {
      ...both,
      services: new Map([...both.services, ['shop/db', complete(service({ name: 'db' }))]]),
      tasks: new Map([...both.tasks, ['shop/db', complete({ tasks: [task('x')], skipped: [] })]]),
    };
    const view = await looks(1, {
      sources: [memorySource(whole(file(document()), file(db, 'db.yaml')))],
      reader: memoryReader(state),
    });
    assert.equal(view.inForce.output.bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'keep');
    assert.equal(view.inForce.output.bundle.targetFiles.get('targets/db.metrics.json')?.kind, 'write');
  });

  it('keeps the targets of a suspended ScrapeTarget, and its job, and plans nothing for it', async () => {
    const view = await looks(1, { sources: [memorySource(whole(file(document('  suspend: true'))))] });
    const found = view.findings.discoveries.get('webapp');
    assert.equal(found?.kind === 'unknown' && found.error.reason, 'Suspended');
    assert.equal(view.inForce.output.bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'keep');
    assert.match(view.inForce.output.bundle.config, /job_name: webapp\/metrics/);
    assert.deepEqual(view.plan.changes, []);
  });

  it('merges the jobs into the base configuration, with its variables replaced', async () => {
    const text = 'global: {scrape_interval: 7s, external_labels: {env: "${ENVIRONMENT}"}}\n';
    const view = await looks(1, { baseConfig: memoryText(text) }, new Map([['ENVIRONMENT', 'blue']]));
    assert.match(view.inForce.output.bundle.config, /scrape_interval: 7s/);
    assert.match(view.inForce.output.bundle.config, /env: "blue"/);
    assert.equal(view.baseConfigError, undefined);
  });

  for (const [what, second] of [
    ['unreadable', unreadable],
    ['not YAML', 'global: ['],
    ['not a Prometheus configuration', '- 1\n'],
    ['in want of a variable', 'global: {scrape_interval: "${NOWHERE}"}\n'],
    ['against our jobs', 'scrape_configs: 5\n'],
  ] as const) {
    it(`leaves the last base configuration in force when the newest is ${what}, and says why`, async () => {
      const view = await looks(2, { baseConfig: memoryText(BASE, second) });
      assert.match(view.inForce.output.bundle.config, /scrape_interval: 7s/);
      assert.match(view.baseConfigError?.where ?? '', /^base\.yml/);
    });

    it(`cannot begin with a base configuration that is ${what}`, async () => {
      await assert.rejects(looks(1, { baseConfig: memoryText(second) }), { name: 'OperatorError' });
    });
  }

  it('takes the base configuration again as soon as it is mended', async () => {
    const mended = 'global: {scrape_interval: 9s}\n';
    const view = await looks(3, { baseConfig: memoryText(BASE, unreadable, mended) });
    assert.match(view.inForce.output.bundle.config, /scrape_interval: 9s/);
    assert.equal(view.baseConfigError, undefined);
  });

  it('leaves out what the running Prometheus does not know, and says so', async () => {
    const view = await looks(1, {
      sources: [memorySource(whole(file(document('  fallbackScrapeProtocol: PrometheusText0.0.4'))))],
      prometheusVersion: async () => '2.42.0',
    });
    assert.doesNotMatch(view.inForce.output.bundle.config, /fallback_scrape_protocol/);
    assert.equal(view.inForce.output.problems[0]?.reason, 'FieldIgnoredForVersion');
  });

  it('tells of files that are not there, and keeps the job all the same', async () => {
    const files = `portNumber: 3000
tlsConfig: {caFile: /etc/prometheus/secrets/ca.pem}
basicAuth: {username: u, passwordFile: /etc/prometheus/secrets/password}`;
    const asked: string[] = [];
    const fileExists = async (path: string): Promise<boolean> => {
      asked.push(path);
      return path.endsWith('password');
    };
    const view = await looks(1, {
      sources: [memorySource(whole(file(document('', files)), file(document('', files, 'db'), 'db.yaml')))],
      fileExists,
    });
    assert.deepEqual(asked, ['/etc/prometheus/secrets/ca.pem', '/etc/prometheus/secrets/password']);
    const { problems, bundle } = view.inForce.output;
    assert.deepEqual(
      problems.map(({ target, endpoint, reason }) => [target, endpoint, reason]),
      [
        ['db', 'metrics', 'FileNotSeen'],
        ['webapp', 'metrics', 'FileNotSeen'],
      ],
    );
    assert.match(
      problems[0]?.message ?? '',
      /^caFile \/etc\/prometheus\/secrets\/ca\.pem of endpoint metrics/,
    );
    assert.match(bundle.config, /ca_file: "?\/etc\/prometheus\/secrets\/ca\.pem/);
    assert.equal(bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'write');
  });

  it('plans no binding while the namespace could not be read', async () => {
    const view = await looks(1, { reader: memoryReader(observed({ namespace: failed() })) });
    assert.deepEqual(view.plan.changes, []);
    assert.notEqual(view.plan.blocked.length, 0);
  });

  it('has nothing to do where no document is', async () => {
    const view = await looks(1, { sources: [memorySource(whole())] });
    assert.deepEqual(view.plan.changes, []);
    assert.equal(view.inForce.output.bundle.targetFiles.size, 0);
  });

  it('never changes a registry that carries no owner tag of ours', async () => {
    const foreign = namespace({ 'ecs-prometheus-operator/owner': 'somebody-else' });
    const view = await looks(1, { reader: memoryReader(observed({ namespace: complete(foreign) })) });
    assert.deepEqual(view.plan.changes, []);
  });
});
