import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rediscover } from '../../controller/reconcile/rediscover.ts';
import { discoverTargets } from '../../controller/scrape/discover.ts';
import {
  complete,
  definition,
  document,
  failed,
  hostTask,
  namespace,
  observed,
  scrapeTarget,
  service,
  task,
} from '../support/scrape-world.ts';
import type { World } from '../support/scrape-world.ts';

/** Everything that the discovery of the targets below depends on, each in versions that make a difference. */
const worlds: fc.Arbitrary<World> = fc.record({
  service: fc.constantFrom(
    complete(service()),
    complete(service({ tags: { team: 'web' } })),
    complete(service({ status: 'INACTIVE' })),
    complete(undefined),
    failed(),
  ),
  tasks: fc.constantFrom<NonNullable<World['tasks']>>(
    [task('aaa')],
    [task('aaa'), task('bbb', { ipv4: '10.0.0.2' })],
    [task('aaa', { lastStatus: 'DEACTIVATING' })],
    [task('aaa', { healthStatus: 'HEALTHY' })],
    [hostTask('aaa', '10.0.0.9')],
    [],
    failed(),
  ),
  definition: fc.constantFrom(
    complete(definition()),
    complete(definition({ family: 'other' })),
    complete(definition({ networkMode: 'host' })),
    failed(),
  ),
  namespace: fc.constantFrom(
    complete(namespace()),
    complete(namespace({ team: 'ops' })),
    complete(undefined),
    failed(),
  ),
});

const texts = [
  document('  targetLabels: [team]', 'port: http'),
  document('  targetLabels: [team]\n  labels: {env: demo}'),
];

describe('rediscover', () => {
  it('says what discovering afresh says, whatever it remembers', () => {
    fc.assert(
      fc.property(worlds, worlds, fc.constantFrom(...texts), fc.boolean(), (before, after, text, edited) => {
        const first = scrapeTarget(text);
        const second = edited ? scrapeTarget(document('  labels: {env: edited}')) : first;
        const remembered = rediscover(first, observed(before), undefined);
        const { discovery } = rediscover(second, observed(after), remembered);
        assert.deepEqual(discovery, discoverTargets(second, observed(after)));
      }),
    );
  });

  it('gives the very same discovery when AWS says the same again in other words', () => {
    const target = scrapeTarget();
    const remembered = rediscover(target, observed(), undefined);
    const again = rediscover(target, structuredClone(observed()), remembered);
    assert.equal(again.discovery, remembered.discovery);
  });
});
