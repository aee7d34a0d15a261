import type { ParseOptions } from '../../api/parse.ts';
import { formatError, terminal } from '../../errors.ts';
import { formatOutcomes, formatPublication, formatPublicationMarkdown } from '../../plan/format-publish.ts';
import { publishDocument, type PublishReport } from '../../plan/publish-json.ts';
import type { ParameterTier } from '../../plan/publish-limits.ts';
import { planPublication, type PublishPlan } from '../../plan/publish-plan.ts';
import type { DocumentStore } from '../../reconcile/ports.ts';
import { publishDocuments } from '../../reconcile/publish-documents.ts';
import { gitRevision } from '../git-revision.ts';
import type { Io } from '../io.ts';
import type { Options } from '../options.ts';
import { usageError } from '../options.ts';
import { paletteFor, printData } from '../output.ts';
import { createProgress, type Progress } from '../progress.ts';
import { wire, type Wiring } from '../wire.ts';
import { formatFieldError } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const publish: Verb = {
  name: 'publish',
  usage: 'DIR --to URI [OPTION...]',
  help: [
    'Checks every ScrapeTarget document in DIR, shows how s3://bucket/prefix/ or ssm:///prefix/ differs, and writes what differs, so that --source URI reads it. One invalid document, or one that the destination would refuse, stops all of it. Files without a ScrapeTarget are not published.',
    'Two pipelines cannot overwrite each other: an object in S3 is replaced only while it is what was read, and the version of a parameter is compared before and after it is written. Who comes second is told, and replaces nothing; only SSM leaves a moment in which the last writer wins, and is told too.',
    'With --prune, documents that DIR no longer holds are deleted, after everything else was written: never when the destination could not be read whole, never all of them without --allow-empty, and at most --max-prune percent at once. Only ScrapeTarget documents are ever deleted. On a terminal it asks first; --yes answers in advance.',
    'A parameter holds 4 KB, or 8 KB with --tier advanced, which AWS charges for, and SSM refuses {{ }}. The git revision of DIR goes with what is written: in the S3 metadata scrapectl-revision, in the description of a parameter.',
    'The last line of the text output is stable, and the JSON output follows schemas/publish.v1.schema.json.',
    'It needs s3:ListBucket, s3:GetObject and s3:PutObject (s3:DeleteObject with --prune), or ssm:GetParametersByPath, ssm:GetParameter and ssm:PutParameter (ssm:DeleteParameter with --prune).',
  ],
  examples: [
    'scrapectl publish targets/ --to s3://my-bucket/targets/ --dry-run',
    'scrapectl publish targets/ --to s3://my-bucket/targets/ --prune --yes',
    'scrapectl publish targets/ --to ssm:///prometheus/targets/ --tier intelligent',
  ],
  exitCodes: [
    [0, 'published; with --detailed-exitcode: there was nothing to publish'],
    [1, 'an error: a document is invalid, or something could not be read or written'],
    [2, 'with --detailed-exitcode: something was published, or with --dry-run would be'],
  ],
  options: [
    'to',
    'prune',
    'max-prune',
    'allow-empty',
    'yes',
    'dry-run',
    'detailed-exitcode',
    'tier',
    'revision',
    'file-access-dir',
    'region',
    'endpoint-url',
    'output',
    'no-color',
  ],
  positionals: true,
  usageExitCode: 1,
  run: runPublish,
};

