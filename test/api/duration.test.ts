import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../controller/api/duration.ts';

describe('parseDuration', () => {
  const durations: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['0s', 0],
    ['15ms', 15],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['90d', 90 * 86_400_000],
    ['1y2w3d4h5m6s7ms', ((365 + 14 + 3) * 86_400 + 4 * 3600 + 5 * 60 + 6) * 1000 + 7],
    ['9223372036854ms', 9_223_372_036_854],
  ];
  for (const [text, milliseconds] of durations) {
    it(`reads ${text}`, () => assert.equal(parseDuration(text), milliseconds));
  }

  for (const text of [
    '',
    '1',
    '-1s',
    '1.5m',
    '1s1m',
    '30 s',
    ' 30s',
    '30S',
    '1min',
    '9223372036855ms',
    '1'.repeat(400) + 'y',
  ]) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))} as Prometheus does`, () =>
      assert.equal(parseDuration(text), undefined));
  }
});

describe('formatDuration', () => {
  it('writes durations as Prometheus does', () => {
    assert.deepEqual(
      [0, 15, 90_000, 90 * 86_400_000, 14 * 86_400_000, 365 * 86_400_000, 3_600_001].map(formatDuration),
      ['0s', '15ms', '1m30s', '90d', '2w', '1y', '1h1ms'],
    );
  });

  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.nat(9_223_372_036_854), (milliseconds) => {
        assert.equal(parseDuration(formatDuration(milliseconds)), milliseconds);
      }),
    );
  });
});
