import { stat } from 'node:fs/promises';
import { parseDocuments } from '../../api/parse.ts';
import type { DocumentFile } from '../../api/types.ts';
import { formatError, transient, type OperatorError } from '../../errors.ts';
import { importDocuments, type ImportedDocument, type ImportResult } from '../../plan/import-documents.ts';
import type { Inventory, InventoryScope } from '../../state/inventory.ts';
import { compareText } from '../../state/keys.ts';
import type { Io } from '../io.ts';
import { usageError, type Options } from '../options.ts';
import { printData } from '../output.ts';
import { createProgress } from '../progress.ts';
import { wire, type Wiring } from '../wire.ts';
import { documentPath, writeDocuments, type WrittenDocument } from '../write-documents.ts';
import { PLAIN_OUTPUTS } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const importVerb: Verb = {
  name: 'import',
  usage: '(--namespace NAME | --cluster NAME [--service NAME]) [OPTION...]',
  help: [
    'Writes ScrapeTarget documents for what exists already: Cloud Map registries with tags such as METRICS_PATH and METRICS_PORT, and the ECS services that register in them. It only reads AWS. Documents go to standard output, or with --output-dir into one file each.',
    'The documents ask for what is there: a plan on them adopts registries (<=) and replaces no task. A binding that ECS would refuse to change is only observed. Registries of other owners, and whatever a document cannot describe, are told on standard error; -o json prints the whole list instead of the documents.',
    'A registry without tags whose service has a port mapping that looks like metrics gives a proposal: a document that is commented out as a whole.',
  ],
  examples: [
    'scrapectl import --namespace ecs-services > targets/ecs-services.yaml',
    'scrapectl import --namespace ecs-services --output-dir targets/ && scrapectl plan --source targets/',
    'scrapectl import --cluster prod --service checkout',
    'scrapectl import --cluster prod -o json',
  ],
  exitCodes: [
    [0, 'everything was read; what could be described was printed or written'],
    [1, 'an error: something could not be read, so that documents may be missing'],
  ],
  options: [
    'namespace',
    'cluster',
    'service',
    'output-dir',
    'force',
    'owner',
    'region',
    'endpoint-url',
    'output',
  ],
  outputs: PLAIN_OUTPUTS,
  usageExitCode: 1,
  run: runImport,
};

async function runImport({ options, io }: VerbContext): Promise<number> {
  const scope = scopeOf(options);
  const progress = createProgress(io);
  const wiring = wire(options, io);
  try {
    const aws = await wiring.aws();
    await aws.region();
    progress.report(
      `reading what exists in ${scope.kind === 'namespaces' ? 'namespace' : 'cluster'} ${scope.names.join(', ')}`,
    );
    const inventory = await aws.inventory(scope, progress.report, io.signal);
    progress.done();
    if (io.signal.aborted) throw stopped();
    const found = importDocuments(inventory, options.string('owner') ?? '');
    const directory = options.string('output-dir');
    const report = await deliver(wiring, found, directory, options.flag('force'), io.signal);
    print(report, inventory, options, io);
    return inventory.unread.length === 0 ? 0 : 1;
  } finally {
    progress.done();
    await wiring.close();
  }
}

function scopeOf(options: Options): InventoryScope {
  const namespaces = options.list('namespace');
  const clusters = options.list('cluster');
  const service = options.string('service');
  if (namespaces.length > 0 && clusters.length > 0)
    throw usageError('--namespace and --cluster exclude each other: name where to look, once.');
  if (namespaces.length > 0 && service !== undefined)
    throw usageError('--service goes with --cluster, whose services it chooses from.');
  if (namespaces.length > 0) return { kind: 'namespaces', names: namespaces };
  if (clusters.length > 0) return { kind: 'clusters', names: clusters, service };
  throw usageError('Say where to look: --namespace NAME or --cluster NAME.');
}

/** Half an inventory would pass for a whole one. */
const stopped = (): OperatorError =>
  transient({
    reason: 'Interrupted',
    message: 'It was stopped before everything was read; nothing was written.',
  });

