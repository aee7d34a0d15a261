import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { statusError } from './api.ts';
import type { Answer, PrometheusApi, RuntimeInfo } from './api.ts';

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

/** Asks for a reload and believes it only when runtimeinfo shows it. */
export async function reloadPrometheus(
  api: PrometheusApi,
  clock: Clock,
  timeouts: ReloadTimeouts,
  signal: AbortSignal,
): Promise<ReloadOutcome> {
  // Before everything else: while it starts, Prometheus answers 503 here, but would block the reload.
  const before = await api.runtimeInfo(timeouts.requestMs, signal);
  if (before.kind === 'failed') return { kind: 'pending', error: before.error };
  const answer = await api.reload(timeouts.reloadMs, signal);
  const outcome = outcomeOf(answer);
  if (outcome !== 'accepted') return outcome;

  const deadline = clock.now() + timeouts.confirmMs;
  for (;;) {
    const after = await api.runtimeInfo(timeouts.requestMs, signal);
    if (after.kind === 'failed') return { kind: 'pending', error: after.error };
    const at = reloadedAt(before.value, after.value);
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
  const words = body.trim().replace(/^failed to reload config: /, '');
  return words === '' ? 'Prometheus gave no reason; its log has it.' : words.slice(0, 4000);
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

function lifecycleDisabled(): OperatorError {
  return terminal({
    reason: 'LifecycleDisabled',
    message: 'Prometheus refuses reloads over HTTP (403), so it still runs its old configuration.',
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
  });
}
