import { formatError, terminal } from '../../errors.ts';
import { openMemory } from '../../reconcile/controller.ts';
import { look } from '../../reconcile/look.ts';
import { publishView, type Published } from '../../reconcile/publish.ts';
import type { Bundle } from '../../state/targets.ts';
import { compareText } from '../../state/keys.ts';
import type { Io } from '../io.ts';
import { printData } from '../output.ts';
import { createProgress } from '../progress.ts';
import { reportInput, requireSight } from '../sight.ts';
import type { Options } from '../options.ts';
import { lookOptions } from '../settings.ts';
import { configFileName, wire, wireLook } from '../wire.ts';
import { LOOK_OPTIONS, PLAIN_OUTPUTS } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const render: Verb = {
  name: 'render',
  usage: '--source URI [OPTION...]',
  help: [
    'Reads the documents and AWS and prints prometheus.yml and every target file. With --config-dir the files are written there instead, each replaced whole, and with --prometheus-url Prometheus is reloaded when its configuration changed.',
  ],
  examples: [
    'scrapectl render --source targets/',
    'scrapectl render --source targets/ --base-config prometheus.yml --config-dir out/',
  ],
  exitCodes: [
    [0, 'rendered'],
    [1, 'an error: a document is invalid, or something could not be read'],
  ],
  options: [...LOOK_OPTIONS, 'output'],
  outputs: PLAIN_OUTPUTS,
  usageExitCode: 1,
  run: runRender,
};

async function runRender({ options, io }: VerbContext): Promise<number> {
  const progress = createProgress(io);
  const wiring = wire(options, io);
  try {
    const ports = await wireLook(wiring, options, progress.report);
    const edge = await wiring.bundle();
    const settings = lookOptions(options, io);
    const remember = await openMemory(edge?.store, settings, io.signal);
    const view = await look(ports, settings, remember.memory, io.signal);
    requireSight(view);
    progress.done();
    const { input, output } = view.inForce;
    const unknown = [...input.discoveries].flatMap(([name, found]) =>
      found.kind === 'unknown' ? [{ name, ...found }] : [],
    );
    for (const { name, error } of unknown)
      io.stderr.write(`error  ScrapeTarget ${name}: ${formatError(error)}\n`);
    const published =
      edge === undefined ? undefined : await publishView(view, { ...edge, clock: ports.clock }, io.signal);
    const memory = published?.memory ?? view.memory;
    await remember.save(memory, []);
    const valid = reportInput(view, memory, io);
    if (published === undefined) printBundle(output.bundle, options, io);
    else if (!reportPublished(published, io)) return 1;
    return valid && unknown.length === 0 ? 0 : 1;
  } finally {
    progress.done();
    await wiring.close();
  }
}

/** False when Prometheus refuses a ScrapeTarget; throws when the files are not where they should be. */
function reportPublished({ publication, refused }: Published, io: Io): boolean {
  for (const [name, { message }] of refused)
    io.stderr.write(`error  ScrapeTarget ${name}: Prometheus refuses it: ${message}\n`);
  if (publication.kind === 'withheld') throw publication.error;
  const { written, deleted, unchanged, reload } = publication.result;
  for (const path of written) io.stdout.write(`written  ${path}\n`);
  for (const path of deleted) io.stdout.write(`deleted  ${path}\n`);
  io.stdout.write(`${written.length} written, ${deleted.length} deleted, ${unchanged} unchanged.\n`);
  if (refused.size > 0) return false;
  if (reload.kind === 'rejected') throw rejected(reload.message);
  if (reload.kind === 'pending') throw reload.error;
  return true;
}

function rejected(message: string): Error {
  return terminal({
    reason: 'ReloadRejected',
    message: `Prometheus refused the configuration, and the last good one is in force again: ${message}`,
  });
}

function printBundle(bundle: Bundle, options: Options, io: Io): void {
  const format = options.string('output') ?? 'text';
  const files = [
    [configFileName(options), bundle.config] as const,
    ...[...bundle.targetFiles]
      .toSorted(([a], [b]) => compareText(a, b))
      .flatMap(([path, file]) => (file.kind === 'write' ? [[path, file.text] as const] : [])),
  ];
  if (format === 'text') {
    for (const [path, text] of files) io.stdout.write(`# ${path}\n${text}\n`);
  } else {
    printData(io, format, { files: Object.fromEntries(files) });
  }
}
