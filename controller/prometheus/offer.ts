import { join } from 'node:path';
import { transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { PrometheusApi, RuntimeInfo } from './api.ts';
import { writeIfChanged } from './bundle-files.ts';
import type { Confirmation } from './confirmation.ts';
import { readIfExists, syncDirectory } from './files.ts';
import { findForeignConfig } from './in-force.ts';
import { reloadedMeanwhile, reloadPrometheus } from './reload.ts';
import type { ReloadOutcome, ReloadTimeouts } from './reload.ts';

export interface OfferContext {
  readonly directory: string;
  readonly configFile: string;
  readonly clock: Clock;
  readonly timeouts: ReloadTimeouts;
  readonly api: PrometheusApi;
  readonly confirmation: Confirmation;
}

export interface Offer {
  /** The configuration was not on disk before and is now. */
  readonly written: boolean;
  /** Reloads that were posted. */
  readonly reloads: number;
  readonly outcome: ReloadOutcome | { readonly kind: 'notNeeded' };
}

/** Has Prometheus load configurations, one at a time. */
export interface Offerer {
  offer(config: string, signal: AbortSignal): Promise<Offer>;
  /**
   * Puts the last good configuration back on disk and has it loaded; undefined where there is none,
   * or where it is the refused one itself.
   */
  goBack(refused: string, signal: AbortSignal): Promise<Offer | undefined>;
  /** On disk only: what an interrupted offer left must not be what Prometheus starts with. */
  putBack(): Promise<void>;
}

/** A configuration that was offered and not confirmed. */
interface Owed {
  readonly config: string;
  readonly before: RuntimeInfo;
  readonly error: OperatorError;
  readonly attempts: number;
  readonly askedAt: number;
}

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 60_000;

/**
 * The rule: outside of an offer, the file on disk is one that Prometheus is known to load, where there
 * is such a one. A Prometheus that restarts must be able to start.
 */
export function createOfferer(context: OfferContext): Offerer {
  const { directory, configFile, clock, timeouts, api, confirmation } = context;
  const path = join(directory, configFile);
  let owed: Owed | undefined;

  const write = async (config: string): Promise<boolean> => {
    if ((await readIfExists(path)) === config) return false;
    await confirmation.revoke();
    await writeIfChanged(path, config);
    await syncDirectory(directory);
    return true;
  };

  /** Without a Prometheus to judge the new configuration, the last good one waits for it; the first one of all goes out. */
  const writeUnjudged = async (config: string): Promise<boolean> => {
    const lastGood = await confirmation.lastGood();
    const written = await write(lastGood ?? config);
    return written && (lastGood ?? config) === config;
  };

  const putBack = async (): Promise<void> => {
    const lastGood = await confirmation.lastGood();
    if (lastGood !== undefined) await write(lastGood);
  };

  const ask = async (config: string, before: RuntimeInfo, signal: AbortSignal): Promise<ReloadOutcome> => {
    const outcome = await reloadPrometheus(api, clock, timeouts, before, signal);
    return outcome.kind === 'confirmed' ? confirm(config, outcome.at, signal) : outcome;
  };

  const confirm = async (config: string, at: string, signal: AbortSignal): Promise<ReloadOutcome> => {
    const foreign = await findForeignConfig(api, { configFile, config }, timeouts.requestMs, signal);
    if (foreign !== undefined) return { kind: 'pending', error: foreign };
    await confirmation.confirm(config);
    return { kind: 'confirmed', at };
  };

  const remember = (config: string, before: RuntimeInfo, outcome: ReloadOutcome): void => {
    const attempts = (owed?.config === config ? owed.attempts : 0) + 1;
    owed =
      outcome.kind === 'confirmed'
        ? undefined
        : { config, before, attempts, askedAt: clock.now(), error: toError(outcome) };
  };

  /** Without the answer to an earlier reload, runtimeinfo may still tell how it ended, or somebody else's. */
  const settleEarlier = async (
    earlier: Owed,
    now: RuntimeInfo,
    signal: AbortSignal,
  ): Promise<Offer | undefined> => {
    const at =
      (await readIfExists(path)) === earlier.config ? reloadedMeanwhile(earlier.before, now) : undefined;
    if (at !== undefined) {
      const outcome = await confirm(earlier.config, new Date(at).toISOString(), signal);
      remember(earlier.config, now, outcome);
      return { written: false, reloads: 0, outcome };
    }
    if (isDue(earlier, clock.now())) return undefined;
    return { written: false, reloads: 0, outcome: { kind: 'pending', error: earlier.error } };
  };

  const askNow = async (config: string, before: RuntimeInfo, signal: AbortSignal): Promise<Offer> => {
    const written = await write(config);
    const outcome = await ask(config, before, signal);
    remember(config, before, outcome);
    if (outcome.kind !== 'pending' || !(await isAlone(signal))) return { written, reloads: 1, outcome };
    await putBack();
    return { written: written && (await readIfExists(path)) === config, reloads: 1, outcome };
  };

  /** Nobody will hear the verdict: this controller ends, or Prometheus is gone, perhaps to start again. */
  const isAlone = async (signal: AbortSignal): Promise<boolean> =>
    (await api.runtimeInfo(timeouts.requestMs, signal)).kind === 'failed';

  const offer = async (config: string, signal: AbortSignal): Promise<Offer> => {
    const current = await readIfExists(path);
    if (current === config && (await confirmation.isConfirmed(config)))
      return { written: false, reloads: 0, outcome: { kind: 'notNeeded' } };
    await confirmation.rememberBefore(current);
    // Before everything else: while it starts, Prometheus answers 503 here, but would block the reload.
    const before = await api.runtimeInfo(timeouts.requestMs, signal);
    if (before.kind === 'failed') {
      const written = await writeUnjudged(config);
      return { written, reloads: 0, outcome: { kind: 'pending', error: before.error } };
    }
    const settled = owed?.config === config ? await settleEarlier(owed, before.value, signal) : undefined;
    return settled ?? askNow(config, before.value, signal);
  };

  return {
    offer,
    async goBack(refused, signal) {
      const lastGood = await confirmation.lastGood();
      if (lastGood === undefined || lastGood === refused) return undefined;
      return offer(lastGood, signal);
    },
    putBack,
  };
}

/** A clock that was set back must not put the next attempt off for long. */
function isDue({ attempts, askedAt }: Owed, now: number): boolean {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
  return now < askedAt || now - askedAt >= delay;
}

function toError(outcome: Exclude<ReloadOutcome, { kind: 'confirmed' }>): OperatorError {
  if (outcome.kind === 'pending') return outcome.error;
  return transient({
    reason: 'ReloadRejected',
    message: `Prometheus refused the configuration: ${outcome.message}`,
  });
}
