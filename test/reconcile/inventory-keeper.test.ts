import assert from 'node:assert/strict';
import fc from 'fast-check';
import { transient } from '../../controller/errors.ts';
import {
  createInventoryKeeper,
  noteBinding,
  noteUnbinding,
  type InventoryKeeper,
} from '../../controller/reconcile/inventory-keeper.ts';
import { readOwned, writeOwned } from '../../controller/state/owned-format.ts';
import { NO_HOLDINGS, ownedKey, type Holdings, type OwnedRegistry } from '../../controller/state/owned.ts';
import { boundService } from '../support/plans.ts';
import { never } from './ports.ts';

function entry(target: string, overrides: Partial<OwnedRegistry> = {}): OwnedRegistry {
  return {
    target,
    registry: { namespace: 'apps', name: target, id: `srv-${target}`, arn: `arn:${target}` },
    service: { cluster: 'c', service: target },
    origin: 'created',
    deletionPolicy: 'Delete',
    bindingPolicy: 'Ensure',
    state: 'active',
    ...overrides,
  };
}

/** A place where one text is kept, and that refuses to replace what is not what was read last. */
function memoryStore(first?: string) {
  let text = first;
  let known: string | undefined;
  const saved: string[] = [];
  return {
    saved,
    uri: 's3://docs/.scrapectl/prod/inventory',
    put(other: string) {
      text = other;
    },
    async load() {
      known = text;
      return text;
    },
    async save(next: string) {
      if (known !== text) throw transient({ reason: 'StatusConflict', message: 'somebody else' });
      saved.push(next);
      text = next;
      known = next;
    },
  };
}

