import assert from 'node:assert/strict';
import { judgePrune } from '../../controller/plan/prune-limits.ts';

const judge = (gone: number, total: number, maxPercent = 20, allowEmpty = false) =>
  judgePrune(gone, total, { maxPercent, allowEmpty });

describe('the bound on what may be deleted at once', () => {
  it('allows to delete nothing, also of nothing', () => {
    assert.deepEqual([judge(0, 0, 0), judge(0, 5, 0)], [{ kind: 'allowed' }, { kind: 'allowed' }]);
  });

  it('allows the share, and of fewer one alone, unless nothing may be deleted', () => {
    const allowed = [judge(2, 10), judge(1, 2), judge(1, 2, 1)].map(({ kind }) => kind);
    assert.deepEqual(allowed, ['allowed', 'allowed', 'allowed']);
    assert.deepEqual(judge(1, 2, 0), { kind: 'tooMany', needed: 50 });
  });

  it('says which share would be enough, rounded up', () => {
    assert.deepEqual(judge(2, 3), { kind: 'tooMany', needed: 67 });
    assert.deepEqual(judge(2, 3, 67), { kind: 'allowed' });
    assert.deepEqual(judge(2, 3, 66), { kind: 'tooMany', needed: 67 });
  });

  it('deletes the last one only when that is asked for', () => {
    assert.deepEqual(
      [judge(1, 1, 100), judge(3, 3, 100), judge(3, 3, 0, true)].map(({ kind }) => kind),
      ['wouldEmpty', 'wouldEmpty', 'allowed'],
    );
  });
});
