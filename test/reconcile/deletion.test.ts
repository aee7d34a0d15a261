import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, documentOf, type Member } from '../support/accounts.ts';
import { useInstallation, type Installation, type Seen } from '../support/installation.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const members = (count: number, spec: string): readonly Member[] =>
  Array.from({ length: count }, (_, index) => ({ name: `app-${index}`, spec }));

const installationWith = (list: readonly Member[]) => ({
  scenario: accountOf(list),
  documents: Object.fromEntries(list.map((member) => [`${member.name}.yaml`, documentOf(member)])),
});

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 20_000;

describe('deletion of what documents have left behind', () => {
  const directory = useTemporaryDirectory();
  const install = useInstallation(directory);

  const remove = (...names: readonly string[]): Promise<unknown> =>
    Promise.all(names.map((name) => rm(join(directory(), 'documents', `${name}.yaml`))));

  const states = async ({ config }: Installation): Promise<Readonly<Record<string, string>>> => {
    const text = await readFile(join(config, '.scrapectl', 'prod', 'inventory'), 'utf8');
    const { registries }: { registries: { target: string; state: string }[] } = JSON.parse(text);
    return Object.fromEntries(registries.map(({ target, state }) => [target, state]));
  };

  const plannedFor = ({ report }: Seen, name: string): readonly string[] =>
    report.view.plan.changes.flatMap((change) =>
      change.target === name
        ? [`${change.kind}${'waitsUntil' in change ? ` waits until ${change.waitsUntil ?? ''}` : ''}`]
        : [],
    );

  it('takes the job first, then the binding, then the registry, whoever is restarted in between', async () => {
    const it = await install(installationWith(members(6, 'deletionPolicy: Delete')));
    await it.pass();
    await remove('app-1');

    assert.deepEqual(plannedFor(await it.pass(), 'app-1'), [
      'unbindService waits until its job has left Prometheus',
      'deleteRegistry waits until its job has left Prometheus',
    ]);
    assert.equal(await it.targets('app-1'), undefined);
    assert.equal((await states(it))['app-1'], 'deleting');
    assert.deepEqual(it.writes(), []);
    assert.equal(it.condition('app-1', 'Ready').reason, 'Deleting');

    await it.restart();
    assert.deepEqual(plannedFor(await it.pass(), 'app-1'), [
      'deleteRegistry waits until the deployment of service prod/app-1 has ended',
    ]);
    assert.deepEqual(it.writes(), ['UpdateService']);
    assert.equal(it.condition('app-1', 'ServiceBound').reason, 'DeploymentInProgress');

    await it.restart();
    await it.pass();
    assert.deepEqual(it.writes(), ['UpdateService']);

    it.aws.clock.advance(10 * MINUTE_MS);
    await it.restart();
    assert.deepEqual(plannedFor(await it.pass(), 'app-1'), []);
    assert.deepEqual(it.writes(), ['UpdateService', 'DeleteService']);
    assert.equal((await states(it))['app-1'], undefined);
    assert.deepEqual(Object.keys(await states(it)), ['app-0', 'app-2', 'app-3', 'app-4', 'app-5']);

    await it.restart();
    await it.pass();
    assert.deepEqual(it.writes(), ['UpdateService', 'DeleteService']);
  }).timeout(TIMEOUT_MS);

  it('makes a registry anew whose document comes back after everything was deleted', async () => {
    const list = members(6, 'deletionPolicy: Delete');
    const it = await install(installationWith(list));
    await it.pass();
    const [first] = list;
    assert.ok(first !== undefined);
    await remove(first.name);
    for (let pass = 0; pass < 4; pass += 1) {
      await it.pass();
      it.aws.clock.advance(10 * MINUTE_MS);
    }
    assert.deepEqual(it.writes(), ['UpdateService', 'DeleteService']);
    await it.writeDocument(`${first.name}.yaml`, documentOf(first));
    await it.converge();
    assert.deepEqual(it.writes().slice(2), ['CreateService', 'UpdateService']);
    assert.equal(it.condition(first.name, 'Ready').status, 'True');
    assert.equal((await states(it))[first.name], 'active');
  }).timeout(TIMEOUT_MS);

  it('leaves everything where the document said Retain, and remembers it', async () => {
    const it = await install(installationWith(members(6, '')));
    await it.pass();
    await remove('app-1');
    for (let pass = 0; pass < 3; pass += 1) assert.deepEqual(plannedFor(await it.pass(), 'app-1'), []);
    assert.equal((await states(it))['app-1'], 'retained');
    assert.deepEqual(it.writes(), []);
  });

  it('leaves what a document wanted to stay before it was gone, although the inventory could not be told', async () => {
    const it = await install(installationWith(members(6, 'deletionPolicy: Delete')));
    await it.pass();
    const inventory = join(it.config, '.scrapectl', 'prod', 'inventory');
    const before = await readFile(inventory);
    await writeFile(inventory, 'damaged');
    await it.restart();
    const [, stays] = members(6, 'deletionPolicy: Retain');
    assert.ok(stays !== undefined);
    await it.writeDocument('app-1.yaml', documentOf(stays));
    await it.pass();
    await remove('app-1');
    await it.pass();
    await writeFile(inventory, before);
    await it.restart();
    for (let pass = 0; pass < 3; pass += 1) assert.deepEqual(plannedFor(await it.pass(), 'app-1'), []);
    assert.equal((await states(it))['app-1'], 'retained');
    assert.deepEqual(it.writes(), []);
  }).timeout(TIMEOUT_MS);

  it('holds a deletion of too many, and of all, and says what to do', async () => {
    const it = await install(installationWith(members(6, 'deletionPolicy: Delete')));
    await it.pass();
    await remove('app-1', 'app-2');
    const held = await it.pass();
    assert.deepEqual(
      held.report.view.plan.blocked.map(({ target, reason }) => [target, reason]),
      [
        ['app-1', 'PruneHeld'],
        ['app-2', 'PruneHeld'],
      ],
    );
    assert.match(held.report.view.plan.blocked[0]?.remedy ?? '', /--max-prune 34/);
    await remove('app-0', 'app-3', 'app-4', 'app-5');
    assert.equal((await it.pass()).report.view.plan.blocked[0]?.reason, 'PruneWouldEmpty');
    assert.deepEqual(it.writes(), []);
    assert.deepEqual(new Set(Object.values(await states(it))), new Set(['active']));
  });

  it('deletes nothing while an invalid document may be the one that is missed', async () => {
    const it = await install(installationWith(members(6, 'deletionPolicy: Delete')));
    await it.pass();
    await remove('app-1');
    await it.writeDocument('renamed.yaml', documentOf({ name: 'renamed', spec: 'deletionPolicy: Never' }));
    for (let pass = 0; pass < 3; pass += 1) {
      const { report } = await it.pass();
      assert.deepEqual(report.view.plan.changes, []);
    }
    assert.equal((await states(it))['app-1'], 'active');
    await remove('renamed');
    assert.equal(plannedFor(await it.pass(), 'app-1').length, 2);
    assert.equal((await states(it))['app-1'], 'deleting');

    await it.writeDocument('broken.yaml', 'kind: [');
    const held = await it.pass();
    assert.deepEqual(
      held.report.view.plan.blocked.map(({ target, reason }) => [target, reason]),
      [['app-1', 'InvalidDocument']],
    );
    assert.equal(it.condition('app-1', 'Ready').status, 'False');
    assert.deepEqual(it.writes(), []);
  }).timeout(TIMEOUT_MS);

  it('takes up the registry that a document has left for another one, and leaves the new one alone', async () => {
    const list = members(6, 'deletionPolicy: Delete');
    const it = await install(installationWith(list));
    await it.pass();
    const [first] = list;
    assert.ok(first !== undefined);
    await it.writeDocument(
      `${first.name}.yaml`,
      documentOf(first).replace(`namespace: apps, name: ${first.name}`, 'namespace: apps, name: moved'),
    );
    for (let pass = 0; pass < 6; pass += 1) {
      await it.pass();
      it.aws.clock.advance(10 * MINUTE_MS);
    }
    await it.converge();
    assert.deepEqual(it.writes().toSorted(), [
      'CreateService',
      'DeleteService',
      'UpdateService',
      'UpdateService',
    ]);
    assert.equal(it.condition(first.name, 'Ready').status, 'True');
    assert.deepEqual(
      Object.values(await states(it)),
      Array.from({ length: 6 }, () => 'active'),
    );
  }).timeout(TIMEOUT_MS);

  it('takes a deletion back when its document returns', async () => {
    const list = members(6, 'deletionPolicy: Delete');
    const it = await install(installationWith(list));
    await it.pass();
    await remove('app-1');
    await it.pass();
    const [, again] = list;
    assert.ok(again !== undefined);
    await it.writeDocument('app-1.yaml', documentOf(again));
    await it.pass();
    assert.equal((await states(it))['app-1'], 'active');
    assert.deepEqual(it.writes(), []);
    assert.equal((await it.targets('app-1'))?.length, 2);
  }).timeout(TIMEOUT_MS);
});
