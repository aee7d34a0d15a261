import assert from 'node:assert/strict';
import { parseDocuments } from '../../controller/api/parse.ts';
import { buildDesiredState } from '../../controller/state/desired.ts';
import { documentsOf, OWNER, scenarioOf } from '../../scripts/bench/world.ts';

const size = { services: 12, tasksPerService: 3 };

describe('world of the bench', () => {
  const files = [...documentsOf(size)].map(([file, text]) => ({ file, text }));
  const { targets, errors } = parseDocuments(files);

  it('has one valid document for each service', () => {
    assert.deepEqual(errors, []);
    assert.equal(targets.length, 12);
  });

  it('begins with the registries and tags that the documents ask for, so that there is nothing to change', () => {
    const desired = buildDesiredState(targets, OWNER).targets.map(({ registry }) => ({
      name: registry.name,
      tags: Object.fromEntries(
        [...registry.tags].map(([key, tag]) => [key, tag.kind === 'literal' ? tag.value : '']),
      ),
    }));
    const registries = (scenarioOf(size, true).registries ?? []).map(({ name, tags }) => ({ name, tags }));
    assert.deepEqual(registries, desired);
  });

  it('gives each service a task definition of its own', () => {
    const services = scenarioOf(size, true).clusters?.flatMap((cluster) => cluster.services ?? []) ?? [];
    assert.equal(new Set(services.map(({ taskDefinition }) => taskDefinition)).size, 12);
  });

  it('binds nothing where applying from nothing is measured', () => {
    const scenario = scenarioOf(size, false);
    assert.deepEqual(scenario.registries, []);
    assert.ok(
      scenario.clusters?.every(({ services }) => services?.every(({ registry }) => registry === undefined)),
    );
  });
});
