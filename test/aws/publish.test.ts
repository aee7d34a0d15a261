import assert from 'node:assert/strict';
import { compareText } from '../../controller/state/keys.ts';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { ParseResult } from '../../controller/api/types.ts';
import { directorySource } from '../../controller/documents/directory.ts';
import { never } from './support.ts';
import { toldOf, startPublishing } from '../support/published-world.ts';
import type { PublishingWorld } from '../support/published-world.ts';
import { PRUNE, versioned } from '../support/publishing.ts';
import type { FaultEffect } from '../../controller/sandbox/effects/effect.ts';

const namesOf = ({ targets }: ParseResult): string[] =>
  targets.map(({ metadata, specHash }) => `${metadata.name} ${specHash}`);

const A = versioned('a');
const B = versioned('b');
const FASTER = versioned('a', '15s');

const DESTINATIONS = [
  {
    to: 's3://docs/targets/',
    service: 's3',
    put: 'PutObject',
    remove: 'DeleteObject',
    action: /s3:PutObject/,
  },
  {
    to: 'ssm:///prom/targets/',
    service: 'ssm',
    put: 'PutParameter',
    remove: 'DeleteParameter',
    action: /ssm:PutParameter/,
  },
] as const;

for (const { to, service, put, remove, action } of DESTINATIONS) {
  describe(`publishing to ${to}`, () => {
    let world: PublishingWorld;
    beforeEach(async () => {
      world = await startPublishing(to);
    });
    afterEach(() => world.close());

    const writes = () => world.box.sandbox.recorder.calls({ service, kind: 'write' });
    const fault = (operation: string, effect: FaultEffect, count = 1) =>
      world.box.sandbox.faults.add({ service, operation, count, effect });
    const publish = async (texts: Readonly<Record<string, string>>, prune = false) =>
      toldOf(await world.carryOut(await world.plan(texts, prune ? { prune: PRUNE } : {})));

    it('gives back through the source what was written, and writes nothing the second time', async () => {
      const texts = { 'a.yaml': A, 'team/b.yml': B };
      assert.deepEqual(await publish(texts), ['create a.yaml: written', 'create team/b.yml: written']);
      assert.deepEqual(await world.read(), texts);
      const before = writes().length;
      assert.deepEqual(await publish(texts), []);
      assert.equal(writes().length, before);
    });

    it('takes every example, and leaves other files of the directory alone', async () => {
      const examples = await directorySource('examples/').read(never());
      const plan = await world.plan({}, { directory: 'examples/', local: examples.files });
      const withDocuments = new Set(parseDocuments(examples.files).targets.map(({ origin }) => origin.file));
      const others = examples.files.map(({ file }) => file).filter((file) => !withDocuments.has(file));
      assert.ok(others.includes('examples/prometheus/alerts.yaml'));
      assert.deepEqual([...plan.skipped].sort(compareText), others.sort(compareText));
      await world.carryOut(plan);
      const published = parseDocuments(await world.files());
      assert.deepEqual(published.errors, []);
      assert.deepEqual(namesOf(published), namesOf(parseDocuments(examples.files)));
    });

    it('writes only what changed, and deletes what is gone', async () => {
      await publish({ 'a.yaml': A, 'b.yaml': B });
      world.box.sandbox.recorder.clear();
      assert.deepEqual(await publish({ 'a.yaml': FASTER }, true), [
        'update a.yaml: written',
        'delete b.yaml: written',
      ]);
      assert.deepEqual(
        writes().map(({ operation }) => operation),
        [put, remove],
      );
      assert.deepEqual(await world.read(), { 'a.yaml': FASTER });
    });

    it('is done in spite of throttling', async () => {
      fault(put, { kind: 'throttle' }, 2);
      assert.deepEqual(await publish({ 'a.yaml': A, 'b.yaml': B }), [
        'create a.yaml: written',
        'create b.yaml: written',
      ]);
    });

    for (const when of ['before', 'after'] as const) {
      it(`finds out what became of a write whose connection broke ${when} it took effect`, async () => {
        await publish({ 'a.yaml': A, 'b.yaml': B });
        fault(put, { kind: 'reset', when });
        fault(remove, { kind: 'reset', when });
        assert.deepEqual(await publish({ 'a.yaml': FASTER, 'c.yaml': versioned('c') }, true), [
          'update a.yaml: written',
          'create c.yaml: written',
          'delete b.yaml: written',
        ]);
        assert.deepEqual(await world.read(), { 'a.yaml': FASTER, 'c.yaml': versioned('c') });
      });
    }

    it('gives up after some attempts when no write gets through, and deletes nothing then', async () => {
      await publish({ 'a.yaml': A, 'b.yaml': B });
      fault(put, { kind: 'reset', when: 'before' }, 100);
      assert.deepEqual(await publish({ 'a.yaml': FASTER }, true), [
        'update a.yaml: Unreachable',
        'delete b.yaml: held',
      ]);
      assert.deepEqual(await world.read(), { 'a.yaml': A, 'b.yaml': B });
    });

    it('names the permission that is missing, and writes the rest', async () => {
      world.box.sandbox.faults.add({
        service,
        operation: put,
        matches: (input) => JSON.stringify(input).includes('a.yaml'),
        effect: { kind: 'accessDenied' },
      });
      const outcomes = await world.carryOut(await world.plan({ 'a.yaml': A, 'b.yaml': B }));
      assert.deepEqual(toldOf(outcomes), ['create a.yaml: AccessDenied', 'create b.yaml: written']);
      const [first] = outcomes;
      assert.ok(first?.result.kind === 'failed');
      assert.match(first.result.error.remedy ?? '', action);
      assert.equal(first.result.error.where, `${to}a.yaml`);
    });

    it('leaves alone what another pipeline created, changed or deleted in between', async () => {
      await publish({ 'a.yaml': A, 'b.yaml': B });
      const mine = await world.plan({ 'a.yaml': FASTER, 'c.yaml': versioned('c') }, { prune: PRUNE });
      const theirs = {
        'a.yaml': versioned('a', '1m'),
        'b.yaml': versioned('b', '1m'),
        'c.yaml': versioned('c', '1m'),
      };
      await publish(theirs);
      assert.deepEqual(toldOf(await world.carryOut(mine)), [
        'update a.yaml: PublishConflict',
        'create c.yaml: PublishConflict',
        'delete b.yaml: held',
      ]);
      assert.deepEqual(await world.read(), theirs);

      const update = await world.plan({
        'a.yaml': FASTER,
        'b.yaml': theirs['b.yaml'],
        'c.yaml': theirs['c.yaml'],
      });
      await publish({ 'b.yaml': theirs['b.yaml'], 'c.yaml': theirs['c.yaml'] }, true);
      assert.deepEqual(toldOf(await world.carryOut(update)), ['update a.yaml: PublishConflict']);
    });

    it('does not delete what another pipeline changed in between', async () => {
      await publish({ 'a.yaml': A, 'b.yaml': B });
      const mine = await world.plan({ 'a.yaml': A }, { prune: PRUNE });
      await publish({ 'a.yaml': A, 'b.yaml': versioned('b', '1m') });
      assert.deepEqual(toldOf(await world.carryOut(mine)), ['delete b.yaml: PublishConflict']);
      assert.equal((await world.read())['b.yaml'], versioned('b', '1m'));
    });

    it('is content when another pipeline did the very same in between', async () => {
      await publish({ 'a.yaml': A, 'b.yaml': B });
      const texts = { 'a.yaml': FASTER, 'c.yaml': versioned('c') };
      const mine = await world.plan(texts, { prune: PRUNE });
      await publish(texts, true);
      assert.deepEqual(toldOf(await world.carryOut(mine)), [
        'update a.yaml: unchanged',
        'create c.yaml: unchanged',
        'delete b.yaml: unchanged',
      ]);
    });

    it('reads only the destination before it is told to write', async () => {
      await world.plan({ 'a.yaml': A });
      assert.deepEqual(writes(), []);
    });
  });
}

describe('a destination', () => {
  let world: PublishingWorld;
  beforeEach(async () => {
    world = await startPublishing('s3://docs/targets');
  });
  afterEach(() => world.close());

  it('may be written without the slash at its end', () => {
    const uriOf = (uri: string) => world.aws.documentStore(uri, { tier: 'standard' }).uri;
    assert.equal(uriOf('s3://docs/targets'), 's3://docs/targets/');
    assert.equal(uriOf('s3://docs'), 's3://docs/');
    assert.equal(uriOf('ssm:///prom'), 'ssm:///prom/');
    assert.equal(uriOf('ssm:///'), 'ssm:///');
  });

  it('is a prefix, not one document', () => {
    assert.throws(() => world.aws.documentStore('s3://docs/a.yaml', { tier: 'standard' }), {
      reason: 'InvalidDestination',
    });
  });
});
