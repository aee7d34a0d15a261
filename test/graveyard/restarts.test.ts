import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { documentOf, installationOf } from '../support/accounts.ts';
import { readTargetFiles, useInstallation } from '../support/installation.ts';
import type { Installation } from '../support/installation.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { assertCalm, assertDiscovered } from './expectations.ts';

const fileOf = ({ config }: Installation, name: string): string =>
  join(config, 'targets', `${name}.metrics.json`);

/** Changes with every write, also with one of the same bytes. */
const identity = async (path: string): Promise<string> => {
  const { ino, mtimeMs } = await stat(path);
  return `${ino} ${mtimeMs}`;
};

interface Listed {
  readonly tasks?: readonly { readonly taskArn?: string }[];
  readonly Instances?: readonly { readonly Id?: string }[];
}

const errorsOf = ({ log }: Installation): readonly string[] =>
  log.flatMap(({ level, message, fields }) =>
    level === 'error' ? [`${message}: ${String(fields['fault'] ?? fields['error'])}`] : [],
  );

describe('Graveyard: starts, stops and inputs', () => {
  const directory = useTemporaryDirectory();
  const install = useInstallation(directory);

  it('a restart begins with the targets on disk, and writes no file that is the same', async () => {
    const it = await install(installationOf({ name: 'web' }));
    await it.pass();
    const [before, written] = [await it.targets('web'), await identity(fileOf(it, 'web'))];
    await it.restart();
    assert.deepEqual(await it.targets('web'), before);
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assert.equal(await identity(fileOf(it, 'web')), written);
    assertCalm(it);
  });

  it('a restart while AWS is down keeps every target, says since when, and goes on by itself', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api', mode: 'bridge' }));
    await it.pass();
    const before = await readTargetFiles(it.config);
    const heal = it.aws.sandbox.faults.add({ effect: { kind: 'reset', when: 'before' } });
    await it.restart();
    for (let cycle = 0; cycle < 3; cycle += 1) {
      await it.pass();
      assert.deepEqual(await readTargetFiles(it.config), before);
    }
    const { status, message } = it.condition('web', 'TargetsDiscovered');
    assert.equal(status, 'Unknown');
    assert.match(message, /got no answer at http:\/\/127\.0\.0\.1:\d+: .*as they were found on disk\./);
    heal();
    await it.pass();
    assertDiscovered(it, 'web');
    assert.deepEqual(await readTargetFiles(it.config), before);
    assertCalm(it);
  });

  for (const mode of ['awsvpc', 'bridge'] as const)
    it(`a restart whose first answers do not tell where a task is keeps its target (${mode})`, async () => {
      const it = await install(installationOf({ name: 'web', mode, tasks: 3 }));
      await it.pass();
      const before = await it.targets('web');
      const [vague, other] = await it.running('web');
      const isVague = (arnOrId: unknown): boolean => vague?.taskArn?.endsWith(String(arnOrId)) === true;
      it.proxy.tamper = (operation, answer) => {
        const { tasks = [], Instances = [] } = Object(answer) as Listed;
        if (operation === 'ListInstances') return { Instances: Instances.filter(({ Id }) => !isVague(Id)) };
        if (operation !== 'DescribeTasks') return answer;
        const nowhere = { attachments: [], containers: [] };
        return { tasks: tasks.map((task) => (isVague(task.taskArn) ? { ...task, ...nowhere } : task)) };
      };
      await it.restart();
      for (let cycle = 0; cycle < 3; cycle += 1) {
        await it.pass();
        assert.deepEqual(await it.targets('web'), before);
        assertDiscovered(it, 'web', /Task [0-9a-f]{32} skipped: .* yet; its target on disk stays/);
      }
      for (const [task, left] of [
        [other, 2],
        [vague, 1],
      ] as const) {
        await it.aws.ecs.send(
          new UpdateServiceCommand({ cluster: 'prod', service: 'web', desiredCount: left }),
        );
        await it.aws.ecs.send(new StopTaskCommand({ cluster: 'prod', task: task?.taskArn }));
        it.aws.clock.advance(60_000);
        await it.pass();
        assert.equal((await it.targets('web'))?.length, left);
      }
      assertCalm(it);
    });

  it('a restart while nothing can be read, and then not enough, keeps every target', async () => {
    const it = await install(installationOf({ name: 'web' }));
    await it.pass();
    const before = await it.targets('web');
    const heal = it.aws.sandbox.faults.add({ operation: 'ListTasks', effect: { kind: 'serverError' } });
    it.proxy.tamper = (operation, answer) => {
      if (operation !== 'DescribeTasks') return answer;
      const { tasks = [] } = Object(answer) as { tasks?: readonly object[] };
      return { tasks: tasks.map((task) => ({ ...task, attachments: [], containers: [] })) };
    };
    await it.restart();
    await it.pass();
    heal();
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    it.proxy.tamper = undefined;
    await it.pass();
    assert.deepEqual(await it.targets('web'), before);
    assertDiscovered(it, 'web', /^Targets: 2 of metrics\.$/);
  });

  it('a stop in the middle of the writing leaves whole files, and the next start completes them', async () => {
    const members = Array.from({ length: 30 }, (_, n) => ({ name: `svc-${n}`, tasks: 1 }));
    const it = await install(installationOf(...members));
    const passing = it.pass().catch(() => undefined);
    const written = async (): Promise<readonly string[]> =>
      readdir(join(it.config, 'targets')).catch(() => []);
    while ((await written()).length === 0) await nextTurn();
    await it.restart();
    await passing;
    for (const addresses of (await readTargetFiles(it.config)).values()) assert.equal(addresses.length, 1);
    await it.pass();
    assert.equal((await readTargetFiles(it.config)).size, 30);
    assertCalm(it);
  });

  it('a document that becomes invalid leaves its last valid version in force, over a restart too', async () => {
    const it = await install(installationOf({ name: 'web' }, { name: 'api' }));
    await it.pass();
    await it.writeDocument('web.yaml', documentOf({ name: 'web', endpoint: 'portNumber: 80800' }));
    for (const restarts of [false, true]) {
      if (restarts) await it.restart();
      await it.pass();
      assert.match((await it.targets('web'))?.[0] ?? '', /:8080$/);
      const { reason, message } = it.condition('web', 'Ready');
      assert.equal(reason, 'LastKnownGoodInUse');
      assert.match(
        message,
        /^The last accepted version is in force\. Accepted: .*web\.yaml:\d+: spec\.endpoints\[0\]\.portNumber: /,
      );
      assertDiscovered(it, 'api');
    }
  });

  it('a source that is gone for a while takes no job away', async () => {
    const it = await install(installationOf({ name: 'web' }));
    await it.pass();
    const before = await readTargetFiles(it.config);
    await rm(join(directory(), 'documents'), { recursive: true });
    await it.pass();
    assert.deepEqual(await readTargetFiles(it.config), before);
    assert.match(await readFile(join(it.config, 'prometheus.yml'), 'utf8'), /job_name: web\/metrics/);
    assert.match(errorsOf(it)[0] ?? '', /what was valid last stays in force: .*documents/);
  });

  it('a base configuration that is broken while running leaves the last good one in force, and says so', async () => {
    const base = join(directory(), 'base.yml');
    await writeFile(base, 'global: {scrape_interval: 7s}\n');
    const it = await install({ ...installationOf({ name: 'web' }), args: ['--base-config', base] });
    await it.pass();
    await writeFile(base, 'global: [scrape_interval\n');
    await it.aws.ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'web', desiredCount: 3 }));
    it.aws.clock.advance(60_000);
    await it.pass();
    assert.match(await readFile(join(it.config, 'prometheus.yml'), 'utf8'), /scrape_interval: 7s/);
    assert.equal((await it.targets('web'))?.length, 3);
    assert.match(errorsOf(it)[0] ?? '', /^Input is faulty; what was valid last stays in force: .*base\.yml/);
  });

  it('a base configuration that is broken from the start stops nothing that Prometheus has, and is tried again', async () => {
    const base = join(directory(), 'base.yml');
    await writeFile(base, 'global: {scrape_interval: 7s}\n');
    const it = await install({ ...installationOf({ name: 'web' }), args: ['--base-config', base] });
    await it.pass();
    const before = await readTargetFiles(it.config);
    await rm(join(it.config, '.scrapectl-memory.json'));
    await writeFile(base, '- not\n- a map\n');
    await it.restart();
    await it.pass().catch(() => undefined);
    assert.deepEqual(await readTargetFiles(it.config), before);
    await writeFile(base, 'global: {scrape_interval: 9s}\n');
    await it.pass();
    assert.match(await readFile(join(it.config, 'prometheus.yml'), 'utf8'), /scrape_interval: 9s/);
    assert.deepEqual(await readTargetFiles(it.config), before);
  });

  it('a missing parameter is an error that names it, and never an empty configuration', async () => {
    const it = await install({
      ...installationOf({ name: 'web' }),
      args: ['--base-config', 'ssm:///monitoring/base'],
    });
    await assert.rejects(it.pass());
    assert.match(
      errorsOf(it)[0] ?? '',
      /^Pass failed; everything stays as it is until the next one: .*\/monitoring\/base/,
    );
    await assert.rejects(readFile(join(it.config, 'prometheus.yml')), { code: 'ENOENT' });
    await it.aws.ssm.send(
      new PutParameterCommand({ Name: '/monitoring/base', Type: 'String', Value: 'global: {}\n' }),
    );
    await it.pass();
    assert.equal((await it.targets('web'))?.length, 2);
  });
});