interface Report extends ImportResult {
  /** Undefined without --output-dir. */
  readonly written: readonly WrittenDocument[] | undefined;
}

/** What goes out is judged once more, together with the documents that it would stand beside. */
async function deliver(
  wiring: Wiring,
  found: ImportResult,
  directory: string | undefined,
  force: boolean,
  signal: AbortSignal,
): Promise<Report> {
  const beside = directory === undefined ? [] : await filesIn(wiring, directory, signal);
  const { documents, skipped } = besideOthers(found, beside, directory ?? '', force);
  const written = directory === undefined ? undefined : await writeDocuments(directory, documents, force);
  return { documents, skipped, written };
}

async function filesIn(
  wiring: Wiring,
  directory: string,
  signal: AbortSignal,
): Promise<readonly DocumentFile[]> {
  const exists = await stat(directory).then(
    () => true,
    () => false,
  );
  if (!exists) return [];
  const snapshot = await (await wiring.source(directory)).read(signal);
  if (snapshot.kind === 'incomplete') throw snapshot.error;
  return snapshot.files;
}

/** A file of the same name is no neighbour: it stays, or is replaced. */
function besideOthers(
  { documents, skipped }: ImportResult,
  files: readonly DocumentFile[],
  directory: string,
  force: boolean,
): ImportResult {
  const pathOf = ({ name }: ImportedDocument): string => documentPath(directory, name);
  const there = new Set(files.map(({ file }) => file));
  const paths = new Set(documents.map(pathOf));
  const neighbours = files.filter(({ file }) => !paths.has(file));
  const fresh = documents.filter((document) => force || !there.has(pathOf(document)));
  const texts = fresh.map((document) => ({ file: pathOf(document), text: document.text }));
  const { errors } = parseDocuments([...neighbours, ...texts]);
  const faults = new Map(errors.map(({ file, message }) => [file, message]));
  const clashes = fresh.filter((document) => faults.has(pathOf(document)));
  return {
    documents: documents.filter((document) => !clashes.includes(document)),
    skipped: [
      ...skipped,
      ...clashes.map((document) => ({
        subject: `registry ${document.registry}`,
        reason: 'AlreadyDeclared',
        message: faults.get(pathOf(document)) ?? '',
      })),
    ].sort((a, b) => compareText(a.subject, b.subject)),
  };
}

function print(report: Report, { unread }: Inventory, options: Options, io: Io): void {
  const { documents, skipped, written } = report;
  const format = options.string('output') ?? 'text';
  if (format === 'json') {
    printData(io, 'json', {
      documents: documents.map((document) => listed(document, written)),
      skipped,
      unread: unread.map(formatError),
    });
  } else if (written === undefined) {
    io.stdout.write(documents.map(({ text }) => text).join('---\n'));
  } else {
    for (const { action, path } of written) io.stdout.write(`${action.padEnd(9)}  ${path}\n`);
  }
  for (const { name, notes } of documents)
    for (const note of notes) io.stderr.write(`note     ${name}: ${note}\n`);
  for (const { path } of written?.filter(({ action }) => action === 'kept') ?? [])
    io.stderr.write(`note     ${path}: It differs and was kept. Use --force to replace it.\n`);
  for (const { subject, reason, message } of skipped)
    io.stderr.write(`skipped  ${subject}: ${message} (${reason})\n`);
  for (const error of unread) io.stderr.write(`error    ${formatError(error)}\n`);
  io.stderr.write(`${summary(report)}\n`);
}

function listed(document: ImportedDocument, written: Report['written']) {
  const { name, proposal, registry, service, bindingPolicy, adopts, endpoints, notes } = document;
  const { path, action } = written?.find((each) => each.name === name) ?? {};
  return { name, proposal, registry, service, bindingPolicy, adopts, endpoints, notes, file: path, action };
}

function summary({ documents, skipped }: ImportResult): string {
  const proposals = documents.filter(({ proposal }) => proposal).length;
  const adopted = documents.filter(({ proposal, adopts }) => adopts && !proposal).length;
  return `${documents.length - proposals} documents (${adopted} adopt their registry), ${proposals} proposals, ${skipped.length} skipped.`;
}
