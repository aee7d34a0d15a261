import assert from 'node:assert/strict';
import { budgetOf } from '../../scripts/bench/budget.ts';
import type { Figures, Results } from '../../scripts/bench/figures.ts';
import { formatReport } from '../../scripts/bench/report.ts';

const MIB = 1024 * 1024;

const figures: Figures = {
  calls: { 'ecs:ListTasks': 100, 'ecs:DescribeServices': 100, 'servicediscovery:ListServices': 10 },
  throttled: 0,
  wallMs: 10_000,
  cpuMs: 900,
  peakBytes: 150 * MIB,
  bytesWritten: 0,
  filesWritten: 0,
  worstCalls: 260,
};

const results: Results = {
  node: 'v20.20.2',
  platform: 'linux x64',
  processor: '2 x Processor',
  measurements: [
    { size: '10/50', step: 'cold', figures: { ...figures, calls: { 'ecs:ListTasks': 1 } } },
    { size: '1,000/10,000', step: 'steady', figures },
    {
      size: '1,000/10,000',
      step: 'one task',
      figures: { ...figures, filesWritten: 1, runningToDiskMs: 9500 },
    },
  ],
  validations: [
    { subject: 'examples/', documents: 2, wallMs: 400, cpuMs: 280, peakBytes: 70 * MIB },
    { subject: 'generated', documents: 1000, wallMs: 900, cpuMs: 800, peakBytes: 90 * MIB },
  ],
};

describe('report of the bench', () => {
  it('holds the largest size to the budget', () => {
    assert.deepEqual(
      budgetOf(results).map(({ title, measured, allowed }) => [title, measured, allowed]),
      [
        ['1,000/10,000: AWS calls of a steady pass', 210, 250],
        ['1,000/10,000: AWS calls of the dearest steady pass', 260, 250],
        ['1,000/10,000: CPU of a steady pass', 0.9, 1],
        ['1,000/10,000: bytes written by a steady pass', 0, 0],
        ['1,000/10,000: peak memory', 150, 128],
        ['1,000/10,000: files rewritten for one task', 1, 1],
        ['throttled calls in all', 0, 0],
        ['CPU of validate examples/', 0.28, 0.3],
      ],
    );
  });

  it('leaves out the budget of a size that was not measured', () => {
    const small = results.measurements.filter(({ size }) => size === '10/50');
    assert.deepEqual(
      budgetOf({ ...results, measurements: small, validations: [] }).map(({ title }) => title),
      ['throttled calls in all'],
    );
  });

  it('shows each API that was called, in which steps, and whether the budget is kept', () => {
    const lines = formatReport(results).split('\n');
    const line = (start: string): string | undefined =>
      lines.find((each) => each.startsWith(start))?.replaceAll(/ {2,}/g, ' | ');
    assert.equal(line('services/tasks'), 'services/tasks | 10/50 | 1,000/10,000 | 1,000/10,000');
    assert.equal(line('AWS calls'), 'AWS calls | 1 | 210 | 210');
    assert.equal(line('  ecs:ListTasks'), ' | ecs:ListTasks | 1 | 100 | 100');
    assert.equal(line('  ecs:DescribeServices'), ' | ecs:DescribeServices | . | 100 | 100');
    assert.equal(line('RUNNING to disk'), 'RUNNING to disk, s | 9.50');
    assert.equal(
      line('1,000/10,000: AWS calls of a steady'),
      '1,000/10,000: AWS calls of a steady pass | 210/250 | kept',
    );
    assert.equal(line('1,000/10,000: peak'), '1,000/10,000: peak memory | 150/128 MiB | over');
  });
});
