import assert from 'node:assert/strict';
import { alignColumns, count, mebibytes, seconds } from '../../scripts/bench/table.ts';

describe('table of the bench', () => {
  it('aligns the first column to the left and the others to the right', () => {
    const table = alignColumns([
      ['', 'cold', 'steady'],
      ['AWS calls', '2,216', '216'],
      ['CPU, s', '9.1', ''],
    ]);
    assert.equal(
      table,
      ['            cold  steady', 'AWS calls  2,216     216', 'CPU, s       9.1', ''].join('\n'),
    );
  });

  it('writes figures as a person reads them', () => {
    assert.equal(count(10_000), '10,000');
    assert.equal(seconds(64), '0.06');
    assert.equal(seconds(12_345), '12.35');
    assert.equal(seconds(195_400), '195');
    assert.equal(mebibytes(128 * 1024 * 1024), '128');
  });
});
