import { formatThrown, terminal, waiting } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { isRecord, parseJson } from './decode.ts';

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

/** The few calls that the operator makes to Prometheus, each bounded in time. */
export interface PrometheusApi {
  reload(timeoutMs: number, signal: AbortSignal): Promise<Answer>;
  runtimeInfo(timeoutMs: number, signal: AbortSignal): Promise<ApiResult<RuntimeInfo>>;
  version(timeoutMs: number, signal: AbortSignal): Promise<string | undefined>;
  /** The configuration in force, as Prometheus prints it; undefined where it does not tell. */
  runningConfig(timeoutMs: number, signal: AbortSignal): Promise<string | undefined>;
}

export function createPrometheusApi({ url, fetch, clock }: ApiOptions): PrometheusApi {
  const { base, headers } = parseUrl(url);
  const call = async (method: string, path: string, timeoutMs: number, signal: AbortSignal) => {
    const deadline = new AbortController();
    const done = new AbortController();
    void clock.sleep(timeoutMs, done.signal).then(() => deadline.abort());
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers,
        redirect: 'manual',
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      return answered(response, await response.text());
    } catch (thrown) {
      const timedOut = deadline.signal.aborted && thrown === deadline.signal.reason;
      return noAnswer(base, timedOut ? `no answer within ${timeoutMs / 1000} s` : formatThrown(thrown));
    } finally {
      done.abort();
    }
  };
  const getData = async (path: string, timeoutMs: number, signal: AbortSignal) => {
    const answer = await call('GET', path, timeoutMs, signal);
    return readData(answer, base);
  };
  const getText = async (path: string, field: string, timeoutMs: number, signal: AbortSignal) => {
    const result = await getData(path, timeoutMs, signal);
    const text = result.kind === 'ok' ? result.value.data[field] : undefined;
    return typeof text === 'string' && text !== '' ? text : undefined;
  };
  return {
    reload: (timeoutMs, signal) => call('POST', '/-/reload', timeoutMs, signal),
    async runtimeInfo(timeoutMs, signal) {
      const result = await getData('/api/v1/status/runtimeinfo', timeoutMs, signal);
      if (result.kind === 'failed') return result;
      return { kind: 'ok', value: toRuntimeInfo(result.value.data, result.value.date) };
    },
    version: (timeoutMs, signal) => getText('/api/v1/status/buildinfo', 'version', timeoutMs, signal),
    runningConfig: (timeoutMs, signal) => getText('/api/v1/status/config', 'yaml', timeoutMs, signal),
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
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { base, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

function answered(response: Response, body: string): Answer {
  const date = toTime(response.headers.get('date'));
  return { kind: 'answered', status: response.status, body, date };
}

function noAnswer(base: string, why: string): Answer {
  return {
    kind: 'noAnswer',
    error: waiting({
      reason: 'PrometheusUnreachable',
      message: `Prometheus does not answer: ${why}.`,
      where: base,
      remedy: 'It may be starting; the reload follows as soon as it answers.',
    }),
  };
}

type Data = { readonly data: Readonly<Record<string, unknown>>; readonly date: number | undefined };

function readData(answer: Answer, base: string): ApiResult<Data> {
  if (answer.kind === 'noAnswer') return { kind: 'failed', error: answer.error };
  if (answer.status !== 200) return { kind: 'failed', error: statusError(answer.status, base) };
  const document = parseJson(answer.body);
  const data = isRecord(document) ? document['data'] : undefined;
  return { kind: 'ok', value: { data: isRecord(data) ? data : {}, date: answer.date } };
}

/** Why a status other than 200 came, for any call. */
export function statusError(status: number, where: string): OperatorError {
  if (status === 502 || status === 503 || status === 504)
    return waiting({
      reason: 'PrometheusUnreachable',
      message: `Prometheus is not ready yet (HTTP ${status}).`,
      where,
      remedy: 'It is starting, perhaps replaying its write-ahead log; the reload follows when it is ready.',
    });
  return terminal({
    reason: 'PrometheusUnreachable',
    message: `The server at the Prometheus URL answered HTTP ${status}.`,
    where,
    remedy:
      status === 401 || status === 403
        ? 'Give credentials in the URL (http://user:password@host), or allow the controller in front of Prometheus.'
        : 'Check the Prometheus URL, and its path prefix if Prometheus has one.',
  });
}

function toRuntimeInfo(data: Data['data'], date: number | undefined): RuntimeInfo {
  const success = data['reloadConfigSuccess'];
  return {
    reloadConfigSuccess: typeof success === 'boolean' ? success : undefined,
    lastConfigTime: toTime(data['lastConfigTime']),
    date,
  };
}

function toTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
