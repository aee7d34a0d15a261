import assert from 'node:assert/strict';
import { parseBenchOptions } from '../../scripts/bench/options.ts';
import { SIZES } from '../../scripts/bench/sizes.ts';

describe('options of the bench', () => {
  it('measures every size when none is named', () => {
    assert.deepEqual(parseBenchOptions([]).sizes, SIZES);
  });

  it('measures the named sizes from the smallest, each once', () => {
    const { sizes } = parseBenchOptions(['--size', '1000', '--size', '10', '--size', '1000']);
    assert.deepEqual(
      sizes.map(({ services }) => services),
      [10, 1000],
    );
  });

  it('says which sizes there are when another one is named', () => {
    assert.throws(
      () => parseBenchOptions(['--size', '20']),
      /--size is 20, but must be one of 10, 100, 1000\./,
    );
  });

  it('refuses a format and a number of passes that it does not know', () => {
    assert.throws(() => parseBenchOptions(['-o', 'xml']), /--output is xml, but must be text or json\./);
    assert.throws(() => parseBenchOptions(['--passes', '-1']), /--passes/);
    assert.throws(() => parseBenchOptions(['--passes', 'many']), /--passes is many/);
  });
});
