import assert from 'node:assert/strict';
import { findOrphans, type OrphanQuestion } from '../../controller/plan/orphans.ts';
import type { ObservedRegistry } from '../../controller/state/observed.ts';
import { arnOf, complete, entry, FAILED, registry, service, world } from '../support/departures.ts';

const retained = entry('web', { state: 'retained' });

const orphansOf = (registries: readonly ObservedRegistry[], question: Partial<OrphanQuestion> = {}) =>
  findOrphans({
    owner: 'prod',
    owned: [],
    named: [],
    inventory: { observed: world(registries, []) },
    ...question,
  });

const namesOf = (...of: Parameters<typeof orphansOf>) => orphansOf(...of).map(({ name }) => name);

describe('orphans', () => {
  it('are the registries with exactly our owner tag that no document names, sorted', () => {
    const registries = [
      registry('b', 'prod'),
      registry('a', 'prod'),
      registry('eu', 'prod-eu'),
      registry('none', undefined),
      registry('named', 'prod'),
      { ...registry('untold', 'prod'), tags: undefined },
      { ...registry('unread', 'prod'), tags: FAILED },
    ];
    assert.deepEqual(namesOf(registries, { named: [{ namespace: 'apps', name: 'named-svc' }] }), [
      'a-svc',
      'b-svc',
    ]);
  });

  it('are not what a document of the same name in another namespace claims', () => {
    const named = [{ namespace: 'others', name: 'web-svc' }];
    assert.deepEqual(namesOf([registry('web', 'prod')], { named }), ['web-svc']);
  });

  it('are retained when the inventory knows of them, and not orphans while something goes on with them', () => {
    const stateOf = (state: 'active' | 'deleting' | 'retained') =>
      orphansOf([registry('web', 'prod')], { owned: [entry('web', { state })] }).map((one) => one.state);
    assert.deepEqual([stateOf('active'), stateOf('deleting'), stateOf('retained')], [[], [], ['retained']]);
    assert.equal(orphansOf([registry('web', 'prod')])[0]?.state, 'unknown');
  });

  it('name the ScrapeTarget of the inventory, or of the tag, or none', () => {
    const tagged = {
      ...registry('web', 'prod'),
      tags: complete({
        'ecs-prometheus-operator/owner': 'prod',
        'ecs-prometheus-operator/scrape-target': 'by-tag',
      }),
    };
    const nameOf = (one: ObservedRegistry, owned: OrphanQuestion['owned'] = []) =>
      orphansOf([one], { owned })[0]?.scrapeTarget;
    assert.deepEqual(
      [nameOf(tagged, [retained]), nameOf(tagged), nameOf(registry('web', 'prod'))],
      ['web', 'by-tag', null],
    );
  });

  it('name every service that still uses them, sorted, as far as services can be read', () => {
    const observed = world(
      [registry('web', 'prod'), registry('free', 'prod')],
      [service('z', [arnOf('web')]), service('a', [arnOf('other'), arnOf('web')]), service('b', [])],
    );
    const services = new Map([
      ...observed.services,
      ['c/unread', FAILED] as const,
      ['c/gone', complete(undefined)] as const,
    ]);
    assert.deepEqual(
      orphansOf([], { inventory: { observed: { ...observed, services } } }).map(({ name, usedBy }) => [
        name,
        usedBy,
      ]),
      [
        ['free-svc', []],
        ['web-svc', ['c/a', 'c/z']],
      ],
    );
  });

  it('are not looked for in a namespace that is gone or cannot be read', () => {
    const observed = world([], [], {
      namespaces: new Map([
        ['gone', complete(undefined)],
        ['unread', FAILED],
      ]),
    });
    assert.deepEqual(orphansOf([], { inventory: { observed } }), []);
  });
});
