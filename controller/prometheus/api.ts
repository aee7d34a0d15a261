import { terminal } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { linkSignals } from '../signals.ts';
import { readBody } from './body.ts';
import { isRecord, parseJson } from './decode.ts';
import { noAnswerError, notPrometheusError, statusError, timedOutError } from './unreachable.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ApiOptions {
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** An answer of any status, or the reason why there was none. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly date: number | undefined;
    }
  | { readonly kind: 'noAnswer'; readonly error: OperatorError };

/** What of the runtime information tells about reloads; every field may be missing. */
export interface RuntimeInfo {
  readonly reloadConfigSuccess: boolean | undefined;
  /** Milliseconds since the epoch, cut to whole seconds by Prometheus. */
  readonly lastConfigTime: number | undefined;
  /** The server's own clock when it answered. */
  readonly date: number | undefined;
}

export type ApiResult<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed'; readonly error: OperatorError };

/** The few calls that the operator makes to Prometheus, each bounded in time and size. */
export interface PrometheusApi {
  reload(timeoutMs: number, signal: AbortSignal): Promise<Answer>;
  runtimeInfo(timeoutMs: number, signal: AbortSignal): Promise<ApiResult<RuntimeInfo>>;
  version(timeoutMs: number, signal: AbortSignal): Promise<string | undefined>;
  /** The configuration in force, as Prometheus prints it; undefined where it does not tell. */
  runningConfig(timeoutMs: number, signal: AbortSignal): Promise<string | undefined>;
}

const BODY_LIMIT = 256 * 1024;
/** A thousand jobs print as less than one MiB. */
const CONFIG_LIMIT = 16 * 1024 * 1024;

export function createPrometheusApi({ url, fetch, clock }: ApiOptions): PrometheusApi {
  const { base, headers } = parseUrl(url);
  const call = async (
    method: string,
    path: string,
    limit: number,
    timeoutMs: number,
    signal: AbortSignal,
  ) => {
    const deadline = new AbortController();
    const done = new AbortController();
    const either = linkSignals(signal, deadline.signal);
    void clock.sleep(timeoutMs, done.signal).then(() => deadline.abort());
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers,
        redirect: 'manual',
        signal: either.signal,
      });
      return answered(response, await readBody(response, limit));
    } catch (thrown) {
      const timedOut = deadline.signal.aborted && thrown === deadline.signal.reason;
      return noAnswer(timedOut ? timedOutError(base, timeoutMs) : noAnswerError(base, thrown));
    } finally {
      done.abort();
      either.release();
    }
  };
  const getText = async (
    path: string,
    field: string,
    limit: number,
    timeoutMs: number,
    signal: AbortSignal,
  ) => {
    const answer = await call('GET', path, limit, timeoutMs, signal);
    const text = answer.kind === 'answered' && answer.status === 200 ? dataOf(answer.body)[field] : undefined;
    return typeof text === 'string' && text !== '' ? text : undefined;
  };
  return {
    reload: (timeoutMs, signal) => call('POST', '/-/reload', BODY_LIMIT, timeoutMs, signal),
    runtimeInfo: async (timeoutMs, signal) =>
      toRuntimeInfo(await call('GET', '/api/v1/status/runtimeinfo', BODY_LIMIT, timeoutMs, signal), base),
    version: (timeoutMs, signal) =>
      getText('/api/v1/status/buildinfo', 'version', BODY_LIMIT, timeoutMs, signal),
    runningConfig: (timeoutMs, signal) =>
      getText('/api/v1/status/config', 'yaml', CONFIG_LIMIT, timeoutMs, signal),
  };
}

/** Credentials in the URL become a header: fetch refuses them, and they must not show up in messages. */
function parseUrl(text: string): { readonly base: string; readonly headers: Record<string, string> } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw terminal({
      reason: 'InvalidPrometheusUrl',
      message: 'The Prometheus URL is not an http or https URL.',
      remedy: 'Write it like http://127.0.0.1:9090, with the path prefix if Prometheus has one.',
    });
  const { username, password } = url;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (username === '' && password === '') return { base, headers: {} };
  const credentials = `${decodeCredential(username)}:${decodeCredential(password)}`;
  return { base, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

function decodeCredential(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw terminal({
      reason: 'InvalidPrometheusUrl',
      message: 'The credentials in the Prometheus URL have a % that begins no escape.',
      remedy: 'Write a % as %25.',
    });
  }
}

function answered(response: Response, body: string): Answer {
  const date = toTime(response.headers.get('date'));
  return { kind: 'answered', status: response.status, body, date };
}

function noAnswer(error: OperatorError): Answer {
  return { kind: 'noAnswer', error };
}

function toRuntimeInfo(answer: Answer, base: string): ApiResult<RuntimeInfo> {
  if (answer.kind === 'noAnswer') return { kind: 'failed', error: answer.error };
  if (answer.status !== 200) return { kind: 'failed', error: statusError(answer.status, base) };
  const data = dataOf(answer.body);
  const success = data['reloadConfigSuccess'];
  const reloadConfigSuccess = typeof success === 'boolean' ? success : undefined;
  const lastConfigTime = toTime(data['lastConfigTime']);
  if (reloadConfigSuccess === undefined && lastConfigTime === undefined)
    return { kind: 'failed', error: notPrometheusError(base) };
  return { kind: 'ok', value: { reloadConfigSuccess, lastConfigTime, date: answer.date } };
}

function dataOf(body: string): Readonly<Record<string, unknown>> {
  const document = parseJson(body);
  const data = isRecord(document) ? document['data'] : undefined;
  return isRecord(data) ? data : {};
}

function toTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
