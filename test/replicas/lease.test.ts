import assert from 'node:assert/strict';
import { addressesOf } from '../chaos/prometheus.ts';
import { bareAccountOf, documentOf, type Member } from '../support/accounts.ts';
import { openStage, type Process, type Stage } from './stage.ts';

const NAMES = ['web', 'api', 'pay'];
const LATE = 'late';
const members = (names: readonly string[]): readonly Member[] => names.map((name) => ({ name }));
const ARGS = [
  '--source=s3://documents/targets/',
  '--owner=prod',
  '--lease=s3://documents/state/',
  '--state=s3://documents/state/',
];
const MINUTE_MS = 60_000;

/** Rollouts that fail are undone. */
const account = (() => {
  const bare = bareAccountOf(members([...NAMES, LATE]));
  const circuitBreaker = { enable: true, rollback: true };
  return {
    ...bare,
    clusters: (bare.clusters ?? []).map((cluster) => ({
      ...cluster,
      services: (cluster.services ?? []).map((service) => ({ ...service, circuitBreaker })),
    })),
  };
})();

describe('several controllers of one owner', function () {
  this.timeout(120_000);
  let stage: Stage;
  let processes: Process[] = [];
  let wrong: string[] = [];

  const running = (name: string): ReadonlySet<string> =>
    new Set(
      stage.sandbox
        .truth()
        .services.filter((service) => service.name === name)
        .flatMap(({ tasks }) => tasks.map(({ ip }) => `${ip}:8080`)),
    );
  const isSame = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): boolean =>
    a?.size === b.size && [...a].every((each) => b.has(each));
  const isTrue = (process: Process, names: readonly string[] = NAMES): boolean =>
    names.every((name) => isSame(stage.targets(process, name), running(name)));
  const isBound = (name: string): boolean =>
    stage.sandbox
      .truth()
      .services.some(
        ({ name: each, bindings, rolloutState }) =>
          each === name && bindings.length === 1 && rolloutState === 'COMPLETED',
      );
  const leader = (): Process => {
    const found = processes.find(({ name }) => name === stage.lease()?.process);
    assert.ok(found);
    return found;
  };
  const isLedByOther = (than: Process): boolean =>
    stage.lease()?.held === true && stage.lease()?.process !== than.name;
  const writesOf = (process: Process): number =>
    stage.writes.filter((write) => write.process === process.name).length;
  const others = (than: Process): readonly Process[] => processes.filter((each) => each !== than);
  const bindingsOf = (name: string): number =>
    stage.writes.filter(({ operation, input }) => operation === 'UpdateService' && input['service'] === name)
      .length;
  const write = (name: string, edit: (text: string) => string = (text) => text): void => {
    const [member] = members([name]);
    if (member !== undefined) stage.shelf.put(`targets/${name}.yaml`, edit(documentOf(member)));
  };
  const begin = (...names: readonly string[]): void => {
    // Clocks that are set wrong must not matter.
    for (const name of names) processes.push(stage.run(name, ARGS, { skewMs: names.indexOf(name) * 90_000 }));
  };
  const settled = (live: readonly Process[] = processes, names: readonly string[] = NAMES) =>
    stage.until('all is bound and true', 10 * MINUTE_MS, () =>
      names.every((name) => isBound(name) && live.every((process) => isTrue(process, [name]))),
    );

  beforeEach(async () => {
    processes = [];
    wrong = [];
    const files = new Map<string, ReadonlySet<string>>();
    stage = await openStage({
      seed: 7,
      scenario: account,
      onWrite({ process, operation }) {
        const lease = stage.lease();
        if (lease?.process !== process || !lease.held)
          wrong.push(`${process} sends ${operation} while ${lease?.process} holds the lease`);
      },
      onFile(process, path, text) {
        const name = /^targets\/(.*)\.metrics\.json$/.exec(path)?.[1];
        if (name === undefined) return;
        const [before, now] = [files.get(`${process} ${name}`), addressesOf(text) ?? new Set<string>()];
        files.set(`${process} ${name}`, now);
        for (const address of before ?? [])
          if (!now.has(address) && running(name).has(address))
            wrong.push(`${address} goes from ${path} of ${process}, but its task runs`);
      },
    });
    for (const name of NAMES) write(name);
  });
  afterEach(() => stage.close());

  const atRest = async (): Promise<Process> => {
    begin('a', 'b', 'c');
    await settled();
    return leader();
  };
  const nothingWrong = (): void => assert.deepEqual(wrong, []);

  it('has one of them write, and all tell their Prometheus the truth', async () => {
    const writer = await atRest();
    for (const other of others(writer)) assert.equal(writesOf(other), 0);
    for (const name of NAMES) assert.equal(bindingsOf(name), 1);
    for (const process of processes)
      for (const name of NAMES)
        assert.ok(isSame(process.prometheus.targetsOf(`targets/${name}.metrics.json`), running(name)));
    nothingWrong();
  });

  it('goes on with another one when the writer is stopped, and never with both when it is continued', async () => {
    const writer = await atRest();
    writer.halt();
    const before = writesOf(writer);
    write(LATE);
    const took = await stage.until('another one writes', MINUTE_MS, () =>
      others(writer).some((other) => writesOf(other) > 0),
    );
    assert.ok(took <= 20_000, `${took} ms`);
    writer.resume();
    await settled(processes, [...NAMES, LATE]);
    for (const name of NAMES) write(name, (text) => text.replace('ttl: 10', 'ttl: 30'));
    await stage.pass(3 * MINUTE_MS);
    assert.equal(writesOf(writer), before);
    assert.equal(bindingsOf(LATE), 1);
    assert.doesNotMatch(writer.log.join(''), / ERROR /);
    nothingWrong();
  });

  it('goes on with another one when the writer is killed, which may come back', async () => {
    const writer = await atRest();
    writer.kill();
    processes = [...others(writer)];
    write(LATE);
    const took = await stage.until('another one writes', MINUTE_MS, () =>
      processes.some((other) => writesOf(other) > 0),
    );
    assert.ok(took <= 20_000, `${took} ms`);
    begin(writer.name);
    await settled(processes, [...NAMES, LATE]);
    assert.equal(bindingsOf(LATE), 1);
    nothingWrong();
  });

  it('goes on with another one when the writer cannot reach S3, whose targets move on all the same', async () => {
    const writer = await atRest();
    const mend = stage.sandbox.faults.add({
      service: 's3',
      caller: writer.name,
      effect: { kind: 'reset', when: 'before' },
    });
    const before = writesOf(writer);
    write(LATE);
    const took = await stage.until('another one writes', MINUTE_MS, () =>
      others(writer).some((other) => writesOf(other) > 0),
    );
    assert.ok(took <= 20_000, `${took} ms`);
    stage.sandbox.actions.scale({ cluster: 'prod', service: 'web' }, 5);
    await stage.until('five tasks run', MINUTE_MS, () => running('web').size === 5);
    await stage.until('the cut-off one tells of them', MINUTE_MS, () => isTrue(writer));
    assert.equal(writesOf(writer), before);
    mend();
    await settled(processes, [...NAMES, LATE]);
    nothingWrong();
  });

  it('goes on everywhere but with writing when nobody can reach S3', async () => {
    await atRest();
    const mend = stage.sandbox.faults.add({ service: 's3', effect: { kind: 'serverError' } });
    await stage.pass(15_000);
    const before = stage.writes.length;
    stage.sandbox.actions.scale({ cluster: 'prod', service: 'api' }, 4);
    await stage.pass(2 * MINUTE_MS);
    assert.ok(processes.every((process) => isTrue(process)));
    assert.equal(stage.writes.length, before);
    mend();
    write(LATE);
    await settled(processes, [...NAMES, LATE]);
    nothingWrong();
  });

  it('replaces all of them in a rolling deployment without a gap and without a second write', async () => {
    let old: readonly Process[] = [];
    begin('a', 'b', 'c');
    await stage.until('one writes', MINUTE_MS, () => stage.writes.length > 0);
    old = [...processes];
    for (const [index, successor] of ['d', 'e', 'f'].entries()) {
      begin(successor);
      const fresh = processes.at(-1);
      await stage.until(
        'the new one tells the truth',
        5 * MINUTE_MS,
        () => fresh !== undefined && isTrue(fresh),
      );
      const leaving = old[index];
      assert.ok(leaving);
      const led = stage.lease()?.process === leaving.name;
      leaving.terminate();
      await stage.until('it has ended', 30_000, () => leaving.exit() !== undefined);
      assert.equal(leaving.exit(), 0);
      processes = [...others(leaving)];
      if (!led) continue;
      const took = await stage.until('another one leads', MINUTE_MS, () => isLedByOther(leaving));
      assert.ok(took <= 3_000, `${took} ms`);
      if (index === 0) write(LATE);
    }
    write(LATE);
    await settled(processes, [...NAMES, LATE]);
    for (const name of [...NAMES, LATE]) assert.equal(bindingsOf(name), 1, name);
    nothingWrong();
  });

  it('does not repeat a binding that was rolled back, whoever leads and whatever is left of its disk', async () => {
    const writer = await atRest();
    const heal = stage.sandbox.ecs.crashWhen((task) => task.service.name === LATE);
    write(LATE);
    await stage.until('it is bound', 2 * MINUTE_MS, () => bindingsOf(LATE) === 1);
    await stage.until('it is rolled back', 30 * MINUTE_MS, () =>
      stage.sandbox
        .truth()
        .services.some(
          ({ name, bindings, rolloutState }) =>
            name === LATE && bindings.length === 0 && rolloutState === 'COMPLETED',
        ),
    );
    heal();
    await stage.pass(2 * MINUTE_MS);
    writer.kill();
    processes = [...others(writer)];
    await stage.pass(5 * MINUTE_MS);
    assert.equal(bindingsOf(LATE), 1);
    for (const process of processes) process.kill();
    processes = [];
    begin('fresh');
    await stage.pass(5 * MINUTE_MS);
    assert.equal(bindingsOf(LATE), 1);
    write(LATE, (text) => text.replace('ttl: 10', 'ttl: 30'));
    await settled(processes, [LATE]);
    assert.equal(bindingsOf(LATE), 2);
    nothingWrong();
  });

  for (const after of [10, 250, 320, 400, 700])
    it(`writes everything once when a writer is stopped ${after} ms after it began to`, async () => {
      begin('a', 'b', 'c');
      await stage.until('somebody leads', MINUTE_MS, () => stage.writes.length > 0);
      await stage.pass(after);
      const writer = leader();
      writer.halt();
      await stage.until('another one leads', MINUTE_MS, () => isLedByOther(writer));
      writer.resume();
      await settled();
      for (const name of NAMES) assert.equal(bindingsOf(name), 1, name);
      nothingWrong();
    });
});
