import assert from 'node:assert/strict';
import { buildDesiredState, isOwnTagKey, type DesiredTagValue } from '../../controller/state/desired.ts';
import { endpoint, OWNER, scrapeTarget } from '../support/worlds.ts';

function tagsOf(endpoints: Parameters<typeof endpoint>[0][]): Record<string, string> {
  const target = scrapeTarget({ spec: { endpoints: endpoints.map((one) => endpoint(one)) } });
  const tags =
    buildDesiredState([target], OWNER).targets[0]?.registry.tags ?? new Map<string, DesiredTagValue>();
  return Object.fromEntries(
    [...tags].map(([key, tag]) => [key, tag.kind === 'literal' ? tag.value : `<${tag.portName}>`]),
  );
}

const OWNERSHIP = {
  'ecs-prometheus-operator/owner': OWNER,
  'ecs-prometheus-operator/scrape-target': 'webapp',
};

const port = (number: number) => ({ kind: 'number', number }) as const;

describe('desired state', () => {
  it('tags the first endpoint METRICS_PATH and METRICS_PORT, and the owner and the ScrapeTarget', () => {
    assert.deepEqual(tagsOf([{}]), { METRICS_PATH: '/metrics', METRICS_PORT: '3000', ...OWNERSHIP });
  });

  it('tags an endpoint named ecs ECS_METRICS_PATH and ECS_METRICS_PORT', () => {
    assert.deepEqual(tagsOf([{}, { name: 'ecs', path: '/ecs', port: port(9779) }]), {
      METRICS_PATH: '/metrics',
      METRICS_PORT: '3000',
      ECS_METRICS_PATH: '/ecs',
      ECS_METRICS_PORT: '9779',
      ...OWNERSHIP,
    });
  });

  it('gives the plain keys to the first other endpoint when ecs stands first', () => {
    assert.deepEqual(
      tagsOf([
        { name: 'ecs', path: '/ecs', port: port(9779) },
        { name: 'app' },
        { name: 'jvm', port: port(9404) },
      ]),
      {
        METRICS_PATH: '/metrics',
        METRICS_PORT: '3000',
        METRICS_PATH_JVM: '/metrics',
        METRICS_PORT_JVM: '9404',
        ECS_METRICS_PATH: '/ecs',
        ECS_METRICS_PORT: '9779',
        ...OWNERSHIP,
      },
    );
  });

  it('writes no plain keys for a target whose only endpoint is ecs', () => {
    assert.deepEqual(
      Object.keys(tagsOf([{ name: 'ecs' }])).filter((key) => key.startsWith('METRICS')),
      [],
    );
  });

  it('writes further endpoint names in upper case with underscores', () => {
    const tags = tagsOf([{}, { name: 'jvm-heap', path: '/heap', port: port(9404) }]);
    assert.equal(tags['METRICS_PATH_JVM_HEAP'], '/heap');
    assert.equal(tags['METRICS_PORT_JVM_HEAP'], '9404');
  });

  it('leaves a port that is given by name open until the task definition is read', () => {
    assert.equal(tagsOf([{ port: { kind: 'name', name: 'http' } }])['METRICS_PORT'], '<http>');
  });

  it('sorts targets by name and tags by key, whatever the order of the documents', () => {
    const [a, b] = [scrapeTarget({ name: 'a' }), scrapeTarget({ name: 'b' })];
    assert.deepEqual(buildDesiredState([b, a], OWNER), buildDesiredState([a, b], OWNER));
  });

  it('carries the container and port only when the document names them', () => {
    const [plain] = buildDesiredState([scrapeTarget()], OWNER).targets;
    const [srv] = buildDesiredState(
      [scrapeTarget({ registry: { containerName: 'app', containerPort: 80 } })],
      OWNER,
    ).targets;
    assert.deepEqual(Object.keys(plain?.binding ?? {}), ['service', 'policy']);
    assert.deepEqual(srv?.binding, {
      service: { cluster: 'demo', service: 'webapp-service' },
      policy: 'Ensure',
      containerName: 'app',
      containerPort: 80,
    });
  });

  for (const key of [
    'METRICS_PATH',
    'METRICS_PORT',
    'METRICS_PORT_JVM_HEAP',
    'ECS_METRICS_PATH',
    'ecs-prometheus-operator/owner',
  ]) {
    it(`counts ${key} as a tag key of ours`, () => assert.equal(isOwnTagKey(key), true));
  }
  for (const key of [
    'team',
    'METRICS',
    'METRICS_PATHS',
    'METRICS_PORT_',
    'metrics_path',
    'MY_METRICS_PATH',
    'ECS_METRICS_PATH_X',
    'ecs-prometheus-operator/other',
  ]) {
    it(`does not count ${key} as a tag key of ours`, () => assert.equal(isOwnTagKey(key), false));
  }
});
