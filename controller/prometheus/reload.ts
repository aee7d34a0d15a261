import { sentence, terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import type { Answer, PrometheusApi, RuntimeInfo } from './api.ts';
import { statusError } from './unreachable.ts';

export interface ReloadTimeouts {
  /** One status call. */
  readonly requestMs: number;
  /** The reload itself: it blocks until every part of Prometheus has taken the configuration. */
  readonly reloadMs: number;
  /** Time for runtimeinfo to show the reload. */
  readonly confirmMs: number;
}

export type ReloadOutcome =
  | { readonly kind: 'confirmed'; readonly at: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'pending'; readonly error: OperatorError };

const CONFIRM_POLL_MS = 200;
const MESSAGE_LIMIT = 4000;
/** It was loaded, and some components took it while others failed: only the log says which. */
const APPLIED_IN_PART = /errors occurred while applying the new configuration/;

/** Asks for a reload and believes it only when runtimeinfo, compared with how it was `before`, shows it. */
export async function reloadPrometheus(
  api: PrometheusApi,
  clock: Clock,
  timeouts: ReloadTimeouts,
  before: RuntimeInfo,
  signal: AbortSignal,
): Promise<ReloadOutcome> {
  const answer = await api.reload(timeouts.reloadMs, signal);
  const outcome = outcomeOf(answer);
  if (outcome !== 'accepted') return outcome;

  const deadline = clock.now() + timeouts.confirmMs;
  for (;;) {
    const after = await api.runtimeInfo(timeouts.requestMs, signal);
    if (after.kind === 'failed') return { kind: 'pending', error: after.error };
    const at = reloadedAt(before, after.value);
    if (at !== undefined) return { kind: 'confirmed', at: new Date(at).toISOString() };
    if (clock.now() >= deadline || signal.aborted)
      return { kind: 'pending', error: notConfirmed(after.value) };
    await clock.sleep(CONFIRM_POLL_MS, signal);
  }
}

function outcomeOf(answer: Answer): ReloadOutcome | 'accepted' {
  if (answer.kind === 'noAnswer') return { kind: 'pending', error: answer.error };
  if (answer.status === 200) return 'accepted';
  if (answer.status === 500) return { kind: 'refused', message: refusal(answer.body) };
  if (answer.status === 403) return { kind: 'pending', error: lifecycleDisabled() };
  return { kind: 'pending', error: statusError(answer.status, '/-/reload') };
}

/** Prometheus's own words, without the words that every refusal starts with. */
function refusal(body: string): string {
  const words = body
    .trim()
    .replace(/^failed to reload config: /, '')
    .slice(0, MESSAGE_LIMIT);
  if (words === '') return 'Prometheus gave no reason; its log has it.';
  return APPLIED_IN_PART.test(words) ? `${sentence(words)} Its log has the reason.` : words;
}

/**
 * lastConfigTime has whole seconds, so two reloads within one second look like one: a time that is not
 * before the server's clock at our first look is the time of a reload after it.
 */
function reloadedAt(before: RuntimeInfo, after: RuntimeInfo): number | undefined {
  const time = after.lastConfigTime;
  if (after.reloadConfigSuccess !== true || time === undefined) return undefined;
  const moved = time !== before.lastConfigTime;
  const recent = before.date !== undefined && time >= before.date;
  return moved || recent ? time : undefined;
}

/** A reload between two looks that we did not ask for, or whose answer we did not get. */
export function reloadedMeanwhile(before: RuntimeInfo, after: RuntimeInfo): number | undefined {
  const moved = after.lastConfigTime !== before.lastConfigTime;
  return moved && after.reloadConfigSuccess === true ? after.lastConfigTime : undefined;
}

function lifecycleDisabled(): OperatorError {
  return terminal({
    reason: 'LifecycleDisabled',
    message: 'Prometheus refuses reloads over HTTP (403).',
    where: '/-/reload',
    remedy: 'Start Prometheus with --web.enable-lifecycle.',
  });
}

function notConfirmed(info: RuntimeInfo): OperatorError {
  const state = info.reloadConfigSuccess === false ? 'its last reload failed' : 'it shows no reload';
  return transient({
    reason: 'ReloadTimeout',
    message: `Prometheus accepted the reload, but ${state}.`,
    where: '/api/v1/status/runtimeinfo',
    remedy: 'Its log tells more; the next pass asks again.',
  });
}
