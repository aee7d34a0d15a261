import { parseArgs } from 'node:util';
import { simulateDay } from '../test/replicas/day.ts';

const HELP = `Usage: npm run day -- [--hours N] [--seed N] [--changes N] [--verbose]

Runs two controllers with a lease, each with its Prometheus, through a day in fast-forward: their rolling deployment,
restarts of Prometheus, an outage of S3, a storm of throttled calls, changed documents, services that scale. Their target
files are compared with what really runs at every step.

  --hours N    how long the day is, default 24
  --seed N     what happens when, default 1
  --changes N  changed documents, default 200
  --verbose    print what happens
`;

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    changes: { type: 'string', default: '200' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function run(): Promise<number> {
  const { violations, checks, writes, events } = await simulateDay({
    seed: Number(values.seed),
    hours: Number(values.hours),
    documentChanges: Number(values.changes),
    ...(values.verbose && { tell: print }),
  });
  for (const violation of violations) print(violation);
  const counts = Object.entries(events).map(([kind, count]) => `${count} x ${kind}`);
  const seconds = process.cpuUsage().user / 1e6;
  print(
    `${values.hours} hours in ${seconds.toFixed(0)} s of CPU: ${counts.join(', ')}; ${writes} writes to AWS.`,
  );
  print(`${checks} checks, ${violations.length} violations.`);
  return violations.length === 0 ? 0 : 1;
}

if (values.help) print(HELP);
else process.exitCode = await run();
