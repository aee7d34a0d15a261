import { runController, runDryController } from '../../reconcile/controller.ts';
import { createTrigger, type LoopOptions } from '../../reconcile/loop.ts';
import { HEARTBEAT_MS } from '../../reconcile/status-keeper.ts';
import { tell } from '../../reconcile/tell.ts';
import { keepHeapSmall } from '../heap.ts';
import { createLogger } from '../logger.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { formatError } from '../../errors.ts';
import type { Lease } from '../../reconcile/lease.ts';
import type { PassReport } from '../../reconcile/pass.ts';
import type { EventSink } from '../../reconcile/ports.ts';
import { renderFileSd } from '../../scrape/file-sd.ts';
import { taggedGroups } from '../../scrape/tagged-registries.ts';
import type { HttpServer } from '../../server/http.ts';
import type { ShownTargets } from '../../server/target-lists.ts';
import type { OperatorServer } from '../../server/operator-server.ts';
import { linkSignals } from '../../signals.ts';
import type { Options } from '../options.ts';
import { applyOptions, lookOptions } from '../settings.ts';
import {
  requiredBundle,
  wire,
  wireEvents,
  wireInventory,
  wireLease,
  wireLook,
  wireStatus,
  wireWriter,
  type Wiring,
} from '../wire.ts';
import { wireServer, wireTargetLists, wireTargetsServer } from '../wire-servers.ts';
import { EVENT_LOG_OPTIONS, LOG_OPTIONS, LOOK_OPTIONS } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const run: Verb = {
  name: 'run',
  usage: '--source URI --config-dir DIR [OPTION...]',
  help: [
    'Reconciles every --interval, and at once when a watched directory changes. Targets are published also while a change in AWS is waiting, and a read that fails takes nothing from Prometheus.',
    'At --listen it serves a status page (/), its metrics (/metrics), whether it answers (/healthz) and whether it can be relied on (/readyz, with ?verbose for each check).',
    'With --discover-namespaces it needs no --source: registries are scraped as their tags ask.',
    'For http_sd_configs it shows the targets of a ScrapeTarget at /targets/NAME and those of one endpoint at /targets/NAME/ENDPOINT, both at --listen and at --targets-listen, and those of registries without a document at /prometheus-targets. With --targets-listen it needs no --config-dir.',
    'After each pass the status of every ScrapeTarget is stored at --state, when it changed: scrapectl get shows it to whoever may read it there.',
    'With --event-log-group each thing that happens is kept as one event in CloudWatch Logs, where it can be queried.',
    'SIGTERM finishes the write in hand and ends with exit code 0.',
  ],
  examples: [
    'scrapectl run --source s3://my-bucket/targets/ --config-dir /etc/prometheus --prometheus-url http://127.0.0.1:9090',
    'scrapectl run --discover-namespaces ecs-services --config-dir /etc/prometheus',
    'scrapectl run --source targets/ --config-dir out/ --dry-run --log-format json',
  ],
  exitCodes: [
    [0, 'stopped by SIGTERM or SIGINT'],
    [1, 'the controller could not start'],
  ],
  options: [
    ...LOOK_OPTIONS,
    'interval',
    'listen',
    'targets-listen',
    'state',
    ...EVENT_LOG_OPTIONS,
    'dry-run',
    'policy',
    'no-disruption',
    'lease',
    'max-rollouts',
    'max-prune',
    'allow-empty',
    ...LOG_OPTIONS,
  ],
  usageExitCode: 1,
  run: runRun,
};

/** Tags and task definitions are read one by one; targets do not wait for all of them. */
export const PATIENCE_MS = 10_000;

async function runRun({ options, io }: VerbContext): Promise<number> {
  keepHeapSmall();
  return runWired({ options, io }, wire(options, io, { patienceMs: PATIENCE_MS }));
}

