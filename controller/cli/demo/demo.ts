import { startPrometheusProcess, type PrometheusProcess } from '../../prometheus/process.ts';
import { runController } from '../../reconcile/controller.ts';
import { createTrigger } from '../../reconcile/loop.ts';
import { look } from '../../reconcile/look.ts';
import { NO_MEMORY } from '../../reconcile/memory.ts';
import {
  applyPass,
  statusAfter,
  type PassOptions,
  type PassPorts,
  type PassReport,
} from '../../reconcile/pass.ts';
import { quickTiming } from '../../sandbox/ecs/timing.ts';
import { prometheusForEcs } from '../../sandbox/scenarios/prometheus-for-ecs.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { DEFAULT_BASE_CONFIG, renderBundle } from '../../scrape/render.ts';
import type { TargetStatus } from '../../status/types.ts';
import { systemClock } from '../clock.ts';
import type { Io } from '../io.ts';
import { createLogger } from '../logger.ts';
import { parseCommand, type Options } from '../options.ts';
import { paletteFor, printPlan } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { VerbContext } from '../verbs/verb.ts';
import { applyOptions, lookOptions } from '../settings.ts';
import { requiredBundle, SANDBOX_CREDENTIALS, wire, wireLook, wireWriter, type Wiring } from '../wire.ts';
import { findOnPath } from '../find-on-path.ts';
import { layFiles, type DemoFiles } from './files.ts';
import { createNarrator, type Narrator } from './narrate.ts';
import { waitUntilScraped } from './scraped.ts';

const DEFAULT_DIRECTORY = '.demo';

/** Everything that runs while the demo does. */
interface Stage {
  readonly aws: Sandbox;
  readonly files: DemoFiles;
  readonly prometheus: PrometheusProcess | undefined;
  readonly options: Options;
  readonly wiring: Wiring;
}

export async function runDemo({ options, io }: VerbContext): Promise<number> {
  const files = await layFiles(options.string('dir') ?? DEFAULT_DIRECTORY);
  const narrator = createNarrator(io, paletteFor(io, options));
  const binary = options.string('prometheus') ?? (await findOnPath('prometheus', io.env['PATH']));
  const aws = await startSandbox({ scenario: prometheusForEcs, timing: quickTiming, listen: true });
  let stage: Stage | undefined;
  try {
    stage = await setStage(aws, files, binary, options, io);
    narrator.opening(aws, files, stage.prometheus?.url, binary);
    return await play(stage, options.flag('once'), narrator, io);
  } finally {
    await stage?.wiring.close();
    await stage?.prometheus?.stop();
    await aws.close();
  }
}

/** The options are those that a user would give to scrapectl for the same. */
function demoOptions(
  aws: Sandbox,
  files: DemoFiles,
  prometheusUrl: string | undefined,
  given: Options,
): Options {
  const { options } = parseCommand(
    [
      `--source=${files.documents}`,
      `--config-dir=${files.config}`,
      '--owner=demo',
      `--endpoint-url=${aws.url}`,
      `--region=${aws.region}`,
      '--poll-interval=500ms',
      '--interval=3s',
      ...(prometheusUrl === undefined ? [] : ['--prometheus-url', prometheusUrl]),
      ...(given.flag('no-color') ? ['--no-color'] : []),
    ],
    [
      ...([
        'source',
        'config-dir',
        'owner',
        'endpoint-url',
        'region',
        'prometheus-url',
        'prometheus-version',
      ] as const),
      ...([
        'base-config',
        'base-config-env',
        'file-access-dir',
        'max-target-loss',
        'promtool',
        'max-rollouts',
        'no-disruption',
      ] as const),
      ...(['poll-interval', 'rollout-timeout', 'interval', 'no-color', 'output'] as const),
    ],
    {},
  );
  return options;
}

