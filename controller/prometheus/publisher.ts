import { join } from 'node:path';
import type { Clock, Publisher } from '../reconcile/ports.ts';
import type { PublishResult, ReloadResult } from '../state/outcomes.ts';
import { CONFIG_FILE } from '../state/targets.ts';
import type { Bundle } from '../state/targets.ts';
import { createPrometheusApi } from './api.ts';
import type { Fetch, PrometheusApi } from './api.ts';
import {
  deleteStaleFiles,
  diffBundle,
  prepareDirectory,
  writeIfChanged,
  writeTargetFiles,
} from './bundle-files.ts';
import { openConfirmation } from './confirmation.ts';
import type { Confirmation } from './confirmation.ts';
import { findForeignConfig } from './in-force.ts';
import { readIfExists, syncDirectory } from './files.ts';
import { reloadPrometheus } from './reload.ts';
import type { ReloadTimeouts } from './reload.ts';

export interface PublisherOptions {
  /** Where Prometheus reads its `prometheus.yml`. */
  readonly directory: string;
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

type Rejection = Extract<ReloadResult, { kind: 'rejected' }>;

interface Refusal {
  readonly config: string;
  readonly at: number;
  readonly result: Rejection;
}

/** Writes the bundle where Prometheus reads it, has it reloaded, and puts the last good one back when it is refused. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { directory, clock, fetch, prometheusUrl: url } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const api = url === undefined ? undefined : createPrometheusApi({ url, fetch, clock });
  const context: Context = { directory, clock, timeouts, api, confirmation: openConfirmation(directory) };
  let refusal: Refusal | undefined;

  return {
    diff: (bundle) => diffBundle(directory, bundle),
    async publish(bundle, signal) {
      await prepareDirectory(directory);
      const targets = await writeTargetFiles(directory, bundle);
      if (refusal !== undefined && isStillRefused(refusal, bundle, context))
        return { ...targets, deleted: [], reload: refusal.result };

      const config = await publishConfig(context, bundle, signal);
      refusal =
        config.reload.kind === 'rejected'
          ? { config: bundle.config, at: clock.now(), result: config.reload }
          : undefined;
      const mayDelete = config.reload.kind !== 'rejected' && config.reload.kind !== 'pending';
      const deleted = mayDelete ? await deleteStaleFiles(directory, bundle) : [];
      return combine(targets, config, bundle, deleted);
    },
    prometheusVersion: async (signal) => api?.version(timeouts.requestMs, signal),
  };
}

interface Context {
  readonly directory: string;
  readonly clock: Clock;
  readonly timeouts: PublisherTimeouts;
  readonly api: PrometheusApi | undefined;
  readonly confirmation: Confirmation;
}

/** The same bytes are refused again; only what lies outside of them (a certificate, a new version) can change that. */
function isStillRefused(refusal: Refusal, bundle: Bundle, { clock, timeouts }: Context): boolean {
  return refusal.config === bundle.config && clock.now() - refusal.at < timeouts.retryRefusedMs;
}

interface ConfigResult {
  readonly written: boolean;
  readonly reload: ReloadResult;
}

async function publishConfig(context: Context, bundle: Bundle, signal: AbortSignal): Promise<ConfigResult> {
  const { directory, api, confirmation } = context;
  const { config } = bundle;
  const path = join(directory, CONFIG_FILE);
  await confirmation.rememberBefore(await readIfExists(path));
  const written = await writeIfChanged(path, config);
  if (written) await syncDirectory(directory);
  if (api === undefined) return { written, reload: { kind: 'notAsked' } };
  if (await confirmation.isConfirmed(config)) return { written, reload: { kind: 'notNeeded' } };

  const outcome = await reloadPrometheus(api, context.clock, context.timeouts, signal);
  if (outcome.kind === 'refused') {
    const reload = await restore(context, api, config, outcome.message, signal);
    return { written: written && !reload.restored, reload };
  }
  if (outcome.kind === 'pending') return { written, reload: outcome };
  const foreign = await findForeignConfig(api, bundle, context.timeouts.requestMs, signal);
  if (foreign !== undefined) return { written, reload: { kind: 'pending', error: foreign } };
  await confirmation.confirm(config);
  return { written, reload: outcome };
}

/** A refusal can leave a part of Prometheus on the new configuration, so the old one is loaded again, not just put back. */
async function restore(
  { directory, clock, timeouts, confirmation }: Context,
  api: PrometheusApi,
  refused: string,
  message: string,
  signal: AbortSignal,
): Promise<Rejection> {
  const lastGood = await confirmation.lastGood();
  if (lastGood === undefined || lastGood === refused) return { kind: 'rejected', message, restored: false };
  await confirmation.revoke();
  await writeIfChanged(join(directory, CONFIG_FILE), lastGood);
  await syncDirectory(directory);
  const outcome = await reloadPrometheus(api, clock, timeouts, signal);
  if (outcome.kind === 'confirmed') await confirmation.confirm(lastGood);
  return { kind: 'rejected', message, restored: outcome.kind === 'confirmed' };
}

function combine(
  targets: { readonly written: readonly string[]; readonly unchanged: number; readonly bytesWritten: number },
  { written, reload }: ConfigResult,
  bundle: Bundle,
  deleted: readonly string[],
): PublishResult {
  return {
    written: written ? [...targets.written, CONFIG_FILE] : targets.written,
    deleted,
    unchanged: targets.unchanged + (written ? 0 : 1),
    bytesWritten: targets.bytesWritten + (written ? Buffer.byteLength(bundle.config) : 0),
    reload,
  };
}
