import { join } from 'node:path';
import { formatError } from '../errors.ts';
import type { Clock, Publisher } from '../reconcile/ports.ts';
import type { PublishResult, ReloadResult } from '../state/outcomes.ts';
import { CONFIG_FILE } from '../state/targets.ts';
import type { Bundle } from '../state/targets.ts';
import { createPrometheusApi } from './api.ts';
import type { Fetch } from './api.ts';
import {
  deleteStaleFiles,
  deleteTargetFiles,
  diffBundle,
  NO_FILES,
  prepareDirectory,
  sweepDirectory,
  writeIfChanged,
  writeTargetFiles,
  writeUntriedFiles,
} from './bundle-files.ts';
import type { WrittenFiles } from './bundle-files.ts';
import { openConfirmation } from './confirmation.ts';
import type { Confirmation } from './confirmation.ts';
import { readIfExists, syncDirectory } from './files.ts';
import { namedTargetFiles } from './in-force.ts';
import { createOfferer } from './offer.ts';
import type { Offer, Offerer } from './offer.ts';
import { rememberRefusals } from './refusals.ts';
import type { Refusals } from './refusals.ts';
import type { ReloadTimeouts } from './reload.ts';

export interface PublisherOptions {
  /** Where Prometheus reads its configuration. */
  readonly directory: string;
  /** Name of the configuration there. Default: `prometheus.yml`. */
  readonly configFile?: string;
  /** Without it the files are written and nobody is told. */
  readonly prometheusUrl?: string;
  readonly timeouts?: Partial<PublisherTimeouts>;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export interface PublisherTimeouts extends ReloadTimeouts {
  /** How long a refused configuration is not offered again while it stays the same. */
  readonly retryRefusedMs: number;
}

const DEFAULT_TIMEOUTS: PublisherTimeouts = {
  requestMs: 5_000,
  reloadMs: 60_000,
  confirmMs: 10_000,
  retryRefusedMs: 300_000,
};

/** Writes the bundle where Prometheus reads it, has it reloaded, and puts the last good one back when it is refused. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { directory, configFile = CONFIG_FILE, clock, fetch, prometheusUrl: url } = options;
  const place: Place = { directory, configFile };
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const api = url === undefined ? undefined : createPrometheusApi({ url, fetch, clock });
  const confirmation = openConfirmation(directory, configFile);
  const offerer =
    api === undefined
      ? undefined
      : createOfferer({ directory, configFile, clock, timeouts, api, confirmation });
  const refusals = rememberRefusals(clock, timeouts.retryRefusedMs);
  let swept: Promise<void> | undefined;

  return {
    diff: (bundle) => diffBundle(directory, configFile, bundle),
    async publish(bundle, signal) {
      await prepareDirectory(directory);
      await (swept ??= sweepDirectory(directory));
      if (offerer === undefined) return publishUnasked(place, confirmation, bundle);
      const known = refusals.find(bundle.config) !== undefined;
      const targets = await writeTargetFiles(directory, known ? await withoutNews(place, bundle) : bundle);
      const config = await publishConfig(offerer, refusals, bundle.config, signal);
      return finish(place, bundle, targets, config);
    },
    recover: async () => offerer?.putBack(),
    prometheusVersion: async (signal) => api?.version(timeouts.requestMs, signal),
  };
}

interface Place {
  readonly directory: string;
  readonly configFile: string;
}

interface ConfigResult {
  readonly written: boolean;
  readonly reload: ReloadResult;
  readonly reloads: number;
}

async function publishUnasked(
  place: Place,
  confirmation: Confirmation,
  bundle: Bundle,
): Promise<PublishResult> {
  const { directory, configFile } = place;
  const targets = await writeTargetFiles(directory, bundle);
  const path = join(directory, configFile);
  const written = (await readIfExists(path)) !== bundle.config;
  if (written) {
    await confirmation.forget();
    await writeIfChanged(path, bundle.config);
    await syncDirectory(directory);
  }
  return finish(place, bundle, targets, { written, reload: { kind: 'notAsked' }, reloads: 0 });
}

async function publishConfig(
  offerer: Offerer,
  refusals: Refusals,
  config: string,
  signal: AbortSignal,
): Promise<ConfigResult> {
  const known = refusals.find(config);
  if (known !== undefined) return reject(offerer, config, known, 0, signal);
  const { written, reloads, outcome } = await offerer.offer(config, signal);
  if (outcome.kind !== 'refused') return { written, reload: outcome, reloads };
  refusals.add(config, outcome.message);
  return reject(offerer, config, outcome.message, reloads, signal);
}

/**
 * A refusal can leave a part of Prometheus on the new configuration, so the old one is loaded again, not
 * just put back. Where that has succeeded already, nothing is asked.
 */
async function reject(
  offerer: Offerer,
  config: string,
  message: string,
  reloads: number,
  signal: AbortSignal,
): Promise<ConfigResult> {
  const back = await offerer.goBack(config, signal);
  const restored = back?.outcome.kind === 'confirmed' || back?.outcome.kind === 'notNeeded';
  const words = back === undefined || restored ? message : `${message} ${whyNotBack(back.outcome)}`;
  return {
    written: false,
    reload: { kind: 'rejected', message: words, restored },
    reloads: reloads + (back?.reloads ?? 0),
  };
}

/** When the last good one is refused too, the fault is not in what is new. */
function whyNotBack(outcome: Offer['outcome']): string {
  if (outcome.kind === 'refused')
    return `It refuses the last good configuration now as well: ${outcome.message}`;
  return outcome.kind === 'pending'
    ? `The last good configuration waits to be loaded again: ${formatError(outcome.error)}`
    : '';
}

/** The targets of a configuration that is refused anyway go on, but no file begins that nobody reads. */
async function withoutNews(place: Place, bundle: Bundle): Promise<Bundle> {
  const named = await namedNow(place);
  return { ...bundle, targetFiles: new Map([...bundle.targetFiles].filter(([path]) => named.has(path))) };
}

async function finish(
  place: Place,
  bundle: Bundle,
  targets: WrittenFiles,
  { written, reload, reloads }: ConfigResult,
): Promise<PublishResult> {
  const { directory, configFile } = place;
  const later = reload.kind === 'rejected' ? NO_FILES : await writeUntriedFiles(directory, bundle, targets);
  const undone = reload.kind === 'rejected' && reload.restored ? await deleteNews(place, targets) : [];
  const mayDelete = reload.kind !== 'rejected' && reload.kind !== 'pending';
  const deleted = mayDelete ? await deleteStaleFiles(directory, bundle) : [];
  const files = [...targets.written, ...later.written].filter((path) => !undone.includes(path));
  const current = new Set([...targets.current, ...later.current].filter((path) => !undone.includes(path)));
  const skipped = [...bundle.targetFiles].flatMap(([path, { kind }]) =>
    kind === 'keep' || current.has(path) ? [] : [path],
  );
  return {
    written: written ? [...files, configFile] : files,
    deleted,
    ...(skipped.length > 0 && { skipped }),
    unchanged: targets.unchanged + later.unchanged + (written ? 0 : 1),
    bytesWritten:
      targets.bytesWritten + later.bytesWritten + (written ? Buffer.byteLength(bundle.config) : 0),
    reload,
    reloads,
  };
}

/** Files that came with a refused configuration and that no job in force reads. */
async function deleteNews(place: Place, { created }: WrittenFiles): Promise<readonly string[]> {
  const named = await namedNow(place);
  const news = created.filter((path) => !named.has(path));
  await deleteTargetFiles(place.directory, news);
  return news;
}

/** Target files that the configuration on disk names. */
async function namedNow({ directory, configFile }: Place): Promise<ReadonlySet<string>> {
  return namedTargetFiles((await readIfExists(join(directory, configFile))) ?? '');
}