async function setStage(
  aws: Sandbox,
  files: DemoFiles,
  binary: string | undefined,
  given: Options,
  io: Io,
): Promise<Stage> {
  const prometheus =
    binary === undefined ? undefined : await startEmptyPrometheus(aws, files, binary, given, io);
  const options = demoOptions(aws, files, prometheus?.url, given);
  return { aws, files, prometheus, options, wiring: wire(options, io, { credentials: SANDBOX_CREDENTIALS }) };
}

/** Prometheus needs a configuration to start with: the one without any ScrapeTarget. */
async function startEmptyPrometheus(
  aws: Sandbox,
  files: DemoFiles,
  binary: string,
  given: Options,
  io: Io,
): Promise<PrometheusProcess> {
  const { publisher } = await requiredBundle(wire(demoOptions(aws, files, undefined, given), io));
  const { bundle } = renderBundle({ targets: [], discoveries: new Map(), baseConfig: DEFAULT_BASE_CONFIG });
  await publisher.publish(bundle, io.signal);
  return startPrometheusProcess(
    {
      binary,
      configFile: `${files.config}/prometheus.yml`,
      dataDirectory: files.data,
      fetch,
      clock: systemClock,
    },
    io.signal,
  );
}

async function play(stage: Stage, once: boolean, narrator: Narrator, io: Io): Promise<number> {
  const { options, wiring } = stage;
  const progress = createProgress(io);
  const bundle = await requiredBundle(wiring);
  const ports: PassPorts = {
    ...(await wireLook(wiring, options, progress.report)),
    ...bundle,
    writer: await wireWriter(wiring, options),
  };
  const settings = { ...lookOptions(options, io), ...applyOptions(options), random: Math.random };

  const planned = await look(ports, settings, NO_MEMORY, io.signal);
  progress.done();
  narrator.documents(planned);
  narrator.planHeading();
  const fileChanges = await bundle.publisher.diff(planned.inForce.output.bundle, io.signal);
  printPlan(io, options, { plan: planned.plan, files: fileChanges }, true);

  narrator.applyHeading();
  const rollout = { pollMs: options.duration('poll-interval'), timeoutMs: 60_000 };
  const report = await applyPass(planned, ports, { ...settings, rollout }, io.signal);
  progress.done();
  const statuses = statusAfter(report, [], systemClock.now());
  narrator.achieved(report, statuses, stage.aws, stage.files);
  if (io.signal.aborted) return 0;

  const alive = await showScraped(stage, report, narrator, io);
  if (once) return alive && statuses.every(({ result }) => result.kind === 'done') ? 0 : 1;
  narrator.invitation(stage.files, stage.prometheus?.url);
  await goOn(stage, ports, settings, report, narrator, io);
  return 0;
}

/** True when every target is up, or when there is no Prometheus that could say so. */
async function showScraped(stage: Stage, report: PassReport, narrator: Narrator, io: Io): Promise<boolean> {
  if (stage.prometheus === undefined || stage.aws.listeners.state.kind !== 'listening') return true;
  const wanted = narrator.countTargets(report);
  const scraped = await waitUntilScraped(stage.prometheus.url, wanted, systemClock, io.signal);
  narrator.scraped(scraped, wanted);
  return scraped.filter(({ health }) => health === 'up').length >= wanted;
}

async function goOn(
  { options, files }: Stage,
  ports: PassPorts,
  settings: Omit<PassOptions, 'rollout'>,
  first: PassReport,
  narrator: Narrator,
  io: Io,
): Promise<void> {
  const trigger = createTrigger();
  for (const source of ports.sources) source.watch?.(() => trigger.request(), io.signal);
  const logger = createLogger({ stream: io.stdout, level: 'info', format: 'text', now: () => new Date() });
  let statuses: readonly TargetStatus[] = statusAfter(first, [], systemClock.now());
  await runController(
    { ...ports, progress: () => {}, logger, store: undefined, observer: undefined },
    { ...settings, rollout: 'leave', intervalMs: options.duration('interval'), jitter: 0 },
    trigger,
    io.signal,
    (report, now) => {
      narrator.pass(report, statuses, now, files);
      statuses = now;
    },
  );
}
