import { totalCalls } from './figures.ts';
import type { Figures, Measurement, Results, Validation } from './figures.ts';
import { budgetOf } from './budget.ts';
import { alignColumns, count, mebibytes, seconds } from './table.ts';

/** The results as a person reads them. */
export function formatReport(results: Results): string {
  const { measurements, validations } = results;
  return [
    `Node.js ${results.node}, ${results.platform}, ${results.processor}`,
    ...(measurements.length === 0 ? [] : [formatMeasurements(measurements)]),
    ...(validations.length === 0 ? [] : [formatValidations(validations)]),
    formatBudget(results),
    FOOTER,
  ].join('\n\n');
}

function formatMeasurements(measurements: readonly Measurement[]): string {
  const row = (title: string, cell: (figures: Figures) => string): string[] => [
    title,
    ...measurements.map(({ figures }) => cell(figures)),
  ];
  const apis = [...new Set(measurements.flatMap(({ figures }) => Object.keys(figures.calls)))].sort();
  return alignColumns([
    ['services/tasks', ...measurements.map(({ size }) => size)],
    ['', ...measurements.map(({ step }) => step)],
    row('AWS calls', (figures) => count(totalCalls(figures))),
    ...apis.map((api) =>
      row(`  ${api}`, ({ calls }) => (calls[api] === undefined ? '.' : count(calls[api]))),
    ),
    row('  in the dearest pass', ({ worstCalls }) => (worstCalls === undefined ? '' : count(worstCalls))),
    row('  throttled', ({ throttled }) => count(throttled)),
    row('wall, s', ({ wallMs }) => seconds(wallMs)),
    row('CPU, s', ({ cpuMs }) => seconds(cpuMs)),
    row('peak memory, MiB', ({ peakBytes }) => mebibytes(peakBytes)),
    row('files written', ({ filesWritten }) => count(filesWritten)),
    row('bytes written', ({ bytesWritten }) => count(bytesWritten)),
    row('RUNNING to disk, s', ({ runningToDiskMs }) =>
      runningToDiskMs === undefined ? '' : seconds(runningToDiskMs),
    ),
  ]).trimEnd();
}

function formatValidations(validations: readonly Validation[]): string {
  return alignColumns([
    ['scrapectl validate', 'documents', 'wall, s', 'CPU, s', 'peak memory, MiB'],
    ...validations.map(({ subject, documents, wallMs, cpuMs, peakBytes }) => [
      subject,
      count(documents),
      seconds(wallMs),
      seconds(cpuMs),
      mebibytes(peakBytes),
    ]),
  ]).trimEnd();
}

function formatBudget(results: Results): string {
  return alignColumns([
    ['budget', 'measured/allowed', ''],
    ...budgetOf(results).map(({ title, measured, allowed, unit }) => [
      title,
      `${figure(measured, unit)}/${figure(allowed, unit)}${unit === '' ? '' : ` ${unit}`}`,
      measured <= allowed ? 'kept' : 'over',
    ]),
  ]).trimEnd();
}

const figure = (value: number, unit: string): string =>
  unit === 's' ? String(Number(value.toFixed(2))) : count(Math.round(value));

const FOOTER = `Calls grow with pages, a hundred items each: ListServices, ListTasks. DescribeTasks takes a hundred tasks.
Where AWS has no list, calls grow with something else:
  ecs:DescribeServices takes ten services, and only it tells bindings and deployments;
  ecs:DescribeTaskDefinition takes one; a revision never changes, so each is asked for once in the life of a process;
  servicediscovery:ListTagsForResource takes one registry; its answer is believed for ten minutes.
`;
