import { OPTIONS, type OptionName, type OptionSpec } from './option-table.ts';
import { environmentVariable } from './options.ts';
import type { Verb, VerbEntry } from './verbs/verb.ts';

const WIDTH = 100;
const COLUMN = 30;

export function generalHelp(verbs: readonly VerbEntry[]): string {
  return [
    'scrapectl declares to Prometheus which Amazon ECS services it scrapes, and keeps AWS and Prometheus matching.',
    '',
    'Usage: scrapectl VERB [OPTION...]',
    '',
    'Verbs:',
    ...verbs.flatMap((verb) => entry(verb.name, verb.summary)),
    '',
    'scrapectl VERB --help explains one verb; scrapectl --version prints the version.',
    '',
  ].join('\n');
}

export function verbHelp(verb: Verb): string {
  return [
    `Usage: scrapectl ${verb.name} ${verb.usage}`.trimEnd(),
    '',
    ...verb.help.flatMap((paragraph) => [...wrap(paragraph, WIDTH), '']),
    'Options (each also as an environment variable):',
    ...verb.options.flatMap((name) => optionHelp(name, name === 'output' ? verb.outputs : undefined)),
    ...entry('-h, --help', 'this text'),
    '',
    'Exit codes:',
    ...verb.exitCodes.flatMap(([code, meaning]) => entry(String(code), meaning)),
    '',
    'Examples:',
    ...verb.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

/** `outputs` are the choices of one verb, where they are not those of all. */
function optionHelp(name: OptionName, outputs?: readonly string[]): string[] {
  const spec: OptionSpec = OPTIONS[name];
  const choices = name === 'output' ? `: ${(outputs ?? spec.choices ?? []).join(', ')}` : '';
  const short = spec.short === undefined ? '' : `-${spec.short}, `;
  const value = spec.value === undefined ? '' : ` ${spec.value}`;
  const fallback = spec.default === undefined ? '' : ` (default: ${spec.default})`;
  const sample = spec.sample === undefined ? '' : ` [or ${spec.sample.variable}]`;
  return entry(
    `${short}--${name}${value}`,
    `${spec.help}${choices}${fallback} [${environmentVariable(name)}]${sample}`,
  );
}

/** Two columns; a long left side gets a line of its own. */
function entry(left: string, right: string): string[] {
  const lines = wrap(right, WIDTH - COLUMN);
  const indented = lines.map((line) => `${' '.repeat(COLUMN)}${line}`);
  if (left.length > COLUMN - 4) return [`  ${left}`, ...indented];
  const [first, ...rest] = indented;
  return [`  ${left}${(first ?? '').slice(left.length + 2)}`, ...rest];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
