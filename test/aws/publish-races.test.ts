import assert from 'node:assert/strict';
import { startPublishing } from '../support/published-world.ts';
import type { PublishingWorld } from '../support/published-world.ts';
import type { PublishOutcome } from '../../controller/plan/publish-plan.ts';
import { PRUNE, versioned } from '../support/publishing.ts';

const NAMES = Array.from({ length: 12 }, (_, index) => `app-${index}`);
const textsOf = (interval: string, names = NAMES) =>
  Object.fromEntries(names.map((name) => [`${name}.yaml`, versioned(name, interval)]));

const resultAt = (outcomes: readonly PublishOutcome[], path: string) => {
  const result = outcomes.find(({ change }) => change.path === path)?.result;
  assert.ok(result, path);
  return result.kind === 'failed' ? result.error.reason : result.kind;
};

for (const to of ['s3://docs/targets/', 'ssm:///prom/targets/']) {
  describe(`two pipelines that publish to ${to} at once`, () => {
    let world: PublishingWorld;
    beforeEach(async () => {
      world = await startPublishing(to);
    });
    afterEach(() => world.close());

    /** Both look before either writes. */
    async function race(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) {
      const plans = await Promise.all([
        world.plan(one, { prune: PRUNE }),
        world.plan(other, { prune: PRUNE }),
      ]);
      return Promise.all(plans.map((plan) => world.carryOut(plan)));
    }

    const faulty = () => {
      for (const operation of ['PutObject', 'PutParameter', 'GetObject', 'GetParameter'])
        for (const when of ['before', 'after'] as const)
          world.box.sandbox.faults.add({ operation, probability: 0.15, effect: { kind: 'reset', when } });
    };

    it('never lose a document without a word: who says written finds it there, unless the other says so', async () => {
      for (const round of [1, 2, 3]) {
        if (round === 2) faulty();
        const [ours, theirs] = [textsOf(`${round}0s`), textsOf(`${round}1s`)];
        const [one = [], other = []] = await race(ours, theirs);
        world.box.sandbox.faults.clear();
        const stored = await world.read();
        for (const path of NAMES.map((name) => `${name}.yaml`)) {
          const told = [resultAt(one, path), resultAt(other, path)];
          const written = told.filter((word) => word === 'written').length;
          const lost = told.filter((word) => word !== 'written');
          assert.ok(written <= 1, `both say that they wrote ${path}`);
          assert.ok(lost.length >= 1);
          if (written === 1 && !lost.includes('PublishOverwrote')) {
            const winner = told[0] === 'written' ? ours : theirs;
            assert.equal(stored[path], winner[path], `${path} is not what the winner wrote`);
          }
        }
      }
    });

    it('end with the same, and neither complains, when they publish the same', async () => {
      await world.carryOut(await world.plan(textsOf('30s')));
      const wanted = textsOf('15s', NAMES.slice(1));
      for (const outcomes of await race(wanted, wanted))
        for (const { change, result } of outcomes)
          assert.ok(['written', 'unchanged'].includes(result.kind), `${change.path}: ${result.kind}`);
      assert.deepEqual(await world.read(), wanted);
    });
  });
}
