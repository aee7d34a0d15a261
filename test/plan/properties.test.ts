import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Change } from '../../controller/plan/types.ts';
import { OWNER_TAG } from '../../controller/state/desired.ts';
import type { ObservedRegistry, ObservedService, ObservedState } from '../../controller/state/observed.ts';
import { applyToObserved } from '../support/apply-to-observed.ts';
import { worlds } from '../support/arbitrary-worlds.ts';
import { planFor } from '../support/planning.ts';
import { OWNER } from '../support/worlds.ts';

const RUNS = { numRuns: 1000 };

function findRegistry(
  observed: ObservedState,
  namespace: string,
  name: string,
): ObservedRegistry | undefined {
  const read = observed.namespaces.get(namespace);
  return read?.kind === 'complete' ? read.value?.registries.get(name) : undefined;
}

function findService(
  observed: ObservedState,
  change: Extract<Change, { kind: 'bindService' }>,
): ObservedService | undefined {
  const read = observed.services.get(`demo/${change.service.name}`);
  return read?.kind === 'complete' ? read.value : undefined;
}

const tagsOf = (registry: ObservedRegistry | undefined) =>
  registry?.tags?.kind === 'complete' ? registry.tags.value : undefined;

const reversed = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => new Map([...map].toReversed());

describe('plan: whatever the documents and whatever AWS holds', () => {
  it('a plan that was carried out leaves nothing to change', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        const plan = planFor(targets, observed);
        assert.deepEqual(planFor(targets, applyToObserved(plan, observed)).changes, []);
      }),
      RUNS,
    );
  });

  it('planning is the same under any order of documents and of answers', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        const shuffled: ObservedState = {
          namespaces: reversed(observed.namespaces),
          services: reversed(observed.services),
          taskDefinitions: reversed(observed.taskDefinitions),
          tasks: observed.tasks,
        };
        assert.deepEqual(planFor(targets.toReversed(), shuffled), planFor(targets, observed));
      }),
      RUNS,
    );
  });

  it('no registry is changed that is not ours or adopted by its document in the same plan', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        const adopted = new Set<string>();
        for (const change of planFor(targets, observed).changes) {
          if (change.kind === 'createRegistry') {
            assert.equal(findRegistry(observed, change.namespace.name, change.name), undefined);
          } else if (change.kind !== 'bindService') {
            const owner = tagsOf(findRegistry(observed, change.registry.namespace, change.registry.name))?.[
              OWNER_TAG
            ];
            if (change.kind === 'tagRegistry' && change.adopts) {
              assert.equal(owner, undefined);
              assert.equal(
                targets.find(({ metadata }) => metadata.name === change.target)?.spec.registry.adopt,
                true,
              );
              adopted.add(change.target);
            } else if (!adopted.has(change.target)) assert.equal(owner, OWNER);
          }
        }
      }),
      RUNS,
    );
  });

  it('no tag is written or removed but those of our own families', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        for (const change of planFor(targets, observed).changes) {
          const touched =
            change.kind === 'tagRegistry'
              ? change.after
              : change.kind === 'untagRegistry'
                ? change.before
                : {};
          assert.ok(!('team' in touched) && !('AmazonECSManaged' in touched));
        }
      }),
      RUNS,
    );
  });

  it('no binding of another registry is replaced, and none is sent that matches already', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        for (const change of planFor(targets, observed).changes) {
          if (change.kind !== 'bindService') continue;
          const [current] = findService(observed, change)?.serviceRegistries ?? [];
          assert.ok(current === undefined || current.registryArn === change.after.registryArn);
          assert.notDeepEqual(current, change.after);
        }
      }),
      RUNS,
    );
  });

  it('nothing is written to what could not be read', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        for (const change of planFor(targets, observed).changes) {
          if (change.kind === 'bindService') {
            const service = findService(observed, change);
            assert.ok(service);
            assert.equal(observed.taskDefinitions.get(service.taskDefinitionArn ?? '')?.kind, 'complete');
            assert.equal(observed.namespaces.get(change.registry.namespace)?.kind, 'complete');
          } else if (change.kind === 'createRegistry') {
            assert.equal(observed.namespaces.get(change.namespace.name)?.kind, 'complete');
          } else {
            assert.ok(tagsOf(findRegistry(observed, change.registry.namespace, change.registry.name)));
          }
        }
      }),
      RUNS,
    );
  });

  it('every blocked item says what happened and what to do', () => {
    fc.assert(
      fc.property(worlds, ({ targets, observed }) => {
        for (const { subject, reason, message, remedy } of planFor(targets, observed).blocked) {
          assert.match(reason, /^[A-Z][A-Za-z]+$/);
          for (const text of [subject, message, remedy])
            assert.ok(text.length > 0 && !text.includes('undefined'), text);
        }
      }),
      RUNS,
    );
  });

  it('the worlds of these properties give every kind of change', () => {
    const kinds = new Set(
      fc
        .sample(worlds, { numRuns: 1000, seed: 1 })
        .flatMap(({ targets, observed }) => planFor(targets, observed).changes.map(({ kind }) => kind)),
    );
    assert.deepEqual([...kinds].sort(), [
      'bindService',
      'createRegistry',
      'tagRegistry',
      'untagRegistry',
      'updateRegistry',
    ]);
  });
});
