import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { ScrapeTarget } from '../../controller/api/types.ts';
import { importDocuments, type ImportedDocument } from '../../controller/plan/import-documents.ts';
import { OWNER_TAG } from '../../controller/state/desired.ts';
import type { Inventory } from '../../controller/state/inventory.ts';
import type { ObservedRegistry, ObservedState } from '../../controller/state/observed.ts';
import { applyToObserved } from '../support/apply-to-observed.ts';
import { inventories, OWNER } from '../support/inventories.ts';
import { planFor } from '../support/planning.ts';

const RUNS = { numRuns: 1000 };

const filesOf = (documents: readonly ImportedDocument[]) =>
  documents.map(({ name, text }) => ({ file: `${name}.yaml`, text }));

function targetsOf(inventory: Inventory): readonly ScrapeTarget[] {
  const { documents } = importDocuments(inventory, OWNER);
  return parseDocuments(filesOf(documents)).targets;
}

const registriesOf = ({ observed }: Inventory): readonly ObservedRegistry[] =>
  [...observed.namespaces.values()].flatMap((read) =>
    read.kind === 'complete' && read.value?.shared === false ? [...read.value.registries.values()] : [],
  );

const uncommented = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^# /, ''))
    .filter((line) => !line.startsWith('A proposal:') && !line.startsWith('Registry '))
    .join('\n');

function reversed(state: ObservedState): ObservedState {
  const turn = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => new Map([...map].toReversed());
  const namespaces = [...state.namespaces].map(([name, read]) =>
    read.kind === 'complete' && read.value !== undefined
      ? ([
          name,
          { kind: 'complete', value: { ...read.value, registries: turn(read.value.registries) } },
        ] as const)
      : ([name, read] as const),
  );
  return { ...state, namespaces: new Map(namespaces), services: turn(state.services) };
}

describe('import: whatever an account holds', () => {
  it('every document validates, alone and beside the others', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const { documents } = importDocuments(inventory, OWNER);
        const { targets, errors } = parseDocuments(filesOf(documents));
        assert.deepEqual(errors, []);
        assert.deepEqual(
          targets.map(({ metadata }) => metadata.name),
          documents.filter(({ proposal }) => !proposal).map(({ name }) => name),
        );
      }),
      RUNS,
    );
  });

  it('a proposal asks for nothing, and validates once its marks are removed', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        for (const { text } of importDocuments(inventory, OWNER).documents.filter(
          ({ proposal }) => proposal,
        )) {
          const asIs = parseDocuments([{ file: 'proposal.yaml', text }]);
          assert.deepEqual([asIs.targets, asIs.errors, asIs.skipped], [[], [], []]);
          const taken = parseDocuments([{ file: 'proposal.yaml', text: uncommented(text) }]);
          assert.deepEqual([taken.targets.length, taken.errors], [1, []]);
        }
      }),
      RUNS,
    );
  });

  it('a plan on the documents adopts, and replaces no task, makes nothing and is not blocked', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const plan = planFor(targetsOf(inventory), inventory.observed);
        assert.deepEqual(plan.blocked, []);
        for (const change of plan.changes)
          assert.ok(change.kind === 'tagRegistry' || change.kind === 'untagRegistry', change.kind);
      }),
      RUNS,
    );
  });

  it('after the adoption there is nothing left to change, and importing again asks for the same', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const targets = targetsOf(inventory);
        const observed = applyToObserved(planFor(targets, inventory.observed), inventory.observed);
        assert.deepEqual(planFor(targets, observed).changes, []);
        assert.deepEqual(planFor(targetsOf({ ...inventory, observed }), observed).changes, []);
      }),
      RUNS,
    );
  });

  it('the same account gives the same bytes, in whatever order AWS tells of it', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        assert.deepEqual(
          importDocuments({ ...inventory, observed: reversed(inventory.observed) }, OWNER),
          importDocuments(inventory, OWNER),
        );
      }),
      RUNS,
    );
  });

  it('every registry is either described or told as skipped', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const { documents, skipped } = importDocuments(inventory, OWNER);
        const told = [
          ...documents.map(({ registry }) => `registry ${registry}`),
          ...skipped.map(({ subject }) => subject).filter((subject) => subject.startsWith('registry ')),
        ];
        const there = registriesOf(inventory).map(({ name }) => `registry ecs-services/${name}`);
        assert.deepEqual(told.sort(), there.sort());
      }),
      RUNS,
    );
  });

  it('a registry of another installation is never described', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const foreign = registriesOf(inventory).filter(
          ({ tags }) => tags?.kind === 'complete' && ![undefined, OWNER].includes(tags.value[OWNER_TAG]),
        );
        const described = new Set(
          importDocuments(inventory, OWNER).documents.map(({ registry }) => registry),
        );
        for (const { name } of foreign) assert.ok(!described.has(`ecs-services/${name}`), name);
      }),
      RUNS,
    );
  });

  it('the accounts of these properties give every kind of result', () => {
    const results = fc
      .sample(inventories, { numRuns: 2000, seed: 1 })
      .map((inventory) => importDocuments(inventory, OWNER));
    const documents = results.flatMap((result) => result.documents);
    const kinds = new Set(
      documents.map(({ proposal, bindingPolicy, adopts }) => `${proposal} ${bindingPolicy} ${adopts}`),
    );
    assert.equal(kinds.size, 8);
    const reasons = new Set(results.flatMap(({ skipped }) => skipped.map(({ reason }) => reason)));
    assert.deepEqual([...reasons].sort(), [
      'ConflictingOwner',
      'DuplicateService',
      'Invalid',
      'InvalidTags',
      'ManagedByEcs',
      'NoEndpoint',
      'NoService',
      'NotDescribable',
      'NotScraped',
      'ServiceNotActive',
      'ServiceNotFound',
      'SeveralServices',
      'SharedNamespace',
    ]);
  });
});
