import packageJson from '../../package.json' with { type: 'json' };
import { formatError, isOperatorError, toOperatorError } from '../errors.ts';
import { generalHelp, verbHelp } from './help.ts';
import type { Io } from './io.ts';
import { parseCommand, usageError } from './options.ts';
import { VERBS } from './verbs/index.ts';
import type { Verb, VerbEntry } from './verbs/verb.ts';

/** One invocation of scrapectl; returns the exit code and never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  if (name === 'help' && args[0] !== undefined) return run([args[0], '--help'], io);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? io.stderr : io.stdout).write(generalHelp(VERBS));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === 'version') {
    io.stdout.write(`scrapectl ${packageJson.version}\n`);
    return 0;
  }
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (verb === undefined) {
    io.stderr.write(
      `scrapectl: there is no verb ${JSON.stringify(name)}. The verbs are ${VERBS.map((v) => v.name).join(', ')}.\n`,
    );
    return 2;
  }
  return runVerb(verb, args, io);
}

async function runVerb(entry: VerbEntry, args: readonly string[], io: Io): Promise<number> {
  let usageExitCode = 1;
  try {
    const verb = await entry.load();
    usageExitCode = verb.usageExitCode;
    const { options, positionals, help } = parseCommand(args, verb.options, io.env, {
      ...(verb.outputs && { output: verb.outputs }),
    });
    if (help) {
      io.stdout.write(verbHelp(verb));
      return 0;
    }
    if (positionals[0] !== undefined && verb.positionals !== true) throw strayArgument(verb, positionals[0]);
    return await verb.run({ options, positionals, io });
  } catch (thrown) {
    const error = toOperatorError(thrown);
    const usage = error.reason === 'Usage' ? ` See scrapectl ${entry.name} --help.` : '';
    io.stderr.write(`scrapectl ${entry.name}: ${formatError(error)}${usage}\n`);
    if (!isOperatorError(thrown) && thrown instanceof Error) io.stderr.write(`${thrown.stack ?? ''}\n`);
    return error.reason === 'Usage' ? usageExitCode : 1;
  }
}

function strayArgument(verb: Verb, argument: string): Error {
  const repeated = verb.options.includes('source')
    ? ' Documents are named with --source, once for each place.'
    : '';
  return usageError(
    `${JSON.stringify(argument)} is not an option, and ${verb.name} takes nothing else.${repeated}`,
  );
}
