import { totalCalls } from './figures.ts';
import type { Figures, Results, Step } from './figures.ts';
import { sizeTitle } from './sizes.ts';

/** What the controller may cost on the largest fleet. */
export interface BudgetLine {
  readonly title: string;
  readonly measured: number;
  readonly allowed: number;
  readonly unit: 's' | 'MiB' | '';
}

const LARGEST = sizeTitle({ services: 1000, tasksPerService: 10 });
const MIB = 1024 * 1024;

type Limit = readonly [
  step: Step,
  title: string,
  allowed: number,
  unit: BudgetLine['unit'],
  measure: (figures: Figures) => number,
];

const LIMITS: readonly Limit[] = [
  ['steady', 'AWS calls of a steady pass', 250, '', totalCalls],
  ['steady', 'AWS calls of the dearest steady pass', 250, '', (figures) => figures.worstCalls ?? 0],
  ['steady', 'CPU of a steady pass', 1, 's', ({ cpuMs }) => cpuMs / 1000],
  ['steady', 'bytes written by a steady pass', 0, '', ({ bytesWritten }) => bytesWritten],
  ['one task', 'peak memory', 128, 'MiB', ({ peakBytes }) => peakBytes / MIB],
  ['one task', 'files rewritten for one task', 1, '', ({ filesWritten }) => filesWritten],
];

/** The lines for which there is a measurement. */
export function budgetOf({ measurements, validations }: Results): readonly BudgetLine[] {
  const throttled = measurements.reduce((sum, { figures }) => sum + figures.throttled, 0);
  const largest = new Map(
    measurements.filter(({ size }) => size === LARGEST).map(({ step, figures }) => [step, figures]),
  );
  const limits = LIMITS.flatMap(([step, title, allowed, unit, measure]): BudgetLine[] => {
    const figures = largest.get(step);
    return figures === undefined
      ? []
      : [{ title: `${LARGEST}: ${title}`, measured: measure(figures), allowed, unit }];
  });
  const examples = validations.find(({ subject }) => subject === 'examples/');
  return [
    ...limits,
    ...(measurements.length === 0
      ? []
      : [{ title: 'throttled calls in all', measured: throttled, allowed: 0, unit: '' as const }]),
    ...(examples === undefined
      ? []
      : [
          {
            title: 'CPU of validate examples/',
            measured: examples.cpuMs / 1000,
            allowed: 0.3,
            unit: 's' as const,
          },
        ]),
  ];
}
