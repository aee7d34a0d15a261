import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { build } from './bench/build.ts';
import type { Measurement, Results } from './bench/figures.ts';
import { measureBinding, measureRunning } from './bench/measure-size.ts';
import type { Bench } from './bench/measure-size.ts';
import { measureValidate } from './bench/measure-validate.ts';
import { HELP, parseBenchOptions } from './bench/options.ts';
import type { BenchOptions } from './bench/options.ts';
import { formatReport } from './bench/report.ts';
import { SIZES } from './bench/sizes.ts';

async function measure(options: BenchOptions): Promise<Results> {
  const { moduleOf, remove } = await build();
  const bench: Bench = {
    moduleOf,
    passes: options.passes,
    nodeOptions: options.nodeOptions,
    progress: (message) => process.stderr.write(`bench: ${message}\n`),
  };
  try {
    return { ...machine(), ...(await measureAll(bench, options)) };
  } finally {
    await remove();
  }
}

async function measureAll(
  bench: Bench,
  { sizes }: BenchOptions,
): Promise<Pick<Results, 'measurements' | 'validations'>> {
  const validations = await measureValidate(bench);
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    // Binding is bound to AWS's five UpdateService a second, and to its rollouts, which are no figures of ours.
    if (size === SIZES[0]) measurements.push(...(await measureBinding(bench, size)));
    measurements.push(...(await measureRunning(bench, size)));
  }
  return { measurements, validations };
}

function machine(): Pick<Results, 'node' | 'platform' | 'processor'> {
  const { version: node, platform, arch } = process;
  const processor = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  return { node, platform: `${platform} ${arch}`, processor };
}

const options = parseBenchOptions(process.argv.slice(2));
if (options.help) {
  process.stdout.write(HELP);
} else {
  const results = await measure(options);
  const json = `${JSON.stringify(results, null, 2)}\n`;
  if (options.jsonFile !== undefined) await writeFile(options.jsonFile, json);
  process.stdout.write(options.output === 'json' ? json : formatReport(results));
}
