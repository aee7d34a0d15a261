import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { bareAccountOf, installationOf } from '../support/accounts.ts';
import type { Member } from '../support/accounts.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import { readTargetFiles, startInstallation } from '../support/installation.ts';
import type { Installation } from '../support/installation.ts';
import { anyMutation, incomplete, mutate, READ_OPERATIONS, WRITE_OPERATIONS } from '../support/mutations.ts';
import type { Mutation } from '../support/mutations.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const MEMBERS: readonly Member[] = [
  { name: 'web', endpoint: 'port: metrics', spec: 'targetLabels: [team]' },
  { name: 'api', mode: 'bridge' },
  { name: 'node', mode: 'host', tasks: 1 },
  { name: 'far', cluster: 'edge', namespace: 'internal', tasks: 1 },
];

/** Longer than tasks are believed, and not so long that they are forgotten. */
const STEP_MS = 450_000;
/** Longer than anything of AWS is believed. */
const READ_AGAIN_MS = 3_700_000;

type Strikes = Readonly<Record<string, readonly Mutation[]>>;

const strikes = (
  mutation: fc.Arbitrary<Mutation>,
  operations: readonly string[] = READ_OPERATIONS,
): fc.Arbitrary<Strikes> =>
  fc.dictionary(fc.constantFrom(...operations), fc.array(mutation, { minLength: 1, maxLength: 4 }), {
    minKeys: 1,
    maxKeys: 4,
  });

function strike({ proxy }: Installation, chosen: Strikes): void {
  proxy.tamper = (operation, answer) => mutate(answer, chosen[operation] ?? []);
}

function assertNoPassFailed({ log }: Installation): void {
  const failed = log.filter(({ message }) => message.startsWith('Pass failed'));
  assert.deepEqual(failed, []);
}

/** Prometheus would take `:80` for itself. */
function assertAddresses(files: ReadonlyMap<string, readonly string[]>): void {
  for (const [file, addresses] of files) {
    assert.equal(new Set(addresses).size, addresses.length, `${file} names an address twice`);
    for (const address of addresses) {
      const { host, port } = /^(?<host>.+):(?<port>\d{1,5})$/.exec(address)?.groups ?? {};
      assert.notEqual(isIP((host ?? '').replace(/^\[(.*)\]$/, '$1')), 0, `${file}: ${address}`);
      assert.ok(Number(port) > 0 && Number(port) < 65_536, `${file}: ${address}`);
    }
  }
}

/** Who asks for a number of runs waits for them. */
const WANTED = process.env['FUZZ_RUNS'];
const RUNS =
  WANTED === undefined ? { numRuns: 20, interruptAfterTimeLimit: 100_000 } : { numRuns: Number(WANTED) };

describe('Whatever AWS answers', function () {
  this.timeout(WANTED === undefined ? 120_000 : 0);
  const directory = useTemporaryDirectory();

  /** An installation of its own that has seen the truth once. */
  async function withInstallation(
    work: (
      installation: Installation,
      files: () => Promise<ReadonlyMap<string, readonly string[]>>,
    ) => Promise<void>,
    scenario?: Scenario,
  ): Promise<void> {
    const own = await mkdtemp(join(directory(), 'run-'));
    const installation = await startInstallation(own, {
      ...installationOf(...MEMBERS),
      ...(scenario !== undefined && { scenario }),
    });
    try {
      if (scenario === undefined) await installation.pass();
      await work(installation, () => readTargetFiles(installation.config));
      assertNoPassFailed(installation);
    } finally {
      await installation.close();
    }
  }

  it('no pass is given up, no target is without an address, and the next true answer is believed', () =>
    fc.assert(
      fc.asyncProperty(strikes(anyMutation), fc.boolean(), (chosen, restarts) =>
        withInstallation(async (installation, files) => {
          const truth = await files();
          strike(installation, chosen);
          if (restarts) await installation.restart();
          installation.aws.clock.advance(STEP_MS);
          await installation.pass();
          assertAddresses(await files());
          installation.proxy.tamper = undefined;
          installation.aws.clock.advance(READ_AGAIN_MS);
          await installation.pass();
          assert.deepEqual(await files(), truth);
        }),
      ),
      RUNS,
    ));

  it('an answer that lacks something takes no target away and writes nothing', () =>
    fc.assert(
      fc.asyncProperty(strikes(incomplete), fc.boolean(), (chosen, restarts) =>
        withInstallation(async (installation, files) => {
          const truth = await files();
          strike(installation, chosen);
          if (restarts) await installation.restart();
          for (let cycle = 0; cycle < 3; cycle += 1) {
            installation.aws.clock.advance(STEP_MS);
            await installation.pass();
            assert.deepEqual(await files(), truth);
          }
          assert.deepEqual(installation.writes(), []);
        }),
      ),
      RUNS,
    ));

  it('answers to writes that lack something make no write come twice, and the end is what the documents ask', () =>
    fc.assert(
      fc.asyncProperty(strikes(incomplete, [...READ_OPERATIONS, ...WRITE_OPERATIONS]), (chosen) =>
        withInstallation(async (installation) => {
          strike(installation, chosen);
          for (let cycle = 0; cycle < 2; cycle += 1) {
            await installation.pass();
            installation.aws.clock.advance(STEP_MS);
          }
          installation.proxy.tamper = undefined;
          installation.aws.clock.advance(READ_AGAIN_MS);
          const { report, statuses } = await installation.converge();
          assert.deepEqual(report.view.plan.changes, []);
          for (const { name, result } of statuses) assert.deepEqual([name, result.kind], [name, 'done']);
          const rollouts = installation.writes().filter((operation) => operation === 'UpdateService');
          assert.equal(rollouts.length, MEMBERS.length);
        }, bareAccountOf(MEMBERS)),
      ),
      RUNS,
    ));
});
