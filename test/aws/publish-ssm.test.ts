import assert from 'node:assert/strict';
import { DescribeParametersCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { createBudget } from '../../controller/aws/budget.ts';
import type { Budget } from '../../controller/aws/budget.ts';
import { createClients } from '../../controller/aws/clients.ts';
import { ssmStore } from '../../controller/aws/publish-ssm.ts';
import type { PublishPlan } from '../../controller/plan/publish-plan.ts';
import { planPublication } from '../../controller/plan/publish-plan.ts';
import { publishDocuments } from '../../controller/reconcile/publish-documents.ts';
import { instantClock } from '../support/fake-clock.ts';
import { toldOf, startPublishing } from '../support/published-world.ts';
import type { PublishingWorld } from '../support/published-world.ts';
import { localFiles, versioned } from '../support/publishing.ts';
import { never } from './support.ts';

const A = versioned('a');
const FASTER = versioned('a', '15s');
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const QUIETLY = { revision: undefined, progress: () => undefined };

describe('a parameter that was published', () => {
  let world: PublishingWorld;
  beforeEach(async () => {
    world = await startPublishing('ssm:///prom/targets/');
  });
  afterEach(() => world.close());

  const NAME = '/prom/targets/a.yaml';
  const publish = async (texts: Readonly<Record<string, string>>, revision?: string) =>
    world.carryOut(await world.plan(texts), revision);
  const metadata = async () => (await world.box.ssm.send(new DescribeParametersCommand({}))).Parameters?.[0];
  const puts = () => world.box.sandbox.recorder.calls({ operation: 'PutParameter' });

  /** Carries a plan out whose first write is preceded, after the last look, by what somebody else does. */
  async function carryOutAfter(plan: PublishPlan, others: () => Promise<unknown>) {
    const { url: endpointUrl, region } = world.box.sandbox;
    const clients = createClients({ endpointUrl, region, credentials: CREDENTIALS });
    const clock = instantClock();
    const budget = createBudget({ clock });
    let waiting = true;
    const racing: Budget = {
      ...budget,
      async call(api, context, send) {
        if (api === 'ssm:PutParameter' && waiting) {
          waiting = false;
          await others();
        }
        return budget.call(api, context, send);
      },
    };
    const store = ssmStore({ clients, budget: racing, clock }, { path: '/prom/targets/', tier: 'standard' });
    try {
      return await publishDocuments(plan, store, QUIETLY, never());
    } finally {
      clients.close();
    }
  }

  it('is a String of the standard tier, described by the revision that it came from', async () => {
    await publish({ 'a.yaml': A }, '0123abc');
    const { Name, Type, Tier, Description } = (await metadata()) ?? {};
    assert.deepEqual(
      { Name, Type, Tier, Description },
      {
        Name: NAME,
        Type: 'String',
        Tier: 'Standard',
        Description: 'ScrapeTarget document published by scrapectl, revision 0123abc',
      },
    );
  });

  it('tells the version that each write made', async () => {
    const versionOf = (outcomes: Awaited<ReturnType<typeof publish>>) => {
      const [outcome] = outcomes;
      assert.ok(outcome?.result.kind === 'written');
      return outcome.result.version;
    };
    assert.equal(versionOf(await publish({ 'a.yaml': A })), '1');
    assert.equal(versionOf(await publish({ 'a.yaml': FASTER })), '2');
  });

  it('stays a SecureString where it was one', async () => {
    await world.box.ssm.send(new PutParameterCommand({ Name: NAME, Value: A, Type: 'SecureString' }));
    assert.deepEqual(toldOf(await publish({ 'a.yaml': FASTER })), ['update a.yaml: written']);
    const { Parameter } = await world.box.ssm.send(
      new GetParameterCommand({ Name: NAME, WithDecryption: true }),
    );
    assert.deepEqual([Parameter?.Type, Parameter?.Value], ['SecureString', FASTER]);
  });

  it('is never written with tags, which SSM refuses together with an overwrite', async () => {
    await publish({ 'a.yaml': A });
    await publish({ 'a.yaml': FASTER });
    assert.equal(puts().length, 2);
    for (const { input } of puts())
      assert.ok(typeof input === 'object' && input !== null && !('Tags' in input));
  });

  it('holds up to 8 KB in the tier that was asked for, and stays there', async () => {
    const large = (text: string) => `${text}#${'x'.repeat(6000)}\n`;
    const store = world.aws.documentStore('ssm:///prom/targets/', { tier: 'intelligent' });
    for (const text of [large(A), large(FASTER), A]) {
      const plan = planPublication({
        directory: 'targets',
        to: store.uri,
        local: localFiles({ 'a.yaml': text }),
        remote: await world.aws.source(store.uri).read(never()),
        prune: undefined,
        tier: 'intelligent',
        parsing: {},
      });
      const outcomes = await publishDocuments(plan, store, QUIETLY, never());
      assert.match(toldOf(outcomes)[0] ?? '', /: written$/);
    }
    assert.equal((await metadata())?.Tier, 'Advanced');
    assert.deepEqual(toldOf(await publish({ 'a.yaml': FASTER })), ['update a.yaml: written']);
  });

  it('says so when somebody came between the last look and the write', async () => {
    await publish({ 'a.yaml': A });
    const plan = await world.plan({ 'a.yaml': FASTER });
    const theirs = new PutParameterCommand({ Name: NAME, Value: versioned('a', '1m'), Overwrite: true });
    const [outcome] = await carryOutAfter(plan, () => world.box.ssm.send(theirs));
    assert.ok(outcome?.result.kind === 'failed');
    const { reason, message, remedy } = outcome.result.error;
    assert.equal(reason, 'PublishOverwrote');
    assert.match(message, /version 1 was read, and ours became version 3/);
    assert.match(remedy ?? '', /version 2 in the parameter's history/);
  });

  it('is known to have replaced another also when the answer to the write was lost', async () => {
    await publish({ 'a.yaml': A });
    const plan = await world.plan({ 'a.yaml': FASTER });
    world.box.sandbox.faults.add({
      operation: 'PutParameter',
      nth: 2,
      effect: { kind: 'reset', when: 'after' },
    });
    const theirs = new PutParameterCommand({ Name: NAME, Value: versioned('a', '1m'), Overwrite: true });
    const [outcome] = await carryOutAfter(plan, () => world.box.ssm.send(theirs));
    assert.ok(outcome?.result.kind === 'failed');
    assert.equal(outcome.result.error.reason, 'PublishOverwrote');
  });

  it('is written at no more than half of the documented rate, so that it is never throttled', async () => {
    await world.close();
    world = await startPublishing('ssm:///prom/targets/', {
      throttling: { mode: 'documented' },
      aws: { share: 0.5 },
    });
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`app-${index}.yaml`, versioned(`app-${index}`)]),
    );
    const outcomes = await publish(many);
    assert.ok(outcomes.every(({ result }) => result.kind === 'written'));
    const calls = puts();
    assert.ok(calls.every(({ outcome }) => outcome === 'ok'));
    const seconds = ((calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0)) / 1000;
    assert.ok(seconds >= (12 - 2) / 1.5, `12 writes in ${seconds} s`);
  });
});
