import type { ParseResult, SkippedDocument } from '../../api/types.ts';
import { parseDocuments } from '../../api/parse.ts';
import { formatError } from '../../errors.ts';
import { usageError } from '../options.ts';
import { printData } from '../output.ts';
import { wire } from '../wire.ts';
import { formatFieldError, PLAIN_OUTPUTS } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const validate: Verb = {
  name: 'validate',
  usage: 'PATH... [OPTION...]',
  help: [
    'Reads every .yaml, .yml and .json file below each PATH and checks the ScrapeTarget documents in it as one set: fields, names, regular expressions, and whether two of them claim the same service or registry. Documents of other kinds are skipped, and listed as such.',
  ],
  examples: ['scrapectl validate examples/', 'scrapectl validate -o json targets/ > report.json'],
  exitCodes: [
    [0, 'all documents are valid'],
    [1, 'at least one document is invalid'],
    [2, 'the command line is wrong or a file cannot be read'],
  ],
  options: ['output', 'file-access-dir'],
  outputs: PLAIN_OUTPUTS,
  positionals: true,
  usageExitCode: 2,
  run: runValidate,
};

async function runValidate({ options, positionals, io }: VerbContext): Promise<number> {
  if (positionals.length === 0) throw usageError('validate needs at least one PATH.');
  const wiring = wire(options, io);
  const sources = await Promise.all(positionals.map((path) => wiring.source(path)));
  const snapshots = await Promise.all(sources.map((source) => source.read(io.signal)));
  const unread = snapshots.flatMap((snapshot) => (snapshot.kind === 'incomplete' ? [snapshot.error] : []));
  const result = parseDocuments(
    snapshots.flatMap((snapshot) => snapshot.files),
    fileAccess(options.string('file-access-dir')),
  );
  const valid = result.errors.length === 0 && unread.length === 0;
  const format = options.string('output') ?? 'text';
  if (format === 'text') {
    io.stdout.write(report(result));
  } else {
    printData(io, format, {
      valid,
      targets: result.targets.map(({ metadata, origin }) => ({ name: metadata.name, ...origin })),
      errors: result.errors,
      skipped: result.skipped,
      unread: unread.map((error) => formatError(error)),
    });
  }
  for (const error of unread) io.stderr.write(`scrapectl validate: ${formatError(error)}\n`);
  if (unread.length > 0) return 2;
  return valid ? 0 : 1;
}

function fileAccess(directory: string | undefined): { fileAccessDirectory?: string } {
  return directory === undefined ? {} : { fileAccessDirectory: directory };
}

function report({ targets, errors, skipped }: ParseResult): string {
  const good = targets.map(
    ({ metadata, origin }) => `ok     ${origin.file}:${origin.line}  ${metadata.name}`,
  );
  const other = skipped.map(({ file, line, what }) => `skip   ${file}:${line}  ${what}`);
  const bad = errors.map(formatFieldError);
  const invalid = new Set(errors.map((error) => `${error.file}#${error.documentIndex}`)).size;
  const summary = `${targets.length} valid, ${invalid} invalid${countOf(skipped)}.`;
  return `${[...good, ...other, ...bad, summary].join('\n')}\n`;
}

const countOf = (skipped: readonly SkippedDocument[]): string =>
  skipped.length === 0 ? '' : `, ${skipped.length} of other kinds skipped`;