export async function runWired(
  { options, io }: Pick<VerbContext, 'options' | 'io'>,
  wiring: Wiring,
): Promise<number> {
  const logger = createLogger({
    stream: io.stderr,
    level: options.string('log-level') ?? 'info',
    format: options.string('log-format') ?? 'text',
    now: () => new Date(wiring.clock.now()),
  });
  const ended = new AbortController();
  const watching = linkSignals(io.signal, ended.signal);
  let lease: Lease | undefined;
  let server: OperatorServer | undefined;
  let targetsServer: HttpServer | undefined;
  let events: EventSink | undefined;
  try {
    const filesWanted = options.string('targets-listen') === 'off';
    const bundle = filesWanted ? await requiredBundle(wiring) : ((await wiring.bundle()) ?? NO_FILES);
    const lists = await wireTargetLists(bundle.published);
    targetsServer = await wireTargetsServer(options, lists, logger);
    const look = await wireLook(wiring, options, (message) => logger.debug('Progress', { message }));
    server = await wireServer(wiring, options, look.sources, lists, () => lease?.holds(), logger);
    const trigger = createTrigger();
    for (const source of look.sources) {
      source.watch?.(() => {
        logger.info('Source changed', { source: source.uri });
        trigger.request();
      }, watching.signal);
    }
    events = options.flag('dry-run') ? undefined : await wireEvents(wiring, options, logger, 'run');
    const inventory = await wireInventory(wiring, options);
    const ports = { ...look, ...bundle, inventory, logger, events, observer: server };
    const started = {
      version: packageJson.version,
      sources: look.sources.map((source) => source.uri),
      owner: options.string('owner') ?? '',
      configDir: options.string('config-dir'),
      dryRun: options.flag('dry-run'),
      listen: server?.url ?? 'off',
      targetsListen: targetsServer?.url ?? 'off',
    };
    tell(ports, [{ name: 'ControllerStarted', ...started }]);
    const settings = { ...lookOptions(options, io), ...loopOptions(options) };
    const heartbeat = { verb: 'run' as const, heartbeatSeconds: heartbeatSeconds(options) };
    lease = options.flag('dry-run') ? undefined : await wireLease(wiring, options, logger, trigger.request);
    const statusKeeper = await wireStatus(wiring, options, logger, heartbeat, lease);
    if (options.flag('dry-run')) {
      await runDryController({ ...ports, statusKeeper }, settings, trigger, io.signal);
    } else {
      const writer = await wireWriter(wiring, options, lease);
      const competing = lease?.compete(ended.signal);
      await runController(
        { ...ports, writer, statusKeeper, leads: lease?.holds },
        { ...settings, ...applyOptions(options), rollout: 'leave' },
        trigger,
        io.signal,
        (report) => lists.show(targetsOf(report)),
      );
      // Only now that nothing is written any more may another one begin.
      ended.abort();
      await competing;
      await lease?.release();
    }
    tell(ports, [{ name: 'ControllerStopped' }]);
    return 0;
  } finally {
    // A watched directory would keep a process alive that could not start.
    ended.abort();
    await targetsServer?.close();
    await server?.close();
    await events?.close();
    await wiring.close();
  }
}

/** Whoever fetches the targets needs no files. */
const NO_FILES = { publisher: undefined, published: undefined, store: undefined, checker: undefined };

function targetsOf({ view, memory, targetFiles }: PassReport): ShownTargets {
  return {
    files: targetFiles,
    whole: view.documents.whole,
    tagged: view.tagged && {
      json: renderFileSd(taggedGroups(memory.tagged)),
      unread: view.tagged.failures.map(formatError)[0],
    },
  };
}

/** Nothing is written between two passes. */
function heartbeatSeconds(options: Options): number {
  return Math.ceil(Math.max(HEARTBEAT_MS, options.duration('interval')) / 1000);
}

export function loopOptions(options: Options): LoopOptions {
  return { intervalMs: options.duration('interval'), jitter: 0.1, random: Math.random };
}