describe('the inventory', () => {
  const holding = (...targets: readonly string[]): Holdings => ({
    ...NO_HOLDINGS,
    owned: targets.map((target) => entry(target)),
  });
  const add =
    (target: string) =>
    (known: Holdings): Holdings => ({ ...known, owned: [...known.owned, entry(target)] });
  const targetsIn = (text: string | undefined) =>
    readOwned(text ?? '', 'prod', 'here').owned.map(({ target }) => target);

  it('is written only when it changed, and never while there is nothing to tell', async () => {
    const store = memoryStore();
    const keeper = createInventoryKeeper(store, 'prod');
    await keeper.update((known) => known, never());
    await keeper.update(add('web'), never());
    await keeper.update((known) => ({ ...known, owned: known.owned.toReversed() }), never());
    assert.deepEqual(store.saved.map(targetsIn), [['web']]);
  });

  it('makes one edit after another, each of what the one before has stored', async () => {
    const store = memoryStore();
    const keeper = createInventoryKeeper(store, 'prod');
    await Promise.all(['a', 'b', 'd'].map((name) => keeper.update(add(name), never())));
    assert.deepEqual(targetsIn(store.saved.at(-1)), ['a', 'b', 'd']);
  });

  it('is read anew after somebody else has changed it, and loses nothing of theirs', async () => {
    const store = memoryStore();
    const keeper = createInventoryKeeper(store, 'prod');
    await keeper.update(add('web'), never());
    store.put(writeOwned('prod', holding('web', 'theirs')));
    const lost = await keeper.update(add('api'), never());
    assert.ok(lost.kind === 'failed' && lost.error.reason === 'StatusConflict');
    await keeper.update(add('api'), never());
    assert.deepEqual(targetsIn(store.saved.at(-1)), ['api', 'theirs', 'web']);
  });

  it('remembers an unbinding of its own entry before it is sent', async () => {
    const store = memoryStore(writeOwned('prod', holding('web', 'api')));
    const keeper = createInventoryKeeper(store, 'prod');
    const change = {
      kind: 'unbindService',
      target: 'web',
      service: boundService('web'),
      registry: entry('web').registry,
      deployment: 'ecs-svc/1',
      before: [],
      after: [],
    } as const;
    assert.equal(await noteUnbinding(keeper, change, never()), undefined);
    const noted = readOwned(store.saved[0] ?? '', 'prod', 'here');
    assert.deepEqual(
      noted.owned.map(({ target, unbindSent }) => [target, unbindSent]),
      [
        ['api', undefined],
        ['web', 'ecs-svc/1'],
      ],
    );
  });

  const bind = {
    kind: 'bindService',
    target: 'web',
    specHash: 'h1',
    deployment: 'ecs-svc/1',
    service: boundService('web'),
    registry: entry('web').registry,
    before: [],
    after: { registryArn: 'arn:web' },
  } as const;

  it('remembers a binding before it is sent, also of a registry that it does not know yet', async () => {
    const store = memoryStore();
    assert.equal(await noteBinding(createInventoryKeeper(store, 'prod'), bind, 5, never()), undefined);
    const { attempts } = readOwned(store.saved[0] ?? '', 'prod', 'here');
    assert.deepEqual([...attempts], [['web', { specHash: 'h1', deployment: 'ecs-svc/1', sentAt: 5 }]]);
  });

  it('holds a binding up while it can be remembered a little later, and not where a person must mend that', async () => {
    const store = memoryStore();
    const keeper = createInventoryKeeper(store, 'prod');
    await keeper.read(never());
    store.put(writeOwned('prod', holding('theirs')));
    assert.equal((await noteBinding(keeper, bind, 5, never()))?.reason, 'StatusConflict');
    const broken = createInventoryKeeper(memoryStore('{'), 'prod');
    assert.equal(await noteBinding(broken, bind, 5, never()), undefined);
  });

  it('holds an unbinding up that cannot be remembered, and none where no inventory is kept', async () => {
    const unbind = { ...bind, kind: 'unbindService', after: [] } as const;
    const broken = createInventoryKeeper(memoryStore('{'), 'prod');
    assert.equal((await noteUnbinding(broken, unbind, never()))?.reason, 'InventoryBroken');
    assert.equal(await noteUnbinding(undefined, unbind, never()), undefined);
    assert.equal(await noteBinding(undefined, bind, 5, never()), undefined);
  });

  it('tells with each edit what was there before it and what is there after it', async () => {
    const keeper = createInventoryKeeper(memoryStore(), 'prod');
    const edited = { before: NO_HOLDINGS, after: holding('web') };
    assert.deepEqual(await keeper.update(add('web'), never()), { kind: 'complete', value: edited });
    assert.deepEqual(await keeper.update((known) => known, never()), {
      kind: 'complete',
      value: { before: holding('web'), after: holding('web') },
    });
  });

  it('is read each time where others may have written it since', async () => {
    const store = memoryStore(writeOwned('prod', holding('web')));
    const owned = async (keeper: InventoryKeeper): Promise<unknown> => {
      const read = await keeper.read(never());
      return read.kind === 'complete' && read.value.owned.map(({ target }) => target);
    };
    const [alone, shared] = [
      createInventoryKeeper(store, 'prod'),
      createInventoryKeeper(store, 'prod', 'shared'),
    ];
    for (const keeper of [alone, shared]) assert.deepEqual(await owned(keeper), ['web']);
    store.put(writeOwned('prod', holding('theirs', 'web')));
    assert.deepEqual(await owned(alone), ['web']);
    assert.deepEqual(await owned(shared), ['theirs', 'web']);
  });

  for (const [what, text, reason] of [
    ['is damaged', '{"format":"scrapectl-inv', 'InventoryBroken'],
    ['is something else', '{"formatVersion":"1.0"}', 'InventoryBroken'],
    ['is that of another owner', writeOwned('prod-eu', holding('web')), 'InventoryBroken'],
    ['misses a part', writeOwned('prod', holding('web')).replace('arn:web', ''), 'InventoryBroken'],
    [
      'is of a later format',
      writeOwned('prod', NO_HOLDINGS).replace('inventory/1', 'inventory/2'),
      'InventoryFormatUnknown',
    ],
  ] as const)
    it(`is not used and not overwritten when what is stored ${what}`, async () => {
      const store = memoryStore(text);
      const keeper = createInventoryKeeper(store, 'prod');
      const read = await keeper.read(never());
      assert.ok(read.kind === 'failed' && read.error.reason === reason);
      assert.equal((await keeper.update(add('web'), never())).kind, 'failed');
      assert.deepEqual(store.saved, []);
    });

  it('reads what it wrote, in the same bytes whatever the order', () => {
    const texts = fc.string({ minLength: 1 });
    const entries = fc.uniqueArray(
      fc.record(
        {
          target: texts,
          registry: fc.record({ namespace: texts, name: texts, id: texts, arn: texts }),
          service: fc.record({ cluster: texts, service: texts }),
          origin: fc.constantFrom('created' as const, 'adopted' as const, 'found' as const),
          deletionPolicy: fc.constantFrom('Retain' as const, 'Delete' as const),
          bindingPolicy: fc.constantFrom('Ensure' as const, 'Observe' as const),
          state: fc.constantFrom('active' as const, 'retained' as const, 'deleting' as const),
          unbindSent: fc.string(),
        },
        {
          noNullPrototype: true,
          requiredKeys: [
            'target',
            'registry',
            'service',
            'origin',
            'deletionPolicy',
            'bindingPolicy',
            'state',
          ],
        },
      ),
      { selector: ownedKey },
    );
    const attempts = fc
      .dictionary(
        texts,
        fc.record(
          { specHash: fc.string(), deployment: fc.string(), sentAt: fc.nat() },
          { noNullPrototype: true, requiredKeys: ['specHash', 'sentAt'] },
        ),
        { noNullPrototype: true },
      )
      .map((each) => new Map(Object.entries(each)));
    fc.assert(
      fc.property(entries, attempts, (owned, sent) => {
        const text = writeOwned('prod', { owned, attempts: sent });
        const read = readOwned(text, 'prod', 'here');
        assert.equal(read.owned.length, owned.length);
        assert.equal(writeOwned('prod', { ...read, owned: read.owned.toReversed() }), text);
        assert.deepEqual(read.attempts, sent);
        assert.deepEqual(new Set(read.owned.map(ownedKey)), new Set(owned.map(ownedKey)));
      }),
    );
  });
});
