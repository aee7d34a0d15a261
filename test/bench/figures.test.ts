import assert from 'node:assert/strict';
import {
  median,
  medianFigures,
  percentile,
  tallyBetween,
  totalCalls,
  type Figures,
} from '../../scripts/bench/figures.ts';

const figures = (changed: Partial<Figures>): Figures => ({
  calls: {},
  throttled: 0,
  wallMs: 0,
  cpuMs: 0,
  peakBytes: 0,
  bytesWritten: 0,
  filesWritten: 0,
  ...changed,
});

describe('figures of the bench', () => {
  it('takes a percentile by nearest rank, whatever the order of the values', () => {
    const values = [50, 15, 40, 20, 35];
    assert.equal(percentile(values, 0.05), 15);
    assert.equal(percentile(values, 0.3), 20);
    assert.equal(percentile(values, 0.4), 20);
    assert.equal(percentile(values, 0.5), 35);
    assert.equal(percentile(values, 1), 50);
    assert.deepEqual(values, [50, 15, 40, 20, 35]);
  });

  it('gives one of the values as the median, so that calls stay whole numbers', () => {
    assert.equal(median([3, 1]), 1);
    assert.equal(median([10, 9, 100]), 10);
    assert.equal(median([]), Number.NaN);
  });

  it('counts the calls between two readings, without those that were not made', () => {
    const before = { calls: { 'ecs:ListTasks': 5, 'ecs:DescribeTasks': 2 }, throttled: 1 };
    const after = {
      calls: { 'ecs:ListTasks': 7, 'ecs:DescribeTasks': 2, 'ecs:UpdateService': 3 },
      throttled: 4,
    };
    const between = tallyBetween(before, after);
    assert.deepEqual(between, { calls: { 'ecs:ListTasks': 2, 'ecs:UpdateService': 3 }, throttled: 3 });
    assert.equal(totalCalls(between), 5);
  });

  it('takes medians over passes, but the worst of what must never happen', () => {
    const passes = [
      figures({ calls: { a: 10 }, cpuMs: 7, peakBytes: 100, throttled: 0 }),
      figures({ calls: { a: 12, b: 50 }, cpuMs: 9, peakBytes: 90, throttled: 2 }),
      figures({ calls: { a: 11 }, cpuMs: 8, peakBytes: 80, throttled: 1 }),
    ];
    assert.deepEqual(
      medianFigures(passes),
      figures({ calls: { a: 11 }, cpuMs: 8, peakBytes: 100, throttled: 3, worstCalls: 62 }),
    );
  });
});
