import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planDepartures, type DepartureInput } from '../../controller/plan/departures.ts';
import type { ObservedState } from '../../controller/state/observed.ts';
import { ownedKey, type OwnedRegistry } from '../../controller/state/owned.ts';
import { arnOf, document, entry, registry, ROLLING, service, world } from '../support/departures.ts';
import { deployment } from '../support/plans.ts';

describe('deletions, whatever the world looks like', () => {
  const names = fc.constantFrom('a', 'b', 'd', 'e');
  const entries = fc.uniqueArray(
    fc.record({
      name: names,
      service: names,
      state: fc.constantFrom('active' as const, 'retained' as const, 'deleting' as const),
      deletionPolicy: fc.constantFrom('Retain' as const, 'Delete' as const),
      bindingPolicy: fc.constantFrom('Ensure' as const, 'Observe' as const),
    }),
    { selector: ({ name, service: of }) => `${name} ${of}` },
  );
  const inputs = fc
    .record({
      entries,
      documents: fc.uniqueArray(fc.record({ name: names, service: names }), { selector: ({ name }) => name }),
      owners: fc.dictionary(names, fc.constantFrom('prod', 'prod-eu', 'pro', undefined)),
      bound: fc.dictionary(names, fc.uniqueArray(names)),
      rolling: fc.uniqueArray(names),
      maxPercent: fc.nat(100),
      allowEmpty: fc.boolean(),
    })
    .map(({ documents, owners, bound, rolling, maxPercent, allowEmpty, ...rest }): DepartureInput => ({
      owned: rest.entries.map(({ name, service: of, ...fields }) =>
        entry(name, { ...fields, service: { cluster: 'c', service: of } }),
      ),
      targets: documents.map(({ name, service: of }) => document(name, `${name}-svc`, of)),
      uncertainty: undefined,
      observed: world(
        Object.entries(owners).map(([name, owner]) => registry(name, owner)),
        ['a', 'b', 'd', 'e'].map((name) =>
          service(name, (bound[name] ?? []).map(arnOf), rolling.some((one) => one === name) ? ROLLING : {}),
        ),
      ),
      owner: 'prod',
      limits: { maxPercent, allowEmpty },
    }));

  it('are only of what is in the inventory, carries our tag, and no document claims', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const claimed = new Set(input.targets.map(({ registry: { name } }) => name));
        const namespace = input.observed.namespaces.get('apps');
        const found = namespace?.kind === 'complete' ? namespace.value?.registries : undefined;
        for (const change of planDepartures(input).changes) {
          const owners = input.owned.filter(({ registry: { arn } }) => arn === change.registry.arn);
          assert.ok(owners.length > 0);
          const tags = found?.get(change.registry.name)?.tags;
          assert.ok(tags?.kind === 'complete');
          assert.equal(tags.value['ecs-prometheus-operator/owner'], 'prod');
          if (change.kind === 'deleteRegistry') {
            assert.ok(!claimed.has(change.registry.name));
            assert.ok(owners.every(({ state }) => state !== 'retained'));
          }
        }
      }),
    );
  });

  it('come to an end, from wherever they are taken up', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const begun = input.owned
          .filter(({ bindingPolicy }) => bindingPolicy === 'Ensure')
          .map((one): OwnedRegistry => ({ ...one, state: 'deleting', deletionPolicy: 'Delete' }));
        let state: DepartureInput = { ...input, owned: begun, targets: [] };
        for (let pass = 0; pass < 10 && state.owned.length > 0; pass += 1) state = passOf(state);
        assert.deepEqual(state.owned, []);
        assert.deepEqual(
          registriesOf(state.observed).filter((name) => begun.some((one) => one.registry.name === name)),
          registriesOf(input.observed).filter(
            (name) =>
              begun.some((one) => one.registry.name === name) && ownerOf(input.observed, name) !== 'prod',
          ),
        );
      }),
    );
  });
});

function registriesOf({ namespaces }: ObservedState): readonly string[] {
  const apps = namespaces.get('apps');
  return apps?.kind === 'complete' ? [...(apps.value?.registries.keys() ?? [])].toSorted() : [];
}

function ownerOf({ namespaces }: ObservedState, name: string): string | undefined {
  const apps = namespaces.get('apps');
  const tags = apps?.kind === 'complete' ? apps.value?.registries.get(name)?.tags : undefined;
  return tags?.kind === 'complete' ? tags.value['ecs-prometheus-operator/owner'] : undefined;
}

/** One pass in which every change that may be sent is done, and every deployment ends. */
function passOf(input: DepartureInput): DepartureInput {
  const plan = planDepartures(input);
  const due = plan.changes.filter(({ waitsUntil }) => waitsUntil === undefined);
  const deleted = new Set(due.flatMap((one) => (one.kind === 'deleteRegistry' ? [one.registry.arn] : [])));
  const unbound = new Map(
    due.flatMap((one) => (one.kind === 'unbindService' ? [[one.service.name, one]] : [])),
  );
  const forgotten = new Set(plan.forget.map(ownedKey));
  const apps = input.observed.namespaces.get('apps');
  const registries = apps?.kind === 'complete' ? [...(apps.value?.registries.values() ?? [])] : [];
  const services = [...input.observed.services.values()].flatMap((read) =>
    read.kind === 'complete' ? (read.value ?? []) : [],
  );
  return {
    ...input,
    owned: input.owned.filter((one) => !forgotten.has(ownedKey(one)) && !deleted.has(one.registry.arn)),
    observed: world(
      registries.filter(({ arn }) => !deleted.has(arn)),
      services.map((one) => ({
        ...one,
        deployments: [deployment()],
        serviceRegistries: unbound.get(one.name)?.after ?? one.serviceRegistries,
      })),
    ),
  };
}
