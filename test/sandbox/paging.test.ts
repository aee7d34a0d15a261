import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pageOf } from '../../controller/sandbox/paging.ts';

const refuse = (token: string): Error => new Error(`refused ${token}`);

const page = (items: readonly string[], maxResults: number, token?: string) =>
  pageOf(items, (item) => item, { maxResults, token }, refuse);

describe('pages of the sandbox', () => {
  const sorted = fc
    .uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 })
    .map((items) => items.sort((a, b) => (a < b ? -1 : 1)));

  it('joined give every item once, in order', () => {
    fc.assert(
      fc.property(sorted, fc.integer({ min: 1, max: 10 }), (items, size) => {
        const seen: string[] = [];
        let token: string | undefined;
        do {
          const { items: some, nextToken } = page(items, size, token);
          seen.push(...some);
          token = nextToken;
        } while (token !== undefined);
        assert.deepEqual(seen, items);
      }),
    );
  });

  it('go on after the item that the token names, also when it is gone', () => {
    const { nextToken } = page(['a', 'b', 'c', 'd'], 2);
    assert.deepEqual(page(['a', 'c', 'd'], 2, nextToken), { items: ['c', 'd'] });
  });

  it('refuse a token of somebody else', () => {
    assert.throws(() => page(['a'], 1, 'made up'), /refused made up/);
  });
});
