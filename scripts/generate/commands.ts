import { OPTIONS, type OptionName, type OptionSpec } from '../../controller/cli/option-table.ts';
import { environmentVariable } from '../../controller/cli/options.ts';
import { VERBS } from '../../controller/cli/verbs/index.ts';
import type { Verb, VerbEntry } from '../../controller/cli/verbs/verb.ts';
import { compareText } from '../../controller/state/keys.ts';

const HEADER = `# Command reference

<!-- Generated from controller/cli by "npm run generate": change the verbs and the table of options there instead. -->

The same is told by \`scrapectl VERB --help\`. \`--help\` (\`-h\`) goes with every verb, and \`scrapectl --version\` prints
the version. An option goes before its environment variable, and the variable before the default. A variable for a
list takes values separated by commas, one for a switch \`true\` or \`false\`; an empty one counts as none. Output goes to
standard output; logs, progress and errors to standard error.
`;

/** The reference of verbs and their options as Markdown. */
export async function commandReference(): Promise<string> {
  const verbs = await Promise.all(VERBS.map(async (entry) => ({ entry, verb: await entry.load() })));
  const rows = VERBS.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${cell(summary)} |`);
  const names = [...new Set(verbs.flatMap(({ verb }) => verb.options))].sort(compareText);
  return [
    HEADER,
    '| Verb | Does |\n| --- | --- |',
    ...rows,
    ...verbs.map(({ entry, verb }) => verbSection(entry, verb)),
    '\n## Options\n\n| Option | Variable | Default | Meaning |\n| --- | --- | --- | --- |',
    ...names.map(optionRow),
    '',
  ].join('\n');
}

function verbSection({ summary }: VerbEntry, verb: Verb): string {
  const { name, usage, help, options, exitCodes, examples, outputs } = verb;
  const forms = outputs ?? OPTIONS.output.choices;
  return [
    `\n## ${name}\n\n${capital(summary)}.`,
    `\n\`\`\`text\nscrapectl ${name} ${usage}`.trimEnd() + '\n```\n',
    ...help.map((paragraph) => `${paragraph}\n`),
    `Options: ${options.toSorted(compareText).map(nameOf).join(', ')}.`,
    ...(options.includes('output') ? [`\n\`--output\` is ${forms.join(', ')}.`] : []),
    '\n| Exit code | Meaning |\n| --- | --- |',
    ...exitCodes.map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`),
    `\n\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ].join('\n');
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const nameOf = (name: OptionName): string => `\`--${name}\``;

function optionRow(name: OptionName): string {
  const spec: OptionSpec = OPTIONS[name];
  const flag = [`--${name}`, spec.value].filter((part) => part !== undefined).join(' ');
  const short = spec.short === undefined ? '' : `, \`-${spec.short}\``;
  const sample = spec.sample === undefined ? '' : `, or \`${spec.sample.variable}\``;
  const fallback = spec.default === undefined ? '' : `\`${spec.default}\``;
  const meaning = name === 'output' ? `${spec.help}, of those that the verb knows` : spec.help;
  const cells = [`\`${flag}\`${short}`, `\`${environmentVariable(name)}\`${sample}`, fallback, meaning];
  return `| ${cells.map(cell).join(' | ')} |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
