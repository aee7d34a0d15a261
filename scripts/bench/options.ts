import { parseArgs } from 'node:util';
import { SIZES } from './sizes.ts';
import type { Size } from './sizes.ts';

export interface BenchOptions {
  readonly sizes: readonly Size[];
  readonly passes: number;
  readonly nodeOptions: readonly string[];
  readonly output: 'text' | 'json';
  readonly jsonFile: string | undefined;
  readonly help: boolean;
}

export const HELP = `npm run bench -- [OPTION...]

Measures the controller against the embedded sandbox, with AWS's documented throttles.

  --size N              services: ${SIZES.map(({ services }) => services).join(', ')}; may be repeated (default: all)
  --passes N            passes with nothing changed, 30 s of skipped time apart (default: 20)
  --node-option=OPTION  for the measured process, for example --node-option=--cpu-prof; may be repeated
  -o, --output FORMAT   text or json (default: text)
  --json FILE           write the JSON there too
`;

/** Throws an Error with a sentence for the reader. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', multiple: true },
      passes: { type: 'string', default: '20' },
      'node-option': { type: 'string', multiple: true },
      output: { type: 'string', short: 'o', default: 'text' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (!/^\d{1,4}$/.test(values.passes))
    throw new Error(`--passes is ${values.passes}, but must be a whole number.`);
  const { output } = values;
  if (output !== 'text' && output !== 'json')
    throw new Error(`--output is ${output}, but must be text or json.`);
  return {
    sizes: values.size === undefined ? SIZES : sizesOf(values.size),
    passes: Number(values.passes),
    nodeOptions: values['node-option'] ?? [],
    output,
    jsonFile: values.json,
    help: values.help,
  };
}

function sizesOf(wanted: readonly string[]): readonly Size[] {
  const known = SIZES.map(({ services }) => String(services));
  for (const each of wanted)
    if (!known.includes(each)) throw new Error(`--size is ${each}, but must be one of ${known.join(', ')}.`);
  return SIZES.filter(({ services }) => wanted.includes(String(services)));
}
