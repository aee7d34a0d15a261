import assert from 'node:assert/strict';
import fc from 'fast-check';
import { batches, readAllPages } from '../../controller/aws/paginate.ts';
import type { Page } from '../../controller/aws/paginate.ts';

/** Serves `pages` in turn; tokens are page numbers. */
const serve = (pages: readonly (readonly number[])[]) => async (token: string | undefined) => {
  const index = Number(token ?? '0');
  const page: Page<number> = {
    items: pages[index],
    token: index + 1 < pages.length ? String(index + 1) : undefined,
  };
  return page;
};

describe('Paging', () => {
  it('reads every item once, in order, whatever pages are empty', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.integer()), { minLength: 1 }), async (pages) => {
        assert.deepEqual(await readAllPages('numbers', serve(pages)), pages.flat());
      }),
    ));

  it('ends at a missing or empty token', async () => {
    assert.deepEqual(await readAllPages('n', async () => ({ items: [], token: '' })), []);
  });

  it('takes a page without a list for an incomplete answer, not for an empty list', async () => {
    const page = async () => ({ items: undefined, token: undefined });
    await assert.rejects(readAllPages('numbers', page), { reason: 'IncompleteAnswer', where: 'numbers' });
  });

  it('throws when the endpoint hands out a token twice, instead of paging for ever', async () => {
    let pages = 0;
    const circular = async () => {
      pages += 1;
      return { items: [1], token: 'same' };
    };
    await assert.rejects(readAllPages('numbers', circular), { reason: 'EndlessList', where: 'numbers' });
    assert.equal(pages, 2);
  });

  it('cuts a list into batches that hold everything in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 12 }), (items, size) => {
        const cut = batches(items, size);
        assert.deepEqual(cut.flat(), items);
        assert.ok(cut.every((batch) => batch.length > 0 && batch.length <= size));
        assert.equal(cut.length, Math.ceil(items.length / size));
      }),
    );
  });
});