async function runPublish({ options, positionals, io }: VerbContext): Promise<number> {
  const [directory, another] = positionals;
  if (directory === undefined || another !== undefined) throw usageError('publish takes one DIR.');
  if (/^\w+:\/\//.test(directory)) throw usageError(`DIR is ${directory}, but must be a path.`);
  const progress = createProgress(io);
  const wiring = wire(options, io);
  try {
    const store = await wiring.documentStore(requiredDestination(options), parameterTier(options));
    const plan = await planFrom(directory, store, wiring, options, { io, progress });
    const revision = stamp(options) ?? (await gitRevision(directory));
    const planned: PublishReport = { plan, revision, parsing: parsing(options), outcomes: undefined };
    progress.done();
    tellFaults(plan, io);
    const refused = plan.errors.length + plan.blocked.length > 0;
    if (refused || plan.changes.length === 0 || options.flag('dry-run')) {
      print(planned, options, io);
      return refused ? 1 : exitCode(plan, options);
    }
    if (format(options) === 'text') print(planned, options, io);
    if (!(await confirmed(plan, options, io))) {
      io.stderr.write('Nothing was published.\n');
      return 1;
    }
    const settings = { revision, progress: progress.report };
    const outcomes = await publishDocuments(plan, store, settings, io.signal);
    progress.done();
    const report = { ...planned, outcomes };
    if (format(options) === 'text') io.stdout.write(`\n${formatOutcomes(report, paletteFor(io, options))}`);
    else print(report, options, io);
    return outcomes.some(({ result }) => result.kind === 'failed') ? 1 : exitCode(plan, options);
  } finally {
    progress.done();
    await wiring.close();
  }
}

async function planFrom(
  directory: string,
  store: DocumentStore,
  wiring: Wiring,
  options: Options,
  { io, progress }: { readonly io: Io; readonly progress: Progress },
): Promise<PublishPlan> {
  const local = await (await wiring.source(directory)).read(io.signal);
  if (local.kind === 'incomplete') throw local.error;
  progress.report(`Reading ${store.uri}`);
  const remote = await (await wiring.source(store.uri)).read(io.signal);
  return planPublication({
    directory,
    to: store.uri,
    local: local.files,
    remote,
    prune: options.flag('prune')
      ? { maxPercent: options.integer('max-prune') ?? 20, allowEmpty: options.flag('allow-empty') }
      : undefined,
    tier: parameterTier(options),
    parsing: parsing(options),
  });
}

function parsing(options: Options): ParseOptions {
  const fileAccessDirectory = options.string('file-access-dir');
  return fileAccessDirectory === undefined ? {} : { fileAccessDirectory };
}

function requiredDestination(options: Options): string {
  const to = options.string('to');
  if (to === undefined)
    throw usageError('--to is missing: say where to publish, for example --to s3://my-bucket/targets/.');
  if (/^(?:s3|ssm):/.test(to)) return to;
  throw usageError(`--to is ${JSON.stringify(to)}, but must begin with s3:// or ssm:///.`);
}

/** It travels in an HTTP header. */
function stamp(options: Options): string | undefined {
  const revision = options.string('revision');
  if (revision === undefined || /^[\x21-\x7e]{1,200}$/.test(revision)) return revision;
  throw usageError('--revision must be at most 200 ASCII characters without spaces.');
}

const TIERS: readonly ParameterTier[] = ['standard', 'advanced', 'intelligent'];

const parameterTier = (options: Options): ParameterTier =>
  TIERS.find((tier) => tier === options.string('tier')) ?? 'standard';

const format = (options: Options): string => options.string('output') ?? 'text';

function print(report: PublishReport, options: Options, io: Io): void {
  if (format(options) === 'markdown') io.stdout.write(formatPublicationMarkdown(report));
  else if (format(options) === 'text') io.stdout.write(formatPublication(report, paletteFor(io, options)));
  else printData(io, format(options), publishDocument(report));
}

function tellFaults({ errors, blocked }: PublishPlan, io: Io): void {
  for (const error of errors) io.stderr.write(`${formatFieldError(error)}\n`);
  for (const fault of blocked) io.stderr.write(`error  ${formatError(terminal(fault))}\n`);
}

/** Asked only where somebody can answer, and only about what is hard to undo. */
async function confirmed({ to, changes }: PublishPlan, options: Options, io: Io): Promise<boolean> {
  const gone = changes.filter(({ kind }) => kind === 'delete').map(({ path }) => path);
  if (gone.length === 0 || options.flag('yes') || io.confirm === undefined) return true;
  const shown = gone.length > 5 ? [...gone.slice(0, 5), `${gone.length - 5} more`] : gone;
  return io.confirm(`This deletes ${shown.join(', ')} from ${to}. Go ahead?`);
}

function exitCode({ changes }: PublishPlan, options: Options): number {
  return options.flag('detailed-exitcode') && changes.length > 0 ? 2 : 0;
}
