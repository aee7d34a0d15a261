import { nearest } from '../../api/suggest.ts';
import { terminal } from '../../errors.ts';
import type { Since } from '../../status/age.ts';
import { formatTagged } from '../../status/format-tagged.ts';
import { formatTarget } from '../../status/format-target.ts';
import { statusTable } from '../../status/status-table.ts';
import type { StatusDocument, StoredTarget } from '../../status/stored-status.ts';
import { systemClock } from '../clock.ts';
import type { Io } from '../io.ts';
import { usageError, type Options } from '../options.ts';
import { showOrphans } from '../orphans.ts';
import { printData } from '../output.ts';
import { stateUri } from '../state-uri.ts';
import { readStored, sinceAt, warnOfDoubts } from '../stored-status.ts';
import { watchStatus } from '../watch-status.ts';
import { wire } from '../wire.ts';
import type { Verb, VerbContext } from './verb.ts';

export const get: Verb = {
  name: 'get',
  usage: '[NAME] [--state URI | --source URI] [OPTION...]',
  help: [
    'Shows the status that scrapectl run, or the last scrapectl apply, has stored: a table of all ScrapeTargets, or with NAME the whole story of one: its conditions and since when, each task with its address or the reason why it is not scraped, which version of the document is in force, and what to do.',
    'It needs read access to what is stored and to nothing else. --state, --source, --config-dir and --owner are those of the controller; --state alone is enough. A status that has not been heard of for long is shown with a warning on standard error.',
    'With --orphans it shows instead the registries that carry the tag of this owner and that no document names: those that deletionPolicy: Retain has left behind, and others that nobody remembers. For this it also reads Cloud Map and ECS, in the namespaces that the controller knows of and those of --namespace.',
    'The JSON output follows schemas/status.v1.schema.json; that of --orphans has owner and orphans.',
  ],
  examples: [
    'scrapectl get --source s3://my-bucket/targets/ --owner production',
    'scrapectl get webapp --state s3://my-bucket/targets/.scrapectl/',
    'scrapectl get --config-dir /etc/prometheus --watch',
    'scrapectl get --source s3://my-bucket/targets/ --owner production --orphans',
  ],
  exitCodes: [
    [0, 'shown; with --watch: stopped'],
    [1, 'there is no such status or ScrapeTarget, or it cannot be read'],
  ],
  options: [
    'state',
    'source',
    'config-dir',
    'owner',
    'output',
    'watch',
    'orphans',
    'namespace',
    'poll-interval',
    'region',
    'endpoint-url',
  ],
  outputs: ['text', 'wide', 'json', 'yaml'],
  positionals: true,
  usageExitCode: 1,
  run: runGet,
};

async function runGet({ options, positionals, io }: VerbContext): Promise<number> {
  const [name, second] = positionals;
  if (second !== undefined) throw usageError('get shows one NAME, or all of them.');
  const uri = requiredState(options);
  const wiring = wire(options, io);
  try {
    const owner = options.string('owner') ?? '';
    const store = await wiring.status(uri, owner);
    const read = (): Promise<StatusDocument> => readStored(store, owner, io.signal);
    const format = options.string('output') ?? 'text';
    if (options.flag('orphans')) {
      if (name !== undefined || options.flag('watch'))
        throw usageError('--orphans shows all orphans once: it takes no NAME and no --watch.');
      return await showOrphans(wiring, uri, await read(), options, io);
    }
    if (options.flag('watch')) {
      await watchStatus(read, { name, format, pollMs: options.duration('poll-interval') }, systemClock, io);
    } else {
      print(await read(), name, format, io);
    }
    return 0;
  } finally {
    await wiring.close();
  }
}

function requiredState(options: Options): string {
  const uri = stateUri(options);
  if (uri !== undefined) return uri;
  throw usageError(
    'Nothing says where the status is stored: name it with --state, or give the s3:// or ssm:// --source of the controller, or its --config-dir.',
  );
}

function print(document: StatusDocument, name: string | undefined, format: string, io: Io): void {
  const since = sinceAt(systemClock.now());
  const target = name === undefined ? undefined : requiredTarget(document, name);
  warnOfDoubts(document, since, io);
  if (format === 'json' || format === 'yaml') return printData(io, format, target ?? document);
  if (target !== undefined && format === 'text') io.stdout.write(formatTarget(target, document, since));
  else {
    io.stdout.write(formatTargets(target === undefined ? document.scrapeTargets : [target], format, since));
    if (target === undefined && document.tagged !== undefined)
      io.stdout.write(`\n${formatTagged(document.tagged)}`);
  }
}

function formatTargets(targets: readonly StoredTarget[], format: string, since: Since): string {
  if (targets.length === 0) return 'No ScrapeTargets found.\n';
  return `${statusTable(format === 'wide')
    .lines(targets, since)
    .join('\n')}\n`;
}

function requiredTarget({ scrapeTargets, owner }: StatusDocument, name: string): StoredTarget {
  const found = scrapeTargets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = scrapeTargets.map((target) => target.name);
  const near = nearest(name, names);
  throw terminal({
    reason: 'ScrapeTargetNotFound',
    message: `Owner ${owner} has no ScrapeTarget ${JSON.stringify(name)}.`,
    remedy: near === undefined ? 'scrapectl get without a name lists them all.' : `Did you mean ${near}?`,
  });
}
